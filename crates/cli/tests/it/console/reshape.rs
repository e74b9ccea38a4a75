//! Requests opened again, handled as another kind, parted, answered together, marked as spam; time worked.

use habeas_core::access::Builtin;
use habeas_core::request::Status;

use super::house::{ANABELLE, Filed, House};
use crate::support::visitor::Visitor;

/// Something else that can be asked of the demonstration's organisation.
const OTHER: &str = "reviewed";

async fn reference_of(house: &House, id: habeas_core::id::RequestId) -> Filed {
    let request = house.world.request(id).await;
    Filed { id, reference: request.reference.to_string() }
}

async fn sends(visitor: &mut Visitor, path: &str, fields: &[(&str, &str)]) {
    visitor.get(path).await.is(200);
    visitor.send(path, fields).await;
}

#[tokio::test]
async fn a_refused_request_is_opened_again_and_the_person_hears_why() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    let reopen = filed.path("/reopen");
    officer.get(&reopen).await.is(200).shows("The request is open");
    let typed = [("ground", "unfounded_or_excessive"), ("explanation", "It was answered last week.")];
    sends(&mut officer, &filed.path("/refuse"), &typed).await;
    officer.get(&filed.path("")).await.is(200).shows("Open again").hides("Split in two");
    officer.get(&reopen).await.is(200).shows("The legal date stays Monday 1 March 2027");
    officer.send(&reopen, &[]).await.is(422).shows("Choose where the work goes on").shows("Give a reason");
    let typed = [("from", "cut_off"), ("reason", "It was another person's request that we answered.")];
    officer.send(&reopen, &typed).await.leads_to(&filed.path("?told=reopened"));
    house.world.run().await;
    let request = house.request(&filed).await;
    assert_eq!(request.status, Status::InProgress);
    let mails = house.world.mails_to(ANABELLE).await;
    assert!(mails.iter().any(|subject| subject.contains("opened your request")), "{mails:?}");
    officer
        .get(&filed.path(""))
        .await
        .shows("Opened again")
        .shows("another person's request")
        .shows("Refused (");
    assert_eq!(house.store().verify().await.unwrap(), []);
}

#[tokio::test]
async fn another_kind_of_request_is_shown_with_its_date_before_and_told_after() {
    let house = House::start_offering_two().await;
    let filed = house.gather("access").await;
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    let path = filed.path("/reclassify");
    let page = officer.get(&path).await;
    page.is(200).shows("Get a copy, looked at twice").shows("due on Monday 1 March 2027");
    officer.send(&path, &[("reason", "x")]).await.is(422).shows("Choose a kind of request");
    let typed = [("activity", OTHER), ("reason", "Two people must look at this one.")];
    officer.send(&path, &typed).await.leads_to(&filed.path("?told=reclassified"));
    house.world.run().await;
    let request = house.request(&filed).await;
    assert_eq!(
        (request.terms.activity.as_str(), request.terms.flow.as_str()),
        (OTHER, "access-second-review")
    );
    assert_eq!(request.due.as_ref().unwrap().on.unwrap().to_string(), "2027-03-01");
    assert!(
        request.running(&habeas_core::flow::TaskKey::from_text("review.data")).is_some(),
        "gathered anew"
    );
    let mails = house.world.mails_to(ANABELLE).await;
    assert!(mails.iter().any(|subject| subject.contains("as another kind")), "{mails:?}");
    officer.get(&filed.path("")).await.shows("Handled as another kind").shows("Two people must look");
    assert_eq!(house.store().verify().await.unwrap(), []);
}

#[tokio::test]
async fn a_request_with_two_wishes_becomes_two_with_the_same_day_of_receipt() {
    let house = House::start_offering_two().await;
    let filed = house.gather("access").await;
    let received_at = house.request(&filed).await.received_at;
    house.world.clock.advance_days(3);
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    let path = filed.path("/split");
    officer.get(&path).await.is(200).shows("Everything since 2024").shows("Identity is proven for both");
    let typed =
        [("activity", OTHER), ("wish", "And look at it twice."), ("reason", "Two wishes in one form")];
    officer.send(&path, &typed).await.leads_to(&filed.path("?told=split"));
    house.world.run().await;
    let parent = house.request(&filed).await;
    let (id, _) = parent.shape.split_into[0].clone();
    let child = house.world.request(id).await;
    assert_eq!((child.received_at, child.shape.split_from), (received_at, Some(parent.id)));
    assert!(child.verified_at.is_some() && child.found.is_some(), "it goes its own way at once");
    assert_eq!(child.subject.reveal().description.as_deref(), Some("And look at it twice."));
    assert_eq!(child.due.as_ref().unwrap().on, parent.due.as_ref().unwrap().on);
    let other = reference_of(&house, id).await;
    officer.get(&filed.path("")).await.shows(&other.reference);
    officer.get(&other.path("")).await.shows(&filed.reference).shows("Identity was proven for the request");
    let mails = house.world.mails_to(ANABELLE).await;
    assert!(mails.iter().any(|subject| subject.contains("in two parts")), "{mails:?}");
    assert_eq!(house.store().verify().await.unwrap(), []);
}

#[tokio::test]
async fn duplicates_are_answered_together_by_a_persons_decision_only() {
    let house = House::start().await;
    let main = house.gather("access").await;
    house.world.clock.advance_days(2);
    let twin = house.file("access", ANABELLE).await;
    assert!(house.request(&twin).await.duplicates.contains(&main.id), "found, and no more than linked");
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    let merge = twin.path("/merge");
    officer.get(&merge).await.is(200).shows("Who asks is not proven yet");
    house.world.verify(twin.id).await;
    let stranger = house.file("access", "aleena@example.org").await;
    let page = officer.get(&merge).await;
    page.is(200).shows(&main.reference).hides(&stranger.reference).shows("due 1 Mar 2027");
    let foreign = [("into", stranger.reference.as_str()), ("reason", "The same")];
    officer.send(&merge, &foreign).await.is(422).shows("Choose the other request");
    let typed = [("into", main.reference.as_str()), ("reason", "The same question twice")];
    officer.send(&merge, &typed).await.leads_to(&twin.path("?told=merged"));
    house.world.run().await;
    officer.get(&twin.path("")).await.shows(&format!("Answered together with {}", main.reference));
    officer.get(&main.path("")).await.shows(&twin.reference).shows("due 2 Mar 2027");
    officer.get("/console/requests").await.shows(&twin.reference);
    // Taken out, it goes on; put back, it is answered with the main one.
    sends(&mut officer, &twin.path("/unmerge"), &[("reason", "It asks for more after all")]).await;
    assert!(!house.request(&twin).await.is_merged() && house.request(&main).await.shape.merged.is_empty());
    sends(&mut officer, &merge, &typed).await;
    let typed = [("ground", "unfounded_or_excessive"), ("explanation", "It was answered last week.")];
    sends(&mut officer, &main.path("/refuse"), &typed).await;
    house.world.run().await;
    let (main, twin) = (house.request(&main).await, house.request(&twin).await);
    assert_eq!((main.status, twin.status), (Status::Refused, Status::Refused));
    assert_eq!(main.refusal, twin.refusal, "with the same ground, by the same person");
    assert_eq!(twin.received_at.duration_since(main.received_at), jiff::SignedDuration::from_hours(48));
    let mails = house.world.mails_to(ANABELLE).await;
    assert_eq!(mails.iter().filter(|subject| subject.contains("together with")).count(), 2, "{mails:?}");
    assert_eq!(mails.iter().filter(|subject| subject.contains("We refuse")).count(), 2, "{mails:?}");
    assert_eq!(house.store().verify().await.unwrap(), []);
}

#[tokio::test]
async fn spam_leaves_the_usual_lists_and_comes_back() {
    let house = House::start().await;
    let filed = house.file("access", ANABELLE).await;
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    let spam = filed.path("/spam");
    officer.get(&spam).await.is(200).shows("Mark as spam");
    officer.send(&spam, &[]).await.is(422).shows("Give a reason");
    officer.send(&spam, &[("reason", "An advertisement")]).await.leads_to(&filed.path("?told=spam"));
    officer.get("/console/requests").await.hides(&filed.reference);
    officer.get("/console/requests?spam=yes").await.shows(&filed.reference);
    officer.get(&filed.path("")).await.shows("Marked as spam").shows("Not spam");
    // Nothing is dropped: who proves who they are is served all the same.
    house.world.verify(filed.id).await;
    assert!(house.request(&filed).await.found.is_some());
    officer.get(&spam).await;
    officer.send(&spam, &[("reason", "She is a customer")]).await.leads_to(&filed.path("?told=unspam"));
    officer.get("/console/requests").await.shows(&filed.reference);
    assert_eq!(house.store().verify().await.unwrap(), []);
}

#[tokio::test]
async fn time_is_entered_summed_and_struck_out() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let mut steward = house.staff("steward", &[Builtin::Steward]).await;
    let hours = filed.path("/hours");
    steward.get(&hours).await.is(200).shows("Nothing is entered yet");
    let wrong = [("on", "2027-01-31"), ("minutes", "ninety")];
    steward.send(&hours, &wrong).await.is(422).shows("Enter a number of minutes");
    let later = [("on", "2027-02-01"), ("minutes", "5")];
    steward.send(&hours, &later).await.is(409).shows("The day is not of the type");
    for (minutes, note) in [("90", "Read the archive"), ("20", "Once more")] {
        let typed = [("on", "2027-01-31"), ("minutes", minutes), ("note", note)];
        steward.send(&hours, &typed).await.leads_to(&hours);
        steward.get(&hours).await;
    }
    steward.get(&hours).await.shows("1 h 50 min").shows("Read the archive");
    steward.send(&hours, &[("strike", "2")]).await.leads_to(&hours);
    steward.get(&hours).await.shows("1 h 30 min").shows("struck out");
    let mut auditor = house.staff("auditor", &[Builtin::Auditor]).await;
    auditor.get(&hours).await.is(200).shows("1 h 30 min").hides("Read the archive").hides("Enter time");
}
