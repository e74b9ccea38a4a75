//! The real process, killed again and again while it works, and started again.
//!
//! Its log, one line a statement, is what tells where it is: it is killed after so many lines, so that the
//! instant is random and no test sleeps. The seed is printed.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use habeas_cli::config::Config;
use habeas_core::access::Builtin;
use habeas_core::context::below;
use habeas_core::event::Actor;
use habeas_core::flow::TaskKey;
use habeas_core::id::RequestId;
use habeas_core::request::{Command as Act, TaskState};
use habeas_store::mails::{Mail, MailState};
use habeas_testkit::SeededChance;
use sqlx::{Connection as _, SqliteConnection};

use super::seen::{ensure_whole, expire_leases};
use crate::flows::world::World;

const SEED: u64 = 20_270_131;
const REQUESTS: usize = 20;
const KILLS: u32 = 42;

/// The mails each request leads to; what timers send besides depends on the day.
const OCCASIONS: [&str; 3] = ["receipt", "staff_new_request", "staff_task_waiting"];

#[tokio::test(flavor = "multi_thread")]
async fn a_process_killed_again_and_again_ends_its_work_as_if_nothing_had_been() {
    println!("seed {SEED}");
    let chance = SeededChance::new(SEED).shared();
    let folder = Arc::new(tempfile::tempdir().unwrap());
    habeas_cli::demo::write(folder.path()).unwrap();
    let ids = file_all(&folder).await;

    let mut at_work = 0;
    for round in 0..KILLS {
        // Every sixth is killed while it starts, the others once a job has begun.
        let waits_for_job = round % 6 != 0;
        let lines = below(&*chance, if waits_for_job { 60 } else { 400 });
        at_work += u32::from(run_and_kill(folder.path(), waits_for_job, lines));
        expire_leases(folder.path()).await;
    }
    assert!(at_work >= 30, "only {at_work} of {KILLS} were killed at work");

    let mut process = start(folder.path());
    let world = World::open(Arc::clone(&folder), Config::default()).await.unwrap();
    // What the process writes must be read, else it waits for room.
    let stderr = process.stderr.take().unwrap();
    let reading = std::thread::spawn(move || BufReader::new(stderr).lines().map_while(Result::ok).count());
    let is_over = all_in_review(&world, &ids).await;
    process.kill().unwrap();
    process.wait().unwrap();
    reading.join().unwrap();
    assert!(is_over, "work was lost");
    check(&world, &ids).await;
}

/// Files the requests and proves identity, before the process runs: what follows is its work.
async fn file_all(folder: &Arc<tempfile::TempDir>) -> Vec<RequestId> {
    let world = World::open(Arc::clone(folder), Config::default()).await.unwrap();
    world.clock.set("2026-11-02T09:00:00Z".parse().unwrap());
    world.add_user("officer", Builtin::PrivacyOfficer).await;
    let mut ids = Vec::new();
    let people = people(folder.path()).await;
    for email in people.iter().cycle().take(REQUESTS) {
        let id = world.receive("Anabelle", email).await.unwrap();
        world.act(id, Actor::Subject, &[], Act::Verify { rung: "mail_code".to_owned() }).await.unwrap();
        ids.push(id);
    }
    world.installation.store.close().await;
    ids
}

/// Half as many people as requests: a mailbox gets a few receipts a day only, and two requests of one person
/// must find the same.
async fn people(folder: &Path) -> Vec<String> {
    let url = format!("sqlite://{}", folder.join("systems/billing.sqlite").display());
    let mut billing = SqliteConnection::connect(&url).await.unwrap();
    let people = sqlx::query_scalar("SELECT email FROM clients WHERE email <> '' ORDER BY id LIMIT $1")
        .bind(i64::try_from(REQUESTS / 2).unwrap())
        .fetch_all(&mut billing)
        .await
        .unwrap();
    billing.close().await.unwrap();
    people
}

fn start(folder: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_habeas"))
        .args(["--log", "debug", "demo", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Starts the process and kills it after so many lines of its log; yes, where a job had begun before.
fn run_and_kill(folder: &Path, waits_for_job: bool, count: u32) -> bool {
    let mut process = start(folder);
    let lines = BufReader::new(process.stderr.take().unwrap()).lines().map_while(Result::ok);
    let (mut seen, mut has_begun) = (0, false);
    // A process without work logs its looking for some: the bound is never what ends this.
    for line in lines.take(20_000) {
        has_begun |= line.contains("job begins");
        seen += u32::from(has_begun || !waits_for_job);
        if seen > count {
            break;
        }
    }
    process.kill().unwrap();
    process.wait().unwrap();
    has_begun
}

/// Waits until every request is where a person must go on.
async fn all_in_review(world: &World, ids: &[RequestId]) -> bool {
    let review = TaskKey::from_text("review.data");
    let mut ticks = tokio::time::interval(Duration::from_millis(100));
    for _ in 0..300 {
        ticks.tick().await;
        let mut waiting = 0;
        for id in ids {
            let request = world.request(*id).await;
            waiting +=
                usize::from(request.tasks.get(&review).map(|run| run.state) == Some(TaskState::InProgress));
        }
        let mails = world.installation.store.read().await.unwrap().list_mails(200).await.unwrap();
        let is_sent = |mail: &&Mail| mail.state == MailState::HandedOver;
        let sent = mails.iter().filter(is_sent).filter(|mail| OCCASIONS.contains(&&*mail.occasion)).count();
        if waiting == ids.len() && sent >= OCCASIONS.len() * ids.len() {
            return true;
        }
    }
    false
}

async fn check(world: &World, ids: &[RequestId]) {
    let store = &world.installation.store;
    let mut read = store.read().await.unwrap();
    let mails = read.list_mails(200).await.unwrap();
    for occasion in OCCASIONS {
        let count = mails.iter().filter(|mail| mail.occasion == occasion).count();
        assert_eq!(count, ids.len(), "{occasion}");
    }
    assert_eq!(read.list_stopped_jobs(100).await.unwrap(), []);
    let mut counts = Vec::new();
    for id in ids {
        let request = world.request(*id).await;
        counts.push(request.found.expect("records").record_count);
        let entries = read.lookup_entries(*id).await.unwrap().expect("entries");
        let collected = entries.iter().filter(|entry| entry.record.kind.contains("collected")).count();
        assert_eq!(collected, 1);
    }
    let (first, second) = counts.split_at(REQUESTS / 2);
    assert!(first == second && counts.iter().all(|count| *count > 0), "{counts:?}");
    drop(read);
    ensure_whole(store).await;
}
