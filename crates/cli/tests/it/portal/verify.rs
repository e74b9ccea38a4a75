//! Codes: right, wrong, late, used, somebody else's; each but the first is the same plain refusal.

use jiff::SignedDuration;

use crate::support::app::{ADA, GRACE, TestApp, enter_code};
use crate::support::visitor::{Answer, Visitor};

/// What is said of any code that isn't taken.
const REFUSED: &str = "That code is not right, or no longer valid";

/// Returns a page as it reads, without what differs from one call to the next.
fn plain(answer: &Answer, reference: &str) -> String {
    let csrf = answer.hidden().remove("csrf").unwrap_or_default();
    answer.text().replace(&csrf, "").replace(reference, "HB")
}

async fn refused(person: &mut Visitor, reference: &str, code: &str) -> String {
    let answer = enter_code(person, "/verify", code).await;
    answer.is(422).shows(REFUSED);
    assert!(person.get("/my").await.location() == "/sign-in", "not signed in");
    plain(&answer, reference)
}

#[tokio::test]
async fn s9_wrong_late_and_used_codes_get_the_same_plain_refusal() {
    let app = TestApp::start().await;
    let (mut person, reference) = app.file_request("access", ADA).await;
    let code = app.read_code(&reference).await;
    app.clock.advance(SignedDuration::from_secs(61));
    let wrong = refused(&mut person, &reference, "00000000").await;
    for nonsense in ["", "abc", "123456789012345678901234567890", "' OR 1=1 --", "\u{661}\u{662}\u{663}"] {
        assert_eq!(refused(&mut person, &reference, nonsense).await, wrong, "{nonsense:?}");
    }
    app.clock.advance(SignedDuration::from_mins(9));
    assert_eq!(refused(&mut person, &reference, &code).await, wrong, "late by a second");
    assert_eq!(app.count_events(&reference, "verification_failed").await, 7);
    assert_eq!(app.count_events(&reference, "verified").await, 0);

    person.get("/verify").await;
    person.send("/verify/resend", &[]).await.leads_to("/verify");
    app.run_jobs().await;
    let fresh = app.read_code(&reference).await;
    assert_ne!(fresh, code);
    assert_eq!(enter_code(&mut person, "/verify", &code).await.status, 422, "the one before");
    enter_code(&mut person, "/verify", &fresh).await.leads_to("/my");

    let mut other = app.visitor();
    other.get("/verify").await.is(200);
    let reused = other.send("/verify", &[("reference", &reference), ("code", &fresh)]).await;
    reused.is(422).shows(REFUSED);
    app.verify().await;
}

#[tokio::test]
async fn a_code_can_be_pasted_with_spaces_and_entered_on_another_device() {
    let app = TestApp::start().await;
    let (_, reference) = app.file_request("access", ADA).await;
    let code = app.read_code(&reference).await;
    let spaced = format!(" {} {} ", &code[..4], &code[4..]);
    let typed = reference.to_lowercase().replace('-', " ");
    let mut phone = app.visitor().from([203, 0, 113, 80]);
    phone.get("/verify").await.is(200).shows("Your reference");
    phone.send("/verify", &[("reference", &typed), ("code", &spaced)]).await.leads_to("/my");
    phone.get("/my").await.is(200).shows(&reference);
}

#[tokio::test]
async fn s9_a_code_for_one_request_opens_no_other() {
    let app = TestApp::start().await;
    let (_, of_ada) = app.file_request("access", ADA).await;
    let (mut grace, of_grace) = app.file_request("access", GRACE).await;
    let code = app.read_code(&of_grace).await;
    grace.get("/verify").await;
    grace
        .send("/verify", &[("reference", &of_ada), ("code", &code)])
        .await
        .is(422)
        .shows(REFUSED)
        .hides("Ada");
    assert_eq!(app.count_events(&of_ada, "verified").await, 0);
    enter_code(&mut grace, "/verify", &code).await.leads_to("/my");
    grace.get("/my").await.shows(&of_grace).hides(&of_ada);
}

#[tokio::test]
async fn s9_a_guessed_reference_reads_like_a_known_one() {
    let app = TestApp::start().await;
    let (_, known) = app.file_request("access", ADA).await;
    let mut pages = Vec::new();
    for reference in [known.as_str(), "HB-0000-0000"] {
        let mut stranger = app.visitor();
        stranger.get("/verify").await;
        let answer = stranger.send("/verify", &[("reference", reference), ("code", "12345678")]).await;
        answer.is(422).shows(REFUSED);
        pages.push(plain(&answer, reference));
    }
    assert_eq!(pages[0], pages[1]);
    assert!(app.logs.text().contains("a code was not taken"), "refusals are logged");
}

#[tokio::test]
async fn ten_wrong_tries_make_a_code_void() {
    let app = TestApp::start().await;
    let (mut person, reference) = app.file_request("access", ADA).await;
    let code = app.read_code(&reference).await;
    for _ in 0..10 {
        enter_code(&mut person, "/verify", "00000000").await.is(422);
    }
    enter_code(&mut person, "/verify", &code).await.is(422).shows(REFUSED);
    assert_eq!(app.count_events(&reference, "verified").await, 0);
}

#[tokio::test]
async fn who_goes_on_guessing_is_made_to_wait() {
    let app = TestApp::start().await;
    let (mut person, reference) = app.file_request("access", ADA).await;
    let mut statuses = Vec::new();
    for _ in 0..16 {
        statuses.push(enter_code(&mut person, "/verify", "00000000").await.status.as_u16());
    }
    assert_eq!((statuses[14], statuses[15]), (422, 429));
    // Another address doesn't help, as the reference is what is counted; waiting does.
    let mut elsewhere = app.visitor().from([203, 0, 113, 81]);
    elsewhere.get("/verify").await;
    elsewhere.send("/verify", &[("reference", &reference), ("code", "00000000")]).await.is(429);
    app.clock.advance(SignedDuration::from_mins(10));
    enter_code(&mut person, "/verify", "00000000").await.is(422);
}

#[tokio::test]
async fn a_new_code_is_sent_after_a_pause_and_only_to_who_asked() {
    let app = TestApp::start().await;
    let (mut person, reference) = app.file_request("access", ADA).await;
    let codes = async || app.mails(&reference).await.iter().filter(|mail| mail.occasion == "code").count();
    assert_eq!(codes().await, 1);
    person.get("/verify").await.shows("in 60 seconds");
    app.clock.advance(SignedDuration::from_secs(61));
    person.get("/verify").await.shows("Send a new code");
    person.send("/verify/resend", &[]).await.leads_to("/verify");
    app.run_jobs().await;
    assert_eq!(codes().await, 2);
    let csrf = person.get("/verify").await.hidden();
    person.post("/verify/resend", &[("csrf", &csrf["csrf"])]).await.is(429);
    // Somebody who only knows the reference has no mails sent to its person.
    let mut stranger = app.visitor().from([203, 0, 113, 82]);
    stranger.get("/verify").await;
    stranger.send("/verify/resend", &[("reference", &reference)]).await.leads_to("/verify");
    app.run_jobs().await;
    assert_eq!(codes().await, 2);
}

/// ASVS 7.2.4: what an attacker knows before is worth nothing after.
#[tokio::test]
async fn proving_identity_starts_a_new_session() {
    let app = TestApp::start().await;
    let (mut person, reference) = app.file_request("access", ADA).await;
    let before = person.cookie("habeas").unwrap().to_owned();
    let code = app.read_code(&reference).await;
    enter_code(&mut person, "/verify", &code).await.leads_to("/my");
    assert_ne!(person.cookie("habeas").unwrap(), before);
    let mut thief = app.visitor();
    thief.set_cookie("habeas", &before);
    thief.get("/my").await.leads_to("/sign-in");
    thief.get("/sent").await.leads_to("/");
}
