//! What Art. 15(1)(a)-(h) and 15(2) want told beside the data, for the data that is in the package.

use std::collections::BTreeSet;

use askama::Template;
use habeas_core::register::{Held, Item, Processing, Recipient, Transfer};

use super::page::{Foot, Head, Here, and};
use super::plan::Plan;
use super::{Controller, Error, Input, category, coverage, original};
use crate::text::Moment;

#[derive(Template)]
#[template(path = "package/information.html")]
struct Information<'a> {
    entries: Vec<Entry<'a>>,
    controller: &'a Controller,
}

/// One kind of processing, as far as it concerns data in the package.
struct Entry<'a> {
    processing: &'a Processing,
    /// The categories of data, in words.
    categories: Vec<String>,
    /// Where it stands.
    systems: String,
}

impl Entry<'_> {
    fn recipients(&self) -> (&[Recipient], &str) {
        told(&self.processing.recipients)
    }

    fn transfers(&self) -> (&[Transfer], &str) {
        told(&self.processing.transfers)
    }

    fn purposes(&self) -> (&[String], &str) {
        told(&self.processing.purposes)
    }

    fn legal_basis(&self) -> &str {
        words(&self.processing.legal_basis)
    }

    fn retention(&self) -> &str {
        words(&self.processing.retention)
    }

    fn origin(&self) -> &str {
        words(&self.processing.origin)
    }

    fn automated_decisions(&self) -> &str {
        words(&self.processing.automated_decisions)
    }
}

fn told<T>(item: &Item<Vec<T>>) -> (&[T], &str) {
    match item {
        Item::Filled(all) => (all, ""),
        Item::None(reason) => (&[], reason),
        Item::Missing => (&[], ""),
    }
}

/// Returns a single item in words; a missing one never gets here, since a gap stops the package.
fn words(item: &Item<String>) -> &str {
    match item {
        Item::Filled(text) | Item::None(text) => text,
        Item::Missing => "",
    }
}

/// Renders the whole page.
pub(super) fn page(input: &Input, plan: &Plan<'_>) -> Result<String, Error> {
    let controller = input.controller.name.as_str();
    let title = "About this data and your rights";
    let head = Head { title, root: "", controller, here: Here::Information };
    let body = Information { entries: entries(input, plan), controller: &input.controller };
    let made = Moment(input.made_at.clone());
    let foot = Foot { reference: input.reference.as_str(), made, controller };
    let rendered = [
        head.render().map_err(|cause| crate::Error::new("package/head.html", cause)),
        body.render().map_err(|cause| crate::Error::new("package/information.html", cause)),
        foot.render().map_err(|cause| crate::Error::new("package/foot.html", cause)),
    ];
    let mut out = String::new();
    for part in rendered {
        out.push_str(&part?);
    }
    Ok(out)
}

fn entries<'a>(input: &'a Input, plan: &Plan<'_>) -> Vec<Entry<'a>> {
    let mut entries = Vec::new();
    for processing in &input.register.processing {
        let (mut categories, mut systems) = (BTreeSet::new(), BTreeSet::new());
        for table in plan.tables() {
            let (dataset, collection) = (&*table.key.dataset, &*table.key.collection);
            for name in table.surveyed.categories() {
                if processing.covers(Held { dataset, collection, category: name }) {
                    categories.insert(category::words(name));
                    systems.insert(table.source_name.clone());
                }
            }
        }
        for held in original::held(input) {
            if processing.covers(held) {
                categories.insert(category::words(held.category));
                systems.insert(coverage::system_name(input, held.dataset));
            }
        }
        if !categories.is_empty() {
            let systems: Vec<String> = systems.into_iter().collect();
            let categories = categories.into_iter().collect();
            entries.push(Entry { processing, categories, systems: and(&systems) });
        }
    }
    entries
}
