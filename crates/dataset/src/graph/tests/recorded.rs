//! The recorded traversals of the peer.
//!
//! Where a reference has no direction, the peer goes through collections that could come next in an
//! arbitrary order, which decides which side feeds which. We take the order of the files; so the test gives
//! the datasets in the order recorded and then expects the very same edges.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::graph::Graph;
use crate::plan::{Plan, Source};
use crate::policy::Policy;
use crate::testing::{cases, recorded};

const ROOT: &str = "__ROOT__:__ROOT__";

type Edges = BTreeSet<(String, String, String)>;

#[test]
fn recorded_traversals_are_the_same() {
    let all = cases(include_str!("../../../../cli/tests/fixtures/graph_traversal.json"));
    assert_eq!(all.len(), 24);
    for case in &all {
        let name = case["test"].as_str().unwrap();
        match (&case["raises"], traverse(case)) {
            (Value::Null, Ok(plan)) => {
                assert_eq!(edges(&plan), expected(&case["output"]["map"]), "{name}");
            }
            (Value::Null, Err(error)) => panic!("{name}: {error}"),
            (raised, Ok(plan)) => {
                // The peer gives up; we plan what can be reached and say what can't.
                assert_eq!(raised, "UnreachableNodesError", "{name}");
                assert!(!plan.unreached.is_empty(), "{name}");
            }
            (raised, Err(class)) => assert_eq!(raised, class, "{name}"),
        }
    }
}

fn traverse(case: &Value) -> Result<Plan, &'static str> {
    let mut datasets = recorded(&case["inputs"]["datasets"]);
    if let Some(map) = case["output"]["map"].as_object() {
        let order: Vec<&str> = map.keys().map(|node| node.split_once(':').unwrap().0).collect();
        datasets.sort_by_key(|dataset| order.iter().position(|key| *key == &*dataset.key));
    }
    let graph = Graph::new(datasets).map_err(|problems| {
        let waits = problems.iter().any(|problem| problem.message.contains("waits for itself"));
        if waits { "TraversalError" } else { "ValidationError" }
    })?;
    let seeds: Vec<&str> = case["inputs"]["seed"].as_object().unwrap().keys().map(String::as_str).collect();
    graph.plan(&seeds, &Policy::default()).map_err(|_| "TraversalError")
}

fn edges(plan: &Plan) -> Edges {
    let name = |node: &crate::plan::Node| format!("{}:{}", node.dataset, node.collection);
    let mut edges = Edges::new();
    for node in &plan.nodes {
        for lookup in &node.lookups {
            let term = lookup.terms.first().unwrap();
            let (from, path) = match &lookup.from {
                Source::Identity(kind) => (ROOT.to_owned(), kind.to_string()),
                Source::Node(id) => {
                    (name(plan.lookup(*id).unwrap()), term.from.as_ref().unwrap().to_string())
                }
            };
            edges.insert((from, name(node), format!("{path} -> {}", term.to)));
        }
    }
    edges
}

/// Returns the edges of a recorded map, having seen that it tells each from both of its ends.
fn expected(map: &Value) -> Edges {
    let map: BTreeMap<String, Value> = serde_json::from_value(map.clone()).unwrap();
    let collect = |side: &str| -> Edges {
        let mut edges = Edges::new();
        for (node, ends) in &map {
            for (other, fields) in ends[side].as_object().unwrap() {
                for field in fields["set"].as_array().unwrap() {
                    let field = field.as_str().unwrap().to_owned();
                    edges.insert(match side {
                        "from" => (other.clone(), node.clone(), field),
                        _ => (node.clone(), other.clone(), field),
                    });
                }
            }
        }
        edges
    };
    assert_eq!(collect("from"), collect("to"));
    collect("to")
}
