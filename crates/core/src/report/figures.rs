//! The figures of the reports' page: how many are open, came in and were closed, and how well in time.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Fact, Period, median};

/// How many of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// Of what: an id or a name.
    pub of: String,
    /// How many.
    pub count: u64,
}

/// One day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub on: Date,
    /// How many came in.
    pub received: u64,
    /// How many were closed.
    pub closed: u64,
}

/// What a period's requests come to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Figures {
    /// Open at the end of the period, by law, the most first.
    pub open_by_law: Vec<Count>,
    /// Open at the end of the period, by activity, the most first.
    pub open_by_activity: Vec<Count>,
    /// Every day of the period.
    pub days: Vec<Day>,
    /// Open at the end of the period.
    pub open: u64,
    /// Came in during the period.
    pub received: u64,
    /// Closed during the period.
    pub closed: u64,
    /// Of those closed with a date to keep: answered by it.
    pub in_time: u64,
    /// Of those closed with a date to keep: answered after it.
    pub late: u64,
    /// The median of days from receipt to answer, of those answered in the period.
    pub median_days: Option<f64>,
}

impl Figures {
    /// Returns the share of answers in time, in percent; none where there is nothing to be in time with.
    pub fn in_time_percent(&self) -> Option<f64> {
        let all = self.in_time + self.late;
        #[expect(clippy::cast_precision_loss, reason = "counts of requests are far below 2^52")]
        let share = (all > 0).then(|| self.in_time as f64 * 100.0 / all as f64);
        share
    }
}

/// Counts a period's requests.
pub fn figures(facts: &[Fact], period: &Period) -> Figures {
    let mut figures = Figures::default();
    let mut days: BTreeMap<Date, (u64, u64)> = period.days().map(|on| (on, (0, 0))).collect();
    let (mut laws, mut activities) = (BTreeMap::new(), BTreeMap::new());
    let mut waits = Vec::new();
    for fact in facts {
        let (received_on, closed_on) = (fact.received_on(), fact.closed_on());
        if let Some((received, _)) = days.get_mut(&received_on) {
            *received += 1;
            figures.received += 1;
        }
        if let Some((_, closed)) = closed_on.and_then(|on| days.get_mut(&on)) {
            *closed += 1;
            figures.closed += 1;
            waits.extend(fact.days_to_answer());
            match fact.is_in_time() {
                Some(true) => figures.in_time += 1,
                Some(false) => figures.late += 1,
                None => {}
            }
        }
        if received_on <= period.to && closed_on.is_none_or(|on| on > period.to) {
            figures.open += 1;
            *laws.entry(fact.law.as_str()).or_default() += 1;
            *activities.entry(fact.activity.as_str()).or_default() += 1;
        }
    }
    figures.open_by_law = sorted(laws);
    figures.open_by_activity = sorted(activities);
    figures.days = days.into_iter().map(|(on, (received, closed))| Day { on, received, closed }).collect();
    figures.median_days = median(waits);
    figures
}

fn sorted(counts: BTreeMap<&str, u64>) -> Vec<Count> {
    let mut counts: Vec<Count> =
        counts.into_iter().map(|(of, count)| Count { of: of.to_owned(), count }).collect();
    counts.sort_by_key(|count| std::cmp::Reverse(count.count));
    counts
}

#[cfg(test)]
mod tests;
