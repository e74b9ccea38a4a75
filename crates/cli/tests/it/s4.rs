//! S4, rectify: a new city and phone, asked for on the form, approved by a second person, right in both systems
//! afterwards, and nothing and nobody else changed; whoever was given the data is told.

use std::collections::BTreeMap;

use habeas_core::access::Builtin;
use habeas_core::flow::TaskKey;
use habeas_core::request::{Status, TaskState};

use crate::console::house::{ANABELLE, Filed, House};
use crate::support::business::{Business, datasets};
use crate::support::source::Tables;
use crate::support::visitor::Visitor;

const ACTIVITY: &str = "
activity: correct
title: Have your data corrected
entity: larkspur
right: rectification
law: uk-gdpr
flow: rectification
";

const CITY: (&str, &str) = ("Right city", "Wells");
const PHONE: (&str, &str) = ("Right telephone number", "+44 20 7946 0018");

async fn start(business: &Business, grant: &str) -> House {
    let connections = business.connections(grant);
    let named = datasets().map(|(name, text)| (format!("datasets/{name}"), text));
    let mut files: Vec<(&str, &str)> =
        named.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    files.extend([("activities/correct.yml", ACTIVITY), ("../connections.toml", connections.as_str())]);
    House::start_with_definitions(&files).await
}

/// Takes a task and does something with it.
async fn does(who: &mut Visitor, task: &str, act: &str, fields: &[(&str, &str)], told: &str) {
    who.get(task).await.is(200);
    who.send(&format!("{task}/take"), &[]).await.leads_to(&format!("{task}?told=taken"));
    who.get(task).await.is(200);
    who.send(&format!("{task}/{act}"), fields).await.leads_to(&format!("{task}?told={told}"));
}

async fn state(house: &House, filed: &Filed, task: &str) -> Option<TaskState> {
    house.request(filed).await.tasks.get(&TaskKey::from_text(task)).map(|run| run.state)
}

/// Files a correction, proves who asks, and has an officer look into it.
async fn look(house: &House, answers: &[(&str, &str)], changes: &str) -> (Filed, Visitor) {
    let filed = house.file_with("correct", ANABELLE, answers).await;
    house.world.verify(filed.id).await;
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer, Builtin::CaseOwner]).await;
    let fields = [("changes", changes), ("told", "Your city and phone number are corrected.")];
    does(&mut officer, &filed.task("work.look"), "complete", &fields, "completed").await;
    house.world.run().await;
    (filed, officer)
}

/// Returns all rows with what was asked for: the rows of one person only, and what is made from her phone.
fn corrected(mut all: BTreeMap<&'static str, Tables>) -> BTreeMap<&'static str, Tables> {
    let mut change = |system: &str, table: &str, whose: &str, values: &[(&str, &str)]| {
        let rows = all.get_mut(system).and_then(|tables| tables.get_mut(table)).expect("a table");
        let row = rows.iter_mut().find(|row| row.contains(whose)).expect("a row");
        for (old, new) in values {
            assert!(row.contains(old), "{row} has no {old}");
            *row = row.replace(old, new);
        }
        rows.sort();
    };
    let odoo = [
        ("\"Bath\"", "\"Wells\""),
        ("+1 (234) 567-6789", "+44 20 7946 0018"),
        ("+12345676789", "+442079460018"),
    ];
    change("odoo", "res_partner", "Anabelle.Deleon@email.com", &odoo);
    let billing = [("\"Bath\"", "\"Wells\""), ("+1 234-567-6789", "+44 20 7946 0018")];
    change("billing", "clients", "Deleon Design", &billing);
    all
}

#[tokio::test]
async fn s4_a_correction_is_approved_done_in_both_systems_and_told() {
    let business = Business::start().await;
    let house = start(&business, "[\"read\", \"write\"]").await;
    let before = business.tables().await;
    let (filed, mut officer) = look(&house, &[CITY, PHONE], "").await;

    // Planned and shown, with nothing written; whoever looked into it can't approve it.
    assert_eq!(business.tables().await, before, "nothing is written before it is approved");
    let page = officer.get(&filed.path("/correction")).await;
    page.is(200).shows("Bath").shows("Wells").shows("+1 (234) 567-6789").shows("+442079460018");
    page.shows("To be done by hand").shows("still hold an old value").hides("Courtney");
    let approve = filed.task("work.approve");
    officer.get(&approve).await.is(200).shows("fields in 2 systems");
    officer.send(&format!("{approve}/take"), &[]).await.is(409).shows("A second person must do this");

    let mut second = house.staff("second", &[Builtin::CaseOwner]).await;
    does(&mut second, &approve, "complete", &[], "completed").await;
    house.world.run().await;
    assert_eq!(state(&house, &filed, "work.rectify").await, Some(TaskState::Done));
    assert_eq!(business.tables().await, corrected(before), "hers and nobody else's, copies included");

    // What was left to people, and the recipients of what changed: those of the register.
    let mut steward = house.staff("steward", &[Builtin::Steward]).await;
    let done = [("done", "The tracking of changes stays: our rule keeps it for a year.")];
    does(&mut steward, &filed.task("work.by_hand"), "complete", &done, "completed").await;
    house.world.run().await;
    tell_recipients(&house, &filed, &mut officer).await;

    let request = house.request(&filed).await;
    assert_eq!(request.status, Status::Completed);
    let mut person = house.person(&filed).await;
    let page = person.get("/my").await;
    page.is(200).shows("What we corrected").shows("Wells").shows("Who else is told").shows("told on");
    assert_eq!(house.store().verify().await.expect("a check"), []);
}

/// Tells all but the last recipient, who can't be told, which needs a reason.
async fn tell_recipients(house: &House, filed: &Filed, officer: &mut Visitor) {
    let path = filed.path("/recipients");
    let request = house.request(filed).await;
    assert_eq!(state(house, filed, "recipients.tell").await, Some(TaskState::InProgress));
    let (last, others) = request.notices.split_last().expect("recipients");
    officer.get(&path).await.is(200).shows(&last.recipient.name).shows("To be told");
    officer.get(&filed.path("/recipients/1")).await.is(200).shows("Wells").shows("Article 19");
    let number = last.number.to_string();
    let typed = [("number", number.as_str()), ("state", "impossible"), ("note", "")];
    officer.send(&path, &typed).await.is(422).shows("Say why they are not told");
    for notice in others {
        officer.get(&path).await.is(200);
        let number = notice.number.to_string();
        officer.send(&path, &[("number", &number), ("state", "sent"), ("note", "")]).await.leads_to(&path);
    }
    officer.get(&path).await.is(200);
    let typed = [
        ("number", number.as_str()),
        ("state", if others.is_empty() { "sent" } else { "impossible" }),
        ("note", "It no longer exists."),
    ];
    officer.send(&path, &typed).await.leads_to(&path);
    house.world.run().await;
}

#[tokio::test]
async fn s4_either_may_be_left_out_and_what_is_right_stays() {
    let business = Business::start().await;
    let house = start(&business, "[\"read\", \"write\"]").await;
    let before = business.tables().await;
    let (filed, _) = look(&house, &[CITY, PHONE], "city: leave").await;
    let request = house.request(&filed).await;
    let plan = request.correction.expect("a plan").planned.plan.reveal().clone();
    assert_eq!(plan.disputed, ["city"]);
    assert!(
        plan.changes.iter().all(|change| change.fact.as_deref() != Some("city")),
        "the city stays as it is"
    );
    let mut second = house.staff("second", &[Builtin::CaseOwner]).await;
    does(&mut second, &filed.task("work.approve"), "complete", &[], "completed").await;
    house.world.run().await;
    let after = business.tables().await;
    let all = format!("{after:?}");
    assert!(all.contains("+442079460018") && !all.contains("Wells"));
    assert_ne!(after, before);
}

#[tokio::test]
async fn s4_what_changed_after_the_plan_is_planned_and_approved_again() {
    let business = Business::start().await;
    let house = start(&business, "[\"read\", \"write\"]").await;
    let (filed, _) = look(&house, &[CITY], "").await;
    business.odoo.execute("UPDATE res_partner SET city = 'Frome' WHERE id = 7").await;
    let before = business.tables().await;
    let mut second = house.staff("second", &[Builtin::CaseOwner]).await;
    let approve = filed.task("work.approve");
    does(&mut second, &approve, "complete", &[], "completed").await;
    house.world.run().await;
    assert_eq!(business.tables().await, before, "nothing is written over that nobody has seen");
    assert_eq!(state(&house, &filed, "work.approve").await, Some(TaskState::InProgress), "approved anew");
    second.get(&filed.path("/correction")).await.is(200).shows("Frome");
    does(&mut second, &approve, "complete", &[], "completed").await;
    house.world.run().await;
    assert_eq!(state(&house, &filed, "work.rectify").await, Some(TaskState::Done));
    let after = business.tables().await;
    let row = after["odoo"]["res_partner"].iter().find(|row| row.contains("Anabelle.Deleon")).expect("a row");
    assert!(row.contains("\"Wells\""), "{row}");
}

#[tokio::test]
async fn s4_a_source_that_may_not_be_changed_is_work_for_a_person() {
    let business = Business::start().await;
    let house = start(&business, "[\"read\"]").await;
    let before = business.tables().await;
    let (filed, mut officer) = look(&house, &[CITY], "").await;
    officer
        .get(&filed.path("/correction"))
        .await
        .is(200)
        .shows("No field changes")
        .shows("To be done by hand");
    let mut second = house.staff("second", &[Builtin::CaseOwner]).await;
    does(&mut second, &filed.task("work.approve"), "complete", &[], "completed").await;
    house.world.run().await;
    assert_eq!(state(&house, &filed, "work.by_hand").await, Some(TaskState::InProgress));
    assert_eq!(business.tables().await, before);
}

#[tokio::test]
async fn s4_what_can_no_longer_be_written_is_not_told_as_corrected() {
    let business = Business::start().await;
    let house = start(&business, "[\"read\", \"write\"]").await;
    let (filed, _) = look(&house, &[CITY], "").await;
    business.billing.execute("RENAME TABLE clients TO clients_kept").await;
    business.billing.execute("CREATE VIEW clients AS SELECT * FROM clients_kept").await;
    let mut second = house.staff("second", &[Builtin::CaseOwner]).await;
    let approve = filed.task("work.approve");
    does(&mut second, &approve, "complete", &[], "completed").await;
    house.world.run().await;
    assert_eq!(state(&house, &filed, "work.approve").await, Some(TaskState::InProgress), "approved anew");
    let correction = house.request(&filed).await.correction.expect("a plan");
    assert!(correction.done.is_none());
    let sources: Vec<String> =
        correction.planned.plan.reveal().changes.iter().map(|change| change.source.clone()).collect();
    assert!(!sources.is_empty() && sources.iter().all(|source| source == "odoo"), "{sources:?}");
    second.get(&filed.path("/correction")).await.is(200).shows("To be done by hand");
    does(&mut second, &approve, "complete", &[], "completed").await;
    house.world.run().await;
    assert_eq!(state(&house, &filed, "work.rectify").await, Some(TaskState::Done));
}
