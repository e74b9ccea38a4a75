//! What was written is read, from any place; what was changed or cut is refused.

use std::path::Path;

use habeas_core::record::{Coverage, Hop, Origin, Outcome, Record};
use habeas_core::value::{Row, Value};
use habeas_testkit::SeededChance;

use super::*;
use crate::error::Error;

fn target() -> SealTarget {
    SealTarget::of_the_moment(&SeededChance::new(1)).unwrap()
}

fn record(id: u64, collection: &str) -> Record {
    let row = Row::new(vec![
        ("email".into(), Value::Text(format!("ada{id}@example.org"))),
        ("balance".into(), Value::Decimal("12.340".into())),
        ("ratio".into(), Value::Float(f64::INFINITY)),
        ("photo".into(), Value::Bytes(vec![0, 255, u8::try_from(id % 256).unwrap()])),
        ("tags".into(), Value::Array(vec![Value::Null, Value::Bool(true), Value::Int(-1)])),
    ]);
    let hop = Hop {
        from: Origin::Identity("email".into()),
        dataset: "shop".into(),
        collection: collection.into(),
        field: "email".into(),
    };
    Record {
        id,
        subject: 0,
        dataset: "shop".into(),
        collection: collection.into(),
        row,
        reached_by: vec![hop].into(),
        shared: id.is_multiple_of(7),
        third_party: id % 10 == 3,
    }
}

const COLLECTIONS: [&str; 3] = ["customer", "orders", "payments"];

/// Writes records of three collections in turn, and returns them as they stand in the file.
fn write(path: &Path, count: u64, target: &SealTarget) -> Summary {
    let mut writer = Writer::create(path, target).unwrap();
    for id in 0..count {
        writer.push(&record(id, COLLECTIONS[usize::try_from(id % 3).unwrap()])).unwrap();
    }
    writer.cover(Coverage {
        subject: 0,
        dataset: "shop".into(),
        collection: "visits".into(),
        rows: 0,
        as_of: None,
        reached_by: Vec::new(),
        outcome: Outcome::Failed { reason: "timed out".into() },
    });
    writer.finish().unwrap().1
}

#[test]
fn every_record_is_read_from_any_place() {
    let folder = tempfile::tempdir().unwrap();
    let (path, target) = (folder.path().join("records"), target());
    let count = 30_000;
    let summary = write(&path, count, &target);
    assert_eq!(summary.records, count);
    let mut reader = Reader::open_path(&path, &target).unwrap();
    assert_eq!(reader.summary(), &summary);
    let counts = &summary.collections[1];
    assert_eq!((&*counts.collection, counts.records, counts.third_party), ("orders", 10_000, 1_000));
    assert_eq!(summary.coverage[0].outcome, Outcome::Failed { reason: "timed out".into() });

    for (offset, limit) in [(0, 10), (1_234, 50), (9_990, 50), (10_000, 5), (20_000, 5), (500, 5_000)] {
        let page = reader.page("shop", "orders", offset, limit).unwrap();
        let ids: Vec<_> = page.iter().map(|record| record.id).collect();
        let expected: Vec<_> =
            (offset..10_000).take(limit.min(PAGE_LIMIT)).map(|place| place * 3 + 1).collect();
        assert_eq!(ids, expected);
        assert!(page.iter().all(|found| *found == record(found.id, "orders")));
    }
    assert!(reader.page("shop", "visits", 0, 10).unwrap().is_empty());
    for id in [0, 1, 17_777, count - 1] {
        assert_eq!(reader.record(id).unwrap().unwrap().id, id);
    }
    assert_eq!(reader.record(count).unwrap(), None);

    let mut ids: Vec<_> = reader.iter().map(|record| record.unwrap().id).collect();
    assert_eq!(ids.first(), Some(&0));
    assert_eq!(ids.get(10_000), Some(&1), "collections follow one another");
    ids.sort_unstable();
    assert!(ids.into_iter().eq(0..count));
    assert_eq!(reader.iter_collection("shop", "payments").count(), 10_000);
    assert_eq!(reader.iter_collection("shop", "nothing").count(), 0);
}

#[test]
fn an_empty_file_says_that_nothing_was_found() {
    let folder = tempfile::tempdir().unwrap();
    let (path, target) = (folder.path().join("records"), target());
    write(&path, 0, &target);
    let mut reader = Reader::open_path(&path, &target).unwrap();
    assert_eq!(reader.summary().records, 0);
    assert_eq!(reader.iter().count(), 0);
}

#[test]
fn a_record_larger_than_a_frame_is_carried() {
    let folder = tempfile::tempdir().unwrap();
    let (path, target) = (folder.path().join("records"), target());
    let mut large = record(1, "photos");
    large.row = Row::new(vec![("bytes".into(), Value::Bytes(vec![7; 9_000_000]))]);
    let mut writer = Writer::create(&path, &target).unwrap();
    for found in [&record(0, "photos"), &large, &record(2, "photos")] {
        writer.push(found).unwrap();
    }
    writer.finish().unwrap();
    let mut reader = Reader::open_path(&path, &target).unwrap();
    assert_eq!(reader.page("shop", "photos", 1, 1).unwrap(), [large]);
}

#[test]
fn a_changed_byte_is_an_error_wherever_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let (path, target) = (folder.path().join("records"), target());
    write(&path, 40, &target);
    let whole = std::fs::read(&path).unwrap();
    // Every byte of the head's first lines, then samples over the rest.
    for place in (0..whole.len()).step_by(whole.len() / 97) {
        let mut changed = whole.clone();
        changed[place] ^= 1;
        assert_refused(&folder.path().join("changed"), &changed, &target, place);
    }
}

#[test]
fn a_cut_file_is_an_error_wherever_it_was_cut() {
    let folder = tempfile::tempdir().unwrap();
    let (path, target) = (folder.path().join("records"), target());
    write(&path, 3_000, &target);
    let whole = std::fs::read(&path).unwrap();
    for length in (0..whole.len()).step_by(whole.len() / 41).chain([whole.len() - 1]) {
        assert_refused(&folder.path().join("cut"), &whole[..length], &target, length);
    }
    let mut longer = whole.clone();
    longer.push(0);
    assert_refused(&folder.path().join("longer"), &longer, &target, whole.len());
    let other = SealTarget::of_the_moment(&SeededChance::new(2)).unwrap();
    assert!(matches!(Reader::open_path(&path, &other), Err(Error::Sealed(_))), "opened with another key");
}

fn assert_refused(path: &Path, bytes: &[u8], target: &SealTarget, place: usize) {
    std::fs::write(path, bytes).unwrap();
    let outcome = Reader::open_path(path, target)
        .and_then(|mut reader| reader.iter().collect::<crate::Result<Vec<_>>>().map(|found| found.len()));
    assert!(matches!(outcome, Err(Error::Sealed(_))), "byte {place}: {outcome:?}");
}
