//! The reply: how long it is open, how often it is fetched, who gets it.

use habeas_core::pii::Pii;
use habeas_core::request::{Command, MarkGround, MarkScope, Verdict};
use jiff::SignedDuration;
use sha2::{Digest as _, Sha256};

use crate::support::app::{ADA, TestApp, ask_code, at, enter_code, hex};
use crate::support::visitor::Visitor;

async fn sign_in_again(app: &TestApp, person: &mut Visitor, reference: &str) {
    ask_code(person, reference, "ada.lovelace@example.org").await.leads_to("/sign-in/code");
    app.run_jobs().await;
    let code = app.read_code(reference).await;
    let answer = enter_code(person, "/sign-in/code", &code).await;
    assert!(answer.location().starts_with("/my"), "{}", answer.text());
}

#[tokio::test]
async fn a_person_fetches_what_was_built_for_them() {
    let app = TestApp::start().await;
    let (mut person, reference) = app.file_and_answer(ADA).await;
    assert!(app.read_mail(&reference, "ready").await.text.contains("/my"));
    let page = person.get("/my/reply").await;
    page.is(200)
        .shows("Customers")
        .shows("Orders")
        .shows("Web shop")
        .shows("Show the password")
        .shows("macOS");
    let package = app.request(&reference).await.package.unwrap();
    page.shows(&package.sha256).hides(package.password.reveal());

    let shown = person.send("/my/reply/password", &[]).await;
    shown.is(200).shows(package.password.reveal());

    let file = person.get("/my/reply/1").await;
    file.is(200);
    assert_eq!(file.header("content-type"), "application/zip");
    let named = format!("attachment; filename=\"{reference}.zip\"; filename*=UTF-8''{reference}.zip");
    assert_eq!(file.header("content-disposition"), named);
    assert!(file.header("content-security-policy").contains("sandbox"));
    assert_eq!(file.header("cache-control"), "no-store");
    assert_eq!(file.bytes.len() as u64, package.byte_count);
    assert!(file.bytes.starts_with(b"PK"));
    assert_eq!(hex(&Sha256::digest(&file.bytes)), package.sha256);
    assert_eq!(app.count_events(&reference, "package_downloaded").await, 1);
    app.verify().await;
}

/// What a person left out isn't counted as given; where telling of it would do harm, it isn't counted at all.
#[tokio::test]
async fn what_was_left_out_is_not_told_of_where_that_would_do_harm() {
    let app = TestApp::start().await;
    let (mut person, reference) = app.file_and_verify(ADA).await;
    let officer = app.take_review(&reference).await;
    let (mut told, mut orders) = (true, 0);
    for id in 0..3 {
        let record = app.record(&reference, id).await;
        if &*record.collection != "orders" {
            continue;
        }
        orders += 1;
        let verdict = Verdict::Exclude { ground: MarkGround::OtherPerson, is_told: told };
        let reason = Pii::new("bought for somebody else".to_owned());
        app.act(&reference, officer, Command::Mark { scope: MarkScope::Record(id), verdict, reason }).await;
        told = false;
    }
    assert_eq!(orders, 2);
    app.finish_review(&reference, officer).await;
    let page = person.get("/my/reply").await;
    page.is(200).shows("Customers").shows("Where we looked").hides("somebody else");
    assert!(!page.text().contains("<bdi>Orders</bdi>"), "nothing of it is given");
    let coverage = page.text().split_once("Where we looked").unwrap().1.to_owned();
    assert!(coverage.contains(">2<"), "one customer and the order that is told of: {coverage}");
    assert!(!coverage.contains(">3<"), "{coverage}");
}

/// S11: 47:59 opens, 48:01 doesn't.
#[tokio::test]
async fn s11_a_reply_is_open_for_48_hours_after_it_is_given() {
    let app = TestApp::start().await;
    let (mut person, reference) = app.file_and_answer(ADA).await;
    let given = at("2027-01-31T10:00:00Z");
    app.clock.set(given + SignedDuration::from_mins(47 * 60 + 50));
    person.get("/my/reply").await.leads_to("/sign-in");
    sign_in_again(&app, &mut person, &reference).await;
    app.clock.set(given + SignedDuration::from_mins(47 * 60 + 59));
    person.get("/my/reply/1").await.is(200);
    app.clock.set(given + SignedDuration::from_mins(48 * 60 + 1));
    person.get("/my/reply/1").await.leads_to("/my/reply");
    person.get("/my/reply").await.is(200).shows("The time to download is over").hides("Show the password");
    assert_eq!(app.count_events(&reference, "package_downloaded").await, 1);

    // Kept for 30 days, in which the person can have it opened again.
    person.send("/my/reply/renew", &[]).await.leads_to("/my/reply");
    person.get("/my/reply").await.shows("Show the password");
    person.get("/my/reply/1").await.is(200);
    app.clock.set(given + SignedDuration::from_hours(24 * 30));
    app.run_jobs().await;
    sign_in_again(&app, &mut person, &reference).await;
    person.get("/my/reply").await.is(404);
    person.get("/my/reply/1").await.is(404);
    person.get("/my").await.is(200).hides("Our reply is ready");
}

#[tokio::test]
async fn s11_a_reply_is_fetched_a_few_times_at_most() {
    let app = TestApp::start().await;
    let (mut person, reference) = app.file_and_answer(ADA).await;
    for _ in 0..5 {
        person.get("/my/reply/1").await.is(200);
    }
    person.get("/my/reply/1").await.leads_to("/my/reply");
    assert_eq!(app.count_events(&reference, "package_downloaded").await, 5);
    person.get("/my/reply").await.is(200).shows("Open it again");
    person.send("/my/reply/renew", &[]).await.leads_to("/my/reply");
    person.get("/my/reply").await.is(200).shows("5 downloads left");
}

#[tokio::test]
async fn the_reply_asks_for_a_code_entered_a_short_while_ago() {
    let app = TestApp::start().await;
    let (mut person, reference) = app.file_and_answer(ADA).await;
    app.clock.advance(SignedDuration::from_mins(15));
    person.get("/my/reply").await.is(200);
    app.clock.advance(SignedDuration::from_secs(1));
    let page = person.page.clone();
    for path in ["/my/reply", "/my/reply/1"] {
        person.get(path).await.leads_to("/sign-in");
    }
    person.page = page;
    person.send("/my/reply/password", &[]).await.leads_to("/sign-in");
    person.send("/my/reply/renew", &[]).await.leads_to("/sign-in");
    person.get("/my").await.is(200);
    person.get("/sign-in").await.shows("Before the download we ask for a new code").shows(&reference);
    sign_in_again(&app, &mut person, &reference).await;
    person.get("/my/reply").await.is(200);
    assert_eq!(app.count_events(&reference, "package_downloaded").await, 0);
}

#[tokio::test]
async fn links_on_other_sites_use_up_no_download() {
    let app = TestApp::start().await;
    let (mut person, reference) = app.file_and_answer(ADA).await;
    person.headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
    person.get("/my/reply/1").await.is(404);
    person.headers.clear();
    let head = person.request(http::Method::HEAD, "/my/reply/1").body(axum::body::Body::empty()).unwrap();
    person.call(head).await.is(404);
    assert_eq!(app.count_events(&reference, "package_downloaded").await, 0);
}

#[tokio::test]
async fn a_file_changed_on_the_disk_is_never_sent_whole() {
    let app = TestApp::start().await;
    let (mut person, reference) = app.file_and_answer(ADA).await;
    let package = app.request(&reference).await.package.unwrap();
    let id = app.request_id(&reference).await;
    let path = app.folder.path().join(format!("blobs/requests/{id}/{}", package.blob));
    let mut bytes = std::fs::read(&path).unwrap();
    let end = bytes.len() - 40;
    bytes[end] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let request = person.request(http::Method::GET, "/my/reply/1").body(axum::body::Body::empty()).unwrap();
    assert!(person.call_whole(request).await.is_err(), "the stream breaks off");
}
