//! Several sources, of which one is found only over another: whatever breaks, what leads there is still there.

use std::path::Path;

use jiff::civil::date;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, Row as _, SqliteConnection};
use tempfile::TempDir;

use habeas_core::yaml::Problems;
use habeas_dataset::graph::Graph;
use habeas_dataset::masking::Secrets;
use habeas_dataset::policy::{self, Policy};
use habeas_dataset::retention::Retention;
use habeas_testkit::SeededChance;

use crate::collect::Subject;
use crate::erase::{Erasure, Fingerprint, Journal, Outcome, Planned, SourceOutcome, execute, plan, verify};
use crate::sources::Sources;
use crate::testing::{people, sources, sqlite};

const DATASETS: &str = "
dataset:
- fides_key: accounts
  collections:
  - name: account
    habeas: {erasure: delete}
    fields:
    - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}
    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
- fides_key: tickets
  collections:
  - name: ticket
    habeas: {erasure: delete}
    fields:
    - {name: id, data_categories: [system], fides_meta: {primary_key: true}}
    - {name: account_id, data_categories: [user.unique_id], fides_meta: {references: [{dataset: accounts, field: account.id, direction: from}]}}
    - {name: email, data_categories: [user.contact.email]}
";

struct Two {
    folder: TempDir,
    graph: Graph,
    policy: Policy,
    sources: Sources,
    subjects: Vec<Subject>,
    chance: SeededChance,
    secrets: Secrets,
    retention: Retention,
}

struct NoNotes;

impl Journal for NoNotes {
    fn before_commit(&mut self, _: &str, _: &[Fingerprint]) -> std::io::Result<()> {
        Ok(())
    }

    fn committed(&mut self, _: &str) -> std::io::Result<()> {
        Ok(())
    }
}

impl Two {
    async fn new(datasets: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        sqlite(
            &file("accounts.db"),
            "CREATE TABLE account (id integer PRIMARY KEY, email text, ticket_id integer);
             INSERT INTO account VALUES (7, 'ada@x.org', 1), (8, 'bob@x.org', 2)",
        )
        .await;
        sqlite(
            &file("tickets.db"),
            "CREATE TABLE ticket (id integer PRIMARY KEY, account_id integer, email text);
             INSERT INTO ticket VALUES (1, 7, 'ada@x.org'), (2, 8, 'bob@x.org')",
        )
        .await;
        let url = |path: &Path| format!("sqlite://{}", path.display());
        let urls = [url(&file("accounts.db")), url(&file("tickets.db"))];
        let problems = Problems::new();
        let read = habeas_dataset::read::read("two.yml", datasets, &problems);
        let policy = policy::read(
            "policy.yml",
            "erasure: [{categories: [user.contact], mask: {strategy: null_rewrite}}]",
            &problems,
        )
        .unwrap();
        assert!(!problems.has_errors(), "{:?}", problems.into_vec());
        Self {
            folder,
            graph: Graph::new(read).unwrap(),
            policy,
            sources: sources(
                &[("accounts", &urls[0]), ("tickets", &urls[1])],
                "grant = [\"read\", \"write\"]\nlimits = { connect_timeout_ms = 300, retries = 0 }",
            ),
            subjects: people("email", &["ada@x.org"]),
            chance: SeededChance::new(1),
            secrets: Secrets::derive(&[3; 32]),
            retention: Retention::default(),
        }
    }

    /// Does something with the erasure.
    async fn with<T>(&self, work: impl AsyncFnOnce(&Erasure<'_>) -> T) -> T {
        let plan = self.graph.plan_whole(&["email"]).unwrap();
        work(&Erasure {
            graph: &self.graph,
            plan: &plan,
            whole: &plan,
            policy: &self.policy,
            spares_keys: false,
            retention: &self.retention,
            secrets: &self.secrets,
            fingerprint_key: [5; 32],
            is_done: &|_| false,
            today: date(2026, 11, 25),
            sources: &self.sources,
            subjects: &self.subjects,
            chance: &self.chance,
        })
        .await
    }

    async fn planned(&self) -> Planned {
        self.with(async |erasure| plan(erasure).await.unwrap()).await
    }

    async fn execute(&self, planned: &Planned) -> Vec<SourceOutcome> {
        self.with(async |erasure| execute(erasure, planned, &mut NoNotes, &mut |_, _| {}).await).await
    }

    async fn open(&self, name: &str) -> SqliteConnection {
        let url = format!("sqlite://{}", self.folder.path().join(format!("{name}.db")).display());
        SqliteConnection::connect(&url).await.unwrap()
    }

    async fn ids(&self, database: &str, table: &str) -> Vec<i64> {
        let sql = format!("SELECT id FROM {table} ORDER BY 1");
        let rows = self.open(database).await.fetch_all(sqlx::raw_sql(AssertSqlSafe(sql))).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }
}

#[tokio::test]
async fn what_is_found_only_over_another_source_goes_first_and_its_failure_stops_what_leads_there() {
    let world = Two::new(DATASETS).await;
    let planned = world.planned().await;
    assert_eq!((planned.troubles.len(), planned.changes()), (0, 2));
    let mut holder = world.open("tickets").await;
    holder.execute("BEGIN IMMEDIATE").await.unwrap();
    let outcomes = world.execute(&planned).await;
    let names: Vec<&str> = outcomes.iter().map(|one| &*one.source).collect();
    assert_eq!(names, ["tickets", "accounts"]);
    let Outcome::Failed(error) = &outcomes[1].outcome else { panic!("{outcomes:?}") };
    assert!(
        error.to_string().contains("its rows lead to rows of source tickets, which is not done"),
        "{error}"
    );
    assert_eq!(world.ids("accounts", "account").await, [7, 8], "what leads to the tickets is still there");

    holder.execute("ROLLBACK").await.unwrap();
    let planned = world.planned().await;
    let outcomes = world.execute(&planned).await;
    assert!(
        outcomes.iter().all(|one| matches!(one.outcome, Outcome::Done { deleted: 1, .. })),
        "{outcomes:?}"
    );
    assert_eq!(world.ids("tickets", "ticket").await, [2]);
    let left = world.with(async |erasure| verify(erasure, &planned).await.unwrap().0).await;
    assert_eq!(left, []);
}

#[tokio::test]
async fn a_source_found_by_the_identity_itself_waits_for_none() {
    let direct = DATASETS.replace(
        "name: email, data_categories: [user.contact.email]}",
        "name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}",
    );
    let world = Two::new(&direct).await;
    let planned = world.planned().await;
    assert!(planned.sources.iter().all(|source| source.waits_for.is_empty()));
    let mut holder = world.open("tickets").await;
    holder.execute("BEGIN IMMEDIATE").await.unwrap();
    let outcomes = world.execute(&planned).await;
    let of = |name: &str| &outcomes.iter().find(|one| *one.source == *name).unwrap().outcome;
    assert!(matches!(of("accounts"), Outcome::Done { deleted: 1, masked: 0 }), "{outcomes:?}");
    assert!(matches!(of("tickets"), Outcome::Failed(_)), "{outcomes:?}");
    holder.execute("ROLLBACK").await.unwrap();
    let planned = world.planned().await;
    assert_eq!(planned.changes(), 1, "what is left is found without the account");
}
