//! Every key of the format is read, and every mistake is told with its place.

use habeas_core::yaml::Problems;
use proptest::prelude::*;

use super::read;
use crate::graph::Graph;
use crate::masking::{Masking, Pseudonym};
use crate::model::{Dataset, Direction, ErasureAction, Field};
use crate::normalise::Normaliser;
use crate::plan::{DataKind, DataType, Test};
use crate::policy::Policy;

const FULL: &str = include_str!("tests/full.yml");

fn read_all(text: &str) -> (Vec<Dataset>, Vec<String>) {
    let problems = Problems::new();
    let datasets = read("d.yml", text, &problems);
    (datasets, problems.into_vec().iter().map(ToString::to_string).collect())
}

/// Reads fields of one collection and compares the problems told.
fn check(fields: &str, expected: &[&str]) {
    let text = format!("dataset:\n- fides_key: d\n  collections:\n  - name: t\n    fields:\n{fields}");
    assert_eq!(read_all(&text).1, expected, "{fields}");
}

#[test]
fn every_key_of_the_format_is_read() {
    let (datasets, problems) = read_all(FULL);
    assert_eq!(problems, [""; 0]);
    let dataset = &datasets[0];
    assert_eq!(&*dataset.key, "shop");
    assert_eq!(dataset.namespace["schema"], "sales");
    assert_eq!(dataset.resource_id.as_deref(), Some("db-1"));
    assert_eq!(dataset.after.iter().map(|named| &*named.name).collect::<Vec<_>>(), ["crm"]);
    assert!(dataset.redacts_name);

    let collection = &dataset.collections[0];
    assert_eq!(&*collection.after[0].name, "crm.people");
    assert_eq!(&*collection.erase_after[0].name, "shop.note");
    assert!(collection.deletes_rows && collection.third_party && collection.one_person);
    assert_eq!(collection.partitioning, Some(serde_json::json!({"field": "created", "days": 30})));
    assert_eq!(collection.filter.len(), 2);
    assert_eq!(collection.composite_keys[0].fields.len(), 2);
    assert_eq!(collection.soft_delete.as_ref().unwrap().test, Test::IsNotNull);
    assert_eq!(collection.erasure, Some(ErasureAction::Mask));
    assert!(dataset.collections[1].skips_processing);

    every_key_of_a_field_is_read(&collection.fields);
}

fn every_key_of_a_field_is_read(fields: &[Field]) {
    let email = &fields[0];
    assert_eq!(email.identity.as_deref(), Some("email"));
    assert_eq!(email.data_type, Some(DataType { kind: DataKind::String, is_array: true }));
    assert!(email.is_primary_key && email.is_read_only && email.returns_all_elements && email.redacts_name);
    assert_eq!(email.length, Some(40));
    assert_eq!(email.custom_request_field.as_deref(), Some("mail"));
    assert_eq!(
        email.masking,
        Some(Masking::StringRewrite { rewrite_value: "gone".to_owned(), suffix: Some("@x".to_owned()) })
    );
    let directions: Vec<Direction> = email.references.iter().map(|r| r.direction).collect();
    assert_eq!(directions, [Direction::From, Direction::To, Direction::Either, Direction::Either]);
    assert!(email.references[0].third_party);
    assert_eq!(email.references[0].when.len(), 1);
    assert_eq!(email.normaliser, Some(Normaliser::Email));
    assert_eq!((email.credential, email.feeds_back), (Some(false), Some(true)));
    assert_eq!(email.fact.as_deref(), Some("email"));
    assert_eq!(email.pseudonym, Some(Pseudonym::Email));

    assert_eq!(fields[1].derived_from.len(), 2);
    assert!(fields[2].is_json);
    assert_eq!(&*fields[2].fields[0].fields[0].name, "colour");
}

#[test]
fn a_dataset_may_stand_alone() {
    let (datasets, problems) = read_all("fides_key: d\ncollections: []");
    assert_eq!((datasets.len(), problems.len()), (1, 0));
}

#[test]
fn misspelt_keys_have_a_nearest_one() {
    check(
        "    - name: a\n      fides_meta: {primary_kay: true}\n      data_category: [user]",
        &[
            "d.yml:7: dataset[0].collections[0].fields[0].fides_meta.primary_kay: unknown key 'primary_kay' (did you mean 'primary_key'?)",
            "d.yml:8: dataset[0].collections[0].fields[0].data_category: unknown key 'data_category' (did you mean 'data_categories'?)",
        ],
    );
    assert_eq!(
        read_all("dataset:\n- fides_key: d\n  colections: []").1,
        [
            "d.yml:2: dataset[0]: the key 'collections' is missing",
            "d.yml:3: dataset[0].colections: unknown key 'colections' (did you mean 'collections'?)"
        ]
    );
}

#[test]
fn what_does_not_fit_is_told() {
    let at = "d.yml:6: dataset[0].collections[0].fields[0]";
    let cases = [
        (
            "fides_meta: {data_type: strng}",
            format!(
                "{at}.fides_meta.data_type: unknown data_type 'strng': it is one of string, integer, float, boolean, object_id, object, with [] for a list (did you mean 'string'?)"
            ),
        ),
        (
            "fides_meta: {data_type: string}, fields: [{name: b}]",
            format!("{at}: 'a' has fields inside, so its data_type must be object"),
        ),
        (
            "fides_meta: {return_all_elements: true}",
            format!(
                "{at}.fides_meta.return_all_elements: return_all_elements is for lists: the data_type must end in []"
            ),
        ),
        (
            "fides_meta: {length: 0}",
            format!("{at}.fides_meta.length: expected a length of one or more, found a number"),
        ),
        (
            "fides_meta: {primary_key: maybe}",
            format!("{at}.fides_meta.primary_key: expected true or false, found text"),
        ),
        (
            "fides_meta: {identity: email, data_type: boolean}",
            format!("{at}: 'a' can't be an identity: its data_type is object or boolean"),
        ),
        (
            "fides_meta: {references: [{dataset: d, field: t.b, direction: both}]}",
            format!("{at}.fides_meta.references[0].direction: expected one of from, to, none, found 'both'"),
        ),
        (
            "fides_meta: {references: [{field: t.b}]}",
            format!("{at}.fides_meta.references[0]: the key 'dataset' is missing"),
        ),
        (
            "data_categories: [user.emial]",
            format!(
                "{at}.data_categories[0]: unknown data category 'user.emial' (did you mean 'user.contact.email'?)"
            ),
        ),
        (
            "data_categories: [user.pets.dog]",
            format!(
                "{at}.data_categories[0]: unknown data category 'user.pets.dog' (a category of your own is declared in habeas.categories of the dataset)"
            ),
        ),
        ("data_categories: user.name", format!("{at}.data_categories: expected a list, found text")),
        (
            "habeas: {normalise: fax}",
            format!("{at}.habeas.normalise: expected one of email, phone, name, found 'fax'"),
        ),
        (
            "habeas: {feeds_back: true}",
            format!("{at}.habeas.feeds_back: feeds_back is for fields with an identity"),
        ),
    ];
    for (says, expected) in cases {
        check(&format!("    - {{name: a, {says}}}"), &[&expected]);
    }
}

#[test]
fn names_are_used_once_and_hold_no_dots() {
    check(
        "    - {name: a}\n    - {name: a}",
        &["d.yml:7: dataset[0].collections[0].fields[1]: there is another field 'a' on line 6"],
    );
    check(
        "    - {name: a.b}",
        &[
            "d.yml:6: dataset[0].collections[0].fields[0].name: expected a name without dots; what is inside a field is listed in its fields, found text",
        ],
    );
}

#[test]
fn a_category_of_ones_own_is_declared() {
    let text = "fides_key: d\nhabeas: {categories: [user.pets.dog]}\ncollections: [{name: t, fields: [{name: a, data_categories: [user.pets.dog]}]}]";
    assert_eq!(read_all(text).1, [""; 0]);
}

proptest! {
    #[test]
    fn anything_is_read_or_refused(text in "\\PC{0,300}") {
        read_all(&text);
    }

    #[test]
    fn a_file_with_any_part_replaced_is_read_or_refused(
        start in 0..FULL.len(),
        length in 0_usize..60,
        instead in "[ -~\n]{0,20}",
    ) {
        let end = (start + length).min(FULL.len());
        let text = format!("{}{instead}{}", &FULL[..start], &FULL[end..]);
        let (datasets, _) = read_all(&text);
        if let Ok(graph) = Graph::new(datasets) {
            graph.plan(&["email"], &Policy::default()).ok();
        }
    }
}
