//! Somebody is found in every source, and a request is filed for them.

use habeas_core::access::Builtin;
use habeas_core::request::Channel;

use super::house::{ANABELLE, House};
use crate::support::visitor::Visitor;

/// Searches, lets the job run, and returns the address of what was found.
async fn search(house: &House, visitor: &mut Visitor, query: &str) -> String {
    visitor.get("/console/find").await.is(200).shows("Sources know people by");
    let found = visitor.send("/console/find", &[("query", query), ("purpose", "call")]).await;
    let address = found.location().to_owned();
    visitor.get(&address).await.is(200).shows("are being searched");
    house.world.run().await;
    address
}

#[tokio::test]
async fn a_person_is_found_in_every_source_and_only_by_who_asked() {
    let house = House::start().await;
    let mut representative = house.staff("representative", &[Builtin::Representative]).await;
    representative.get("/console/find").await.is(200);
    representative
        .send("/console/find", &[("query", "x")])
        .await
        .is(422)
        .shows("between 3")
        .shows("Choose what for");
    let address = search(&house, &mut representative, " Anabelle.Deleon@email.com").await;
    assert!(!address.contains("nabelle") && !address.contains("%40"), "{address}");
    let page = representative.get(&address).await;
    page.is(200).shows("Billing").shows("Odoo").shows("Deleon").shows("File a request for them");
    assert_eq!(page.text().matches("<h2 id=\"person-").count(), 1, "the same address is one person");
    house.staff("other", &[Builtin::Representative]).await.get(&address).await.is(404);
    house.staff("steward", &[Builtin::Steward]).await.get("/console/find").await.is(404);

    let nobody = search(&house, &mut representative, "nobody@example.org").await;
    representative.get(&nobody).await.is(200).shows("Nobody found").shows("Searched").shows("Odoo");
    assert_eq!(house.noted("subject_searched").await, 2);
    house.world.clock.advance(jiff::SignedDuration::from_mins(61));
    representative.get(&address).await.is(404);
}

#[tokio::test]
async fn a_request_is_filed_for_who_called_with_the_day_it_truly_came_in() {
    let house = House::start().await;
    let mut representative = house.staff("representative", &[Builtin::Representative]).await;
    let address = search(&house, &mut representative, ANABELLE).await;
    representative.get(&address).await.is(200);
    let fill = [("act", "fill"), ("given_name", "Anabelle"), ("family_name", "Deleon"), ("email", ANABELLE)];
    let new = "/console/requests/new";
    representative.send(new, &fill).await.is(200).shows(ANABELLE).shows("About the person");
    let wrong = [("channel", "portal"), ("received_on", "2027-02-01"), ("email", "nowhere")];
    let again = representative.send(new, &wrong).await;
    again.is(422).shows("Choose how it came in").shows("That day is in the future").shows("they are to us");
    let fields = [
        ("activity", "access"),
        ("channel", "phone"),
        ("received_on", "2027-01-20"),
        ("received_time", "16:05"),
        ("agent", "Her mother, who has custody"),
        ("given_name", "Anabelle"),
        ("family_name", "Deleon"),
        ("email", ANABELLE),
        ("country", "GB"),
        ("relation", "customer"),
        ("language", "en"),
    ];
    let filed = representative.send(new, &fields).await;
    let address = filed.location().to_owned();
    assert!(address.ends_with("?told=filed"), "{address}: {}", filed.text());
    // Sent twice, it is filed once.
    representative.send(new, &fields).await.leads_to("/console/requests");
    representative
        .get(&address)
        .await
        .is(200)
        .shows("Phone")
        .shows("Deleon")
        .shows("Wednesday 20 January 2027");
    house.world.run().await;
    let reference = address.split(['/', '?']).nth(3).unwrap().to_owned();
    let mut read = house.store().read().await.unwrap();
    let filter = habeas_store::requests::Filter::default();
    let everything = habeas_store::requests::Scope::Everything;
    let page = read.list(&filter, habeas_store::requests::Paging::default(), &everything).await.unwrap();
    let row = page.rows.iter().find(|row| row.reference.to_string() == reference).expect("the request");
    let request = read.lookup_request(row.id, &everything).await.unwrap().expect("a request");
    assert_eq!(request.channel, Channel::Phone);
    assert_eq!(request.received_at.to_string(), "2027-01-20T16:05:00Z");
    assert_eq!(request.subject.reveal().agent.as_deref(), Some("Her mother, who has custody"));
    assert_eq!(request.due.unwrap().on.unwrap().to_string(), "2027-02-22", "a month from then");
    assert_eq!(house.world.mails_to(ANABELLE).await.len(), 2, "a receipt and a code");
}
