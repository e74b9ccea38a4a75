//! Differences are told one by one.

use super::diff;
use crate::testing::datasets;

fn check(old: &str, new: &str, expected: &[&str]) {
    let dataset = |collections: &str| {
        datasets(&format!("dataset:\n- fides_key: shop\n  collections: [{collections}]\n"))
    };
    let got: Vec<String> = diff(&dataset(old), &dataset(new)).iter().map(ToString::to_string).collect();
    assert_eq!(got, expected);
}

#[test]
fn nothing_changed_where_only_the_order_did() {
    let (a, b) = ("{name: a, fields: [{name: x}, {name: y}]}", "{name: b, fields: []}");
    check(&format!("{a}, {b}"), &format!("{b}, {{name: a, fields: [{{name: y}}, {{name: x}}]}}"), &[]);
}

#[test]
fn collections_fields_categories_and_references_are_told() {
    check(
        "{name: gone, fields: []}, {name: a, fields: [{name: x, data_categories: [user.name]}, {name: y}]}",
        "{name: fresh, fields: []}, {name: a, fields: [
            {name: x, data_categories: [user.contact], fides_meta: {identity: email, references: [{dataset: shop, field: fresh.id, direction: to}]}},
            {name: z}]}",
        &[
            "shop.a.x: category user.contact added",
            "shop.a.x: category user.name removed",
            "shop.a.x: identity was unset, is email",
            "shop.a.x: reference to shop.fresh.id added",
            "shop.a.y: field removed",
            "shop.a.z: field added",
            "shop.fresh: collection added",
            "shop.gone: collection removed",
        ],
    );
}

#[test]
fn a_turned_or_newly_marked_reference_is_another() {
    let with = |reference: &str| {
        format!(
            "{{name: a, fields: [{{name: x, fides_meta: {{references: [{{dataset: shop, field: b.id, {reference}}}]}}}}]}}"
        )
    };
    check(
        &with("direction: to"),
        &with("direction: to, habeas: {third_party: true}"),
        &["shop.a.x: reference to shop.b.id (third party) added", "shop.a.x: reference to shop.b.id removed"],
    );
}
