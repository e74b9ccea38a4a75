//! The daily digest over five weeks: who hears of what on which days, and never twice a day.

use std::collections::{BTreeMap, BTreeSet};

use habeas_core::access::{Absence, Builtin};
use habeas_core::event::Actor;
use habeas_core::flow::TaskKey;
use habeas_core::pii::Pii;
use habeas_core::request::Command;
use habeas_engine::start_recurring;
use habeas_store::requests::Scope;
use habeas_store::tasks::TaskFilter;
use jiff::SignedDuration;
use sqlx::{Connection as _, SqliteConnection};

use super::world::World;

/// Lets hours pass until a day, running what is due; returns the days since the start on which a reader was sent
/// a digest.
async fn days_of_digests(world: &World, days: i64, readers: &[&str]) -> Vec<BTreeSet<i64>> {
    let mut found = vec![BTreeSet::new(); readers.len()];
    let mut counts = vec![0; readers.len()];
    for (place, reader) in readers.iter().enumerate() {
        counts[place] = digests(world, reader).await;
    }
    for hour in 0..days * 24 {
        world.run().await;
        for (place, reader) in readers.iter().enumerate() {
            let count = digests(world, reader).await;
            assert!(count <= counts[place] + 1, "one at a time");
            if count > counts[place] {
                // The test begins at ten in the morning.
                assert!(found[place].insert((hour + 10) / 24), "twice a day to {reader}");
                counts[place] = count;
            }
        }
        world.clock.advance(SignedDuration::from_hours(1));
    }
    found
}

async fn digests(world: &World, reader: &str) -> usize {
    let address = format!("{reader}@larkspur.example");
    world.mails_to(&address).await.iter().filter(|subject| subject.starts_with("Today: ")).count()
}

#[tokio::test]
async fn an_idle_owner_and_an_officer_hear_every_fifth_day_and_before_the_date() {
    let world = World::start().await;
    world.add_user("officer", Builtin::PrivacyOfficer).await;
    world.add_user("steward", Builtin::Steward).await;
    let owner = world.add_user("owner", Builtin::CaseOwner).await;
    // Received on Sunday 31 January 2027 at ten; due on Monday 1 March, day 29.
    let nobodys = world.file("Anabelle", "anabelle.deleon@email.com").await;
    world.verify(nobodys).await;
    start_recurring(&world.installation.store).await.unwrap();
    let officer_days = days_of_digests(&world, 7, &["officer", "steward"]).await;
    assert_eq!(officer_days, [BTreeSet::from([0, 5]), BTreeSet::new()]);
    // On day seven somebody takes it up and leaves it lying.
    let roles = [Builtin::Admin];
    world.act(nobodys, Actor::Staff(owner), &roles, Command::Assign(Some(owner))).await.unwrap();
    let later = days_of_digests(&world, 28, &["officer", "owner"]).await;
    let after = |days: &[i64]| days.iter().map(|day| day - 7).collect::<BTreeSet<i64>>();
    assert_eq!(later[0], after(&[30, 35]), "an officer hears again once it is late");
    assert_eq!(later[1], after(&[7, 12, 17, 22, 24, 27, 30, 32, 35]));
    assert_eq!(world.installation.store.verify().await.unwrap(), []);
}

#[tokio::test]
async fn a_task_that_somebody_took_is_told_until_it_is_done() {
    let world = World::start().await;
    let officer = world.add_user("steward", Builtin::Steward).await;
    let id = world.file("Anabelle", "anabelle.deleon@email.com").await;
    world.verify(id).await;
    let take = Command::Take(TaskKey::from_text("review.data"));
    world.act(id, Actor::Staff(officer), &[Builtin::Admin], take).await.unwrap();
    start_recurring(&world.installation.store).await.unwrap();
    let told = days_of_digests(&world, 12, &["steward"]).await;
    let due_at = world.request(id).await.tasks[&TaskKey::from_text("review.data")].due_at;
    assert!(told[0].contains(&0) && told[0].contains(&5), "{told:?}, due {due_at:?}");
    let (task, answers) = (TaskKey::from_text("review.data"), Pii::new(BTreeMap::new()));
    let complete = Command::Complete { task, answers, undecided: 0 };
    world.act(id, Actor::Staff(officer), &[Builtin::Admin], complete).await.unwrap();
    assert_eq!(days_of_digests(&world, 20, &["steward"]).await, [BTreeSet::new()]);
}

/// Who is away hears nothing, and all of it on the day they are back. Whom a request is given to hears of it in the
/// hour, unless the digest of that day has gone out already.
#[tokio::test]
async fn a_new_owner_is_told_the_same_day_or_when_they_are_back() {
    let world = World::start().await;
    let (here, away) =
        (world.add_user("here", Builtin::CaseOwner).await, world.add_user("away", Builtin::CaseOwner).await);
    let store = &world.installation.store;
    start_recurring(store).await.unwrap();
    let absence = Absence { from: "2027-01-30".parse().unwrap(), until: "2027-02-03".parse().unwrap() };
    let mut tx = store.begin().await.unwrap();
    tx.set_absences(away, &[absence]).await.unwrap();
    tx.commit().await.unwrap();
    for (owner, name) in [(here, "Anabelle"), (away, "Nobody")] {
        let id = world.file(name, "anabelle.deleon@email.com").await;
        world.act(id, Actor::Staff(here), &[Builtin::Admin], Command::Assign(Some(owner))).await.unwrap();
    }
    let told = days_of_digests(&world, 5, &["here", "away"]).await;
    assert_eq!(told, [BTreeSet::from([0]), BTreeSet::from([4])]);
}

/// An installation whose requests came in before there were rows of tasks has them after its next start.
#[tokio::test]
async fn rows_that_an_earlier_release_lacked_are_made_at_the_start() {
    let world = World::start().await;
    world.add_user("officer", Builtin::PrivacyOfficer).await;
    let id = world.file("Anabelle", "anabelle.deleon@email.com").await;
    world.verify(id).await;
    let store = &world.installation.store;
    let all = TaskFilter::default();
    let tasks = async || store.read().await.unwrap().list_open_tasks(&all, &Scope::Everything).await.unwrap();
    let before = tasks().await;
    assert_eq!(before.len(), 1, "the review");
    let path = world.path().join("habeas.db");
    let mut database = SqliteConnection::connect(&path.to_string_lossy()).await.unwrap();
    sqlx::query("DELETE FROM open_tasks").execute(&mut database).await.unwrap();
    assert_eq!(tasks().await, []);
    start_recurring(store).await.unwrap();
    world.run().await;
    assert_eq!(tasks().await, before);
    assert_eq!(store.verify().await.unwrap(), []);
}
