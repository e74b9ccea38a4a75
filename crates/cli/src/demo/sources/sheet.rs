//! Rows of one table, and how they get into it.

use sqlx::sqlite::SqliteConnection;
use sqlx::{QueryBuilder, Sqlite};

/// SQLite takes 32,766 parameters in a statement.
const MOST_PARAMETERS: usize = 30_000;

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Null,
    Int(i64),
    Text(String),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Makes a row of values of several types.
macro_rules! row {
    ($($value:expr),* $(,)?) => { vec![$($crate::demo::sources::sheet::Cell::from($value)),*] };
}
pub(super) use row;

/// Rows of one table.
pub(super) struct Sheet {
    pub(super) table: &'static str,
    /// The columns of the rows, in order; the table's others stay empty.
    pub(super) columns: Vec<&'static str>,
    pub(super) rows: Vec<Vec<Cell>>,
}

impl Sheet {
    /// Makes an empty sheet; the names of the columns stand with a blank between.
    pub(super) fn new(table: &'static str, columns: &'static str) -> Self {
        Self { table, columns: columns.split_whitespace().collect(), rows: Vec::new() }
    }

    /// Adds a row and returns its place, from 1: what the `id` column of every table counts.
    pub(super) fn push(&mut self, row: Vec<Cell>) -> i64 {
        self.rows.push(row);
        self.next() - 1
    }

    /// Returns the id of the row that is pushed next.
    pub(super) fn next(&self) -> i64 {
        i64::try_from(self.rows.len()).unwrap_or(i64::MAX) + 1
    }

    /// Inserts all rows, numbering them.
    pub(super) async fn insert(&self, connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        let per_statement = MOST_PARAMETERS / (self.columns.len() + 1);
        let mut id = 0_i64;
        for rows in self.rows.chunks(per_statement) {
            let head = format!("INSERT INTO \"{}\" (id, \"{}\") ", self.table, self.columns.join("\", \""));
            let mut query: QueryBuilder<Sqlite> = QueryBuilder::new(head);
            query.push_values(rows, |mut values, row| {
                id += 1;
                values.push_bind(id);
                for cell in row {
                    match cell {
                        Cell::Null => values.push_bind(None::<String>),
                        Cell::Int(number) => values.push_bind(*number),
                        Cell::Text(text) => values.push_bind(text.clone()),
                    };
                }
            });
            query.build().execute(&mut *connection).await?;
        }
        Ok(())
    }
}
