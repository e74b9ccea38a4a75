//! The register of requests: one line a request, made from the clear part of its log.
//!
//! Nothing sealed is read, so that a request whose key is destroyed keeps its line for as long as the log
//! stays. Who asked is in no line.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;

use crate::event::{Entry as LogEntry, Record};

/// The heads of the register, in the order of [`Entry::fields`].
pub const COLUMNS: [&str; 28] = [
    "reference",
    "received_on",
    "channel",
    "right",
    "activity",
    "requester",
    "law",
    "further_laws",
    "organisation",
    "identity_method",
    "verified_on",
    "systems_searched",
    "systems_left_out",
    "records_found",
    "questions",
    "pauses",
    "extensions",
    "due_on",
    "decision",
    "articles",
    "formats",
    "delivered_on",
    "closed_on",
    "hours_open",
    "hours_worked",
    "in_time",
    "redactions",
    "records_withheld",
];

/// One request in the register.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Entry {
    /// Its reference.
    pub reference: String,
    /// The day it came in.
    pub received_on: Option<Date>,
    /// How it came in.
    pub channel: String,
    /// The right exercised: what was asked for and so its scope.
    pub right: String,
    /// The activity's name.
    pub activity: String,
    /// Who asked: the person, or somebody for them.
    pub requester: String,
    /// The law's id.
    pub law: String,
    /// Other laws whose dates bound too.
    pub further_laws: Vec<String>,
    /// The entity it was made to.
    pub organisation: String,
    /// The rung identity was proven at.
    pub identity_method: Option<String>,
    /// The day it was.
    pub verified_on: Option<Date>,
    /// How many systems were searched.
    pub systems_searched: Option<u64>,
    /// Which were left out with a reason.
    pub systems_left_out: Vec<String>,
    /// How many records were found.
    pub records_found: Option<u64>,
    /// How often the person was asked something.
    pub questions: u64,
    /// From when to when answers were waited for: `2026-10-02/2026-10-09`, open ones without an end.
    pub pauses: Vec<String>,
    /// The days on which the person was told that it takes longer.
    pub extensions: Vec<Date>,
    /// The legal date as it stands.
    pub due_on: Option<Date>,
    /// How it ended, or `open`.
    pub decision: String,
    /// The articles it was refused under, wholly or in part.
    pub articles: Vec<String>,
    /// The formats of the reply.
    pub formats: Vec<String>,
    /// The day the reply was made available.
    pub delivered_on: Option<Date>,
    /// The day it was closed.
    pub closed_on: Option<Date>,
    /// Hours from receipt to closing.
    pub hours_open: Option<i64>,
    /// Minutes of work that were entered.
    pub minutes_worked: u64,
    /// Whether it was closed by its date.
    pub in_time: Option<bool>,
    /// How often a person decided that something is blacked out.
    pub redactions: u64,
    /// How many records were withheld by a person's decision.
    pub records_withheld: u64,
}

impl Entry {
    /// Makes the line of a request from its log; none where the log doesn't begin with a receipt.
    pub fn of(log: &[LogEntry]) -> Option<Self> {
        let (first, rest) = log.split_first()?;
        if first.record.kind != "received" {
            return None;
        }
        let body = &first.record.body;
        let terms = body.get("terms")?;
        let zone = TimeZone::get(&text(terms, "zone")).unwrap_or(TimeZone::UTC);
        let received_at: Option<Timestamp> = text(body, "received_at").parse().ok();
        let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
        let mut entry = Self {
            reference: text(body, "reference"),
            received_on: received_at.map(day),
            channel: text(body, "channel"),
            requester: if body.get("agent").is_some_and(|agent| !agent.is_null()) {
                "agent"
            } else {
                "person"
            }
            .to_owned(),
            decision: "open".to_owned(),
            ..Self::default()
        };
        entry.set_terms(terms);
        let (mut waits, mut minutes) = (Vec::new(), Vec::new());
        for one in rest {
            entry.take(&one.record, day(one.at), &mut waits);
            work(&one.record, &mut minutes);
            entry.end(&one.record, one.at, received_at, day(one.at));
        }
        entry.minutes_worked = minutes.into_iter().sum();
        entry.pauses = waits.into_iter().map(|wait: Wait| wait.text()).collect();
        entry.in_time = entry.closed_on.zip(entry.due_on).map(|(closed_on, due_on)| closed_on <= due_on);
        if entry.decision == "withdrawn" {
            entry.in_time = None;
        }
        Some(entry)
    }

    fn set_terms(&mut self, terms: &Value) {
        self.right = text(terms, "right");
        self.activity = text(terms, "activity");
        self.law = text(terms, "law");
        self.further_laws = list(terms, "also").iter().map(|also| text(also, "law")).collect();
        self.organisation = text(terms, "entity");
    }

    fn take(&mut self, record: &Record, on: Date, waits: &mut Vec<Wait>) {
        let body = &record.body;
        match record.kind.as_str() {
            "verified" => {
                self.identity_method = Some(text(body, "rung"));
                self.verified_on = Some(on);
            }
            "due_computed" => self.due_on = text(body, "on").parse().ok(),
            "collected" => {
                self.systems_searched = body.get("source_count").and_then(Value::as_u64);
                self.records_found = body.get("record_count").and_then(Value::as_u64);
            }
            "source_excused" => self.systems_left_out.push(text(body, "source")),
            "asked" => {
                self.questions += 1;
                let asked_on = text(body, "asked_on").parse().unwrap_or(on);
                waits.push(Wait { number: number(body), from: asked_on, to: None });
            }
            "answered" => {
                let answered = number(body);
                let to = text(body, "answered_on").parse().unwrap_or(on);
                let wait = waits.iter_mut().find(|wait| wait.number == answered);
                if let Some(wait) = wait {
                    wait.to = Some(to);
                }
            }
            "extended" => self.extensions.push(text(body, "notified_on").parse().unwrap_or(on)),
            "marked" => {
                let is_redaction = body.get("verdict").is_some_and(|verdict| verdict.get("redact").is_some());
                self.redactions += u64::from(is_redaction);
            }
            "package_built" => {
                self.formats = words(body, "formats");
                self.records_withheld =
                    body.get("excluded_count").and_then(Value::as_u64).unwrap_or_default();
            }
            "package_released" => self.delivered_on = Some(on),
            "reclassified" => {
                if let Some(terms) = body.get("terms") {
                    self.set_terms(terms);
                }
            }
            "reopened" => {
                "open".clone_into(&mut self.decision);
                self.articles.clear();
                (self.closed_on, self.hours_open) = (None, None);
            }
            _ => {}
        }
    }

    fn end(&mut self, record: &Record, at: Timestamp, received_at: Option<Timestamp>, on: Date) {
        let is = |name: &str| record.body.get(name).and_then(Value::as_bool).unwrap_or_default();
        let decision = match record.kind.as_str() {
            "completed" if is("nothing_held") => "nothing_held",
            "completed" if is("is_partial") => "partly_fulfilled",
            "completed" => "fulfilled",
            "refused" => "refused",
            "withdrawn" => "withdrawn",
            "answered_together" => "answered_with_another",
            _ => return,
        };
        decision.clone_into(&mut self.decision);
        self.articles.extend(words(&record.body, "articles"));
        self.closed_on = Some(on);
        self.hours_open = received_at.map(|received_at| at.duration_since(received_at).as_hours());
    }

    /// Returns the line's fields in the order of [`COLUMNS`], as text for tables.
    pub fn fields(&self) -> [String; 28] {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
        let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
        let days: Vec<String> = self.extensions.iter().map(Date::to_string).collect();
        [
            self.reference.clone(),
            day(self.received_on),
            self.channel.clone(),
            self.right.clone(),
            self.activity.clone(),
            self.requester.clone(),
            self.law.clone(),
            self.further_laws.join("; "),
            self.organisation.clone(),
            self.identity_method.clone().unwrap_or_default(),
            day(self.verified_on),
            number(self.systems_searched),
            self.systems_left_out.join("; "),
            number(self.records_found),
            self.questions.to_string(),
            self.pauses.join("; "),
            days.join("; "),
            day(self.due_on),
            self.decision.clone(),
            self.articles.join("; "),
            self.formats.join("; "),
            day(self.delivered_on),
            day(self.closed_on),
            self.hours_open.map(|hours| hours.to_string()).unwrap_or_default(),
            format!("{}.{:02}", self.minutes_worked / 60, (self.minutes_worked % 60 * 100 + 30) / 60),
            self.in_time.map(yes).unwrap_or_default(),
            self.redactions.to_string(),
            self.records_withheld.to_string(),
        ]
    }
}

/// Takes minutes of work in, or strikes an entry out: it then counts no more.
fn work(record: &Record, minutes: &mut Vec<u64>) {
    let count = |name: &str| record.body.get(name).and_then(Value::as_u64).unwrap_or_default();
    match record.kind.as_str() {
        "time_logged" => minutes.push(count("minutes")),
        "time_struck" => {
            let entry = usize::try_from(count("entry")).ok().and_then(|number| number.checked_sub(1));
            if let Some(struck) = entry.and_then(|place| minutes.get_mut(place)) {
                *struck = 0;
            }
        }
        _ => {}
    }
}

/// A wait for an answer.
struct Wait {
    number: u64,
    from: Date,
    to: Option<Date>,
}

impl Wait {
    fn text(&self) -> String {
        match self.to {
            Some(to) => format!("{}/{to}", self.from),
            None => format!("{}/", self.from),
        }
    }
}

fn number(body: &Value) -> u64 {
    body.get("number").and_then(Value::as_u64).unwrap_or_default()
}

fn text(body: &Value, name: &str) -> String {
    body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn list<'a>(body: &'a Value, name: &str) -> &'a [Value] {
    body.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn words(body: &Value, name: &str) -> Vec<String> {
    list(body, name).iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
