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
type Known = HashMap<Arc<str>, HashSet<String>>;

/// Marks the rows that are other people's too.
pub(super) async fn mark(
    erasure: &Erasure<'_>,
    views: &mut Views<'_>,
    nodes: &mut [NodeRows],
    is_touched: &dyn Fn(&Node) -> bool,
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
    links(erasure, views, nodes, is_touched).await
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
fn known(erasure: &Erasure<'_>, fields: &[IdentityField], nodes: &[NodeRows]) -> Known {
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

struct Identities {
    is_direct: bool,
    /// Those that are not known as the subject's.
    others: Vec<(Arc<str>, String)>,
}

fn foreign(
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

/// Notes the fields that say that a row is the subject's: identities of theirs, and what links lead to.
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
    if !state.is_direct {
        let links = node.lookups.iter().filter(|lookup| matches!(lookup.from, Source::Node(_)));
        state.found_by.extend(links.flat_map(|lookup| lookup.terms.iter().map(|term| term.to.clone())));
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
        let Some(place) = table.lookup(field.path.top()) else { continue };
        let Some(column) = table.columns.get(place) else { continue };
        let mut keys: Vec<Key> = Vec::new();
        for value in wanted {
            let class = if field.path.is_nested() { &Class::Text } else { &column.class };
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
                if own.is_none_or(|own| !own.holds(&row)) {
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
    is_touched: &dyn Fn(&Node) -> bool,
) -> Result<(), Error> {
    let places: Vec<usize> = (0..nodes.len()).collect();
    for place in places {
        let Some(rows) = nodes.get(place) else { continue };
        let Some(node) = erasure.plan.lookup(rows.id) else { continue };
        let is_open = rows.rows.iter().any(|state| !state.is_direct && state.others.is_none());
        if !is_open || !is_touched(node) {
            continue;
        }
        for (plan, lookup) in leading(erasure, node) {
            let shared = shared_over(erasure, views, nodes, place, plan, lookup).await?;
            let Some(rows) = nodes.get_mut(place) else { continue };
            for (row, from) in shared {
                if let Some(state) = rows.rows.get_mut(row) {
                    state.others = Some(format!("a row of {from} that is not this person's leads to it too"));
                }
            }
        }
    }
    Ok(())
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
    let mut wanted: HashMap<Vec<Key>, Vec<usize>> = HashMap::new();
    let mut parts: Vec<Part> = Vec::new();
    for (number, state) in rows.rows.iter().enumerate() {
        let is_open = !state.is_direct && state.others.is_none();
        if is_open && sides(lookup, Side::Target).all(|condition| holds(condition, &state.row)) {
            for keys in tuples(lookup, &state.row, &rows.table, |term| Some(&term.to)) {
                wanted.entry(keys).or_default().push(number);
            }
        }
    }
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    for (number, term) in lookup.terms.iter().enumerate() {
        let Some(path) = &term.from else { return Ok(Vec::new()) };
        let Some(column) = table.lookup(path.top()) else { return Ok(Vec::new()) };
        let class = match table.columns.get(column) {
            Some(column) if !path.is_nested() => column.class.clone(),
            _ => Class::Text,
        };
        let mut keys: Vec<Key> = Vec::new();
        for tuple in wanted.keys() {
            if let Some(key) = tuple.get(number) {
                let _ = class.keys(&Value::Text(key.to_string()), &mut keys); // what has no key isn't there
            }
        }
        keys.sort_unstable();
        keys.dedup();
        parts.push(Part { column, path: path.below_top().to_vec(), normaliser: term.normaliser, keys });
    }
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
            if own.is_some_and(|own| own.holds(&row)) {
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

fn sides(lookup: &Lookup, side: Side) -> impl Iterator<Item = &Condition> {
    lookup.when.iter().filter(move |when| when.on == side).map(|when| &when.condition)
}

/// Returns the combinations of keys of a row at one end of a link, in the classes of the fields looked up.
fn tuples<'l>(
    lookup: &'l Lookup,
    row: &Row,
    target: &Table,
    field: impl Fn(&'l habeas_dataset::plan::Term) -> Option<&'l FieldPath>,
) -> Vec<Vec<Key>> {
    let mut all: Vec<Vec<Key>> = vec![Vec::new()];
    for term in &lookup.terms {
        let class = match target.lookup(term.to.top()).and_then(|place| target.columns.get(place)) {
            Some(column) if !term.to.is_nested() => column.class.clone(),
            _ => Class::Text,
        };
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

fn tuples_as(lookup: &Lookup, row: &Row, target: &Table) -> Vec<Vec<Key>> {
    tuples(lookup, row, target, |term| term.from.as_ref())
}

/// Whether a condition holds. Truth values and the numbers some sources have for them are the same.
fn holds(condition: &Condition, row: &Row) -> bool {
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
