//! Snippets: written with a preview, published, and put into a message that is read before it is sent.

use habeas_core::access::Builtin;

use super::house::House;

#[tokio::test]
async fn a_snippet_is_put_into_a_message_filled_in_for_the_request() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    let tab = filed.path("/messages");
    officer.get(&tab).await.is(200).shows("Which account?");
    let typed = [("step", "insert"), ("snippet", "which-account"), ("text", "Good morning.")];
    let page = officer.send(&tab, &typed).await;
    page.is(200).shows("Good morning.").shows("Dear Anabelle Deleon, about").shows("by Monday 1 March 2027");
    assert!(house.request(&filed).await.messages.is_empty(), "nothing is sent yet");
    officer.get("/console/snippets").await.is(200).shows("Which account?");
    officer.get("/console/snippets/which-account").await.is(200).shows("written in a file");
}

#[tokio::test]
async fn a_snippet_is_written_with_a_preview_and_unknown_places_are_told() {
    let house = House::start().await;
    let mut supervisor = house.staff("supervisor", &[Builtin::Supervisor]).await;
    let new = "/console/snippets/new";
    supervisor.get(new).await.is(200).shows("the legal date");
    let wrong = [("name", "thanks"), ("title", "Thanks"), ("text", "Thank you, {nmae}."), ("act", "publish")];
    supervisor.send(new, &wrong).await.is(422).shows("There is no place {nmae}");
    let right = [("name", "thanks"), ("title", "Thanks"), ("text", "Thank you, {name}.")];
    let preview = [&right[..], &[("act", "preview")]].concat();
    supervisor.send(new, &preview).await.is(200).shows("Thank you, Ada Lovelace.");
    let publish = [&right[..], &[("act", "publish")]].concat();
    supervisor.send(new, &publish).await.leads_to("/console/snippets?told=published");
    supervisor.get("/console/snippets").await.shows("Thank you, {name}.");
    let mut steward = house.staff("steward", &[Builtin::Steward]).await;
    steward.get("/console/snippets").await.is(404);
}
