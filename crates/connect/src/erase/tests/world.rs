//! A source, a person to erase, and looks at what is left.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex};

use jiff::civil::date;
use sqlx::{
    AssertSqlSafe, Connection as _, Executor as _, MySqlConnection, PgConnection, Row as _, SqliteConnection,
};

use habeas_core::yaml::Problems;
use habeas_dataset::graph::Graph;
use habeas_dataset::masking::Secrets;
use habeas_dataset::plan::Plan;
use habeas_dataset::policy::{self, Policy};
use habeas_dataset::retention::{self, Retention};
use habeas_testkit::SeededChance;

use crate::collect::Subject;
use crate::connections::Connections;
use crate::erase::{
    Erasure, Fingerprint, Journal, Outcome, Planned, Residue, SourceOutcome, execute, plan, verify,
};
use crate::sources::Sources;
use crate::testing::people;

/// A database and everything an erasure in it needs.
pub(super) struct World {
    database: Database,
    sources: Sources,
    graph: Graph,
    plan: Plan,
    whole: Plan,
    policy: Policy,
    retention: Retention,
    secrets: Secrets,
    subjects: Vec<Subject>,
    chance: SeededChance,
    masked: Arc<Mutex<HashSet<Fingerprint>>>,
    is_done: Box<dyn Fn(&Fingerprint) -> bool + Send + Sync>,
}

enum Database {
    Postgres(habeas_testkit::postgres::Database),
    Mariadb(habeas_testkit::mariadb::Database),
    Sqlite(tempfile::TempDir),
}

/// What a test is about.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub(super) sql: &'a str,
    /// The collections of the dataset `shop`.
    pub(super) collections: &'a str,
    pub(super) policy: &'a str,
    pub(super) retention: &'a str,
    pub(super) emails: &'a [&'a str],
    /// More lines for the connection.
    pub(super) connection: &'a str,
}

pub(super) const NULL_CONTACT: &str =
    "erasure: [{categories: [user.contact, user.name], mask: {strategy: null_rewrite}}]";

pub(super) const ADA: Setting<'static> = Setting {
    sql: "",
    collections: "",
    policy: NULL_CONTACT,
    retention: "",
    emails: &["ada@x.org"],
    connection: "grant = [\"read\", \"write\"]",
};

impl World {
    pub(super) async fn postgres(setting: Setting<'_>) -> Self {
        let database = habeas_testkit::postgres::fresh_database().await;
        let url = database.url().to_owned();
        let world = Self::new(Database::Postgres(database), &url, setting);
        world.run(setting.sql).await;
        world
    }

    pub(super) async fn sqlite(setting: Setting<'_>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("shop.db").display());
        let world = Self::new(Database::Sqlite(folder), &url, setting);
        world.run(setting.sql).await;
        world
    }

    pub(super) async fn mariadb(setting: Setting<'_>) -> Self {
        let database = habeas_testkit::mariadb::fresh_database().await;
        let url = database.url().to_owned();
        let world = Self::new(Database::Mariadb(database), &url, setting);
        world.run(setting.sql).await;
        world
    }

    /// One on each kind of database.
    pub(super) async fn on_all(setting: Setting<'_>) -> [Self; 3] {
        [Self::postgres(setting).await, Self::sqlite(setting).await, Self::mariadb(setting).await]
    }

    /// The same source reached over another address.
    pub(super) fn reached_at(self, url: &str, setting: Setting<'_>) -> Self {
        Self::new(self.database, url, setting)
    }

    fn new(database: Database, url: &str, setting: Setting<'_>) -> Self {
        let problems = Problems::new();
        let yaml = format!("fides_key: shop\ncollections:\n{}", setting.collections);
        let datasets = habeas_dataset::read::read("shop.yml", &yaml, &problems);
        let policy = policy::read("policy.yml", setting.policy, &problems).unwrap();
        let retention = match setting.retention {
            "" => Retention::default(),
            text => retention::read("retention.yml", text, &datasets, &problems),
        };
        assert!(!problems.has_errors(), "{:?}", problems.into_vec());
        let graph = Graph::new(datasets).unwrap();
        let masked: Arc<Mutex<HashSet<Fingerprint>>> = Arc::default();
        let known = Arc::clone(&masked);
        let connection = format!("[shop]\nurl = \"{url}\"\n{}\n", setting.connection);
        Self {
            database,
            sources: Sources::new(&Connections::parse(&connection, Path::new("")).unwrap()),
            plan: graph.plan_whole(&["email"]).unwrap(),
            whole: graph.plan_whole(&["email", "phone_number"]).unwrap(),
            graph,
            policy,
            retention,
            secrets: Secrets::derive(&[3; 32]),
            subjects: people("email", setting.emails),
            chance: SeededChance::new(1),
            masked,
            is_done: Box::new(move |print| known.lock().unwrap().contains(print)),
        }
    }

    pub(super) fn erasure(&self) -> Erasure<'_> {
        Erasure {
            graph: &self.graph,
            plan: &self.plan,
            whole: &self.whole,
            policy: &self.policy,
            spares_keys: false,
            retention: &self.retention,
            secrets: &self.secrets,
            fingerprint_key: [5; 32],
            is_done: &*self.is_done,
            today: date(2026, 11, 25),
            sources: &self.sources,
            subjects: &self.subjects,
            chance: &self.chance,
        }
    }

    pub(super) async fn run(&self, sql: &str) {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match &self.database {
            Database::Postgres(_) => drop(self.postgres_connection().await.execute(sql).await.unwrap()),
            Database::Mariadb(_) => drop(self.mariadb_connection().await.execute(sql).await.unwrap()),
            Database::Sqlite(_) => {
                let mut connection = self.sqlite_connection().await;
                connection.execute(sql).await.unwrap();
                connection.close().await.unwrap();
            }
        }
    }

    /// The address of a server's database.
    pub(super) fn url(&self) -> &str {
        match &self.database {
            Database::Postgres(database) => database.url(),
            Database::Mariadb(database) => database.url(),
            Database::Sqlite(_) => panic!("it is no server"),
        }
    }

    async fn postgres_connection(&self) -> PgConnection {
        PgConnection::connect(self.url()).await.unwrap()
    }

    async fn mariadb_connection(&self) -> MySqlConnection {
        MySqlConnection::connect(self.url()).await.unwrap()
    }

    /// Another program at work in the same database.
    pub(super) async fn other(&self) -> Other {
        match &self.database {
            Database::Postgres(_) => Other::Postgres(self.postgres_connection().await),
            Database::Mariadb(_) => Other::Mariadb(self.mariadb_connection().await),
            Database::Sqlite(_) => Other::Sqlite(self.sqlite_connection().await),
        }
    }

    async fn sqlite_connection(&self) -> SqliteConnection {
        let Database::Sqlite(folder) = &self.database else { panic!("it is no SQLite") };
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("shop.db").display());
        SqliteConnection::connect(&url).await.unwrap()
    }

    /// The rows of a table as text, the columns separated by `|`, no value as `-`.
    pub(super) async fn rows(&self, table: &str, columns: &[&str]) -> Vec<String> {
        let text = if matches!(self.database, Database::Mariadb(_)) { "char" } else { "text" };
        let columns: Vec<String> =
            columns.iter().map(|column| format!("coalesce(CAST({column} AS {text}), '-')")).collect();
        let row = match text {
            "char" => format!("CONCAT_WS('|', {})", columns.join(", ")),
            _ => columns.join(" || '|' || "),
        };
        let sql = format!("SELECT {row} FROM {table} ORDER BY 1");
        let sql = sqlx::raw_sql(AssertSqlSafe(sql));
        match &self.database {
            Database::Postgres(_) => {
                let rows = self.postgres_connection().await.fetch_all(sql).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
            Database::Mariadb(_) => {
                let rows = self.mariadb_connection().await.fetch_all(sql).await.unwrap();
                rows.iter().map(|row| row.get_unchecked(0)).collect()
            }
            Database::Sqlite(_) => {
                let rows = self.sqlite_connection().await.fetch_all(sql).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
        }
    }

    /// Forgets what was masked.
    pub(super) fn forget(&self) {
        self.masked.lock().unwrap().clear();
    }

    pub(super) async fn planned(&self) -> Planned {
        plan(&self.erasure()).await.unwrap()
    }

    /// What is in the way, a line each.
    pub(super) async fn troubles(&self) -> Vec<String> {
        let line = |one: &crate::erase::Trouble| {
            format!("{}.{}: {}", one.collection, one.field.as_deref().unwrap_or("*"), one.message)
        };
        self.planned().await.troubles.iter().map(line).collect()
    }

    pub(super) async fn execute(&self, planned: &Planned) -> Outcome {
        let outcomes: Vec<SourceOutcome> =
            execute(&self.erasure(), planned, &mut Notes(Arc::clone(&self.masked)), &mut |_, _| {}).await;
        outcomes.into_iter().next().map_or(Outcome::Nothing, |one| one.outcome)
    }

    /// Erases, and looks whether all is gone. Returns how many rows were deleted and masked.
    pub(super) async fn erase(&self) -> (u64, u64) {
        let planned = self.planned().await;
        assert_eq!(planned.troubles, [], "nothing is in the way");
        let done = match self.execute(&planned).await {
            Outcome::Done { deleted, masked } => (deleted, masked),
            Outcome::Nothing => (0, 0),
            other => panic!("{other:?}"),
        };
        assert_eq!(self.verify(&planned).await, []);
        assert_eq!(self.planned().await.changes(), 0, "erasing again changes nothing");
        done
    }

    pub(super) async fn verify(&self, planned: &Planned) -> Vec<Residue> {
        verify(&self.erasure(), planned).await.unwrap().0
    }

    /// What is said of each row of a collection that stays or goes another way than asked for.
    pub(super) async fn reasons(&self, collection: &str) -> Vec<String> {
        use habeas_dataset::erasure::Decision;
        let planned = self.planned().await;
        let collections = planned.collections().filter(|(_, known)| *known.collection == *collection);
        collections
            .flat_map(|(_, known)| &known.rows)
            .filter_map(|row| match (&row.decision, &row.note) {
                (Decision::Keep(kept) | Decision::Unlink(_, kept), _) => Some(kept.reason.clone()),
                (_, note) => note.clone(),
            })
            .collect()
    }
}

/// A connection beside the one under test.
pub(super) enum Other {
    Postgres(PgConnection),
    Mariadb(MySqlConnection),
    Sqlite(SqliteConnection),
}

impl Other {
    pub(super) async fn run(&mut self, sql: &str) {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self {
            Self::Postgres(connection) => drop(connection.execute(sql).await.unwrap()),
            Self::Mariadb(connection) => drop(connection.execute(sql).await.unwrap()),
            Self::Sqlite(connection) => drop(connection.execute(sql).await.unwrap()),
        }
    }

    /// Waits until somebody waits for a row in this database; returns who.
    pub(super) async fn until_somebody_waits(&mut self) -> i64 {
        const POSTGRES: &str = "SELECT pid::int8 FROM pg_stat_activity WHERE datname = current_database() \
                                AND wait_event_type = 'Lock'";
        const MARIADB: &str = "SELECT CAST(p.id AS SIGNED) FROM information_schema.innodb_trx t \
                               JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id \
                               WHERE p.db = DATABASE() AND t.trx_state = 'LOCK WAIT'";
        loop {
            let waiting = match self {
                Self::Postgres(connection) => {
                    connection.fetch_optional(POSTGRES).await.unwrap().map(|row| row.get(0))
                }
                Self::Mariadb(connection) => {
                    connection.fetch_optional(MARIADB).await.unwrap().map(|row| row.get_unchecked(0))
                }
                Self::Sqlite(_) => panic!("it has no rows to wait for"),
            };
            if let Some(who) = waiting {
                return who;
            }
            // MariaDB gives the same answer for as long as it is asked more often than every tenth of a second.
            let pause =
                if matches!(self, Self::Postgres(_)) { "SELECT pg_sleep(0.02)" } else { "DO SLEEP(0.2)" };
            self.run(pause).await;
        }
    }
}

struct Notes(Arc<Mutex<HashSet<Fingerprint>>>);

impl Journal for Notes {
    fn before_commit(&mut self, _: &str, masked: &[Fingerprint]) -> std::io::Result<()> {
        self.0.lock().unwrap().extend(masked);
        Ok(())
    }

    fn committed(&mut self, _: &str) -> std::io::Result<()> {
        Ok(())
    }
}
