//! Values as keys: what is looked up, and to whom a row that comes back belongs.
//!
//! A key is a value written in one canonical text for the class of column it is compared with, so that
//! the text `1` finds the number 1 and the row's number 1 leads back to whoever asked for the text. A value that
//! no value of the column could equal has no key, and is not asked for.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::civil;

use habeas_core::value::Value;

/// A value in the canonical text of a class.
pub type Key = Arc<str>;

/// How a column compares values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Class {
    /// Whole numbers.
    Integer,
    /// Decimal numbers.
    Decimal,
    /// Binary floating-point numbers.
    Float,
    /// Text, byte by byte.
    Text,
    /// Text whose trailing spaces don't count.
    Padded,
    /// Text whose case doesn't count.
    Folded,
    /// UUIDs.
    Uuid,
    /// Truth values.
    Bool,
    /// Bytes.
    Bytes,
    /// Dates.
    Date,
    /// Dates with times.
    Timestamp,
    /// Instants.
    Instant,
    /// Anything else, by the text the database writes.
    Opaque,
    /// Lists: a row matches if any element does.
    List(Box<Class>),
    /// Numbers and text in one column, as SQLite has them; text that looks like a number is one.
    Numeric,
    /// Anything in one column, as SQLite has it; a number and its text are looked up both.
    Untyped,
    /// Anything in one field, as MongoDB has it; a text is looked up as whatever it reads as.
    Document,
}

/// A value that may well equal one of the column but can't be written into a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unfollowable;

/// Marks keys that stand for bytes, in columns that hold text as well.
pub(crate) const BYTES_MARK: &str = "\u{0}x";

impl Class {
    /// Appends the keys of a value: none for no value and for what can't be equal, several for a list.
    pub fn keys(&self, value: &Value, to: &mut Vec<Key>) -> Result<(), Unfollowable> {
        match value {
            Value::Null => {}
            Value::Array(values) => {
                for value in values {
                    self.keys(value, to)?;
                }
            }
            Value::Json(text) => match from_json(text) {
                Some(Value::Json(_)) | None => {}
                Some(value) => self.keys(&value, to)?,
            },
            Value::TextBytes(_) if self.holds_text() => return Err(Unfollowable),
            Value::Int(number) if matches!(self, Self::Integer | Self::Text) => {
                to.push(Key::from(number.to_string()));
            }
            Value::Text(text) if matches!(self, Self::Text) => to.push(Key::from(text.as_str())),
            _ => to.extend(self.key(value).map(Key::from)),
        }
        Ok(())
    }

    fn holds_text(&self) -> bool {
        match self {
            Self::Text
            | Self::Padded
            | Self::Folded
            | Self::Opaque
            | Self::Numeric
            | Self::Untyped
            | Self::Document => true,
            Self::List(inner) => inner.holds_text(),
            Self::Integer
            | Self::Decimal
            | Self::Float
            | Self::Uuid
            | Self::Bool
            | Self::Bytes
            | Self::Date
            | Self::Timestamp
            | Self::Instant => false,
        }
    }

    fn key(&self, value: &Value) -> Option<String> {
        match self {
            Self::Integer => {
                canonical_number(&number_text(value)?).filter(|text| text.parse::<i64>().is_ok())
            }
            Self::Decimal => {
                let text = number_text(value)?;
                if text.ends_with("Infinity") { Some(text) } else { canonical_number(&text) }
            }
            Self::Float => {
                number_text(value)?.parse::<f64>().ok().filter(|n| !n.is_nan()).map(|n| (n + 0.0).to_string())
            }
            Self::Text | Self::Opaque => plain_text(value),
            Self::Padded => plain_text(value).map(|text| text.trim_end_matches(' ').to_owned()),
            Self::Folded => plain_text(value).map(|text| text.to_lowercase()),
            Self::Uuid => canonical_uuid(&plain_text(value)?),
            Self::Bool => canonical_bool(value).map(str::to_owned),
            Self::Bytes => match value {
                Value::Bytes(bytes) => Some(to_hex(bytes)),
                _ => None,
            },
            Self::Date => moment(value, |text| text.parse::<civil::Date>().ok().map(|d| d.to_string())),
            Self::Timestamp => {
                moment(value, |text| text.parse::<civil::DateTime>().ok().map(|t| t.to_string()))
            }
            Self::Instant => {
                moment(value, |text| text.parse::<jiff::Timestamp>().ok().map(|t| t.to_string()))
            }
            Self::List(inner) => inner.key(value),
            Self::Document => match value {
                Value::Bytes(bytes) => Some(format!("{BYTES_MARK}{}", to_hex(bytes))),
                Value::Float(number) if !number.is_nan() => Some((number + 0.0).to_string()),
                Value::Decimal(digits) => canonical_number(digits).or_else(|| plain_text(value)),
                Value::TimestampTz(_) => {
                    moment(value, |text| text.parse::<jiff::Timestamp>().ok().map(|at| at.to_string()))
                }
                _ => plain_text(value),
            },
            Self::Numeric | Self::Untyped => {
                if let Value::Bytes(bytes) = value {
                    return Some(format!("{BYTES_MARK}{}", to_hex(bytes)));
                }
                if let Value::Bool(truth) = value {
                    return Some(u8::from(*truth).to_string());
                }
                let text = plain_text(value)?;
                Some(canonical_number(&text).unwrap_or(text))
            }
        }
    }
}

/// Reads a JSON document for its keys. Numbers keep their digits.
fn from_json(text: &str) -> Option<Value> {
    crate::nested::parse(text)
}

fn number_text(value: &Value) -> Option<String> {
    match value {
        Value::Bool(truth) => Some(u8::from(*truth).to_string()),
        Value::Int(number) => Some(number.to_string()),
        Value::UInt(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Decimal(text) | Value::Text(text) | Value::Other { text, .. } => Some(text.trim().to_owned()),
        Value::Null
        | Value::TextBytes(_)
        | Value::Bytes(_)
        | Value::Date(_)
        | Value::Time(_)
        | Value::Timestamp(_)
        | Value::TimestampTz(_)
        | Value::Json(_)
        | Value::Array(_)
        | Value::Object(_) => None,
    }
}

fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::Null | Value::TextBytes(_) | Value::Bytes(_) | Value::Array(_) | Value::Object(_) => None,
        Value::Float(number) => Some(number.to_string()),
        Value::Bool(_)
        | Value::Int(_)
        | Value::UInt(_)
        | Value::Decimal(_)
        | Value::Text(_)
        | Value::Date(_)
        | Value::Time(_)
        | Value::Timestamp(_)
        | Value::TimestampTz(_)
        | Value::Json(_)
        | Value::Other { .. } => Some(value.to_text()),
    }
}

/// No column holds numbers with more digits; what is longer is text that nobody meant as one.
const LONGEST_NUMBER: usize = 1_000;

/// Digits without zeros that say nothing: `007.50` is `7.5`, `-0` is `0`.
pub(crate) fn canonical_number(text: &str) -> Option<String> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0
        || text.len() > LONGEST_NUMBER
        || !is_digits(whole)
        || !is_digits(fraction)
    {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let mut out = String::with_capacity(text.len() + 1);
    if negative && !(whole.is_empty() && fraction.is_empty()) {
        out.push('-');
    }
    out.push_str(if whole.is_empty() { "0" } else { whole });
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    Some(out)
}

pub(crate) fn canonical_uuid(text: &str) -> Option<String> {
    let bare = text.trim().trim_start_matches("urn:uuid:").trim_start_matches('{').trim_end_matches('}');
    let digits: String = bare.chars().filter(|c| *c != '-').map(|c| c.to_ascii_lowercase()).collect();
    if digits.len() != 32 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    Some([part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-"))
}

fn canonical_bool(value: &Value) -> Option<&'static str> {
    let text = match value {
        Value::Bool(truth) => return Some(if *truth { "true" } else { "false" }),
        _ => plain_text(value)?.to_ascii_lowercase(),
    };
    match text.as_str() {
        "true" | "t" | "1" | "yes" | "on" => Some("true"),
        "false" | "f" | "0" | "no" | "off" => Some("false"),
        _ => None,
    }
}

/// A moment's own text where it can be read, and otherwise (infinity, before Christ) as the source says it.
fn moment(value: &Value, read: impl Fn(&str) -> Option<String>) -> Option<String> {
    match value {
        Value::Date(text) | Value::Timestamp(text) | Value::TimestampTz(text) => {
            Some(read(text).unwrap_or_else(|| text.clone()))
        }
        Value::Text(text) | Value::Other { text, .. } => read(text),
        _ => None,
    }
}

pub(crate) fn to_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // writing to a String can't fail
        text
    })
}
