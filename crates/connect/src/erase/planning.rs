//! Makes the plan of an erasure.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use habeas_dataset::erasure::{CollectionRules, Decision, RowRule, rules};
use habeas_dataset::path::FieldPath;
use habeas_dataset::plan::{Node, NodeId};

use crate::collect::{Collected, Failure, ROUNDS, Run, collect};
use crate::error::Error;
use crate::source::Table;
use crate::write::Constraints;

use super::blocked::{References, order};
use super::depend::{ordered, waits};
use super::fitting::{Fitting, Troubles, repeated};
use super::found::{NodeRows, RowSink};
use super::views::Views;
use super::{CollectionPlan, Erasure, Planned, RowPlan, SourcePlan, sharing};

/// Collects afresh and plans what is done with every row.
///
/// # Errors
/// Returns a [`Failure`] if not everything could be searched: nothing is planned on half of what there is.
pub async fn plan(erasure: &Erasure<'_>) -> Result<Planned, Failure> {
    let mut sink = RowSink::default();
    let run = Run {
        plan: erasure.plan,
        sources: erasure.sources,
        subjects: erasure.subjects,
        chance: erasure.chance,
        rounds: ROUNDS,
    };
    let collected = collect(&run, &mut sink).await?;
    plan_rows(erasure, sink, collected).await
}

/// Plans what is done with rows that were found.
pub(super) async fn plan_rows(
    erasure: &Erasure<'_>,
    sink: RowSink,
    collected: Collected,
) -> Result<Planned, Failure> {
    let mut views = Views::new(erasure.sources, erasure.chance);
    let made = make(erasure, &mut views, sink).await;
    views.finish().await;
    match made {
        Ok(planned) => Ok(Planned { collected, ..planned }),
        Err(error) => Err(Failure { errors: vec![error], sink: None, collected }),
    }
}

struct Draft<'a> {
    erasure: &'a Erasure<'a>,
    nodes: Vec<NodeRows>,
    rules: Vec<CollectionRules>,
    plans: Vec<Vec<RowPlan>>,
    troubles: Troubles,
    used: BTreeSet<usize>,
}

async fn make(erasure: &Erasure<'_>, views: &mut Views<'_>, sink: RowSink) -> Result<Planned, Error> {
    let mut nodes = group(erasure, views, sink).await?;
    let rules: Vec<CollectionRules> = nodes
        .iter()
        .filter_map(|rows| erasure.plan.lookup(rows.id))
        .filter_map(|node| rules_of(erasure, node))
        .collect();
    let is_touched = |node: &Node| {
        rules.iter().any(|rules| {
            rules.dataset == node.dataset
                && rules.collection == node.collection
                && (!rules.fields.is_empty()
                    || rules.others.is_some()
                    || matches!(rules.row, RowRule::Delete { .. }))
        })
    };
    sharing::mark(erasure, views, &mut nodes, &is_touched).await?;
    let mut draft = Draft {
        erasure,
        nodes,
        rules,
        plans: Vec::new(),
        troubles: Troubles::default(),
        used: BTreeSet::new(),
    };
    draft.decide();
    let cleared = draft.unblock(views).await?;
    draft.check(views).await?;
    Ok(draft.finish(cleared))
}

fn rules_of(erasure: &Erasure<'_>, node: &Node) -> Option<CollectionRules> {
    let dataset = erasure.graph.datasets().iter().find(|dataset| dataset.key == node.dataset)?;
    let collection = dataset.collections.iter().find(|collection| collection.name == node.collection)?;
    Some(rules(dataset, collection, erasure.policy, erasure.spares_keys))
}

/// Brings the rows of each table together, each row once.
pub(crate) async fn group(
    erasure: &Erasure<'_>,
    views: &mut Views<'_>,
    sink: RowSink,
) -> Result<Vec<NodeRows>, Error> {
    let mut by_node: HashMap<NodeId, Vec<crate::collect::FoundRow>> = HashMap::new();
    for row in sink.rows {
        by_node.entry(row.node).or_default().push(row);
    }
    let mut ids: Vec<NodeId> = by_node.keys().copied().collect();
    ids.sort_unstable();
    let mut found: Vec<(usize, NodeId, Arc<Table>, Vec<crate::collect::FoundRow>)> = Vec::new();
    for id in ids {
        let (Some(node), Some(rows)) = (erasure.plan.lookup(id), by_node.remove(&id)) else { continue };
        let Some(table) = rows.first().map(|row| Arc::clone(&row.table)) else { continue };
        found.push((erasure.sources.serving(&node.dataset)?, id, table, rows));
    }
    let mut constraints = constraints(views, &found).await?;
    let mut nodes = Vec::with_capacity(found.len());
    for (source, id, table, rows) in found {
        let Some(node) = erasure.plan.lookup(id) else { continue };
        let known = constraints.get_mut(&source).and_then(VecDeque::pop_front).unwrap_or_default();
        let mut group = NodeRows::new(id, node, table, known);
        let mut seen = HashMap::new();
        for row in rows {
            group.add(row, &mut seen);
        }
        nodes.push(group);
    }
    Ok(nodes)
}

/// Asks each source once for what its catalogue says of all tables, in their order.
async fn constraints(
    views: &mut Views<'_>,
    found: &[(usize, NodeId, Arc<Table>, Vec<crate::collect::FoundRow>)],
) -> Result<HashMap<usize, VecDeque<Constraints>>, Error> {
    let mut tables: HashMap<usize, Vec<Arc<Table>>> = HashMap::new();
    for (source, _, table, _) in found {
        tables.entry(*source).or_default().push(Arc::clone(table));
    }
    let mut known = HashMap::new();
    for (source, tables) in tables {
        known.insert(source, views.constraints(source, &tables).await?.into());
    }
    Ok(known)
}

impl Draft<'_> {
    fn decide(&mut self) {
        for (rows, rules) in self.nodes.iter().zip(&self.rules) {
            let fitting = Fitting::new(self.erasure, rules, rows);
            let plan = |state| fitting.decide(rows, state, None, &mut self.used, &mut self.troubles);
            self.plans.push(rows.rows.iter().map(plan).collect());
        }
    }

    fn source_of(&self, node: usize) -> Option<usize> {
        let node = self.erasure.plan.lookup(self.nodes.get(node)?.id)?;
        self.erasure.sources.serving(&node.dataset).ok()
    }

    /// Masks instead of deleting what rows that stay refer to. Returns what is worth knowing besides.
    async fn unblock(&mut self, views: &mut Views<'_>) -> Result<Vec<String>, Error> {
        let references =
            References::read(views, &|node| self.source_of(node), &self.nodes, &self.plans).await?;
        // Each round makes at least one row stay, so it ends.
        loop {
            let blocked = references.blocked(&self.nodes, &self.plans);
            if blocked.is_empty() {
                break;
            }
            for one in blocked {
                let (Some(rows), Some(rules)) = (self.nodes.get(one.node), self.rules.get(one.node)) else {
                    continue;
                };
                let Some(state) = rows.rows.get(one.row) else { continue };
                let fitting = Fitting::new(self.erasure, rules, rows);
                let plan = fitting.decide(rows, state, Some(&one.reason), &mut self.used, &mut self.troubles);
                if let Some(place) = self.plans.get_mut(one.node).and_then(|plans| plans.get_mut(one.row)) {
                    *place = plan;
                }
            }
        }
        let line = |one: super::Trouble| format!("{} {}", one.rows, one.message);
        Ok(references.cleared(&self.nodes, &self.plans).into_iter().map(line).collect())
    }

    /// Finds what the sources would refuse: rights, and values that may stand only once.
    async fn check(&mut self, views: &mut Views<'_>) -> Result<(), Error> {
        for (number, (rows, rules)) in self.nodes.iter().zip(&self.rules).enumerate() {
            let Some(plans) = self.plans.get(number) else { continue };
            if !plans.iter().any(RowPlan::is_change) {
                continue;
            }
            if let Some(source) = self.source_of(number) {
                let connector = self.erasure.sources.connector(source)?;
                if let Some(refusal) = connector.write_refusal() {
                    let message = Error::new(connector.name(), refusal).to_string();
                    self.troubles.add(rules, None, None, message);
                }
                taken(views, source, rows, plans, rules, &mut self.troubles).await?;
            }
            for (column, message) in repeated(rows, plans) {
                let name = rows.table.columns.get(column).map(|column| column.name.to_string());
                self.troubles.add(rules, name, None, message);
            }
        }
        Ok(())
    }

    fn finish(self, mut warnings: Vec<String>) -> Planned {
        let erasure = self.erasure;
        let before = |first: usize, second: usize| {
            let name = |place: usize| {
                let node = erasure.plan.lookup(self.nodes.get(place)?.id)?;
                Some((node.dataset.clone(), node.collection.clone()))
            };
            match (name(first), name(second)) {
                (Some(first), Some(second)) => erasure.graph.is_erased_after(&second, &first),
                _ => false,
            }
        };
        let order = order(&self.nodes, &before);
        let sources_of: Vec<Option<usize>> = (0..self.nodes.len()).map(|node| self.source_of(node)).collect();
        let waits = waits(erasure, &self.nodes, &self.plans, &sources_of);
        warnings.extend(without_transactions(erasure, &sources_of, &self.nodes, &self.plans));
        let mut parts: Vec<Option<(NodeRows, CollectionRules, Vec<RowPlan>)>> = self
            .nodes
            .into_iter()
            .zip(self.rules)
            .zip(self.plans)
            .map(|((rows, rules), plans)| Some((rows, rules, plans)))
            .collect();
        let mut sources: Vec<SourcePlan> = Vec::new();
        for place in order {
            let Some((rows, rules, plans)) = parts.get_mut(place).and_then(Option::take) else { continue };
            let Some(number) = sources_of.get(place).copied().flatten() else { continue };
            warnings.extend(triggers(&rows, &rules, &plans));
            let is_covered = |path: &FieldPath| rules.fields.iter().any(|rule| rule.path == *path);
            let leaves_personal = !rules.instead.iter().all(|rule| is_covered(&rule.path));
            let collection = CollectionPlan {
                leaves_personal,
                node: rows.id,
                dataset: rules.dataset,
                collection: rules.collection,
                table: rows.table,
                key: rows.key,
                is_certain: rows.is_certain,
                soft_delete: rules.soft_delete,
                rows: plans,
            };
            if let Some(source) = sources.iter_mut().find(|source| source.number == number) {
                source.collections.push(collection);
            } else {
                let name = erasure.name_of(number).unwrap_or_else(|_| "?".into());
                sources.push(SourcePlan {
                    number,
                    name,
                    collections: vec![collection],
                    waits_for: Vec::new(),
                });
            }
        }
        let sources = ordered(sources, &waits, &mut warnings);
        Planned {
            sources,
            collected: Collected::default(),
            troubles: self.troubles.into_vec(),
            warnings,
            used_rules: self.used,
        }
    }
}

/// Names the sources whose rows are changed one by one, each for itself.
fn without_transactions(
    erasure: &Erasure<'_>,
    sources_of: &[Option<usize>],
    nodes: &[NodeRows],
    plans: &[Vec<RowPlan>],
) -> Vec<String> {
    let mut names: BTreeSet<Arc<str>> = BTreeSet::new();
    for ((source, rows), plans) in sources_of.iter().zip(nodes).zip(plans) {
        if rows.constraints.lacks_transactions && plans.iter().any(RowPlan::is_change) {
            names.extend(source.and_then(|source| erasure.name_of(source).ok()));
        }
    }
    let tell = |name| {
        format!(
            "source {name} has no transactions (a standalone server): its rows are changed one by one; if that is broken off, run the same again, and what is done is not done twice"
        )
    };
    names.into_iter().map(tell).collect()
}

/// Finds new values that must be unique and stand in other rows already.
async fn taken(
    views: &mut Views<'_>,
    source: usize,
    rows: &NodeRows,
    plans: &[RowPlan],
    rules: &CollectionRules,
    troubles: &mut Troubles,
) -> Result<(), Error> {
    for key in &rows.constraints.unique {
        let [place] = key.as_slice() else { continue };
        let Some(column) = rows.table.columns.get(*place) else { continue };
        let mut keys = Vec::new();
        for (_, value) in plans.iter().flat_map(|plan| &plan.to).filter(|(changed, _)| changed == place) {
            let _ = column.class.keys(value, &mut keys); // what has no key equals nothing there
        }
        if keys.is_empty() {
            continue;
        }
        let part = crate::source::Part { column: *place, path: Vec::new(), normaliser: None, keys };
        let mut is_taken = false;
        views
            .search(source, &rows.table, &[part], &mut |row| {
                is_taken |= !rows.holds(&row);
                !is_taken
            })
            .await?;
        if is_taken {
            let message =
                "its value must differ from row to row (UNIQUE), and another row has the new one already";
            troubles.add(rules, Some(column.name.to_string()), None, message.to_owned());
        }
    }
    Ok(())
}

/// Says which triggers will run: what they copy elsewhere is seen only where a dataset describes it.
fn triggers<'r>(
    rows: &'r NodeRows,
    rules: &'r CollectionRules,
    plans: &'r [RowPlan],
) -> impl Iterator<Item = String> + 'r {
    let deletes = plans.iter().any(|plan| matches!(plan.decision, Decision::Delete { .. }));
    let updates = plans.iter().any(|plan| !plan.to.is_empty());
    let runs = move |trigger: &&crate::write::Trigger| {
        (trigger.on_delete && deletes) || (trigger.on_update && updates)
    };
    rows.constraints.triggers.iter().filter(runs).map(|trigger| {
        format!(
            "{}:{} has the trigger {}: copies it makes are found only if a dataset describes their table",
            rules.dataset, rules.collection, trigger.name
        )
    })
}
