//! Rows that can't be deleted because rows that stay refer to them.
//!
//! Looked up in advance in the source's own catalogue, also for tables no dataset describes. A row that rows of
//! others would be deleted with counts as blocked too. What is blocked is masked instead; as it then stays, it
//! may block further rows, until nothing changes any more.

use std::collections::{HashMap, HashSet};

use habeas_core::value::Value;
use habeas_dataset::erasure::Decision;

use crate::error::Error;
use crate::key::Key;
use crate::source::{Part, Table, TableName};
use crate::write::{ForeignKey, OnDelete, is_same};

use super::found::{NodeRows, named};
use super::views::Views;
use super::{RowPlan, Trouble};

/// A row that refers to one that should be deleted.
struct Referring {
    /// The values that are referred to, as text.
    to: String,
    /// The collection it was found in and its place there, if it was.
    at: Option<(usize, usize)>,
}

/// The rows that refer to a collection over one foreign key.
struct Reference {
    /// The collection referred to.
    node: usize,
    key: ForeignKey,
    columns: Vec<usize>,
    rows: Vec<Referring>,
}

/// A row that must stay, and why.
pub(super) struct Blocked {
    pub(super) node: usize,
    pub(super) row: usize,
    pub(super) reason: String,
}

/// All references to rows that should be deleted.
pub(super) struct References(Vec<Reference>);

impl References {
    /// Looks up what refers to the rows that should be deleted.
    pub(super) async fn read(
        views: &mut Views<'_>,
        source_of: &dyn Fn(usize) -> Option<usize>,
        nodes: &[NodeRows],
        plans: &[Vec<RowPlan>],
    ) -> Result<Self, Error> {
        let mut all = Vec::new();
        for (number, (rows, plans)) in nodes.iter().zip(plans).enumerate() {
            let deleted: Vec<&RowPlan> = plans.iter().filter(|plan| is_deleted(plan)).collect();
            let Some(source) = source_of(number) else { continue };
            if deleted.is_empty() {
                continue;
            }
            for key in &rows.constraints.referred_by {
                let to = places(&rows.table, &key.to_columns);
                let table = views.table(source, &key.from).await?;
                let from = places(&table, &key.from_columns);
                let parts = parts(&table, &from, &to, &deleted);
                if parts.iter().any(|part| part.keys.is_empty()) {
                    continue;
                }
                let wanted: HashSet<String> = deleted.iter().map(|plan| picked(&plan.before, &to)).collect();
                let here: Vec<(usize, &NodeRows)> = nodes
                    .iter()
                    .enumerate()
                    .filter(|(place, other)| {
                        source_of(*place) == Some(source)
                            && (is_same(&key.from, &other.table) || other.table.sql == table.sql)
                    })
                    .collect();
                let mut found = Vec::new();
                views
                    .search(source, &table, &parts, &mut |row| {
                        let to = picked(&row, &from);
                        if wanted.contains(&to) {
                            let place = |(node, rows): &(usize, &NodeRows)| Some((*node, rows.place(&row)?));
                            found.push(Referring { to, at: here.iter().find_map(place) });
                        }
                        true
                    })
                    .await?;
                all.push(Reference { node: number, key: key.clone(), columns: to, rows: found });
            }
        }
        Ok(Self(all))
    }

    /// Returns the rows that can't be deleted as things are planned.
    pub(super) fn blocked(&self, nodes: &[NodeRows], plans: &[Vec<RowPlan>]) -> Vec<Blocked> {
        let mut blocked: Vec<Blocked> = Vec::new();
        for reference in self.0.iter().filter(|reference| reference.key.on_delete != OnDelete::Clear) {
            let mut staying: HashMap<&str, u64> = HashMap::new();
            for row in &reference.rows {
                let plan = row.at.and_then(|(node, row)| plans.get(node)?.get(row));
                let goes = plan.is_some_and(|plan| {
                    is_deleted(plan)
                        || row.at.is_some_and(|(node, _)| loses(nodes.get(node), plan, &reference.key))
                });
                if !goes {
                    *staying.entry(row.to.as_str()).or_default() += 1;
                }
            }
            for (row, plan) in plans.get(reference.node).into_iter().flatten().enumerate() {
                let count =
                    staying.get(picked(&plan.before, &reference.columns).as_str()).copied().unwrap_or(0);
                if count > 0
                    && is_deleted(plan)
                    && !blocked.iter().any(|known| known.node == reference.node && known.row == row)
                {
                    blocked.push(Blocked {
                        node: reference.node,
                        row,
                        reason: reason(&reference.key, count),
                    });
                }
            }
        }
        blocked
    }

    /// Returns the references that rows which stay lose by what is planned: they are told.
    pub(super) fn cleared(&self, nodes: &[NodeRows], plans: &[Vec<RowPlan>]) -> Vec<Trouble> {
        let mut all = Vec::new();
        for reference in self.0.iter().filter(|reference| reference.key.on_delete == OnDelete::Clear) {
            let deleted: HashSet<String> = plans
                .get(reference.node)
                .into_iter()
                .flatten()
                .filter(|plan| is_deleted(plan))
                .map(|plan| picked(&plan.before, &reference.columns))
                .collect();
            let rows = reference.rows.iter().filter(|row| {
                let plan = row.at.and_then(|(node, row)| plans.get(node)?.get(row));
                deleted.contains(&row.to) && !plan.is_some_and(is_deleted)
            });
            let rows = rows.count() as u64;
            if let (true, Some(node)) = (rows > 0, nodes.get(reference.node)) {
                all.push(Trouble {
                    dataset: String::new(),
                    collection: node.table.name.to_string(),
                    field: None,
                    strategy: None,
                    rows,
                    message: format!(
                        "rows of {} lose their reference to rows that are deleted (ON DELETE SET NULL)",
                        reference.key.from
                    ),
                });
            }
        }
        all
    }
}

fn is_deleted(plan: &RowPlan) -> bool {
    matches!(plan.decision, Decision::Delete { .. })
}

/// Whether masking a row takes its reference away.
fn loses(rows: Option<&NodeRows>, plan: &RowPlan, key: &ForeignKey) -> bool {
    rows.is_some_and(|rows| {
        plan.to.iter().any(|(place, value)| {
            let column = rows.table.columns.get(*place);
            value.is_null()
                && column.is_some_and(|column| key.from_columns.iter().any(|name| **name == *column.name))
        })
    })
}

fn reason(key: &ForeignKey, count: u64) -> String {
    let rows = if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
    match key.on_delete {
        OnDelete::Cascade => {
            format!("{rows} of {} that stay would be deleted with it: it is masked instead", key.from)
        }
        OnDelete::Refuse | OnDelete::Clear => {
            format!("{rows} of {} that stay refer to it: it is masked instead", key.from)
        }
    }
}

fn places(table: &Table, names: &[String]) -> Vec<usize> {
    names.iter().filter_map(|name| table.lookup(name)).collect()
}

fn picked(row: &[Value], places: &[usize]) -> String {
    let values: Vec<Value> =
        places.iter().map(|place| row.get(*place).cloned().unwrap_or(Value::Null)).collect();
    named(&values)
}

fn parts(table: &Table, from: &[usize], to: &[usize], deleted: &[&RowPlan]) -> Vec<Part> {
    let part = |(column, place): (&usize, &usize)| {
        let mut keys: Vec<Key> = Vec::new();
        if let Some(class) = table.columns.get(*column).map(|column| &column.class) {
            for plan in deleted {
                if let Some(value) = plan.before.get(*place) {
                    let _ = class.keys(value, &mut keys); // what has no key is referred to by nothing
                }
            }
        }
        keys.sort_unstable();
        keys.dedup();
        Part { column: *column, path: Vec::new(), normaliser: None, keys }
    };
    from.iter().zip(to).map(part).collect()
}

/// Returns an order of collections in which rows are deleted before those they refer to.
pub(super) fn order(nodes: &[NodeRows], before: &dyn Fn(usize, usize) -> bool) -> Vec<usize> {
    let leads = |from: usize, to: usize, counts: &dyn Fn(&Table, &ForeignKey) -> bool| {
        from != to
            && nodes.get(from).zip(nodes.get(to)).is_some_and(|(from, to)| {
                let keys = &from.constraints.refers_to;
                keys.iter().any(|key| refers_to(key, &to.table) && counts(&from.table, key))
            })
    };
    let refers = |from, to| leads(from, to, &|_, _| true);
    let clings = |from, to| leads(from, to, &clings);
    let mut left: Vec<usize> = (0..nodes.len()).collect();
    let mut order = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let is_free =
            |place: &usize| left.iter().all(|other| !refers(*other, *place) && !before(*other, *place));
        // In a circle it is one that the others can let go of; else the first, where constraints may wait to the end.
        let can_be_left =
            |place: &usize| left.iter().all(|other| !clings(*other, *place) && !before(*other, *place));
        let next = left.iter().position(is_free).or_else(|| left.iter().position(can_be_left)).unwrap_or(0);
        order.push(left.remove(next));
    }
    order
}

/// Returns whether a reference can't be taken away without the row: each of its columns must have a value.
fn clings(table: &Table, key: &ForeignKey) -> bool {
    let mut columns = key.from_columns.iter().filter_map(|name| table.columns.get(table.lookup(name)?));
    columns.all(|column| column.is_not_null)
}

fn refers_to(key: &ForeignKey, table: &Table) -> bool {
    let same_schema = |name: &TableName| {
        name.schema.is_none() || table.full_name.schema.is_none() || name.schema == table.full_name.schema
    };
    key.to.table.eq_ignore_ascii_case(&table.full_name.table) && same_schema(&key.to)
}
