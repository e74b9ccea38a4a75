//! Says why a collection is not reached, and what would reach it.

use std::sync::Arc;

use super::Graph;
use super::links;
use crate::index::At;
use crate::plan::Unreached;

pub(super) fn unreached(graph: &Graph, identities: &[&str], reached: &[bool]) -> Vec<Unreached> {
    let others: Vec<Arc<str>> =
        graph.identities().into_iter().filter(|kind| !identities.contains(&&**kind)).collect();
    let reached_by: Vec<(Arc<str>, Vec<bool>)> =
        others.into_iter().map(|kind| (kind.clone(), graph.reached(|other| *other == *kind))).collect();
    let mut list = Vec::new();
    for (place, _) in reached.iter().enumerate().filter(|(_, is_reached)| !**is_reached) {
        let Some((dataset, collection)) = graph.at(place) else { continue };
        let leads_here = |reached: &[bool]| reached.get(place).copied().unwrap_or(false);
        let with: Vec<Arc<str>> = reached_by
            .iter()
            .filter(|(_, reached)| leads_here(reached))
            .map(|(kind, _)| kind.clone())
            .collect();
        list.push(Unreached {
            dataset: dataset.key.clone(),
            collection: collection.name.clone(),
            reason: reason(graph, place, &with),
            reached_with: with,
        });
    }
    list
}

/// Returns the collections no identity leads to, with the reason; those a request's own field finds are
/// not meant to be reached.
pub(super) fn never(graph: &Graph, reached: &[bool]) -> Vec<(At, String)> {
    let unreached = reached.iter().enumerate().filter(|(_, is_reached)| !**is_reached);
    unreached
        .filter(|(place, _)| request_field(graph, *place).is_none())
        .filter_map(|(place, _)| Some((*graph.nodes.get(place)?, reason(graph, place, &[]))))
        .collect()
}

fn request_field(graph: &Graph, place: usize) -> Option<Arc<str>> {
    let (_, collection) = graph.at(place)?;
    let mut found = None;
    collection.each_field(|_, field| {
        if found.is_none() {
            found.clone_from(&field.custom_request_field);
        }
    });
    found
}

fn reason(graph: &Graph, place: usize, with: &[Arc<str>]) -> String {
    if !with.is_empty() {
        return format!("no identity given leads to it; {} would", with.join(" or "));
    }
    if let Some(name) = request_field(graph, place) {
        return format!("it is found by the request's own field '{name}', not by an identity");
    }
    let onward = links::onward(&graph.links, graph.nodes.len());
    let feeders: Vec<String> = onward
        .iter()
        .enumerate()
        .filter(|(from, next)| *from != place && next.contains(&place))
        .filter_map(|(from, _)| graph.at(from))
        .map(|(dataset, collection)| format!("{}.{}", dataset.key, collection.name))
        .collect();
    if feeders.is_empty() {
        "it has no identity field, and no reference leads to it".to_owned()
    } else {
        format!("only {} leads to it, which nothing leads to", feeders.join(" or "))
    }
}
