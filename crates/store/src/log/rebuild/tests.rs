//! A row that was changed behind the log's back is found, with or without its keys.

use habeas_core::context::Clock as _;

use super::*;
use crate::bench::both;

#[tokio::test]
async fn a_row_that_does_not_follow_from_its_log_is_found() {
    both(async |bench| {
        let rows = [bench.row(), bench.row()];
        for row in &rows {
            bench.file(row).await;
        }
        let fold = |id: RequestId, entries: &[Entry]| {
            let row = rows.iter().find(|row| row.id == id)?;
            Some(RequestRow { seq: entries.len() as u64, ..row.clone() })
        };
        assert_eq!(bench.store.check_rows(&fold).await.unwrap(), (2, Vec::new()));

        let mut tx = bench.store.begin().await.unwrap();
        tx.destroy(rows[1].id, bench.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(bench.store.check_rows(&fold).await.unwrap(), (2, Vec::new()), "destroyed keys");

        let mut tx = bench.store.begin().await.unwrap();
        let id = rows[0].id.to_string();
        tx.conn
            .execute(
                "UPDATE requests SET status = 'closed', due_on = '2026-01-01' WHERE id = $1",
                args![id.as_str()],
            )
            .await
            .unwrap();
        tx.conn.execute("DELETE FROM request_terms WHERE request_id = $1", args![id]).await.unwrap();
        tx.commit().await.unwrap();
        let expected = Divergence { id: rows[0].id, what: vec!["status", "due_on", "terms"] };
        assert_eq!(bench.store.check_rows(&fold).await.unwrap(), (2, vec![expected]));

        let nothing = |_: RequestId, _: &[Entry]| None;
        assert_eq!(bench.store.check_rows(&nothing).await.unwrap().1.len(), 2);
    })
    .await;
}
