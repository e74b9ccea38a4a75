//! One record of the data review: what it is called, how it was reached, its fields and what is said of it.

use habeas_core::record::Record as Row;
use habeas_core::request::{MarkGround, Request, Verdict};
use habeas_core::value::Value;
use habeas_render::page::console::{Mark, Record, RecordField};
use habeas_render::page::part::Choice;
use habeas_render::text;
use habeas_store::records::Summary;

use crate::console::people::People;
use crate::names::Names;

/// A value is shown up to here.
const VALUE_LIMIT: usize = 4_000;

/// What a mark looked like when it wasn't taken.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) mark: Option<Mark>,
    pub(super) ground: String,
    pub(super) ground_error: Option<String>,
    pub(super) reason: String,
    pub(super) reason_error: Option<String>,
    pub(super) redacted: Vec<String>,
    pub(super) is_untold: bool,
}

/// Returns what a record is called: its most telling field, or its number.
pub(super) fn title(row: &Row, names: &Names) -> String {
    let told = ["title", "subject", "name", "number", "email", "id"].iter().find_map(|wanted| {
        let fits = |(name, value): &&(std::sync::Arc<str>, Value)| {
            (**name == **wanted || name.ends_with(&format!("_{wanted}"))) && !value.is_null()
        };
        row.row.fields().iter().find(fits).map(|(_, value)| value.to_text())
    });
    let told = told.unwrap_or_else(|| format!("record {}", row.id));
    let told: String = text::single_line(&told).chars().take(80).collect();
    format!("{}: {told}", names.collection(&row.dataset, &row.collection))
}

/// Returns what was said of a record, if anything.
pub(super) fn mark_of(request: &Request, row: &Row) -> Option<Mark> {
    request.verdict(row.id, &row.dataset, &row.collection).map(|mark| match mark.verdict {
        Verdict::Give => Mark::Give,
        Verdict::Exclude { .. } => Mark::Exclude,
        Verdict::Redact { .. } => Mark::Redact,
    })
}

/// Returns a record as it is shown, marks and all.
pub(super) fn page(
    request: &Request,
    row: &Row,
    summary: &Summary,
    (names, people): (&Names, &People),
    draft: Option<Draft>,
) -> Record {
    let said = request.verdict(row.id, &row.dataset, &row.collection);
    let kept = said.map(|mark| match &mark.verdict {
        Verdict::Give => (Mark::Give, None, Vec::new(), true),
        Verdict::Exclude { ground, is_told } => (Mark::Exclude, Some(*ground), Vec::new(), *is_told),
        Verdict::Redact { fields, ground } => (Mark::Redact, Some(*ground), fields.clone(), true),
    });
    let draft = draft.unwrap_or_else(|| {
        let (mark, ground, redacted, is_told) = kept
            .map_or((None, None, Vec::new(), true), |(mark, ground, fields, is_told)| {
                (Some(mark), ground, fields, is_told)
            });
        Draft {
            mark,
            ground: ground.map(|ground| ground.as_str().to_owned()).unwrap_or_default(),
            reason: said.map(|mark| mark.reason.reveal().clone()).unwrap_or_default(),
            redacted,
            is_untold: !is_told,
            ..Draft::default()
        }
    });
    let grounds = MarkGround::ALL
        .map(|ground| Choice::new(ground.as_str(), ground.title()).selected(ground.as_str() == draft.ground));
    let count =
        summary.collections.iter().find(|c| c.dataset == row.dataset && c.collection == row.collection);
    let whole = count.filter(|count| count.records > 1).map(|count| {
        format!(
            "all {} records of {}",
            text::thousands(count.records),
            names.collection(&row.dataset, &row.collection)
        )
    });
    Record {
        id: row.id.to_string(),
        title: title(row, names),
        place: format!("{}, {}", row.collection, names.source(&row.dataset)),
        reached: row.reached_by.iter().map(|hop| names.hop(hop)).collect(),
        fields: fields(row, names, &draft.redacted),
        third_person: third_person(row),
        mark: draft.mark,
        grounds: grounds.into(),
        ground_error: draft.ground_error,
        is_told: !draft.is_untold,
        whole,
        reason: draft.reason,
        reason_error: draft.reason_error,
        decided: said.map(|mark| format!("Decided by {}", people.name(mark.by))),
    }
}

fn third_person(row: &Row) -> Option<String> {
    let words = match (row.third_party, row.shared) {
        (true, _) => "It was reached over a link to other people, so it may be about one of them",
        (false, true) => "The same row was also found for another person",
        (false, false) => return None,
    };
    Some(words.to_owned())
}

fn fields(row: &Row, names: &Names, redacted: &[String]) -> Vec<RecordField> {
    let field = |(name, value): &(std::sync::Arc<str>, Value)| {
        let whole = value.to_text();
        let mut value: String = whole.chars().take(VALUE_LIMIT).collect();
        if value.len() < whole.len() {
            value.push('…');
        }
        RecordField {
            name: name.to_string(),
            label: names.field(&row.dataset, &row.collection, name),
            value,
            category: names.category(&row.dataset, &row.collection, name),
            finding: None,
            never_given: None,
            is_redacted: redacted.iter().any(|path| **path == **name),
        }
    };
    row.row.fields().iter().map(field).collect()
}
