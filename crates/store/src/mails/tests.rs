//! One mail an occasion; content opens for the request's key and no longer.

use serde_json::json;

use habeas_core::context::Clock as _;

use super::*;
use crate::bench::{Bench, both};

async fn queue(bench: &Bench, request_id: Option<RequestId>, message_id: &str) -> Option<Uuid> {
    let content = json!({"to": "ada@example.org"});
    let mut tx = bench.store.begin().await.unwrap();
    let id = tx
        .queue_mail(&NewMail { request_id, occasion: "receipt", message_id, content: &content })
        .await
        .unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test]
async fn an_occasion_has_one_mail() {
    both(async |bench| {
        let request = bench.file(&bench.row()).await;
        let id = queue(bench, Some(request), "receipt.1@habeas").await.unwrap();
        assert_eq!(queue(bench, Some(request), "receipt.1@habeas").await, None);
        queue(bench, None, "alert.1@habeas").await.unwrap();

        let mut tx = bench.store.begin().await.unwrap();
        let mail = tx.lookup_mail(id).await.unwrap().unwrap();
        assert_eq!((mail.state, mail.content), (MailState::Queued, Some(json!({"to": "ada@example.org"}))));
        tx.mark_mail_handed_over(id, bench.clock.now()).await.unwrap();
        assert!(matches!(tx.mark_mail_handed_over(id, bench.clock.now()).await, Err(Error::Conflict)));
        assert!(matches!(tx.mark_mail_failed(id, "refused").await, Err(Error::Conflict)));
        assert_eq!(tx.list_mails(10).await.unwrap().len(), 2);
        let of_request = tx.list_mails_of(request, 10).await.unwrap();
        assert_eq!(of_request.len(), 1);
        assert_eq!(of_request[0].handed_over_at, Some(bench.clock.now()));
    })
    .await;
}

#[tokio::test]
async fn a_mail_loses_its_content_with_the_requests_keys() {
    both(async |bench| {
        let request = bench.file(&bench.row()).await;
        let id = queue(bench, Some(request), "receipt.1@habeas").await.unwrap();
        let mut tx = bench.store.begin().await.unwrap();
        tx.destroy(request, bench.clock.now()).await.unwrap();
        assert_eq!(tx.lookup_mail(id).await.unwrap().unwrap().content, None);
    })
    .await;
}
