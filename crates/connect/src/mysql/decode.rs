//! Values from MySQL's wire, without loss.
//!
//! How a column is read is settled once, from its type; most types are written as text by the database.

use std::sync::Arc;

use sqlx::mysql::MySqlValueRef;
use sqlx::{Decode, MySql};

use habeas_core::value::Value;

/// How a column's values are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Form {
    /// A whole number.
    Int,
    /// A whole number without a sign.
    UInt,
    /// Bits and years, written as a whole number by the database.
    CastUInt,
    /// A 32-bit float.
    Float,
    /// A 64-bit float.
    Double,
    /// A decimal number, which the wire has as digits.
    Decimal,
    /// Text, enums and sets among it, with its collation.
    Text(Arc<str>),
    /// Bytes.
    Bytes,
    /// A JSON document.
    Json,
    /// A date, written as text by the database.
    Date,
    /// A time of day or a duration, written as text by the database.
    Time,
    /// A date and time, written as text by the database.
    Timestamp,
    /// An instant, written as text in UTC by the database.
    Instant,
    /// A geometry, written as text by the database.
    Geometry,
    /// Anything else, written as text by the database.
    Cast(Arc<str>),
}

impl Form {
    /// Returns how to read a type, by its name in the catalogue (`bigint`) and the whole of it
    /// (`bigint(20) unsigned`), and its collation where it has one.
    pub(super) fn of(name: &str, whole: &str, collation: Option<&str>) -> Self {
        let is_unsigned = whole.contains("unsigned");
        match name {
            "tinyint" | "smallint" | "mediumint" | "int" | "bigint" if is_unsigned => Self::UInt,
            "tinyint" | "smallint" | "mediumint" | "int" | "bigint" => Self::Int,
            "bit" | "year" => Self::CastUInt,
            "float" => Self::Float,
            "double" => Self::Double,
            "decimal" => Self::Decimal,
            "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" | "enum" | "set" => {
                Self::Text(Arc::from(collation.unwrap_or("utf8mb4_bin")))
            }
            "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" => Self::Bytes,
            "json" => Self::Json,
            "date" => Self::Date,
            "time" => Self::Time,
            "datetime" => Self::Timestamp,
            "timestamp" => Self::Instant,
            "geometry" | "point" | "linestring" | "polygon" | "multipoint" | "multilinestring"
            | "multipolygon" | "geometrycollection" | "geomcollection" => Self::Geometry,
            _ => Self::Cast(Arc::from(name)),
        }
    }

    /// Returns the expression that reads a column, given its quoted name.
    pub(super) fn read(&self, column: &str) -> String {
        match self {
            Self::Int
            | Self::UInt
            | Self::Float
            | Self::Double
            | Self::Decimal
            | Self::Text(_)
            | Self::Bytes
            | Self::Json => column.to_owned(),
            Self::CastUInt => format!("CAST({column} AS UNSIGNED)"),
            Self::Geometry => format!("ST_AsText({column})"),
            Self::Date | Self::Time | Self::Timestamp | Self::Instant | Self::Cast(_) => text_of(column),
        }
    }

    /// Reads a value that isn't NULL; `None` for what is none of the type.
    pub(super) fn value(&self, raw: MySqlValueRef<'_>) -> Option<Value> {
        Some(match self {
            Self::Int => Value::Int(decode(raw)?),
            Self::UInt | Self::CastUInt => {
                let number: u64 = decode(raw)?;
                i64::try_from(number).map_or(Value::UInt(number), Value::Int)
            }
            Self::Float => float(decode(raw)?),
            Self::Double => Value::Float(decode(raw)?),
            Self::Decimal => Value::Decimal(String::from_utf8(bytes(raw)?).ok()?),
            Self::Text(_) => text(bytes(raw)?),
            Self::Bytes => Value::Bytes(bytes(raw)?),
            Self::Json => match String::from_utf8(bytes(raw)?) {
                Ok(text) => Value::Json(text),
                Err(invalid) => Value::TextBytes(invalid.into_bytes()),
            },
            Self::Date => Value::Date(String::from_utf8(bytes(raw)?).ok()?),
            Self::Time => Value::Time(without_zeros(String::from_utf8(bytes(raw)?).ok()?)),
            Self::Timestamp => Value::Timestamp(moment(String::from_utf8(bytes(raw)?).ok()?)),
            Self::Instant => Value::TimestampTz(moment(String::from_utf8(bytes(raw)?).ok()?) + "+00:00"),
            Self::Geometry => other("geometry", text(bytes(raw)?)),
            Self::Cast(name) => other(name, text(bytes(raw)?)),
        })
    }
}

/// Returns the expression that has the database write a column as text.
pub(super) fn text_of(column: &str) -> String {
    format!("CAST({column} AS CHAR)")
}

fn decode<'r, T: Decode<'r, MySql>>(raw: MySqlValueRef<'r>) -> Option<T> {
    T::decode(raw).ok()
}

fn bytes(raw: MySqlValueRef<'_>) -> Option<Vec<u8>> {
    decode(raw)
}

fn text(bytes: Vec<u8>) -> Value {
    match String::from_utf8(bytes) {
        Ok(text) => Value::Text(text),
        Err(invalid) => Value::TextBytes(invalid.into_bytes()),
    }
}

fn other(name: &str, value: Value) -> Value {
    match value {
        Value::Text(text) => Value::Other { type_name: Arc::from(name), text },
        value => value,
    }
}

/// The number its digits say: 0.1, and not the 0.10000000149011612 that the same bits are in 64-bit.
fn float(number: f32) -> Value {
    Value::Float(number.to_string().parse().unwrap_or(number.into()))
}

/// `2021-01-31 01:00:00.500000` as `2021-01-31T01:00:00.5`.
fn moment(text: String) -> String {
    without_zeros(text).replacen(' ', "T", 1)
}

fn without_zeros(text: String) -> String {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
