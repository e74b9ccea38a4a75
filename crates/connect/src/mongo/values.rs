//! Values of documents, exactly as they are, and back.
//!
//! What has no kind of its own (identifiers, internal timestamps, patterns) is carried as text with its type's name.
//! Going back, a value that did not change keeps the very form it had: a 32-bit number stays one.

use std::sync::Arc;

use mongodb::bson::oid::ObjectId;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, Bson, DateTime, Decimal128, Document, Timestamp, Uuid};

use habeas_core::value::Value;

use crate::key::to_hex;

const OBJECT_ID: &str = "objectId";
const UUID: &str = "uuid";
const DATE: &str = "date";
const TIMESTAMP: &str = "timestamp";
const BINARY: &str = "binary:";

/// Reads a value.
pub(super) fn value(from: &Bson) -> Value {
    let other = |type_name: &str, text: String| Value::Other { type_name: Arc::from(type_name), text };
    match from {
        Bson::Double(number) => Value::Float(*number),
        Bson::String(text) => Value::Text(text.clone()),
        Bson::Array(items) => Value::Array(items.iter().map(value).collect()),
        Bson::Document(fields) => object(fields),
        Bson::Boolean(truth) => Value::Bool(*truth),
        Bson::Null => Value::Null,
        Bson::Int32(number) => Value::Int(i64::from(*number)),
        Bson::Int64(number) => Value::Int(*number),
        Bson::Decimal128(number) => Value::Decimal(number.to_string()),
        Bson::DateTime(instant) => moment(*instant),
        Bson::Binary(Binary { subtype: BinarySubtype::Generic, bytes }) => Value::Bytes(bytes.clone()),
        Bson::Binary(binary @ Binary { subtype: BinarySubtype::Uuid, bytes }) => match binary.to_uuid() {
            Ok(uuid) => other(UUID, uuid.to_string()),
            Err(_) => other(&format!("{BINARY}4"), to_hex(bytes)),
        },
        Bson::Binary(Binary { subtype, bytes }) => {
            other(&format!("{BINARY}{}", u8::from(*subtype)), to_hex(bytes))
        }
        Bson::ObjectId(id) => other(OBJECT_ID, id.to_hex()),
        Bson::Timestamp(at) => other(TIMESTAMP, format!("{}:{}", at.time, at.increment)),
        Bson::RegularExpression(pattern) => {
            other("regex", format!("/{}/{}", pattern.pattern, pattern.options))
        }
        Bson::Symbol(text) => other("symbol", text.clone()),
        Bson::JavaScriptCode(text) => other("javascript", text.clone()),
        Bson::JavaScriptCodeWithScope(code) => other("javascriptWithScope", code.code.clone()),
        Bson::Undefined => other("undefined", "undefined".to_owned()),
        Bson::MinKey => other("minKey", "minKey".to_owned()),
        Bson::MaxKey => other("maxKey", "maxKey".to_owned()),
        Bson::DbPointer(_) => other("dbPointer", "dbPointer".to_owned()),
    }
}

/// Reads a document.
pub(super) fn object(fields: &Document) -> Value {
    Value::Object(fields.iter().map(|(name, inner)| (Arc::from(name.as_str()), value(inner))).collect())
}

/// Instants outside the calendar's range are carried as their number of milliseconds.
fn moment(instant: DateTime) -> Value {
    let millis = instant.timestamp_millis();
    match jiff::Timestamp::from_millisecond(millis) {
        Ok(at) => {
            let text = at.to_string();
            Value::TimestampTz(text.strip_suffix('Z').map_or(text.clone(), |text| format!("{text}+00:00")))
        }
        Err(_) => Value::Other { type_name: Arc::from(DATE), text: millis.to_string() },
    }
}

/// Writes a value in place of another. `None` for what can't be written.
pub(super) fn bson(to: &Value, before: Option<&Bson>) -> Option<Bson> {
    if let Some(before) = before.filter(|before| value(before) == *to) {
        return Some(before.clone());
    }
    Some(match (to, before) {
        (Value::Null, _) => Bson::Null,
        (Value::Bool(truth), _) => Bson::Boolean(*truth),
        (Value::Int(number), Some(Bson::Int64(_))) => Bson::Int64(*number),
        (Value::Int(number), _) => i32::try_from(*number).map_or(Bson::Int64(*number), Bson::Int32),
        (Value::UInt(number), _) => Bson::Decimal128(number.to_string().parse().ok()?),
        (Value::Float(number), _) => Bson::Double(*number),
        (Value::Decimal(text), _) => Bson::Decimal128(text.parse::<Decimal128>().ok()?),
        (Value::Text(text) | Value::Date(text) | Value::Time(text) | Value::Timestamp(text), _) => {
            Bson::String(text.clone())
        }
        (Value::Json(text), _) => Bson::String(text.clone()),
        (Value::TimestampTz(text), _) => instant(text)?,
        (Value::Bytes(bytes), _) => {
            Bson::Binary(Binary { subtype: BinarySubtype::Generic, bytes: bytes.clone() })
        }
        (Value::TextBytes(_), _) => return None,
        (Value::Array(items), before) => {
            let old = before.and_then(Bson::as_array);
            let at = |place: usize| old.filter(|old| old.len() == items.len()).and_then(|old| old.get(place));
            let items = items.iter().enumerate().map(|(place, item)| bson(item, at(place)));
            Bson::Array(items.collect::<Option<_>>()?)
        }
        (Value::Object(fields), before) => {
            let old = before.and_then(Bson::as_document);
            let mut document = Document::new();
            for (name, inner) in fields {
                document.insert(&**name, bson(inner, old.and_then(|old| old.get(&**name)))?);
            }
            Bson::Document(document)
        }
        (Value::Other { type_name, text }, _) => typed(type_name, text)?,
    })
}

fn instant(text: &str) -> Option<Bson> {
    let at: jiff::Timestamp = text.parse().ok()?;
    Some(Bson::DateTime(DateTime::from_millis(at.as_millisecond())))
}

fn typed(type_name: &str, text: &str) -> Option<Bson> {
    if let Some(subtype) = type_name.strip_prefix(BINARY) {
        let subtype = BinarySubtype::from(subtype.parse::<u8>().ok()?);
        return Some(Bson::Binary(Binary { subtype, bytes: from_hex(text)? }));
    }
    match type_name {
        OBJECT_ID => ObjectId::parse_str(text).ok().map(Bson::ObjectId),
        UUID => uuid(text),
        DATE => text.parse().ok().map(|millis| Bson::DateTime(DateTime::from_millis(millis))),
        TIMESTAMP => {
            let (time, increment) = text.split_once(':')?;
            let at = Timestamp { time: time.parse().ok()?, increment: increment.parse().ok()? };
            Some(Bson::Timestamp(at))
        }
        "minKey" => Some(Bson::MinKey),
        "maxKey" => Some(Bson::MaxKey),
        "symbol" => Some(Bson::Symbol(text.to_owned())),
        _ => None,
    }
}

fn uuid(text: &str) -> Option<Bson> {
    Uuid::parse_str(text).ok().map(|uuid| Bson::Binary(Binary::from_uuid(uuid)))
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let pairs = (0..text.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

/// Returns every value a key may stand for: the text itself, and the number, identifier or instant it reads as.
pub(super) fn readings(key: &str, to: &mut Vec<Bson>) {
    if let Some(hex) = key.strip_prefix(crate::key::BYTES_MARK) {
        let bytes = from_hex(hex).unwrap_or_default();
        to.push(Bson::Binary(Binary { subtype: BinarySubtype::Generic, bytes }));
        return;
    }
    to.push(Bson::String(key.to_owned()));
    if key.len() > 64 {
        return;
    }
    match key {
        "true" | "false" => to.push(Bson::Boolean(key == "true")),
        _ if crate::key::canonical_number(key).as_deref() == Some(key) => {
            if let Ok(number) = key.parse::<i64>() {
                to.push(Bson::Int64(number));
            } else {
                // A decimal finds floats only where both are the same number: it is looked up as both.
                to.extend(key.parse::<f64>().ok().map(Bson::Double));
                to.extend(key.parse::<Decimal128>().ok().map(Bson::Decimal128));
            }
        }
        _ => {
            if key.len() == 24 {
                to.extend(ObjectId::parse_str(key).ok().map(Bson::ObjectId));
            }
            if key.len() == 36 {
                to.extend(uuid(key));
            }
            if key.contains('T') {
                to.extend(instant(key));
            }
        }
    }
}

/// Returns the name of a value's type, in the words of the server.
pub(super) fn type_name(of: &Bson) -> &'static str {
    match of {
        Bson::Double(_) => "double",
        Bson::String(_) => "string",
        Bson::Array(_) => "array",
        Bson::Document(_) => "object",
        Bson::Boolean(_) => "bool",
        Bson::Null => "null",
        Bson::RegularExpression(_) => "regex",
        Bson::JavaScriptCode(_) => "javascript",
        Bson::JavaScriptCodeWithScope(_) => "javascriptWithScope",
        Bson::Int32(_) => "int",
        Bson::Int64(_) => "long",
        Bson::Timestamp(_) => TIMESTAMP,
        Bson::Binary(Binary { subtype: BinarySubtype::Uuid, .. }) => UUID,
        Bson::Binary(_) => "binData",
        Bson::ObjectId(_) => OBJECT_ID,
        Bson::DateTime(_) => DATE,
        Bson::Symbol(_) => "symbol",
        Bson::Decimal128(_) => "decimal",
        Bson::Undefined => "undefined",
        Bson::MaxKey => "maxKey",
        Bson::MinKey => "minKey",
        Bson::DbPointer(_) => "dbPointer",
    }
}
