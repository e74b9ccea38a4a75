//! Counting on civil dates: months, days, business days, rolling, and days that don't count.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::compute::ClockError;
use super::result::Mode;
use crate::calendar::Calendar;
use crate::law::{DaysOff, Length, Unit};

/// More days off in a row than any calendar has.
const DAYS_OFF_MAX: usize = 60;

/// Counts with one law's days off in one mode.
pub(super) struct Counter<'a> {
    pub(super) rolling: Option<&'a DaysOff>,
    pub(super) business_days: Option<&'a DaysOff>,
    pub(super) calendar: Option<&'a Calendar>,
    pub(super) mode: Mode,
}

impl Counter<'_> {
    /// Returns the last day of a length that starts on a day.
    ///
    /// A month ends on the same day of the last month, or on its last day where there is no such day (Reg.
    /// 1182/71 art. 3(2)(c)); days are counted from the day after.
    pub(super) fn add(&self, start: Date, length: Length) -> Result<Date, ClockError> {
        let n = i64::from(length.n);
        match length.unit {
            Unit::CalendarMonth => start.checked_add(n.months()).map_err(|_| ClockError::OutOfRange),
            Unit::Day => add_days(start, n),
            Unit::BusinessDay => self.add_business_days(start, n),
        }
    }

    fn add_business_days(&self, start: Date, n: i64) -> Result<Date, ClockError> {
        let mut day = start;
        for _ in 0..n {
            day = self.next_open(add_days(day, 1)?, self.business_days)?;
        }
        Ok(day)
    }

    /// Moves a last day that is a day off to the next day that isn't.
    pub(super) fn roll(&self, date: Date) -> Result<Date, ClockError> {
        self.next_open(date, self.rolling)
    }

    fn next_open(&self, date: Date, days_off: Option<&DaysOff>) -> Result<Date, ClockError> {
        let mut day = date;
        for _ in 0..DAYS_OFF_MAX {
            if self.why_off(day, days_off)?.is_none() {
                return Ok(day);
            }
            day = add_days(day, 1)?;
        }
        Err(ClockError::OutOfRange)
    }

    /// Tells whether a date counted in this unit can depend on public holidays.
    pub(super) fn asks_for_holidays(&self, unit: Unit) -> bool {
        let counted = self.business_days.filter(|_| unit == Unit::BusinessDay);
        let rules = self.rolling.into_iter().chain(counted);
        rules.flat_map(|days_off| days_off.of(self.mode)).any(|kind| kind.weekday().is_none())
    }

    /// Returns why a day is off for rolling, in words.
    pub(super) fn why_rolled(&self, date: Date) -> Result<Option<String>, ClockError> {
        self.why_off(date, self.rolling)
    }

    fn why_off(&self, date: Date, days_off: Option<&DaysOff>) -> Result<Option<String>, ClockError> {
        let Some(days_off) = days_off else { return Ok(None) };
        let kinds = days_off.of(self.mode);
        let weekday =
            kinds.iter().filter_map(|kind| kind.weekday()).find(|weekday| *weekday == date.weekday());
        if let Some(weekday) = weekday {
            return Ok(Some(format!("{weekday:?}")));
        }
        if days_off.closed.iter().any(|closed| closed.covers(date)) {
            return Ok(Some("a day the law leaves out".to_owned()));
        }
        let counts_holidays = kinds.iter().any(|kind| kind.weekday().is_none());
        let (true, Some(calendar)) = (counts_holidays, self.calendar) else { return Ok(None) };
        Ok(calendar.holiday(date)?.map(|name| format!("a public holiday ({name})")))
    }
}

/// Adds days to a date.
pub(super) fn add_days(date: Date, n: i64) -> Result<Date, ClockError> {
    date.checked_add(n.days()).map_err(|_| ClockError::OutOfRange)
}

/// Returns how many days lie between two dates.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// A stretch of days, the last not among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stretch {
    pub(super) from: Date,
    pub(super) to: Date,
}

/// Counts the days of stretches from a day on; what lies in several of them is counted once.
pub(super) fn count_once(stretches: &[Stretch], from: Date) -> i64 {
    let mut sorted = stretches.to_vec();
    sorted.sort();
    let (mut counted, mut reached) = (0, from);
    for stretch in sorted {
        let start = stretch.from.max(reached);
        if start < stretch.to {
            counted += days_between(start, stretch.to);
            reached = stretch.to;
        }
    }
    counted
}
