//! Whose a row is besides the subject's.
//!
//! A row that holds an identity of the subject is theirs, unless it also holds one that is known elsewhere as
//! somebody else's. A row that was reached over links is theirs only if every row that leads to it is: an
//! address two customers have is neither's to erase. In doubt it is others' too.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use habeas_core::value::{Row, Value};
use habeas_dataset::graph::IdentityField;
use habeas_dataset::normalise::Normaliser;
use habeas_dataset::path::FieldPath;
use habeas_dataset::plan::{Condition, Lookup, Node, Plan, Side, Source, Test};

use crate::error::Error;
use crate::key::{Class, Key};
use crate::nested;
use crate::source::{Part, Table, TableName};

use super::Erasure;
use super::found::{NodeRows, values};
use super::views::Views;

/// Identities by kind, each in its one form.
pub(super) type Known = HashMap<Arc<str>, HashSet<String>>;

/// Marks the rows that are other people's too.
pub(crate) async fn mark(
    erasure: &Erasure<'_>,
    views: &mut Views<'_>,
    nodes: &mut [NodeRows],
    is_touched: &(dyn Fn(&Node) -> bool + Sync),
) -> Result<(), Error> {
    let fields = erasure.graph.identity_fields();
    let known = known(erasure, &fields, nodes);
    let mut doubtful: Known = HashMap::new();
    for rows in nodes.iter_mut() {
        let Some(node) = erasure.plan.lookup(rows.id) else { continue };
        for state in &mut rows.rows {
            if state.third_party {
                state.others =
                    Some("it was reached over a link to other people: a person must decide".to_owned());
            }
            let foreign = foreign(node, &fields, &known, &state.row, |path| {
                state.own.iter().any(|own| own.path == *path)
            });
            state.is_direct = foreign.is_direct;
            for (kind, value) in foreign.others {
                if state.is_direct {
                    doubtful.entry(kind).or_default().insert(value);
                } else if known.contains_key(&kind) && state.others.is_none() {
                    state.others = Some(format!("it holds the {kind} of somebody else"));
                }
            }
            found_by(node, &fields, &known, state);
        }
    }
    elsewhere(erasure, views, nodes, &fields, &doubtful).await?;
    links(erasure, views, nodes, is_touched).await?;
    for place in 0..nodes.len() {
        found_over(erasure, nodes, place);
    }
    Ok(())
}

/// Notes the fields of shared rows that lead from rows of the subject's own: by them a row is unlinked. Fields that
/// lead from others' rows are others'.
fn found_over(erasure: &Erasure<'_>, nodes: &mut [NodeRows], place: usize) {
    let Some(node) = nodes.get(place).and_then(|rows| erasure.plan.lookup(rows.id)) else { return };
    let mut found: Vec<(usize, Vec<FieldPath>)> = Vec::new();
    for lookup in node.lookups.iter().filter(|lookup| !lookup.third_party && !lookup.is_found_identity) {
        let Source::Node(from) = &lookup.from else { continue };
        let (Some(rows), Some(origin)) = (nodes.get(place), nodes.iter().find(|rows| rows.id == *from))
        else {
            continue;
        };
        let own = origin.rows.iter().filter(|state| state.others.is_none());
        let keys: HashSet<Vec<Key>> =
            own.flat_map(|state| tuples_as(lookup, &state.row, &rows.table)).collect();
        for (number, state) in rows.rows.iter().enumerate().filter(|(_, state)| state.others.is_some()) {
            let leads = tuples(lookup, &state.row, &rows.table, |term| Some(&term.to));
            if leads.iter().any(|tuple| keys.contains(tuple)) {
                found.push((number, lookup.terms.iter().map(|term| term.to.clone()).collect()));
            }
        }
    }
    let Some(rows) = nodes.get_mut(place) else { return };
    for (number, paths) in found {
        if let Some(state) = rows.rows.get_mut(number) {
            state.found_by.extend(paths);
        }
    }
}

pub(super) fn form(kind: &str, normaliser: Option<Normaliser>, text: &str) -> String {
    match (normaliser, kind) {
        (Some(normaliser), _) => normaliser.apply(text),
        (None, "email") => Normaliser::Email.apply(text),
        (None, "phone" | "phone_number") => Normaliser::Phone.apply(text),
        (None, _) => text.trim().to_owned(),
    }
}

pub(super) fn plain(value: &Value) -> Option<String> {
    let mut keys = Vec::new();
    let _ = Class::Text.keys(value, &mut keys); // what can't be written equals no identity
    keys.first().map(ToString::to_string).filter(|text| !text.trim().is_empty())
}

/// What the request gives, and what is followed as the subject's own.
pub(super) fn known(erasure: &Erasure<'_>, fields: &[IdentityField], nodes: &[NodeRows]) -> Known {
    let mut known: Known = HashMap::new();
    for identity in erasure.subjects.iter().flat_map(|subject| &subject.identities) {
        let form = form(&identity.kind, None, identity.value.reveal());
        known.entry(Arc::clone(&identity.kind)).or_default().insert(form);
    }
    for rows in nodes {
        let Some(node) = erasure.plan.lookup(rows.id) else { continue };
        for field in fields.iter().filter(|field| field.is_followed && field.is_in(node)) {
            for state in rows.rows.iter().filter(|state| !state.third_party) {
                values(&state.row, &field.path, &mut |value| {
                    if let Some(text) = plain(value) {
                        let form = form(&field.kind, field.normaliser, &text);
                        known.entry(Arc::clone(&field.kind)).or_default().insert(form);
                    }
                });
            }
        }
    }
    known
}

pub(super) struct Identities {
    pub(super) is_direct: bool,
    /// Those that are not known as the subject's.
    others: Vec<(Arc<str>, String)>,
}

pub(super) fn foreign(
    node: &Node,
    fields: &[IdentityField],
    known: &Known,
    row: &Row,
    is_narrowed: impl Fn(&FieldPath) -> bool,
) -> Identities {
    let mut found = Identities { is_direct: false, others: Vec::new() };
    for field in fields.iter().filter(|field| field.is_in(node)) {
        values(row, &field.path, &mut |value| {
            let Some(text) = plain(value) else { return };
            let form = form(&field.kind, field.normaliser, &text);
            if known.get(&field.kind).is_some_and(|known| known.contains(&form)) {
                found.is_direct = true;
            } else if !is_narrowed(&field.path) {
                // Of a list only the subject's own elements are touched.
                found.others.push((Arc::clone(&field.kind), form));
            }
        });
    }
    found
}

/// Notes the fields that hold an identity of the subject.
fn found_by(node: &Node, fields: &[IdentityField], known: &Known, state: &mut super::found::RowState) {
    for field in fields.iter().filter(|field| field.is_in(node)) {
        let mut is_own = false;
        values(&state.row, &field.path, &mut |value| {
            let form = plain(value).map(|text| form(&field.kind, field.normaliser, &text));
            is_own |=
                form.is_some_and(|form| known.get(&field.kind).is_some_and(|known| known.contains(&form)));
        });
        if is_own {
            state.found_by.push(field.path.clone());
        }
    }
}

/// Marks rows that hold, beside the subject's, an identity other rows know as well.
async fn elsewhere(
    erasure: &Erasure<'_>,
    views: &mut Views<'_>,
    nodes: &mut [NodeRows],
    fields: &[IdentityField],
    doubtful: &Known,
) -> Result<(), Error> {
    let mut taken: Known = HashMap::new();
    for field in fields {
        let Some(wanted) = doubtful.get(&field.kind).filter(|wanted| !wanted.is_empty()) else { continue };
        let Ok(source) = erasure.sources.serving(&field.dataset) else { continue };
        let table = views.table(source, &TableName::of(&field.namespace, &field.collection)).await?;
        let table = table.with(std::iter::once(&**field.path.top()));
        let Some(place) = table.lookup(field.path.top()) else { continue };
        let Some(column) = table.columns.get(place) else { continue };
        let mut keys: Vec<Key> = Vec::new();
        for value in wanted {
            let class = column.class_at(field.path.below_top());
            let _ = class.keys(&Value::Text(value.clone()), &mut keys); // what has no key isn't there
        }
        let normaliser = field.normaliser.or(match &*field.kind {
            "email" => Some(Normaliser::Email),
            "phone" | "phone_number" => Some(Normaliser::Phone),
            _ => None,
        });
        let part = Part { column: place, path: field.path.below_top().to_vec(), normaliser, keys };
        let own =
            nodes.iter().find(|rows| erasure.plan.lookup(rows.id).is_some_and(|node| field.is_in(node)));
        let names: Vec<Arc<str>> = table.columns.iter().map(|column| Arc::clone(&column.name)).collect();
        let mut found = HashSet::new();
        views
            .search(source, &table, &[part], &mut |row| {
                if own.is_none_or(|own| !own.owns(&row)) {
                    let row = Row::new(names.iter().cloned().zip(row.into_iter().map(apart)).collect());
                    values(&row, &field.path, &mut |value| {
                        let form = plain(value).map(|text| form(&field.kind, field.normaliser, &text));
                        found.extend(form.filter(|form| wanted.contains(form)));
                    });
                }
                found.len() < wanted.len()
            })
            .await?;
        taken.entry(Arc::clone(&field.kind)).or_default().extend(found);
    }
    for rows in nodes.iter_mut() {
        let Some(node) = erasure.plan.lookup(rows.id) else { continue };
        for state in rows.rows.iter_mut().filter(|state| state.is_direct && state.others.is_none()) {
            let others = foreign(node, fields, &HashMap::new(), &state.row, |_| false).others;
            let other = others
                .into_iter()
                .find(|(kind, value)| taken.get(kind).is_some_and(|taken| taken.contains(value)));
            if let Some((kind, _)) = other {
                state.others = Some(format!("it also holds the {kind} of somebody else"));
            }
        }
    }
    Ok(())
}

pub(super) fn apart(value: Value) -> Value {
    match &value {
        Value::Json(text) => nested::parse(text).unwrap_or(value),
        Value::Text(text) if text.starts_with(['{', '[']) => nested::parse(text).unwrap_or(value),
        _ => value,
    }
}

/// Marks rows that were reached over links if some row that was not found leads to them as well.
async fn links(
    erasure: &Erasure<'_>,
    views: &mut Views<'_>,
    nodes: &mut [NodeRows],
    is_touched: &(dyn Fn(&Node) -> bool + Sync),
) -> Result<(), Error> {
    // What turns out to be others' makes what it leads to theirs as well: again, until nothing changes any more.
    for _ in 0..=nodes.len() {
        let mut is_settled = true;
        for place in 0..nodes.len() {
            is_settled &= mark_over_links(erasure, views, nodes, place, is_touched).await?;
        }
        if is_settled {
            break;
        }
    }
    Ok(())
}

/// Marks rows of one collection. Returns whether none had to be.
async fn mark_over_links(
    erasure: &Erasure<'_>,
    views: &mut Views<'_>,
    nodes: &mut [NodeRows],
    place: usize,
    is_touched: &(dyn Fn(&Node) -> bool + Sync),
) -> Result<bool, Error> {
    let Some(rows) = nodes.get(place) else { return Ok(true) };
    let Some(node) = erasure.plan.lookup(rows.id) else { return Ok(true) };
    let is_open = rows.rows.iter().any(|state| !state.is_direct && state.others.is_none());
    // A row nothing is done with may still lead to one.
    let leads_on = erasure
        .plan
        .nodes
        .iter()
        .flat_map(|node| &node.lookups)
        .any(|lookup| lookup.from == Source::Node(rows.id));
    if !is_open || !(leads_on || is_touched(node)) {
        return Ok(true);
    }
    let mut is_settled = true;
    for (plan, lookup) in leading(erasure, node) {
        let shared = shared_over(erasure, views, nodes, place, plan, lookup).await?;
        let Some(rows) = nodes.get_mut(place) else { continue };
        for (row, from) in shared {
            if let Some(state) = rows.rows.get_mut(row) {
                is_settled = false;
                state.others = Some(format!("a row of {from} that is not this person's leads to it too"));
            }
        }
    }
    Ok(is_settled)
}

/// All links that lead to a collection, those too that other kinds of identity would start.
fn leading<'p>(erasure: &Erasure<'p>, node: &Node) -> Vec<(&'p Plan, &'p Lookup)> {
    let mut all: Vec<(&Plan, &Lookup)> = Vec::new();
    for plan in [erasure.plan, erasure.whole] {
        let Some((_, known)) = plan.find(&node.dataset, &node.collection) else { continue };
        for lookup in known.lookups.iter().filter(|lookup| !lookup.is_found_identity) {
            let Source::Node(_) = lookup.from else { continue };
            let is_known = all.iter().any(|(other, had)| origin(other, had) == origin(plan, lookup));
            if !is_known {
                all.push((plan, lookup));
            }
        }
    }
    all
}

type Named<'p> = (Option<(&'p str, &'p str)>, Vec<(Option<&'p FieldPath>, &'p FieldPath)>);

fn origin<'p>(plan: &'p Plan, lookup: &'p Lookup) -> Named<'p> {
    let from = match &lookup.from {
        Source::Node(id) => plan.lookup(*id).map(|node| (&*node.dataset, &*node.collection)),
        Source::Identity(_) => None,
    };
    (from, lookup.terms.iter().map(|term| (term.from.as_ref(), &term.to)).collect())
}

/// Returns the rows somebody else's row leads to over one link, with that row's collection.
async fn shared_over(
    erasure: &Erasure<'_>,
    views: &mut Views<'_>,
    nodes: &[NodeRows],
    place: usize,
    plan: &Plan,
    lookup: &Lookup,
) -> Result<Vec<(usize, String)>, Error> {
    let Source::Node(from) = &lookup.from else { return Ok(Vec::new()) };
    let (Some(origin), Some(rows)) = (plan.lookup(*from), nodes.get(place)) else { return Ok(Vec::new()) };
    let Ok(source) = erasure.sources.serving(&origin.dataset) else { return Ok(Vec::new()) };
    let table = views.table(source, &TableName::of(&origin.namespace, &origin.collection)).await?;
    let table = table.with(lookup.terms.iter().filter_map(|term| Some(&**term.from.as_ref()?.top())));
    let wanted = wanted(lookup, rows);
    let Some(parts) = parts(lookup, &table, &wanted).filter(|_| !wanted.is_empty()) else {
        return Ok(Vec::new());
    };
    let own = nodes.iter().find(|rows| {
        erasure
            .plan
            .lookup(rows.id)
            .is_some_and(|node| node.dataset == origin.dataset && node.collection == origin.collection)
    });
    let names: Vec<Arc<str>> = table.columns.iter().map(|column| Arc::clone(&column.name)).collect();
    let mut open: HashSet<Vec<Key>> = wanted.keys().cloned().collect();
    let mut shared: Vec<(usize, String)> = Vec::new();
    let target = Arc::clone(&rows.table);
    views
        .search(source, &table, &parts, &mut |row| {
            if own.is_some_and(|own| own.owns(&row)) {
                return true;
            }
            let row = Row::new(names.iter().cloned().zip(row.into_iter().map(apart)).collect());
            if !sides(lookup, Side::Source).all(|condition| holds(condition, &row)) {
                return true;
            }
            for keys in tuples_as(lookup, &row, &target) {
                if open.remove(&keys) {
                    let numbers = wanted.get(&keys).into_iter().flatten();
                    let from = format!("{}:{}", origin.dataset, origin.collection);
                    shared.extend(numbers.map(|number| (*number, from.clone())));
                }
            }
            !open.is_empty()
        })
        .await?;
    Ok(shared)
}

/// The rows that are still thought to be the subject's alone, by what leads to them.
fn wanted(lookup: &Lookup, rows: &NodeRows) -> HashMap<Vec<Key>, Vec<usize>> {
    let mut wanted: HashMap<Vec<Key>, Vec<usize>> = HashMap::new();
    for (number, state) in rows.rows.iter().enumerate() {
        let is_open = !state.is_direct && state.others.is_none();
        if is_open && sides(lookup, Side::Target).all(|condition| holds(condition, &state.row)) {
            for keys in tuples(lookup, &state.row, &rows.table, |term| Some(&term.to)) {
                wanted.entry(keys).or_default().push(number);
            }
        }
    }
    wanted
}

/// What rows at the other end of the link are searched by; `None` where that can't be said.
fn parts(lookup: &Lookup, table: &Table, wanted: &HashMap<Vec<Key>, Vec<usize>>) -> Option<Vec<Part>> {
    let part = |(number, term): (usize, &habeas_dataset::plan::Term)| {
        let path = term.from.as_ref()?;
        let column = table.lookup(path.top())?;
        let class = table.columns.get(column)?.class_at(path.below_top());
        let mut keys: Vec<Key> = Vec::new();
        for key in wanted.keys().filter_map(|tuple| tuple.get(number)) {
            let _ = class.keys(&Value::Text(key.to_string()), &mut keys); // what has no key isn't there
        }
        keys.sort_unstable();
        keys.dedup();
        Some(Part { column, path: path.below_top().to_vec(), normaliser: term.normaliser, keys })
    };
    lookup.terms.iter().enumerate().map(part).collect()
}

pub(super) fn sides(lookup: &Lookup, side: Side) -> impl Iterator<Item = &Condition> {
    lookup.when.iter().filter(move |when| when.on == side).map(|when| &when.condition)
}

/// Returns the combinations of keys of a row at one end of a link, in the classes of the fields looked up.
pub(super) fn tuples<'l>(
    lookup: &'l Lookup,
    row: &Row,
    target: &Table,
    field: impl Fn(&'l habeas_dataset::plan::Term) -> Option<&'l FieldPath>,
) -> Vec<Vec<Key>> {
    let mut all: Vec<Vec<Key>> = vec![Vec::new()];
    for term in &lookup.terms {
        let column = target.lookup(term.to.top()).and_then(|place| target.columns.get(place));
        let class = column.map_or(Class::Text, |column| column.class_at(term.to.below_top()));
        let mut keys: Vec<Key> = Vec::new();
        if let Some(path) = field(term) {
            values(row, path, &mut |value| match term.normaliser {
                None => {
                    let _ = class.keys(value, &mut keys); // what has no key leads nowhere
                }
                Some(normaliser) => keys.extend(plain(value).map(|text| Key::from(normaliser.apply(&text)))),
            });
        }
        all = all
            .iter()
            .flat_map(|before| keys.iter().map(|key| [before.as_slice(), std::slice::from_ref(key)].concat()))
            .take(COMBINATIONS)
            .collect();
    }
    all
}

/// How many combinations of values one row may make, as lists in it have several.
const COMBINATIONS: usize = 1_000;

pub(super) fn tuples_as(lookup: &Lookup, row: &Row, target: &Table) -> Vec<Vec<Key>> {
    tuples(lookup, row, target, |term| term.from.as_ref())
}

/// Whether a condition holds. Truth values and the numbers some sources have for them are the same.
pub(super) fn holds(condition: &Condition, row: &Row) -> bool {
    let mut keys: Vec<Key> = Vec::new();
    let mut has_value = false;
    let class = Class::Untyped;
    values(row, &condition.field, &mut |value| {
        has_value |= !value.is_null();
        let _ = class.keys(value, &mut keys); // what has no key equals nothing
    });
    let is_among = |wanted: &[Value]| {
        let mut known: Vec<Key> = Vec::new();
        for value in wanted {
            let _ = class.keys(value, &mut known); // only plain values stand in a dataset file
        }
        keys.iter().any(|key| known.contains(key))
    };
    match &condition.test {
        Test::In(wanted) => is_among(wanted),
        Test::NotIn(unwanted) => !is_among(unwanted),
        Test::IsNull => !has_value,
        Test::IsNotNull => has_value,
    }
}
