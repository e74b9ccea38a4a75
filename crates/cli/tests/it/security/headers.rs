//! The headers and cookies of every answer (ASVS 3.3.1, 3.3.3, 3.4.1, 3.4.3, 3.4.4, 14.3.2).

use habeas_web::routes;
use http::Method;

use crate::support::app::{ADA, TestApp};
use crate::support::visitor::Answer;

#[track_caller]
fn check(answer: &Answer, path: &str) {
    let policy = answer.header("content-security-policy");
    for part in ["default-src 'none'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{path}: {policy}");
    }
    assert!(!policy.contains("unsafe"), "{path}: {policy}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
    assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
    assert!(answer.header("permissions-policy").contains("camera=()"), "{path}");
    assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    assert!(!answer.header("x-request-id").is_empty(), "{path}");
}

#[tokio::test]
async fn every_answer_carries_them() {
    let app = TestApp::start_with(|options| options.is_secure = true).await;
    let mut stranger = app.visitor();
    let mut paths: Vec<String> = routes::all()
        .filter(|route| route.method == Method::GET)
        .map(|route| route.path.replace("{activity}", "access"))
        .collect();
    paths.extend(["/nowhere", "/healthz", "/readyz", "/my/../..", "/assets/none.css"].map(str::to_owned));
    for path in paths {
        let answer = stranger.get(&path).await;
        check(&answer, &path);
        assert!(answer.header("strict-transport-security").contains("max-age=63072000"), "{path}");
    }
    let refused = stranger.post("/sign-in", &[]).await;
    check(refused.is(403), "a refused form");
    let wrong = stranger.request(Method::DELETE, "/my").body(axum::body::Body::empty()).unwrap();
    check(stranger.call(wrong).await.is(405), "a wrong method");
}

#[tokio::test]
async fn pages_have_a_policy_without_anything_inline() {
    let app = TestApp::start().await;
    let policy = app.visitor().get("/").await;
    let policy = policy.header("content-security-policy");
    for part in [
        "script-src 'self'",
        "style-src 'self'",
        "form-action 'self'",
        "object-src 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
}

#[tokio::test]
async fn cookies_are_bound_to_host_transport_and_site() {
    let app = TestApp::start_with(|options| options.is_secure = true).await;
    let mut person = app.visitor();
    let cookie = person.get("/sign-in").await.header("set-cookie").to_owned();
    assert!(cookie.starts_with("__Host-habeas="), "{cookie}");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
    assert!(!cookie.contains("Domain"), "{cookie}");
    // Given once; a browser that has it keeps it.
    assert_eq!(person.get("/sign-in").await.header("set-cookie"), "");
    let cookie = app.visitor().get("/console/nothing").await.header("set-cookie").to_owned();
    assert!(cookie.starts_with("__Host-habeas-console="), "{cookie}");
    assert!(cookie.contains("SameSite=Strict"), "{cookie}");

    let plain = TestApp::start().await;
    let answer = plain.visitor().get("/sign-in").await;
    assert!(answer.header("set-cookie").starts_with("habeas="), "{}", answer.header("set-cookie"));
    assert!(!answer.header("set-cookie").contains("Secure"));
    assert_eq!(answer.header("strict-transport-security"), "");
}

#[tokio::test]
async fn assets_are_cached_for_ever_under_names_that_change_with_them() {
    let app = TestApp::start().await;
    let mut person = app.visitor();
    let page = person.get("/").await.text();
    let path = page.split("href=\"").find(|part| part.starts_with("/assets/")).unwrap();
    let answer = person.get(path.split('"').next().unwrap()).await;
    answer.is(200);
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(answer.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(answer.header("set-cookie"), "", "assets set no cookie");
    person.get("/assets/app.0000000000000000.css").await.is(404);
    person.get("/assets/..%2Fapp.css").await.is(404);
}

#[tokio::test]
async fn health_is_told_without_a_session() {
    let app = TestApp::start().await;
    let mut person = app.visitor();
    assert_eq!(person.get("/healthz").await.is(200).text(), "alive\n");
    assert_eq!(person.get("/readyz").await.is(200).text(), "ready\n");
    app.store.close().await;
    person.get("/readyz").await.is(503);
    person.get("/healthz").await.is(200);
}

/// ASVS 16.5.1: what went wrong inside is not told; the number on the page stands in the log.
#[tokio::test]
async fn a_failure_shows_a_number_that_stands_in_the_log() {
    let app = TestApp::start().await;
    let (mut person, _) = app.file_and_verify(ADA).await;
    app.store.close().await;
    let answer = person.get("/my").await;
    answer.is(500).shows("Sorry, something went wrong").hides("database").hides("pool");
    let number = answer.header("x-request-id").to_owned();
    answer.shows(&number);
    assert!(app.logs.text().contains(&format!("number=\"{number}\"")), "{}", app.logs.text());
    check(&answer, "a failure");
}

#[tokio::test]
async fn what_cannot_be_read_gets_a_page_too() {
    let app = TestApp::start().await;
    let (mut person, _) = app.file_and_verify(ADA).await;
    for path in ["/my?told=a&told=b", "/my/reply/%ff", "/ask/%ff"] {
        let answer = person.get(path).await;
        assert!(matches!(answer.status.as_u16(), 400 | 404), "{path}: {}", answer.status);
        check(answer.shows("Page not found").hides("told").hides("UTF-8"), path);
    }
}
