//! `POST /console/requests/{reference}/data/mark`: what becomes of a record, or of a whole collection.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::pii::Pii;
use habeas_core::record::Record;
use habeas_core::request::{Command, MarkGround, MarkScope, Verdict};
use habeas_render::page::console::Mark;
use habeas_store::records::Reader;

use super::data::{self, Place};
use super::record::Draft;
use super::records;
use crate::console::{case, told};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// The longest reason, in characters.
const LONGEST: usize = 500;
/// No record has more fields taken out by name.
const MOST_FIELDS: usize = 150;

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
    form: Form,
) -> Result<Response> {
    let id: u64 = form.text("record").parse().map_err(|_| Error::NotFound)?;
    let case = case::load(&mut app.store.read().await?, &staff, &reference).await?;
    let record = records::read(&app, &case.request, move |reader| reader.record(id)).await?;
    let record = record.flatten().ok_or(Error::NotFound)?;
    let place = Place {
        source: record.dataset.to_string(),
        collection: record.collection.to_string(),
        record: Some(id),
        ..Place::default()
    };
    let draft = draft(&form, &record);
    let verdict = match verdict(&draft) {
        Ok(verdict) => verdict,
        Err(draft) => return data::again(&app, &visit, &staff, (&case, place), *draft, None).await,
    };
    let scope = match form.text("scope") {
        "collection" => {
            MarkScope::Collection { dataset: place.source.clone(), collection: place.collection.clone() }
        }
        _ => MarkScope::Record(id),
    };
    let mut tx = app.store.begin().await?;
    let fresh = case::load(&mut tx, &staff, &reference).await?;
    // The number is the file's: after another search it names another record.
    if fresh.request.found.as_ref().map(|found| found.blob) != case.request.found.as_ref().map(|f| f.blob) {
        let why = told::refusal(Error::Store(habeas_store::Error::Conflict))?;
        drop(tx);
        return data::again(&app, &visit, &staff, (&fresh, Place::default()), draft, Some(why)).await;
    }
    let ctx = case::context(&app, &fresh.request, &staff)?;
    let command = Command::Mark { scope, verdict, reason: Pii::new(draft.reason.clone()) };
    match told::outcome(tx.act(&fresh.request, command, &ctx).await)? {
        Ok(after) => {
            tx.commit().await?;
            let marked = after.clone();
            let work = move |reader: &mut Reader| data::next(reader, &marked, &record);
            let next = records::read(&app, &after, work).await?.unwrap_or(place);
            Ok(respond::see(&data::record_href(&after, &next)))
        }
        Err(why) => {
            drop(tx);
            data::again(&app, &visit, &staff, (&fresh, place), draft, Some(why)).await
        }
    }
}

/// Reads the form; of fields only those the record has.
fn draft(form: &Form, record: &Record) -> Draft {
    let mark = match form.text("mark") {
        "give" => Some(Mark::Give),
        "exclude" => Some(Mark::Exclude),
        "redact" => Some(Mark::Redact),
        _ => None,
    };
    let known = |name: &&str| record.row.lookup(name).is_some();
    Draft {
        mark,
        ground: form.text("ground").to_owned(),
        reason: form.text("reason").chars().take(LONGEST).collect(),
        redacted: form.all("redact").filter(known).take(MOST_FIELDS).map(str::to_owned).collect(),
        is_untold: form.text("untold") == "yes",
        ..Draft::default()
    }
}

/// Returns the verdict, or the draft with what is wrong.
fn verdict(draft: &Draft) -> Result<Verdict, Box<Draft>> {
    let ground = MarkGround::ALL.into_iter().find(|ground| ground.as_str() == draft.ground);
    let wrong = |ground_error: Option<&str>, reason_error: Option<&str>| {
        Box::new(Draft {
            mark: draft.mark,
            ground: draft.ground.clone(),
            ground_error: ground_error.map(str::to_owned),
            reason: draft.reason.clone(),
            reason_error: reason_error.map(str::to_owned),
            redacted: draft.redacted.clone(),
            is_untold: draft.is_untold,
        })
    };
    let keeps_back = matches!(draft.mark, Some(Mark::Exclude | Mark::Redact));
    let no_ground = (keeps_back && ground.is_none()).then_some("Choose the ground it is kept back on");
    let no_reason = (keeps_back && draft.reason.is_empty()).then_some("Say why");
    if no_ground.is_some() || no_reason.is_some() {
        return Err(wrong(no_ground, no_reason));
    }
    match (draft.mark, ground) {
        (Some(Mark::Give), _) => Ok(Verdict::Give),
        (Some(Mark::Exclude), Some(ground)) => Ok(Verdict::Exclude { ground, is_told: !draft.is_untold }),
        (Some(Mark::Redact), Some(_)) if draft.redacted.is_empty() => {
            Err(wrong(None, Some("Tick the fields to be left out")))
        }
        (Some(Mark::Redact), Some(ground)) => Ok(Verdict::Redact { fields: draft.redacted.clone(), ground }),
        (_, _) => Err(wrong(None, Some("Choose what becomes of it"))),
    }
}
