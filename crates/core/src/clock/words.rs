//! The lines people read: why a date is what it is, in plain English and without a full stop.
//!
//! Steps carry a rule, an article and dates beside these words, so that other languages can say the same.

use jiff::civil::Date;

use super::result::Query;
use crate::law::{Effect, EventKind, Length, Obligation, Pack, Right, Status, Unit};

/// Writes a date as people read it.
pub(super) fn day(date: Date) -> String {
    date.strftime("%A %-d %B %Y").to_string()
}

pub(super) fn received(on: Date, query: &Query) -> String {
    match (query.received, query.zone.as_ref().and_then(|zone| zone.iana_name())) {
        (super::Moment::Instant { .. }, Some(zone)) => format!("received on {} ({zone})", day(on)),
        _ => format!("received on {}", day(on)),
    }
}

fn name(kind: EventKind) -> &'static str {
    match kind {
        EventKind::IdentityRequested => "the question who the person is",
        EventKind::IdentityReceived => "the proof of identity",
        EventKind::FeeRequested => "the demand of a fee",
        EventKind::FeePaid => "the fee",
        EventKind::FeeAnnounced => "the announcement of a fee",
        EventKind::FeeConfirmed => "the confirmation in spite of the fee",
        EventKind::ClarificationRequested => "the question what the request is about",
        EventKind::ClarificationReceived => "the clarification",
        EventKind::ExtensionNotified => "the notice of extension",
        EventKind::QuestionAboutFormat => "the question about the format",
        EventKind::AnswerAboutFormat => "the answer about the format",
        EventKind::ForwardedToPrivacyTeam => "the request's way to the privacy team",
        EventKind::Answered => "the answer",
        EventKind::Withdrawn => "the withdrawal",
    }
}

pub(super) fn period(of: Length, start: Date, end: Date) -> String {
    let is_clamped = of.unit == Unit::CalendarMonth && start.day() != end.day();
    let why = match of.unit {
        Unit::CalendarMonth if is_clamped => ": that month has no such day, so its last day counts",
        Unit::CalendarMonth => "",
        Unit::Day | Unit::BusinessDay => ", the first day not counted",
    };
    format!("{} from {} {} on {}{why}", of, day(start), ends(of), day(end))
}

fn ends(of: Length) -> &'static str {
    if of.n == 1 { "ends" } else { "end" }
}

pub(super) fn extended(of: Length, start: Date, end: Date) -> String {
    format!("with the extension {} in all, measured from {}: {}", of, day(start), day(end))
}

pub(super) fn extension_told(on: Date) -> String {
    format!("the person was told of an extension on {}", day(on))
}

pub(super) fn date_told(date: Date) -> String {
    format!("the law sets no length for an extension; the person was told {}", day(date))
}

pub(super) fn extension_late(on: Date, due: Date) -> String {
    format!(
        "the notice of extension of {} came after the last day for it, {}: it has no effect",
        day(on),
        day(due)
    )
}

pub(super) fn extended_already(times: u16) -> String {
    let often = if times == 1 { "once".to_owned() } else { format!("{times} times") };
    format!("the period may be extended {often} only: a further notice has no effect")
}

pub(super) fn extension_without_reason() -> String {
    "the notice of extension doesn't say what the law demands: it has no effect".to_owned()
}

pub(super) fn extension_without_date() -> String {
    "the law leaves the new date to the notice, and the notice names none: it has no effect".to_owned()
}

pub(super) fn not_extendable(obligation: Obligation) -> String {
    format!("an extension of the answer doesn't move the date for {obligation}")
}

pub(super) fn starts(answered: EventKind, on: Date) -> String {
    format!("the clock starts with {}, on {}", name(answered), day(on))
}

pub(super) fn starts_after_reflection(until: Date, days: i64) -> String {
    format!("the clock starts when the {days} days to think over the fee are up, on {}", day(until))
}

pub(super) fn not_confirmed(until: Date) -> String {
    format!("the request wasn't confirmed until {} in spite of the fee: it counts as taken back", day(until))
}

pub(super) fn excluded(asked: Date, answered: Date, days: i64, both: bool) -> String {
    let how = if both { "both included" } else { "the day of the answer not among them" };
    let days = counted(days);
    format!("asked on {}, answered on {}: {days} not counted, {how}", day(asked), day(answered))
}

pub(super) fn excluded_in_all(days: i64, date: Date) -> String {
    format!("{} in all don't count, what overlaps only once: {}", counted(days), day(date))
}

fn counted(days: i64) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

pub(super) fn rolled(date: Date, to: Date, why: &str) -> String {
    let what = if why.starts_with('a') { why.to_owned() } else { format!("a {why}") };
    format!("{} is {what}: the next working day is {}", date.strftime("%-d %B %Y"), day(to))
}

pub(super) fn waiting(effect: Effect, since: Date) -> String {
    match effect {
        Effect::StartsClock | Effect::StartsAfterReflection => {
            format!("asked on {}: the clock starts with the answer, so there is no date yet", day(since))
        }
        Effect::None | Effect::ExcludesDaysBetween | Effect::ExcludesBothDays => {
            format!("asked on {}: the clock stands until the answer, so there is no date now", day(since))
        }
    }
}

pub(super) fn left_open(asked: EventKind) -> String {
    format!("{} doesn't move the date in strict mode, since the law doesn't say that it does", name(asked))
}

pub(super) fn unfounded(asked: EventKind, condition: Option<&str>) -> String {
    let demand = condition.map(|condition| format!(" ({condition})")).unwrap_or_default();
    format!("{} wasn't asked as the law demands{demand}: it doesn't move the date", name(asked))
}

pub(super) fn asked_late(asked: EventKind, on: Date, due: Date) -> String {
    format!("{} came on {}, after the last day, {}: it doesn't move the date", name(asked), day(on), day(due))
}

pub(super) fn reminder(asked: EventKind, on: Date) -> String {
    format!("{} was asked again on {}: one answer settles both", name(asked), day(on))
}

pub(super) fn no_question(answered: EventKind, asked: EventKind) -> String {
    format!("{} came without {} before it: it doesn't move the date", name(answered), name(asked))
}

pub(super) fn not_prompt(asked: EventKind, days: i64) -> String {
    format!(
        "{} came {days} days after receipt: the law wants it without delay, so be ready to say why",
        name(asked)
    )
}

pub(super) fn no_calendar() -> String {
    "no calendar is named: public holidays aren't considered, which can only make the date earlier".to_owned()
}

/// Says that a law binds only later, or not yet, where it does.
pub(super) fn bound_later(pack: &Pack, received_on: Date) -> Option<String> {
    match (pack.effective_from(), pack.status()) {
        (Some(from), _) => (from > received_on).then(|| not_yet_in_force(pack.name(), from)),
        (None, Status::Future) => Some(not_in_force(pack.name())),
        (None, Status::InForce) => None,
    }
}

pub(super) fn without_number(said: &str) -> String {
    format!("the law sets no number of days: {}", said.trim_end_matches('.'))
}

fn not_in_force(law: &str) -> String {
    format!("{law} doesn't bind yet")
}

fn not_yet_in_force(law: &str, from: Date) -> String {
    format!("{law} binds only from {}", day(from))
}

pub(super) fn duty_not_yet_in_force(obligation: Obligation, from: Date) -> String {
    format!("the duty of {obligation} is for requests from {} on", day(from))
}

pub(super) fn right_not_named(law: &str, right: Right) -> String {
    format!("{law} names no right of {right}: the date is the one for requests in general")
}

/// Returns the duties a pack sets dates for.
pub(super) fn obligations_of(pack: &Pack) -> Vec<Obligation> {
    let is_set = |obligation: &Obligation| match obligation {
        Obligation::ExtensionNotice => pack.periods().iter().any(|period| period.extension.is_some()),
        other => pack.periods().iter().any(|period| period.obligations.contains(other)),
    };
    Obligation::ALL.into_iter().filter(is_set).collect()
}

pub(super) fn listed(set: &[Obligation]) -> String {
    if set.is_empty() {
        return "it sets none at all".to_owned();
    }
    let names: Vec<&str> = set.iter().map(|obligation| obligation.as_str()).collect();
    format!("it sets one for {}", names.join(", "))
}
