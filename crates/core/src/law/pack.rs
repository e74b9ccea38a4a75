//! The law pack, and the questions others ask of it. What it is made of is in `rule.rs`.
//!
//! Fields are for this crate; everything outside asks through methods that take the day a request was
//! received where the law knows several versions.

use jiff::civil::Date;
use serde::Serialize;

use super::rule::{DaysOff, Ground, Period, Provision, Remedy, RightRule, Told, Undated, Wait};
use super::word::{Obligation, Right, Status, Verified};

/// A law: what it grants and what it demands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pack {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) region: String,
    pub(crate) version: u32,
    pub(crate) dated: Date,
    pub(crate) status: Status,
    pub(crate) verified: Verified,
    pub(crate) effective_from: Option<Date>,
    pub(crate) requests_from: Option<Date>,
    pub(crate) zone: Option<String>,
    pub(crate) calendar: Option<String>,
    pub(crate) sources: Vec<String>,
    pub(crate) clock_start: Vec<Provision>,
    pub(crate) counting: Option<Provision>,
    pub(crate) rights: Vec<RightRule>,
    pub(crate) periods: Vec<Period>,
    pub(crate) undated: Vec<Undated>,
    pub(crate) waits: Vec<Wait>,
    pub(crate) rolling: Option<DaysOff>,
    pub(crate) business_days: Option<DaysOff>,
    pub(crate) fees: Option<Provision>,
    pub(crate) refusal_grounds: Vec<Ground>,
    pub(crate) refusal_must_tell: Vec<Told>,
    pub(crate) remedies: Vec<Remedy>,
    pub(crate) records: Option<Provision>,
    pub(crate) agents: Option<Provision>,
    pub(crate) minors: Option<Provision>,
    pub(crate) identity: Option<Provision>,
    pub(crate) notes: Vec<Provision>,
}

impl Pack {
    /// Returns the name of the pack, such as `uk-gdpr`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns what the law is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Says whether it is none of those that come with the product: nobody but the organisation answers for it.
    pub fn is_own(&self) -> bool {
        !super::builtin().iter().any(|(id, _)| *id == self.id)
    }

    /// Returns what the law is called, with a mark where it is the organisation's own.
    pub fn title(&self) -> String {
        if self.is_own() {
            format!("{} (the organisation's own rules)", self.name)
        } else {
            self.name.clone()
        }
    }

    /// Returns where it applies.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Returns the version of the pack.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Returns the day this version was written.
    pub fn dated(&self) -> Date {
        self.dated
    }

    /// Tells whether the law binds already.
    pub fn status(&self) -> Status {
        self.status
    }

    /// Tells how the pack as a whole was verified; rules may say otherwise for themselves.
    pub fn verified(&self) -> Verified {
        self.verified
    }

    /// Returns the first day the law binds, where the pack knows it.
    pub fn effective_from(&self) -> Option<Date> {
        self.effective_from
    }

    /// Returns the first day of receipt this version of the pack is for, where it leaves older requests to the
    /// version before it.
    pub fn requests_from(&self) -> Option<Date> {
        self.requests_from
    }

    /// Returns the time zone of the law, where it has only one.
    pub fn zone(&self) -> Option<&str> {
        self.zone.as_deref()
    }

    /// Returns the calendar to use where the organisation names none.
    pub fn calendar(&self) -> Option<&str> {
        self.calendar.as_deref()
    }

    /// Returns where the pack was written from.
    pub fn sources(&self) -> &[String] {
        &self.sources
    }

    /// Returns the rule that grants a right, or nothing if this law doesn't.
    pub fn right(&self, right: Right) -> Option<&RightRule> {
        self.rights.iter().find(|rule| rule.right == right)
    }

    /// Says whether the law bound on that day and grants the right to requests received on it.
    pub fn grants(&self, right: Right, received_on: Date) -> bool {
        let binds = match (self.status, self.effective_from) {
            (_, Some(from)) => from <= received_on,
            (Status::InForce, None) => true,
            (Status::Future, None) => false,
        };
        binds && self.rights.iter().any(|rule| rule.right == right && rule.versions.covers(received_on))
    }

    /// Returns the rights granted, in the pack's order.
    pub fn rights(&self) -> &[RightRule] {
        &self.rights
    }

    /// Returns the periods the law sets.
    pub fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// Returns the duties the law sets without a number of days.
    pub fn undated(&self) -> &[Undated] {
        &self.undated
    }

    /// Returns how the law words a duty it sets no number of days for.
    pub(crate) fn undated_duty(
        &self,
        obligation: Obligation,
        right: Right,
        received_on: Date,
    ) -> Option<&Undated> {
        self.undated.iter().find(|duty| {
            duty.obligations.contains(&obligation)
                && (duty.rights.is_empty() || duty.rights.contains(&right))
                && duty.versions.covers(received_on)
        })
    }

    /// Returns the questions that move or stop the clock.
    pub fn waits(&self) -> &[Wait] {
        &self.waits
    }

    /// Returns when the clock starts, in words, for a request received on that day.
    pub fn clock_start(&self, received_on: Date) -> Option<&Provision> {
        let now = self.clock_start.iter().find(|provision| provision.versions.covers(received_on));
        now.or(self.clock_start.first())
    }

    /// Returns the versions of when the clock starts.
    pub fn clock_starts(&self) -> &[Provision] {
        &self.clock_start
    }

    /// Returns how days and months are counted, in words.
    pub fn counting(&self) -> Option<&Provision> {
        self.counting.as_ref()
    }

    /// Returns on which days a last day moves.
    pub fn rolling(&self) -> Option<&DaysOff> {
        self.rolling.as_ref()
    }

    /// Returns which days are no business days.
    pub fn business_days(&self) -> Option<&DaysOff> {
        self.business_days.as_ref()
    }

    /// Returns what may be charged.
    pub fn fees(&self) -> Option<&Provision> {
        self.fees.as_ref()
    }

    /// Returns the grounds on which a request may be refused.
    pub fn refusal_grounds(&self) -> &[Ground] {
        &self.refusal_grounds
    }

    /// Returns what a refusal must tell, for a request received on that day.
    pub fn refusal_must_tell(&self, received_on: Date) -> impl Iterator<Item = &Told> {
        self.refusal_must_tell.iter().filter(move |told| told.versions.covers(received_on))
    }

    /// Returns what a refusal must tell, in all versions.
    pub fn all_refusal_must_tell(&self) -> &[Told] {
        &self.refusal_must_tell
    }

    /// Returns where a person may turn, in all versions.
    pub fn all_remedies(&self) -> &[Remedy] {
        &self.remedies
    }

    /// Returns where a person may turn, for a request received on that day.
    pub fn remedies(&self, received_on: Date) -> impl Iterator<Item = &Remedy> {
        self.remedies.iter().filter(move |remedy| remedy.versions.covers(received_on))
    }

    /// Returns what the law says on records of requests.
    pub fn records(&self) -> Option<&Provision> {
        self.records.as_ref()
    }

    /// Returns what it says on agents who ask for somebody.
    pub fn agents(&self) -> Option<&Provision> {
        self.agents.as_ref()
    }

    /// Returns what it says on children.
    pub fn minors(&self) -> Option<&Provision> {
        self.minors.as_ref()
    }

    /// Returns what it says on proving who asks.
    pub fn identity(&self) -> Option<&Provision> {
        self.identity.as_ref()
    }

    /// Returns what else it says; `topic` names each.
    pub fn notes(&self) -> &[Provision] {
        &self.notes
    }

    /// Returns a note by its topic, such as `never_disclose`.
    pub fn note(&self, topic: &str) -> Option<&Provision> {
        self.notes.iter().find(|note| note.topic == topic)
    }

    /// Returns the duty that answers a right: for most the response, for an opt-out its effect.
    pub fn main_obligation(&self, right: Right) -> Obligation {
        self.right(right).map_or(Obligation::Response, |rule| rule.obligation)
    }

    /// Returns the period for a duty and a right, in the version of the day of receipt.
    ///
    /// A period for the right itself goes before one for all rights. A request older than every version is
    /// measured by the oldest, since that is the law that came to bind it; [`crate::clock`] says so.
    pub(crate) fn period(&self, obligation: Obligation, right: Right, received_on: Date) -> Option<&Period> {
        let fitting = |named: bool| {
            let mut found = self.periods.iter().filter(move |period| {
                period.obligations.contains(&obligation)
                    && if named { period.rights.contains(&right) } else { period.rights.is_empty() }
            });
            let all: Vec<_> = found.by_ref().collect();
            let now = all.iter().find(|period| period.versions.covers(received_on)).copied();
            now.or_else(|| {
                all.into_iter()
                    .filter(|p| p.versions.from.is_some_and(|d| d > received_on))
                    .min_by_key(|p| p.versions.from)
            })
        };
        fitting(true).or_else(|| fitting(false))
    }
}
