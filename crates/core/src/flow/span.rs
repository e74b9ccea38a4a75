//! How long tasks may take, and how much work a flow is.

use super::{Flow, Stage, Task};

/// The hours of a working day that durations are added up by.
pub const DAY_HOURS: u32 = 8;

/// How long a task may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// How many.
    pub amount: u16,
    /// Of what.
    pub unit: SpanUnit,
}

/// The units of a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanUnit {
    /// Hours on the clock.
    Hours,
    /// Hours within working days, from 9 to 17 o'clock in the entity's zone.
    WorkingHours,
    /// Calendar days.
    Days,
    /// Days that are neither weekend nor holiday in the entity's calendar.
    WorkingDays,
}

impl SpanUnit {
    /// All units, by their names in flow files.
    pub const ALL: [(&'static str, Self); 4] = [
        ("hours", Self::Hours),
        ("working_hours", Self::WorkingHours),
        ("days", Self::Days),
        ("working_days", Self::WorkingDays),
    ];

    /// Returns the unit's name in flow files, in the plural.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, unit)| *unit == self).map_or("hours", |(name, _)| name)
    }
}

impl Span {
    /// Reads a span such as `48 hours`, `1 day` or `2 working_days`.
    pub fn parse(text: &str) -> Option<Self> {
        let (amount, unit) = text.trim().split_once(' ')?;
        let amount = amount.parse().ok().filter(|amount| (1..=1_000).contains(amount))?;
        let unit = unit.trim();
        let fits = |name: &str| unit == name || name.strip_suffix('s') == Some(unit);
        SpanUnit::ALL.into_iter().find(|(name, _)| fits(name)).map(|(_, unit)| Self { amount, unit })
    }

    /// Returns the hours of work it stands for: hours as they are, a day as one working day. A calendar day
    /// counts as a working day, so that no total is ever too short.
    pub fn work_hours(self) -> u32 {
        let amount = u32::from(self.amount);
        match self.unit {
            SpanUnit::Hours | SpanUnit::WorkingHours => amount,
            SpanUnit::Days | SpanUnit::WorkingDays => amount * DAY_HOURS,
        }
    }
}

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let unit = self.unit.as_str();
        let unit = if self.amount == 1 { unit.trim_end_matches('s') } else { unit };
        write!(f, "{} {unit}", self.amount)
    }
}

impl Task {
    /// Returns the hours of work the task's deadline stands for; 0 without one.
    pub fn work_hours(&self) -> u32 {
        self.deadline.map_or(0, Span::work_hours)
    }
}

impl Stage {
    /// Returns the hours of work of the stage: tasks at once count as the longest, one after the other add up.
    pub fn work_hours(&self) -> u32 {
        let mut orders: Vec<(u32, u32)> = self.tasks.iter().map(|t| (t.order, t.work_hours())).collect();
        orders.sort_unstable();
        let mut total = 0;
        for group in orders.chunk_by(|one, other| one.0 == other.0) {
            total += group.iter().map(|(_, hours)| *hours).max().unwrap_or(0);
        }
        total
    }
}

impl Flow {
    /// Returns the hours of work of the whole flow.
    pub fn work_hours(&self) -> u32 {
        self.stages.iter().map(Stage::work_hours).sum()
    }

    /// Returns the working days of the whole flow: its hours in days of [`DAY_HOURS`], begun days in full.
    pub fn work_days(&self) -> u32 {
        self.work_hours().div_ceil(DAY_HOURS)
    }
}
