//! Properties of the traversal of any graph.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{dataset, field};
use crate::graph::Graph;
use crate::plan::{NodeId, Plan, Source};
use crate::policy::Policy;
use crate::testing::datasets;

/// A graph: how many collections, which of them an identity leads to, and links between them.
#[derive(Debug, Clone)]
struct Drawn {
    count: usize,
    seeded: Vec<usize>,
    links: Vec<(usize, usize, &'static str)>,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    (1_usize..12).prop_flat_map(|count| {
        let link = (0..count, 0..count, prop_oneof![Just("to"), Just("from"), Just("ref")]);
        (prop::collection::vec(0..count, 1..4), prop::collection::vec(link, 0..24)).prop_map(
            move |(seeded, links)| {
                let links = links.into_iter().filter(|(a, b, way)| a != b || *way != "ref").collect();
                Drawn { count, seeded, links }
            },
        )
    })
}

impl Drawn {
    fn text(&self) -> String {
        let collections: Vec<(String, String)> = (0..self.count)
            .map(|own| {
                let mut fields = vec![field("id", &[])];
                if self.seeded.contains(&own) {
                    fields.push(field("email", &["identity email"]));
                } else {
                    fields.push(field("email", &[]));
                }
                let links = self.links.iter().enumerate().filter(|(_, (from, _, _))| *from == own);
                for (place, (_, to, way)) in links {
                    fields.push(field(&format!("f{place}"), &[&format!("{way} c{to}.id")]));
                }
                (format!("c{own}"), format!("fields: [{}]", fields.join(", ")))
            })
            .collect();
        let list: Vec<(&str, &str)> = collections.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        dataset(&list)
    }

    /// Which collections values can flow to, found by trying every link until nothing changes.
    fn reachable(&self) -> BTreeSet<String> {
        let mut reached: BTreeSet<usize> = self.seeded.iter().copied().collect();
        loop {
            let before = reached.len();
            for (own, other, way) in &self.links {
                if *way != "from" && reached.contains(own) {
                    reached.insert(*other);
                }
                if *way != "to" && reached.contains(other) {
                    reached.insert(*own);
                }
            }
            if reached.len() == before {
                return reached.iter().map(|place| format!("c{place}")).collect();
            }
        }
    }
}

fn group_of(plan: &Plan, id: NodeId) -> usize {
    plan.groups.iter().position(|group| group.nodes.contains(&id)).unwrap()
}

fn waits(plan: &Plan, group: usize) -> BTreeSet<usize> {
    let mut all = BTreeSet::new();
    let mut open = plan.groups[group].waits_for.clone();
    while let Some(next) = open.pop() {
        if all.insert(next) {
            open.extend(&plan.groups[next].waits_for);
        }
    }
    all
}

proptest! {
    #[test]
    fn every_reachable_collection_is_read_once_and_after_what_leads_to_it(drawn in drawn()) {
        let problems = habeas_core::yaml::Problems::new();
        let read = crate::read::read("d.yml", &drawn.text(), &problems);
        let plan = Graph::new(read).unwrap().plan(&["email"], &Policy::default()).unwrap();

        let names: Vec<String> = plan.nodes.iter().map(|node| node.collection.to_string()).collect();
        prop_assert_eq!(names.iter().cloned().collect::<BTreeSet<_>>(), drawn.reachable());
        prop_assert_eq!(names.len(), drawn.reachable().len());
        prop_assert_eq!(names.len() + plan.unreached.len(), drawn.count);

        let grouped: Vec<NodeId> = plan.groups.iter().flat_map(|group| group.nodes.clone()).collect();
        prop_assert_eq!(grouped, plan.ids().collect::<Vec<_>>());

        for (place, node) in plan.nodes.iter().enumerate() {
            let own = group_of(&plan, NodeId(place));
            prop_assert!(!node.lookups.is_empty());
            for lookup in &node.lookups {
                let Source::Node(from) = lookup.from else { continue };
                let other = group_of(&plan, from);
                if other == own {
                    prop_assert!(plan.groups[own].repeats);
                } else {
                    prop_assert!(other < own && waits(&plan, own).contains(&other));
                }
            }
        }
        for (place, group) in plan.groups.iter().enumerate() {
            prop_assert!(group.repeats || group.nodes.len() == 1);
            prop_assert!(group.waits_for.iter().all(|other| *other < place));
        }
    }

    #[test]
    fn everything_that_leads_to_a_collection_is_among_its_lookups(drawn in drawn()) {
        let read = datasets(&drawn.text());
        let plan = Graph::new(read).unwrap().plan(&["email"], &Policy::default()).unwrap();
        let reachable = drawn.reachable();
        for (own, other, way) in &drawn.links {
            let (own, other) = (format!("c{own}"), format!("c{other}"));
            let leads = |from: &str, to: &str| plan.nodes.iter().any(|node| {
                *node.collection == *to && node.lookups.iter().any(|lookup| match lookup.from {
                    Source::Node(id) => *plan.lookup(id).unwrap().collection == *from,
                    Source::Identity(_) => false,
                })
            });
            if reachable.contains(&own) && reachable.contains(&other) {
                prop_assert!(match *way {
                    "to" => leads(&own, &other),
                    "from" => leads(&other, &own),
                    _ => leads(&own, &other) || leads(&other, &own),
                }, "{} {} {}", own, way, other);
            }
        }
    }
}
