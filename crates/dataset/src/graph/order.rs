//! The order of a traversal.
//!
//! First a walk in the breadth: it says which node is reached first, which settles links without direction.
//! Then nodes that feed each other are put into groups (strongly connected components), and the groups in an
//! order in which every group comes after those it takes from.

use std::collections::VecDeque;

use super::Graph;
use super::links::{self, Link};
use crate::plan::{Group, NodeId};

/// Groups and nodes in a valid order, by their places in the graph.
pub(super) struct Order {
    pub(super) nodes: Vec<usize>,
    pub(super) groups: Vec<OrderedGroup>,
}

pub(super) struct OrderedGroup {
    pub(super) nodes: Vec<usize>,
    pub(super) repeats: bool,
    pub(super) waits_for: Vec<usize>,
}

impl Order {
    /// Returns the id a node has in the plan.
    pub(super) fn id(&self, place: usize) -> Option<NodeId> {
        self.nodes.iter().position(|node| *node == place).map(NodeId)
    }

    /// Returns the groups as the plan has them.
    pub(super) fn groups(&self) -> Vec<Group> {
        let group = |group: &OrderedGroup| Group {
            nodes: group.nodes.iter().filter_map(|place| self.id(*place)).collect(),
            repeats: group.repeats,
            waits_for: group.waits_for.clone(),
        };
        self.groups.iter().map(group).collect()
    }
}

/// Walks from the identities to all reached nodes, in the breadth, each only when all those it comes
/// `after` are done. What is not reached is waited for by none.
///
/// # Errors
/// Returns the nodes that wait for each other forever.
pub(super) fn visit(graph: &Graph, identities: &[&str], reached: &[bool]) -> Result<Vec<usize>, Vec<usize>> {
    let is_reached = |place: usize| reached.get(place).copied().unwrap_or(false);
    let onward = links::onward(&graph.links, graph.nodes.len());
    let mut is_known = vec![false; graph.nodes.len()];
    let mut queue: VecDeque<usize> = VecDeque::new();
    let mut visited: Vec<usize> = Vec::new();
    let seeded = graph.seeds.iter().filter(|seed| identities.contains(&&*seed.kind));
    let mut push = |queue: &mut VecDeque<usize>, place: usize| {
        if let Some(flag) = is_known.get_mut(place)
            && !std::mem::replace(flag, true)
        {
            queue.push_back(place);
        }
    };
    for seed in seeded {
        push(&mut queue, seed.node);
    }
    while !queue.is_empty() {
        let may_run = |place: &usize| {
            let mut before = graph.after.get(*place).into_iter().flatten();
            before.all(|other| visited.contains(other) || !is_reached(*other))
        };
        let Some(at) = queue.iter().position(may_run) else { return Err(queue.into_iter().collect()) };
        let Some(place) = queue.remove(at) else { break };
        visited.push(place);
        for next in onward.get(place).into_iter().flatten() {
            push(&mut queue, *next);
        }
    }
    Ok(visited)
}

/// Orders visited nodes by what feeds what.
pub(super) fn order(graph: &Graph, first: &[usize], flows: &[Link]) -> Order {
    let position = |place: usize| first.iter().position(|visited| *visited == place);
    let mut edges: Vec<Vec<usize>> = vec![Vec::new(); first.len()];
    let mut has_own_loop = vec![false; first.len()];
    let mut connect = |from: usize, to: usize| {
        if let (Some(from), Some(to)) = (position(from), position(to)) {
            if from == to
                && let Some(flag) = has_own_loop.get_mut(from)
            {
                *flag = true;
            }
            if let Some(next) = edges.get_mut(from) {
                next.push(to);
            }
        }
    };
    for link in flows {
        connect(link.from, link.to);
    }
    for place in first {
        for before in graph.after.get(*place).into_iter().flatten() {
            connect(*before, *place);
        }
    }
    let component = components(&edges);
    let groups = sorted(&component, &edges, &has_own_loop);
    let place = |at: &usize| first.get(*at).copied();
    let groups: Vec<OrderedGroup> = groups
        .into_iter()
        .map(|group| OrderedGroup { nodes: group.nodes.iter().filter_map(place).collect(), ..group })
        .collect();
    Order { nodes: groups.iter().flat_map(|group| group.nodes.iter().copied()).collect(), groups }
}

/// Returns for each node the number of its strongly connected component: two nodes share one when each
/// leads to the other. (Kosaraju: finish times of a first walk, then a walk against the edges.)
fn components(edges: &[Vec<usize>]) -> Vec<usize> {
    let mut against: Vec<Vec<usize>> = vec![Vec::new(); edges.len()];
    for (from, next) in edges.iter().enumerate() {
        for to in next {
            if let Some(list) = against.get_mut(*to) {
                list.push(from);
            }
        }
    }
    let mut finished = Vec::new();
    let mut seen = vec![false; edges.len()];
    for start in 0..edges.len() {
        walk(edges, start, &mut seen, &mut finished);
    }
    let mut component = vec![usize::MAX; edges.len()];
    let mut seen = vec![false; edges.len()];
    for (number, start) in finished.iter().rev().enumerate() {
        let mut members = Vec::new();
        walk(&against, *start, &mut seen, &mut members);
        for member in members {
            if let Some(slot) = component.get_mut(member) {
                *slot = number;
            }
        }
    }
    component
}

/// Walks in the depth without recursion, adding nodes in the order they are finished.
fn walk(edges: &[Vec<usize>], start: usize, seen: &mut [bool], finished: &mut Vec<usize>) {
    let mut enter = |place: usize| seen.get_mut(place).is_some_and(|flag| !std::mem::replace(flag, true));
    if !enter(start) {
        return;
    }
    let mut stack = vec![(start, 0_usize)];
    while let Some((place, next)) = stack.last_mut() {
        if let Some(to) = edges.get(*place).and_then(|list| list.get(*next)) {
            *next += 1;
            if enter(*to) {
                stack.push((*to, 0));
            }
        } else {
            finished.push(*place);
            stack.pop();
        }
    }
}

/// Sorts components so that each comes after those it takes from; of those free to run, the one reached
/// first comes first.
fn sorted(component: &[usize], edges: &[Vec<usize>], has_own_loop: &[bool]) -> Vec<OrderedGroup> {
    let of = |node: usize| component.get(node).copied().unwrap_or(usize::MAX);
    let mut members: Vec<(usize, Vec<usize>)> = Vec::new();
    for (node, number) in component.iter().enumerate() {
        match members.iter_mut().find(|(known, _)| known == number) {
            Some((_, nodes)) => nodes.push(node),
            None => members.push((*number, vec![node])),
        }
    }
    let mut waits: Vec<(usize, usize)> = Vec::new();
    for (from, next) in edges.iter().enumerate() {
        waits.extend(next.iter().filter(|to| of(from) != of(**to)).map(|to| (of(from), of(*to))));
    }
    let mut done: Vec<usize> = Vec::new();
    let mut groups = Vec::new();
    while !members.is_empty() {
        let is_free = |number: usize| waits.iter().all(|(from, to)| *to != number || done.contains(from));
        // Components never wait for each other in a circle, so one is always free.
        let at = members.iter().position(|(number, _)| is_free(*number)).unwrap_or(0);
        let (number, nodes) = members.remove(at);
        let mut waits_for: Vec<usize> = waits
            .iter()
            .filter(|(_, to)| *to == number)
            .filter_map(|(from, _)| done.iter().position(|known| known == from))
            .collect();
        waits_for.sort_unstable();
        waits_for.dedup();
        let loops = nodes.iter().any(|node| has_own_loop.get(*node).copied().unwrap_or(false));
        groups.push(OrderedGroup { repeats: nodes.len() > 1 || loops, nodes, waits_for });
        done.push(number);
    }
    groups
}
