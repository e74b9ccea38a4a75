//! Codes (6.5.5): as many requests as are filed in somebody's name, one mailbox gets so many and no more.

use habeas_core::job::NewJob;
use habeas_core::request::kind;
use serde_json::json;

use crate::flows::world::World;

const ANABELLE: &str = "anabelle.deleon@email.com";

#[tokio::test]
async fn many_requests_in_one_name_do_not_multiply_the_codes() {
    let world = World::start().await;
    let store = &world.installation.store;
    let mut requests = Vec::new();
    for _ in 0..3 {
        requests.push(world.file("Somebody", ANABELLE).await);
    }
    for number in 0..30 {
        let mut tx = store.begin().await.unwrap();
        for request in &requests {
            let job = NewJob {
                kind: kind::SEND_CODE,
                payload: json!({"request": request, "purpose": "sign_in", "number": number}),
                run_at: world.installation.clock.now(),
                unique_key: None,
                max_attempts: 12,
            };
            tx.add_job(&job).await.unwrap();
        }
        tx.commit().await.unwrap();
        world.run().await;
    }
    let codes = async |store: &habeas_store::Store| {
        let mut read = store.read().await.unwrap();
        let mut count = 0;
        for request in &requests {
            let mails = read.list_mails_of(*request, 200).await.unwrap();
            count += mails.iter().filter(|mail| mail.occasion == "code").count();
        }
        count
    };
    // One for each request as it came in, then as many as a mailbox gets in a day.
    assert_eq!(codes(store).await, 3 + 20);
    let job = NewJob {
        kind: kind::SEND_CODE,
        payload: json!({"request": requests[0], "purpose": "sign_in", "number": 99}),
        run_at: world.installation.clock.now(),
        unique_key: None,
        max_attempts: 12,
    };
    world.clock.advance(jiff::SignedDuration::from_hours(24));
    let mut tx = store.begin().await.unwrap();
    tx.add_job(&job).await.unwrap();
    tx.commit().await.unwrap();
    world.run().await;
    assert_eq!(codes(store).await, 3 + 20 + 1, "the next day it works again");
}
