//! Appending and reading: what was written comes back, nothing is written over, nothing half.

use habeas_core::context::Clock as _;
use habeas_core::event::{Actor, Record};
use habeas_core::request::RequestRow;
use serde_json::{Value, json};

use super::*;
use crate::bench::{Bench, both};
use crate::testing::{job, record, sealed_record};

async fn append(bench: &Bench, row: &RequestRow, records: &[Record]) -> Result<u64> {
    let mut tx = bench.store.begin().await?;
    let at = bench.clock.now();
    let expected_seq = row.seq - records.len() as u64;
    let seq = tx
        .append(Append { actor: Actor::System, at, expected_seq, records, follow_count: 0, row, jobs: &[] })
        .await?;
    tx.commit().await?;
    Ok(seq)
}

#[tokio::test]
async fn events_come_back_as_they_were() {
    both(async |bench| {
        let mut row = bench.row();
        bench.file(&row).await;
        row.seq = 3;
        let records = [record("task_completed"), sealed_record("message_sent", "dear Ada")];
        assert_eq!(append(bench, &row, &records).await.unwrap(), 3);

        let mut read = bench.store.read().await.unwrap();
        let entries = read.lookup_entries(row.id).await.unwrap().unwrap();
        let seqs: Vec<_> = entries.iter().map(|entry| (entry.seq, entry.actor)).collect();
        assert_eq!(seqs, [(1, Actor::Subject), (2, Actor::System), (3, Actor::System)]);
        assert_eq!(entries[1].record, records[0]);
        assert_eq!(entries[2].record, records[1]);
        assert_eq!(entries[0].at, bench.clock.now());
        let unknown = bench.row().id;
        assert_eq!(read.lookup_entries(unknown).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn the_second_of_two_competing_appends_is_refused() {
    both(async |bench| {
        let mut row = bench.row();
        bench.file(&row).await;
        row.seq = 2;
        append(bench, &row, &[record("extended")]).await.unwrap();
        assert!(matches!(append(bench, &row, &[record("refused")]).await, Err(Error::Conflict)));
        let mut read = bench.store.read().await.unwrap();
        assert_eq!(read.lookup_entries(row.id).await.unwrap().unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn an_append_that_is_not_committed_leaves_nothing() {
    both(async |bench| {
        let row = bench.row();
        let mut tx = bench.store.begin().await.unwrap();
        let jobs = [job("send_mail", bench.clock.now())];
        let records = [record("received")];
        let at = bench.clock.now();
        let append = Append {
            actor: Actor::Subject,
            at,
            expected_seq: 0,
            records: &records,
            follow_count: 0,
            row: &row,
            jobs: &jobs,
        };
        tx.create_request(append).await.unwrap();
        drop(tx);
        let mut read = bench.store.read().await.unwrap();
        assert_eq!(read.lookup_entries(row.id).await.unwrap(), None);
        assert_eq!(read.next_run_at().await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn destroyed_keys_leave_the_clear_parts_only() {
    both(async |bench| {
        let row = bench.row();
        let id = bench.file(&row).await;
        let mut tx = bench.store.begin().await.unwrap();
        tx.destroy(id, bench.clock.now()).await.unwrap();
        tx.commit().await.unwrap();

        let mut read = bench.store.read().await.unwrap();
        let entries = read.lookup_entries(id).await.unwrap().unwrap();
        assert_eq!(entries[0].record.sealed, None);
        assert_eq!(entries[0].record.body, json!({ "message": null }));
        assert!(matches!(read.lookup_keys(id).await, Err(Error::Sealed(_))));
        assert_eq!(read.key_destroyed_at(id).await.unwrap(), Some(bench.clock.now()));
        drop(read);

        let mut row = RequestRow { subject: None, index: Vec::new(), seq: 2, ..row };
        append(bench, &row, &[record("scrubbed")]).await.unwrap();
        row.seq = 3;
        let refused = append(bench, &row, &[sealed_record("message_sent", "dear Ada")]).await;
        assert!(matches!(refused, Err(Error::Sealed(_))));
    })
    .await;
}

#[tokio::test]
async fn a_pruned_body_is_gone_and_the_event_stays() {
    both(async |bench| {
        let mut row = bench.row();
        bench.file(&row).await;
        row.seq = 2;
        append(bench, &row, &[record("closed")]).await.unwrap();
        let mut tx = bench.store.begin().await.unwrap();
        assert_eq!(tx.prune(row.id, 1).await.unwrap(), 1);
        tx.commit().await.unwrap();
        let mut read = bench.store.read().await.unwrap();
        let entries = read.lookup_entries(row.id).await.unwrap().unwrap();
        assert_eq!(
            (entries[0].record.kind.as_str(), &entries[0].record.body),
            ("request_received", &Value::Null)
        );
        assert_eq!(entries[1].record.kind, "closed");
    })
    .await;
}

#[tokio::test]
async fn log_rows_can_be_neither_changed_nor_deleted() {
    both(async |bench| {
        let id = bench.file(&bench.row()).await;
        bench.store.sequence(bench.clock.now()).await.unwrap().unwrap();
        for statement in [
            "UPDATE entries SET actor = 'system'",
            "UPDATE entries SET body = NULL, at = 0",
            "UPDATE entries SET body = body_hash",
            "DELETE FROM entries",
            "UPDATE leaves SET seq = 9",
            "DELETE FROM leaves",
            "UPDATE checkpoints SET note = ''",
            "DELETE FROM checkpoints",
            "DELETE FROM keys",
            "UPDATE keys SET wrapped = (SELECT link_hash FROM chains LIMIT 1)",
        ] {
            let mut tx = bench.store.begin().await.unwrap();
            let refused = tx.conn.execute(statement, Vec::new()).await;
            assert!(refused.is_err(), "{statement}");
        }
        let mut read = bench.store.read().await.unwrap();
        assert!(read.lookup_entries(id).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn the_system_has_a_chain_of_its_own() {
    both(async |bench| {
        for (count, expected) in [(1, 1), (2, 3)] {
            let mut tx = bench.store.begin().await.unwrap();
            let records = vec![sealed_record("user_added", "grace@example.org"); count];
            let seq = tx.append_system(Actor::System, bench.clock.now(), &records).await.unwrap();
            assert_eq!(seq, expected);
            tx.commit().await.unwrap();
        }
        let mut read = bench.store.read().await.unwrap();
        assert_eq!(read.count_system_entries().await.unwrap(), 3);
        for (before, limit, expected) in
            [(None, 10, &[3, 2, 1][..]), (None, 2, &[3, 2]), (Some(2), 2, &[1]), (Some(1), 2, &[])]
        {
            let entries = read.list_system_entries(before, limit).await.unwrap();
            let seqs: Vec<_> = entries.iter().map(|entry| entry.seq).collect();
            assert_eq!(seqs, expected, "{limit} before {before:?}");
            let record = sealed_record("user_added", "grace@example.org");
            assert!(entries.iter().all(|entry| entry.record == record));
        }
    })
    .await;
}

#[tokio::test]
async fn nothing_in_the_database_shows_who_asked() {
    let bench = crate::bench::sqlite().await;
    bench.file(&bench.row()).await;
    bench.store.close().await;
    let bytes = std::fs::read(&bench.url).unwrap();
    for secret in ["Byron", "ada@example.org", "please"] {
        let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "{secret} stands in the file");
    }
    assert!(bytes.windows(16).any(|window| window == b"request_received"));
}
