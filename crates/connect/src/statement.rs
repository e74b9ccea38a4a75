//! What statements of all SQL databases have in common: which columns, which rows, how many.
//!
//! A [`Dialect`] writes what differs: how a column is read, and how it is compared with looked-up values.

use std::fmt::Write as _;

use crate::error::Problem;
use crate::key::Key;
use crate::source::{Column, Filter, Lookup, Part, Query, Table, Test};

/// What is written differently in each database; every name in it is quoted already.
pub(crate) trait Dialect<'a> {
    /// Returns the table the statement is about.
    fn table(&self) -> &'a Table;

    /// Returns the text so far.
    fn sql(&mut self) -> &mut String;

    /// Returns how a column is read.
    fn read(&self, column: &Column) -> String;

    /// Writes that a column holds one of the looked-up values, or may once both are normalised.
    fn part(&mut self, column: &Column, part: &Part) -> Result<(), Problem>;

    /// Writes that a column equals one of the keys by its own equality.
    fn exact(&mut self, column: &Column, keys: &[Key]) -> Result<(), Problem>;
}

/// Writes the statement of a query.
pub(crate) fn select<'a>(query: &Query<'a>, to: &mut impl Dialect<'a>) -> Result<(), Problem> {
    to.sql().push_str("SELECT ");
    for (place, column) in query.columns.iter().enumerate() {
        let read = to.read(column_of(to.table(), *column)?);
        to.sql().push_str(if place > 0 { "," } else { "" });
        to.sql().push_str(&read);
    }
    let _ = write!(to.sql(), " FROM {}", query.table.sql); // a String takes everything
    let mut word = " WHERE ";
    if !query.lookups.is_empty() {
        to.sql().push_str(" WHERE (");
        for (place, lookup) in query.lookups.iter().enumerate() {
            to.sql().push_str(if place == 0 { "(" } else { " OR (" });
            write_lookup(lookup, to)?;
            to.sql().push(')');
        }
        to.sql().push(')');
        word = " AND ";
    }
    for filter in query.filters {
        to.sql().push_str(word);
        write_filter(filter, to)?;
        word = " AND ";
    }
    if let Some(limit) = query.limit {
        let _ = write!(to.sql(), " LIMIT {limit}");
    }
    Ok(())
}

/// Says that a statement takes no more values.
pub(crate) fn too_many(table: &Table, column: &Column) -> Problem {
    Problem::Unsupported {
        table: table.name.to_string(),
        column: column.name.to_string(),
        what: "more looked-up values than a statement takes: lower limits.keys_per_statement".to_owned(),
    }
}

fn write_lookup<'a>(lookup: &Lookup, to: &mut impl Dialect<'a>) -> Result<(), Problem> {
    for (place, part) in lookup.parts.iter().enumerate() {
        to.sql().push_str(if place > 0 { " AND " } else { "" });
        let column = column_of(to.table(), part.column)?;
        to.part(column, part)?;
    }
    for filter in &lookup.filters {
        to.sql().push_str(" AND ");
        write_filter(filter, to)?;
    }
    Ok(())
}

fn write_filter<'a>(filter: &Filter, to: &mut impl Dialect<'a>) -> Result<(), Problem> {
    let column = column_of(to.table(), filter.column)?;
    match &filter.test {
        Test::In(keys) => to.exact(column, keys)?,
        Test::NotIn(keys) => {
            let _ = write!(to.sql(), "({} IS NULL OR NOT (", column.sql);
            to.exact(column, keys)?;
            to.sql().push_str("))");
        }
        Test::IsNull => {
            let _ = write!(to.sql(), "{} IS NULL", column.sql);
        }
        Test::IsNotNull => {
            let _ = write!(to.sql(), "{} IS NOT NULL", column.sql);
        }
    }
    Ok(())
}

/// Returns the column at a place.
pub(crate) fn column_of(table: &Table, place: usize) -> Result<&Column, Problem> {
    table.columns.get(place).ok_or_else(|| Problem::MissingColumn {
        table: table.name.to_string(),
        column: format!("number {place}"),
        nearest: None,
    })
}
