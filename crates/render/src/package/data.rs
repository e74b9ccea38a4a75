//! The data files: JSON that is exact, CSV that opens anywhere.

use std::io::Write;

use habeas_core::value::Value;

use super::archive::Archive;
use super::given::{Fate, Given, decide};
use super::manifest::Role;
use super::plan::Table;
use super::{Error, Input, Open};
use crate::csv;

/// Writes both files of a collection, each in one reading of its records.
pub(super) fn write(
    input: &Input,
    table: &Table<'_>,
    open: &Open<'_>,
    archive: &mut Archive<'_>,
) -> Result<(), Error> {
    archive.start(&table.json, Role::Data, table.surveyed.size)?;
    let mut line = String::new();
    archive.write_all(b"[")?;
    for_each(input, table, open, |place, given| {
        line.clear();
        line.push_str(if place == 0 { "\n  " } else { ",\n  " });
        given.row.write_json(&mut line);
        archive.write_all(line.as_bytes())?;
        Ok(())
    })?;
    archive.write_all(b"\n]\n")?;

    archive.start(&table.csv, Role::Table, table.surveyed.size)?;
    let mut out = csv::Writer::new(archive);
    out.row(&table.surveyed.columns)?;
    for_each(input, table, open, |_, given| {
        let cell =
            |column: &std::sync::Arc<str>| given.row.lookup(column).map(Value::to_text).unwrap_or_default();
        out.row(table.surveyed.columns.iter().map(cell))?;
        Ok(())
    })?;
    out.finish()?;
    Ok(())
}

/// Reads the collection's records once more and hands over each that is given, with its place.
pub(super) fn for_each(
    input: &Input,
    table: &Table<'_>,
    open: &Open<'_>,
    mut each: impl FnMut(u64, Given) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut place = 0;
    for record in open(Some(&table.key)).map_err(Error::Records)? {
        let record = record.map_err(Error::Records)?;
        let is_here = record.dataset == table.key.dataset && record.collection == table.key.collection;
        if record.subject != input.subject || !is_here {
            continue;
        }
        if let Fate::Given(given) = decide(input, table.surveyed.fields, record)? {
            each(place, given)?;
            place += 1;
        }
    }
    if place != table.surveyed.given {
        return Err(Error::Changed);
    }
    Ok(())
}
