//! What the tests of this crate share: databases made from SQL, plans made from YAML, runs written as JSON.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, MySqlConnection, PgConnection, SqliteConnection};

use habeas_core::pii::Pii;
use habeas_core::record::{Coverage, Outcome, Record};
use habeas_core::value::Value;
use habeas_core::yaml::Problems;
use habeas_dataset::graph::Graph;
use habeas_dataset::plan::Plan;
use habeas_dataset::policy::Policy;
use habeas_testkit::SeededChance;
use habeas_testkit::postgres::Database;

use crate::collect::{Collected, Failure, Identity, ROUNDS, RecordSink, Run, SinkError, Subject, collect};
use crate::connections::Connections;
use crate::key::Key;
use crate::source::{Connector, Lookup, Part, Query, TableName, connector};
use crate::sources::Sources;

/// A private PostgreSQL database filled by some SQL.
pub(crate) async fn postgres(sql: &str) -> Database {
    let database = habeas_testkit::postgres::fresh_database().await;
    let mut connection = PgConnection::connect(database.url()).await.unwrap();
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await.unwrap();
    connection.close().await.unwrap();
    database
}

/// A private MariaDB database filled by some SQL.
pub(crate) async fn mariadb(sql: &str) -> habeas_testkit::mariadb::Database {
    let database = habeas_testkit::mariadb::fresh_database().await;
    let mut connection = MySqlConnection::connect(database.url()).await.unwrap();
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await.unwrap();
    connection.close().await.unwrap();
    database
}

/// A SQLite file filled by some SQL.
pub(crate) async fn sqlite(file: &Path, sql: &str) {
    let url = format!("sqlite://{}?mode=rwc", file.display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await.unwrap();
    connection.close().await.unwrap();
}

/// Connections to one source each, by name and url; `more` is added to every one.
pub(crate) fn sources(entries: &[(&str, &str)], more: &str) -> Sources {
    let entries: Vec<String> =
        entries.iter().map(|(name, url)| format!("[{name}]\nurl = \"{url}\"\n{more}\n")).collect();
    let text = entries.concat();
    Sources::new(&Connections::parse(&text, Path::new("")).unwrap())
}

/// The connector of a source at this address.
pub(crate) fn open(url: &str) -> Box<dyn Connector> {
    let text = format!("[types]\nurl = \"{url}\"");
    let connections = Connections::parse(&text, Path::new("")).unwrap();
    connector(connections.lookup("types").unwrap()).unwrap()
}

/// The name of a table in the source's own schema.
pub(crate) fn name(table: &str) -> TableName {
    TableName { schema: None, table: table.to_owned() }
}

/// The rows of a table, all columns; with a lookup in one column.
pub(crate) async fn rows(
    connector: &dyn Connector,
    table: &str,
    look: Option<(&str, Value)>,
) -> Vec<Vec<Value>> {
    let mut view = connector.open().await.unwrap();
    let table = view.tables(&[name(table)]).await.unwrap().remove(0);
    let columns: Vec<usize> = (0..table.columns.len()).collect();
    let lookups: Vec<Lookup> = look
        .map(|(column, value)| {
            let place = table.lookup(column).unwrap();
            let mut keys: Vec<Key> = Vec::new();
            table.columns[place].class.keys(&value, &mut keys).unwrap();
            assert!(!keys.is_empty(), "{column} has no key");
            let part = Part { column: place, path: Vec::new(), normaliser: None, keys };
            Lookup { parts: vec![part], filters: Vec::new() }
        })
        .into_iter()
        .collect();
    let query = Query { table: &table, columns: &columns, lookups: &lookups, filters: &[], limit: None };
    let rows = view.read(&query).try_collect().await.unwrap();
    view.finish().await.unwrap();
    rows
}

pub(crate) fn plan(yaml: &str, kinds: &[&str]) -> Plan {
    let problems = Problems::new();
    let datasets = habeas_dataset::read::read("test.yml", yaml, &problems);
    assert!(!problems.has_errors(), "{:?}", problems.into_vec());
    Graph::new(datasets).unwrap().plan(kinds, &Policy::default()).unwrap()
}

/// People with one identity each.
pub(crate) fn people(kind: &str, values: &[&str]) -> Vec<Subject> {
    values.iter().map(|value| Subject { identities: vec![identity(kind, value)] }).collect()
}

pub(crate) fn identity(kind: &str, value: &str) -> Identity {
    Identity { kind: Arc::from(kind), value: Pii::new(value.to_owned()) }
}

/// Keeps all records.
#[derive(Default)]
pub(crate) struct Kept(pub(crate) Vec<Record>);

#[async_trait]
impl RecordSink for Kept {
    async fn push(&mut self, record: Record) -> Result<(), SinkError> {
        self.0.push(record);
        Ok(())
    }
}

/// What a run gave.
pub(crate) struct Outcomes {
    pub(crate) records: Vec<Record>,
    pub(crate) collected: Collected,
}

pub(crate) async fn run(plan: &Plan, sources: &Sources, subjects: &[Subject]) -> Result<Outcomes, Failure> {
    let mut kept = Kept::default();
    let chance = SeededChance::new(1);
    let run = Run { plan, sources, subjects, chance: &chance, rounds: ROUNDS };
    let collected = collect(&run, &mut kept).await?;
    assert_eq!(collected.records, kept.0.len() as u64);
    Ok(Outcomes { records: kept.0, collected })
}

impl Outcomes {
    /// The rows of one subject by collection, as sorted JSON.
    pub(crate) fn rows(&self, subject: u32) -> BTreeMap<String, Vec<String>> {
        let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for record in self.records.iter().filter(|record| record.subject == subject) {
            all.entry(record.collection.to_string()).or_default().push(record.row.to_json());
        }
        for rows in all.values_mut() {
            rows.sort();
        }
        all
    }

    pub(crate) fn check(&self, subject: u32, expected: &[(&str, &[&str])]) {
        let expected: BTreeMap<String, Vec<String>> = expected
            .iter()
            .map(|(name, rows)| ((*name).to_owned(), rows.iter().map(|row| (*row).to_owned()).collect()))
            .collect();
        assert_eq!(self.rows(subject), expected, "subject {subject}");
    }

    pub(crate) fn coverage(&self, subject: u32, collection: &str) -> &Coverage {
        find(&self.collected.coverage, subject, collection)
    }
}

pub(crate) fn find<'a>(coverage: &'a [Coverage], subject: u32, collection: &str) -> &'a Coverage {
    coverage.iter().find(|one| one.subject == subject && *one.collection == *collection).unwrap()
}

/// Why a collection failed; empty where it did not.
pub(crate) fn reason<'a>(failure: &'a Failure, collection: &str) -> &'a str {
    match &find(&failure.collected.coverage, 0, collection).outcome {
        Outcome::Failed { reason } => reason,
        Outcome::Searched | Outcome::ByHand { .. } | Outcome::Skipped { .. } | Outcome::Unreached { .. } => {
            ""
        }
    }
}
