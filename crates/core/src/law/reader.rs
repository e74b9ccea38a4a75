//! Reads TOML tables key by key and collects every problem with its path.
//!
//! One wrong key must not hide the next, so reading goes on with empty values; whoever reads gives the
//! result out only when no problem was noted. A key nobody asked for is a problem too: a misspelt
//! `strict` must not silently mean the default.

use std::cell::{Cell, RefCell};
use std::fmt;

use jiff::civil::Date;
use serde::de::DeserializeOwned;
use toml::{Table, Value};

use super::lines::Lines;
use super::word::nearest;

/// Something wrong in a definition, and where.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// The place, such as `periods[2].extension.unit`; empty for the text as a whole.
    pub path: String,
    /// What is wrong there.
    pub message: String,
    /// On which line, or near which where something is missing.
    pub line: Option<usize>,
}

impl Problem {
    /// Returns the problem with file and line, as editors and compilers write it.
    pub fn at(&self, file: &str) -> String {
        match self.line {
            Some(line) => format!("{file}:{line}: {self}"),
            None => format!("{file}: {self}"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.path, self.message)
        }
    }
}

impl std::error::Error for Problem {}

/// Longest text of a definition.
const TEXT_BYTES_MAX: usize = 1 << 20;

/// Where problems are noted.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    found: RefCell<Vec<Problem>>,
    lines: RefCell<Lines>,
}

impl Problems {
    /// Parses a text as TOML.
    pub(crate) fn parse(&self, text: &str) -> Table {
        if text.len() > TEXT_BYTES_MAX {
            self.note("", "the text is longer than 1 MiB");
            return Table::new();
        }
        self.lines.replace(Lines::of(text));
        text.parse().unwrap_or_else(|problem: toml::de::Error| {
            let line = problem
                .span()
                .and_then(|span| text.get(..span.start))
                .map_or(1, |read| read.matches('\n').count() + 1);
            let message = format!("not TOML, line {line}: {}", problem.message());
            self.found.borrow_mut().push(Problem { path: String::new(), message, line: Some(line) });
            Table::new()
        })
    }

    /// Notes a problem.
    pub(crate) fn note(&self, path: &str, message: impl Into<String>) {
        let line = self.lines.borrow().lookup(path);
        self.found.borrow_mut().push(Problem { path: path.to_owned(), message: message.into(), line });
    }

    /// Returns the value if nothing was noted, else the problems.
    pub(crate) fn settle<T>(self, value: Option<T>) -> Result<T, Vec<Problem>> {
        let problems = self.found.into_inner();
        match value {
            Some(value) if problems.is_empty() => Ok(value),
            _ => Err(problems),
        }
    }
}

/// A table being read.
pub(crate) struct Reader<'a> {
    table: &'a Table,
    path: String,
    problems: &'a Problems,
    asked: RefCell<Vec<&'static str>>,
    is_silent: Cell<bool>,
}

impl<'a> Reader<'a> {
    /// Starts reading a table.
    pub(crate) fn new(table: &'a Table, path: impl Into<String>, problems: &'a Problems) -> Self {
        Self { table, path: path.into(), problems, asked: RefCell::default(), is_silent: Cell::new(false) }
    }

    /// Notes a problem at a key.
    pub(crate) fn note(&self, key: &str, message: impl Into<String>) {
        self.problems.note(&self.path_of(key), message);
    }

    /// Tells whether a key is there.
    pub(crate) fn has(&self, key: &'static str) -> bool {
        self.value(key).is_some()
    }

    /// Reads a text that must be there.
    pub(crate) fn text(&self, key: &'static str) -> String {
        let text = self.text_opt(key);
        if text.is_none() && !self.has(key) {
            self.note(key, "is missing");
        }
        text.unwrap_or_default()
    }

    /// Reads a text that may be there.
    pub(crate) fn text_opt(&self, key: &'static str) -> Option<String> {
        let value = self.value(key)?;
        match value.as_str().map(str::trim) {
            Some("") => self.wrong(key, "must not be empty"),
            Some(text) => Some(text.to_owned()),
            None => self.wrong(key, &format!("must be a text, not {}", value.type_str())),
        }
    }

    /// Reads a list of texts; none if the key is missing.
    pub(crate) fn texts(&self, key: &'static str) -> Vec<String> {
        self.list(key)
            .iter()
            .filter_map(|(path, value)| self.item(path, value.as_str(), "must be a text"))
            .map(str::to_owned)
            .collect()
    }

    /// Reads a whole number within bounds.
    pub(crate) fn number(&self, key: &'static str, least: i64, most: i64) -> Option<i64> {
        let value = self.value(key)?;
        match value.as_integer() {
            Some(number) if (least..=most).contains(&number) => Some(number),
            _ => self.wrong(key, &format!("must be a whole number from {least} to {most}")),
        }
    }

    /// Reads a list of whole numbers within bounds.
    pub(crate) fn numbers(&self, key: &'static str, least: i64, most: i64) -> Vec<i64> {
        let within = |value: &Value| value.as_integer().filter(|number| (least..=most).contains(number));
        let message = format!("must be a whole number from {least} to {most}");
        self.list(key).iter().filter_map(|(path, value)| self.item(path, within(value), &message)).collect()
    }

    /// Reads a yes or no.
    pub(crate) fn flag(&self, key: &'static str) -> Option<bool> {
        let value = self.value(key)?;
        value.as_bool().or_else(|| self.wrong(key, "must be true or false"))
    }

    /// Reads a date.
    pub(crate) fn date(&self, key: &'static str) -> Option<Date> {
        let value = self.value(key)?;
        to_date(value).or_else(|| self.wrong(key, "must be a date such as 2026-02-05"))
    }

    /// Reads a list of dates.
    pub(crate) fn dates(&self, key: &'static str) -> Vec<Date> {
        let message = "must be a date such as 2026-02-05";
        self.list(key).iter().filter_map(|(path, value)| self.item(path, to_date(value), message)).collect()
    }

    /// Reads one of a set of words.
    pub(crate) fn word<T: DeserializeOwned>(&self, key: &'static str) -> Option<T> {
        let value = self.value(key)?;
        to_word(value).map_err(|message| self.note(key, message)).ok()
    }

    /// Reads a list of words of a set.
    pub(crate) fn words<T: DeserializeOwned>(&self, key: &'static str) -> Vec<T> {
        let read = |(path, value): &(String, &Value)| {
            to_word(value).map_err(|message| self.problems.note(path, message)).ok()
        };
        self.list(key).iter().filter_map(read).collect()
    }

    /// Reads a table within this one.
    pub(crate) fn table(&self, key: &'static str) -> Option<Reader<'a>> {
        let value = self.value(key)?;
        let table = value.as_table().or_else(|| self.wrong(key, "must be a table"))?;
        Some(Reader::new(table, self.path_of(key), self.problems))
    }

    /// Reads a list of tables.
    pub(crate) fn tables(&self, key: &'static str) -> Vec<Reader<'a>> {
        self.list(key)
            .into_iter()
            .filter_map(|(path, value)| {
                let table = self.item(&path, value.as_table(), "must be a table")?;
                Some(Reader::new(table, path, self.problems))
            })
            .collect()
    }

    /// Reads each table of a table whose keys are free.
    pub(crate) fn named(&self, key: &'static str) -> Vec<(String, Reader<'a>)> {
        let Some(inner) = self.table(key) else { return Vec::new() };
        inner.is_silent.set(true);
        inner
            .table
            .iter()
            .filter_map(|(name, value)| {
                let path = inner.path_of(name);
                let table = self.item(&path, value.as_table(), "must be a table")?;
                Some((name.clone(), Reader::new(table, path, self.problems)))
            })
            .collect()
    }

    fn list(&self, key: &'static str) -> Vec<(String, &'a Value)> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let Some(items) = value.as_array() else {
            self.note(key, "must be a list");
            return Vec::new();
        };
        items.iter().enumerate().map(|(i, item)| (format!("{}[{i}]", self.path_of(key)), item)).collect()
    }

    fn item<T>(&self, path: &str, read: Option<T>, message: &str) -> Option<T> {
        if read.is_none() {
            self.problems.note(path, message);
        }
        read
    }

    fn value(&self, key: &'static str) -> Option<&'a Value> {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&key) {
            asked.push(key);
        }
        self.table.get(key)
    }

    fn wrong<T>(&self, key: &str, message: &str) -> Option<T> {
        self.note(key, message);
        None
    }

    fn path_of(&self, key: &str) -> String {
        match (self.path.as_str(), key) {
            ("", key) => key.to_owned(),
            (path, "") => path.to_owned(),
            (path, key) => format!("{path}.{key}"),
        }
    }
}

impl Drop for Reader<'_> {
    /// Notes the keys nobody asked for. Here, so that no caller can forget it.
    fn drop(&mut self) {
        if self.is_silent.get() {
            return;
        }
        let asked = self.asked.borrow();
        for key in self.table.keys().filter(|key| !asked.contains(&key.as_str())) {
            let hint = nearest(key, asked.iter().copied());
            let hint = hint.map(|near| format!(", did you mean `{near}`?")).unwrap_or_default();
            self.problems.note(&self.path_of(key), format!("unknown key{hint}"));
        }
    }
}

fn to_date(value: &Value) -> Option<Date> {
    let moment = value.as_datetime()?;
    let (date, None) = (moment.date?, moment.time) else { return None };
    Date::new(i16::try_from(date.year).ok()?, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?)
        .ok()
}

fn to_word<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    let text = value.as_str().ok_or("must be a text")?;
    let word: serde::de::value::StrDeserializer<'_, serde::de::value::Error> =
        serde::de::IntoDeserializer::into_deserializer(text);
    T::deserialize(word).map_err(|problem| problem.to_string())
}
