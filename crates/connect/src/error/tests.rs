//! Messages name the cause and the cure, and never quote what the database said.

use std::sync::Arc;

use super::{Error, Kind, Problem, by_code, nearest_name};

#[test]
fn codes_become_causes() {
    let check = |code: &str, kind: Kind| {
        let error = Error::new(&Arc::from("shop"), by_code(code, "orders", 500));
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().starts_with("source shop "));
    };
    check("28P01", Kind::Credentials);
    check("57P01", Kind::Transient);
    check("08006", Kind::Transient);
    check("53300", Kind::Transient);
    check("57014", Kind::Transient);
    check("5", Kind::Transient);
    check("42501", Kind::Permanent);
    check("3D000", Kind::Permanent);
    check("22P02", Kind::Permanent);
    check("26000", Kind::Permanent);
    check("0A000", Kind::Transient);
}

#[test]
fn a_missing_name_comes_with_the_nearest() {
    let known = ["customer", "orders", "order_item"];
    assert_eq!(nearest_name("custmer", known.into_iter()).as_deref(), Some("customer"));
    assert_eq!(nearest_name("Order", known.into_iter()).as_deref(), Some("orders"));
    assert_eq!(nearest_name("zzz", known.into_iter()), None);
    let problem = Problem::MissingTable { table: "custmer".into(), nearest: Some("customer".into()) };
    assert_eq!(
        problem.to_string(),
        "has no table custmer (the nearest is customer): correct the dataset, or the namespace in its fides_meta"
    );
}
