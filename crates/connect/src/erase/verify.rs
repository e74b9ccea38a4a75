//! Looks whether an erasure is done: by every row it was about, and by searching again.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

use habeas_core::value::Value;
use habeas_dataset::erasure::Decision;

use crate::collect::{Failure, FoundRow, ROUNDS, Run, collect_from};
use crate::error::Error;
use crate::nested;
use crate::source::Part;
use crate::write::RowKey;

use super::found::{RowSink, named};
use super::planning::plan_rows;
use super::views::Views;
use super::{CollectionPlan, Erasure, Planned, RowPlan};

/// Something that should be gone and is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Residue {
    /// The dataset.
    pub dataset: Arc<str>,
    /// The collection.
    pub collection: Arc<str>,
    /// How many rows.
    pub rows: u64,
    /// What is left.
    pub what: String,
}

/// Reads back every row of a plan that was carried out, and collects again by everything that led to rows before.
/// Returns what is left, and a plan that would erase it.
///
/// # Errors
/// Returns a [`Failure`] if not everything could be searched.
pub async fn verify(erasure: &Erasure<'_>, done: &Planned) -> Result<(Vec<Residue>, Planned), Failure> {
    let mut views = Views::new(erasure.sources, erasure.chance);
    let read = read_back(&mut views, done).await;
    views.finish().await;
    let mut residue =
        read.map_err(|error| Failure { errors: vec![error], sink: None, collected: done.collected.clone() })?;
    let again = search_again(erasure, done).await?;
    for (_, collection) in again.collections() {
        let left = collection.rows.iter().filter(|row| row.is_change()).count() as u64;
        let is_known = residue
            .iter()
            .any(|known| known.dataset == collection.dataset && known.collection == collection.collection);
        if left > 0 && !is_known {
            residue.push(Residue {
                dataset: Arc::clone(&collection.dataset),
                collection: Arc::clone(&collection.collection),
                rows: left,
                what: "rows found again that should be erased".to_owned(),
            });
        }
    }
    Ok((residue, again))
}

pub(crate) async fn read_back(views: &mut Views<'_>, done: &Planned) -> Result<Vec<Residue>, Error> {
    let mut residue = Vec::new();
    for (source, collection) in done.collections() {
        let rows: Vec<&RowPlan> = collection.rows.iter().filter(|row| row.is_change()).collect();
        if rows.is_empty() {
            continue;
        }
        let expected: HashMap<String, &RowPlan> =
            rows.iter().map(|row| (named(&collection.key.values(&row.before)), *row)).collect();
        let (mut there, mut unmasked, mut marked) = (0_u64, 0_u64, 0_u64);
        let mut look = |row: Vec<Value>| {
            let Some(plan) = expected.get(&named(&collection.key.values(&row))) else { return true };
            if matches!(plan.decision, Decision::Delete { .. }) {
                there += 1;
                let mark =
                    collection.soft_delete.as_ref().and_then(|path| collection.table.lookup(path.top()));
                let is_marked = mark.is_some_and(|place| row.get(place) != plan.before.get(place));
                marked += u64::from(is_marked);
            } else if !plan
                .to
                .iter()
                .all(|(place, value)| row.get(*place).is_some_and(|now| is_same(now, value)))
            {
                unmasked += 1;
            }
            true
        };
        let parts = parts(collection, &rows);
        if parts.is_empty() {
            // Nothing can be searched by: not to look would be to call it done.
            let all: Vec<usize> = (0..collection.table.columns.len()).collect();
            views.scan(source.number, &collection.table, &all, &mut look).await?;
        } else {
            views.search(source.number, &collection.table, &parts, &mut look).await?;
        }
        let mut tell = |rows: u64, what: &str| {
            if rows > 0 {
                residue.push(Residue {
                    dataset: Arc::clone(&collection.dataset),
                    collection: Arc::clone(&collection.collection),
                    rows,
                    what: what.to_owned(),
                });
            }
        };
        tell(there - marked, "rows that should be deleted are still there");
        tell(marked, "rows that should be deleted are only marked as deleted");
        tell(unmasked, "fields that should be masked are not");
    }
    Ok(residue)
}

/// Whether a value read back is the one written. Documents and numbers may be written in another way.
fn is_same(now: &Value, written: &Value) -> bool {
    let form = |value: &Value| match value {
        Value::Json(text) => {
            nested::parse(text).map_or_else(|| text.clone(), |value| sorted(value).to_json())
        }
        value => value.to_text().trim_end().to_owned(),
    };
    now == written || now.is_null() == written.is_null() && form(now) == form(written)
}

/// A document with the fields of each object in one order: databases have their own.
fn sorted(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            fields.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(fields)
        }
        value => value,
    }
}

/// All rows at once by their keys. Where nothing names a row they are searched by the first column in which each has
/// a value to search by; what then comes back is compared as a whole.
fn parts(collection: &CollectionPlan, rows: &[&RowPlan]) -> Vec<Part> {
    let part = |place: usize| {
        let class = &collection.table.columns.get(place)?.class;
        let (mut keys, mut is_whole) = (Vec::new(), true);
        for row in rows {
            let known = keys.len();
            let _ = class.keys(row.before.get(place)?, &mut keys); // what has no key is not in a key column
            is_whole &= keys.len() > known;
        }
        keys.sort_unstable();
        keys.dedup();
        Some((Part { column: place, path: Vec::new(), normaliser: None, keys }, is_whole))
    };
    match &collection.key {
        RowKey::Columns(columns) => columns
            .iter()
            .filter_map(|place| part(*place))
            .filter(|(_, is_whole)| *is_whole)
            .map(|(part, _)| part)
            .collect(),
        RowKey::WholeRow => {
            let columns = 0..collection.table.columns.len();
            columns
                .filter_map(part)
                .find(|(_, is_whole)| *is_whole)
                .map(|(part, _)| part)
                .into_iter()
                .collect()
        }
    }
}

/// Collects by the identities, and by every value that led on from a row before: what was reached over a row that
/// is gone now must be found all the same.
async fn search_again(erasure: &Erasure<'_>, done: &Planned) -> Result<Planned, Failure> {
    let mut known: Vec<FoundRow> = Vec::new();
    for (_, collection) in done.collections() {
        for row in collection
            .rows
            .iter()
            .filter(|row| row.is_change() && !matches!(row.decision, Decision::Unlink(..)))
        {
            for subject in &row.subjects {
                known.push(FoundRow {
                    node: collection.node,
                    subject: *subject,
                    table: Arc::clone(&collection.table),
                    values: row.before.clone(),
                    apart: None,
                    own: Vec::new(),
                    third_party: false,
                });
            }
        }
    }
    let mut sink = RowSink::default();
    let run = Run {
        plan: erasure.plan,
        sources: erasure.sources,
        subjects: erasure.subjects,
        chance: erasure.chance,
        rounds: ROUNDS,
    };
    let collected = collect_from(&run, &known, &mut sink).await?;
    plan_rows(erasure, sink, collected).await
}
