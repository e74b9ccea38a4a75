//! Writes values as JSON that loses nothing.
//!
//! The rule: plain JSON where a reader with 64-bit floats and ISO dates sees the same value, else an
//! object with one key that starts with `$`. So that such an object can't be mistaken for data, data
//! with keys that start with `$` is itself wrapped (`$object`, `$json`).

use std::fmt::Write as _;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::IgnoredAny;

use super::Value;

/// Documents nested deeper than this are given as text: many readers stop at a hundred or so levels.
const DEEPEST: usize = 64;

pub(super) fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Int(number) => push(out, number),
        Value::UInt(number) => push(out, number),
        Value::Float(number) => write_float(*number, out),
        Value::Decimal(text) => {
            if reads_back(text) {
                out.push_str(text);
            } else {
                write_tagged("$decimal", text, out);
            }
        }
        Value::Text(text) | Value::Other { text, .. } => write_text(text, out),
        Value::TextBytes(bytes) => write_tagged("$text_bytes", &STANDARD.encode(bytes), out),
        Value::Bytes(bytes) => write_tagged("$bytes", &STANDARD.encode(bytes), out),
        Value::Date(text) => write_moment("$date", text, is_iso_date(text), out),
        Value::Time(text) => write_text(text, out),
        Value::Timestamp(text) => write_moment("$timestamp", text, is_iso_timestamp(text), out),
        Value::TimestampTz(text) => write_moment("$timestamptz", text, is_iso_timestamp(text), out),
        Value::Json(text) => write_document(text, out),
        Value::Array(values) => write_array(values, out),
        Value::Object(fields) => {
            if fields.iter().any(|(name, _)| name.starts_with('$')) {
                out.push_str("{\"$object\":");
                write_fields(fields, out);
                out.push('}');
            } else {
                write_fields(fields, out);
            }
        }
    }
}

pub(super) fn write_fields(fields: &[(Arc<str>, Value)], out: &mut String) {
    out.push('{');
    for (place, (name, value)) in fields.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        write_text(name, out);
        out.push(':');
        write(value, out);
    }
    out.push('}');
}

fn write_array(values: &[Value], out: &mut String) {
    out.push('[');
    for (place, value) in values.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        write(value, out);
    }
    out.push(']');
}

fn push(out: &mut String, number: impl std::fmt::Display) {
    let _ = write!(out, "{number}"); // writing to a String can't fail
}

fn write_tagged(tag: &str, text: &str, out: &mut String) {
    out.push('{');
    write_text(tag, out);
    out.push(':');
    write_text(text, out);
    out.push('}');
}

fn write_moment(tag: &str, text: &str, plain: bool, out: &mut String) {
    if plain { write_text(text, out) } else { write_tagged(tag, text, out) }
}

fn write_float(number: f64, out: &mut String) {
    match serde_json::Number::from_f64(number) {
        Some(finite) => push(out, finite),
        None if number.is_nan() => write_tagged("$float", "NaN", out),
        None if number > 0.0 => write_tagged("$float", "Infinity", out),
        None => write_tagged("$float", "-Infinity", out),
    }
}

/// Appends a JSON string. Runs that need no escape are copied in one piece.
fn write_text(text: &str, out: &mut String) {
    out.push('"');
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..=0x1f => "",
            _ => continue,
        };
        out.push_str(text.get(start..at).unwrap_or_default());
        if escape.is_empty() {
            let _ = write!(out, "\\u{byte:04x}");
        } else {
            out.push_str(escape);
        }
        start = at + 1;
    }
    out.push_str(text.get(start..).unwrap_or_default());
    out.push('"');
}

fn write_document(text: &str, out: &mut String) {
    let plain =
        !text.contains("\"$") && depth(text) <= DEEPEST && serde_json::from_str::<IgnoredAny>(text).is_ok();
    if plain { out.push_str(text.trim()) } else { write_tagged("$json", text, out) }
}

fn depth(text: &str) -> usize {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Returns whether a decimal is a JSON number that a reader with 64-bit floats sees unchanged.
fn reads_back(text: &str) -> bool {
    let Some(written) = significant(text) else { return false };
    if written.digits.len() > 17 {
        return false;
    }
    let Ok(read) = text.parse::<f64>() else { return false };
    let Some(number) = serde_json::Number::from_f64(read) else { return false };
    significant(&number.to_string()) == Some(written)
}

#[derive(PartialEq)]
struct Significant {
    negative: bool,
    digits: String,
    /// Ten to this power times the digits is the number.
    exponent: i64,
}

/// Returns sign, digits without zeros at either end, and exponent of a JSON number; `None` for what is none.
fn significant(text: &str) -> Option<Significant> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
        None => (rest, 0),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((_, "")) => return None,
        Some((whole, fraction)) => (whole, fraction),
        None => (mantissa, ""),
    };
    let digits_only = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty()
        || (whole.len() > 1 && whole.starts_with('0'))
        || !digits_only(whole)
        || !digits_only(fraction)
    {
        return None;
    }
    let all = format!("{whole}{fraction}");
    let leading = all.trim_start_matches('0');
    let digits = leading.trim_end_matches('0');
    let dropped = i64::try_from(leading.len() - digits.len()).ok()?;
    let shift = i64::try_from(fraction.len()).ok()?;
    let exponent = if digits.is_empty() { 0 } else { exponent - shift + dropped };
    Some(Significant { negative: negative && !digits.is_empty(), digits: digits.to_owned(), exponent })
}

fn is_iso_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

fn is_iso_timestamp(text: &str) -> bool {
    match text.split_once('T') {
        Some((date, time)) => is_iso_date(date) && !time.contains(' '),
        None => false,
    }
}
