//! Whether a source holds what its datasets describe, and what it holds besides.

use habeas_connect::connections::Connection;
use habeas_connect::source::{Snapshot, Table, TableName};
use habeas_connect::{Error, Kind};
use habeas_dataset::model::{Collection, Dataset};

use crate::output::{Output, Tone};

/// How well a source and its datasets fit.
#[derive(Default)]
pub(super) struct Fit {
    /// What is described and not there, or not to be read.
    pub(super) problems: Vec<String>,
    /// Columns that are there and not described: no reply would hold them.
    pub(super) undescribed: Vec<String>,
}

impl Fit {
    /// Compares a collection with its table.
    pub(super) async fn compare(
        &mut self,
        view: &mut dyn Snapshot,
        connection: &Connection,
        dataset: &Dataset,
        collection: &Collection,
    ) -> Result<(), Error> {
        let name = TableName::of(&dataset.namespace, &collection.name);
        let table = match view.tables(std::slice::from_ref(&name)).await {
            Ok(mut tables) => tables.pop(),
            Err(error) if error.kind() == Kind::Permanent => {
                self.problems.push(error.to_string());
                None
            }
            Err(error) => return Err(error),
        };
        let Some(table) = table else { return Ok(()) };
        for field in &collection.fields {
            if table.is_open() && table.lookup(&field.name).is_none() {
                continue; // documents that have it may simply not have been among those looked at
            }
            let place = match table.ensure_column(&connection.name, &field.name) {
                Ok(place) => place,
                Err(error) => {
                    self.problems.push(error.to_string());
                    continue;
                }
            };
            if table.columns.get(place).is_some_and(|column| !column.is_readable) {
                let column = format!("{}.{}", table.name, field.name);
                self.problems
                    .push(format!("source {} does not let this user read {column}", connection.name));
            }
        }
        let is_described = |name: &str| collection.fields.iter().any(|field| *field.name == *name);
        let is_listed = |name: &str| table.is_open() && name == Table::FURTHER_FIELDS;
        let others =
            table.columns.iter().filter(|column| !is_described(&column.name) && !is_listed(&column.name));
        self.undescribed
            .extend(others.map(|column| format!("{}:{}.{}", dataset.key, collection.name, column.name)));
        Ok(())
    }

    /// Shows what does not fit.
    pub(super) fn show(&self, out: &mut Output) -> anyhow::Result<()> {
        for problem in &self.problems {
            out.toned(Tone::Bad, &format!("  {problem}"))?;
        }
        for column in &self.undescribed {
            out.toned(Tone::Warning, &format!("  {column} is in the source and not in the dataset"))?;
        }
        Ok(())
    }
}
