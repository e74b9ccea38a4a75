//! A request that is hidden from somebody is not there for them, by no route (ASVS 8.2.2).

use habeas_core::access::Builtin;
use habeas_render::page::Audience;
use habeas_web::routes::{self, Route};
use http::Method;

use super::house::{ANABELLE, Filed, House};

fn path(route: &Route, filed: &Filed) -> String {
    let task = format!("{}.review.data", filed.reference);
    let path = route.path.replace("{reference}", &filed.reference).replace("{task}", &task);
    let nobody = "01900000-0000-7000-8000-000000000000";
    let path = path.replace("{search}", nobody).replace("{role}", "steward").replace("{list}", "shops");
    path.replace("{source}", "billing").replace("{user}", nobody).replace("{mail}", nobody)
}

/// Narrows a request as a privacy officer does, naming one person.
async fn narrow(house: &House, filed: &Filed, who: &str, person: &str) {
    let mut officer = house.staff("narrowing", &[Builtin::PrivacyOfficer]).await;
    let address = filed.path("/narrow");
    officer.get(&address).await.is(200).shows("Who may see this request");
    officer.send(&address, &[("who", who)]).await.is(422).shows("Choose at least one").shows("Say why");
    let fields = [("who", who), ("people", person), ("reason", "She asks about her own manager")];
    officer.send(&address, &fields).await.leads_to(&filed.path("?told=narrowed"));
    officer.get(&filed.path("")).await.is(200).shows("She asks about her own manager");
}

#[tokio::test]
async fn a_request_hidden_from_a_manager_is_not_there_for_them() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let manager = house.add_user("manager", &[Builtin::Admin], None).await;
    let mut before = house.signed_in(manager).await;
    before.get(&filed.path("")).await.is(200);
    let task = filed.task("review.data");
    before.get(&task).await.is(200);
    before.send(&format!("{task}/take"), &[]).await.leads_to(&format!("{task}?told=taken"));
    narrow(&house, &filed, "all_but", &manager.to_string()).await;

    let request = house.request(&filed).await;
    let run = request.running(&habeas_core::flow::TaskKey::from_text("review.data")).expect("the review");
    assert_eq!(run.taken_by, None, "what the manager held is free again");
    for route in routes::all().filter(|route| route.audience == Audience::Staff) {
        let mut hidden = house.signed_in(manager).await;
        let csrf = hidden.get("/console").await.is(200).hidden().remove("csrf").expect("a token");
        let path = path(route, &filed);
        if path.contains('{') || path.ends_with("/sign-out") {
            continue;
        }
        let answer = if route.method == Method::GET {
            hidden.get(&path).await
        } else {
            hidden.post(&path, &[("csrf", &csrf), ("search", &filed.reference), ("act", "nothing")]).await
        };
        answer.hides(ANABELLE).hides("Deleon");
        if route.path.contains("{reference}") || route.path.contains("{task}") {
            assert_eq!(answer.status.as_u16(), 404, "{} {}", route.method, route.path);
        }
    }
    before.get("/console/requests").await.is(200).hides(&filed.reference);
    house.staff("colleague", &[Builtin::CaseOwner]).await.get(&filed.path("")).await.is(200);
    assert!(house.request(&filed).await == request, "nothing happened to it");
}

#[tokio::test]
async fn a_request_of_few_readers_is_there_for_them_and_for_who_may_narrow() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let reader = house.add_user("reader", &[Builtin::Steward], None).await;
    narrow(&house, &filed, "only", &reader.to_string()).await;
    house.signed_in(reader).await.get(&filed.path("")).await.is(200);
    house.staff("officer", &[Builtin::PrivacyOfficer]).await.get(&filed.path("")).await.is(200);
    house.staff("other", &[Builtin::Steward]).await.get(&filed.path("")).await.is(404);
    // Nobody is given what they don't see.
    let mut supervisor = house.staff("supervisor", &[Builtin::Supervisor]).await;
    supervisor.get(&filed.path("/assign")).await.is(404);
    let mut officer = house.staff("second", &[Builtin::PrivacyOfficer]).await;
    officer.get(&filed.path("/narrow")).await.is(200);
    let fields = [("who", "everybody"), ("reason", "It is settled")];
    officer.send(&filed.path("/narrow"), &fields).await.leads_to(&filed.path("?told=narrowed"));
    supervisor.get(&filed.path("/assign")).await.is(200);
}
