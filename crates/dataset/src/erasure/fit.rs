//! Whether a column takes what a strategy makes, from what the source's catalogue says of it.

use habeas_core::value::Value;
use jiff::civil::{Date, DateTime};

/// What the catalogue says of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnFacts {
    /// What it holds.
    pub holds: Holds,
    /// Its type in the source's words.
    pub type_name: String,
    /// Whether it must have a value.
    pub is_not_null: bool,
    /// How many characters it takes at most.
    pub max_length: Option<u32>,
    /// Whether the source computes it itself.
    pub is_generated: bool,
    /// Whether nobody may change it once the row is there.
    pub is_fixed: bool,
    /// Whether it is part of the primary key.
    pub is_primary_key: bool,
    /// Whether its value alone must differ from row to row.
    pub is_unique: bool,
    /// The table its value must exist in.
    pub refers_to: Option<String>,
    /// A table that refers to its value.
    pub referred_by: Option<String>,
    /// Whether we may change it.
    pub is_writable: bool,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Text.
    Text,
    /// Whole numbers of at most so many bits.
    Integer(u8),
    /// Numbers.
    Number,
    /// Truth values.
    Bool,
    /// Dates.
    Date,
    /// Dates with times, with or without zone.
    Timestamp,
    /// UUIDs.
    Uuid,
    /// Documents.
    Json,
    /// Bytes.
    Bytes,
    /// Lists.
    List,
    /// A type of the source's own: only what was there already and no value are sure to fit.
    Other,
    /// Anything.
    Any,
}

/// Returns why a column doesn't take a new value; `None` where it does.
pub fn misfit(column: &ColumnFacts, before: &Value, after: &Value) -> Option<String> {
    if column.is_generated {
        return Some("the source computes it itself: mask what it is computed from".to_owned());
    }
    if column.is_fixed && before != after {
        return Some(
            "it can't be changed once the row is there: override it with preserve, or delete the row"
                .to_owned(),
        );
    }
    if !column.is_writable {
        return Some("the user of this connection may not change it: grant UPDATE on it".to_owned());
    }
    if after.is_null() {
        return match (column.is_primary_key, column.is_not_null) {
            (true, _) => Some("it is part of the primary key and must have a value: override it with preserve, or delete the row".to_owned()),
            (false, true) => {
                Some("it must have a value (NOT NULL): choose a strategy that leaves one, or delete the row".to_owned())
            }
            (false, false) => column.referred_by.as_deref().map(referred),
        };
    }
    if let Some(table) = &column.referred_by {
        return Some(referred(table));
    }
    if let Some(table) = &column.refers_to {
        return Some(format!("its value must exist in {table}: only null_rewrite or preserve fit"));
    }
    if let (Some(limit), Value::Text(text)) = (column.max_length, after)
        && text.chars().count() > limit as usize
    {
        return Some(format!(
            "it takes {limit} characters and would get {}: give the field a length",
            text.chars().count()
        ));
    }
    (!takes(column.holds, before, after))
        .then(|| format!("its type is {}, and it would get {}", column.type_name, after.kind()))
}

fn referred(table: &str) -> String {
    format!("{table} refers to its value: override it with preserve, or delete the row")
}

fn takes(holds: Holds, before: &Value, after: &Value) -> bool {
    let text = match after {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    };
    match holds {
        Holds::Text => text.is_some(),
        Holds::Integer(bits) => {
            let number = match after {
                Value::Int(number) => Some(*number),
                _ => text.and_then(|text| text.parse::<i64>().ok()),
            };
            number.is_some_and(|number| number >> (bits - 1) == number >> 63)
        }
        Holds::Number => {
            matches!(after, Value::Int(_) | Value::Float(_) | Value::Decimal(_))
                || text.is_some_and(|text| text.parse::<f64>().is_ok_and(f64::is_finite))
        }
        Holds::Bool => {
            matches!(after, Value::Bool(_)) || text.is_some_and(|text| ["true", "false"].contains(&text))
        }
        Holds::Date => {
            matches!(after, Value::Date(_)) || text.is_some_and(|text| text.parse::<Date>().is_ok())
        }
        Holds::Timestamp => {
            matches!(after, Value::Timestamp(_) | Value::TimestampTz(_) | Value::Date(_))
                || text.is_some_and(|text| text.parse::<DateTime>().is_ok() || text.parse::<Date>().is_ok())
        }
        Holds::Uuid => text.is_some_and(|text| {
            text.len() == 36 && text.chars().all(|sign| sign.is_ascii_hexdigit() || sign == '-')
        }),
        Holds::Json => true,
        Holds::Bytes => matches!(after, Value::Bytes(_)),
        Holds::List => matches!(after, Value::Array(_)),
        Holds::Other => before == after,
        Holds::Any => true,
    }
}
