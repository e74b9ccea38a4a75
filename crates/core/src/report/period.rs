//! The days a report covers, as they stand in an address: `2026`, `2026-q3`, `2026-10`, `2026-w41`, or
//! two days.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan as _;
use jiff::civil::{Date, ISOWeekDate, Weekday};

/// A run of days, both ends counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// A text that names no period.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "not a period; write a year such as 2026, a quarter 2026-q3, a month 2026-10, a week 2026-w41, or two days 2026-10-01..2026-10-15"
)]
pub struct InvalidPeriod;

/// No report covers more days.
const MOST_DAYS: i32 = 3_660;

impl Period {
    /// Returns the days from one to another.
    ///
    /// # Errors
    /// Where they are the wrong way round, or more than ten years apart.
    pub fn new(from: Date, to: Date) -> Result<Self, InvalidPeriod> {
        let days = from.until(to).map_err(|_| InvalidPeriod)?.get_days();
        if (0..=MOST_DAYS).contains(&days) { Ok(Self { from, to }) } else { Err(InvalidPeriod) }
    }

    /// Returns the month a day is in.
    pub fn month(day: Date) -> Self {
        Self { from: day.first_of_month(), to: day.last_of_month() }
    }

    /// Returns the month before the one a day is in.
    pub fn last_month(day: Date) -> Self {
        Self::month(day.first_of_month().saturating_sub(1.day()))
    }

    /// Returns the week, from Monday, before the one a day is in.
    pub fn last_week(day: Date) -> Self {
        let monday = day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days());
        Self { from: monday.saturating_sub(7.days()), to: monday.saturating_sub(1.day()) }
    }

    /// Returns the year a day is in.
    pub fn year(day: Date) -> Self {
        Self { from: day.first_of_year(), to: day.last_of_year() }
    }

    /// Returns the last so many days up to a day.
    pub fn last_days(day: Date, count: i32) -> Self {
        Self { from: day.saturating_sub(i64::from(count - 1).days()), to: day }
    }

    /// Says whether a day is in it.
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }

    /// Returns how many days it has.
    pub fn day_count(&self) -> i32 {
        self.from.until(self.to).map_or(0, |span| span.get_days()) + 1
    }

    /// Returns every day of it.
    pub fn days(&self) -> impl Iterator<Item = Date> + use<> {
        let (from, count) = (self.from, self.day_count());
        (0..count).map(move |number| from.saturating_add(i64::from(number).days()))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.from, self.to);
        let week = from.iso_week_date();
        if *self == Self::year(from) {
            write!(f, "{:04}", from.year())
        } else if Some(*self) == quarter(from.year(), (from.month() - 1) / 3 + 1) {
            write!(f, "{:04}-q{}", from.year(), (from.month() - 1) / 3 + 1)
        } else if *self == Self::month(from) {
            write!(f, "{:04}-{:02}", from.year(), from.month())
        } else if week.weekday() == Weekday::Monday && self.day_count() == 7 {
            write!(f, "{:04}-w{:02}", week.year(), week.week())
        } else {
            write!(f, "{from}..{to}")
        }
    }
}

impl FromStr for Period {
    type Err = InvalidPeriod;

    fn from_str(text: &str) -> Result<Self, InvalidPeriod> {
        if let Some((from, to)) = text.split_once("..") {
            let day = |text: &str| text.parse().map_err(|_| InvalidPeriod);
            return Self::new(day(from)?, day(to)?);
        }
        let (year, part) = text.split_once('-').map_or((text, None), |(year, part)| (year, Some(part)));
        let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
        let year: i16 = year.parse().ok().filter(|_| is_year).ok_or(InvalidPeriod)?;
        let number = |text: &str| text.parse::<i8>().map_err(|_| InvalidPeriod);
        match part {
            None => Ok(Self::year(first(year, 1)?)),
            Some(part) => match part.split_at_checked(1) {
                Some(("q", part)) => quarter(year, number(part)?).ok_or(InvalidPeriod),
                Some(("w", part)) => {
                    let week = ISOWeekDate::new(year, number(part)?, Weekday::Monday);
                    let monday = week.map_err(|_| InvalidPeriod)?.date();
                    Ok(Self { from: monday, to: monday.saturating_add(6.days()) })
                }
                _ if part.len() == 2 => Ok(Self::month(first(year, number(part)?)?)),
                _ => Err(InvalidPeriod),
            },
        }
    }
}

fn first(year: i16, month: i8) -> Result<Date, InvalidPeriod> {
    Date::new(year, month, 1).map_err(|_| InvalidPeriod)
}

fn quarter(year: i16, number: i8) -> Option<Period> {
    let from = Date::new(year, number.checked_mul(3)?.checked_sub(2)?, 1).ok()?;
    Some(Period { from, to: from.saturating_add(2.months()).last_of_month() })
}

#[cfg(test)]
mod tests;
