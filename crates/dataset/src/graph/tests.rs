//! Traversals: recorded cases, what the peer can't do, and properties of any graph.

mod recorded;

use super::Graph;
use crate::plan::{Plan, Source};
use crate::policy::Policy;
use crate::testing::datasets;

/// Plans and returns one line per lookup: `source -> collection.field`, in order.
fn check(text: &str, identities: &[&str]) -> Vec<String> {
    lines(&plan(text, identities))
}

fn plan(text: &str, identities: &[&str]) -> Plan {
    Graph::new(datasets(text)).unwrap().plan(identities, &Policy::default()).unwrap()
}

fn lines(plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    for node in &plan.nodes {
        for lookup in &node.lookups {
            let from = match &lookup.from {
                Source::Identity(kind) => kind.to_string(),
                Source::Node(id) => plan.lookup(*id).unwrap().collection.to_string(),
            };
            let terms: Vec<String> = lookup
                .terms
                .iter()
                .map(|term| match &term.from {
                    Some(path) => format!("{path}={}", term.to),
                    None => term.to.to_string(),
                })
                .collect();
            lines.push(format!("{from} -> {}: {}", node.collection, terms.join(" and ")));
        }
    }
    lines
}
