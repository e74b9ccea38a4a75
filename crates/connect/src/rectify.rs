//! The rectify executor: finds the columns that hold a fact about a person, and writes the right value into all of
//! them, one transaction a source.
//!
//! Only rows that are the person's alone are changed: what others share, or what leads to other people, is told and
//! left. The transaction, the comparison with what was planned and the reading back are those of erasure.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use habeas_core::context::Chance;
use habeas_core::value::{Row, Value};
use habeas_dataset::erasure::fit::misfit;
use habeas_dataset::erasure::{Decision, Masks, Obstacle};
use habeas_dataset::graph::Graph;
use habeas_dataset::masking::Secrets;
use habeas_dataset::path::FieldPath;
use habeas_dataset::plan::{Node, Plan};
use habeas_dataset::policy::Policy;
use habeas_dataset::rectify::{Corrected, FactRules, Wanted, correct, fact_rules};
use habeas_dataset::retention::Retention;
use jiff::civil::Date;

use crate::collect::{Collected, Failure, ROUNDS, Run, Subject, collect};
use crate::erase::found::{NodeRows, RowSink, RowState};
use crate::erase::views::Views;
use crate::erase::{
    CollectionPlan, Erasure, Journal, Planned, Residue, RowPlan, SourceOutcome, SourcePlan, Trouble, execute,
    facts, group, mark, read_back, stored,
};
use crate::error::Error;
use crate::sources::Sources;

/// What is to be corrected.
pub struct Rectification<'a> {
    /// All datasets.
    pub graph: &'a Graph,
    /// How the person's rows are found, whole.
    pub plan: &'a Plan,
    /// The same for every kind of identity.
    pub whole: &'a Plan,
    /// The facts.
    pub wanted: &'a [Wanted],
    /// The sources.
    pub sources: &'a Sources,
    /// The person.
    pub subjects: &'a [Subject],
    /// The chance that spreads repeated attempts.
    pub chance: &'a dyn Chance,
}

/// What is going to be corrected.
#[derive(Debug, Clone, Default)]
pub struct Correction {
    /// The changes by row, as the executor takes them.
    pub planned: Planned,
    /// The changes by field.
    pub changes: Vec<Change>,
    /// Rows that hold a fact and are left as they are.
    pub left: Vec<Left>,
    /// Where else an old value stands: in records of what was, in remarks. Nothing of it is changed.
    pub elsewhere: Vec<Left>,
}

/// A field that changes.
#[derive(Debug, Clone)]
pub struct Change {
    /// The source.
    pub source: Arc<str>,
    /// The dataset.
    pub dataset: Arc<str>,
    /// The collection.
    pub collection: Arc<str>,
    /// What names the row.
    pub key: Row,
    /// The field, with what it is and becomes.
    pub corrected: Corrected,
}

/// A row that is left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Left {
    /// The dataset.
    pub dataset: Arc<str>,
    /// The collection.
    pub collection: Arc<str>,
    /// Why.
    pub reason: String,
}

/// Collects afresh and plans the corrections.
///
/// # Errors
/// Returns a [`Failure`] if not everything could be searched.
pub async fn plan(rectification: &Rectification<'_>) -> Result<Correction, Failure> {
    let mut sink = RowSink::default();
    let run = Run {
        plan: rectification.plan,
        sources: rectification.sources,
        subjects: rectification.subjects,
        chance: rectification.chance,
        rounds: ROUNDS,
    };
    let collected = collect(&run, &mut sink).await?;
    let mut views = Views::new(rectification.sources, rectification.chance);
    let rules = NoRules::new();
    let made = make(rectification, &rules.erasure(rectification), &mut views, sink).await;
    views.finish().await;
    match made {
        Ok(mut correction) => {
            correction.planned.collected = collected;
            Ok(correction)
        }
        Err(error) => Err(Failure { errors: vec![error], sink: None, collected }),
    }
}

/// Carries corrections out, and reads every corrected row back. Returns what became of each source, and what is
/// not as it should be.
///
/// # Errors
/// Returns an [`Error`] if a source could not be read back.
pub async fn run(
    rectification: &Rectification<'_>,
    correction: &Correction,
) -> Result<(Vec<SourceOutcome>, Vec<Residue>), Error> {
    let rules = NoRules::new();
    let erasure = rules.erasure(rectification);
    let outcomes = execute(&erasure, &correction.planned, &mut NoJournal, &mut |_, _| {}).await;
    let mut views = Views::new(rectification.sources, rectification.chance);
    let residue = read_back(&mut views, &correction.planned).await;
    views.finish().await;
    Ok((outcomes, residue?))
}

/// A correction that is run again finds nothing left to change: nothing needs to be remembered.
struct NoJournal;

impl Journal for NoJournal {
    fn before_commit(&mut self, _: &str, _: &[[u8; 32]]) -> std::io::Result<()> {
        Ok(())
    }

    fn committed(&mut self, _: &str) -> std::io::Result<()> {
        Ok(())
    }
}

/// Rules that erase nothing: finding and writing are those of erasure.
struct NoRules {
    policy: Policy,
    retention: Retention,
    secrets: Secrets,
}

impl NoRules {
    fn new() -> Self {
        let (policy, retention) = (Policy::default(), Retention::default());
        Self { policy, retention, secrets: Secrets::derive(&[0; 32]) }
    }

    fn erasure<'a>(&'a self, rectification: &Rectification<'a>) -> Erasure<'a> {
        Erasure {
            graph: rectification.graph,
            plan: rectification.plan,
            whole: rectification.whole,
            policy: &self.policy,
            spares_keys: true,
            retention: &self.retention,
            secrets: &self.secrets,
            fingerprint_key: [0; 32],
            is_done: &|_| false,
            today: Date::MIN,
            sources: rectification.sources,
            subjects: rectification.subjects,
            chance: rectification.chance,
        }
    }
}

async fn make(
    rectification: &Rectification<'_>,
    erasure: &Erasure<'_>,
    views: &mut Views<'_>,
    sink: RowSink,
) -> Result<Correction, Error> {
    let mut nodes = group(erasure, views, sink).await?;
    let rules = |dataset: &str, collection: &str| -> FactRules {
        let known = rectification.graph.datasets().iter().find(|known| *known.key == *dataset);
        let known = known.and_then(|known| known.collections.iter().find(|known| *known.name == *collection));
        known.map(fact_rules).unwrap_or_default()
    };
    let holds_facts = |rules: &FactRules| !rules.facts.is_empty();
    mark(erasure, views, &mut nodes, &|node: &Node| holds_facts(&rules(&node.dataset, &node.collection)))
        .await?;
    let mut correction = Correction::default();
    for rows in &nodes {
        let Some(node) = rectification.plan.lookup(rows.id) else { continue };
        let rules = rules(&node.dataset, &node.collection);
        if !holds_facts(&rules) {
            continue;
        }
        let number = rectification.sources.serving(&node.dataset)?;
        let connector = rectification.sources.connector(number)?;
        let mut collection = CollectionPlan {
            node: rows.id,
            dataset: node.dataset.clone(),
            collection: node.collection.clone(),
            table: rows.table.clone(),
            key: rows.key.clone(),
            is_certain: rows.is_certain,
            soft_delete: None,
            leaves_personal: true,
            rows: Vec::new(),
        };
        let mut work =
            Work { rules: &rules, rows, wanted: rectification.wanted, correction: &mut correction };
        work.ambiguous(&collection);
        for state in &rows.rows {
            if let Some(plan) = work.row(state, &collection, connector.name()) {
                collection.rows.push(plan);
            }
        }
        if collection.rows.is_empty() {
            continue;
        }
        if !rows.constraints.is_table {
            let message = "it is a view: describe the table below it".to_owned();
            correction.planned.troubles.push(trouble(&collection, None, message));
        }
        if let Some(refusal) = &rows.constraints.refusal {
            correction.planned.troubles.push(trouble(&collection, None, refusal.clone()));
        }
        if let Some(refusal) = connector.write_refusal() {
            let message = Error::new(connector.name(), refusal).to_string();
            correction.planned.troubles.push(trouble(&collection, None, message));
        }
        match correction.planned.sources.iter_mut().find(|source| source.number == number) {
            Some(source) => source.collections.push(collection),
            None => correction.planned.sources.push(SourcePlan {
                number,
                name: Arc::clone(connector.name()),
                collections: vec![collection],
                waits_for: Vec::new(),
            }),
        }
    }
    correction.planned.collected = Collected::default();
    correction.elsewhere = elsewhere(rectification, &nodes, &correction);
    Ok(correction)
}

/// The shortest old value that is looked for elsewhere: shorter ones stand everywhere.
const TELLING: usize = 3;

/// Returns where else in the person's own rows a value stands that is going to be replaced.
fn elsewhere(rectification: &Rectification<'_>, nodes: &[NodeRows], correction: &Correction) -> Vec<Left> {
    let old: BTreeSet<String> = correction
        .changes
        .iter()
        .map(|change| change.corrected.before.to_text().trim().to_lowercase())
        .filter(|text| text.chars().count() >= TELLING)
        .collect();
    let is_changed = |node: &Node, key: &Row, field: &str| {
        correction.changes.iter().any(|change| {
            *change.dataset == *node.dataset
                && *change.collection == *node.collection
                && **change.corrected.path.top() == *field
                && change.key == *key
        })
    };
    let mut found: Vec<Left> = Vec::new();
    for rows in nodes {
        let Some(node) = rectification.plan.lookup(rows.id) else { continue };
        let mut fields: std::collections::BTreeMap<Arc<str>, u64> = std::collections::BTreeMap::new();
        for state in rows.rows.iter().filter(|state| !state.third_party && state.others.is_none()) {
            let columns = rows.key.columns(&rows.table).into_iter();
            let names =
                columns.filter_map(|place| rows.table.columns.get(place)).map(|c| Arc::clone(&c.name));
            let key = Row::new(names.zip(rows.key.values(&state.before)).collect());
            for (name, value) in state.row.fields() {
                let text = value.to_text().to_lowercase();
                let holds = old.iter().any(|old| has_word(&text, old));
                if holds && !is_changed(node, &key, name) {
                    *fields.entry(Arc::clone(name)).or_default() += 1;
                }
            }
        }
        found.extend(fields.into_iter().map(|(field, count)| Left {
            dataset: node.dataset.clone(),
            collection: node.collection.clone(),
            reason: format!("{field}: {count} rows still hold an old value; nothing changes them by itself"),
        }));
    }
    found
}

/// Says whether a text holds another as a whole, not as a part of longer words.
fn has_word(text: &str, wanted: &str) -> bool {
    let is_edge = |neighbour: Option<char>| neighbour.is_none_or(|c| !c.is_alphanumeric());
    text.match_indices(wanted).any(|(at, _)| {
        let (before, after) = (text.get(..at), text.get(at + wanted.len()..));
        is_edge(before.and_then(|text| text.chars().next_back()))
            && is_edge(after.and_then(|text| text.chars().next()))
    })
}

struct Work<'w> {
    rules: &'w FactRules,
    rows: &'w NodeRows,
    wanted: &'w [Wanted],
    correction: &'w mut Correction,
}

impl Work<'_> {
    /// Several rows with different values of one fact: which of them is wrong, only the person knows.
    fn ambiguous(&mut self, collection: &CollectionPlan) {
        for (path, fact) in &self.rules.facts {
            let is_open = self.wanted.iter().any(|one| one.fact == *fact && one.was.is_none());
            let own = self.rows.rows.iter().filter(|state| state.others.is_none());
            let values: BTreeSet<String> = own
                .filter_map(|state| state.row.lookup(path.top()))
                .filter(|value| !value.is_null() && !path.is_nested())
                .map(|value| value.to_text().trim().to_lowercase())
                .collect();
            if is_open && values.len() > 1 {
                let message = format!(
                    "the person's rows hold {} different values of {fact}: say which is wrong with --was {fact}=…",
                    values.len()
                );
                self.correction.planned.troubles.push(trouble(collection, Some(path), message));
            }
        }
    }

    fn row(&mut self, state: &RowState, collection: &CollectionPlan, source: &Arc<str>) -> Option<RowPlan> {
        let mut obstacles: Vec<Obstacle> = Vec::new();
        let corrected = correct(self.rules, &state.row, self.wanted, &mut obstacles);
        if corrected.is_empty() && obstacles.is_empty() {
            return None;
        }
        if let Some(others) = &state.others {
            self.correction.left.push(Left {
                dataset: collection.dataset.clone(),
                collection: collection.collection.clone(),
                reason: others.clone(),
            });
            return None;
        }
        for obstacle in obstacles {
            let one = trouble(collection, Some(&obstacle.field), obstacle.message);
            self.correction.planned.troubles.push(one);
        }
        let to = self.columns(&corrected, state, collection);
        let mut plan = RowPlan {
            subjects: state.subjects.clone(),
            copies: state.copies,
            before: state.before.clone(),
            decision: Decision::Mask(Masks::default()),
            to,
            fingerprint: None,
            note: None,
        };
        plan.to.sort_unstable_by_key(|(place, _)| *place);
        let key = Row::new(collection.key_of(&plan));
        for corrected in corrected {
            self.correction.changes.push(Change {
                source: Arc::clone(source),
                dataset: collection.dataset.clone(),
                collection: collection.collection.clone(),
                key: key.clone(),
                corrected,
            });
        }
        Some(plan)
    }

    /// The changed columns, each in the form it keeps; what a column can't take is told.
    fn columns(
        &mut self,
        corrected: &[Corrected],
        state: &RowState,
        collection: &CollectionPlan,
    ) -> Vec<(usize, Value)> {
        let facts = facts(&self.rows.table, &self.rows.constraints);
        let mut columns: Vec<(Arc<str>, Value)> = Vec::new();
        for one in corrected {
            let top = one.path.top();
            let known = columns.iter().position(|(name, _)| name == top);
            let now = known
                .and_then(|place| columns.get(place))
                .map(|(_, value)| value)
                .or_else(|| state.row.lookup(top));
            let Some(now) = now else { continue };
            let value = set(now, one.path.below_top(), &one.after);
            match known.and_then(|place| columns.get_mut(place)) {
                Some((_, place)) => *place = value,
                None => columns.push((top.clone(), value)),
            }
        }
        let mut to = Vec::with_capacity(columns.len());
        for (name, after) in columns {
            let Some(place) = self.rows.table.lookup(&name) else { continue };
            let (Some(column), Some(facts)) = (self.rows.table.columns.get(place), facts.get(place)) else {
                continue;
            };
            let before = state.before.get(place).unwrap_or(&Value::Null);
            let after = stored(column, before, &after);
            if let Some(reason) = misfit(facts, before, &after) {
                let path = FieldPath::of(name);
                self.correction.planned.troubles.push(trouble(collection, Some(&path), reason));
            } else {
                to.push((place, after));
            }
        }
        to
    }
}

fn trouble(collection: &CollectionPlan, field: Option<&FieldPath>, message: String) -> Trouble {
    Trouble {
        dataset: collection.dataset.to_string(),
        collection: collection.collection.to_string(),
        field: field.map(ToString::to_string),
        strategy: None,
        rows: 1,
        message,
    }
}

fn set(value: &Value, path: &[Arc<str>], to: &Value) -> Value {
    match (value, path.split_first()) {
        (Value::Object(fields), Some((first, rest))) => Value::Object(
            fields
                .iter()
                .map(|(name, inner)| {
                    (name.clone(), if name == first { set(inner, rest, to) } else { inner.clone() })
                })
                .collect(),
        ),
        (_, None) => to.clone(),
        (value, Some(_)) => value.clone(),
    }
}
