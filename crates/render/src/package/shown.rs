//! Values as people read them on pages.
//!
//! Nothing here has to be exact: the JSON is. So long texts are cut, empty fields are gathered, marks that
//! would turn the writing direction are made visible. Escaping is the templates' doing.

use habeas_core::value::Value;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

/// How many characters of a value a page shows.
const LONGEST: usize = 4_000;

/// How many fields of a record a page shows.
pub(super) const MOST_FIELDS: usize = 300;

/// A value on a page.
pub(super) struct Shown {
    pub(super) text: String,
    pub(super) kind: Kind,
    /// Whether the text goes on in the data files.
    pub(super) is_cut: bool,
}

/// How a value is set.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word or a sentence.
    Plain,
    /// Several lines, kept as they are.
    Lines,
    /// A structure, in a fixed-width face.
    Code,
    /// Something that was removed.
    Removed,
}

/// Returns a value for a page; `None` for one that is empty.
pub(super) fn value(value: &Value) -> Option<Shown> {
    let (text, kind) = match value {
        Value::Null => return None,
        Value::Bool(true) => ("Yes".to_owned(), Kind::Plain),
        Value::Bool(false) => ("No".to_owned(), Kind::Plain),
        Value::Float(number) => (number.to_string(), Kind::Plain),
        Value::Bytes(bytes) | Value::TextBytes(bytes) => {
            let size = crate::text::size(bytes.len() as u64);
            (format!("{size}, see the data file"), Kind::Plain)
        }
        Value::Date(text) => (date(text), Kind::Plain),
        Value::Timestamp(text) => (timestamp(text), Kind::Plain),
        Value::TimestampTz(text) => (instant(text), Kind::Plain),
        Value::Json(text) => (pretty(text), Kind::Code),
        Value::Array(values) if values.iter().all(is_simple) => {
            let words: Vec<String> = values.iter().map(Value::to_text).collect();
            (words.join(", "), Kind::Plain)
        }
        Value::Array(_) | Value::Object(_) => (pretty(&value.to_json()), Kind::Code),
        other => (other.to_text(), Kind::Plain),
    };
    if text.is_empty() {
        return None;
    }
    let (text, is_cut) = readable(&text);
    let kind = if kind == Kind::Plain && text.contains('\n') { Kind::Lines } else { kind };
    Some(Shown { text, kind, is_cut })
}

fn is_simple(value: &Value) -> bool {
    !matches!(value, Value::Array(_) | Value::Object(_) | Value::Json(_) | Value::Bytes(_))
}

/// Returns a name of a table or column as words: `first_name`, `billingEmail`, `ccn2` as "First name",
/// "Billing email", "Ccn2".
pub fn label(name: &str) -> String {
    let mut words = String::new();
    let mut before = ' ';
    for c in name.chars().take(80) {
        let is_gap = matches!(c, '_' | '-' | '.' | '/' | ':') || c.is_whitespace();
        let is_hump = c.is_uppercase() && before.is_lowercase();
        if (is_gap || is_hump) && !words.is_empty() && !words.ends_with(' ') {
            words.push(' ');
        }
        if !is_gap {
            words.extend(c.to_lowercase());
        }
        before = c;
    }
    let (text, _) = readable(words.trim());
    if text.is_empty() { "Unnamed".to_owned() } else { sentence(&text) }
}

/// Returns the text with a capital letter at its start.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Makes invisible marks visible and cuts what is too long.
pub(super) fn readable(text: &str) -> (String, bool) {
    let mut out = String::with_capacity(text.len().min(LONGEST));
    for (place, c) in text.chars().enumerate() {
        if place == LONGEST {
            return (out, true);
        }
        match c {
            '\n' | '\t' => out.push(c),
            '\r' => {}
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}' => {
                out.push('\u{fffd}');
            }
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    (out, false)
}

/// Documents beyond what a page shows anyway are not worth setting.
fn pretty(json: &str) -> String {
    if json.len() > 16 * LONGEST {
        return json.to_owned();
    }
    let parsed = serde_json::from_str::<serde_json::Value>(json);
    parsed.and_then(|value| serde_json::to_string_pretty(&value)).unwrap_or_else(|_| json.to_owned())
}

fn date(text: &str) -> String {
    text.parse::<Date>().map_or_else(|_| text.to_owned(), |date| date.strftime("%-d %B %Y").to_string())
}

fn timestamp(text: &str) -> String {
    let read = text.parse::<DateTime>();
    read.map_or_else(|_| text.to_owned(), |moment| moment.strftime("%-d %B %Y, %H:%M").to_string())
}

/// Kept in universal time, since nobody knows the zone the person thinks of.
fn instant(text: &str) -> String {
    let read = text.parse::<Timestamp>();
    read.map_or_else(|_| text.to_owned(), |moment| moment.strftime("%-d %B %Y, %H:%M UTC").to_string())
}
