//! Clocks that jump: no timer is lost, none goes off twice, none that is overdue stays unarmed.

use habeas_core::access::Builtin;
use habeas_core::event::Actor;
use habeas_core::request::{Command, Status, Timer};
use habeas_engine::{KINDS, start_recurring};
use jiff::{SignedDuration, Timestamp};

use super::seen::{Seen, ensure_whole, expire_leases};
use crate::flows::world::World;

const NOBODY: &str = "nobody@nowhere.example";
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Every job is claimed by a clock that is an hour ahead of the one it is run by.
#[tokio::test]
async fn a_clock_that_jumps_between_steps_changes_nothing() {
    let calm = World::start().await;
    let calm_id = calm.file("Nobody", NOBODY).await;
    calm.verify(calm_id).await;
    let expected = Seen::of(&calm.installation.store, calm_id).await;

    let world = World::start().await;
    let id = world.receive("Nobody", NOBODY).await.unwrap();
    run_with_jumps(&world).await;
    world.act(id, Actor::Subject, &[], Command::Verify { rung: "mail_code".to_owned() }).await.unwrap();
    run_with_jumps(&world).await;
    let seen = Seen::of(&world.installation.store, id).await;
    assert_eq!(seen.events, expected.events);
    assert_eq!(seen.mails.len(), expected.mails.len());
    assert_eq!(world.request(id).await.waits_on(), "staff");
    ensure_whole(&world.installation.store).await;
}

async fn run_with_jumps(world: &World) {
    while let Some(job) = world.installation.store.claim(&KINDS, 1).await.unwrap().pop() {
        world.clock.advance(-HOUR);
        world.installation.engine.run_one(job).await;
        world.clock.advance(HOUR);
    }
}

/// A worker died, then the clock was set back: its job is claimed again once the lease is over.
#[tokio::test]
async fn a_lease_set_in_the_future_by_a_wrong_clock_runs_out() {
    let world = World::start().await;
    world.clock.advance_days(1);
    let id = world.receive("Nobody", NOBODY).await.unwrap();
    let dead = world.installation.store.claim(&KINDS, 16).await.unwrap();
    assert!(!dead.is_empty());
    world.clock.advance(-HOUR);
    world.run().await;
    assert_eq!(world.mails_to(NOBODY).await.len(), 0, "its lease holds");
    world.clock.advance(HOUR + SignedDuration::from_mins(2));
    world.run().await;
    assert_eq!(world.mails_to(NOBODY).await.len(), 2);
    ensure_whole(&world.installation.store).await;
    assert_eq!(world.request(id).await.status, Status::AwaitingVerification);
}

/// The archive's end goes off, and before it is acted on the clock is set back: it must go off again.
#[tokio::test]
async fn a_timer_that_went_off_before_the_clock_was_set_back_goes_off_again() {
    let world = World::start().await;
    let officer = world.add_user("officer", Builtin::PrivacyOfficer).await;
    let id = world.file("Nobody", NOBODY).await;
    world.verify(id).await;
    world.approve(id, officer, 0).await.unwrap();
    let kept_until = world.request(id).await.package.and_then(|it| it.kept_until).expect("an end");
    world.clock.set(kept_until);
    let claimed = world.installation.store.claim(&KINDS, 16).await.unwrap();
    world.clock.advance(-HOUR);
    for job in claimed {
        world.installation.engine.run_one(job).await;
    }
    expire_leases(world.path()).await;
    world.run().await;
    assert!(!world.request(id).await.package.expect("an archive").is_deleted, "its time is not over");
    world.clock.set(kept_until);
    world.run().await;
    assert!(world.request(id).await.package.expect("an archive").is_deleted);
    let deleted = Seen::of(&world.installation.store, id).await;
    assert_eq!(deleted.events.iter().filter(|kind| kind.contains("package_deleted")).count(), 1);
    ensure_whole(&world.installation.store).await;
}

/// A year passes at once: everything that was due goes off, once, in the order it was due.
#[tokio::test]
async fn a_year_that_passes_at_once_sets_every_timer_off_once() {
    let world = World::start().await;
    world.add_user("officer", Builtin::PrivacyOfficer).await;
    start_recurring(&world.installation.store).await.unwrap();
    let id = world.file("Nobody", NOBODY).await;
    world.clock.advance_days(365);
    world.run().await;
    let seen = Seen::of(&world.installation.store, id).await;
    let count = |kind: &str| seen.events.iter().filter(|event| event.contains(kind)).count();
    assert_eq!(count("closure_proposed"), 1);
    assert_eq!(seen.mails.iter().filter(|(what, _)| what == "verification_reminder").count(), 1);
    let due = world.installation.store.read().await.unwrap().next_run_at().await.unwrap();
    assert!(due.is_none_or(|at| at > world.installation.clock.now()), "an overdue timer stays unarmed");
    // Once more changes nothing.
    world.run().await;
    assert_eq!(Seen::of(&world.installation.store, id).await, seen);
    let timer = Timer::VerificationDue;
    world.act(id, Actor::System, &[], Command::Wake(timer)).await.unwrap();
    assert_eq!(Seen::of(&world.installation.store, id).await.events, seen.events);
    ensure_whole(&world.installation.store).await;
}

/// The clock was a year ahead for a while: recurring work doesn't wait for that year to pass again.
#[tokio::test]
async fn recurring_work_goes_on_after_a_clock_was_far_ahead() {
    let world = World::start().await;
    let store = &world.installation.store;
    start_recurring(store).await.unwrap();
    let now: Timestamp = world.installation.clock.now();
    world.clock.advance_days(365);
    world.run().await;
    world.clock.set(now);
    // As every start does.
    start_recurring(store).await.unwrap();
    let due = store.read().await.unwrap().next_run_at().await.unwrap().expect("recurring work");
    assert!(due <= now + SignedDuration::from_hours(2), "next at {due}");
}
