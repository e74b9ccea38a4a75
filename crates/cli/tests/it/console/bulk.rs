//! One act on many requests: said before, done to each by itself, told of each.

use habeas_core::access::Builtin;

use super::house::{ANABELLE, House};

#[tokio::test]
async fn many_are_extended_and_each_that_cannot_be_says_why() {
    let house = House::start().await;
    let first = house.gather("access").await;
    let second = house.file("access", "aleena@example.org").await;
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    officer.get("/console/requests").await.is(200).shows(&format!("Choose {}", first.reference));
    let bulk = "/console/requests/bulk";
    officer.send(bulk, &[("act", "extend")]).await.is(200).shows("Nothing was chosen");
    // One was extended already: the law allows it once.
    officer.get(&first.path("/extend")).await;
    officer.send(&first.path("/extend"), &[("ground", "0"), ("explanation", "Eleven archives.")]).await;
    officer.get("/console/requests").await;
    let csrf = officer.page.hidden().remove("csrf").unwrap();
    let chosen = |more: &[(&'static str, &'static str)]| {
        let mut fields = vec![
            ("csrf", csrf.clone()),
            ("act", "extend".to_owned()),
            ("request", first.reference.clone()),
            ("request", second.reference.clone()),
            ("request", "HB-0000-0000".to_owned()),
        ];
        fields.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        fields
    };
    let asked = chosen(&[]);
    let asked: Vec<(&str, &str)> = asked.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = officer.post(bulk, &asked).await;
    page.is(200).shows("It can be done to 1 of 3 requests").shows("The law allows no extension now");
    page.shows("due 30 Apr 2027 instead of 1 Mar 2027").shows("There is no such request for you");
    assert!(house.request(&second).await.clock.is_empty(), "nothing is done by looking");
    let wrong = chosen(&[("step", "do"), ("once", "a")]);
    let wrong: Vec<(&str, &str)> = wrong.iter().map(|(name, value)| (*name, value.as_str())).collect();
    officer.post(bulk, &wrong).await.is(422).shows("Give a reason");
    let sent = chosen(&[("step", "do"), ("once", "a"), ("reason", "A system is being moved.")]);
    let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (*name, value.as_str())).collect();
    officer.post(bulk, &sent).await.is(200).shows("It was done to 1 of 3 requests").shows("Not done");
    assert_eq!(house.request(&second).await.due.unwrap().on.unwrap().to_string(), "2027-04-30");
    officer.post(bulk, &sent).await.is(200).shows("Done before");
    assert_eq!(house.store().verify().await.unwrap(), []);
}

#[tokio::test]
async fn many_are_written_to_each_with_their_own_name_and_assigned() {
    let house = House::start().await;
    let first = house.gather("access").await;
    let owner = house.add_user("owner", &[Builtin::CaseOwner], None).await;
    let mut supervisor = house.staff("supervisor", &[Builtin::Supervisor]).await;
    supervisor.get("/console/requests").await.is(200);
    let bulk = "/console/requests/bulk";
    let chosen = ("request", first.reference.as_str());
    supervisor
        .send(bulk, &[("act", "reply"), chosen])
        .await
        .is(200)
        .shows("It can be done to 1 of 1 request");
    let text = ("text", "Dear {name}, your request {reference} is being worked on.");
    supervisor.send(bulk, &[("act", "reply"), chosen, ("step", "do"), text]).await.is(200).shows("Done");
    let said = house.request(&first).await.messages[0].text.reveal().clone();
    assert_eq!(said, format!("Dear Anabelle Deleon, your request {} is being worked on.", first.reference));
    supervisor.get("/console/requests").await;
    supervisor.send(bulk, &[("act", "assign"), chosen]).await.is(200).shows("owner");
    let to = owner.to_string();
    supervisor.send(bulk, &[("act", "assign"), chosen, ("step", "do"), ("owner", &to)]).await.is(200);
    assert_eq!(house.request(&first).await.owner, Some(owner));
    // What a role doesn't grant isn't done, and says so.
    let mut auditor = house.staff("auditor", &[Builtin::Auditor]).await;
    auditor.get("/console/requests").await;
    let page = auditor.send(bulk, &[("act", "spam"), chosen]).await;
    page.is(200).shows("Your roles do not allow this").hides(ANABELLE).hides("Deleon");
    assert!(!house.request(&first).await.is_spam());
}
