//! Numbers, dates and times as people read them.
//!
//! The one place where English stands in the shape of dates and counts; a further language is a further
//! function here. [`Day`] and [`Moment`] print plain text, so they serve pages and mails alike;
//! `html()` wraps them in `<time>` for pages.

use std::borrow::Borrow;
use std::fmt;

use askama::filters::HtmlSafe;
use jiff::Zoned;
use jiff::civil::Date;

pub mod country;
pub mod state;

/// Markup made in this crate that must not be escaped again.
#[derive(Clone)]
pub struct Html(String);

impl Html {
    /// Only markup whose variable parts are already escaped may be wrapped.
    pub(crate) fn new(markup: String) -> Self {
        Self(markup)
    }
}

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Html {}

/// A calendar day: `Monday 14 December 2026`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

impl Day {
    /// Returns the day for dense lists: `14 Dec 2026`.
    pub fn short(&self) -> String {
        self.0.strftime("%-d %b %Y").to_string()
    }

    /// Returns the long form inside `<time>`.
    pub fn html(&self) -> Html {
        Html(format!("<time datetime=\"{}\">{self}</time>", self.0))
    }

    /// Returns the short form inside `<time>`, with the weekday on hover.
    pub fn html_short(&self) -> Html {
        Html(format!("<time datetime=\"{}\" title=\"{self}\">{}</time>", self.0, self.short()))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.strftime("%A %-d %B %Y").fmt(f)
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        Self(date)
    }
}

/// An instant in the entity's zone: `Monday 14 December 2026, 10:30 (Europe/London)`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub Zoned);

impl Moment {
    /// Returns the instant for dense lists: `14 Dec 2026, 10:30`.
    pub fn short(&self) -> String {
        self.0.strftime("%-d %b %Y, %H:%M").to_string()
    }

    /// Returns the calendar day of the instant in its zone.
    pub fn day(&self) -> Day {
        Day(self.0.date())
    }

    /// Returns the long form inside `<time>`.
    pub fn html(&self) -> Html {
        Html(format!("<time datetime=\"{}\">{self}</time>", self.machine()))
    }

    /// Returns the short form inside `<time>`, with weekday and zone on hover.
    pub fn html_short(&self) -> Html {
        Html(format!("<time datetime=\"{}\" title=\"{self}\">{}</time>", self.machine(), self.short()))
    }

    fn machine(&self) -> jiff::Timestamp {
        self.0.timestamp()
    }

    fn zone(&self) -> String {
        match self.0.time_zone().iana_name() {
            Some(name) => name.to_owned(),
            None => format!("UTC{}", self.0.strftime("%:z")),
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.0.strftime("%A %-d %B %Y, %H:%M"), self.zone())
    }
}

impl From<Zoned> for Moment {
    fn from(zoned: Zoned) -> Self {
        Self(zoned)
    }
}

/// A number of things or bytes; templates pass references to references.
pub trait Count {
    /// Returns the number.
    fn value(&self) -> u64;
}

impl Count for u64 {
    fn value(&self) -> u64 {
        *self
    }
}

impl Count for u32 {
    fn value(&self) -> u64 {
        u64::from(*self)
    }
}

impl<T: Count> Count for &T {
    fn value(&self) -> u64 {
        (*self).value()
    }
}

/// Returns a number with its thousands set apart: `1,234,567`.
pub fn thousands(number: impl Count) -> String {
    let digits = number.value().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Returns a number with its noun: `1 record`, `1,204 records`.
pub fn count(number: impl Count, one: &str, many: &str) -> String {
    let number = number.value();
    format!("{} {}", thousands(number), if number == 1 { one } else { many })
}

/// Returns a size as file managers show it: `640 bytes`, `14.2 MB`.
pub fn size(bytes: impl Count) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "KB")];
    let bytes = bytes.value();
    for (unit, name) in UNITS {
        if bytes >= unit {
            let tenths = bytes / (unit / 10);
            return format!("{}.{} {name}", tenths / 10, tenths % 10);
        }
    }
    count(bytes, "byte", "bytes")
}

/// Returns a duration of machines: `840 ms`, `30.0 s`.
pub fn milliseconds(number: impl Count) -> String {
    match number.value() {
        short @ 0..1_000 => format!("{short} ms"),
        long => format!("{}.{} s", thousands(long / 1_000), long % 1_000 / 100),
    }
}

/// Returns how far off a date is: `12 days left`, `Due today`, `Overdue by 3 days`.
pub fn days_left(days: impl Borrow<i64>) -> String {
    let days = *days.borrow();
    match days {
        0 => "Due today".to_owned(),
        1.. => format!("{} left", count(days.unsigned_abs(), "day", "days")),
        _ => format!("Overdue by {}", count(days.unsigned_abs(), "day", "days")),
    }
}

/// Returns an e-mail address of which only enough is left for its owner to know it: `a…@example.org`.
pub fn masked_email(email: &str) -> String {
    match email.rsplit_once('@') {
        Some((name, host)) => format!("{}…@{host}", name.chars().take(1).collect::<String>()),
        None => "…".to_owned(),
    }
}

/// Returns the text on one line with nothing that could end a mail header or reverse what follows.
pub fn single_line(text: &str) -> String {
    let kept: String =
        text.chars().map(|c| if c.is_control() || is_bidi_control(c) { ' ' } else { c }).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests;
