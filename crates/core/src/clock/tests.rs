//! Dates of real laws, case by case: usual and strict.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use super::{ClockError, ClockEvent, Deadline, Mode, Moment, Query, State, compute, earliest};
use crate::calendar::{Calendar, lookup_builtin};
use crate::law::{EventKind, Obligation, Pack, Right, builtin};

pub(super) fn pack(id: &str) -> Pack {
    let (_, text) = builtin().iter().find(|(known, _)| *known == id).unwrap();
    Pack::parse(text).unwrap()
}

/// Reads `access 2026-03-02 identity_requested=2026-03-04 …`; a right may be `right/obligation`.
fn query(text: &str, calendar: Option<&Calendar>, pack: &Pack, mode: Mode) -> Query {
    let mut words = text.split_whitespace();
    let what = words.next().unwrap();
    let (right, obligation) = what.split_once('/').map_or((what, None), |(right, duty)| (right, Some(duty)));
    let received: Moment = words.next().unwrap().parse().unwrap();
    let zone = calendar.and_then(Calendar::zone).or(pack.zone()).map(|zone| TimeZone::get(zone).unwrap());
    let event = |word: &str| {
        let (kind, on) = word.split_once('=').unwrap();
        ClockEvent::new(kind.parse().unwrap(), on.parse::<Moment>().unwrap())
    };
    Query {
        obligation: obligation.map(|duty| duty.parse().unwrap()),
        zone,
        events: words.map(event).collect(),
        mode,
        ..Query::new(right.parse::<Right>().unwrap(), received)
    }
}

fn deadline(law: &str, calendar: &str, text: &str, mode: Mode) -> Deadline {
    let pack = pack(law);
    let calendar = lookup_builtin(calendar);
    let query = query(text, calendar.as_ref(), &pack, mode);
    compute(&pack, calendar.as_ref(), &query).unwrap_or_else(|problem| panic!("{text}: {problem}"))
}

/// Checks usual and strict dates, written `2026-03-02`, or `2026-03-02 2026-03-01` where strict is another;
/// `-` for none.
fn check(law: &str, calendar: &str, text: &str, expected: &str) {
    let (usual, strict) = expected.split_once(' ').unwrap_or((expected, expected));
    for (mode, expected) in [(Mode::Usual, usual), (Mode::Strict, strict)] {
        let due = deadline(law, calendar, text, mode).due;
        let shown = due.map_or_else(|| "-".to_owned(), |due| due.to_string());
        assert_eq!(shown, expected, "{law} {calendar} {text} {mode:?}");
    }
}

#[test]
fn a_month_ends_on_the_same_day_or_the_last() {
    for (received, expected) in [
        ("2025-09-03", "2025-10-03"),
        ("2026-08-31", "2026-09-30"),
        ("2024-01-29", "2024-02-29"),
        ("2024-01-31", "2024-02-29"),
        ("2024-02-29", "2024-04-02"), // 29 March is Good Friday
        ("2027-01-31", "2027-03-01"), // 28 February is a Sunday
        ("2026-12-01", "2027-01-04"), // New Year's Day, then a weekend
        ("2024-11-25", "2024-12-27"), // Christmas Day and Boxing Day
        ("2026-11-25", "2026-12-29"), // Boxing Day observed on the 28th
        ("2027-11-25", "2027-12-29"), // both observed on the days after
    ] {
        check("uk-gdpr", "GB-EW", &format!("access {received}"), expected);
    }
}

#[test]
fn nations_have_holidays_of_their_own() {
    for (law, calendar, received, expected) in [
        ("uk-gdpr", "GB-SCT", "2026-10-30", "2026-12-01"), // St Andrew's Day
        ("uk-gdpr", "GB-EW", "2026-10-30", "2026-11-30"),
        ("uk-gdpr", "GB-SCT", "2025-12-02", "2026-01-05"), // 2 January
        ("uk-gdpr", "GB-EW", "2025-12-02", "2026-01-02"),
        ("uk-gdpr", "GB-SCT", "2026-03-06", "2026-04-06"), // no Easter Monday in Scotland
        ("uk-gdpr", "GB-EW", "2026-03-06", "2026-04-07"),
        ("uk-gdpr", "GB-SCT", "2026-05-15", "2026-06-16"),
        ("uk-gdpr", "GB-NI", "2026-06-12", "2026-07-14"), // 12 July, observed on the 13th
        ("uk-gdpr", "GB-EW", "2026-06-12", "2026-07-13"),
        ("uk-gdpr", "GB-SCT", "2026-07-31", "2026-08-31"), // the summer holiday is earlier in Scotland
        ("uk-gdpr", "GB-EW", "2026-07-31", "2026-09-01"),
        ("eu-gdpr", "FR", "2026-04-14", "2026-05-15"), // Ascension
        ("eu-gdpr", "FR", "2026-06-14", "2026-07-15"),
        ("eu-gdpr", "DE", "2026-06-14", "2026-07-14"),
        ("eu-gdpr", "IE", "2026-02-17", "2026-03-18"), // St Patrick's Day
        ("eu-gdpr", "IE", "2026-03-03", "2026-04-03"), // Good Friday is no public holiday in Ireland
        ("eu-gdpr", "DE", "2026-03-03", "2026-04-07"),
        ("eu-gdpr", "DE", "2026-09-03", "2026-10-05"),
        ("eu-gdpr", "DE-BY", "2026-05-04", "2026-06-05"), // Corpus Christi
        ("eu-gdpr", "DE", "2026-05-04", "2026-06-04"),
    ] {
        check(law, calendar, &format!("access {received}"), expected);
    }
}

#[test]
fn an_instant_counts_by_the_local_date() {
    for (law, calendar, received, expected) in [
        ("eu-gdpr", "DE", "2026-03-31T22:30:00Z", "2026-05-04"), // already 1 April there; 1 May is a holiday
        ("eu-gdpr", "IE", "2026-03-31T22:30:00Z", "2026-04-30"),
        ("uk-gdpr", "GB-EW", "2025-08-01T23:59:00+01:00", "2025-09-01"),
        ("uk-gdpr", "GB-EW", "2025-08-01T22:59:59Z", "2025-09-01"),
        ("uk-gdpr", "GB-EW", "2026-03-31T23:30:00Z", "2026-05-01"),
        ("us-ca", "US", "2026-06-02T06:59:00Z", "2026-07-16"), // still 1 June in California
    ] {
        check(law, calendar, &format!("access {received}"), expected);
    }
}

#[test]
fn the_new_uk_clock_starts_with_identity_and_fee() {
    for (text, expected) in [
        ("access 2026-03-02 identity_requested=2026-03-04 identity_received=2026-03-10", "2026-04-10"),
        ("access 2026-03-02 identity_received=2026-03-10", "2026-04-10"),
        ("access 2026-03-02 fee_requested=2026-03-04 fee_paid=2026-03-16", "2026-04-16"),
        ("access 2026-03-02 identity_requested=2026-03-04", "-"),
        ("access 2026-03-02 fee_requested=2026-03-04", "-"),
        // The latest of the three.
        (
            "access 2026-03-02 identity_requested=2026-03-03 fee_requested=2026-03-03 fee_paid=2026-03-05 identity_received=2026-03-12",
            "2026-04-13",
        ),
        (
            "access 2026-03-02 identity_requested=2026-03-03 identity_received=2026-03-05 fee_requested=2026-03-06",
            "-",
        ),
        // Erasure waits for identity too.
        ("erasure 2026-03-02 identity_requested=2026-03-04 identity_received=2026-03-10", "2026-04-10"),
        // Asked after the last day: nothing to start any more.
        ("access 2026-03-02 identity_requested=2026-04-03 identity_received=2026-04-20", "2026-04-02"),
        ("access 2026-03-02 identity_requested=2026-04-02 identity_received=2026-04-20", "2026-05-20"),
        // Proof that came before the request changes nothing.
        ("access 2026-03-02 identity_received=2026-02-20", "2026-04-02"),
    ] {
        check("uk-gdpr", "GB-EW", text, expected);
    }
}

#[test]
fn days_of_clarification_do_not_count_under_the_new_uk_rule() {
    for (text, expected) in [
        (
            "access 2026-06-01 clarification_requested=2026-06-08 clarification_received=2026-06-15",
            "2026-07-09 2026-07-08",
        ),
        (
            "access 2026-06-01 clarification_requested=2026-06-08 clarification_received=2026-06-08",
            "2026-07-02 2026-07-01",
        ),
        ("access 2026-06-01 clarification_requested=2026-06-08", "-"),
        ("erasure 2026-06-01 clarification_requested=2026-06-08", "2026-07-01"),
        (
            "erasure 2026-06-01 clarification_requested=2026-06-08 clarification_received=2026-06-15",
            "2026-07-01",
        ),
        // Two rounds add up.
        (
            "access 2026-06-01 clarification_requested=2026-06-08 clarification_received=2026-06-15 clarification_requested=2026-06-22 clarification_received=2026-06-24",
            "2026-07-13 2026-07-10",
        ),
        // What overlaps counts once: 8 to 20 June.
        (
            "access 2026-06-01 clarification_requested=2026-06-08 clarification_requested=2026-06-12 clarification_received=2026-06-15 clarification_received=2026-06-20",
            "2026-07-14 2026-07-13",
        ),
        // Asked twice, answered once: the answer settles both.
        (
            "access 2026-06-01 clarification_requested=2026-06-08 clarification_requested=2026-06-12 clarification_received=2026-06-15",
            "2026-07-09 2026-07-08",
        ),
        // Asked again after the answer: open.
        (
            "access 2026-06-01 clarification_requested=2026-06-08 clarification_received=2026-06-10 clarification_requested=2026-06-12",
            "-",
        ),
        // Only days after the clock started: 10 to 12 March.
        (
            "access 2026-03-02 identity_requested=2026-03-04 clarification_requested=2026-03-04 identity_received=2026-03-10 clarification_received=2026-03-12",
            "2026-04-13",
        ),
        (
            "access 2026-03-02 identity_requested=2026-03-04 clarification_requested=2026-03-04 clarification_received=2026-03-06 identity_received=2026-03-10",
            "2026-04-10",
        ),
        (
            "access 2026-03-02 identity_received=2026-03-10 clarification_requested=2026-03-12 clarification_received=2026-03-19",
            "2026-04-20 2026-04-17",
        ),
        // Asked after the last day, or never asked.
        (
            "access 2026-06-01 clarification_requested=2026-07-02 clarification_received=2026-07-20",
            "2026-07-01",
        ),
        ("access 2026-06-01 clarification_received=2026-06-15", "2026-07-01"),
    ] {
        check("uk-gdpr", "GB-EW", text, expected);
    }
}

#[test]
fn a_request_follows_the_uk_law_of_the_day_it_was_received() {
    let asked = "clarification_requested=2026-02-09 clarification_received=2026-02-16";
    check("uk-gdpr", "GB-EW", &format!("access 2026-02-04 {asked}"), "2026-03-11 2026-03-04");
    check("uk-gdpr", "GB-EW", &format!("access 2026-02-05 {asked}"), "2026-03-13 2026-03-12");
    let identity = "identity_requested=2026-02-09 identity_received=2026-02-16";
    check("uk-gdpr", "GB-EW", &format!("access 2026-02-04 {identity}"), "2026-03-16 2026-03-04");
    check("uk-gdpr", "GB-EW", &format!("access 2026-02-05 {identity}"), "2026-03-16");
    // The refusal once had its month whatever became of the response.
    let extended = "extension_notified=2026-02-20";
    check("uk-gdpr", "GB-EW", &format!("access/refusal_notice 2026-02-04 {extended}"), "2026-03-04");
    check("uk-gdpr", "GB-EW", &format!("access/refusal_notice 2026-02-05 {extended}"), "2026-05-05");
}

#[test]
fn an_extension_is_measured_from_the_start() {
    for (law, calendar, text, expected) in [
        ("eu-gdpr", "DE", "access 2026-01-31 extension_notified=2026-02-20", "2026-04-30"),
        ("eu-gdpr", "DE", "access 2025-11-30 extension_notified=2025-12-20", "2026-03-02"),
        ("eu-gdpr", "DE", "access 2026-02-01 extension_notified=2026-02-15", "2026-05-04"),
        ("uk-gdpr", "GB-EW", "access 2026-06-01 extension_notified=2026-06-20", "2026-09-01"),
        ("uk-gdpr", "GB-EW", "access 2026-06-01 extension_notified=2026-07-01", "2026-09-01"),
        ("uk-gdpr", "GB-EW", "access 2026-06-01 extension_notified=2026-07-02", "2026-07-01"), // a day late
        ("uk-gdpr", "GB-EW", "access 2026-01-31 extension_notified=2026-03-02", "2026-04-30"), // the last day, rolled
        (
            "uk-gdpr",
            "GB-EW",
            "access 2026-06-01 extension_notified=2026-06-20 extension_notified=2026-08-20",
            "2026-09-01",
        ),
        (
            "uk-gdpr",
            "GB-EW",
            "access 2026-06-01 clarification_requested=2026-06-08 clarification_received=2026-06-15 extension_notified=2026-06-20",
            "2026-09-09 2026-09-08",
        ),
        // Days that don't count leave more time for the notice.
        (
            "uk-gdpr",
            "GB-EW",
            "access 2026-06-01 clarification_requested=2026-06-08 clarification_received=2026-06-15 extension_notified=2026-07-08",
            "2026-09-09 2026-09-08",
        ),
        (
            "uk-gdpr",
            "GB-EW",
            "access 2026-03-02 identity_requested=2026-03-04 extension_notified=2026-03-06 identity_received=2026-03-10",
            "2026-06-10",
        ),
        ("us-ca", "US", "access 2026-06-02 extension_notified=2026-07-10", "2026-08-31"),
        ("us-ca", "US", "access 2026-06-02 extension_notified=2026-07-18", "2026-07-17"),
    ] {
        check(law, calendar, text, expected);
    }
}

#[test]
fn the_notice_of_extension_has_a_date_of_its_own() {
    for (law, calendar, text, expected) in [
        ("uk-gdpr", "GB-EW", "access/extension_notice 2026-06-01", "2026-07-01"),
        (
            "uk-gdpr",
            "GB-EW",
            "access/extension_notice 2026-06-01 clarification_requested=2026-06-08 clarification_received=2026-06-15",
            "2026-07-09 2026-07-08",
        ),
        (
            "uk-gdpr",
            "GB-EW",
            "access/extension_notice 2026-06-01 extension_notified=2026-06-20",
            "2026-07-01",
        ),
        ("us-ca", "US", "erasure/extension_notice 2026-06-02", "2026-07-17"),
    ] {
        check(law, calendar, text, expected);
    }
}

#[test]
fn what_only_guidance_says_has_no_effect_in_strict_mode() {
    for (text, expected) in [
        (
            "access 2026-03-02 identity_requested=2026-03-04 identity_received=2026-03-11",
            "2026-04-09 2026-04-02",
        ),
        (
            "erasure 2026-03-02 identity_requested=2026-03-04 identity_received=2026-03-11",
            "2026-04-09 2026-04-02",
        ),
        ("access 2026-03-02 identity_requested=2026-03-04", "- 2026-04-02"),
        (
            "access 2026-03-02 clarification_requested=2026-03-04 clarification_received=2026-03-11",
            "2026-04-09 2026-04-02",
        ),
        ("access 2026-03-02 fee_requested=2026-03-04 fee_paid=2026-03-11", "2026-04-02"),
        ("access 2026-03-02 identity_requested=2026-04-03 identity_received=2026-04-09", "2026-04-02"),
        // A month's refusal isn't extended with the response.
        ("access/refusal_notice 2026-03-02 extension_notified=2026-03-20", "2026-04-02"),
        (
            "access/refusal_notice 2026-03-02 identity_requested=2026-03-04 identity_received=2026-03-11",
            "2026-04-09 2026-04-02",
        ),
    ] {
        check("eu-gdpr", "DE", text, expected);
    }
}

#[test]
fn california_counts_business_days_and_never_pauses() {
    for (text, expected) in [
        ("access/acknowledgement 2026-06-02", "2026-06-16 2026-06-13"),
        ("access/acknowledgement 2026-11-18", "2026-12-03 2026-12-01"),
        ("opt_out 2026-06-02", "2026-06-24 2026-06-20"), // Juneteenth is a holiday
        ("opt_out/response 2026-06-02", "2026-06-24 2026-06-20"),
        ("access/opt_out 2026-06-02", "2026-06-24 2026-06-20"),
        ("limit_use 2026-06-02", "2026-06-24 2026-06-20"),
        ("opt_out 2026-06-02 extension_notified=2026-06-05", "2026-06-24 2026-06-20"),
        ("access 2026-06-04", "2026-07-20 2026-07-19"),
        ("access 2026-06-02 identity_requested=2026-06-03 identity_received=2026-07-01", "2026-07-17"),
        ("access 2026-06-02 clarification_requested=2026-06-03", "2026-07-17"),
        ("access/record_retention_until 2026-06-02", "2028-06-02"),
        ("access/record_retention_until 2024-02-29", "2026-02-28"), // a Saturday: keeping needs no working day
    ] {
        check("us-ca", "US", text, expected);
    }
}

#[test]
fn complaints_in_the_uk_are_acknowledged_in_thirty_days() {
    check("uk-gdpr", "GB-EW", "access/complaint_acknowledgement 2025-06-05", "2025-07-07");
    check("uk-gdpr", "GB-EW", "complaint 2026-06-19", "2026-07-20");
    check("uk-gdpr", "GB-EW", "complaint 2026-06-19 clarification_requested=2026-06-22", "2026-07-20");
    let early = deadline("uk-gdpr", "GB-EW", "complaint 2025-06-05", Mode::Strict);
    assert_eq!(
        early.warnings,
        ["the duty of complaint_acknowledgement is for requests from Friday 19 June 2026 on"]
    );
}

#[test]
fn without_a_calendar_only_weekends_count_and_the_result_says_so() {
    check("eu-gdpr", "none", "access 2026-03-03", "2026-04-03"); // Good Friday, which a calendar would know
    check("eu-gdpr", "none", "access 2026-01-31", "2026-03-02");
    let deadline = deadline("eu-gdpr", "none", "access 2026-03-03", Mode::Strict);
    assert!(deadline.warnings.iter().any(|warning| warning.starts_with("no calendar is named")));
}

fn state(text: &str, today: Date) -> State {
    let (pack, calendar) = (pack("uk-gdpr"), lookup_builtin("GB-EW"));
    let query = Query { today: Some(today), ..query(text, calendar.as_ref(), &pack, Mode::Strict) };
    compute(&pack, calendar.as_ref(), &query).unwrap().state
}

#[test]
fn the_state_says_how_the_duty_stands() {
    for (text, today, expected) in [
        ("access 2026-06-01", date(2026, 7, 1), State::Running),
        ("access 2026-06-01", date(2026, 7, 2), State::Missed),
        ("access 2026-06-01 answered=2026-07-01", date(2026, 9, 1), State::Met),
        ("access 2026-06-01 answered=2026-07-02", date(2026, 9, 1), State::Missed),
        ("access 2026-06-01 clarification_requested=2026-06-08", date(2026, 9, 1), State::Paused),
        ("access 2026-06-01 identity_requested=2026-06-08", date(2026, 9, 1), State::NotStarted),
        ("access 2026-06-01 withdrawn=2026-06-08", date(2026, 9, 1), State::Withdrawn),
    ] {
        assert_eq!(state(text, today), expected, "{text} on {today}");
    }
    let untold = deadline("uk-gdpr", "GB-EW", "access 2020-06-01", Mode::Strict);
    assert_eq!(untold.state, State::Running, "without a present day nothing is missed");
}

#[test]
fn a_question_that_is_not_as_the_law_demands_is_shown_as_void() {
    let (pack, calendar) = (pack("uk-gdpr"), lookup_builtin("GB-EW"));
    let mut query = query("access 2026-03-02", calendar.as_ref(), &pack, Mode::Usual);
    let asked = ClockEvent::new(EventKind::IdentityRequested, date(2026, 3, 4));
    query.events = vec![
        ClockEvent { is_unfounded: true, ..asked },
        ClockEvent::new(EventKind::IdentityReceived, date(2026, 3, 10)),
    ];
    let deadline = compute(&pack, calendar.as_ref(), &query).unwrap();
    assert_eq!(deadline.due, Some(date(2026, 4, 2)));
    let void = deadline.steps.iter().find(|step| step.rule == "void").unwrap();
    assert!(void.words.contains("reasonable doubts about the identity"), "{}", void.words);
}

#[test]
fn a_late_question_asks_for_an_explanation() {
    let text = "access 2026-03-02 identity_requested=2026-03-20 identity_received=2026-03-25";
    let deadline = deadline("uk-gdpr", "GB-EW", text, Mode::Usual);
    assert_eq!(deadline.due, Some(date(2026, 4, 27)));
    assert!(
        deadline.warnings.iter().any(|warning| warning.contains("18 days after receipt")),
        "{:?}",
        deadline.warnings
    );
}

#[test]
fn steps_lead_from_receipt_to_the_date() {
    let text = "access 2026-03-02 identity_received=2026-03-10 clarification_requested=2026-03-12 \
                clarification_received=2026-03-19 extension_notified=2026-05-01";
    let deadline = deadline("uk-gdpr", "GB-EW", text, Mode::Usual);
    let lines: Vec<String> = deadline
        .steps
        .iter()
        .map(|step| format!("{} {} [{}] {}", step.date.unwrap(), step.rule, step.article, step.words))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    2026-03-02 receipt [Art. 12A] received on Monday 2 March 2026
    2026-03-10 start [Art. 12(6), 12A] the clock starts with the proof of identity, on Tuesday 10 March 2026
    2026-03-19 excluded [Art. 12A(6); DPA 2018 s.54(3C)] asked on Thursday 12 March 2026, answered on Thursday 19 March 2026: 8 days not counted, both included
    2026-05-01 void [Art. 12A] the notice of extension of Friday 1 May 2026 came after the last day for it, Monday 20 April 2026: it has no effect
    2026-04-10 period [Art. 12(3), 12A] one month from Tuesday 10 March 2026 ends on Friday 10 April 2026
    2026-04-18 excluded_in_all [Art. 12(3), 12A] 8 days in all don't count, what overlaps only once: Saturday 18 April 2026
    2026-04-20 roll [ICO, right of access, 8 December 2025] 18 April 2026 is a Saturday: the next working day is Monday 20 April 2026
    ");
    assert_eq!((deadline.excluded_days, deadline.started_on), (8, Some(date(2026, 3, 10))));
    assert_eq!(deadline.days_left(date(2026, 4, 17)), Some(3));
}

#[test]
fn the_earliest_of_several_laws_rules() {
    let of = |law, calendar| deadline(law, calendar, "access 2026-03-02", Mode::Strict);
    let deadlines = [of("us-ca", "US"), of("eu-gdpr", "DE"), of("uk-gdpr", "GB-EW")];
    assert_eq!(earliest(&deadlines).unwrap().law, "eu-gdpr");
    assert!(earliest(&[]).is_none());
}

#[test]
fn what_has_no_date_is_an_error_that_says_so() {
    let (pack, calendar) = (pack("eu-gdpr"), lookup_builtin("DE").unwrap());
    let ask = |obligation, received: Date| {
        let query = Query { obligation: Some(obligation), ..Query::new(Right::Access, received) };
        compute(&pack, Some(&calendar), &query).unwrap_err()
    };
    assert_eq!(
        ask(Obligation::Acknowledgement, date(2026, 3, 2)).to_string(),
        "eu-gdpr sets no date for acknowledgement on access; it sets one for response, refusal_notice, extension_notice"
    );
    let outside = ask(Obligation::Response, date(2035, 12, 15));
    assert!(matches!(outside, ClockError::OutsideCoverage(_)));
    assert_eq!(outside.to_string(), "2036-01-15 is outside the calendar DE, which covers 2018 to 2035");
    let query = Query::new(Right::Access, Date::MAX);
    assert_eq!(compute(&pack, Some(&calendar), &query).unwrap_err(), ClockError::OutOfRange);
}

#[test]
fn moments_are_dates_or_instants() {
    for (text, expected) in [
        ("2026-03-04", Some("2026-03-04")),
        ("2026-03-31T22:30:00Z", Some("2026-04-01")),
        ("2026-03-31T22:30:00+00:00", Some("2026-04-01")),
        ("2026-04-01T00:30:00+02:00[Europe/Berlin]", Some("2026-04-01")),
        ("2026-04-01T00:30[Europe/Berlin]", Some("2026-04-01")),
        ("2026-03-31T23:30", Some("2026-03-31")),
        ("31.03.2026", None),
        ("2026-02-30", None),
        ("", None),
    ] {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let date = text.parse::<Moment>().ok().map(|moment| moment.date_in(Some(&berlin)).to_string());
        assert_eq!(date.as_deref(), expected, "{text}");
    }
}

#[test]
fn switzerland_gives_ten_days_to_think_over_a_fee() {
    let announced = "access 2026-04-01 fee_announced=2026-04-03";
    check("ch-fadp", "CH", announced, "-");
    check("ch-fadp", "CH", &format!("{announced} fee_confirmed=2026-04-08"), "2026-05-13");
    check("ch-fadp", "CH", &format!("{announced} fee_confirmed=2026-04-14"), "-");
    let (pack, calendar) = (pack("ch-fadp"), lookup_builtin("CH"));
    for (today, expected) in [(date(2026, 4, 13), State::NotStarted), (date(2026, 4, 14), State::Withdrawn)] {
        let query = Query { today: Some(today), ..query(announced, calendar.as_ref(), &pack, Mode::Strict) };
        assert_eq!(compute(&pack, calendar.as_ref(), &query).unwrap().state, expected, "on {today}");
    }
}

#[test]
fn laws_differ_on_days_off() {
    for (law, calendar, text, expected) in [
        ("nz-privacy", "NZ", "access 2026-12-10", "2027-01-29"), // 25 December to 15 January don't count
        ("nz-privacy", "NZ", "access 2026-12-28", "2027-02-15"), // nor Waitangi Day, observed on the 8th
        ("nz-privacy", "NZ", "access/transfer 2026-12-10", "2026-12-24"),
        ("za-popia", "ZA", "access 2026-05-22", "2026-06-22"), // a Sunday moves
        ("za-popia", "ZA", "access 2026-05-21", "2026-06-20"), // a Saturday doesn't
        ("za-popia", "ZA", "access 2026-05-17", "2026-06-17"), // Youth Day
        ("sg-pdpa", "SG", "access/delay_notice 2026-04-01", "2026-05-02 2026-05-01"),
        ("ca-pipeda", "CA", "access 2026-04-01 extension_notified=2026-04-20", "2026-06-01 2026-05-31"),
        ("us-mn", "US", "appeal 2026-04-01 extension_notified=2026-05-01", "2026-07-15"),
        ("us-fl", "US", "access 2026-03-10", "2026-04-24"),
    ] {
        check(law, calendar, text, expected);
    }
}

#[test]
fn silence_counts_as_a_refusal_where_the_law_says_so() {
    let (pack, calendar) = (pack("ca-qc"), None);
    let query = Query { today: Some(date(2026, 5, 2)), ..Query::new(Right::Access, date(2026, 4, 1)) };
    let deadline = compute(&pack, calendar, &query).unwrap();
    assert_eq!((deadline.due, deadline.state), (Some(date(2026, 5, 1)), State::DeemedRefused));
    assert_eq!(deadline.deemed_refused_from, Some(date(2026, 5, 2)));
}

#[test]
fn an_extension_without_a_length_by_law_lasts_until_the_date_told() {
    let (pack, calendar) = (pack("nz-privacy"), lookup_builtin("NZ"));
    let due = |until| {
        let told = ClockEvent { until, ..ClockEvent::new(EventKind::ExtensionNotified, date(2026, 3, 20)) };
        let query = Query { events: vec![told], ..Query::new(Right::Access, date(2026, 3, 2)) };
        compute(&pack, calendar.as_ref(), &query).unwrap().due
    };
    assert_eq!(due(Some(date(2026, 5, 15))), Some(date(2026, 5, 15)));
    assert_eq!(due(Some(date(2026, 3, 10))), Some(date(2026, 3, 30)), "never earlier than without");
    assert_eq!(due(None), Some(date(2026, 3, 30)), "a notice that names no date has no effect");
}

#[test]
fn a_law_to_come_says_so() {
    let (pack, received) = (pack("us-al"), date(2026, 4, 1));
    let deadline = compute(&pack, None, &Query::new(Right::Access, received)).unwrap();
    assert_eq!(deadline.warnings, ["Alabama Personal Data Protection Act doesn't bind yet"]);
}
