//! Activity and regulation files: what they may leave out, and what is refused.

use super::*;
use crate::definition::{Regulation, builtin_regulations};

const OWN: &str = "
activity: leave
title: Leave the club
regulation: club
right: erasure
flow: leave
flow_version: 3
target_days: 5
propose_extension_days: 10
extension: { allowed: true, by: case_owner }
fields: [email, given_name]
";

#[test]
fn an_activity_says_what_it_asks_and_by_when_it_means_to_answer() {
    let activity = Activity::parse("leave.yml", OWN).expect("an activity");
    assert_eq!(activity.flow_version, Some(3));
    assert_eq!((activity.targets.target_days, activity.targets.propose_extension_days), (5, 10));
    let role = RoleName::parse("case_owner").expect("a name");
    assert_eq!(activity.targets.extension, ExtensionBy::Role(role));
    assert_eq!(activity.fields, [FormField::GivenName, FormField::Email]);
    assert!(activity.entity.is_empty() && activity.law.is_empty(), "the regulation says the rest");
}

#[test]
fn what_is_left_out_is_as_usual() {
    let text = "activity: access\ntitle: A copy\nentity: acme\nright: access\nlaw: uk-gdpr\nflow: access\n";
    let activity = Activity::parse("access.yml", text).expect("an activity");
    assert_eq!(activity.flow_version, None);
    assert_eq!(activity.targets, Targets::default());
    assert_eq!(activity.fields, FormField::USUAL);
    assert!(activity.is_offered);
}

#[test]
fn a_mistake_is_told_with_its_line() {
    let check = |from: &str, to: &str, said: &str| {
        let problems = Activity::parse("leave.yml", &OWN.replace(from, to)).expect_err("a problem");
        let text = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        assert!(text.contains(said), "{text}");
    };
    check("regulation: club\n", "", "law");
    check("regulation: club\n", "law: uk-gdpr\n", "name the entity it is asked of");
    check("flow_version: 3", "flow_version: newest", "'latest' or the number of a version");
    check("target_days: 5", "target_days: 500", "between 0 and 60");
    check("[email, given_name]", "[email, shoe_size]", "shoe_size");
}

#[test]
fn built_in_activities_are_rights_that_their_law_grants() {
    let regulations: Vec<Regulation> = builtin_regulations()
        .iter()
        .map(|(name, text)| Regulation::parse(name, text).expect("a regulation"))
        .collect();
    for (name, text) in builtin() {
        let activity = Activity::parse(name, text).expect("an activity");
        assert_eq!(activity.name, *name);
        let regulation = regulations.iter().find(|it| activity.regulation.as_ref() == Some(&it.name));
        let law = &regulation.expect("a regulation").law;
        let (_, text) = crate::law::builtin().iter().find(|(id, _)| id == law).expect("a law");
        let pack = crate::law::Pack::parse(text).expect("a pack");
        let today: jiff::civil::Date = "2026-11-25".parse().expect("a day");
        // A right the law grants only from a later day on may have its activity ready.
        let granted = pack.right(activity.right).expect("a right").versions;
        let is_to_come = granted.from.is_some_and(|from| from > today);
        let is_granted = pack.grants(activity.right, today) || is_to_come;
        assert!(is_granted, "{name}: the law grants no {:?}", activity.right);
    }
}
