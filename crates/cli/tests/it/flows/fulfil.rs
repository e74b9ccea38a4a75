//! S2: a flow of an organisation's own, chosen by a person and fulfilled by two members of staff.

use habeas_core::access::Builtin;
use habeas_core::flow::TaskKey;
use habeas_core::pii::Pii;
use habeas_core::request::{Command, MarkGround, MarkScope, Status, TaskState, Verdict};

use crate::console::house::{ANABELLE, Filed, House};
use crate::support::visitor::Visitor;

const FLOW: &str = "
flow: press
title: Access, looked at by Legal and the case owner
stages:
  - key: opening
    title: Case opening
    tasks:
      - { key: duplicates, title: Check duplicates, operation: check_duplicates }
      - { key: subject, title: Find the subject, operation: resolve_subject }
      - key: acknowledge
        title: Acknowledge
        operation: acknowledge
        order: 2
        inputs: { address: { input: What is your email address?, type: email } }
      - { key: identity, title: Prove identity, operation: verify_identity, order: 2 }
  - key: collection
    title: Data collection
    tasks:
      - { key: collect, title: Gather, operation: collect }
      - { key: screen, title: Screen, order: 2, work: data_review, role: privacy_officer }
  - key: file
    title: File creation
    tasks:
      - key: make
        title: Make the file
        operation: build_package
        inputs:
          records: { link: collection.collect.records }
          decisions: { link: collection.screen.decisions }
  - key: review
    title: Review and approval
    tasks:
      - key: legal
        title: Legal review
        role: steward
        deadline: 48 hours
        on_reject: continue
        reminders:
          - { after: 24 hours, to: role steward }
          - { after: 36 hours, to: case_owner }
        shows:
          Extract reason: { input: Why do you ask?, type: choice, list: reasons }
          Address given: { input: What is your email address?, type: email }
          File: { link: file.make.package, as: file, mandatory: true }
      - key: owner
        title: Case owner review
        order: 2
        role: case_owner
        deadline: 24 hours
        on_reject: stop
        four_eyes: review.legal
        shows:
          What Legal said: { link: review.legal.rejection }
        asks:
          - { name: remark, label: Remark, type: text }
          - { name: told, label: What the person is told, type: long_text, on_reject: true, shown_to_subject: Why }
  - key: notification
    title: Customer notification
    tasks:
      - key: deliver
        title: Tell the person
        operation: deliver
        inputs: { package: { link: file.make.package } }
";

const REASONS: &str =
    "list: reasons\ntitle: Reasons\nentries: [{ key: move, value: I change the service }]\n";
const REGULATION: &str = "regulation: press-rules\ntitle: Press rules\nlaw: uk-gdpr\n";
const ACTIVITY: &str = "
activity: press
title: Get a copy from the press
entity: larkspur
regulation: press-rules
right: access
flow: press
fields: []
";

pub(crate) async fn start() -> House {
    House::start_with_definitions(&[
        ("flows/press.yml", FLOW),
        ("lists/reasons.yml", REASONS),
        ("regulations/press-rules.yml", REGULATION),
        ("activities/press.yml", ACTIVITY),
    ])
    .await
}

/// Files, proves and screens, so that Legal's turn comes.
pub(crate) async fn to_legal(house: &House) -> Filed {
    let filed = house.gather("press").await;
    screen(house, &filed).await;
    filed
}

/// Looks through what was found and leaves the colleagues out.
pub(crate) async fn screen(house: &House, filed: &Filed) {
    let screener = house.add_user("screener", &[Builtin::Admin], None).await;
    let task = TaskKey::from_text("collection.screen");
    house.act(filed, screener, Command::Take(task.clone())).await;
    for (dataset, collection) in [("odoo", "res_partner"), ("billing", "client_contacts")] {
        let scope = MarkScope::Collection { dataset: dataset.to_owned(), collection: collection.to_owned() };
        let verdict = Verdict::Exclude { ground: MarkGround::OtherPerson, is_told: true };
        house
            .act(filed, screener, Command::Mark { scope, verdict, reason: Pii::new("colleagues".to_owned()) })
            .await;
    }
    house.act(filed, screener, Command::Complete { task, answers: Pii::default(), undecided: 0 }).await;
    house.world.run().await;
    assert_eq!(state(house, filed, "review.legal").await, Some(TaskState::InProgress));
}

pub(crate) async fn state(house: &House, filed: &Filed, task: &str) -> Option<TaskState> {
    house.request(filed).await.tasks.get(&TaskKey::from_text(task)).map(|run| run.state)
}

/// Takes a task and does something with it.
async fn does(who: &mut Visitor, task: &str, act: &str, fields: &[(&str, &str)], told: &str) {
    who.get(task).await.is(200);
    who.send(&format!("{task}/take"), &[]).await.leads_to(&format!("{task}?told=taken"));
    who.get(task).await.is(200);
    who.send(&format!("{task}/{act}"), fields).await.leads_to(&format!("{task}?told={told}"));
}

#[tokio::test]
async fn s2_the_form_shows_exactly_two_fields_and_the_person_gets_a_receipt_at_once() {
    let house = start().await;
    let mut person = house.visitor();
    person.get("/").await.is(200).shows("Get a copy from the press");
    let page = person.get("/ask/press").await.is(200).text();
    assert_eq!(page.matches("name=\"answer_").count(), 2, "equal labels are one field: {page}");
    assert!(!page.contains("name=\"given_name\"") && !page.contains("name=\"country\""));
    let wrong = [("answer_0", "nonsense"), ("answer_1", "move"), ("step", "review")];
    person.send("/ask/press", &wrong).await.is(422).shows("like name@example.org");
    let right = [("answer_0", ANABELLE), ("answer_1", "move"), ("step", "review")];
    person.send("/ask/press", &right).await.is(200).shows("I change the service");
    person.send("/ask/press", &[("step", "send")]).await.leads_to("/sent");
    house.world.run().await;
    let mails = house.world.mails_to(ANABELLE).await;
    assert_eq!(mails.len(), 2, "a receipt and a code go to the address of the form: {mails:?}");
}

#[tokio::test]
async fn s2_legal_and_the_case_owner_complete_and_the_person_is_told() {
    let house = start().await;
    let filed = to_legal(&house).await;
    let mut legal = house.staff("legal", &[Builtin::Steward]).await;
    let task = filed.task("review.legal");
    does(&mut legal, &task, "release", &[], "released").await;
    does(&mut legal, &task, "complete", &[], "completed").await;
    house.world.run().await;
    let mut owner = house.staff("owner", &[Builtin::CaseOwner]).await;
    does(&mut owner, &filed.task("review.owner"), "complete", &[], "completed").await;
    house.world.run().await;
    let request = house.request(&filed).await;
    assert_eq!(request.status, Status::Completed);
    let sources = TaskKey::from_text("opening.subject");
    let known = request.tasks.get(&sources).expect("a run").answers.reveal().clone();
    assert_eq!(known.get("count").map(String::as_str), Some("2"), "both sources know her: {known:?}");
    assert_eq!(house.world.mails_to(ANABELLE).await.len(), 3, "a receipt, a code, and that it is ready");
    assert_eq!(house.store().verify().await.expect("a check"), []);
}

#[tokio::test]
async fn s2_legals_rejection_needs_a_reason_flows_on_and_is_shown_to_the_case_owner_only() {
    let house = start().await;
    let filed = to_legal(&house).await;
    let mut legal = house.staff("legal", &[Builtin::Steward]).await;
    let task = filed.task("review.legal");
    legal.get(&task).await.is(200);
    legal.send(&format!("{task}/take"), &[]).await.leads_to(&format!("{task}?told=taken"));
    legal.get(&task).await.is(200);
    let reject = format!("{task}/reject");
    legal.send(&reject, &[("reason", "")]).await.is(409).shows("Say why it is rejected");
    legal
        .send(&reject, &[("reason", "an invoice is missing")])
        .await
        .leads_to(&format!("{task}?told=rejected"));
    house.world.run().await;
    let mut owner = house.staff("owner", &[Builtin::CaseOwner]).await;
    owner
        .get(&filed.task("review.owner"))
        .await
        .is(200)
        .shows("What Legal said")
        .shows("an invoice is missing");
    assert!(house.request(&filed).await.messages.iter().all(|message| message.is_internal));
}

#[tokio::test]
async fn s2_the_case_owners_rejection_ends_at_the_refusal_gate_and_no_data_leaves() {
    let house = start().await;
    let filed = to_legal(&house).await;
    let mut legal = house.staff("legal", &[Builtin::Steward]).await;
    does(&mut legal, &filed.task("review.legal"), "complete", &[], "completed").await;
    house.world.run().await;
    let mut owner = house.staff("owner", &[Builtin::CaseOwner]).await;
    let typed = [("reason", "not her"), ("reject-told", "We could not be sure it is you")];
    does(&mut owner, &filed.task("review.owner"), "reject", &typed, "rejected").await;
    house.world.run().await;
    assert_eq!(state(&house, &filed, "review.owner").await, Some(TaskState::Stopped));
    let refuse = filed.path("/refuse");
    owner.get(&refuse).await.is(200).shows("Information Commissioner");
    let typed = [("ground", "identity_not_verified"), ("explanation", "We are not sure it is you.")];
    owner.send(&refuse, &typed).await.leads_to(&filed.path("?told=refused"));
    house.world.run().await;
    let request = house.request(&filed).await;
    assert_eq!(request.status, Status::Refused);
    assert!(request.reply().is_none() && !request.is_answered(), "no data leaves");
    assert_eq!(house.world.mails_to(ANABELLE).await.len(), 3, "a receipt, a code, and the refusal");
}

#[tokio::test]
async fn s2_a_second_open_request_is_linked_and_not_lost() {
    let house = start().await;
    let first = house.file("press", ANABELLE).await;
    let second = house.file("press", ANABELLE).await;
    assert!(house.request(&second).await.duplicates.contains(&first.id));
    assert!(!house.request(&first).await.status.is_closed());
}

#[tokio::test]
async fn s2_reminders_come_while_the_task_waits_and_none_after_it_is_done() {
    let house = start().await;
    let filed = to_legal(&house).await;
    let legal = house.add_user("legal", &[Builtin::Steward], None).await;
    let reminders = async || {
        let mails = house.world.mails_to("legal@larkspur.example").await;
        mails.iter().filter(|subject| subject.starts_with("Reminder")).count()
    };
    house.world.clock.advance(jiff::SignedDuration::from_hours(25));
    house.world.run().await;
    assert_eq!(reminders().await, 1);
    let mut legal = house.signed_in(legal).await;
    let task = filed.task("review.legal");
    does(&mut legal, &task, "complete", &[], "completed").await;
    house.world.clock.advance(jiff::SignedDuration::from_hours(20));
    house.world.run().await;
    assert_eq!(reminders().await, 1, "none once it is done");
}
