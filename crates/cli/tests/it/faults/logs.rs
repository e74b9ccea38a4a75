//! Nothing of a person, no secret and nothing staff wrote stands in the log, in an error or in a job.
//!
//! The log is captured at every level, the libraries' lines included (ASVS 16.2.5, 14.2.1).

use std::str::FromStr as _;
use std::sync::Arc;

use habeas_cli::config::Config;
use habeas_core::access::Builtin;
use habeas_core::event::Actor;
use habeas_core::flow::TaskKey;
use habeas_core::pii::Pii;
use habeas_core::request::{Command, MarkGround, MarkScope, Verdict};
use habeas_testkit::CapturedLogs;
use habeas_testkit::postgres::fresh_database;
use habeas_testkit::smtp::MailServer;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, Row as _, SqliteConnection};

use super::seen::records;
use super::source::add_dataset;
use crate::flows::world::World;

const EMAIL: &str = "zwentibold@planted.example";

/// What must not be found anywhere.
const PLANTED: &[&str] = &[
    "zwentibold",
    "planted.example",
    "quillfeather",
    "armchair",
    "sesame-of-the-source",
    "stubborn colleague",
    "hurry up, says montague",
    "between ourselves",
    "the lawyer is ill",
    "looked at twice by hand",
    "officer@larkspur.example",
];

const DATASET: &str = "dataset:
- fides_key: shop
  name: Shop
  collections:
  - name: customer
    description: Customers
    fields:
    - { name: email, data_categories: [user.contact.email], fides_meta: { identity: email } }
    - { name: name, data_categories: [user.name] }
    - { name: bought, data_categories: [user.content] }
    - { name: amount, data_categories: [user.content] }
";

#[tokio::test]
async fn a_whole_way_with_everything_that_can_go_wrong_leaves_no_trace_in_the_log() {
    let logs = CapturedLogs::install();
    let database = fresh_database().await;
    run(database.url(), "CREATE TABLE customer (email text, name text, bought text, amount integer)").await;
    let insert = format!("INSERT INTO customer VALUES ('{EMAIL}', 'Quillfeather', 'purple armchair', 3)");
    run(database.url(), &insert).await;
    let server = MailServer::start().unwrap();
    let world = open(database.url(), &server).await;

    let secrets = whole_way(&world, database.url(), &server).await;
    let mut planted: Vec<&str> = PLANTED.to_vec();
    planted.extend(secrets.iter().map(String::as_str));
    assert!(logs.text().contains("job begins"), "there is a log at all");
    let leaks = logs.leaks(&planted);
    let text = logs.text().to_lowercase();
    let lines = || text.lines().filter(|line| leaks.iter().any(|leak| line.contains(leak)));
    assert!(leaks.is_empty(), "{leaks:?}\n{}", lines().take(5).collect::<Vec<_>>().join("\n"));

    // What is kept beside the sealed parts: payloads and reasons of jobs, the derived rows.
    let path = world.path().join("habeas.db").display().to_string();
    let mut own = SqliteConnection::connect(&path).await.unwrap();
    let sql = "SELECT kind || payload || coalesce(last_error, '') || coalesce(unique_key, '') FROM jobs
        UNION ALL SELECT reference || status || waits_on FROM requests
        UNION ALL SELECT message_id || occasion || coalesce(last_error, '') FROM mails";
    let rows = sqlx::query(sql).fetch_all(&mut own).await.unwrap();
    let clear: String = rows.iter().map(|row| row.get::<String, _>(0)).collect::<String>().to_lowercase();
    for value in planted {
        assert!(!clear.contains(&value.to_lowercase()), "{value} stands beside the sealed parts");
    }
}

/// The demonstration with a source whose password is planted, too, and a mail server.
async fn open(url: &str, server: &MailServer) -> World {
    let folder = tempfile::tempdir().unwrap();
    habeas_cli::demo::write(folder.path()).unwrap();
    add_dataset(folder.path(), DATASET);
    let file = folder.path().join("connections.toml");
    let secret = folder.path().join("shop.password");
    std::fs::write(&secret, "sesame-of-the-source").unwrap();
    let before = std::fs::read_to_string(&file).unwrap();
    let shop = format!(
        "\n[shop]\nurl = \"{url}\"\npassword_file = \"{}\"\ngrant = [\"read\"]\nlimits = {{ retries = 0 }}\n",
        secret.display()
    );
    std::fs::write(&file, format!("{before}{shop}")).unwrap();
    let mut config = Config::default();
    config.mail.url = Some(server.url());
    config.mail.from = Some("privacy@larkspur.example".to_owned());
    World::open(Arc::new(folder), config).await.unwrap()
}

async fn run(url: &str, sql: &str) {
    // What the test itself plants must not be what is found.
    let options = PgConnectOptions::from_str(url).unwrap().disable_statement_logging();
    let mut connection = options.connect().await.unwrap();
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await.unwrap();
    connection.close().await.unwrap();
}

/// Returns the secrets made on the way: code and password.
async fn whole_way(world: &World, url: &str, server: &MailServer) -> Vec<String> {
    let officer = world.add_user("officer", Builtin::PrivacyOfficer).await;
    let (staff, roles) = (Actor::Staff(officer), [Builtin::PrivacyOfficer]);
    // The mail server is busy at first, and breaks off after the next.
    server.refuse_next(1);
    server.break_after_next(1);
    let id = world.file("Zwentibold", EMAIL).await;
    for _ in 0..4 {
        world.clock.advance(jiff::SignedDuration::from_mins(1));
        world.run().await;
    }
    let code = server.mails().iter().find_map(|mail| code(&mail.raw)).expect("a code");

    // The source refuses a value in its own words first: its message quotes what it refuses.
    run(
        url,
        "ALTER TABLE customer RENAME TO kept; CREATE VIEW customer AS
        SELECT email, name, bought, bought::integer AS amount FROM kept",
    )
    .await;
    world.verify(id).await;
    for _ in 0..5 {
        world.clock.advance(jiff::SignedDuration::from_mins(70));
        world.run().await;
    }
    let collect = TaskKey::from_text("collection.collect");
    let request = world.request(id).await;
    let failure = request.tasks.get(&collect).and_then(|run| run.failure.clone()).expect("a failure");
    assert!(
        PLANTED.iter().all(|value| !format!("{failure:?}").to_lowercase().contains(value)),
        "{failure:?}"
    );
    run(url, "DROP VIEW customer; ALTER TABLE kept RENAME TO customer").await;
    world.act(id, staff, &roles, Command::Retry(collect)).await.unwrap();
    world.run().await;

    let review = TaskKey::from_text("review.data");
    let text = |said: &str| Pii::new(said.to_owned());
    let say = |said: &str, is_internal| Command::Say { text: text(said), is_internal };
    world.act(id, Actor::Subject, &[], say("hurry up, says Montague", false)).await.unwrap();
    world.act(id, staff, &roles, say("between ourselves", true)).await.unwrap();
    world
        .act(id, staff, &roles, Command::Extend { reason: text("the lawyer is ill"), until: None })
        .await
        .unwrap();
    world.act(id, staff, &roles, Command::Take(review.clone())).await.unwrap();
    let reject = Command::Reject {
        task: review.clone(),
        answers: Pii::default(),
        reason: text("to be looked at twice by hand"),
    };
    world.act(id, staff, &roles, reject).await.unwrap();
    world.run().await;
    world.act(id, staff, &roles, Command::Take(review.clone())).await.unwrap();
    for (record, ..) in records(world, id).await {
        let mark = Command::Mark {
            scope: MarkScope::Record(record),
            verdict: Verdict::Redact { fields: vec!["name".to_owned()], ground: MarkGround::OtherPerson },
            reason: text("a stubborn colleague"),
        };
        world.act(id, staff, &roles, mark).await.unwrap();
    }
    let denied = Command::Complete { task: review.clone(), answers: Pii::default(), undecided: 1 };
    let denied = world.act(id, staff, &roles, denied).await.err().expect("a refusal");
    assert!(PLANTED.iter().all(|value| !format!("{denied} {denied:?}").contains(value)));
    let done = Command::Complete { task: review, answers: Pii::default(), undecided: 0 };
    world.act(id, staff, &roles, done).await.unwrap();
    world.run().await;
    let package = world.request(id).await.package.expect("an archive");
    vec![code, package.password.reveal().clone()]
}

/// Finds the eight digits of a code in a mail.
fn code(mail: &str) -> Option<String> {
    let words = mail.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .into_iter()
        .find(|word| word.len() == 8 && word.bytes().all(|b| b.is_ascii_digit()))
        .map(str::to_owned)
}
