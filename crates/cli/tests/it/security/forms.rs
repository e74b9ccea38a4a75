//! Forms that no page of ours sent change nothing (ASVS 3.5.1, 3.5.3).

use habeas_web::routes;
use http::{Method, header};

use crate::support::app::{ADA, TestApp};

#[tokio::test]
async fn a_form_without_its_token_is_refused_on_every_route() {
    let app = TestApp::start().await;
    let (person, reference) = app.file_and_answer(ADA).await;
    let before = app.events(&reference).await;
    for route in routes::all().filter(|route| route.method == Method::POST) {
        let path = route.path.replace("{activity}", "access").replace("{reference}", &reference);
        let mut person = person.clone();
        for fields in [&[][..], &[("csrf", "")], &[("csrf", "0000")], &[("text", "hello"), ("step", "send")]]
        {
            let answer = person.post(&path, fields).await;
            answer.is(403).shows("This form is no longer valid");
        }
    }
    assert_eq!(app.events(&reference).await, before);
    assert_eq!(app.request_count().await, 1);
}

#[tokio::test]
async fn a_token_is_good_for_one_browser_only() {
    let app = TestApp::start().await;
    let (mut person, reference) = app.file_and_verify(ADA).await;
    let mut other = app.visitor();
    let foreign = other.get("/sign-in").await.hidden();
    person.post("/my/withdraw", &[("csrf", &foreign["csrf"])]).await.is(403);
    assert_eq!(app.count_events(&reference, "withdrawn").await, 0);
}

#[tokio::test]
async fn what_another_site_sends_is_refused_even_with_a_token() {
    let app = TestApp::start().await;
    let (mut person, reference) = app.file_and_verify(ADA).await;
    person.get("/my/withdraw").await;
    let page = person.page.clone();
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "http://localhost:9999"),
    ] {
        person.headers.clear();
        person.headers.insert(name, value.parse().unwrap());
        person.page = page.clone();
        person.send("/my/withdraw", &[]).await.is(403);
    }
    assert_eq!(app.count_events(&reference, "withdrawn").await, 0);
    person.headers.clear();
    // A form under our referrer policy has this origin.
    person.headers.insert("origin", "null".parse().unwrap());
    person.page = page;
    person.send("/my/withdraw", &[]).await.leads_to("/my?told=withdrawn");
}

#[tokio::test]
async fn only_forms_are_read_as_forms() {
    let app = TestApp::start().await;
    let (mut person, _) = app.file_and_verify(ADA).await;
    for kind in ["application/json", "text/plain", "multipart/form-data; boundary=x", ""] {
        let request = person
            .request(Method::POST, "/my/withdraw")
            .header(header::CONTENT_TYPE, kind)
            .body(axum::body::Body::from("{}"))
            .unwrap();
        person.call(request).await.is(403);
    }
}

/// ASVS 3.5.3: looking changes nothing.
#[tokio::test]
async fn pages_leave_requests_as_they_are() {
    let app = TestApp::start().await;
    let (person, reference) = app.file_and_answer(ADA).await;
    let before = app.events(&reference).await;
    // Fetching the reply is an act, counted and logged; the rest only shows.
    let pages = routes::all().filter(|route| route.method == Method::GET && !route.path.contains("{part}"));
    for route in pages {
        let mut person = person.clone();
        let path = route.path.replace("{activity}", "access").replace("{reference}", &reference);
        person.get(&path).await;
    }
    assert_eq!(app.events(&reference).await, before);
    assert_eq!(app.request_count().await, 1);
}
