//! Values from PostgreSQL's binary form, without loss.
//!
//! How a column is read is settled once, from its type. Types not listed here are cast to text by the
//! database itself (money, enums, ranges, geometry, composites, extensions' types).

use std::fmt::Write as _;
use std::sync::Arc;

use habeas_core::value::Value;

use super::moment;

/// How a column's values are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decode {
    Bool,
    Int2,
    Int4,
    Int8,
    Oid,
    Float4,
    Float8,
    Numeric,
    Text,
    Bytea,
    Date,
    Time,
    TimeTz,
    Timestamp,
    TimestampTz,
    Uuid(Arc<str>),
    Json,
    Jsonb,
    /// Written as text by the database.
    Cast(Arc<str>),
    /// A list, its elements read like this.
    List(Box<Decode>),
    /// A list whose elements the database writes as text.
    CastList(Arc<str>),
    /// SQLite says the type with every value.
    Dynamic,
    /// MySQL has its own forms.
    Mysql(crate::mysql::Form),
    /// A field of documents. `unsets` says that no value means no field.
    Bson {
        unsets: bool,
    },
    /// All fields of a document that no column is for.
    BsonRest,
}

impl Decode {
    /// Returns how to read a type, by its number in the catalogue.
    pub(super) fn of(type_oid: u32, type_name: &str, element: Option<(u32, &str)>) -> Self {
        if let Some((oid, name)) = element {
            return match Self::of(oid, name, None) {
                Self::Cast(name) => Self::CastList(name),
                known => Self::List(Box::new(known)),
            };
        }
        match type_oid {
            16 => Self::Bool,
            21 => Self::Int2,
            23 => Self::Int4,
            20 => Self::Int8,
            26 => Self::Oid,
            700 => Self::Float4,
            701 => Self::Float8,
            1700 => Self::Numeric,
            19 | 25 | 1042 | 1043 => Self::Text,
            17 => Self::Bytea,
            1082 => Self::Date,
            1083 => Self::Time,
            1266 => Self::TimeTz,
            1114 => Self::Timestamp,
            1184 => Self::TimestampTz,
            2950 => Self::Uuid(Arc::from(type_name)),
            114 => Self::Json,
            3802 => Self::Jsonb,
            _ => Self::Cast(Arc::from(type_name)),
        }
    }

    /// Reads a value; `None` for bytes that are none of the type.
    pub(super) fn value(&self, bytes: &[u8]) -> Option<Value> {
        Some(match self {
            Self::Bool => Value::Bool(*bytes.first()? != 0),
            Self::Int2 => Value::Int(i16::from_be_bytes(bytes.try_into().ok()?).into()),
            Self::Int4 => Value::Int(i32::from_be_bytes(bytes.try_into().ok()?).into()),
            Self::Int8 => Value::Int(i64::from_be_bytes(bytes.try_into().ok()?)),
            Self::Oid => Value::Int(u32::from_be_bytes(bytes.try_into().ok()?).into()),
            Self::Float4 => float4(f32::from_be_bytes(bytes.try_into().ok()?)),
            Self::Float8 => Value::Float(f64::from_be_bytes(bytes.try_into().ok()?)),
            Self::Numeric => Value::Decimal(numeric(bytes)?),
            Self::Text => text(bytes),
            Self::Bytea => Value::Bytes(bytes.to_vec()),
            Self::Date => Value::Date(moment::date(i32::from_be_bytes(bytes.try_into().ok()?))),
            Self::Time => Value::Time(moment::time(i64::from_be_bytes(bytes.try_into().ok()?), None)),
            Self::TimeTz => {
                let (micros, west) = bytes.split_first_chunk::<8>()?;
                let west = i32::from_be_bytes(west.try_into().ok()?);
                Value::Time(moment::time(i64::from_be_bytes(*micros), Some(west)))
            }
            Self::Timestamp => {
                Value::Timestamp(moment::timestamp(i64::from_be_bytes(bytes.try_into().ok()?), ""))
            }
            Self::TimestampTz => {
                Value::TimestampTz(moment::timestamp(i64::from_be_bytes(bytes.try_into().ok()?), "+00:00"))
            }
            Self::Uuid(name) => Value::Other { type_name: Arc::clone(name), text: uuid(bytes)? },
            Self::Json => match String::from_utf8(bytes.to_vec()) {
                Ok(text) => Value::Json(text),
                Err(invalid) => Value::TextBytes(invalid.into_bytes()),
            },
            Self::Jsonb => match bytes.split_first()? {
                (1, text) => Self::Json.value(text)?,
                _ => return None,
            },
            Self::Cast(name) => other(name, text(bytes)),
            Self::List(element) => list(bytes, &|bytes| element.value(bytes))?,
            Self::CastList(name) => list(bytes, &|bytes| Some(other(name, text(bytes))))?,
            Self::Dynamic | Self::Mysql(_) | Self::Bson { .. } | Self::BsonRest => return None,
        })
    }

    /// Returns what is put after the column's name in a statement.
    pub(super) fn cast(&self) -> &'static str {
        match self {
            Self::Cast(_) => "::text",
            Self::CastList(_) => "::text[]",
            _ => "",
        }
    }
}

fn text(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => Value::Text(text.to_owned()),
        Err(_) => Value::TextBytes(bytes.to_vec()),
    }
}

fn other(name: &Arc<str>, value: Value) -> Value {
    match value {
        Value::Text(text) => Value::Other { type_name: Arc::clone(name), text },
        value => value,
    }
}

/// The number its digits say: 0.1, and not the 0.10000000149011612 that the same bits are in 64-bit.
/// The shortest digits of a 32-bit float lead back to the same 32 bits.
fn float4(number: f32) -> Value {
    Value::Float(if number.is_finite() {
        number.to_string().parse().unwrap_or(number.into())
    } else {
        number.into()
    })
}

/// Groups of four decimal digits, the exponent of the first, and how many digits to show.
fn numeric(bytes: &[u8]) -> Option<String> {
    let (header, groups) = bytes.split_first_chunk::<8>()?;
    let (count, weight) = (usize::from(word(header, 0)?), i64::from(word(header, 2)?.cast_signed()));
    let (sign, scale) = (word(header, 4)?, usize::from(word(header, 6)?));
    let negative = match sign {
        0x0000 => false,
        0x4000 => true,
        0xC000 => return Some("NaN".to_owned()),
        0xD000 => return Some("Infinity".to_owned()),
        0xF000 => return Some("-Infinity".to_owned()),
        _ => return None,
    };
    let groups: Vec<u16> =
        groups.chunks_exact(2).filter_map(|pair| Some(u16::from_be_bytes(pair.try_into().ok()?))).collect();
    if groups.len() != count || groups.iter().any(|group| *group > 9999) {
        return None;
    }
    let group =
        |place: i64| usize::try_from(place).ok().and_then(|place| groups.get(place)).copied().unwrap_or(0);
    let mut out = String::with_capacity(count * 4 + scale + 3);
    if negative {
        out.push('-');
    }
    if weight < 0 {
        out.push('0');
    }
    for place in 0..=weight {
        // Only the first group goes without its leading zeros.
        let _ = if place == 0 { write!(out, "{}", group(place)) } else { write!(out, "{:04}", group(place)) };
    }
    if scale > 0 {
        out.push('.');
        let end = out.len() + scale;
        let mut place = weight + 1;
        if weight < -1 {
            for _ in 0..(-1 - weight) {
                out.push_str("0000");
            }
            place = 0;
        }
        while out.len() < end {
            let _ = write!(out, "{:04}", group(place));
            place += 1;
        }
        out.truncate(end);
    }
    Some(out)
}

fn word(header: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(header.get(at..at + 2)?.try_into().ok()?))
}

fn uuid(bytes: &[u8]) -> Option<String> {
    crate::key::canonical_uuid(&crate::key::to_hex(bytes))
}

/// How deep lists may be nested; PostgreSQL stops at 6 as well.
const DIMENSIONS: usize = 6;

/// Dimensions with their lengths and first index, then the elements. A list that does not count from 1
/// says so, since its indexes would be lost otherwise.
fn list(bytes: &[u8], element: &dyn Fn(&[u8]) -> Option<Value>) -> Option<Value> {
    let mut rest = bytes;
    let mut take = || {
        let (first, others) = rest.split_first_chunk::<4>()?;
        rest = others;
        Some(i32::from_be_bytes(*first))
    };
    let dimensions = usize::try_from(take()?).ok().filter(|count| *count <= DIMENSIONS)?;
    let (_has_null, _type_oid) = (take()?, take()?);
    let mut lengths = Vec::with_capacity(dimensions);
    let mut bounds = Vec::with_capacity(dimensions);
    for _ in 0..dimensions {
        lengths.push(usize::try_from(take()?).ok()?);
        bounds.push(take()?);
    }
    if lengths.is_empty() {
        return Some(Value::Array(Vec::new()));
    }
    let values = level(&mut rest, &lengths, element)?;
    if bounds.iter().all(|bound| *bound == 1) {
        return Some(values);
    }
    let bounds = bounds.into_iter().map(|bound| Value::Int(bound.into())).collect();
    Some(Value::Object(vec![(Arc::from("first_index"), Value::Array(bounds)), (Arc::from("values"), values)]))
}

fn level(rest: &mut &[u8], lengths: &[usize], element: &dyn Fn(&[u8]) -> Option<Value>) -> Option<Value> {
    let Some((length, inner)) = lengths.split_first() else {
        let (size, after) = rest.split_first_chunk::<4>()?;
        let size = i32::from_be_bytes(*size);
        *rest = after;
        if size < 0 {
            return Some(Value::Null);
        }
        let (bytes, after) = after.split_at_checked(usize::try_from(size).ok()?)?;
        *rest = after;
        return element(bytes);
    };
    let mut values = Vec::with_capacity((*length).min(rest.len() / 4));
    for _ in 0..*length {
        values.push(level(rest, inner, element)?);
    }
    Some(Value::Array(values))
}
