//! Where a check can't be made, the answer is no (ASVS 16.5.3): each table a check reads is taken away while
//! people and staff who may do everything go through every route.

use habeas_core::access::Builtin;
use habeas_render::page::Audience;
use habeas_web::routes::{self, Route};
use http::Method;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, SqliteConnection};

use super::access::path;
use crate::support::app::{ADA, TestApp};

/// Renames a table behind the installation's back.
async fn rename(app: &TestApp, from: &str, to: &str) {
    let database = app.folder.path().join("habeas.db").display().to_string();
    let mut connection = SqliteConnection::connect(&database).await.unwrap();
    connection.execute(AssertSqlSafe(format!("ALTER TABLE {from} RENAME TO {to}"))).await.unwrap();
    connection.close().await.unwrap();
}

/// Takes a table away, calls the routes that need it, and gives it back.
async fn ensure_closed_without(table: &str, needs: impl Fn(&Route) -> bool) {
    let app = TestApp::start().await;
    let (mut person, reference) = app.file_and_answer(ADA).await;
    let mut staff = app.staff("admin@northwind.example", &[Builtin::Admin, Builtin::PrivacyOfficer]).await;
    let of_person = person.get("/my").await.hidden().remove("csrf").expect("a form");
    let of_staff = staff.get("/console").await.hidden().remove("csrf").expect("a form");
    let before = app.events(&reference).await;
    let gone = format!("{table}_gone");
    rename(&app, table, &gone).await;
    let mut called = 0;
    for route in routes::all().filter(|route| needs(route)) {
        let (visitor, csrf) = match route.audience {
            Audience::Staff => (&staff, &of_staff),
            Audience::Subject | Audience::Anyone => (&person, &of_person),
        };
        let (mut visitor, path) = (visitor.clone(), path(route, &reference));
        let answer = if route.method == Method::GET {
            visitor.get(&path).await
        } else {
            visitor.post(&path, &[("csrf", csrf.as_str())]).await
        };
        let what = format!("{} {} without {table}: {}", route.method, route.path, answer.status);
        // Some forms are refused for what they lack before anything is read.
        assert!(matches!(answer.status.as_u16(), 404 | 500), "{what}");
        answer.hides("Lovelace").hides("ada.lovelace").hides(&reference);
        called += 1;
    }
    assert!(called > 5, "only {called} routes need {table}");
    rename(&app, &gone, table).await;
    assert_eq!(app.events(&reference).await, before, "something was done without {table}");
}

#[tokio::test]
async fn without_sessions_nobody_is_signed_in() {
    ensure_closed_without("sessions", |route| route.audience != Audience::Anyone).await;
}

#[tokio::test]
async fn without_accounts_nobody_is_staff() {
    ensure_closed_without("users", |route| route.audience == Audience::Staff).await;
}

#[tokio::test]
async fn without_requests_nobody_sees_one() {
    let is_of_one = |route: &Route| {
        let is_subjects = route.audience == Audience::Subject && route.path != "/sign-out";
        is_subjects || route.path.contains("{reference}")
    };
    ensure_closed_without("requests", is_of_one).await;
}
