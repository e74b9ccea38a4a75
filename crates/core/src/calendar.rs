//! Public holidays by rule: one TOML file for each nation or region, `calendars/<id>.toml`.
//!
//! A calendar knows the years it covers. Asked about a day outside them it gives an error and never a guess:
//! governments move holidays, and a legal date must not rest on a rule nobody has checked. Which weekdays are
//! days off is for the law to say (see [`crate::law::DaysOff`]), since laws differ on Saturdays.

mod builtin;
mod parse;
mod rule;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use serde::Serialize;

pub use crate::law::Problem;
pub use builtin::{builtin, lookup_builtin};

/// The holidays of a nation or region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    id: String,
    name: String,
    zone: Option<String>,
    from: i16,
    until: i16,
    days: BTreeMap<Date, String>,
}

/// A holiday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Holiday {
    /// Its date, the substitute day where there is one.
    pub date: Date,
    /// Its name.
    pub name: String,
}

/// A day the calendar doesn't know about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{date} is outside the calendar {calendar}, which covers {from} to {until}")]
pub struct OutsideCoverage {
    /// The day.
    pub date: Date,
    /// The calendar.
    pub calendar: String,
    /// Its first year.
    pub from: i16,
    /// Its last year.
    pub until: i16,
}

impl Calendar {
    /// Makes a calendar from a plain list of days, covering the years from the first to the last of them.
    ///
    /// Returns nothing for an empty list.
    pub fn from_days(id: &str, days: impl IntoIterator<Item = Date>) -> Option<Self> {
        let days: BTreeMap<Date, String> =
            days.into_iter().map(|date| (date, "holiday".to_owned())).collect();
        let (from, until) = (days.first_key_value()?.0.year(), days.last_key_value()?.0.year());
        Some(Self { id: id.to_owned(), name: id.to_owned(), zone: None, from, until, days })
    }

    /// Returns the id, such as `GB-EW`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns what it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the time zone of the region, where it has only one.
    pub fn zone(&self) -> Option<&str> {
        self.zone.as_deref()
    }

    /// Returns the first and the last year covered.
    pub fn coverage(&self) -> (i16, i16) {
        (self.from, self.until)
    }

    /// Returns the name of the holiday on a day, if it is one.
    ///
    /// # Errors
    /// [`OutsideCoverage`] for a day of a year the calendar doesn't cover.
    pub fn holiday(&self, date: Date) -> Result<Option<&str>, OutsideCoverage> {
        self.ensure_covered(date)?;
        Ok(self.days.get(&date).map(String::as_str))
    }

    /// Returns the holidays of a year, in order.
    ///
    /// # Errors
    /// [`OutsideCoverage`] for a year the calendar doesn't cover.
    pub fn year(&self, year: i16) -> Result<Vec<Holiday>, OutsideCoverage> {
        let first = Date::new(year, 1, 1).unwrap_or(Date::ZERO);
        self.ensure_covered(first)?;
        let days = self.days.range(first..=first.last_of_year());
        Ok(days.map(|(date, name)| Holiday { date: *date, name: name.clone() }).collect())
    }

    /// Tells whether people work on a day: neither Saturday nor Sunday nor a holiday.
    ///
    /// For an organisation's own targets; a legal date asks the law which days are off.
    ///
    /// # Errors
    /// [`OutsideCoverage`] for a day of a year the calendar doesn't cover.
    pub fn is_working_day(&self, date: Date) -> Result<bool, OutsideCoverage> {
        let is_weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        Ok(self.holiday(date)?.is_none() && !is_weekend)
    }

    fn ensure_covered(&self, date: Date) -> Result<(), OutsideCoverage> {
        if (self.from..=self.until).contains(&date.year()) {
            return Ok(());
        }
        Err(OutsideCoverage { date, calendar: self.id.clone(), from: self.from, until: self.until })
    }
}
