//! A person's own request: how it stands, messages, complaint, receipt, withdrawal.

use habeas_core::access::Builtin;
use habeas_core::pii::Pii;
use habeas_core::request::Command;

use crate::support::app::{ADA, GRACE, TestApp, hex};

#[tokio::test]
async fn the_page_says_how_it_stands_and_what_is_needed() {
    let app = TestApp::start().await;
    let (mut person, reference) = app.file_and_verify(ADA).await;
    let page = person.get("/my").await;
    page.is(200).shows("Get a copy of my data").shows("A person is looking over what was found.");
    page.shows("Monday 1 March 2027")
        .shows("Information Commissioner")
        .shows("Collection")
        .hides("Our reply is ready");
    app.review(&reference).await;
    let page = person.get("/my").await;
    page.shows("Our reply is ready")
        .shows("Tuesday 2 February 2027, 10:00")
        .shows("Where we looked")
        .shows("Web shop");
    page.hides("Withdraw this request");
    app.verify().await;
}

#[tokio::test]
async fn people_and_staff_write_to_each_other_and_notes_stay_inside() {
    let app = TestApp::start().await;
    let (mut person, reference) = app.file_and_verify(ADA).await;
    person.get("/my").await;
    let text = "I also ordered by phone.\n<script>alert(1)</script>";
    person.send("/my/messages", &[("text", text)]).await.leads_to("/my?told=message#messages");
    let page = person.get("/my?told=message").await;
    page.shows("Your message was sent").shows("I also ordered by phone.").shows("<script>alert(1)</script>");
    assert!(!page.text().contains("<script>alert"));

    let officer = app.add_user("maria@northwind.example", &[Builtin::PrivacyOfficer]).await;
    let say = |text: &str, is_internal| Command::Say { text: Pii::new(text.to_owned()), is_internal };
    app.act(&reference, officer, say("Which number was it?", false)).await;
    app.act(&reference, officer, say("Looks odd to me.", true)).await;
    person.get("/my").await.shows("Which number was it?").hides("Looks odd to me.").hides("Sam Staff");

    person.send("/my/messages", &[("text", "   ")]).await.is(422).shows("Write something");
    let long = "x".repeat(5_001);
    person.send("/my/messages", &[("text", &long)]).await.is(422).shows("at most 5000");
    assert_eq!(app.request(&reference).await.messages.len(), 3);
}

#[tokio::test]
async fn a_complaint_reaches_staff_and_names_the_authority() {
    let app = TestApp::start().await;
    let (mut person, reference) = app.file_and_verify(ADA).await;
    person.get("/my/complain").await.is(200).shows("Information Commissioner").shows("within 30 days");
    person.send("/my/complain", &[("text", "Too slow.")]).await.leads_to("/my?told=complaint#messages");
    person.get("/my").await.shows("Too slow.");
    assert!(app.request(&reference).await.messages[0].text.reveal().starts_with("Complaint"));
}

#[tokio::test]
async fn a_request_is_withdrawn_once_by_its_person() {
    let app = TestApp::start().await;
    let (mut person, reference) = app.file_and_verify(ADA).await;
    person.get("/my/withdraw").await.is(200).shows("Withdraw your request?");
    assert_eq!(app.count_events(&reference, "withdrawn").await, 0, "looking changes nothing");
    let page = person.page.clone();
    for _ in 0..2 {
        person.page = page.clone();
        person.send("/my/withdraw", &[]).await.leads_to("/my?told=withdrawn");
    }
    assert_eq!(app.count_events(&reference, "withdrawn").await, 1);
    person.get("/my").await.shows("You have withdrawn this request").hides("Withdraw this request");
    person.get("/my/withdraw").await.is(404);
    app.run_jobs().await;
    assert_eq!(app.read_mail(&reference, "withdrawn").await.to, "ada.lovelace@example.org");
    app.verify().await;
}

#[tokio::test]
async fn the_receipt_is_signed() {
    let app = TestApp::start().await;
    let (mut person, reference) = app.file_and_verify(ADA).await;
    let receipt = person.get("/my/receipt").await;
    receipt.is(200).shows(&reference).shows("Monday 1 March 2027").hides("Lovelace");
    assert!(receipt.header("content-disposition").starts_with("attachment; filename=\"receipt-HB-"));
    let text = receipt.text();
    let (signed, signature) =
        text.split_once("Signature (Ed25519, over everything above this line): ").unwrap();
    assert_eq!(signature.trim(), hex(&app.store.sign(signed.as_bytes())));
    assert!(signed.contains(&app.store.public_key()));
}

/// S9: another person's account.
#[tokio::test]
async fn s9_nobody_sees_the_request_of_another() {
    let app = TestApp::start().await;
    let (_, of_ada) = app.file_and_answer(ADA).await;
    let (mut grace, of_grace) = app.file_and_verify(GRACE).await;
    for path in ["/my", "/my/receipt", "/my/complain", "/my/withdraw"] {
        grace.get(path).await.is(200).hides(&of_ada).hides("Lovelace");
    }
    // No address names a request, so that there is none to guess; what looks like one leads nowhere.
    let nothing = grace.get("/my/reply").await.is(404).text();
    for path in ["/my/reply/1", "/my/reply/2"] {
        assert_eq!(grace.get(path).await.is(404).text(), nothing, "{path}");
    }
    grace.get(&format!("/my/{of_ada}")).await.is(404).hides(&of_ada);
    grace.get(&format!("/my?reference={of_ada}")).await.is(200).shows(&of_grace).hides(&of_ada);
    assert!(app.logs.text().contains("nothing there for this visitor"), "refusals are logged");
}
