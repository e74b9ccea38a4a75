//! Requests on their way through the jobs, over the demonstration's two real databases.

mod digest;
pub(crate) mod fulfil;
pub(crate) mod world;

use std::io::Read as _;

use habeas_core::access::Builtin;
use habeas_core::event::Actor;
use habeas_core::flow::TaskKey;
use habeas_core::request::{Command, MarkGround, MarkScope, Status, TaskState, Verdict};
use habeas_store::records::{Reader, SealTarget};
use habeas_store::requests::Scope;

use world::World;

const ANABELLE: &str = "anabelle.deleon@email.com";

/// S2 with one flow: asked, proven, gathered from both sources, reviewed, packed, released.
#[tokio::test]
async fn s2_an_access_request_goes_its_whole_way() {
    let world = World::start().await;
    let officer = world.add_user("officer", Builtin::PrivacyOfficer).await;
    let id = world.file("Anabelle", ANABELLE).await;
    let mails = world.mails_to(ANABELLE).await;
    assert_eq!(mails.len(), 2, "a receipt and a code: {mails:?}");
    assert_eq!(world.request(id).await.status, Status::AwaitingVerification);

    world.verify(id).await;
    let request = world.request(id).await;
    let found = request.found.clone().expect("records");
    assert_eq!(found.source_count, 2);
    assert!(found.record_count > 0 && found.third_party_count > 0, "{found:?}");
    assert_eq!(world.mails_to("officer@larkspur.example").await.len(), 2, "a new request, a task");

    // Courtney Crane is another person: nothing leaves before somebody has decided on her record.
    let denied = world.approve(id, officer, found.third_party_count).await.err();
    assert!(matches!(denied, Some(habeas_core::request::Denied::Undecided(_))));
    let crane = third_party_record(&world, id).await;
    let mark = Command::Mark {
        scope: MarkScope::Record(crane),
        verdict: Verdict::Exclude { ground: MarkGround::OtherPerson, is_told: true },
        reason: habeas_core::pii::Pii::new("Courtney Crane is a colleague of hers".to_owned()),
    };
    world.act(id, Actor::Staff(officer), &[Builtin::PrivacyOfficer], mark).await.expect("marked");
    world.approve(id, officer, 0).await.expect("approved");

    let request = world.request(id).await;
    assert_eq!(request.status, Status::Completed, "{:?}", request.tasks);
    let package = request.package.clone().expect("an archive");
    assert_eq!(package.excluded_count, 1);
    assert!(package.available_until.is_some());
    assert_eq!(world.mails_to(ANABELLE).await.len(), 3, "the mail that it is ready");

    let archive = archive(&world, id, package.blob).await;
    let path = world.path().join("package.zip");
    std::fs::write(&path, &archive).unwrap();
    let listed = seven_zip(&path, package.password.reveal());
    assert!(
        listed.contains("Anabelle") && !listed.contains("Courtney Crane"),
        "the excluded record is not in it"
    );
    assert_eq!(world.installation.store.verify().await.unwrap(), []);
}

/// S3: a source that is down makes the request wait with the reason; after its repair a retry completes it.
#[tokio::test]
async fn s3_a_source_that_is_down_makes_the_request_wait_and_says_why() {
    let world = World::start().await;
    let officer = world.add_user("officer", Builtin::PrivacyOfficer).await;
    let billing = world.path().join("systems/billing.sqlite");
    let away = world.path().join("systems/away.sqlite");
    std::fs::rename(&billing, &away).unwrap();
    let id = world.file("Anabelle", ANABELLE).await;
    world.verify(id).await;
    for _ in 0..6 {
        world.clock.advance(jiff::SignedDuration::from_mins(70));
        world.run().await;
    }
    let request = world.request(id).await;
    assert!(request.found.is_none(), "half an answer is no answer");
    assert_eq!(request.waits_on(), "source");
    let task = TaskKey::from_text("collection.collect");
    let failure = request.tasks.get(&task).and_then(|run| run.failure.clone()).expect("a failure");
    assert_eq!(failure.source.as_deref(), Some("billing"));
    assert!(failure.message.contains("billing"), "{}", failure.message);
    assert!(!failure.message.contains(ANABELLE));

    std::fs::rename(&away, &billing).unwrap();
    world
        .act(id, Actor::Staff(officer), &[Builtin::PrivacyOfficer], Command::Retry(task))
        .await
        .expect("again");
    world.run().await;
    let request = world.request(id).await;
    assert_eq!(request.found.as_ref().map(|found| found.source_count), Some(2));
}

/// S3: the data is that of the day: a changed row shows its new value in the next reply.
#[tokio::test]
async fn s3_a_second_request_shows_the_values_as_they_are_then() {
    let world = World::start().await;
    let first = world.file("Anabelle", ANABELLE).await;
    world.verify(first).await;
    let mut odoo = open_sqlite(&world.path().join("systems/odoo.sqlite")).await;
    let changed = sqlx::query("UPDATE res_partner SET city = 'Timbuktu' WHERE email = $1")
        .bind(ANABELLE)
        .execute(&mut odoo)
        .await
        .unwrap();
    assert_eq!(changed.rows_affected(), 1);
    let second = world.file("Anabelle", ANABELLE).await;
    world.verify(second).await;
    assert!(!text_of(&world, first).await.contains("Timbuktu"), "the first reply stays as it was");
    assert!(text_of(&world, second).await.contains("Timbuktu"));
    let linked = world.request(second).await.duplicates;
    assert!(linked.contains(&first), "two open requests of one person are linked");
}

/// A person nobody knows gets an answer, not an error, and the same mails until then.
#[tokio::test]
async fn an_unknown_person_is_told_that_nothing_is_held() {
    let world = World::start().await;
    let officer = world.add_user("officer", Builtin::PrivacyOfficer).await;
    let id = world.file("Nobody", "nobody@nowhere.example").await;
    assert_eq!(world.mails_to("nobody@nowhere.example").await.len(), 2);
    world.verify(id).await;
    assert_eq!(world.request(id).await.found.map(|found| found.record_count), Some(0));
    world.approve(id, officer, 0).await.expect("approved");
    let request = world.request(id).await;
    assert_eq!(request.status, Status::Completed);
    assert_eq!(world.mails_to("nobody@nowhere.example").await.len(), 3);
}

/// Timers: reminded, proposed to a person for closing, never closed by itself.
#[tokio::test]
async fn unproven_identity_is_reminded_and_then_proposed_to_a_person() {
    let world = World::start().await;
    world.add_user("officer", Builtin::PrivacyOfficer).await;
    let id = world.file("Anabelle", ANABELLE).await;
    world.clock.advance_days(5);
    world.run().await;
    assert_eq!(world.mails_to(ANABELLE).await.len(), 3, "the reminder");
    world.clock.advance_days(60);
    world.run().await;
    let request = world.request(id).await;
    assert!(request.needs_attention() && !request.status.is_closed());
    let mails = world.mails_to("officer@larkspur.example").await;
    for about in ["Overdue: ", "To decide: "] {
        assert_eq!(mails.iter().filter(|mail| mail.starts_with(about)).count(), 1, "{mails:?}");
    }
}

/// The archive ends with its time: after 30 days the file is gone, the log stays.
#[tokio::test]
async fn an_archive_is_deleted_after_its_time() {
    let world = World::start().await;
    let officer = world.add_user("officer", Builtin::PrivacyOfficer).await;
    let id = world.file("Nobody", "nobody@nowhere.example").await;
    world.verify(id).await;
    world.approve(id, officer, 0).await.expect("approved");
    let blob = world.request(id).await.package.expect("an archive").blob;
    world.clock.advance_days(31);
    world.run().await;
    assert!(world.request(id).await.package.expect("the note of it").is_deleted);
    let mut read = world.installation.store.read().await.unwrap();
    assert!(read.lookup_blob(blob, &Scope::Everything).await.unwrap().is_none());
    let closed = world.request(id).await;
    assert_eq!(closed.tasks.values().filter(|run| run.state == TaskState::Done).count(), closed.tasks.len());
}

async fn open_sqlite(path: &std::path::Path) -> sqlx::SqliteConnection {
    use sqlx::ConnectOptions as _;
    sqlx::sqlite::SqliteConnectOptions::new().filename(path).connect().await.unwrap()
}

async fn reader(world: &World, id: habeas_core::id::RequestId) -> Reader {
    let found = world.request(id).await.found.expect("records");
    let mut read = world.installation.store.read().await.unwrap();
    let keys = read.lookup_keys(id).await.unwrap().expect("keys");
    let blob = read.lookup_blob(found.blob, &Scope::Everything).await.unwrap().expect("a file");
    let file = world.installation.store.open_sealed(&blob).unwrap();
    Reader::open(file, &SealTarget::of(&keys).unwrap()).unwrap()
}

async fn third_party_record(world: &World, id: habeas_core::id::RequestId) -> u64 {
    let mut reader = reader(world, id).await;
    let found: Vec<_> = reader.iter().map(Result::unwrap).filter(|record| record.third_party).collect();
    let crane = found.iter().find(|record| record.row.to_json().contains("Crane"));
    crane.expect("Courtney Crane").id
}

async fn text_of(world: &World, id: habeas_core::id::RequestId) -> String {
    let mut reader = reader(world, id).await;
    reader.iter().map(|record| record.unwrap().row.to_json()).collect()
}

pub(crate) async fn archive(
    world: &World,
    id: habeas_core::id::RequestId,
    blob: habeas_core::id::BlobId,
) -> Vec<u8> {
    let mut read = world.installation.store.read().await.unwrap();
    let keys = read.lookup_keys(id).await.unwrap().expect("keys");
    let blob = read.lookup_blob(blob, &Scope::Everything).await.unwrap().expect("a file");
    let mut opened = world.installation.store.open_blob(&blob, &SealTarget::of(&keys).unwrap()).unwrap();
    let mut bytes = Vec::new();
    opened.read_to_end(&mut bytes).unwrap();
    bytes
}

/// Opens the archive with the password, as the person would, and returns all text in it.
pub(crate) fn seven_zip(path: &std::path::Path, password: &str) -> String {
    let output = std::process::Command::new("7z")
        .args(["x", "-so", &format!("-p{password}")])
        .arg(path)
        .output()
        .expect("7z, of the Debian package p7zip-full");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A team with a mailbox of its own gets one mail there; its members get none about the task.
#[tokio::test]
async fn mails_about_a_task_go_to_the_teams_address() {
    let world = World::start_with(|path| {
        let folder = path.join("definitions/roles");
        std::fs::create_dir_all(&folder).expect("a folder");
        let role = Builtin::PrivacyOfficer.text().to_owned() + "email: privacy@larkspur.example\n";
        std::fs::write(folder.join("privacy_officer.yml"), role).expect("a role");
    })
    .await;
    world.add_user("officer", Builtin::PrivacyOfficer).await;
    let id = world.file("Anabelle", ANABELLE).await;
    world.verify(id).await;
    assert_eq!(world.mails_to("privacy@larkspur.example").await.len(), 1, "the task");
    assert_eq!(world.mails_to("officer@larkspur.example").await.len(), 1, "the new request");
}
