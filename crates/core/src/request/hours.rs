//! What answering a request took: minutes of work, and what they cost at the entity's rate of the day.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::state::Request;
use crate::id::UserId;
use crate::pii::{self, Pii};

/// An amount of money in hundredths of its currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// How many hundredths, such as pence.
    pub minor: u64,
    /// The currency as an ISO 4217 code.
    pub currency: String,
}

impl Money {
    /// Returns what so many minutes cost at this rate an hour, rounded to the nearest hundredth.
    #[must_use]
    pub fn for_minutes(&self, minutes: u32) -> Self {
        let minor = (self.minor.saturating_mul(u64::from(minutes)).saturating_add(30)) / 60;
        Self { minor, currency: self.currency.clone() }
    }
}

impl std::fmt::Display for Money {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{:02} {}", self.minor / 100, self.minor % 100, self.currency)
    }
}

/// Time that was worked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimeLogged {
    /// Who worked.
    pub user: UserId,
    /// On which day.
    pub on: Date,
    /// How many minutes.
    pub minutes: u32,
    /// What it cost at the rate of that time; none where the entity has no rate.
    #[serde(default)]
    pub cost: Option<Money>,
    /// On what.
    #[serde(with = "pii::sealed")]
    pub note: Pii<String>,
}

/// An entry of time was a mistake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeStruck {
    /// The number of the entry, from 1.
    pub entry: u32,
}

/// An entry of time as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeEntry {
    /// Its number, from 1.
    pub number: u32,
    /// What was entered.
    pub logged: TimeLogged,
    /// Whether it was struck out; it then counts no more.
    pub is_struck: bool,
}

impl Request {
    /// Returns how many minutes were worked.
    pub fn minutes_worked(&self) -> u64 {
        self.hours_that_count().map(|entry| u64::from(entry.logged.minutes)).sum()
    }

    /// Returns what the work cost, an amount for each currency.
    pub fn cost_of_work(&self) -> Vec<Money> {
        let mut sums: Vec<Money> = Vec::new();
        for cost in self.hours_that_count().filter_map(|entry| entry.logged.cost.as_ref()) {
            match sums.iter_mut().find(|sum| sum.currency == cost.currency) {
                Some(sum) => sum.minor = sum.minor.saturating_add(cost.minor),
                None => sums.push(cost.clone()),
            }
        }
        sums
    }

    fn hours_that_count(&self) -> impl Iterator<Item = &TimeEntry> {
        self.hours.iter().filter(|entry| !entry.is_struck)
    }
}
