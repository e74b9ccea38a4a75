//! What is told on which days, over five weeks of a clock moved by hand.

use jiff::SignedDuration;
use uuid::Uuid;

use super::*;

const OWNER: u128 = 1;
const OFFICER: u128 = 2;

fn user(number: u128) -> UserId {
    Uuid::from_u128(number).to_string().parse().unwrap()
}

fn zone() -> TimeZone {
    TimeZone::get("Europe/London").unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn item(owner: Option<u128>) -> Item {
    // A Monday at nine: the date is thirty days later.
    let since = at("2027-01-04T09:00:00Z");
    Item {
        owner: owner.map(user),
        since,
        moved_at: since,
        due_on: Some("2027-02-03".parse().unwrap()),
        is_our_move: true,
    }
}

/// Runs the hourly look for 36 days and returns the days a digest left on, with its causes.
fn days(reader: u128, is_officer: bool, item_on: impl Fn(i64) -> Item) -> Vec<(i64, Cause)> {
    let start = at("2027-01-04T00:00:00Z");
    let reader = Reader { user: user(reader), is_officer };
    let (mut now, mut since, mut sent) = (start, None::<Timestamp>, Vec::new());
    while now < start + SignedDuration::from_hours(24 * 36) {
        let number = (now - start).get_hours() / 24;
        let number = if number == 0 { now.duration_since(start).as_hours() / 24 } else { i64::from(number) };
        let is_same_day = since.is_some_and(|at| at.to_zoned(zone()).date() == now.to_zoned(zone()).date());
        if is_open(now, &zone()) && !is_same_day {
            let window = Window { since, now, zone: zone() };
            let lines = select(&[item_on(number)], reader, &window);
            if let [line] = lines[..] {
                sent.push((number, line.cause));
                since = Some(now);
            }
        }
        now = next_look(now, &zone());
    }
    sent
}

fn numbers(sent: &[(i64, Cause)]) -> Vec<i64> {
    sent.iter().map(|(number, _)| *number).collect()
}

#[test]
fn an_idle_owner_hears_at_once_every_fifth_day_before_the_date_and_after_it() {
    let sent = days(OWNER, false, |_| item(Some(OWNER)));
    assert_eq!(numbers(&sent), [0, 5, 10, 15, 20, 25, 30, 31, 35]);
    assert_eq!(sent[0].1, Cause::New);
    assert_eq!(sent[1].1, Cause::Idle { days: 5 });
    assert_eq!(sent[5].1, Cause::DueSoon { days: 5 });
    assert_eq!(sent[6].1, Cause::DueSoon { days: 0 });
    assert_eq!(sent[7].1, Cause::Overdue { days: 1 });
}

#[test]
fn movement_starts_the_five_days_again_and_waiting_for_the_person_is_not_idle() {
    let moved = |number: i64| {
        let moved_at = at("2027-01-07T15:00:00Z");
        Item { moved_at: if number >= 3 { moved_at } else { item(None).moved_at }, ..item(Some(OWNER)) }
    };
    assert_eq!(numbers(&days(OWNER, false, moved)), [0, 8, 13, 18, 23, 25, 28, 31, 33]);
    let waiting = |_| Item { is_our_move: false, ..item(Some(OWNER)) };
    assert_eq!(numbers(&days(OWNER, false, waiting)), [0, 25, 31]);
}

#[test]
fn an_officer_hears_of_nobodys_request_on_its_first_day_and_every_fifth_while_it_stays_so() {
    let sent = days(OFFICER, true, |_| item(None));
    assert_eq!(numbers(&sent), [0, 5, 10, 15, 20, 25, 30, 31, 35]);
    assert_eq!((sent[0].1, sent[1].1), (Cause::Unassigned { days: 0 }, Cause::Unassigned { days: 5 }));
    let taken_up = |number: i64| {
        let since = at("2027-01-11T10:00:00Z");
        if number < 7 { item(None) } else { Item { since, moved_at: since, ..item(Some(OWNER)) } }
    };
    assert_eq!(numbers(&days(OFFICER, true, taken_up)), [0, 5, 31], "once it is late they hear again");
    assert_eq!(numbers(&days(OWNER, false, taken_up)), [7, 12, 17, 22, 25, 27, 31, 32]);
    assert_eq!(days(3, false, |_| item(None)), [], "others hear nothing");
}

#[test]
fn what_came_while_nothing_could_leave_is_told_later_and_once() {
    let item = item(Some(OWNER));
    let reader = Reader { user: user(OWNER), is_officer: false };
    let check = |since: Option<&str>, now: &str, expected: Option<Cause>| {
        let window = Window { since: since.map(at), now: at(now), zone: zone() };
        let lines = select(&[item], reader, &window);
        assert_eq!(lines.first().map(|line| line.cause), expected, "{since:?} {now}");
    };
    check(None, "2027-01-04T10:00:00Z", Some(Cause::New));
    check(None, "2027-01-08T08:00:00Z", Some(Cause::New));
    check(Some("2027-01-04T10:00:00Z"), "2027-01-05T08:00:00Z", None);
    check(Some("2027-01-04T10:00:00Z"), "2027-01-12T08:00:00Z", Some(Cause::Idle { days: 8 }));
    check(Some("2027-01-12T08:00:00Z"), "2027-01-13T08:00:00Z", None);
    check(Some("2027-01-04T08:30:00Z"), "2027-01-05T08:00:00Z", Some(Cause::New));
}

#[test]
fn digests_leave_from_eight_in_the_zone_also_on_days_that_are_short_or_long() {
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    for (now, expected) in [
        ("2027-01-04T00:30:00Z", "2027-01-04T07:00:00Z"),
        ("2027-01-04T07:00:00Z", "2027-01-04T08:00:00Z"),
        ("2027-01-04T18:59:00Z", "2027-01-05T07:00:00Z"),
        ("2027-03-27T20:00:00Z", "2027-03-28T06:00:00Z"),
        ("2027-10-30T20:00:00Z", "2027-10-31T07:00:00Z"),
    ] {
        let next = next_look(at(now), &berlin);
        assert_eq!(next, at(expected), "{now}");
        assert!(is_open(next, &berlin), "{now}");
    }
}

#[test]
fn the_most_pressing_comes_first() {
    let mut late = item(Some(OWNER));
    late.due_on = Some("2027-01-02".parse().unwrap());
    let mut soon = item(Some(OWNER));
    soon.due_on = Some("2027-01-06".parse().unwrap());
    let items = [item(Some(OWNER)), item(None), soon, late, item(Some(3))];
    let reader = Reader { user: user(OWNER), is_officer: true };
    let window = Window { since: None, now: at("2027-01-04T10:00:00Z"), zone: zone() };
    let order: Vec<usize> = select(&items, reader, &window).iter().map(|line| line.item).collect();
    assert_eq!(order, [3, 2, 1, 0]);
}
