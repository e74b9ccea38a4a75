//! The database beneath a town, seen from outside: what is due in it, and leases ended by hand.

use std::path::Path;

use habeas_testkit::postgres::{Database, fresh_database};
use habeas_testkit::proxy::Proxy;
use jiff::Timestamp;
use sqlx::{Connection as _, PgConnection, Row as _, SqliteConnection};

/// Work that recurs by itself: nobody waits for its time to come.
const RECURRING: &str = "'sequence', 'sweep', 'digest', 'mail_reports', 'refresh_rows'";

/// A database.
pub(super) enum Base {
    Sqlite(SqliteConnection),
    Postgres { connection: PgConnection, proxy: Box<Proxy>, _database: Box<Database> },
}

impl Base {
    pub(super) async fn sqlite(data: &Path) -> Self {
        let path = data.join("habeas.db").display().to_string();
        let mut connection = SqliteConnection::connect(&path).await.unwrap();
        sqlx::query("PRAGMA busy_timeout = 10000").execute(&mut connection).await.unwrap();
        Self::Sqlite(connection)
    }

    /// Makes an empty database behind a proxy; returns its address through it.
    pub(super) async fn postgres() -> (Self, String) {
        let database = fresh_database().await;
        let proxy = Proxy::start(database.port()).unwrap();
        let connection = PgConnection::connect(database.url()).await.unwrap();
        let url = database.url_through(proxy.address().port());
        (Self::Postgres { connection, proxy: Box::new(proxy), _database: Box::new(database) }, url)
    }

    pub(super) fn proxy(&self) -> Option<&Proxy> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres { proxy, .. } => Some(proxy),
        }
    }

    /// Returns when the next job is due that belongs to somebody.
    pub(super) async fn next_due(&mut self) -> Option<Timestamp> {
        let sql = format!(
            "SELECT CAST(MIN(run_at) AS TEXT) FROM jobs WHERE state = 'ready' AND kind NOT IN ({RECURRING})"
        );
        let found = self.rows(&sql).await.pop()?.pop()??;
        Some(Timestamp::from_microsecond(found.parse().unwrap()).unwrap())
    }

    /// Returns the requests that jobs still wait for.
    pub(super) async fn awaited(&mut self) -> Vec<String> {
        let sql = "SELECT DISTINCT request_id FROM jobs WHERE state = 'ready' AND request_id IS NOT NULL";
        self.rows(sql).await.into_iter().filter_map(|mut row| row.pop()?).collect()
    }

    /// Returns every mail: occasion, Message-ID, instant and state.
    pub(super) async fn mails(&mut self) -> Vec<[String; 4]> {
        let sql = "SELECT occasion, message_id, CAST(created_at AS TEXT), state FROM mails";
        let rows = self.rows(sql).await.into_iter();
        rows.map(|row| row.into_iter().map(Option::unwrap).collect::<Vec<_>>().try_into().unwrap()).collect()
    }

    /// Ends the leases of dead workers where they run by the server's clock, which nobody can move.
    pub(super) async fn end_leases(&mut self) {
        let sql = "UPDATE jobs SET lease_until = 1 WHERE state = 'running'";
        if let Self::Postgres { connection, .. } = self {
            sqlx::query(sql).execute(connection).await.unwrap();
        }
    }

    async fn rows(&mut self, sql: &str) -> Vec<Vec<Option<String>>> {
        let query = sqlx::AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(connection) => {
                let rows = sqlx::query(query).fetch_all(connection).await.unwrap();
                rows.iter().map(|row| (0..row.len()).map(|place| row.get(place)).collect()).collect()
            }
            Self::Postgres { connection, .. } => {
                let rows = sqlx::query(query).fetch_all(connection).await.unwrap();
                rows.iter().map(|row| (0..row.len()).map(|place| row.get(place)).collect()).collect()
            }
        }
    }
}
