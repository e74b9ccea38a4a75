//! Rows named, compared and written exactly, type by type.
//!
//! Text and bytes travel as hexadecimal digits, so that nothing on the way reads them. They are compared byte by
//! byte: a collation takes `Ada` and `ADA`, and mostly `Ada` and `Ada ` too, for the same. Where a key has an index, the
//! comparison its index serves stands beside the exact one.

use std::fmt::Write as _;

use habeas_core::value::Value;

use crate::error::Problem;
use crate::nested;
use crate::postgres::Decode;
use crate::source::{Column, Table};
use crate::write::{RowKey, Rows};

use super::Form;

/// Returns the expression that reads a column of the table `t`.
pub(super) fn read(column: &Column) -> String {
    let name = format!("t.{}", column.sql);
    match &column.decode {
        Decode::Mysql(form) => form.read(&name),
        _ => name,
    }
}

/// Returns the rows as a table `v`, joined to the table they are rows of as `t`: keys `k0, k1, …`, new values
/// `m0, m1, …`. The few that are given come first, so that each is looked up by its index.
pub(super) fn source(rows: &Rows<'_>, columns: &[usize]) -> String {
    let keys = rows.key.columns(rows.table).len();
    let keys = (0..keys).map(|place| format!("k{place}"));
    let names = keys.chain((0..columns.len()).map(|place| format!("m{place}")));
    let column = |name: String| format!("{name} LONGTEXT CHARACTER SET utf8mb4 PATH '$.{name}'");
    let columns: Vec<String> = names.map(column).collect();
    format!(
        "JSON_TABLE(CONVERT(? USING utf8mb4), '$[*]' COLUMNS ({})) AS v STRAIGHT_JOIN {} AS t",
        columns.join(", "),
        rows.table.sql
    )
}

/// Returns the condition that a row is one of those given.
pub(super) fn matching(rows: &Rows<'_>) -> String {
    let columns = rows.key.columns(rows.table);
    let columns = columns.iter().filter_map(|place| rows.table.columns.get(*place)).enumerate();
    let conditions: Vec<String> = columns
        .map(|(place, column)| match rows.key {
            RowKey::Columns(_) => by_key(column, &format!("v.k{place}")),
            RowKey::WholeRow => as_it_was(column, &format!("v.k{place}")),
        })
        .collect();
    conditions.join(" AND ")
}

/// A comparison that an index of the column serves.
fn by_key(column: &Column, given: &str) -> String {
    let name = format!("t.{}", column.sql);
    let exact = as_it_was(column, given);
    match form(column) {
        Form::Text(collation) => {
            let set = collation.split('_').next().unwrap_or(collation);
            let text = text_of(given);
            let text = if set == "utf8mb4" { text } else { format!("CONVERT({text} USING {set})") };
            format!("{name} = {text} COLLATE {collation} AND {exact}")
        }
        Form::Json | Form::Geometry => exact,
        Form::Cast(kind) if !has_cast(kind) => exact,
        form => format!("{name} = {}", typed(column, form, given)),
    }
}

/// A comparison in which only the very same value is the same, and no value is the same as no value.
fn as_it_was(column: &Column, given: &str) -> String {
    let name = format!("t.{}", column.sql);
    match form(column) {
        Form::Text(_) => format!("CAST(CONVERT({name} USING utf8mb4) AS BINARY) <=> UNHEX({given})"),
        Form::Json | Form::Geometry => {
            let text = form(column).read(&name);
            format!("CAST(CONVERT({text} USING utf8mb4) AS BINARY) <=> UNHEX({given})")
        }
        Form::Cast(kind) if !has_cast(kind) => {
            let text = form(column).read(&name);
            format!("CAST(CONVERT({text} USING utf8mb4) AS BINARY) <=> UNHEX({given})")
        }
        form => format!("{name} <=> {}", typed(column, form, given)),
    }
}

fn typed(column: &Column, form: &Form, given: &str) -> String {
    match form {
        Form::Int => format!("CAST({given} AS SIGNED)"),
        Form::UInt | Form::CastUInt => format!("CAST({given} AS UNSIGNED)"),
        Form::Decimal => {
            // `decimal(39,9) unsigned` as it stands, without what isn't part of the type.
            let kind = column.type_name.split(')').next().filter(|kind| kind.contains('('));
            let kind = kind.map_or_else(|| "decimal(65,30)".to_owned(), |kind| format!("{kind})"));
            format!("CAST({given} AS {kind})")
        }
        Form::Float => format!("CAST({given} AS FLOAT)"),
        Form::Double => format!("CAST({given} AS DOUBLE)"),
        Form::Date => format!("CAST({given} AS DATE)"),
        Form::Time => format!("CAST({given} AS TIME(6))"),
        Form::Timestamp | Form::Instant => format!("CAST({given} AS DATETIME(6))"),
        Form::Bytes => format!("UNHEX({given})"),
        Form::Cast(kind) if has_cast(kind) => format!("CAST({} AS {kind})", text_of(given)),
        Form::Text(_) | Form::Json | Form::Geometry | Form::Cast(_) => text_of(given),
    }
}

/// Returns the expression of the new value number `place` of a column. The column itself refuses what it can't hold.
pub(super) fn new_value(column: &Column, place: usize) -> String {
    let given = format!("v.m{place}");
    match form(column) {
        Form::Bytes => format!("UNHEX({given})"),
        // Text would become the bits of its letters.
        Form::CastUInt => format!("CAST({given} AS UNSIGNED)"),
        Form::Text(_) | Form::Json | Form::Geometry | Form::Cast(_) => text_of(&given),
        Form::Int
        | Form::UInt
        | Form::Float
        | Form::Double
        | Form::Decimal
        | Form::Date
        | Form::Time
        | Form::Timestamp
        | Form::Instant => given,
    }
}

fn text_of(given: &str) -> String {
    format!("CONVERT(UNHEX({given}) USING utf8mb4)")
}

/// Types only MariaDB has, whose text it takes back.
fn has_cast(kind: &str) -> bool {
    matches!(kind, "uuid" | "inet6" | "inet4")
}

fn form(column: &Column) -> &Form {
    const BYTES: &Form = &Form::Bytes;
    match &column.decode {
        Decode::Mysql(form) => form,
        // No other kind of source describes these tables.
        _ => BYTES,
    }
}

/// Writes rows as documents that are no longer than `longest` bytes.
pub(super) fn documents(
    rows: &Rows<'_>,
    columns: &[usize],
    to: &[Vec<Value>],
    longest: usize,
) -> Result<Vec<String>, Problem> {
    let keys = rows.key.columns(rows.table);
    let mut documents = Vec::new();
    let mut document = String::from("[");
    for (place, key) in rows.keys.iter().enumerate() {
        let none = Vec::new();
        let mut row = String::from("{");
        for (name, columns, values) in [("k", &*keys, key), ("m", columns, to.get(place).unwrap_or(&none))] {
            for (place, (column, value)) in columns.iter().zip(values).enumerate() {
                // What isn't there is no value.
                if value.is_null() {
                    continue;
                }
                let is_new = name == "m";
                let text = rows.table.columns.get(*column).and_then(|column| cell(column, value, is_new));
                let text = text.ok_or_else(|| {
                    unsupported(rows.table, *column, "a value that can't be written back exactly")
                })?;
                let comma = if row.len() > 1 { "," } else { "" };
                let _ = write!(row, "{comma}\"{name}{place}\":\"{text}\"");
            }
        }
        row.push('}');
        if row.len() > longest {
            let what = "rows that are larger than its packets: raise max_allowed_packet";
            return Err(unsupported(rows.table, 0, what));
        }
        if document.len() + row.len() + 2 > longest && document.len() > 1 {
            document.push(']');
            documents.push(std::mem::replace(&mut document, String::from("[")));
        }
        if document.len() > 1 {
            document.push(',');
        }
        document.push_str(&row);
    }
    if document.len() > 1 {
        document.push(']');
        documents.push(document);
    }
    Ok(documents)
}

pub(super) fn unsupported(table: &Table, column: usize, what: &str) -> Problem {
    Problem::Unsupported {
        table: table.name.to_string(),
        column: table.columns.get(column).map(|column| column.name.to_string()).unwrap_or_default(),
        what: what.to_owned(),
    }
}

/// A value as it stands in a document, without quotes; `None` where it has no such form.
fn cell(column: &Column, value: &Value, is_new: bool) -> Option<String> {
    let form = form(column);
    let is_hex = matches!(form, Form::Text(_) | Form::Bytes | Form::Json | Form::Geometry | Form::Cast(_));
    if is_hex {
        return match value {
            Value::Bytes(bytes) | Value::TextBytes(bytes) if *form == Form::Bytes => {
                Some(crate::key::to_hex(bytes))
            }
            Value::Bytes(_) | Value::TextBytes(_) => None,
            // Its text does not say where its plane lies.
            _ if *form == Form::Geometry && is_new => None,
            value => Some(crate::key::to_hex(plain(value)?.as_bytes())),
        };
    }
    let text = plain(value)?;
    let text = match form {
        Form::Date | Form::Time | Form::Timestamp | Form::Instant => moment(&text),
        _ => text,
    };
    // All that numbers and moments are written with; anything else would end the text around it.
    let is_plain =
        text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\') || byte == b' ');
    is_plain.then_some(text)
}

fn plain(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null | Value::TextBytes(_) | Value::Bytes(_) => return None,
        Value::Bool(truth) => if *truth { "1" } else { "0" }.to_owned(),
        Value::Float(number) if !number.is_finite() => return None,
        Value::Float(number) => format!("{number:e}"),
        Value::Int(number) => number.to_string(),
        Value::UInt(number) => number.to_string(),
        Value::Decimal(text)
        | Value::Text(text)
        | Value::Date(text)
        | Value::Time(text)
        | Value::Timestamp(text)
        | Value::TimestampTz(text)
        | Value::Json(text)
        | Value::Other { text, .. } => text.clone(),
        Value::Array(_) | Value::Object(_) => nested::write(value),
    })
}

/// `2021-01-31T01:00:00.5+00:00` as the database reads it; the session counts in UTC.
fn moment(text: &str) -> String {
    let text = text.strip_suffix("+00:00").or_else(|| text.strip_suffix('Z')).unwrap_or(text);
    text.replacen('T', " ", 1)
}
