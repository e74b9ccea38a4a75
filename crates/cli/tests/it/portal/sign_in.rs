//! Back to a request: reference, address, code.

use jiff::SignedDuration;

use crate::support::app::{ADA, GRACE, TestApp, ask_code, enter_code};

#[tokio::test]
async fn a_person_comes_back_from_another_device() {
    let app = TestApp::start().await;
    let (_, reference) = app.file_and_verify(ADA).await;
    let mut phone = app.visitor().from([203, 0, 113, 90]);
    phone.get("/my").await.leads_to("/sign-in");
    ask_code(&mut phone, &reference, " ADA.lovelace@Example.org ").await.leads_to("/sign-in/code");
    app.run_jobs().await;
    let mail = app.read_mail(&reference, "code").await;
    assert!(mail.subject.contains("sign-in"), "{}", mail.subject);
    let code = app.read_code(&reference).await;
    enter_code(&mut phone, "/sign-in/code", &code).await.leads_to("/my");
    phone.get("/my").await.is(200).shows(&reference);

    phone.send("/sign-out", &[]).await.leads_to("/");
    phone.get("/my").await.leads_to("/sign-in");
}

#[tokio::test]
async fn signing_in_proves_identity_where_it_was_not_proven() {
    let app = TestApp::start().await;
    let (_, reference) = app.file_request("access", ADA).await;
    let mut phone = app.visitor();
    ask_code(&mut phone, &reference, "ada.lovelace@example.org").await.leads_to("/sign-in/code");
    app.run_jobs().await;
    let code = app.read_code(&reference).await;
    enter_code(&mut phone, "/sign-in/code", &code).await.leads_to("/my");
    assert_eq!(app.count_events(&reference, "verified").await, 1);
}

/// S9, ASVS 6.3.8: the same words, the same work, whoever is asked for.
#[tokio::test]
async fn s9_guessed_references_and_addresses_read_the_same() {
    let app = TestApp::start().await;
    let (_, reference) = app.file_and_verify(ADA).await;
    let (_, of_grace) = app.file_and_verify(GRACE).await;
    let before = app.mails(&reference).await.len();
    let mut pages = Vec::new();
    let cases = [
        (reference.as_str(), "ada.lovelace@example.org"),
        (reference.as_str(), "grace.hopper@example.org"),
        (of_grace.as_str(), "ada.lovelace@example.org"),
        ("HB-0000-0000", "ada.lovelace@example.org"),
    ];
    for (place, (reference, email)) in cases.into_iter().enumerate() {
        let mut stranger = app.visitor().from([203, 0, 113, 100 + u8::try_from(place).unwrap()]);
        ask_code(&mut stranger, reference, email).await.leads_to("/sign-in/code");
        let shown = stranger.get("/sign-in/code").await;
        let csrf = shown.hidden().remove("csrf").unwrap();
        let answer = stranger.send("/sign-in/code", &[("code", "12345678")]).await;
        answer.is(422).shows("That code is not right, or no longer valid");
        pages.push(format!("{}{}", shown.text(), answer.text()).replace(&csrf, "").replace(reference, "HB"));
    }
    assert!(pages.iter().all(|page| *page == pages[0]));
    app.run_jobs().await;
    assert_eq!(app.mails(&reference).await.len(), before + 1, "only the true pair got a mail");
    assert!(app.logs.text().contains("a sign-in named no request"), "refusals are logged");
}

#[tokio::test]
async fn what_is_no_reference_or_address_is_said_at_once() {
    let app = TestApp::start().await;
    let mut person = app.visitor();
    let answer = ask_code(&mut person, "my order 123", "ada").await;
    answer.is(422).shows("like HB-7K3M-9QXD").shows("like name@example.org").shows("value=\"my order 123\"");
    person.get("/sign-in/code").await.leads_to("/sign-in");
}

#[tokio::test]
async fn asking_for_codes_has_its_limits() {
    let app = TestApp::start().await;
    let (_, reference) = app.file_and_verify(ADA).await;
    let mut person = app.visitor();
    for _ in 0..5 {
        ask_code(&mut person, &reference, "ada.lovelace@example.org").await.leads_to("/sign-in/code");
    }
    ask_code(&mut person, &reference, "ada.lovelace@example.org").await.is(429);
    // Others aren't held up by that, and who tries many references is.
    let mut other = app.visitor().from([203, 0, 113, 91]);
    for number in 0..20 {
        let guess = format!("HB-0000-{number:04}");
        ask_code(&mut other, &guess, "ada.lovelace@example.org").await.leads_to("/sign-in/code");
    }
    ask_code(&mut other, "HB-0000-9999", "ada.lovelace@example.org").await.is(429);
    app.clock.advance(SignedDuration::from_hours(1));
    ask_code(&mut person, &reference, "ada.lovelace@example.org").await.leads_to("/sign-in/code");
}

/// ASVS 7.3.1, 7.3.2.
#[tokio::test]
async fn a_session_ends_when_nobody_uses_it_and_after_half_a_day() {
    let app = TestApp::start().await;
    let (mut person, _) = app.file_and_verify(ADA).await;
    for _ in 0..3 {
        app.clock.advance(SignedDuration::from_mins(29));
        person.get("/my").await.is(200);
    }
    app.clock.advance(SignedDuration::from_mins(30));
    person.get("/my").await.leads_to("/sign-in");

    let (mut busy, _) = app.file_and_verify(GRACE).await;
    for _ in 0..35 {
        app.clock.advance(SignedDuration::from_mins(20));
        busy.get("/my").await.is(200);
    }
    app.clock.advance(SignedDuration::from_mins(20));
    busy.get("/my").await.leads_to("/sign-in");
}

#[tokio::test]
async fn a_page_that_renews_itself_keeps_no_session_alive() {
    let app = TestApp::start().await;
    let (mut person, _) = app.file_and_verify(ADA).await;
    person.headers.insert("x-habeas-refresh", "yes".parse().unwrap());
    for _ in 0..2 {
        app.clock.advance(SignedDuration::from_mins(14));
        person.get("/my").await.is(200);
    }
    app.clock.advance(SignedDuration::from_mins(2));
    person.get("/my").await.leads_to("/sign-in");
}
