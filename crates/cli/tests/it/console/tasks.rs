//! Tasks: taken, kept for later, given back, completed, rejected (S2 with two reviewers).

use std::collections::BTreeMap;

use habeas_core::access::Builtin;
use habeas_core::flow::TaskKey;
use habeas_core::pii::Pii;
use habeas_core::request::{Command, MarkGround, MarkScope, Status, TaskState, Verdict};

use super::house::{Filed, House};

/// Brings a request to its second reviewer.
async fn first_review_done(house: &House, filed: &Filed) {
    let first = house.add_user("first", &[Builtin::Admin], None).await;
    let task = TaskKey::from_text("review.data");
    house.act(filed, first, Command::Take(task.clone())).await;
    for (dataset, collection) in [("odoo", "res_partner"), ("billing", "client_contacts")] {
        let scope = MarkScope::Collection { dataset: dataset.to_owned(), collection: collection.to_owned() };
        let verdict = Verdict::Exclude { ground: MarkGround::OtherPerson, is_told: true };
        let reason = Pii::new("about colleagues".to_owned());
        house.act(filed, first, Command::Mark { scope, verdict, reason }).await;
    }
    let answers = BTreeMap::from([("note".to_owned(), "Please look at the invoices".to_owned())]);
    house.act(filed, first, Command::Complete { task, answers: Pii::new(answers), undecided: 0 }).await;
}

#[tokio::test]
async fn a_task_is_one_persons_until_it_is_given_back() {
    let house = House::start().await;
    let filed = house.gather("reviewed").await;
    let mut one = house.staff("one", &[Builtin::Steward]).await;
    let mut two = house.staff("two", &[Builtin::Steward]).await;
    let task = filed.task("review.data");
    one.get("/console/tasks").await.is(200).shows("Look through what was found").shows(&filed.reference);
    one.get(&task).await.is(200).shows("Take it").hides("Release it");
    one.send(&format!("{task}/take"), &[]).await.leads_to(&format!("{task}?told=taken"));
    one.get(&task).await.shows("Release it").shows("taken by").hides("Take it");

    // The second tab of somebody else: not possible, said clearly, and nothing is lost.
    two.get(&task).await.is(200).hides("Take it");
    two.send(&format!("{task}/take"), &[]).await.is(409).shows("Somebody else has taken this task");
    let note = [("note", "typed in vain")];
    two.send(&format!("{task}/save"), &note).await.is(409).shows("Somebody else has taken this task");

    one.get(&task).await;
    one.send(&format!("{task}/save"), &[("note", "half done")]).await.leads_to(&format!("{task}?told=saved"));
    one.get(&task).await.shows("half done");
    one.send(&format!("{task}/release"), &[]).await.leads_to(&format!("{task}?told=released"));
    two.get(&task).await.shows("Take it");
    two.send(&format!("{task}/take"), &[]).await.leads_to(&format!("{task}?told=taken"));
    let events = house.request(&filed).await;
    assert!(events.tasks[&TaskKey::from_text("review.data")].taken_by.is_some());
}

#[tokio::test]
async fn the_second_reviewer_sees_the_note_and_whoever_was_first_cannot_be_second() {
    let house = House::start().await;
    let filed = house.gather("reviewed").await;
    first_review_done(&house, &filed).await;
    let task = filed.task("review.approval");
    let first = house.store().read().await.unwrap().lookup_user_by_email("first@larkspur.example").await;
    let mut first = house.signed_in(first.unwrap().unwrap().id).await;
    first.get(&task).await.is(200).hides("Take it");
    first.send(&format!("{task}/take"), &[]).await.is(409).shows("A second person must do this");

    let mut owner = house.staff("owner", &[Builtin::CaseOwner]).await;
    owner.get(&task).await.is(200).shows("Please look at the invoices");
    owner.send(&format!("{task}/take"), &[]).await.leads_to(&format!("{task}?told=taken"));
    owner.get(&task).await.shows("Make the archive");
    owner.send(&format!("{task}/complete"), &[]).await.leads_to(&format!("{task}?told=completed"));
    house.world.run().await;
    assert_eq!(house.request(&filed).await.status, Status::Completed);
}

#[tokio::test]
async fn a_rejection_needs_its_reasons_and_leads_to_the_refusal_gate() {
    let house = House::start().await;
    let filed = house.gather("reviewed").await;
    first_review_done(&house, &filed).await;
    let task = filed.task("review.approval");
    let mut owner = house.staff("owner", &[Builtin::CaseOwner]).await;
    owner.get(&task).await;
    owner.send(&format!("{task}/take"), &[]).await;
    owner.get(&task).await.shows("What the person is told").shows("The request stops here");
    let reject = format!("{task}/reject");
    owner.send(&reject, &[("reason", "")]).await.is(409).shows("Say why it is rejected");
    let typed = [("reason", "the wrong person"), ("reject-told", "")];
    owner.send(&reject, &typed).await.is(409).shows("Fill in What the person is told");
    let typed = [("reason", "the wrong person"), ("reject-told", "We could not be sure it is you")];
    owner.send(&reject, &typed).await.leads_to(&format!("{task}?told=rejected"));
    house.world.run().await;
    let request = house.request(&filed).await;
    assert_eq!(request.tasks[&TaskKey::from_text("review.approval")].state, TaskState::Stopped);
    assert!(request.package.is_none() && !request.status.is_closed(), "nothing left, nothing closed");

    owner.get(&filed.path("")).await.is(200).shows("Rejected: Approve").shows("the wrong person");
    let refuse = filed.path("/refuse");
    owner.get(&refuse).await.is(200).shows("Art. 12(5)").shows("Information Commissioner");
    owner.send(&refuse, &[]).await.is(422).shows("Choose a ground");
    let typed = [("ground", "made_up"), ("explanation", "We are not sure it is you.")];
    owner.send(&refuse, &typed).await.is(422).shows("We are not sure it is you.");
    let typed = [("ground", "identity_not_verified"), ("explanation", "We are not sure it is you.")];
    owner.send(&refuse, &typed).await.leads_to(&filed.path("?told=refused"));
    let request = house.request(&filed).await;
    assert_eq!(request.status, Status::Refused);
    assert_eq!(request.refusal.unwrap().articles, ["Art. 12(6)"]);
    owner.get(&filed.path("/decisions")).await.is(200).shows("Refused").shows("Art. 12(6)");
}

#[tokio::test]
async fn a_source_that_is_down_can_be_tried_again_or_left_out_with_a_reason() {
    let house = House::start().await;
    let billing = house.world.path().join("systems/billing.sqlite");
    std::fs::rename(&billing, house.world.path().join("systems/away.sqlite")).unwrap();
    let filed = house.file("access", super::house::ANABELLE).await;
    house.world.verify(filed.id).await;
    for _ in 0..6 {
        house.world.clock.advance(jiff::SignedDuration::from_mins(70));
        house.world.run().await;
    }
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    let task = filed.task("collection.collect");
    officer.get("/console").await.is(200).shows("Failing").shows("Needs a person");
    officer.get("/console/sources").await.is(200).shows("Failing");
    officer.get("/console/sources/billing").await.is(200).shows(&filed.reference).shows("Try again now");
    officer.get(&filed.path("")).await.shows("Failed: Gather the data from every source");
    officer.get(&task).await.is(200).shows("Try again now").shows("Go on without");
    officer
        .send("/console/sources/billing/test", &[])
        .await
        .leads_to("/console/sources/billing?told=retried");
    for _ in 0..6 {
        house.world.clock.advance(jiff::SignedDuration::from_mins(70));
        house.world.run().await;
    }
    officer.get(&task).await.is(200).shows("Tried 2 times");
    let excuse = format!("{task}/excuse");
    officer.send(&excuse, &[("excuse", "")]).await.is(409).shows("Say why it is left out");
    let typed = [("excuse", "It is being repaired until March")];
    officer.send(&excuse, &typed).await.leads_to(&format!("{task}?told=excused"));
    house.world.run().await;
    let request = house.request(&filed).await;
    officer.get(&filed.path("/data")).await.is(200).shows("It is being repaired until March");
    let page = officer.page.clone();
    page.shows("1 of 2 systems searched").shows("Enquiries");
    assert!(request.found.expect("records").record_count > 0, "the other source still counts");
}
