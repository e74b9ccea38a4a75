//! Lists who was given the data (Art. 19 GDPR): those the register names for what was changed.

use std::collections::BTreeSet;

use habeas_core::register::{Held, Item, Processing};
use habeas_core::request::{Outcome, RECIPIENTS_MAX, Recipient, Request};
use habeas_store::jobs::Claimed;

use super::Operate;
use crate::error::Error;
use crate::task::Try;
use crate::{Engine, Finder};

/// The operation.
pub(super) struct NotifyRecipients;

#[async_trait::async_trait]
impl Operate for NotifyRecipients {
    async fn run(&self, engine: &Engine, job: &Claimed, this: &Try) -> Result<(), Error> {
        let recipients = recipients(&engine.inner.finder, &this.request);
        let listed = Outcome::RecipientsListed(recipients);
        engine.conclude(job, this.request.id, this.end(listed)).await?;
        Ok(())
    }
}

fn recipients(finder: &Finder, request: &Request) -> Vec<Recipient> {
    let mut recipients: Vec<Recipient> = Vec::new();
    for processing in concerned(finder, request) {
        let Item::Filled(named) = &processing.recipients else { continue };
        for one in named {
            let is_known = recipients.iter().any(|known| known.name == one.name);
            if !is_known && recipients.len() < RECIPIENTS_MAX {
                recipients.push(Recipient {
                    name: one.name.clone(),
                    purpose: one.purpose.clone(),
                    country: one.country.clone(),
                    processing: processing.name.clone(),
                });
            }
        }
    }
    recipients
}

/// Returns the processing whose data changed: what covers the corrected fields. Where something is done by hand, or
/// the request is no correction, all of it: whoever knows better leaves a recipient out with the reason.
fn concerned<'a>(finder: &'a Finder, request: &Request) -> Vec<&'a Processing> {
    let all = || finder.register.processing.iter().collect();
    let Some(correction) = &request.correction else { return all() };
    let plan = correction.planned.plan.reveal();
    if !plan.open.is_empty() {
        return all();
    }
    let mut keys: BTreeSet<&str> = BTreeSet::new();
    for change in &plan.changes {
        let known = finder
            .collections
            .iter()
            .find(|known| *known.dataset == *change.dataset && *known.collection == *change.collection);
        let field = known.and_then(|known| known.fields.iter().find(|field| *field.name == *change.field));
        for category in field.into_iter().flat_map(|field| &field.categories) {
            let held = Held { dataset: &change.dataset, collection: &change.collection, category };
            keys.extend(finder.register.find(held).iter().map(|processing| processing.key.as_str()));
        }
    }
    finder.register.processing.iter().filter(|one| keys.contains(one.key.as_str())).collect()
}
