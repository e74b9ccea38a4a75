//! Every kind of job, repeated and killed: its effect is there once, whatever becomes of its worker.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::task::Poll;

use habeas_cli::config::Config;
use habeas_core::access::Builtin;
use habeas_core::event::Actor;
use habeas_core::flow::TaskKey;
use habeas_core::id::RequestId;
use habeas_core::job::NewJob;
use habeas_core::pii::Pii;
use habeas_core::request::{Command, MarkScope, Status, Verdict, kind};
use habeas_engine::{KINDS, start_recurring};
use habeas_store::jobs::{Claimed, LEASE};
use habeas_store::requests::{Filter, Paging, Scope};
use habeas_testkit::smtp::MailServer;
use serde_json::json;

use super::seen::{ANABELLE, Seen, ensure_whole, expire_leases, files, records};
use crate::flows::world::World;

/// The steps that must be met on the way, by kind of job and, for tasks, by task.
const STEPS: &[&str] = &[
    "digest",
    "hand_over",
    "mail_reports",
    "refresh_rows",
    "run_task collection.collect",
    "run_task collection.owners",
    "run_task delivery.deliver",
    "run_task delivery.package",
    "run_task opening.acknowledge",
    "run_task opening.duplicates",
    "run_task opening.identity",
    "send_code",
    "sequence",
    "sweep",
    "timer due_passed",
    "timer extension_due",
    "timer package_end",
    "timer task_due",
    "timer verification_due",
    "timer verification_reminder",
    "write_mail ready",
    "write_mail staff_new_request",
    "write_mail review.data",
    "write_mail verification_reminder",
];

#[tokio::test]
async fn a_job_run_by_a_stale_worker_and_again_does_its_work_once() {
    let calm = World::start().await;
    let expected = Seen::of(&calm.installation.store, journey(&calm, async || calm.run().await).await).await;

    let server = MailServer::start().unwrap();
    let world = with_mail(&server).await;
    let mut met = BTreeSet::new();
    let id = journey(&world, async || run_twice(&world, &mut met).await).await;
    assert_eq!(met, STEPS.iter().map(|step| (*step).to_owned()).collect());
    assert_eq!(Seen::of(&world.installation.store, id).await, expected);

    // A mail may be handed over twice, when the worker dies before it can say so: it is then the same mail.
    let taken = server.mails();
    let ids: BTreeSet<String> = taken.iter().filter_map(|mail| mail.header("Message-ID")).collect();
    assert_eq!(ids.len(), expected.mails.len());
    assert_eq!(taken.len(), 2 * ids.len());
    ensure_whole(&world.installation.store).await;
}

#[tokio::test]
async fn a_job_killed_wherever_it_waits_does_its_work_once() {
    let calm = World::start().await;
    let expected = Seen::of(&calm.installation.store, journey(&calm, async || calm.run().await).await).await;

    let world = World::start().await;
    let mut kills = 0;
    let id = journey(&world, async || kills += run_and_kill(&world).await).await;
    assert!(kills > 100, "only {kills} times something was killed");
    assert_eq!(Seen::of(&world.installation.store, id).await, expected);
    ensure_whole(&world.installation.store).await;

    // What was stored for nothing, by workers killed before they could say so, goes after a day.
    let named =
        world.installation.store.read().await.unwrap().list_blobs(id, &Scope::Everything).await.unwrap();
    world.clock.advance_days(3_650);
    world.installation.store.sweep_blobs(world.installation.clock.now()).await.unwrap();
    let kept = named.iter().filter(|blob| blob.expires_at.is_none()).count();
    let (scratch, stored) = files(world.path());
    assert_eq!((scratch.len(), stored.len()), (0, kept), "{scratch:?} {stored:?}");
}

/// A connection in the middle of a mail is never used for another: each mail arrives whole, by itself.
#[tokio::test]
async fn a_worker_that_dies_in_the_middle_of_a_mail_spoils_no_other() {
    let server = MailServer::start().unwrap();
    let world = with_mail(&server).await;
    for number in 0..6 {
        world.receive("Nobody", &format!("nobody{number}@nowhere.example")).await.unwrap();
    }
    assert!(run_and_kill(&world).await > 20);
    let mails = world.installation.store.read().await.unwrap().list_mails(200).await.unwrap();
    let wanted: BTreeSet<String> = mails.into_iter().map(|mail| format!("<{}>", mail.message_id)).collect();
    let taken = server.mails();
    let ids: BTreeSet<String> = taken.iter().filter_map(|mail| mail.header("Message-ID")).collect();
    assert_eq!(ids, wanted);
    assert!(taken.iter().all(|mail| mail.raw.matches("Message-ID:").count() == 1 && mail.to.len() == 1));
    ensure_whole(&world.installation.store).await;
}

/// What kills its worker every time must not leave a request waiting for nobody.
#[tokio::test]
async fn a_task_that_kills_its_worker_every_time_waits_for_a_person() {
    let world = World::start().await;
    let officer = world.add_user("officer", Builtin::PrivacyOfficer).await;
    start_recurring(&world.installation.store).await.unwrap();
    let id = world.file("Anabelle", ANABELLE).await;
    world.act(id, Actor::Subject, &[], Command::Verify { rung: "mail_code".to_owned() }).await.unwrap();
    for _ in 0..13 {
        // Claimed, and never heard of again.
        world.installation.store.claim(&[kind::RUN_TASK], 1).await.unwrap();
        world.clock.advance(LEASE + jiff::SignedDuration::from_secs(1));
    }
    assert_eq!(world.installation.store.read().await.unwrap().list_stopped_jobs(9).await.unwrap().len(), 1);
    world.clock.advance(jiff::SignedDuration::from_hours(1));
    world.run().await;
    let task = TaskKey::from_text("collection.collect");
    let failure = world.request(id).await.tasks[&task].failure.clone().expect("a failure");
    assert_eq!(failure.message, "the worker died at every attempt");
    let told = world.mails_to("officer@larkspur.example").await.len();
    assert_eq!(told, 3, "a new request, a failed task, the digest");
    world.act(id, Actor::Staff(officer), &[Builtin::PrivacyOfficer], Command::Retry(task)).await.unwrap();
    world.run().await;
    assert!(world.request(id).await.found.is_some());
    ensure_whole(&world.installation.store).await;
}

async fn with_mail(server: &MailServer) -> World {
    let folder = tempfile::tempdir().unwrap();
    habeas_cli::demo::write(folder.path()).unwrap();
    let mut config = Config::default();
    config.mail.url = Some(server.url());
    config.mail.from = Some("privacy@larkspur.example".to_owned());
    World::open(Arc::new(folder), config).await.unwrap()
}

/// Takes a request its whole way, to the end of its archive; `work` runs what is due.
async fn journey(world: &World, mut work: impl AsyncFnMut()) -> RequestId {
    let roles = [Builtin::PrivacyOfficer];
    let officer = world.add_user("officer", Builtin::PrivacyOfficer).await;
    let staff = Actor::Staff(officer);
    start_recurring(&world.installation.store).await.unwrap();
    let id = world.receive("Anabelle", ANABELLE).await.unwrap();
    work().await;
    ask_again(world, id).await;
    work().await;
    world.clock.advance_days(8);
    work().await;
    world.act(id, Actor::Subject, &[], Command::Verify { rung: "mail_code".to_owned() }).await.unwrap();
    work().await;
    let task = TaskKey::from_text("review.data");
    world.act(id, staff, &roles, Command::Take(task.clone())).await.unwrap();
    for (record, _, is_others, _) in records(world, id).await {
        if is_others {
            let (scope, reason) = (MarkScope::Record(record), Pii::new("hers, too".to_owned()));
            let mark = Command::Mark { scope, verdict: Verdict::Give, reason };
            world.act(id, staff, &roles, mark).await.unwrap();
        }
    }
    let done = Command::Complete { task, answers: Pii::default(), undecided: 0 };
    world.act(id, staff, &roles, done).await.unwrap();
    work().await;
    assert_eq!(world.request(id).await.status, Status::Completed);
    world.clock.advance_days(31);
    work().await;
    assert!(world.request(id).await.package.expect("an archive").is_deleted);
    id
}

/// Asks for another code, as the portal does.
async fn ask_again(world: &World, id: RequestId) {
    let job = NewJob {
        kind: kind::SEND_CODE,
        payload: json!({"request": id, "purpose": "verify", "number": 1}),
        run_at: world.installation.clock.now(),
        unique_key: None,
        max_attempts: 5,
    };
    let mut tx = world.installation.store.begin().await.unwrap();
    tx.add_job(&job).await.unwrap();
    tx.commit().await.unwrap();
}

async fn claim(world: &World) -> Option<Claimed> {
    world.installation.store.claim(&KINDS, 1).await.unwrap().pop()
}

/// Runs every job that is due: first by a worker that has lost its lease and doesn't know, which must
/// change nothing, then by the one that holds it, then by both again.
async fn run_twice(world: &World, met: &mut BTreeSet<String>) {
    let engine = &world.installation.engine;
    while let Some(stale) = claim(world).await {
        met.insert(step(&stale));
        expire_leases(world.path()).await;
        let held = claim(world).await.expect("the same job");
        assert_eq!(held.id, stale.id);
        let before = everything(world).await;
        engine.run_one(stale.clone()).await;
        assert_eq!(everything(world).await, before, "a stale worker changed something: {stale:?}");
        engine.run_one(held.clone()).await;
        let after = everything(world).await;
        engine.run_one(held.clone()).await;
        engine.run_one(stale).await;
        assert_eq!(everything(world).await, after, "a job had two effects: {held:?}");
    }
}

/// Runs every job that is due, and kills each at one await after the other until one run comes through;
/// returns how many runs were killed.
pub(super) async fn run_and_kill(world: &World) -> u32 {
    let engine = &world.installation.engine;
    let mut kills = 0;
    let mut polls = 1;
    let mut current = None;
    while let Some(job) = claim(world).await {
        if current.replace(job.id) != Some(job.id) {
            polls = 1;
        }
        if poll_times(Box::pin(engine.run_one(job)), polls).await {
            continue;
        }
        kills += 1;
        // Long jobs wait hundreds of times; the first waits are met one by one.
        polls += 1 + polls / 12;
        expire_leases(world.path()).await;
    }
    kills
}

/// Polls work so many times and drops it then, as a killed process does; yes, where it ended before.
pub(super) async fn poll_times(work: impl Future<Output = ()>, mut polls: u32) -> bool {
    let mut work = std::pin::pin!(work);
    let outcome = std::future::poll_fn(|context| {
        if polls == 0 {
            return Poll::Ready(false);
        }
        polls -= 1;
        work.as_mut().poll(context).map(|()| true)
    });
    outcome.await
}

/// Returns every request's events, mails and files.
async fn everything(world: &World) -> Vec<Seen> {
    let store = &world.installation.store;
    let mut read = store.read().await.unwrap();
    let page = read.list(&Filter::default(), Paging::default(), &Scope::Everything).await.unwrap();
    drop(read);
    let mut seen = Vec::new();
    for row in page.rows {
        seen.push(Seen::of(store, row.id).await);
    }
    seen
}

fn step(job: &Claimed) -> String {
    let text = |name: &str| job.payload[name].as_str().map(str::to_owned);
    let timer = match &job.payload["timer"] {
        serde_json::Value::Object(timer) => timer.keys().next().cloned(),
        other => other.as_str().map(str::to_owned),
    };
    let what = text("task").or(text("occasion")).or(timer);
    what.map_or_else(|| job.kind.clone(), |what| format!("{} {what}", job.kind))
}
