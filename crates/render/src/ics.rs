//! A calendar of due dates in the form calendar programs subscribe to (RFC 5545).
//!
//! Written here and not by a library: those there are draw on the machine's clock and chance by themselves, and
//! what is needed are whole-day entries with four fields.

use jiff::Timestamp;
use jiff::civil::Date;

/// A line is at most so many bytes long, its break not counted (RFC 5545, 3.1).
const WIDTH: usize = 75;

/// An entry: a whole day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Names it for ever.
    pub uid: String,
    /// The day.
    pub on: Date,
    /// What it says.
    pub summary: String,
    /// Where more is seen.
    pub url: String,
}

/// Returns the calendar, as made at an instant.
pub fn calendar(name: &str, entries: &[Entry], made_at: Timestamp) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| fold(&mut text, &format!("{name}:{value}"));
    let stamp = made_at.strftime("%Y%m%dT%H%M%SZ").to_string();
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//Habeas//Due dates//EN");
    line("CALSCALE", "GREGORIAN");
    line("METHOD", "PUBLISH");
    line("NAME", &escaped(name));
    line("X-WR-CALNAME", &escaped(name));
    line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
    for entry in entries {
        let day = |date: Date| date.strftime("%Y%m%d").to_string();
        line("BEGIN", "VEVENT");
        line("UID", &escaped(&entry.uid));
        line("DTSTAMP", &stamp);
        line("DTSTART;VALUE=DATE", &day(entry.on));
        line("DTEND;VALUE=DATE", &day(entry.on.tomorrow().unwrap_or(entry.on)));
        line("SUMMARY", &escaped(&entry.summary));
        line("URL", &entry.url.replace(['\r', '\n'], ""));
        line("TRANSP", "TRANSPARENT");
        line("END", "VEVENT");
    }
    line("END", "VCALENDAR");
    text
}

/// Escapes a text value (RFC 5545, 3.3.11); other control characters are left out.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Adds a line, folded where it is too long, never within a character.
fn fold(text: &mut String, line: &str) {
    let mut width = 0;
    for c in line.chars() {
        if width + c.len_utf8() > WIDTH {
            text.push_str("\r\n ");
            width = 1;
        }
        text.push(c);
        width += c.len_utf8();
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests;
