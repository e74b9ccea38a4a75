//! Who gets a request, by turns and by load; never who is away or may not see it.

use jiff::civil::{Date, date};

use super::{Assignment, BUILTIN, By, Candidate};
use crate::access::{Absence, Builtin, Role};
use crate::id::{RequestId, UserId};
use crate::request::Terms;

const TODAY: Date = date(2027, 2, 1);

fn user(number: u8) -> UserId {
    format!("01900000-0000-7000-8000-0000000000{number:02}").parse().unwrap()
}

fn request(number: u8) -> RequestId {
    format!("01900000-0000-7000-9000-0000000000{number:02}").parse().unwrap()
}

fn role(name: Builtin) -> Role {
    Role::parse(name.as_str(), name.text()).unwrap()
}

/// A case owner with so many open requests, the youngest being the given one.
fn owner(number: u8, open_count: u64, last: Option<u8>) -> Candidate {
    Candidate {
        user: user(number),
        roles: vec![role(Builtin::CaseOwner)],
        sees_it: true,
        absences: Vec::new(),
        open_count,
        last: last.map(request),
    }
}

fn terms(activity: &str, law: &str) -> Terms {
    Terms {
        entity: "acme".to_owned(),
        activity: activity.to_owned(),
        right: crate::law::Right::Access,
        law: law.to_owned(),
        law_hash: String::new(),
        calendar: None,
        zone: "UTC".to_owned(),
        flow: "access".to_owned(),
        flow_version: 1,
        language: "en".to_owned(),
        also: Vec::new(),
        targets: crate::definition::Targets::default(),
        reading: crate::clock::Mode::default(),
    }
}

fn by(by: By) -> Assignment {
    let mut assignment = Assignment::default();
    assignment.otherwise.by = by;
    assignment
}

fn check(assignment: &Assignment, candidates: &[Candidate], expected: Option<u8>) {
    let chosen = assignment.choose(&terms("access", "uk-gdpr"), candidates, TODAY);
    assert_eq!(chosen, expected.map(user));
}

#[test]
fn by_turns_whoever_got_none_for_longest_is_next() {
    check(&by(By::Turns), &[owner(1, 0, Some(7)), owner(2, 9, Some(5)), owner(3, 0, Some(6))], Some(2));
    check(&by(By::Turns), &[owner(1, 0, Some(7)), owner(2, 9, None)], Some(2));
    check(&by(By::Turns), &[owner(2, 0, None), owner(1, 0, None)], Some(1));
}

#[test]
fn by_load_whoever_has_the_fewest_open_requests_is_next() {
    check(&by(By::Load), &[owner(1, 3, None), owner(2, 2, Some(9)), owner(3, 4, None)], Some(2));
    check(&by(By::Load), &[owner(1, 2, Some(8)), owner(2, 2, Some(6))], Some(2));
    check(&by(By::Hand), &[owner(1, 0, None)], None);
}

#[test]
fn who_is_away_or_has_another_role_or_may_not_see_it_gets_none() {
    let away = |from, until| Candidate { absences: vec![Absence { from, until }], ..owner(1, 0, None) };
    let busy = owner(2, 99, None);
    let assignment = Assignment::default();
    check(&assignment, &[away(TODAY, TODAY), busy.clone()], Some(2));
    check(&assignment, &[away(date(2027, 1, 1), date(2027, 1, 31)), busy.clone()], Some(1));
    check(&assignment, &[away(date(2027, 2, 2), date(2027, 2, 3)), busy.clone()], Some(1));
    let blind = Candidate { sees_it: false, ..owner(1, 0, None) };
    check(&assignment, &[blind, busy.clone()], Some(2));
    let steward = Candidate { roles: vec![role(Builtin::Steward)], ..owner(1, 0, None) };
    check(&assignment, &[steward, busy], Some(2));
    check(&assignment, &[], None);
}

#[test]
fn the_first_rule_that_fits_counts() {
    let text = "otherwise: { by: hand, role: case_owner }
rules:
  - { activity: erasure, by: turns, role: legal }
  - { law: us-ca, by: load, role: supervisor }
";
    let assignment = Assignment::parse("assignment.yml", text).unwrap();
    let role = |activity, law| assignment.choice(&terms(activity, law)).role.to_string();
    assert_eq!(role("erasure", "us-ca"), "legal");
    assert_eq!(role("access", "us-ca"), "supervisor");
    assert_eq!(role("access", "uk-gdpr"), "case_owner");
    assert_eq!(Assignment::parse("again", &assignment.to_yaml()), Ok(assignment));
}

#[test]
fn the_rule_that_comes_with_the_product_is_the_default() {
    assert_eq!(Assignment::parse("assignment.yml", BUILTIN).unwrap(), Assignment::default());
}
