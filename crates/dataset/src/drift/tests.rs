//! Source and dataset are compared both ways.

use super::{Column, Drift, Table, drift};
use crate::testing::datasets;

fn check(tables: &[(&str, &[&str])], expected: &Drift) {
    let dataset = datasets(
        "dataset:
         - fides_key: shop
           collections:
           - {name: customer, fields: [{name: id}, {name: email}]}
           - {name: note, data_categories: [user.content], fields: [{name: id}]}
           - {name: log, fides_meta: {skip_processing: true}, fields: [{name: id}]}",
    );
    let tables: Vec<Table> = tables
        .iter()
        .map(|(name, columns)| Table {
            name: (*name).to_owned(),
            columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        })
        .collect();
    assert_eq!(&drift(&dataset[0], &tables), expected);
}

#[test]
fn a_source_as_described_has_no_drift() {
    let expected = Drift::default();
    assert!(expected.is_none());
    check(&[("customer", &["email", "id"]), ("note", &["id", "text"])], &expected);
}

#[test]
fn new_and_gone_tables_and_columns_are_listed() {
    let column =
        |collection: &str, name: &str| Column { collection: collection.to_owned(), name: name.to_owned() };
    check(
        &[("customer", &["id", "phone"]), ("invoice", &["id"])],
        &Drift {
            unknown_tables: vec!["invoice".to_owned()],
            unknown_columns: vec![column("customer", "phone")],
            missing_tables: vec!["note".to_owned()],
            missing_columns: vec![column("customer", "email")],
        },
    );
}
