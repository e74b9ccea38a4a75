//! Shows a plan: as text for people, as JSON for machines.

use std::process::ExitCode;

use habeas_dataset::filter::Selection;
use habeas_dataset::graph::Graph;
use habeas_dataset::plan::{Lookup, Node, NodeId, Plan, Source};
use habeas_dataset::policy::Policy;
use serde_json::{Value, json};

use super::files::counted;
use crate::exit::unexplained;
use crate::output::{self, Output, Tone};

pub(super) fn show(
    graph: &Graph,
    identities: &[String],
    policy: &Policy,
    json: bool,
    out: &mut Output,
) -> anyhow::Result<ExitCode> {
    let kinds: Vec<&str> = identities.iter().map(String::as_str).collect();
    let plan = match graph.plan(&kinds, policy) {
        Ok(plan) => plan,
        Err(problems) => {
            for problem in &problems {
                output::note(&problem.to_string());
            }
            anyhow::bail!("the order the datasets ask for can't be had");
        }
    };
    if json {
        out.json(&as_json(&plan))?;
    } else {
        as_text(graph, &plan, out)?;
    }
    let is_explained = plan.unreached.is_empty() && plan.unknown_identities.is_empty();
    Ok(if is_explained { ExitCode::SUCCESS } else { unexplained() })
}

fn as_text(graph: &Graph, plan: &Plan, out: &mut Output) -> anyhow::Result<()> {
    let known =
        if plan.identities.is_empty() { "no known identity".to_owned() } else { plan.identities.join(", ") };
    out.toned(Tone::Strong, &format!("Reached from {known}: {}", counted(plan.nodes.len(), "collection")))?;
    for (step, group) in plan.groups.iter().enumerate() {
        for id in &group.nodes {
            if let Some(node) = plan.lookup(*id) {
                node_text(step + 1, group.repeats, node, plan, out)?;
            }
        }
    }
    if !plan.unreached.is_empty() {
        out.line("")?;
        out.toned(Tone::Warning, &format!("Not reached: {}", counted(plan.unreached.len(), "collection")))?;
        for unreached in &plan.unreached {
            out.line(&format!("  {}.{}: {}", unreached.dataset, unreached.collection, unreached.reason))?;
        }
    }
    for skipped in &plan.skipped {
        out.toned(
            Tone::Quiet,
            &format!("Left out: {}.{}: {}", skipped.dataset, skipped.collection, skipped.reason),
        )?;
    }
    for kind in &plan.unknown_identities {
        let known = graph.identities().join(", ");
        out.toned(Tone::Warning, &format!("No dataset knows the identity '{kind}'; they know {known}"))?;
    }
    Ok(())
}

fn node_text(step: usize, repeats: bool, node: &Node, plan: &Plan, out: &mut Output) -> anyhow::Result<()> {
    let rounds = if repeats { " (in rounds, until nothing new is found)" } else { "" };
    let third_party = if node.third_party { " (about other people)" } else { "" };
    out.line("")?;
    out.toned(Tone::Strong, &format!("{step}. {}.{}{third_party}{rounds}", node.dataset, node.collection))?;
    for (place, lookup) in node.lookups.iter().enumerate() {
        let word = if place == 0 { "found by" } else { "or by   " };
        out.line(&format!("   {word}  {}", lookup_text(lookup, plan)))?;
    }
    let columns: Vec<&str> = node.columns.iter().map(|column| &*column.name).collect();
    let read = if node.reads_all { "everything".to_owned() } else { columns.join(", ") };
    out.line(&format!("   reads     {read}"))?;
    let given = given(&node.selection);
    let nothing = "nothing: the policy includes none of it".to_owned();
    out.line(&format!("   gives     {}", if given.is_empty() { nothing } else { given.join(", ") }))?;
    let paths = |paths: &[habeas_dataset::path::FieldPath]| {
        let names: Vec<String> = paths.iter().map(ToString::to_string).collect();
        names.join(", ")
    };
    if !node.uncategorised.is_empty() {
        out.toned(Tone::Warning, &format!("   no category, not given: {}", paths(&node.uncategorised)))?;
    }
    if !node.credentials.is_empty() {
        out.toned(Tone::Quiet, &format!("   credentials, never given: {}", paths(&node.credentials)))?;
    }
    for further in &node.further_identities {
        let text = format!("   another {} in {} is for a person to judge", further.kind, further.field);
        out.toned(Tone::Quiet, &text)?;
    }
    Ok(())
}

fn name(plan: &Plan, id: NodeId) -> String {
    plan.lookup(id).map(|node| format!("{}.{}", node.dataset, node.collection)).unwrap_or_default()
}

fn lookup_text(lookup: &Lookup, plan: &Plan) -> String {
    let from = match &lookup.from {
        Source::Identity(kind) => format!("identity {kind}"),
        Source::Node(id) => name(plan, *id),
    };
    let pairs: Vec<String> = lookup
        .terms
        .iter()
        .map(|term| match &term.from {
            Some(path) => format!("{from}.{path} = {}", term.to),
            None => format!("{from} = {}", term.to),
        })
        .collect();
    let condition = if lookup.when.is_empty() { "" } else { ", on a condition" };
    let third_party = if lookup.third_party { " (leads to other people)" } else { "" };
    format!("{}{condition}{third_party}", pairs.join(" and "))
}

/// Returns the paths given; `*` stands for all that is not listed.
fn given(selection: &Selection) -> Vec<String> {
    fn walk(selection: &Selection, above: &str, paths: &mut Vec<String>) {
        match selection {
            Selection::All => paths.push(if above.is_empty() { "*".to_owned() } else { above.to_owned() }),
            Selection::Fields { named, others } => {
                let inside =
                    |name: &str| if above.is_empty() { name.to_owned() } else { format!("{above}.{name}") };
                for (name, inner) in named {
                    walk(inner, &inside(name), paths);
                }
                if *others {
                    paths.push(inside("*"));
                }
            }
        }
    }
    let mut paths = Vec::new();
    walk(selection, "", &mut paths);
    paths
}

fn as_json(plan: &Plan) -> Value {
    let order: Vec<Value> = plan
        .groups
        .iter()
        .enumerate()
        .flat_map(|(step, group)| group.nodes.iter().map(move |id| (step, group, *id)))
        .filter_map(|(step, group, id)| {
            let waits: Vec<usize> = group.waits_for.iter().map(|place| place + 1).collect();
            plan.lookup(id).map(|node| {
                json!({
                    "step": step + 1,
                    "waits_for": waits,
                    "repeats": group.repeats,
                    "dataset": node.dataset,
                    "collection": node.collection,
                    "third_party": node.third_party,
                    "found_by": node.lookups.iter().map(|lookup| lookup_json(lookup, plan)).collect::<Vec<_>>(),
                    "reads": if node.reads_all { json!("*") } else {
                        node.columns.iter().map(|column| json!(column.name)).collect()
                    },
                    "gives": given(&node.selection),
                    "uncategorised": node.uncategorised,
                    "credentials": node.credentials,
                    "further_identities": node.further_identities,
                })
            })
        })
        .collect();
    json!({
        "identities": plan.identities,
        "unknown_identities": plan.unknown_identities,
        "order": order,
        "unreached": plan.unreached,
        "skipped": plan.skipped,
    })
}

fn lookup_json(lookup: &Lookup, plan: &Plan) -> Value {
    let from = match &lookup.from {
        Source::Identity(kind) => json!({ "identity": kind }),
        Source::Node(id) => plan
            .lookup(*id)
            .map_or(Value::Null, |node| json!({ "dataset": node.dataset, "collection": node.collection })),
    };
    let fields: Vec<Value> =
        lookup.terms.iter().map(|term| json!({ "from": term.from, "to": term.to })).collect();
    json!({
        "from": from,
        "fields": fields,
        "is_conditional": !lookup.when.is_empty(),
        "third_party": lookup.third_party,
    })
}
