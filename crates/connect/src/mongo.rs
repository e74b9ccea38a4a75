//! MongoDB as a source.
//!
//! On a replica set a view is a session with snapshot reads: everything is as of one instant, and changes are one
//! transaction. A standalone server has neither: it is read document by document as it is at that moment, and
//! changed document by document. What a collection holds is found out by sampling; see [`tables`].

mod constraints;
mod failure;
mod filter;
mod tables;
#[cfg(test)]
mod tests;
mod values;
mod write;

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::TryStreamExt as _;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use jiff::Timestamp;
use mongodb::bson::{Bson, Document, doc};
use mongodb::options::{ClientOptions, Credential, Tls as DriverTls, TlsOptions};
use mongodb::{Client, ClientSession, Cursor, SessionCursor};
use tokio::sync::OnceCell;

use habeas_core::value::Value;

use crate::catalogue::Catalogue;
use crate::connections::{Connection, Limits, Target, Tls};
use crate::error::{Error, Problem, nearest_name};
use crate::postgres::Decode;
use crate::source::{Column, Connector, Query, Snapshot, Table, TableName};
use crate::write::{Constraints, Writer};

use failure::Doing;

/// A configured MongoDB database.
pub(crate) struct Source {
    shared: Arc<Shared>,
    url: String,
    password: Option<String>,
    tls: Tls,
    client: OnceCell<Client>,
}

struct Shared {
    name: Arc<str>,
    limits: Limits,
    may_write: bool,
    /// Where it is, without name and password.
    address: String,
    /// The database the url names.
    database: String,
    catalogue: Mutex<Catalogue>,
}

/// What a server says of itself.
struct Greeting {
    now: Timestamp,
    version: String,
    /// Whether it has transactions and reads as of one instant.
    has_transactions: bool,
}

impl Source {
    pub(crate) fn new(connection: &Connection) -> Result<Self, Error> {
        let Target::Mongodb { url, address, database, password, tls } = &connection.target else {
            return Err(Error::new(&connection.name, Problem::BadUrl));
        };
        let shared = Shared {
            name: Arc::clone(&connection.name),
            limits: connection.limits,
            may_write: connection.may_write,
            address: address.clone(),
            database: database.clone(),
            catalogue: Mutex::new(Catalogue::default()),
        };
        Ok(Self {
            shared: Arc::new(shared),
            url: url.clone(),
            password: password.clone(),
            tls: tls.clone(),
            client: OnceCell::new(),
        })
    }

    /// Nothing is sent yet: the driver connects when it is first asked something.
    async fn client(&self) -> Result<&Client, Error> {
        self.client.get_or_try_init(|| self.make_client()).await
    }

    async fn make_client(&self) -> Result<Client, Error> {
        let shared = &self.shared;
        let mut options = ClientOptions::parse(&self.url).await.map_err(|cause| match &*cause.kind {
            mongodb::error::ErrorKind::DnsResolve { .. } => shared.doing("", false).error(&cause),
            _ => Error::new(&shared.name, Problem::BadUrl),
        })?;
        let patience = Duration::from_millis(shared.limits.connect_timeout_ms);
        options.connect_timeout = Some(patience);
        options.server_selection_timeout = Some(patience);
        options.max_pool_size = Some(shared.limits.concurrency.saturating_mul(2).max(2));
        options.min_pool_size = None;
        options.app_name = Some("habeas".to_owned());
        options.tls = Some(match &self.tls {
            Tls::Off => DriverTls::Disabled,
            Tls::Verified { ca_file } => {
                let mut tls = TlsOptions::default();
                tls.ca_file_path.clone_from(ca_file);
                DriverTls::Enabled(tls)
            }
        });
        if let Some(password) = &self.password {
            let credential = options.credential.get_or_insert_with(Credential::default);
            credential.password = Some(password.clone());
        }
        Client::with_options(options).map_err(|cause| shared.doing("", false).error(&cause))
    }

    async fn greet(&self, client: &Client) -> Result<Greeting, Error> {
        let doing = self.shared.doing("", false);
        let asked = client.database("admin");
        let hello = asked.run_command(doc! { "hello": 1 }).await.map_err(|cause| doing.error(&cause))?;
        let wire = hello.get_i32("maxWireVersion").unwrap_or(0);
        let is_set = hello.contains_key("setName") || hello.get_str("msg").is_ok_and(|msg| msg == "isdbgrid");
        let now = hello.get_datetime("localTime").map(|now| now.timestamp_millis());
        let now = now.ok().and_then(|millis| Timestamp::from_millisecond(millis).ok());
        let now = now.ok_or_else(|| {
            Error::new(
                &self.shared.name,
                Problem::Database { table: "the clock".to_owned(), code: "range".to_owned() },
            )
        })?;
        // Snapshot reads came with version 5.0.
        let has_transactions = is_set && wire >= 13;
        let version = if has_transactions { String::new() } else { " (standalone: no snapshot)".to_owned() };
        Ok(Greeting { now, version, has_transactions })
    }
}

impl Shared {
    fn doing<'a>(&'a self, table: &'a str, writes: bool) -> Doing<'a> {
        Doing { source: &self.name, address: &self.address, table, limit_ms: self.limits.timeout_ms, writes }
    }

    /// Waits for an answer as long as the limits allow.
    async fn answer<T>(
        &self,
        doing: Doing<'_>,
        asked: impl Future<Output = mongodb::error::Result<T>>,
    ) -> Result<T, Error> {
        match tokio::time::timeout(Duration::from_millis(self.limits.timeout_ms), asked).await {
            Ok(answer) => answer.map_err(|cause| doing.error(&cause)),
            Err(_) => Err(doing.late()),
        }
    }

    fn catalogue(&self) -> std::sync::MutexGuard<'_, Catalogue> {
        self.catalogue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Connector for Source {
    fn name(&self) -> &Arc<str> {
        &self.shared.name
    }

    fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    async fn open(&self) -> Result<Box<dyn Snapshot>, Error> {
        let client = self.client().await?;
        let greeting = self.greet(client).await?;
        let session = if greeting.has_transactions {
            let begun = client.start_session().snapshot(true).await;
            Some(begun.map_err(|cause| self.shared.doing("", false).error(&cause))?)
        } else {
            None
        };
        Ok(Box::new(View { shared: Arc::clone(&self.shared), client: client.clone(), session, greeting }))
    }

    fn write_refusal(&self) -> Option<Problem> {
        (!self.shared.may_write).then_some(Problem::WritingNotGranted)
    }

    async fn open_writer(&self) -> Result<Box<dyn Writer>, Error> {
        let client = self.client().await?;
        let greeting = self.greet(client).await?;
        write::begin(&self.shared, client, greeting.has_transactions).await
    }
}

/// A view of the database.
struct View {
    shared: Arc<Shared>,
    client: Client,
    /// Reads through it are as of one instant.
    session: Option<ClientSession>,
    greeting: Greeting,
}

impl View {
    /// Finds a collection: by its whole name in the url's database, else the part before the first dot is the
    /// database.
    async fn find(&self, name: &TableName) -> Result<Option<(String, String, Document)>, Error> {
        let own = self.shared.database.clone();
        let mut places = vec![(own, name.to_string())];
        if let Some(schema) = &name.schema {
            places.push((schema.clone(), name.table.clone()));
        }
        for (database, collection) in places {
            let listed = self.listed(&database, doc! { "name": &collection }).await?;
            if let Some(listed) = listed.into_iter().next() {
                return Ok(Some((database, collection, listed)));
            }
        }
        Ok(None)
    }

    async fn listed(&self, database: &str, filter: Document) -> Result<Vec<Document>, Error> {
        let asked = async {
            let cursor = self
                .client
                .database(database)
                .run_cursor_command(doc! { "listCollections": 1, "filter": filter })
                .await?;
            cursor.try_collect::<Vec<Document>>().await
        };
        self.shared.answer(self.shared.doing("its list of collections", false), asked).await
    }

    async fn describe(&self, name: &TableName) -> Result<Option<Table>, Error> {
        let Some((database, collection, listed)) = self.find(name).await? else { return Ok(None) };
        let place = self.client.database(&database).collection::<Document>(&collection);
        let mut sample = Vec::new();
        for direction in [1, -1] {
            // A view has no order of its own; what is sampled of it is what comes first.
            let is_view = listed.get_str("type").is_ok_and(|kind| kind != "collection");
            let order = if is_view {
                doc! {}
            } else {
                doc! { "$natural": direction }
            };
            let asked = async {
                let cursor = place.find(doc! {}).sort(order).limit(tables::SAMPLE).await?;
                cursor.try_collect::<Vec<Document>>().await
            };
            sample.extend(self.shared.answer(self.shared.doing(&collection, false), asked).await?);
        }
        let found = TableName { schema: None, table: collection };
        Ok(Some(tables::describe(&found, &database, &tables::listed(&listed), &sample)))
    }

    async fn missing(&self, name: &TableName) -> Result<Error, Error> {
        let known = self.listed(&self.shared.database, doc! {}).await?;
        let known = known.iter().filter_map(|one| one.get_str("name").ok());
        let nearest = nearest_name(&name.table, known);
        Ok(Error::new(&self.shared.name, Problem::MissingTable { table: name.to_string(), nearest }))
    }
}

#[async_trait]
impl Snapshot for View {
    fn as_of(&self) -> Timestamp {
        self.greeting.now
    }

    async fn version(&mut self) -> Result<String, Error> {
        let admin = self.client.database("admin");
        let asked = admin.run_command(doc! { "buildInfo": 1 });
        let info = self.shared.answer(self.shared.doing("its version", false), asked.into_future()).await?;
        let version = info.get_str("version").unwrap_or("of unknown version");
        Ok(format!("MongoDB {version}{}", self.greeting.version))
    }

    async fn list(&mut self) -> Result<Vec<TableName>, Error> {
        let listed = self.listed(&self.shared.database, doc! {}).await?;
        let names = listed.iter().filter_map(|one| one.get_str("name").ok());
        let mut names: Vec<TableName> = names
            .filter(|name| !name.starts_with("system."))
            .map(|name| TableName { schema: None, table: name.to_owned() })
            .collect();
        names.sort();
        Ok(names)
    }

    fn forget(&mut self) {
        self.shared.catalogue().forget();
    }

    async fn tables(&mut self, names: &[TableName]) -> Result<Vec<Arc<Table>>, Error> {
        let unknown = self.shared.catalogue().unknown(names, self.greeting.now);
        for name in unknown {
            match self.describe(&name).await? {
                Some(table) => self.shared.catalogue().learn(vec![(name, table)]),
                None => return Err(self.missing(&name).await?),
            }
        }
        let mut tables = Vec::with_capacity(names.len());
        for name in names {
            let known = self.shared.catalogue().lookup(name).cloned();
            tables.push(match known {
                Some(table) => table,
                // Another run had everything asked for again meanwhile.
                None => match self.describe(name).await? {
                    Some(table) => Arc::new(table),
                    None => return Err(self.missing(name).await?),
                },
            });
        }
        Ok(tables)
    }

    async fn constraints(&mut self, tables: &[Arc<Table>]) -> Result<Vec<Constraints>, Error> {
        let mut all = Vec::with_capacity(tables.len());
        for table in tables {
            all.push(constraints::describe(self, table).await?);
        }
        Ok(all)
    }

    fn read<'a>(&'a mut self, query: &Query<'a>) -> BoxStream<'a, Result<Vec<Value>, Error>> {
        let shared = &*self.shared;
        let filter = match filter::filter(query) {
            Ok(filter) => filter,
            Err(problem) => return stream::iter([Err(Error::new(&shared.name, problem))]).boxed(),
        };
        let reading = Reading {
            shared,
            client: &self.client,
            session: self.session.as_mut(),
            table: query.table,
            columns: query.columns,
            limit: query.limit,
            filter,
            cursor: None,
        };
        stream::try_unfold(reading, |mut reading| async move {
            Ok(reading.next().await?.map(|row| (row, reading)))
        })
        .boxed()
    }

    async fn finish(self: Box<Self>) -> Result<(), Error> {
        Ok(())
    }
}

/// Rows on their way.
struct Reading<'a> {
    shared: &'a Shared,
    client: &'a Client,
    session: Option<&'a mut ClientSession>,
    table: &'a Table,
    columns: &'a [usize],
    limit: Option<u64>,
    filter: Document,
    cursor: Option<Rows>,
}

enum Rows {
    Plain(Cursor<Document>),
    InSession(SessionCursor<Document>),
}

impl Reading<'_> {
    async fn next(&mut self) -> Result<Option<Vec<Value>>, Error> {
        let doing = self.shared.doing(&self.table.name, false);
        if self.limit == Some(0) {
            return Ok(None);
        }
        if self.cursor.is_none() {
            self.cursor = Some(self.open().await.map_err(|cause| doing.error(&cause))?);
        }
        let next = match (&mut self.cursor, &mut self.session) {
            (Some(Rows::Plain(cursor)), _) => cursor.next().await,
            (Some(Rows::InSession(cursor)), Some(session)) => cursor.next(session).await,
            (Some(Rows::InSession(_)) | None, _) => None,
        };
        let next = next.transpose().map_err(|cause| doing.error(&cause))?;
        Ok(next.map(|document| row(&document, self.table, self.columns)))
    }

    async fn open(&mut self) -> mongodb::error::Result<Rows> {
        let database = self.table.full_name.schema.as_deref().unwrap_or(&self.shared.database);
        let collection = self.client.database(database).collection::<Document>(&self.table.full_name.table);
        let mut find = collection.find(std::mem::take(&mut self.filter));
        if let Some(wanted) = projection(self.table, self.columns) {
            find = find.projection(wanted);
        }
        if let Some(limit) = self.limit {
            find = find.limit(i64::try_from(limit).unwrap_or(i64::MAX));
        }
        Ok(match &mut self.session {
            Some(session) => Rows::InSession(find.session(&mut **session).await?),
            None => Rows::Plain(find.await?),
        })
    }
}

/// Only the fields asked for; `None` where the whole document is needed.
fn projection(table: &Table, columns: &[usize]) -> Option<Document> {
    let mut wanted = doc! { "_id": 1 };
    for column in columns.iter().filter_map(|place| table.columns.get(*place)) {
        if column.decode == Decode::BsonRest || !filter::is_plain(&column.name) {
            return None;
        }
        wanted.insert(&*column.name, 1);
    }
    Some(wanted)
}

/// A document as the columns of its table.
fn row(document: &Document, table: &Table, columns: &[usize]) -> Vec<Value> {
    let read = |column: &Column| match column.decode {
        Decode::BsonRest => rest(document, table),
        _ => document.get(&*column.name).map_or(Value::Null, values::value),
    };
    columns.iter().filter_map(|place| table.columns.get(*place)).map(read).collect()
}

/// The fields no column is for; no value where there are none.
fn rest(document: &Document, table: &Table) -> Value {
    let others = document.iter().filter(|(name, _)| !is_column(table, name));
    let others: Vec<(Arc<str>, Value)> =
        others.map(|(name, value)| (Arc::from(name.as_str()), values::value(value))).collect();
    if others.is_empty() { Value::Null } else { Value::Object(others) }
}

fn is_column(table: &Table, name: &str) -> bool {
    table.columns.iter().any(|column| column.decode != Decode::BsonRest && *column.name == *name)
}

/// The value of a field as the server has it.
fn field<'d>(document: &'d Document, column: &Column) -> Option<&'d Bson> {
    document.get(&*column.name)
}
