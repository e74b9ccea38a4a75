//! Records survive the codec of the record file.

use std::sync::Arc;

use crate::value::{Row, Value};

use super::{Coverage, Hop, Origin, Outcome, Record};

fn hop() -> Hop {
    Hop {
        from: Origin::Field { dataset: "shop".into(), collection: "customer".into(), field: "id".into() },
        dataset: "shop".into(),
        collection: "orders".into(),
        field: "customer_id".into(),
    }
}

#[test]
fn a_record_and_its_coverage_come_back_as_they_were() {
    let record = Record {
        id: 7,
        subject: 1,
        dataset: "shop".into(),
        collection: "orders".into(),
        row: Row::new(vec![(Arc::from("id"), Value::Int(3)), (Arc::from("raw"), Value::Bytes(vec![1, 2]))]),
        reached_by: Arc::from([hop()]),
        shared: true,
        third_party: false,
    };
    let bytes = postcard::to_stdvec(&record).unwrap();
    assert_eq!(postcard::from_bytes::<Record>(&bytes).unwrap(), record);

    let coverage = Coverage {
        subject: 1,
        dataset: "shop".into(),
        collection: "orders".into(),
        rows: 1,
        as_of: Some("2026-01-02T03:04:05.678Z".parse().unwrap()),
        reached_by: vec![hop()],
        outcome: Outcome::Failed { reason: "the source did not answer".into() },
    };
    let bytes = postcard::to_stdvec(&coverage).unwrap();
    assert_eq!(postcard::from_bytes::<Coverage>(&bytes).unwrap(), coverage);
}

#[test]
fn a_link_reads_as_words() {
    assert_eq!(hop().describe(), "shop:customer.id -> shop:orders.customer_id");
    let first = Hop { from: Origin::Identity("email".into()), ..hop() };
    assert_eq!(first.describe(), "identity email -> shop:orders.customer_id");
}
