//! Changing documents.
//!
//! On a replica set all is one transaction: a document somebody else changed since it was compared makes the server
//! break it off. A standalone server has no transactions: there, nothing is changed before the end, and then each
//! change names the whole document it was planned on, so that none is written over. A run that is stopped in
//! between has done some of it, and the next one does the rest.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::TryStreamExt as _;
use mongodb::bson::{Bson, Document, doc};
use mongodb::error::UNKNOWN_TRANSACTION_COMMIT_RESULT;
use mongodb::options::{ReadConcern, WriteConcern};
use mongodb::{Client, ClientSession};

use habeas_core::value::Value;

use crate::erase::found::named;
use crate::error::{Error, Problem};
use crate::postgres::Decode;
use crate::source::{Column, Table};
use crate::write::{Commit, Rows, Writer};

use super::{Shared, field, filter, row, values};

/// How many changes one command carries, and how large they may be together.
const CHANGES_PER_COMMAND: usize = 1_000;
const BYTES_PER_COMMAND: usize = 8_000_000;

/// How large a document may be to be named by all it holds.
const LARGEST_GUARD: usize = 7_000_000;

/// How often ending a transaction is tried.
const COMMITS: u32 = 3;

pub(super) async fn begin(
    shared: &Arc<Shared>,
    client: &Client,
    has_transactions: bool,
) -> Result<Box<dyn Writer>, Error> {
    let mut session = None;
    if has_transactions {
        let doing = shared.doing("", true);
        let mut begun = client.start_session().await.map_err(|cause| doing.error(&cause))?;
        let started = begun
            .start_transaction()
            .read_concern(ReadConcern::snapshot())
            .write_concern(WriteConcern::majority())
            .await;
        started.map_err(|cause| doing.error(&cause))?;
        session = Some(begun);
    }
    Ok(Box::new(Work {
        shared: Arc::clone(shared),
        client: client.clone(),
        session,
        known: HashMap::new(),
        later: Vec::new(),
    }))
}

/// Changes under way.
struct Work {
    shared: Arc<Shared>,
    client: Client,
    session: Option<ClientSession>,
    /// The documents that were compared, by their collection and key.
    known: HashMap<String, Document>,
    /// What is done in the end, where there are no transactions.
    later: Vec<Command>,
}

/// Changes to one collection.
struct Command {
    database: String,
    collection: String,
    /// `update` or `delete`.
    word: &'static str,
    /// The name of the list of changes in the command.
    list: &'static str,
    changes: Vec<Document>,
}

impl Work {
    fn database<'t>(&'t self, table: &'t Table) -> &'t str {
        table.full_name.schema.as_deref().unwrap_or(&self.shared.database)
    }

    fn unsupported(&self, table: &Table, column: &str, what: &str) -> Error {
        let (table, column) = (table.name.to_string(), column.to_owned());
        Error::new(&self.shared.name, Problem::Unsupported { table, column, what: what.to_owned() })
    }

    fn key(&self, table: &Table, key: &Value) -> Result<Bson, Error> {
        values::bson(key, None)
            .ok_or_else(|| self.unsupported(table, "_id", "a key of a type that can't be written"))
    }

    /// What a change is about: in a transaction the key is enough.
    fn about(&self, table: &Table, id: &Bson, before: &Document) -> Result<Document, Error> {
        if self.session.is_some() {
            return Ok(doc! { "_id": { "$eq": id } });
        }
        if size(before) > LARGEST_GUARD {
            let what = "a document that is too large to be changed without transactions: use a replica set";
            return Err(self.unsupported(table, "_id", what));
        }
        Ok(doc! {
            "_id": { "$eq": id },
            "$expr": { "$eq": ["$$ROOT", { "$literal": before.clone() }] },
        })
    }

    fn before(&self, table: &Table, key: &Value) -> Result<&Document, Error> {
        let name = place(table, key);
        // What was compared is there: the executor locks rows before it changes them.
        self.known.get(&name).ok_or_else(|| {
            let problem = Problem::HeldBack { table: table.name.to_string(), rows: 1 };
            Error::new(&self.shared.name, problem)
        })
    }

    fn change(&self, table: &Table, key: &Value, columns: &[usize], to: &[Value]) -> Result<Document, Error> {
        let before = self.before(table, key)?;
        let about = self.about(table, &self.key(table, key)?, before)?;
        let (mut set, mut unset) = (Document::new(), Vec::new());
        for (place, value) in columns.iter().zip(to) {
            let Some(column) = table.columns.get(*place) else { continue };
            if column.decode == Decode::BsonRest {
                self.rest(table, before, value, &mut set, &mut unset)?;
                continue;
            }
            let unsets = column.decode == Decode::Bson { unsets: true };
            if value.is_null() && unsets {
                unset.push(column.name.to_string());
                continue;
            }
            set.insert(&*column.name, self.written(table, column, value, before)?);
        }
        Ok(doc! { "q": about, "u": update(set, unset), "multi": false })
    }

    fn written(
        &self,
        table: &Table,
        column: &Column,
        value: &Value,
        before: &Document,
    ) -> Result<Bson, Error> {
        values::bson(value, field(before, column))
            .ok_or_else(|| self.unsupported(table, &column.name, "a value of a type that can't be written"))
    }

    /// Fields no column is for: those that are not among the new ones go.
    fn rest(
        &self,
        table: &Table,
        before: &Document,
        to: &Value,
        set: &mut Document,
        unset: &mut Vec<String>,
    ) -> Result<(), Error> {
        let empty = Vec::new();
        let new = if let Value::Object(fields) = to { fields } else { &empty };
        for (name, old) in before.iter().filter(|(name, _)| !super::is_column(table, name)) {
            match new.iter().find(|(known, _)| **known == **name) {
                None => unset.push(name.clone()),
                Some((_, value)) => {
                    let value = values::bson(value, Some(old)).ok_or_else(|| {
                        self.unsupported(table, name, "a value of a type that can't be written")
                    })?;
                    if value != *old {
                        set.insert(name.clone(), value);
                    }
                }
            }
        }
        Ok(())
    }

    /// Carries commands out, at once in a transaction and in the end otherwise. Returns how many documents changed.
    async fn carry_out(
        &mut self,
        table: &Table,
        word: &'static str,
        changes: Vec<Document>,
    ) -> Result<u64, Error> {
        let list = if word == "update" { "updates" } else { "deletes" };
        let (database, collection) = (self.database(table).to_owned(), table.full_name.table.clone());
        let mut done = 0;
        for changes in divided(changes) {
            let command =
                Command { database: database.clone(), collection: collection.clone(), word, list, changes };
            if self.session.is_some() {
                done += self.run(&command).await?;
            } else {
                done += command.changes.len() as u64;
                self.later.push(command);
            }
        }
        Ok(done)
    }

    async fn run(&mut self, command: &Command) -> Result<u64, Error> {
        let Self { shared, client, session, .. } = self;
        let doing = shared.doing(&command.collection, true);
        let mut text = doc! { command.word: &command.collection, command.list: command.changes.clone() };
        if session.is_none() {
            text.insert("ordered", true);
            text.insert("writeConcern", doc! { "j": true });
        }
        let database = client.database(&command.database);
        let asked = async {
            match session {
                Some(session) => database.run_command(text).session(session).await,
                None => database.run_command(text).await,
            }
        };
        let answer = shared.answer(doing, asked).await?;
        let first = answer.get_array("writeErrors").ok().and_then(|errors| errors.first());
        if let Some(code) = first.and_then(Bson::as_document).map(|error| error.get_i32("code").unwrap_or(0))
        {
            return Err(Error::new(&shared.name, doing.refused(code)));
        }
        let count = answer.get("n").and_then(|n| match n {
            Bson::Int32(n) => u64::try_from(*n).ok(),
            Bson::Int64(n) => u64::try_from(*n).ok(),
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts are small")]
            Bson::Double(n) => Some(*n as u64),
            _ => None,
        });
        Ok(count.unwrap_or(0))
    }

    /// Ends a transaction. An answer that got lost is asked for again: the server knows what it has done.
    async fn end(shared: &Shared, session: &mut ClientSession) -> Commit {
        let doing = shared.doing("", true);
        let patience = Duration::from_millis(shared.limits.timeout_ms);
        for attempt in 1..=COMMITS {
            match tokio::time::timeout(patience, session.commit_transaction()).await {
                Ok(Ok(())) => return Commit::Done,
                Ok(Err(cause)) if cause.contains_label(UNKNOWN_TRANSACTION_COMMIT_RESULT) => {
                    if attempt == COMMITS {
                        break;
                    }
                }
                Ok(Err(cause)) => return Commit::Refused(doing.error(&cause)),
                Err(_) => break,
            }
        }
        Commit::Unknown(Error::new(&shared.name, Problem::LostAtEnd))
    }

    /// Does what was kept for the end, document by document.
    async fn one_by_one(mut self) -> Commit {
        let commands = std::mem::take(&mut self.later);
        let of: u64 = commands.iter().map(|command| command.changes.len() as u64).sum();
        let mut done = 0;
        for command in commands {
            let expected = command.changes.len() as u64;
            let cause = match self.run(&command).await {
                Ok(count) => {
                    done += count;
                    if count == expected {
                        continue;
                    }
                    None
                }
                Err(error) => Some(error),
            };
            return match cause {
                // Documents were changed by others since they were compared, and stayed as they are.
                None => Commit::Unknown(Error::new(&self.shared.name, Problem::PartlyDone { done, of })),
                Some(error)
                    if done == 0 && !matches!(error.problem(), Problem::Lost | Problem::TimedOut { .. }) =>
                {
                    // The command may have done some before the one that failed.
                    if expected == 1 {
                        Commit::Refused(error)
                    } else {
                        Commit::Unknown(Error::new(&self.shared.name, Problem::PartlyDone { done, of }))
                    }
                }
                Some(_) => Commit::Unknown(Error::new(&self.shared.name, Problem::PartlyDone { done, of })),
            };
        }
        Commit::Done
    }
}

#[async_trait]
impl Writer for Work {
    async fn lock(&mut self, rows: &Rows<'_>) -> Result<Vec<Vec<Value>>, Error> {
        let table = rows.table;
        let mut ids = Vec::with_capacity(rows.keys.len());
        for key in rows.keys.iter().filter_map(|key| key.first()) {
            ids.push(self.key(table, key)?);
        }
        let database = self.database(table).to_owned();
        let Self { shared, client, session, known, .. } = self;
        let collection = client.database(&database).collection::<Document>(&table.full_name.table);
        let asked = async {
            let find = collection.find(doc! { "_id": { "$in": ids } });
            match session {
                Some(session) => {
                    let mut cursor = find.session(&mut *session).await?;
                    cursor.stream(session).try_collect::<Vec<Document>>().await
                }
                None => find.await?.try_collect::<Vec<Document>>().await,
            }
        };
        let found = shared.answer(shared.doing(&table.name, true), asked).await?;
        let columns: Vec<usize> = (0..table.columns.len()).collect();
        let mut now = Vec::with_capacity(found.len());
        for document in found {
            let row = row(&document, table, &columns);
            if let Some(key) = row.first() {
                known.insert(place(table, key), document);
            }
            now.push(row);
        }
        Ok(now)
    }

    async fn update(&mut self, rows: &Rows<'_>, columns: &[usize], to: &[Vec<Value>]) -> Result<u64, Error> {
        let mut changes = Vec::with_capacity(rows.keys.len());
        for (key, to) in rows.keys.iter().zip(to) {
            let Some(key) = key.first() else { continue };
            changes.push(self.change(rows.table, key, columns, to)?);
        }
        self.carry_out(rows.table, "update", changes).await
    }

    async fn delete(&mut self, rows: &Rows<'_>) -> Result<u64, Error> {
        let mut changes = Vec::with_capacity(rows.keys.len());
        for key in rows.keys.iter().filter_map(|key| key.first()) {
            let before = self.before(rows.table, key)?;
            let about = self.about(rows.table, &self.key(rows.table, key)?, before)?;
            changes.push(doc! { "q": about, "limit": 1 });
        }
        self.carry_out(rows.table, "delete", changes).await
    }

    async fn commit(self: Box<Self>) -> Commit {
        let mut this = *self;
        match this.session.take() {
            Some(mut session) => Self::end(&this.shared, &mut session).await,
            None => this.one_by_one().await,
        }
    }

    async fn undo(self: Box<Self>) {
        if let Some(mut session) = self.session {
            let patience = Duration::from_millis(self.shared.limits.timeout_ms);
            // A transaction nobody ends is ended by the server.
            let _ = tokio::time::timeout(patience, session.abort_transaction()).await;
        }
    }
}

/// A document's place among those compared.
fn place(table: &Table, key: &Value) -> String {
    let schema = table.full_name.schema.as_deref().unwrap_or_default();
    format!("{schema}\n{}\n{}", table.full_name.table, named(std::slice::from_ref(key)))
}

/// How a document changes: by a plain update where all names can stand in one.
fn update(set: Document, unset: Vec<String>) -> Bson {
    if set.keys().chain(&unset).all(|name| filter::is_plain(name)) {
        let mut update = Document::new();
        if !set.is_empty() {
            update.insert("$set", set);
        }
        if !unset.is_empty() {
            let unset: Document = unset.into_iter().map(|name| (name, Bson::from(true))).collect();
            update.insert("$unset", unset);
        }
        return Bson::Document(update);
    }
    let with = |input: Document, name: &str, value: Bson| {
        doc! { "$setField": { "field": { "$literal": name }, "input": input, "value": value } }
    };
    let mut document = doc! { "$mergeObjects": ["$$ROOT"] };
    for (name, value) in set {
        document = with(document, &name, Bson::Document(doc! { "$literal": value }));
    }
    for name in unset {
        document = with(document, &name, Bson::from("$$REMOVE"));
    }
    Bson::Array(vec![Bson::Document(doc! { "$replaceWith": document })])
}

fn size(document: &Document) -> usize {
    document.to_vec().map_or(usize::MAX, |bytes| bytes.len())
}

/// Divides changes so that each command is within the server's limits.
fn divided(changes: Vec<Document>) -> Vec<Vec<Document>> {
    let mut all: Vec<Vec<Document>> = Vec::new();
    let mut bytes = 0;
    for change in changes {
        let more = size(&change);
        match all.last_mut() {
            Some(last) if last.len() < CHANGES_PER_COMMAND && bytes + more < BYTES_PER_COMMAND => {
                bytes += more;
                last.push(change);
            }
            _ => {
                bytes = more;
                all.push(vec![change]);
            }
        }
    }
    all
}
