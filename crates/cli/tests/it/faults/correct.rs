//! Corrections whose worker dies at each await: the sources end as undisturbed, and the log says each thing once.

use std::collections::BTreeMap;

use habeas_core::access::Builtin;
use habeas_core::flow::TaskKey;
use habeas_core::pii::Pii;
use habeas_core::request::{Command, NoticeState, Status};

use super::jobs::run_and_kill;
use super::seen::{Seen, ensure_whole};
use crate::console::house::{ANABELLE, Filed, House};
use crate::support::source::{Source, Tables};

const ACTIVITY: &str = "
activity: correct
title: Have your data corrected
entity: larkspur
right: rectification
law: uk-gdpr
flow: rectification
";

/// The demonstration's two systems, which may be changed.
const CONNECTIONS: &str = "
[billing]
url = \"sqlite://systems/billing.sqlite\"
grant = [\"read\", \"write\"]

[odoo]
url = \"sqlite://systems/odoo.sqlite\"
grant = [\"read\", \"write\"]
";

async fn start() -> House {
    let files = [("activities/correct.yml", ACTIVITY), ("../connections.toml", CONNECTIONS)];
    House::start_with_definitions(&files).await
}

/// Takes a correction its whole way; `work` runs what is due.
async fn journey(house: &House, mut work: impl AsyncFnMut()) -> Filed {
    let first = house.add_user("first", &[Builtin::Admin], None).await;
    let second = house.add_user("second", &[Builtin::Admin], None).await;
    let answers = [("Right city", "Wells"), ("Right telephone number", "+44 20 7946 0018")];
    let filed = house.file_with("correct", ANABELLE, &answers).await;
    house.world.verify(filed.id).await;
    for (who, task) in [(first, "work.look"), (second, "work.approve"), (second, "work.by_hand")] {
        let task = TaskKey::from_text(task);
        house.act(&filed, who, Command::Take(task.clone())).await;
        let answers = ["told", "done"].map(|name| (name.to_owned(), "It is right now.".to_owned()));
        let answers = Pii::new(BTreeMap::from(answers));
        house.act(&filed, who, Command::Complete { task, answers, undecided: 0 }).await;
        work().await;
    }
    for number in (1..).take(house.request(&filed).await.notices.len()) {
        let note = Pii::default();
        house.act(&filed, first, Command::NoteRecipient { number, state: NoticeState::Sent, note }).await;
    }
    work().await;
    assert_eq!(house.request(&filed).await.status, Status::Completed);
    filed
}

async fn tables(house: &House) -> BTreeMap<&'static str, Tables> {
    let mut all = BTreeMap::new();
    for name in ["billing", "odoo"] {
        let file = house.world.path().join(format!("systems/{name}.sqlite"));
        all.insert(name, Source::read_sqlite(&file).await);
    }
    all
}

#[tokio::test]
async fn a_correction_killed_wherever_it_waits_is_done_once() {
    let calm = start().await;
    let filed = journey(&calm, async || calm.world.run().await).await;
    let (expected, wanted) = (Seen::of(calm.store(), filed.id).await, tables(&calm).await);
    assert!(format!("{:?}", wanted["odoo"]["res_partner"]).contains("Wells"));

    let house = start().await;
    let mut kills = 0;
    let filed = journey(&house, async || kills += run_and_kill(&house.world).await).await;
    assert!(kills > 50, "only {kills} times something was killed");
    assert_eq!(Seen::of(house.store(), filed.id).await, expected);
    assert!(tables(&house).await == wanted, "the sources are as undisturbed");
    ensure_whole(house.store()).await;
}
