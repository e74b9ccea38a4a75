//! Traversals: recorded cases, what the peer can't do, and properties of any graph.

mod properties;
mod reading;
mod recorded;

use std::fmt::Write as _;

use super::Graph;
use crate::plan::{Plan, Source};
use crate::policy::Policy;
use crate::testing::datasets;

/// Makes a dataset `d` of collections, each `name: fields`, all fields of some category.
pub(super) fn dataset(collections: &[(&str, &str)]) -> String {
    let mut text = "dataset:\n- fides_key: d\n  collections:\n".to_owned();
    for (name, rest) in collections {
        writeln!(text, "  - {{name: {name}, data_categories: [system.operations], {rest}}}").unwrap();
    }
    text
}

/// Makes a field: its name, then `identity KIND`, `to|from|ref COLLECTION.FIELD`.
pub(super) fn field(name: &str, says: &[&str]) -> String {
    let mut meta = String::new();
    let mut references = String::new();
    for word in says {
        let (what, value) = word.split_once(' ').unwrap();
        match what {
            "identity" => write!(meta, "identity: {value}, ").unwrap(),
            "ref" => write!(references, "{{dataset: d, field: {value}}}, ").unwrap(),
            way => write!(references, "{{dataset: d, field: {value}, direction: {way}}}, ").unwrap(),
        }
    }
    format!("{{name: {name}, fides_meta: {{{meta}references: [{references}]}}}}")
}

fn plan(text: &str, identities: &[&str]) -> Plan {
    Graph::new(datasets(text)).unwrap().plan(identities, &Policy::default()).unwrap()
}

/// Plans and compares: a line per lookup in reading order, `from.field -> collection.field`; nodes of groups
/// that run in rounds are marked with `*`.
fn check(text: &str, identities: &[&str], expected: &[&str]) {
    assert_eq!(lines(&plan(text, identities)), expected, "{text}");
}

fn lines(plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    for group in &plan.groups {
        let mark = if group.repeats { "*" } else { "" };
        for node in group.nodes.iter().map(|id| plan.lookup(*id).unwrap()) {
            for lookup in &node.lookups {
                let from = match &lookup.from {
                    Source::Identity(kind) => kind.to_string(),
                    Source::Node(id) => plan.lookup(*id).unwrap().collection.to_string(),
                };
                let terms = lookup.terms.iter().map(|term| match &term.from {
                    Some(path) => format!("{from}.{path} -> {}.{}", node.collection, term.to),
                    None => format!("{from} -> {}.{}", node.collection, term.to),
                });
                lines.push(format!("{mark}{}", terms.collect::<Vec<_>>().join(" and ")));
            }
        }
    }
    lines
}

#[test]
fn values_flow_as_the_direction_says() {
    let person = format!("fields: [{}, {}]", field("email", &["identity email"]), field("id", &[]));
    let cases: &[(&str, &[&str])] = &[
        ("from person.id", &["email -> person.email", "person.id -> note.person_id"]),
        ("ref person.id", &["email -> person.email", "person.id -> note.person_id"]),
        // The note leads to persons, but nothing leads to the note.
        ("to person.id", &["email -> person.email"]),
    ];
    for (reference, expected) in cases {
        let note = format!("fields: [{}]", field("person_id", &[reference]));
        check(&dataset(&[("person", &person), ("note", &note)]), &["email"], expected);
        // The order of the files doesn't matter where only one side is reached first.
        check(&dataset(&[("note", &note), ("person", &person)]), &["email"], expected);
    }
}

#[test]
fn without_direction_nothing_flows_back_to_where_it_came_from() {
    // Else one person's address would lead to everybody who lives there.
    let text = dataset(&[
        (
            "person",
            &format!(
                "fields: [{}, {}]",
                field("email", &["identity email"]),
                field("address_id", &["ref address.id"])
            ),
        ),
        ("address", &format!("fields: [{}]", field("id", &[]))),
    ]);
    check(&text, &["email"], &["email -> person.email", "person.address_id -> address.id"]);
}

#[test]
fn a_link_declared_on_both_sides_is_one() {
    let text = dataset(&[
        (
            "person",
            &format!(
                "fields: [{}, {}]",
                field("email", &["identity email"]),
                field("id", &["to note.person_id"])
            ),
        ),
        ("note", &format!("fields: [{}]", field("person_id", &["from person.id", "ref person.id"]))),
    ]);
    check(&text, &["email"], &["email -> person.email", "person.id -> note.person_id"]);
}

#[test]
fn a_collection_is_read_after_all_that_leads_to_it() {
    let text = dataset(&[
        ("address", &format!("fields: [{}]", field("id", &[]))),
        (
            "person",
            &format!(
                "fields: [{}, {}, {}]",
                field("email", &["identity email"]),
                field("id", &[]),
                field("home", &["to address.id"])
            ),
        ),
        (
            "order",
            &format!(
                "fields: [{}, {}]",
                field("person_id", &["from person.id"]),
                field("ship_to", &["to address.id"])
            ),
        ),
    ]);
    check(
        &text,
        &["email"],
        &[
            "email -> person.email",
            "person.id -> order.person_id",
            "person.home -> address.id",
            "order.ship_to -> address.id",
        ],
    );
    let plan = plan(&text, &["email"]);
    let waits: Vec<&[usize]> = plan.groups.iter().map(|group| group.waits_for.as_slice()).collect();
    assert_eq!(waits, [&[][..], &[0], &[0, 1]]);
}

#[test]
fn trees_and_circles_run_in_rounds() {
    let tree = dataset(&[(
        "comment",
        &format!(
            "fields: [{}, {}, {}]",
            field("author", &["identity email"]),
            field("id", &[]),
            field("parent_id", &["from comment.id"])
        ),
    )]);
    check(&tree, &["email"], &["*email -> comment.author", "*comment.id -> comment.parent_id"]);

    let circle = dataset(&[
        ("a", &format!("fields: [{}, {}]", field("email", &["identity email"]), field("x", &["to b.x"]))),
        ("b", &format!("fields: [{}, {}]", field("x", &[]), field("y", &["to c.y"]))),
        (
            "c",
            &format!(
                "fields: [{}, {}, {}]",
                field("y", &[]),
                field("z", &["to a.x"]),
                field("w", &["to d.w"])
            ),
        ),
        ("d", &format!("fields: [{}]", field("w", &[]))),
    ]);
    check(
        &circle,
        &["email"],
        &["*email -> a.email", "*c.z -> a.x", "*a.x -> b.x", "*b.y -> c.y", "c.w -> d.w"],
    );
}

#[test]
fn a_composite_key_matches_on_all_its_fields_of_one_row() {
    let text = dataset(&[
        ("person", &format!("fields: [{}, {}]", field("email", &["identity email"]), field("id", &[]))),
        (
            "line",
            &format!(
                "fields: [{}, {}, {}]",
                field("person", &["from person.id"]),
                field("order_id", &[]),
                field("no", &[])
            ),
        ),
        (
            "shipment",
            &format!(
                "habeas: {{composite_keys: [[order_id, line_no]]}}, fields: [{}, {}]",
                field("order_id", &["from line.order_id"]),
                field("line_no", &["from line.no"])
            ),
        ),
    ]);
    check(
        &text,
        &["email"],
        &[
            "email -> person.email",
            "person.id -> line.person",
            "line.order_id -> shipment.order_id and line.no -> shipment.line_no",
        ],
    );
}

#[test]
fn another_identity_is_followed_only_where_it_is_certainly_the_persons() {
    let news = ("news", format!("fields: [{}]", field("email", &["identity email"])));
    let calls = ("calls", format!("fields: [{}]", field("phone", &["identity phone_number"])));
    let account = |own: &str, second: &str| {
        dataset(&[
            (
                "account",
                &format!(
                    "habeas: {{{own}}}, fields: [{}, {{name: second, habeas: {{{second}}}, fides_meta: {{identity: email}}}}, {}]",
                    field("no", &["identity account_no"]),
                    field("phone", &["identity phone_number"])
                ),
            ),
            (news.0, &news.1),
            (calls.0, &calls.1),
        ])
    };
    let no = "account_no -> account.no";
    let cases: &[(&str, &str, &[&str])] = &[
        ("one_person: false", "", &[no]),
        (
            "one_person: true",
            "feeds_back: false",
            &["*account_no -> account.no", "*account.no -> account.no"],
        ),
        (
            "one_person: true",
            "",
            &[
                "*account_no -> account.no",
                "*account.no -> account.no",
                "*account.second -> account.second",
                "account.second -> news.email",
            ],
        ),
        (
            "one_person: false",
            "feeds_back: true",
            &[
                "*account_no -> account.no",
                "*account.second -> account.second",
                "account.second -> news.email",
            ],
        ),
        ("one_person: true, third_party: true", "", &[no]),
    ];
    for (own, second, expected) in cases {
        let text = account(own, second);
        check(&text, &["account_no"], expected);
        let plan = plan(&text, &["account_no"]);
        assert!(plan.unreached.iter().any(|u| &*u.collection == "calls"), "a telephone is shared: {own}");
        let further = &plan.nodes[0].further_identities;
        assert!(further.iter().any(|f| &*f.kind == "phone_number"), "but told to a person: {own}");
    }
}

#[test]
fn third_party_marks_stand_on_links_and_collections() {
    let text = "
dataset:
- fides_key: d
  collections:
  - name: contact
    data_categories: [user]
    fields:
    - {name: email, fides_meta: {identity: email}}
    - {name: id}
    - {name: parent_id, fides_meta: {references: [{dataset: d, field: contact.id, direction: from, habeas: {third_party: true}}]}}
  - name: referee
    habeas: {third_party: true}
    data_categories: [user]
    fields: [{name: contact_id, fides_meta: {references: [{dataset: d, field: contact.id, direction: from}]}}]
";
    let plan = plan(text, &["email"]);
    let marks: Vec<(bool, Vec<bool>)> = plan
        .nodes
        .iter()
        .map(|node| (node.third_party, node.lookups.iter().map(|lookup| lookup.third_party).collect()))
        .collect();
    assert_eq!(marks, [(false, vec![false, true]), (true, vec![false])]);
}

#[test]
fn after_delays_a_collection_and_is_refused_where_it_can_not_be_had() {
    let with = |after: &str| {
        dataset(&[
            (
                "a",
                &format!(
                    "fides_meta: {{after: [{after}]}}, fields: [{}, {}]",
                    field("email", &["identity email"]),
                    field("x", &["to c.x"])
                ),
            ),
            ("b", &format!("fields: [{}]", field("email", &["identity email"]))),
            ("c", &format!("fields: [{}]", field("x", &[]))),
            ("unreached", &format!("fields: [{}]", field("phone", &["identity phone_number"]))),
        ])
    };
    check(&with("d.b"), &["email"], &["email -> b.email", "email -> a.email", "a.x -> c.x"]);
    // Nothing waits for what no identity of the request leads to.
    check(&with("d.unreached"), &["email"], &["email -> a.email", "email -> b.email", "a.x -> c.x"]);

    let graph = Graph::new(datasets(&with("d.c"))).unwrap();
    let problems = graph.plan(&["email"], &Policy::default()).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!(
        problems[0].message,
        "'a' waits for d.c (after), which can be reached only once it is read itself"
    );
}

#[test]
fn what_is_not_reached_says_why_and_what_would_reach_it() {
    let text = dataset(&[
        ("person", &format!("fields: [{}]", field("email", &["identity email"]))),
        ("call", &format!("fields: [{}, {}]", field("phone", &["identity phone_number"]), field("id", &[]))),
        ("recording", &format!("fields: [{}]", field("call_id", &["from call.id"]))),
    ]);
    let plan = plan(&text, &["email", "customer_no"]);
    assert_eq!(plan.identities.iter().map(|kind| &**kind).collect::<Vec<_>>(), ["email"]);
    assert_eq!(plan.unknown_identities.iter().map(|kind| &**kind).collect::<Vec<_>>(), ["customer_no"]);
    let told: Vec<(&str, &str)> =
        plan.unreached.iter().map(|unreached| (&*unreached.collection, unreached.reason.as_str())).collect();
    assert_eq!(
        told,
        [
            ("call", "no identity given leads to it; phone_number would"),
            ("recording", "no identity given leads to it; phone_number would"),
        ]
    );
}
