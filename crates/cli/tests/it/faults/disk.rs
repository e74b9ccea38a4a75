//! Full disks: what can't be kept is said to be not kept, and nothing half stays.
//!
//! The disks are small ones in memory, mounted in a namespace of their own: each test here runs itself again
//! inside one, so that it needs no rights and leaves no mount behind.

use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command as Process;
use std::sync::Arc;

use habeas_cli::config::Config;
use habeas_cli::server::{self, Shows};
use habeas_core::access::Builtin;
use habeas_core::event::Actor;
use habeas_core::flow::TaskKey;
use habeas_core::id::{RequestId, UserId};
use habeas_core::request::{Command, Status};
use habeas_store::requests::{Filter, Paging, Scope};
use habeas_testkit::CapturedLogs;
use sqlx::{Connection as _, Row as _, SqliteConnection};

use super::seen::{ensure_whole, files};
use crate::flows::world::World;
use crate::support::visitor::Visitor;

const INSIDE: &str = "HABEAS_INSIDE_NAMESPACE";
const NOBODY: &str = "nobody@nowhere.example";
const SAID: &str = "no space left for data; free some space and try again";

#[tokio::test]
async fn a_request_that_finds_the_disk_full_is_not_half_kept() {
    if is_inside("a_request_that_finds_the_disk_full_is_not_half_kept") {
        fill_before_a_request().await;
    }
}

#[tokio::test]
async fn records_and_archive_on_a_full_disk_are_made_once_there_is_room() {
    if is_inside("records_and_archive_on_a_full_disk_are_made_once_there_is_room") {
        fill_before_records_and_archive().await;
    }
}

/// Says whether this process may mount; else runs the test in one that may, and fails where it fails there.
fn is_inside(test: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return true;
    }
    let output = Process::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "--"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", &format!("faults::disk::{test}"), "--nocapture"])
        .env(INSIDE, "yes")
        .output()
        .expect("unshare, of util-linux");
    let said = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}\n{complaint}");
    false
}

/// A small disk, and a file that takes all the room on it.
struct Disk(PathBuf);

impl Disk {
    fn mount(folder: &Path, size: &str) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        let options = format!("size={size},mode=0700");
        let mounted = Process::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(folder)
            .status()
            .unwrap();
        assert!(mounted.success(), "nothing can be mounted here");
        Self(folder.to_owned())
    }

    fn fill(&self) {
        let mut file = File::options().create(true).append(true).open(self.0.join("filler")).unwrap();
        let block = [7; 4096];
        loop {
            match file.write_all(&block) {
                Ok(()) => {}
                Err(full) if full.kind() == ErrorKind::StorageFull => return,
                Err(other) => panic!("{other}"),
            }
        }
    }

    fn free(&self) {
        std::fs::remove_file(self.0.join("filler")).unwrap();
    }
}

async fn fill_before_a_request() {
    let logs = CapturedLogs::install();
    let folder = tempfile::tempdir().unwrap();
    let disk = Disk::mount(folder.path(), "24m");
    habeas_cli::demo::write(folder.path()).unwrap();
    let mut config = Config::default();
    config.server.proof_of_work_bits = 4;
    let world = World::open(Arc::new(folder), config).await.unwrap();
    let app = server::app(&world.installation, Shows::default()).unwrap();
    let mut person = Visitor::new(habeas_web::router(app));
    person.get("/ask/access").await.is(200);
    let fields = [
        ("given_name", "Nobody"),
        ("family_name", "Known"),
        ("email", NOBODY),
        ("country", "GB"),
        ("relation", "customer"),
        ("format", "html"),
        ("language", "en"),
        ("step", "review"),
    ];
    person.send("/ask/access", &fields).await.is(200).shows("Check before you send");
    let review = person.page.clone();

    disk.fill();
    let answer = person.send("/ask/access", &[("step", "send")]).await;
    assert!([500, 503].contains(&answer.status.as_u16()), "{}", answer.text());
    answer.shows("not kept");
    disk.free();

    assert_eq!(count(&world).await, 0, "nothing half is kept");
    ensure_whole(&world.installation.store).await;
    person.page = review;
    let again = person.send("/ask/access", &[("step", "send")]).await;
    assert_eq!(again.location(), "/sent", "{:?}", logs.text().lines().rfind(|line| line.contains("ERROR")));
    assert_eq!(count(&world).await, 1);
    world.run().await;
    assert_eq!(world.mails_to(NOBODY).await.len(), 2);
    ensure_whole(&world.installation.store).await;
}

async fn fill_before_records_and_archive() {
    let folder = tempfile::tempdir().unwrap();
    habeas_cli::demo::write(folder.path()).unwrap();
    let disk = Disk::mount(&folder.path().join("blobs"), "1m");
    let world = World::open(Arc::new(folder), Config::default()).await.unwrap();
    let officer = world.add_user("officer", Builtin::PrivacyOfficer).await;
    let id = world.file("Nobody", NOBODY).await;

    disk.fill();
    world.verify(id).await;
    assert!(world.request(id).await.found.is_none());
    ensure_retried_then_said(&world, id, "collection.collect").await;
    disk.free();
    retry(&world, id, officer, "collection.collect").await;
    assert!(world.request(id).await.found.is_some());

    disk.fill();
    world.approve(id, officer, 0).await.unwrap();
    assert!(world.request(id).await.package.is_none());
    ensure_retried_then_said(&world, id, "delivery.package").await;
    disk.free();
    retry(&world, id, officer, "delivery.package").await;
    assert_eq!(world.request(id).await.status, Status::Completed);
    ensure_whole(&world.installation.store).await;
}

async fn count(world: &World) -> u64 {
    let mut read = world.installation.store.read().await.unwrap();
    read.list(&Filter::default(), Paging::default(), &Scope::Everything).await.unwrap().total
}

/// The job is put back with the reason, leaves nothing on the disk, and in the end a person is told.
async fn ensure_retried_then_said(world: &World, id: RequestId, task: &str) {
    let database = world.path().join("habeas.db").display().to_string();
    let mut database = SqliteConnection::connect(&database).await.unwrap();
    let sql = "SELECT last_error FROM jobs WHERE kind = 'run_task' AND state = 'ready'";
    let rows = sqlx::query(sql).fetch_all(&mut database).await.unwrap();
    let reasons: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(reasons, [SAID]);
    let before = files(world.path());
    assert!(before.0.is_empty(), "{before:?}");
    for _ in 0..12 {
        world.clock.advance(jiff::SignedDuration::from_mins(80));
        world.run().await;
    }
    assert_eq!(files(world.path()), before, "tries leave files behind");
    let request = world.request(id).await;
    let failure = request.tasks.get(&TaskKey::from_text(task)).and_then(|run| run.failure.clone());
    assert_eq!(failure.expect("a failure").message, SAID);
}

async fn retry(world: &World, id: RequestId, officer: UserId, task: &str) {
    let retry = Command::Retry(TaskKey::from_text(task));
    world.act(id, Actor::Staff(officer), &[Builtin::PrivacyOfficer], retry).await.unwrap();
    world.run().await;
}
