//! Values inside values: JSON columns read into arrays and objects, and paths into them.
//!
//! A dataset may describe fields inside a column (`profile.emails`). A path walks objects by name and
//! passes through arrays by itself, as the dataset format has it.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde_json::value::RawValue;

use habeas_core::value::Value;

/// How deep a document may be nested to be taken apart; deeper ones stay whole.
const DEEPEST: u32 = 100;

/// Reads a JSON document. Numbers a 64-bit integer can't hold stay decimals with their own digits;
/// `None` for what is not JSON or is nested too deep.
pub fn parse(text: &str) -> Option<Value> {
    parse_within(text.trim(), DEEPEST)
}

fn parse_within(text: &str, depth: u32) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    match text.bytes().next()? {
        b'{' => {
            let fields: Fields = serde_json::from_str(text).ok()?;
            let fields = fields
                .0
                .into_iter()
                .map(|(name, raw)| Some((Arc::from(name), parse_within(raw.get(), depth)?)));
            fields.collect::<Option<_>>().map(Value::Object)
        }
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
            items
                .into_iter()
                .map(|raw| parse_within(raw.get(), depth))
                .collect::<Option<_>>()
                .map(Value::Array)
        }
        b'"' => serde_json::from_str(text).ok().map(Value::Text),
        b't' | b'f' => text.parse().ok().map(Value::Bool),
        b'n' => (text == "null").then_some(Value::Null),
        _ => number(text),
    }
}

fn number(text: &str) -> Option<Value> {
    serde_json::from_str::<serde::de::IgnoredAny>(text).ok()?;
    Some(match text.parse::<i64>() {
        Ok(number) => Value::Int(number),
        Err(_) => Value::Decimal(text.to_owned()),
    })
}

/// The fields of an object in their order, repeated names included.
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'de> serde::Deserialize<'de> for Fields<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(entry) = map.next_entry::<String, &'de RawValue>()? {
                    fields.push(entry);
                }
                Ok(Fields(fields))
            }
        }
        from.deserialize_map(Visitor)
    }
}

/// Writes a value as a JSON document, as it would stand in a column: nothing is tagged.
pub fn write(value: &Value) -> String {
    let mut out = String::new();
    write_to(value, &mut out);
    out
}

fn write_to(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Int(number) => out.push_str(&number.to_string()),
        Value::UInt(number) => out.push_str(&number.to_string()),
        // Numbers of a document stay decimals with their own digits.
        Value::Decimal(digits) | Value::Json(digits) => out.push_str(digits),
        Value::Array(items) => {
            out.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                write_to(item, out);
            }
            out.push(']');
        }
        Value::Object(fields) => {
            out.push('{');
            for (place, (name, value)) in fields.iter().enumerate() {
                if place > 0 {
                    out.push(',');
                }
                out.push_str(&serde_json::Value::from(&**name).to_string());
                out.push(':');
                write_to(value, out);
            }
            out.push('}');
        }
        Value::Float(_)
        | Value::Text(_)
        | Value::TextBytes(_)
        | Value::Bytes(_)
        | Value::Date(_)
        | Value::Time(_)
        | Value::Timestamp(_)
        | Value::TimestampTz(_)
        | Value::Other { .. } => out.push_str(&serde_json::Value::from(value.to_text()).to_string()),
    }
}

/// Calls `found` with every value at a path.
pub fn visit<'a>(value: &'a Value, path: &[Arc<str>], found: &mut dyn FnMut(&'a Value)) {
    match (path.split_first(), value) {
        (None, _) => found(value),
        (Some(_), Value::Array(values)) => {
            for value in values {
                visit(value, path, found);
            }
        }
        (Some((first, rest)), Value::Object(fields)) => {
            for (_, value) in fields.iter().filter(|(name, _)| **name == **first) {
                visit(value, rest, found);
            }
        }
        (Some(_), _) => {}
    }
}
