//! Decisions on rows, and whether the columns take them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use habeas_core::value::Value;
use habeas_dataset::erasure::fit::{ColumnFacts, Holds, misfit};
use habeas_dataset::erasure::{
    CollectionRules, Decider, Decision, FieldRule, Found, KeptField, Masks, NEUTRAL, neutral,
};
use habeas_dataset::masking::{Masking, keyed};
use habeas_dataset::path::FieldPath;

use crate::key::Class;
use crate::mysql::Form;
use crate::nested;
use crate::postgres::Decode;
use crate::source::{Column, Table};
use crate::write::Constraints;

use super::found::{NodeRows, RowState, named};
use super::{Erasure, Fingerprint, RowPlan, Trouble};

/// What is in the way, each once with the number of rows it is about.
#[derive(Default)]
pub(super) struct Troubles {
    all: BTreeMap<Named, u64>,
}

/// Dataset, collection, field, strategy and message.
type Named = (String, String, Option<String>, Option<&'static str>, String);

impl Troubles {
    pub(super) fn add(
        &mut self,
        rules: &CollectionRules,
        field: Option<String>,
        strategy: Option<&'static str>,
        message: String,
    ) {
        let key = (rules.dataset.to_string(), rules.collection.to_string(), field, strategy, message);
        *self.all.entry(key).or_default() += 1;
    }

    pub(super) fn into_vec(self) -> Vec<Trouble> {
        let make = |((dataset, collection, field, strategy, message), rows)| Trouble {
            dataset,
            collection,
            field,
            strategy,
            rows,
            message,
        };
        self.all.into_iter().map(make).collect()
    }
}

/// What decisions on the rows of one collection need.
pub(super) struct Fitting<'a> {
    erasure: &'a Erasure<'a>,
    rules: &'a CollectionRules,
    facts: Vec<ColumnFacts>,
}

impl<'a> Fitting<'a> {
    pub(super) fn new(erasure: &'a Erasure<'a>, rules: &'a CollectionRules, rows: &NodeRows) -> Self {
        Self { erasure, rules, facts: facts(&rows.table, &rows.constraints) }
    }

    /// Decides on a row. With `instead` it is one that should be deleted and can't be, for that reason.
    pub(super) fn decide(
        &self,
        rows: &NodeRows,
        state: &RowState,
        instead: Option<&str>,
        used: &mut BTreeSet<usize>,
        troubles: &mut Troubles,
    ) -> RowPlan {
        let place = format!("{}:{}:{}", self.rules.dataset, self.rules.collection, rows.name(&state.before));
        let mut decision = self.decided(state, &place, instead.is_some(), used, troubles);
        let mut to = Vec::new();
        let mut fingerprint = None;
        if let Decision::Mask(masks) | Decision::Unlink(masks, _) = &mut decision {
            let print =
                self.fingerprint(&rows.table, masks, |place| state.before.get(place).cloned(), &place);
            if print.is_some_and(|print| (self.erasure.is_done)(&print)) {
                masks.columns.clear();
            }
            to = self.fit(&rows.table, state, masks, &place, troubles);
            fingerprint = self.fingerprint(
                &rows.table,
                masks,
                |place| {
                    let changed = to.iter().find(|(known, _)| *known == place).map(|(_, value)| value);
                    changed.or_else(|| state.before.get(place)).cloned()
                },
                &place,
            );
        }
        self.ensure_allowed(rows, &decision, !to.is_empty(), troubles);
        RowPlan {
            subjects: state.subjects.clone(),
            copies: state.copies,
            before: state.before.clone(),
            decision,
            to,
            fingerprint,
            note: instead.map(str::to_owned),
        }
    }

    fn decided(
        &self,
        state: &RowState,
        place: &str,
        is_instead: bool,
        used: &mut BTreeSet<usize>,
        troubles: &mut Troubles,
    ) -> Decision {
        let identities = self.erasure.identities_of(&state.subjects);
        let found = Found {
            row: &state.row,
            own: &state.own,
            found_by: &state.found_by,
            others: state.others.as_deref(),
            place,
            identities: &identities,
        };
        let Erasure { retention, secrets, today, .. } = *self.erasure;
        let decider = Decider { retention, secrets, today };
        let mut obstacles = Vec::new();
        let mut note = |rule| {
            used.insert(rule);
        };
        let decision = if is_instead {
            decider.instead(self.rules, &found, &mut obstacles)
        } else {
            decider.decide(self.rules, &found, &mut note, &mut obstacles)
        };
        for obstacle in obstacles {
            let (field, strategy) = (Some(obstacle.field.to_string()), Some(obstacle.strategy));
            troubles.add(self.rules, field, strategy, obstacle.message);
        }
        decision
    }

    /// Tells where the source would not let us.
    fn ensure_allowed(
        &self,
        rows: &NodeRows,
        decision: &Decision,
        is_changed: bool,
        troubles: &mut Troubles,
    ) {
        if matches!(&decision, Decision::Delete { .. }) && !rows.constraints.may_delete {
            let message = "the user of this connection may not delete its rows: grant DELETE on it";
            troubles.add(self.rules, None, None, message.to_owned());
        }
        let changes = matches!(decision, Decision::Delete { .. }) || is_changed;
        if let (true, Some(refusal)) = (changes, &rows.constraints.refusal) {
            troubles.add(self.rules, None, None, refusal.clone());
        }
        if changes && !rows.constraints.is_table {
            let message = "it is a view: describe the table below it, or say habeas: {erasure: keep}";
            troubles.add(self.rules, None, None, message.to_owned());
        }
    }

    /// Returns what stands for a masked row: to tell later that it is masked already.
    fn fingerprint(
        &self,
        table: &Table,
        masks: &Masks,
        value: impl Fn(usize) -> Option<Value>,
        place: &str,
    ) -> Option<Fingerprint> {
        let mut columns: Vec<usize> =
            masks.fields.iter().filter_map(|masked| table.lookup(masked.field.top())).collect();
        columns.sort_unstable();
        columns.dedup();
        if columns.is_empty() {
            return None;
        }
        let values: Vec<Value> = columns.into_iter().filter_map(value).collect();
        Some(keyed(
            &self.erasure.fingerprint_key,
            &[b"masked row", place.as_bytes(), named(&values).as_bytes()],
        ))
    }

    /// Brings new values into the form of their columns, and finds others where nobody asked for these.
    fn fit(
        &self,
        table: &Table,
        state: &RowState,
        masks: &mut Masks,
        place: &str,
        troubles: &mut Troubles,
    ) -> Vec<(usize, Value)> {
        let mut to = Vec::with_capacity(masks.columns.len());
        let mut spared: Vec<(Arc<str>, &str, String)> = Vec::new();
        for (name, after) in &masks.columns {
            let Some(number) = table.lookup(name) else { continue };
            let (Some(column), Some(facts)) = (table.columns.get(number), self.facts.get(number)) else {
                continue;
            };
            let before = state.before.get(number).unwrap_or(&Value::Null);
            let after = stored(column, before, after);
            // The number 0 is what the text 0 would become in its column.
            if !before.is_null() && !after.is_null() && before.to_text() == after.to_text() {
                continue;
            }
            let Some(reason) = misfit(facts, before, &after) else {
                to.push((number, after));
                continue;
            };
            let rules = self.rules_of(name);
            if rules.iter().all(|rule| rule.may_soften) {
                if let Some(softer) = self.softer(facts, before, place) {
                    for masked in masks.fields.iter_mut().filter(|masked| masked.field.top() == name) {
                        masked.strategy = "string_rewrite";
                    }
                    if softer != *before {
                        to.push((number, softer));
                    }
                } else {
                    let is_key =
                        facts.is_primary_key || facts.refers_to.is_some() || facts.referred_by.is_some();
                    spared.push((name.clone(), if is_key { "key" } else { "column" }, reason));
                }
                continue;
            }
            for rule in rules {
                troubles.add(
                    self.rules,
                    Some(rule.path.to_string()),
                    Some(rule.masking.name()),
                    reason.clone(),
                );
            }
        }
        for (name, rule, reason) in spared {
            masks.fields.retain(|masked| *masked.field.top() != name);
            masks.kept.push(KeptField { field: FieldPath::of(name), kept: neutral(rule, reason) });
        }
        to
    }

    fn rules_of(&self, column: &Arc<str>) -> Vec<&FieldRule> {
        let mut rules: Vec<&FieldRule> = Vec::new();
        for rule in
            self.rules.fields.iter().chain(&self.rules.instead).filter(|rule| rule.path.top() == column)
        {
            if !rules.iter().any(|known| known.path == rule.path) {
                rules.push(rule);
            }
        }
        if rules.is_empty() {
            rules.extend(self.rules.others.iter());
        }
        rules
    }

    /// A value that says nothing, for a column that must have one.
    fn softer(&self, facts: &ColumnFacts, before: &Value, place: &str) -> Option<Value> {
        let cut = |text: &str| {
            let limit = facts.max_length.map_or(usize::MAX, |limit| limit as usize);
            Value::Text(text.chars().take(limit).collect())
        };
        let value = if facts.is_unique {
            let random = Masking::RandomStringRewrite { length: 24, suffix: None };
            let place = format!("{place}\u{0}{}", facts.type_name);
            cut(&self.erasure.secrets.mask(&random, None, before, &place).ok()?.to_text())
        } else {
            cut(NEUTRAL)
        };
        (matches!(facts.holds, Holds::Text | Holds::Any) && misfit(facts, before, &value).is_none())
            .then_some(value)
    }
}

/// Returns what the catalogue says of each column.
pub(crate) fn facts(table: &Table, constraints: &Constraints) -> Vec<ColumnFacts> {
    let make = |(place, column): (usize, &Column)| ColumnFacts {
        holds: holds(column),
        type_name: column.type_name.clone(),
        is_not_null: column.is_not_null,
        max_length: column.max_length,
        is_generated: constraints.generated.contains(&place),
        is_fixed: constraints.fixed.contains(&place),
        is_primary_key: table.primary_key.contains(&place),
        is_unique: constraints.unique.iter().any(|key| key.as_slice() == [place]),
        refers_to: constraints
            .refers_to
            .iter()
            .find(|key| key.from_columns.iter().any(|name| **name == *column.name))
            .map(|key| key.to.table.clone()),
        referred_by: constraints
            .referred_by
            .iter()
            .find(|key| key.to_columns.iter().any(|name| **name == *column.name))
            .map(|key| key.from.table.clone()),
        is_writable: constraints.writable.contains(&place),
    };
    table.columns.iter().enumerate().map(make).collect()
}

fn holds(column: &Column) -> Holds {
    match &column.class {
        Class::Integer => Holds::Integer(match column.cast.as_str() {
            "tinyint" => 8,
            "smallint" => 16,
            "mediumint" => 24,
            "integer" | "int" => 32,
            _ => 64,
        }),
        // Without a sign, so one bit more.
        Class::Decimal if column.decode == Decode::Mysql(Form::UInt) => {
            Holds::Integer(match column.cast.as_str() {
                "tinyint" => 9,
                "smallint" => 17,
                "mediumint" => 25,
                "int" => 33,
                _ => 64,
            })
        }
        Class::Decimal | Class::Float => Holds::Number,
        // Only the values of its own list.
        Class::Text | Class::Folded if matches!(column.cast.as_str(), "enum" | "set") => Holds::Other,
        Class::Text | Class::Padded | Class::Folded => Holds::Text,
        Class::Uuid => Holds::Uuid,
        Class::Bool => Holds::Bool,
        Class::Bytes => Holds::Bytes,
        Class::Date => Holds::Date,
        Class::Timestamp | Class::Instant => Holds::Timestamp,
        Class::Opaque => match column.decode {
            Decode::Json | Decode::Jsonb | Decode::Mysql(Form::Json) => Holds::Json,
            _ => Holds::Other,
        },
        Class::List(_) => Holds::List,
        // SQLite prefers numbers here for dates and truth values too, and takes anything.
        Class::Numeric => {
            let name = column.type_name.to_ascii_uppercase();
            let is_number =
                ["INT", "REAL", "FLOA", "DOUB", "NUM", "DEC"].iter().any(|part| name.contains(part));
            if is_number { Holds::Number } else { Holds::Any }
        }
        Class::Untyped => Holds::Any,
        // What its validator demands, if it demands one type.
        Class::Document => match column.cast.as_str() {
            "string" => Holds::Text,
            "int" => Holds::Integer(32),
            "long" => Holds::Integer(64),
            "double" | "decimal" | "number" => Holds::Number,
            "bool" | "boolean" => Holds::Bool,
            "date" => Holds::Timestamp,
            "binData" => Holds::Bytes,
            "array" => Holds::List,
            "objectId" | "timestamp" | "regex" => Holds::Other,
            _ => Holds::Any,
        },
    }
}

/// A new value in the form its column keeps.
pub(crate) fn stored(column: &Column, before: &Value, after: &Value) -> Value {
    if let (Decode::Bson { .. }, Value::TimestampTz(_), Value::Text(text) | Value::Date(text)) =
        (&column.decode, before, after)
    {
        return day_as_instant(text).unwrap_or_else(|| after.clone());
    }
    let is_document = matches!(column.decode, Decode::Json | Decode::Jsonb | Decode::Mysql(Form::Json));
    match (after, before) {
        (Value::Null, _) => Value::Null,
        (after, _) if is_document => Value::Json(nested::write(after)),
        (Value::Object(_) | Value::Array(_), Value::Text(_)) => Value::Text(nested::write(after)),
        (after, _) => after.clone(),
    }
}

/// A field that held an instant goes on holding one: the beginning of the day.
fn day_as_instant(text: &str) -> Option<Value> {
    let day: jiff::civil::Date = text.parse().ok()?;
    Some(Value::TimestampTz(format!("{day}T00:00:00+00:00")))
}

/// Finds new values that can't stand beside others in a unique column.
pub(super) fn repeated(rows: &NodeRows, plans: &[RowPlan]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for key in &rows.constraints.unique {
        let mut seen: HashMap<String, usize> = HashMap::new();
        for plan in plans.iter().filter(|plan| !matches!(plan.decision, Decision::Delete { .. })) {
            if !plan.to.iter().any(|(place, value)| key.contains(place) && !value.is_null()) {
                continue;
            }
            let values: Vec<Value> = key
                .iter()
                .map(|place| {
                    let changed = plan.to.iter().find(|(known, _)| known == place).map(|(_, value)| value);
                    changed.or_else(|| plan.before.get(*place)).cloned().unwrap_or(Value::Null)
                })
                .collect();
            if !values.iter().any(Value::is_null) {
                *seen.entry(named(&values)).or_default() += 1;
            }
        }
        let most = seen.values().copied().max().unwrap_or(0);
        if let (true, Some(first)) = (most > 1, key.first()) {
            found.push((
                *first,
                format!("its value must differ from row to row (UNIQUE), and {most} rows would get the same"),
            ));
        }
    }
    found
}
