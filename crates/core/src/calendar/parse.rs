//! Makes a [`Calendar`] from TOML, or says everything that is wrong with it.

use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use super::Calendar;
use super::rule::{self, Observed, Rule, When};
use crate::law::Problem;
use crate::law::reader::{Problems, Reader};

impl Calendar {
    /// Parses and checks a calendar.
    ///
    /// # Errors
    /// Everything that is wrong with the text, each problem with its path.
    ///
    /// # Examples
    /// ```
    /// use habeas_core::calendar::Calendar;
    ///
    /// let text = r#"
    ///     id = "XX"
    ///     name = "Nowhere"
    ///     from = 2020
    ///     until = 2030
    ///     [[holidays]]
    ///     name = "First Monday of May"
    ///     weekday = "monday"
    ///     nth = 1
    ///     month = 5
    /// "#;
    /// let calendar = Calendar::parse(text).unwrap();
    /// assert_eq!(calendar.year(2026).unwrap()[0].date.to_string(), "2026-05-04");
    /// assert!(calendar.year(2031).is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let problems = Problems::default();
        let table = problems.parse(text);
        let calendar = read(&Reader::new(&table, "", &problems));
        problems.settle(calendar)
    }
}

fn read(reader: &Reader<'_>) -> Option<Calendar> {
    let id = reader.text("id");
    if !id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') || id.len() > 20 {
        reader.note("id", "must be at most 20 letters, digits and hyphens");
    }
    let name = reader.text("name");
    let zone = reader.text_opt("zone");
    if zone.as_ref().is_some_and(|zone| jiff::tz::TimeZone::get(zone).is_err()) {
        reader.note("zone", "is not a known time zone");
    }
    let _sources = reader.texts("sources");
    let from = year(reader, "from");
    let until = year(reader, "until");
    for (key, value) in [("from", from), ("until", until)] {
        if value.is_none() && !reader.has(key) {
            reader.note(key, "is missing: a calendar says which years it covers");
        }
    }
    let holidays = reader.tables("holidays");
    if holidays.is_empty() {
        reader.note("holidays", "there are none");
    }
    let rules: Vec<Rule> = holidays.iter().filter_map(holiday).collect();
    let (from, until) = (from?, until?);
    if until < from {
        reader.note("until", "must not be before `from`");
        return None;
    }
    let days = rule::days(&rules, from, until);
    Some(Calendar { id, name, zone, from, until, days })
}

fn holiday(reader: &Reader<'_>) -> Option<Rule> {
    let name = reader.text("name");
    let observed = reader.word("observed").unwrap_or(Observed::AsItFalls);
    let from = year(reader, "from").unwrap_or(i16::MIN);
    let until = year(reader, "until").unwrap_or(i16::MAX);
    let except = reader.numbers("except", 1900, 2200);
    let when = when(reader)?;
    Some(Rule { name, when, observed, from, until, except })
}

fn when(reader: &Reader<'_>) -> Option<When> {
    let kinds = ["day", "weekday", "easter", "on"];
    if kinds.iter().filter(|key| reader.has(key)).count() != 1 {
        reader.note("", "must have exactly one of day, weekday, easter and on");
        return None;
    }
    if reader.has("easter") {
        let offset = reader.number("easter", -100, 100)?;
        return Some(When::Easter { offset: i16::try_from(offset).ok()? });
    }
    if reader.has("on") {
        return Some(When::On(reader.dates("on")));
    }
    if reader.has("day") {
        let (month, day) = month_day(reader, "day")?;
        return Some(When::Fixed { month, day });
    }
    let weekday = reader.word::<Day>("weekday")?.weekday();
    if reader.has("before") {
        let (month, day) = month_day(reader, "before")?;
        return Some(When::Before { month, day, weekday });
    }
    let nth = reader.number("nth", -5, 5).filter(|nth| *nth != 0);
    let month = reader.number("month", 1, 12);
    let (Some(nth), Some(month)) = (nth, month) else {
        reader.note("weekday", "stands with `nth` (not 0) and `month`, or with `before`");
        return None;
    };
    Some(When::Nth { month: i8::try_from(month).ok()?, weekday, nth: i8::try_from(nth).ok()? })
}

fn year(reader: &Reader<'_>, key: &'static str) -> Option<i16> {
    reader.number(key, 1900, 2200).and_then(|year| i16::try_from(year).ok())
}

/// Reads month and day as `12-25`.
fn month_day(reader: &Reader<'_>, key: &'static str) -> Option<(i8, i8)> {
    let text = reader.text(key);
    let read = text.split_once('-').and_then(|(month, day)| Some((month.parse().ok()?, day.parse().ok()?)));
    // A leap year, so that 29 February may be written.
    let real = read.filter(|(month, day)| Date::new(2024, *month, *day).is_ok());
    if real.is_none() {
        reader.note(key, "must be month and day, such as 12-25");
    }
    real
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Day {
    fn weekday(self) -> Weekday {
        match self {
            Self::Monday => Weekday::Monday,
            Self::Tuesday => Weekday::Tuesday,
            Self::Wednesday => Weekday::Wednesday,
            Self::Thursday => Weekday::Thursday,
            Self::Friday => Weekday::Friday,
            Self::Saturday => Weekday::Saturday,
            Self::Sunday => Weekday::Sunday,
        }
    }
}
