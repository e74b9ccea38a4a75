//! Every route times every role, another person and a stranger (ASVS 8.2.1, 8.2.2).
//!
//! The list is the server's own table, so that a new route is covered the moment it is served; one whose
//! address has a part this test doesn't know fails until it does.

use habeas_core::access::{Builtin, may};
use habeas_render::page::{Audience, PATHS};
use habeas_testkit::roles;
use habeas_web::routes::{self, Route};
use http::Method;

use crate::support::app::{ADA, GRACE, TestApp};
use crate::support::visitor::{Answer, Visitor};

/// Addresses that pages lead to and that nothing is served at yet. This list may only shrink.
const NOT_SERVED: &[&str] = &["/my/files/{file}"];

/// Returns the routes of an audience, those that end a session last.
fn routes_of(audience: Audience) -> Vec<&'static Route> {
    let mut routes: Vec<_> = routes::all().filter(|route| route.audience == audience).collect();
    routes.sort_by_key(|route| route.path.ends_with("/sign-out"));
    routes
}

/// Fills the parts of an address with those of Ada's request.
pub(super) fn path(route: &Route, reference: &str) -> String {
    let ask = format!("{reference}.personnel");
    let known = [
        ("{activity}", "access"),
        ("{part}", "1"),
        ("{reference}", reference),
        ("{task}", "review.data"),
        ("{snippet}", "which-account"),
        ("{hold}", "01900000-0000-7000-8000-000000000000"),
        ("{source}", "shop"),
        ("{search}", "01900000-0000-7000-8000-000000000000"),
        ("{role}", "steward"),
        ("{list}", "shops"),
        ("{user}", "01900000-0000-7000-8000-000000000000"),
        ("{mail}", "01900000-0000-7000-8000-000000000000"),
        ("{report}", "overview"),
        ("{period}", "2026-10"),
        ("{plan}", "01900000-0000-7000-8000-000000000000"),
        ("{view}", "01900000-0000-7000-8000-000000000000"),
        ("{document}", "package"),
        ("{flow}", "access"),
        ("{law}", "uk-gdpr"),
        ("{regulation}", "uk-gdpr"),
        ("{calendar}", "GB-EW"),
        ("{kind}", "role"),
        ("{name}", "steward"),
        ("{ask}", &ask),
        ("{number}", "1"),
        ("{file}", "01900000-0000-7000-8000-000000000000"),
        ("{token}", "0000000000000000000000000000000000000000000000000000000000000000"),
    ];
    let mut path = route.path.to_owned();
    for (part, value) in known {
        path = path.replace(part, value);
    }
    assert!(!path.contains('{'), "{}: say what stands for this part", route.path);
    path
}

/// Calls a route as a browser would that has a page of ours open.
async fn call(visitor: &mut Visitor, route: &Route, reference: &str, csrf_from: &str) -> Answer {
    let path = path(route, reference);
    if route.method == Method::GET {
        return visitor.get(&path).await;
    }
    let csrf = visitor.get(csrf_from).await.hidden().remove("csrf").unwrap_or_default();
    visitor.post(&path, &[("csrf", &csrf)]).await
}

#[test]
fn the_server_serves_exactly_what_pages_lead_to() {
    let served: Vec<(&str, bool)> =
        routes::all().map(|route| (route.path, route.method == Method::POST)).collect();
    for known in PATHS {
        let expected = known.audience != Audience::Staff && !known.path.starts_with("/console");
        if !expected || NOT_SERVED.contains(&known.path) {
            continue;
        }
        assert_eq!(served.contains(&(known.path, false)), known.get, "GET {}", known.path);
        assert_eq!(served.contains(&(known.path, true)), known.post, "POST {}", known.path);
    }
    for route in routes::all() {
        let known = PATHS.iter().find(|known| known.path == route.path);
        let known = known.unwrap_or_else(|| panic!("no page knows {}", route.path));
        assert!(known.audience == route.audience, "{}", route.path);
    }
}

#[tokio::test]
async fn strangers_are_sent_to_the_door_of_what_is_not_theirs() {
    let app = TestApp::start().await;
    let (_, reference) = app.file_and_answer(ADA).await;
    for route in routes::all() {
        let mut stranger = app.visitor();
        let answer = call(&mut stranger, route, &reference, "/sign-in").await;
        match route.audience {
            Audience::Anyone => assert!(answer.status.as_u16() < 500, "{}", route.path),
            Audience::Subject => assert_eq!(answer.location(), "/sign-in", "{}", route.path),
            Audience::Staff => {
                let is_refused = answer.location() == "/console/sign-in" || answer.status == 403;
                assert!(is_refused, "{} {}", route.method, route.path);
            }
        }
        answer.hides("Lovelace");
    }
}

#[tokio::test]
async fn a_person_reaches_nothing_of_another_and_nothing_of_the_console() {
    let app = TestApp::start().await;
    let (_, of_ada) = app.file_and_answer(ADA).await;
    let (grace, _) = app.file_and_verify(GRACE).await;
    let before = app.events(&of_ada).await;
    let all = [Audience::Anyone, Audience::Staff, Audience::Subject];
    for route in all.into_iter().flat_map(routes_of) {
        let mut grace = grace.clone();
        let answer = call(&mut grace, route, &of_ada, "/my").await;
        answer.hides(&of_ada).hides("Lovelace").hides("ada.lovelace");
        assert!(route.audience != Audience::Subject || answer.location() != "/sign-in", "{}", route.path);
        if route.audience == Audience::Staff {
            let is_refused = answer.location() == "/console/sign-in" || answer.status == 403;
            assert!(is_refused, "{} {}", route.method, route.path);
        }
    }
    assert_eq!(app.events(&of_ada).await, before, "nothing happened to the other request");
}

#[tokio::test]
async fn a_session_of_the_console_opens_nothing_on_the_portal() {
    let app = TestApp::start().await;
    let (_, reference) = app.file_and_answer(ADA).await;
    let mut staff = app.staff("admin@northwind.example", &[Builtin::Admin]).await;
    let token = staff.cookie("habeas-console").unwrap().to_owned();
    staff.set_cookie("habeas", &token);
    for route in routes_of(Audience::Subject) {
        let answer = call(&mut staff, route, &reference, "/sign-in").await;
        assert_eq!(answer.location(), "/sign-in", "{}", route.path);
    }
}

#[tokio::test]
async fn a_role_that_does_not_grant_a_route_finds_nothing_there() {
    let app = TestApp::start().await;
    let (_, reference) = app.file_and_answer(ADA).await;
    for role in Builtin::ALL {
        let email = format!("{}@northwind.example", role.as_str());
        let staff = app.staff(&email, &[role]).await;
        for route in routes_of(Audience::Staff) {
            let mut staff = staff.clone();
            let answer = call(&mut staff, route, &reference, "/console").await;
            let is_granted = route.action.is_none_or(|action| may(&roles(&[role]), action));
            let what = format!("{} {} as {}: {}", route.method, route.path, role.as_str(), answer.status);
            assert!(answer.status.as_u16() < 500, "{what}");
            let is_sent_away = answer.location() == "/console/sign-in";
            assert!(!is_sent_away || route.path.ends_with("/sign-out"), "{what}");
            if !is_granted {
                answer.hides("Lovelace");
                assert!(matches!(answer.status.as_u16(), 403 | 404), "{what}");
            }
        }
    }
}

/// ASVS 8.2.2: what belongs to an entity that a member of staff doesn't see is not there for them.
#[tokio::test]
async fn staff_of_another_entity_find_no_request_of_this_one() {
    let app = TestApp::start().await;
    let (_, reference) = app.file_and_verify(ADA).await;
    let entities = ["southwind".to_owned()];
    let user = app.add_user_of("admin@southwind.example", &[Builtin::Admin], Some(&entities)).await;
    let staff = app.signed_in(user).await;
    let before = app.events(&reference).await;
    for (number, route) in (1..).zip(routes_of(Audience::Staff)) {
        // Each from an address of its own: whoever tries many that aren't there is made to wait.
        let mut staff = staff.clone().from([198, 51, 100, number]);
        let answer = call(&mut staff, route, &reference, "/console").await;
        answer.hides("Lovelace").hides("ada.lovelace");
        if route.path.contains("{reference}") {
            let what = format!("{} {}: {}", route.method, route.path, answer.status);
            assert!(matches!(answer.status.as_u16(), 403 | 404), "{what}");
        }
    }
    assert_eq!(app.events(&reference).await, before, "nothing happened to the request");
}
