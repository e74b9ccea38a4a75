//! Counts per law, right and month, and the table California asks large businesses for.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::{Ending, Fact, Period, median};

/// One law and right in one month.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Metric {
    /// The first day of the month.
    pub month: Date,
    /// The law's id.
    pub law: String,
    /// The right.
    pub right: String,
    /// Came in during the month.
    pub received: u64,
    /// Answered in full during the month.
    pub whole: u64,
    /// Answered in part.
    pub part: u64,
    /// Refused.
    pub denied: u64,
    /// Taken back.
    pub withdrawn: u64,
    /// Answered or refused after the date.
    pub late: u64,
    /// The median of days to answer.
    pub median_days: Option<f64>,
}

#[derive(Default)]
struct Tally {
    received: u64,
    whole: u64,
    part: u64,
    denied: u64,
    withdrawn: u64,
    late: u64,
    days: Vec<i32>,
}

impl Tally {
    fn close(&mut self, fact: &Fact) {
        match fact.ending() {
            Some(Ending::Whole) => self.whole += 1,
            Some(Ending::Part) => self.part += 1,
            Some(Ending::Denied) => self.denied += 1,
            Some(Ending::Withdrawn) => self.withdrawn += 1,
            None => {}
        }
        self.late += u64::from(fact.is_in_time() == Some(false));
        self.days.extend(fact.days_to_answer());
    }
}

/// Counts per month, law and right: what came in by the month of receipt, what was closed by that of closing.
pub fn metrics(facts: &[Fact], period: &Period) -> Vec<Metric> {
    let mut tallies: BTreeMap<(Date, &str, &str), Tally> = BTreeMap::new();
    let month = |on: Date| period.holds(on).then(|| on.first_of_month());
    for fact in facts {
        if let Some(month) = month(fact.received_on()) {
            tallies.entry((month, &fact.law, &fact.right)).or_default().received += 1;
        }
        if let Some(month) = fact.closed_on().and_then(month) {
            tallies.entry((month, &fact.law, &fact.right)).or_default().close(fact);
        }
    }
    let metric = |((month, law, right), tally): ((Date, &str, &str), Tally)| Metric {
        month,
        law: law.to_owned(),
        right: right.to_owned(),
        received: tally.received,
        whole: tally.whole,
        part: tally.part,
        denied: tally.denied,
        withdrawn: tally.withdrawn,
        late: tally.late,
        median_days: median(tally.days),
    };
    tallies.into_iter().map(metric).collect()
}

/// The law whose table this is.
const CALIFORNIA: &str = "us-ca";

/// One kind of request in California's table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CcpaRow {
    /// What was asked for.
    pub name: &'static str,
    /// Received in the year.
    pub received: u64,
    /// Of these, complied with in whole.
    pub whole: u64,
    /// Of these, complied with in part.
    pub part: u64,
    /// Of these, denied.
    pub denied: u64,
    /// Of these, not decided: open, or taken back.
    pub undecided: u64,
    /// The median number of days to a substantive answer.
    pub median_days: Option<f64>,
    /// The mean number of days to a substantive answer.
    pub mean_days: Option<f64>,
}

/// California's table of one calendar year.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ccpa {
    /// The year.
    pub year: i16,
    /// A row each for requests to delete, to correct, to know, to opt out and to limit.
    pub rows: Vec<CcpaRow>,
}

/// Makes the table that Cal. Code Regs. tit. 11, § 7102(a) asks of businesses with the data of ten million
/// consumers: of each kind of request received in the calendar year, how many were complied with in whole
/// or in part or denied, and how long a substantive answer took.
pub fn ccpa(facts: &[Fact], year: i16) -> Ccpa {
    let kinds: [(&'static str, &[&str]); 5] = [
        ("Requests to delete", &["erasure"]),
        ("Requests to correct", &["rectification"]),
        ("Requests to know", &["access", "information", "portability"]),
        ("Requests to opt out of sale or sharing", &["opt_out"]),
        ("Requests to limit", &["limit_use"]),
    ];
    let row = |(name, rights): (&'static str, &[&str])| {
        let is_meant = |fact: &&Fact| {
            fact.law == CALIFORNIA
                && rights.contains(&fact.right.as_str())
                && fact.received_on().year() == year
        };
        let mut tally = Tally::default();
        for fact in facts.iter().filter(is_meant) {
            tally.received += 1;
            tally.close(fact);
        }
        let count = u32::try_from(tally.days.len()).unwrap_or(u32::MAX);
        let sum: f64 = tally.days.iter().copied().map(f64::from).sum();
        CcpaRow {
            name,
            received: tally.received,
            whole: tally.whole,
            part: tally.part,
            denied: tally.denied,
            undecided: tally.received - tally.whole - tally.part - tally.denied,
            mean_days: (count > 0).then(|| sum / f64::from(count)),
            median_days: median(tally.days),
        }
    };
    Ccpa { year, rows: kinds.into_iter().map(row).collect() }
}

#[cfg(test)]
mod tests;
