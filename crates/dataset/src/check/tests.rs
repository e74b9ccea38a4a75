//! Mistakes between files are told with their places.

use habeas_core::yaml::Problems;

use super::check as check_all;
use crate::read::read;

/// Checks the collections of a dataset `d` and compares what is told.
fn check(collections: &str, expected: &[&str]) {
    let text = format!("dataset:\n- fides_key: d\n  collections:\n{collections}");
    let problems = Problems::new();
    let datasets = read("d.yml", &text, &problems);
    let problems = problems.into_vec();
    assert!(problems.is_empty(), "{problems:#?}");
    let told: Vec<String> = check_all(&datasets).iter().map(ToString::to_string).collect();
    assert_eq!(told, expected, "{collections}");
}

/// A collection an identity leads to.
const PERSON: &str = "  - {name: person, data_categories: [user], fields: [{name: email, fides_meta: {identity: email}}, {name: id, fides_meta: {data_type: integer}}]}\n";

/// Checks a collection `note` with a reference.
fn check_reference(reference: &str, expected: &str) {
    let note = format!(
        "{PERSON}  - name: note\n    data_categories: [user]\n    fields:\n    - {{name: person_id, fides_meta: {{data_type: integer, references: [{{{reference}}}]}}}}"
    );
    let expected =
        format!("d.yml:8: dataset[0].collections[1].fields[0].fides_meta.references[0]: {expected}");
    check(&note, &[&expected]);
}

#[test]
fn dangling_references_have_a_nearest_name() {
    check_reference("dataset: dd, field: person.id", "there is no dataset 'dd' (did you mean 'd'?)");
    check_reference(
        "dataset: d, field: persn.id",
        "dataset 'd' has no collection 'persn' (did you mean 'person'?)",
    );
    check_reference(
        "dataset: d, field: person.ids, direction: from",
        "collection 'person' of dataset 'd' has no field 'ids' (did you mean 'person.id'?)",
    );
    check_reference(
        "dataset: d, field: person",
        "a reference names its field as collection.field (did you mean 'person'?)",
    );
    check_reference("dataset: d, field: note.person_id", "the field refers to itself");
}

#[test]
fn linked_types_must_fit() {
    let with = |own: &str, other: &str, expected: &[&str]| {
        let note = format!(
            "  - {{name: a, data_categories: [user], fields: [{{name: x, fides_meta: {{identity: email, data_type: {own}, references: [{{dataset: d, field: b.y, direction: to}}]}}}}]}}\n  - {{name: b, data_categories: [user], fields: [{{name: y, fides_meta: {{data_type: {other}}}}}]}}"
        );
        check(&note, expected);
    };
    with("integer", "string", &[]);
    with("string", "object_id", &[]);
    with("integer", "'integer[]'", &[]);
    let at = "d.yml:4: dataset[0].collections[0].fields[0].fides_meta.references[0]:";
    with("integer", "boolean", &[&format!("{at} integer can't equal boolean of 'b.y'")]);
    with("integer", "object_id", &[&format!("{at} integer can't equal object_id of 'b.y'")]);
    with("string", "object", &[&format!("{at} string can't equal object of 'b.y'")]);
}

#[test]
fn a_left_out_collection_must_not_be_needed() {
    check(
        &format!(
            "{PERSON}  - {{name: note, data_categories: [user], fides_meta: {{skip_processing: true}}, fields: [{{name: id}}]}}\n  - {{name: line, data_categories: [user], fields: [{{name: note_id, fides_meta: {{references: [{{dataset: d, field: note.id}}]}}}}]}}"
        ),
        &[
            "d.yml:6: dataset[0].collections[2].fields[0].fides_meta.references[0]: the reference leads to 'note.id', which says skip_processing (without it records would be missed)",
        ],
    );
}

#[test]
fn circles_of_after_are_told_for_each_collection_in_them() {
    check(
        "  - {name: a, data_categories: [user], fides_meta: {after: [d.b]}, fields: [{name: x, fides_meta: {identity: email}}]}
  - {name: b, data_categories: [user], fides_meta: {after: [d.a]}, fields: [{name: x, fides_meta: {identity: email}}]}
  - {name: c, data_categories: [user], fides_meta: {after: [d.a], erase_after: [d.c, d.x]}, fields: [{name: x, fides_meta: {identity: email}}]}",
        &[
            "d.yml:4: dataset[0].collections[0]: 'd.a' waits for itself (after)",
            "d.yml:5: dataset[0].collections[1]: 'd.b' waits for itself (after)",
            "d.yml:6: dataset[0].collections[2]: 'd.c' waits for itself (erase_after)",
            "d.yml:6: dataset[0].collections[2].fides_meta.erase_after[1]: there is no collection 'd.x'; it is named as dataset.collection (did you mean 'd.a'?)",
        ],
    );
}

#[test]
fn what_no_request_finds_and_no_reply_gives_is_a_warning() {
    check(
        "  - {name: person, fields: [{name: email, fides_meta: {identity: email}}, {name: token_count}, {name: reset_token, data_categories: [user]}]}
  - {name: lost, data_categories: [user], fields: [{name: id}]}
  - {name: line, data_categories: [user], fields: [{name: lost_id, fides_meta: {references: [{dataset: d, field: lost.id, direction: from}]}}]}
  - {name: vendor, data_categories: [user], fields: [{name: site, fides_meta: {custom_request_field: site}}]}",
        &[
            "d.yml:4: dataset[0].collections[0].fields[0]: 'person.email' has no data category, so no reply includes it",
            "d.yml:4: dataset[0].collections[0].fields[1]: 'person.token_count' has no data category, so no reply includes it",
            "d.yml:4: dataset[0].collections[0].fields[2]: 'person.reset_token' is taken for a credential and never given to anybody (say so with habeas: {credential: true}, or deny it with false)",
            "d.yml:5: dataset[0].collections[1]: nothing leads to 'lost': it has no identity field, and no reference leads to it",
            "d.yml:6: dataset[0].collections[2]: nothing leads to 'line': only d.lost leads to it, which nothing leads to",
        ],
    );
}

#[test]
fn conditions_and_keys_name_fields_that_exist() {
    check(
        &format!("{PERSON}  - name: note
    data_categories: [user]
    habeas: {{filter: {{field: tennant, is: 1}}, soft_delete: gone_at, composite_keys: [[a, b]]}}
    fields:
    - {{name: tenant, habeas: {{derived_from: tenat}}}}
    - {{name: a, fides_meta: {{identity: email, references: [{{dataset: d, field: person.id, direction: from}}]}}}}
    - {{name: b}}"),
        &[
            "d.yml:5: dataset[0].collections[1]: habeas.filter names the field 'tennant', which 'note' doesn't have (did you mean 'tenant'?)",
            "d.yml:5: dataset[0].collections[1]: habeas.soft_delete names the field 'gone_at', which 'note' doesn't have",
            "d.yml:7: dataset[0].collections[1].habeas.composite_keys[0]: not every field of the composite key refers to 'person' in the same direction",
            "d.yml:9: dataset[0].collections[1].fields[0]: habeas.derived_from names the field 'tenat', which 'note' doesn't have (did you mean 'tenant'?)",
        ],
    );
}

#[test]
fn a_link_within_a_collection_needs_a_direction() {
    check(
        "  - {name: a, data_categories: [user], fields: [{name: x, fides_meta: {identity: email}}, {name: up, fides_meta: {references: [{dataset: d, field: a.x}]}}]}",
        &[
            "d.yml:4: dataset[0].collections[0].fields[1].fides_meta.references[0]: a reference within one collection needs a direction ('from' follows from the other field to this one, 'to' the other way)",
        ],
    );
}

#[test]
fn a_key_used_twice_is_told_across_files() {
    let problems = Problems::new();
    let mut datasets = read("a.yml", "fides_key: d\ncollections: []", &problems);
    datasets.extend(read("b.yml", "fides_key: d\ncollections: []", &problems));
    let told: Vec<String> = check_all(&datasets).iter().map(ToString::to_string).collect();
    assert_eq!(told, ["b.yml:1: there is another dataset 'd' in a.yml on line 1"]);
}
