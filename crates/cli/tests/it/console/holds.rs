//! Legal holds: placed by one, lifted by two, and seen where they matter.

use habeas_core::access::Builtin;
use habeas_store::Error;

use super::house::{ANABELLE, House};

#[tokio::test]
async fn a_hold_is_placed_by_one_lifted_by_two_and_stops_scrubbing() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    officer.get("/console/holds").await.is(200).shows("Nothing is on hold");
    officer.get("/console/holds/new").await.is(200).shows("Billing");
    let empty = officer.send("/console/holds/new", &[]).await;
    empty.is(422).shows("Choose what is frozen").shows("Give a ground").shows("Choose a day to come");
    let typed = [
        ("entity", "larkspur"),
        ("scope", "subject"),
        ("identity", "Anabelle.Deleon@email.com"),
        ("ground", "Her claim of 3 January, Art. 17(3)(e)"),
        ("review_on", "2027-06-30"),
    ];
    officer.send("/console/holds/new", &typed).await.leads_to("/console/holds?told=held");
    let list = officer.get("/console/holds").await;
    list.is(200).shows(ANABELLE).shows("Her claim of 3 January").shows("In force");
    officer.get(&filed.path("")).await.shows("A legal hold is on this person").shows("Her claim");
    let at = house.store().now();
    let held = house.store().begin().await.unwrap().destroy(filed.id, at).await;
    assert!(matches!(held, Err(Error::Held)));

    let text = list.text();
    let place = text.find("/console/holds/0").expect("a hold");
    let path = text[place..].split('"').next().unwrap().to_owned();
    officer.get(&path).await.is(200).shows("Ask to lift it");
    officer.send(&path, &[("act", "ask")]).await.is(422).shows("Give a reason");
    let asked = format!("{path}?told=lift_asked");
    officer.send(&path, &[("act", "ask"), ("reason", "Settled out of court")]).await.leads_to(&asked);
    officer.get(&path).await.shows("You asked for it yourself").hides("Agree: lift the hold");
    officer.send(&path, &[("act", "lift")]).await.is(409).shows("A second person must agree");

    let mut second = house.staff("second", &[Builtin::PrivacyOfficer]).await;
    second.get(&path).await.is(200).shows("Settled out of court").shows("Agree: lift the hold");
    second.send(&path, &[("act", "lift")]).await.leads_to(&format!("{path}?told=lifted"));
    second.get(&path).await.shows("Lifted").hides("Ask to lift it");
    second.get(&filed.path("")).await.hides("A legal hold is on this person");
    for kind in ["hold_placed", "hold_lift_asked", "hold_lifted"] {
        assert_eq!(house.noted(kind).await, 1, "{kind}");
    }
    assert_eq!(house.store().verify().await.unwrap(), []);
}

#[tokio::test]
async fn whom_a_hold_is_about_is_masked_from_those_who_see_no_persons() {
    let house = House::start().await;
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    officer.get("/console/holds/new").await;
    let typed = [
        ("entity", "larkspur"),
        ("scope", "subject"),
        ("identity", ANABELLE),
        ("ground", "Her claim"),
        ("review_on", "2027-06-30"),
    ];
    officer.send("/console/holds/new", &typed).await.leads_to("/console/holds?told=held");
    let mut auditor = house.staff("auditor", &[Builtin::Auditor]).await;
    auditor.get("/console/holds").await.is(200).hides(ANABELLE).hides("Her claim").hides("Place a hold");
    let mut steward = house.staff("steward", &[Builtin::Steward]).await;
    steward.get("/console/holds").await.is(404);
}
