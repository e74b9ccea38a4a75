//! What a role grants is there, and what lies outside somebody's scope is not (ASVS 8.2.2).
//!
//! That nothing is there without the role, for strangers and for other persons, every route is held to in
//! `security/access.rs`.

use habeas_core::access::{Builtin, may};
use habeas_core::event::Actor;
use habeas_core::hold::{Scope, Words};
use habeas_render::page::Audience;
use habeas_store::definitions::{NewText, Owner};
use habeas_store::holds::NewHold;
use habeas_testkit::roles;
use habeas_web::routes::{self, Route};
use http::Method;

use crate::console::house::{ANABELLE, Filed, House};

const OWN_LAW: &str = "our-promise";

/// Fills the parts of an address with those of a request that is being reviewed.
fn path(route: &Route, filed: &Filed, user: &str, mail: &str, hold: &str) -> String {
    let task = format!("{}.review.data", filed.reference);
    // Laws are only edited where they are the organisation's own.
    let law = if route.path.ends_with("{law}/edit") { OWN_LAW } else { "uk-gdpr" };
    let path = route.path.replace("{reference}", &filed.reference).replace("{task}", &task);
    path.replace("{source}", "billing")
        .replace("{role}", "steward")
        .replace("{list}", "shops")
        .replace("{snippet}", "which-account")
        .replace("{search}", user)
        .replace("{flow}", "access")
        .replace("{activity}", "access")
        .replace("{regulation}", "uk-gdpr")
        .replace("{law}", law)
        .replace("{calendar}", "GB-EW")
        .replace("{kind}", "role")
        .replace("{name}", "steward")
        .replace("{report}", "overview")
        .replace("{period}", "2027-01")
        .replace("{user}", user)
        .replace("{mail}", mail)
        .replace("{hold}", hold)
        .replace("{ask}", &format!("{}.personnel", filed.reference))
        .replace("{file}", user)
        .replace("{number}", "1")
}

async fn a_hold(house: &House) -> String {
    let scope = Scope::Collection { dataset: "billing".to_owned(), collection: None };
    let words = Words { ground: "A claim".to_owned(), ..Words::default() };
    let by = house.add_user("lawyer", &[Builtin::PrivacyOfficer], None).await;
    let review_on = jiff::civil::date(2027, 6, 30);
    let new = NewHold { entity: "larkspur", scope: &scope, words: &words, review_on, by };
    let mut tx = house.store().begin().await.unwrap();
    let id = tx.place_hold(&new).await.unwrap();
    tx.commit().await.unwrap();
    id.to_string()
}

/// Begins a draft of a flow: its editor is there only then.
async fn draft_a_flow(house: &House) {
    let mut tx = house.store().begin().await.unwrap();
    let flow = tx.lookup_definition_in_force("flow", "access").await.unwrap().expect("a flow");
    let (text, owner, actor) = (flow.text.as_str(), Owner::Console, Actor::System);
    tx.save_draft(NewText { kind: "flow", name: "access", text, owner, actor }).await.unwrap();
    tx.commit().await.unwrap();
}

/// Begins a draft of a law pack of the organisation's own.
async fn draft_a_law(house: &House) {
    let laws = habeas_core::law::builtin();
    let (_, text) = laws.iter().find(|(id, _)| *id == "uk-gdpr").expect("a pack");
    let text = text.replacen("id = \"uk-gdpr\"", &format!("id = \"{OWN_LAW}\""), 1);
    let (owner, actor) = (Owner::Console, Actor::System);
    let mut tx = house.store().begin().await.unwrap();
    tx.save_draft(NewText { kind: "law", name: OWN_LAW, text: &text, owner, actor }).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_mail(house: &House) -> String {
    let mails = house.store().read().await.unwrap().list_mails(1).await.unwrap();
    mails.first().expect("a mail").id.to_string()
}

#[tokio::test]
async fn every_page_a_role_grants_is_there() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let unverified = house.file("access", "aleena@example.org").await;
    let mail = a_mail(&house).await;
    let hold = a_hold(&house).await;
    draft_a_flow(&house).await;
    draft_a_law(&house).await;
    for role in Builtin::ALL {
        let id = house.add_user(role.as_str(), &[role], None).await;
        let mut staff = house.signed_in(id).await;
        let pages =
            routes::all().filter(|route| route.method == Method::GET && route.audience == Audience::Staff);
        for route in pages {
            // Only what was never verified can be closed.
            let of = if route.path.ends_with("/close") { &unverified } else { &filed };
            let path = path(route, of, &id.to_string(), &mail, &hold);
            let status = staff.get(&path).await.status.as_u16();
            let is_granted = route.action.is_none_or(|action| may(&roles(&[role]), action));
            // A data source's owner sees the tasks of their own team only.
            let is_foreign = role == Builtin::SourceOwner && route.path == "/console/tasks/{task}"
                // What was found is there for whoever searched.
                || route.path == "/console/find/{search}"
                // What owners are asked is tried in S10: this organisation asks nobody.
                || route.path.contains("{ask}")
                // Letters to recipients are tried in S4: this request tells nobody.
                || route.path.contains("{number}");
            let expected = if is_granted && !is_foreign { 200 } else { 404 };
            assert_eq!(status, expected, "{} as {}", route.path, role.as_str());
        }
    }
}

#[tokio::test]
async fn staff_of_another_entity_see_and_change_nothing() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let mail = a_mail(&house).await;
    let hold = a_hold(&house).await;
    let elsewhere = ["elsewhere".to_owned()];
    let id = house.add_user("foreign", &[Builtin::Admin], Some(&elsewhere)).await;
    let before = house.request(&filed).await;
    let staffs = routes::all().filter(|route| route.audience == Audience::Staff);
    for (number, route) in (1..).zip(staffs) {
        // Each from an address of its own: whoever tries many that aren't there is made to wait.
        let mut foreign = house.signed_in(id).await.from([198, 51, 100, number]);
        let csrf = foreign.get("/console").await.is(200).hidden().remove("csrf").expect("a token");
        let path = path(route, &filed, &id.to_string(), &mail, &hold);
        let answer = if route.method == Method::GET {
            foreign.get(&path).await
        } else {
            foreign.post(&path, &[("csrf", &csrf), ("search", &filed.reference), ("act", "nothing")]).await
        };
        answer.hides("Deleon").hides(ANABELLE);
        if route.path.contains("{reference}")
            || route.path.contains("{task}")
            || route.path.contains("{mail}")
            || route.path.contains("{hold}")
        {
            assert_eq!(answer.status.as_u16(), 404, "{} {}", route.method, route.path);
        }
    }
    assert!(house.request(&filed).await == before, "nothing happened to it");
}
