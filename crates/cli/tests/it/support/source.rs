//! Source databases that a test fills, lets be changed, and reads with SQL, without what the connectors do.

use std::collections::BTreeMap;

use sqlx::{
    AssertSqlSafe, Connection as _, Executor as _, MySqlConnection, PgConnection, Row as _, SqliteConnection,
};

use crate::graph_cases::plain;

/// The rows of every table, each in a form that tells the same of the same.
pub(crate) type Tables = BTreeMap<String, Vec<String>>;

/// A database of a test's own.
pub(crate) enum Source {
    Postgres(habeas_testkit::postgres::Database),
    Mariadb(habeas_testkit::mariadb::Database),
    Sqlite(tempfile::TempDir),
}

impl Source {
    pub(crate) async fn postgres(sql: &str) -> Self {
        let database = habeas_testkit::postgres::fresh_database().await;
        let source = Self::Postgres(database);
        source.execute(sql).await;
        source
    }

    pub(crate) async fn mariadb(sql: &str) -> Self {
        let source = Self::Mariadb(habeas_testkit::mariadb::fresh_database().await);
        source.execute(sql).await;
        source
    }

    pub(crate) async fn sqlite(sql: &str) -> Self {
        let source = Self::Sqlite(tempfile::tempdir().unwrap());
        source.execute(&sql.replace("public.", "")).await;
        source
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::Postgres(database) => database.url().to_owned(),
            Self::Mariadb(database) => database.url().to_owned(),
            Self::Sqlite(folder) => format!("sqlite://{}", folder.path().join("shop.db").display()),
        }
    }

    pub(crate) async fn execute(&self, sql: &str) {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self {
            Self::Postgres(database) => {
                PgConnection::connect(database.url()).await.unwrap().execute(sql).await.unwrap();
            }
            Self::Mariadb(database) => {
                MySqlConnection::connect(database.url()).await.unwrap().execute(sql).await.unwrap();
            }
            Self::Sqlite(_) => {
                let url = format!("{}?mode=rwc", self.url());
                let mut connection = SqliteConnection::connect(&url).await.unwrap();
                connection.execute(sql).await.unwrap();
                connection.close().await.unwrap();
            }
        }
    }

    /// Returns all rows of all tables of an SQLite file.
    pub(crate) async fn read_sqlite(file: &std::path::Path) -> Tables {
        sqlite_tables(&format!("sqlite://{}", file.display())).await
    }

    /// Returns all rows of all tables, in order.
    pub(crate) async fn tables(&self) -> Tables {
        match self {
            Self::Postgres(database) => postgres_tables(database.url()).await,
            Self::Mariadb(database) => mariadb_tables(database.url()).await,
            Self::Sqlite(_) => sqlite_tables(&self.url()).await,
        }
    }
}

async fn postgres_tables(url: &str) -> Tables {
    let mut all = Tables::new();
    let mut connection = PgConnection::connect(url).await.unwrap();
    let names = connection.fetch_all("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'");
    for name in names.await.unwrap() {
        let name: String = name.get(0);
        let rows = format!("SELECT to_jsonb(t)::text FROM \"{name}\" AS t");
        let rows = connection.fetch_all(sqlx::raw_sql(AssertSqlSafe(rows))).await.unwrap();
        all.insert(name, sorted(rows.iter().map(|row| row.get(0))));
    }
    all
}

async fn mariadb_tables(url: &str) -> Tables {
    let mut all = Tables::new();
    let mut connection = MySqlConnection::connect(url).await.unwrap();
    connection.execute("SET SESSION group_concat_max_len = 100000").await.unwrap();
    let columns = "SELECT CAST(table_name AS CHAR), \
                   CAST(GROUP_CONCAT(CONCAT(QUOTE(column_name), ', `', column_name, '`')) AS CHAR) \
                   FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name) \
                   WHERE table_schema = DATABASE() AND table_type = 'BASE TABLE' GROUP BY table_name";
    for row in connection.fetch_all(columns).await.unwrap() {
        let (name, columns): (String, String) = (row.get_unchecked(0), row.get_unchecked(1));
        let rows = format!("SELECT CAST(JSON_OBJECT({columns}) AS CHAR) FROM `{name}`");
        let rows = connection.fetch_all(sqlx::raw_sql(AssertSqlSafe(rows))).await.unwrap();
        all.insert(name, sorted(rows.iter().map(|row| row.get_unchecked(0))));
    }
    all
}

async fn sqlite_tables(url: &str) -> Tables {
    let mut all = Tables::new();
    let mut connection = SqliteConnection::connect(url).await.unwrap();
    let names = connection.fetch_all("SELECT name FROM sqlite_schema WHERE type = 'table'").await.unwrap();
    for name in names {
        let name: String = name.get(0);
        let columns = sqlx::query(
            "SELECT group_concat(quote(name) || ', \"' || name || '\"') FROM pragma_table_info($1)",
        );
        let columns: String = connection.fetch_one(columns.bind(&name)).await.unwrap().get(0);
        let rows = format!("SELECT json_object({columns}) FROM \"{name}\"");
        let rows = connection.fetch_all(sqlx::raw_sql(AssertSqlSafe(rows))).await.unwrap();
        all.insert(name, sorted(rows.iter().map(|row| row.get(0))));
    }
    all
}

pub(crate) fn sorted(rows: impl Iterator<Item = String>) -> Vec<String> {
    let mut rows: Vec<String> =
        rows.map(|row| plain(&serde_json::from_str(&row).unwrap()).to_string()).collect();
    rows.sort();
    rows
}
