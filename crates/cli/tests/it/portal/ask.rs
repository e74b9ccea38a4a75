//! Asking: the form, the look over it, the sending.

use crate::support::app::{ADA, TestApp, enter_code};

#[tokio::test]
async fn a_person_asks_proves_who_they_are_and_sees_the_request() {
    let app = TestApp::start().await;
    let mut person = app.visitor();
    person.get("/").await.is(200).shows("Get a copy of my data").shows("one month").hides("Not offered");

    let (mut person, reference) = app.file_request("access", ADA).await;
    // Received on 31 January: February has no such day, and its last is a Sunday.
    person.page.shows("Monday 1 March 2027").shows("a…@example.org").hides("ada.lovelace");

    let code = app.read_code(&reference, "verify").await;
    enter_code(&mut person, "/verify", &code).await.leads_to("/my");
    person.get("/my").await.is(200).shows(&reference).shows("Monday 1 March 2027");
    assert!(app.events(&reference).await.contains(&"verified".to_owned()));
}
