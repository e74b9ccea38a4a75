//! What an organisation sets up for itself: roles, lists, who answers for new requests.

use habeas_core::access::Builtin;
use habeas_core::id::UserId;

use super::house::House;
use crate::support::app::{ADA, GRACE, TestApp};
use crate::support::visitor::Visitor;

/// Sends a form in which a name may stand several times.
async fn send(visitor: &mut Visitor, path: &str, fields: &[(&str, &str)]) -> crate::support::visitor::Answer {
    let csrf = visitor.page.hidden().remove("csrf").expect("a form");
    let mut all = vec![("csrf", csrf.as_str())];
    all.extend_from_slice(fields);
    visitor.post(path, &all).await
}

#[tokio::test]
async fn a_role_of_ones_own_counts_once_it_is_published() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let mut admin = house.staff("admin", &[Builtin::Admin]).await;
    let new = "/console/roles/new";
    admin.get(new).await.is(200).shows("See requests, without what was found");
    let wrong = [("act", "publish"), ("name", "Legal Team"), ("email", "nowhere")];
    send(&mut admin, new, &wrong).await.is(422).shows("small letters").shows("Enter a title");
    let mut legal = vec![("name", "legal"), ("title", "Legal desk"), ("email", "legal@larkspur.example")];
    legal.push(("grants", "see_requests"));
    let drafted = [&[("act", "draft")], &legal[..]].concat();
    send(&mut admin, new, &drafted).await.leads_to("/console/roles?told=drafted");
    admin.get("/console/roles").await.is(200).shows("Legal desk").shows("Draft");
    admin.get("/console/users/new").await.is(200).hides("Legal desk");

    let page = "/console/roles/legal";
    admin.get(page).await.is(200).shows("This is a draft");
    let published = [&[("act", "publish")], &legal[1..]].concat();
    send(&mut admin, page, &published).await.leads_to("/console/roles?told=published");
    admin.get("/console/users/new").await.is(200).shows("Legal desk");
    let mut lawyer = staff_with(&house, "lawyer", "legal").await;
    lawyer.get(&filed.path("")).await.is(200).hides("Deleon");
    lawyer.get(&filed.path("/data")).await.is(404);

    admin.get(page).await.is(200).shows("lawyer");
    let more = [&published[..], &[("grants", "see_records"), ("grants", "see_subjects")]].concat();
    send(&mut admin, page, &more).await.leads_to("/console/roles?told=published");
    lawyer.get(&filed.path("/data")).await.is(200).shows("Deleon");
    admin.get(page).await.is(200).shows("Earlier");
    send(&mut admin, page, &[("act", "retire")]).await.is(409).shows("still names this role");
    assert_eq!(house.noted("definition_published").await, before_any(&house).await + 2);
}

/// Returns how many definitions were published before anybody changed any.
async fn before_any(house: &House) -> usize {
    let entries = house.store().read().await.unwrap().list_published_texts().await.unwrap();
    entries.iter().filter(|text| text.name != "legal").count()
}

/// Makes an account with a role that isn't built in, and signs it in.
async fn staff_with(house: &House, name: &str, role: &str) -> Visitor {
    let id = house.add_user(name, &[], None).await;
    let mut tx = house.store().begin().await.unwrap();
    tx.set_roles(id, &[role.to_owned()], None).await.unwrap();
    tx.commit().await.unwrap();
    house.signed_in(id).await
}

#[tokio::test]
async fn nobody_takes_the_right_to_change_roles_from_themselves() {
    let house = House::start().await;
    let mut admin = house.staff("admin", &[Builtin::Admin]).await;
    let page = "/console/roles/admin";
    admin.get(page).await.is(200).shows("Administrator");
    let less = [("act", "publish"), ("title", "Administrator"), ("grants", "see_requests")];
    send(&mut admin, page, &less).await.is(409).shows("You can't take from yourself");
    admin.get(page).await.is(200);
    send(&mut admin, page, &[("act", "retire")]).await.is(409);
    house.staff("officer", &[Builtin::PrivacyOfficer]).await.get("/console/roles").await.is(404);
}

#[tokio::test]
async fn a_list_keeps_the_keys_that_may_have_been_chosen() {
    let house = House::start().await;
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    officer.get("/console/lists").await.is(200).shows("Shops");
    officer.get("/console/lists/shops").await.is(200).shows("written in a file").hides("Publish");
    let new = "/console/lists/new";
    officer.get(new).await.is(200);
    let twice = [("key-1", "hr"), ("value-1", "People"), ("key-2", "hr"), ("value-2", "Staff")];
    let wrong = [&[("act", "publish"), ("name", "teams"), ("title", "Teams")], &twice[..]].concat();
    officer.send(new, &wrong).await.is(422).shows("another line has this key");
    officer.send(new, &[("act", "more"), ("name", "teams")]).await.is(200).shows("Line 14");
    let fields = [
        ("act", "publish"),
        ("name", "teams"),
        ("title", "Teams"),
        ("key-1", "hr"),
        ("value-1", "People"),
        ("active-1", "yes"),
        ("key-3", "depot"),
        ("value-3", "The depot"),
    ];
    officer.send(new, &fields).await.leads_to("/console/lists?told=published");
    officer.get("/console/lists").await.is(200).shows("Teams").shows("nothing");
    let page = "/console/lists/teams";
    officer.get(page).await.is(200).shows("The depot");
    officer.send(page, &fields[..6]).await.is(409).shows("switch it off");
    officer.get(page).await;
    officer.send(page, &[("act", "retire")]).await.leads_to("/console/lists?told=retired");
    officer.get("/console/lists").await.is(200).hides("Teams");
}

async fn owner_of(app: &TestApp, reference: &str) -> Option<UserId> {
    app.request(reference).await.owner
}

#[tokio::test]
async fn new_requests_go_to_who_has_least_and_is_there() {
    let app = TestApp::start().await;
    let (_, nobodys) = app.file_request("access", ADA).await;
    assert_eq!(owner_of(&app, &nobodys).await, None, "there are no case owners yet");
    let one = app.add_user("one@northwind.example", &[Builtin::CaseOwner]).await;
    let two = app.add_user("two@northwind.example", &[Builtin::CaseOwner]).await;
    let (_, first) = app.file_request("access", ADA).await;
    let (_, second) = app.file_request("access", GRACE).await;
    let both = [owner_of(&app, &first).await, owner_of(&app, &second).await];
    assert!(both.contains(&Some(one)) && both.contains(&Some(two)), "each gets one: {both:?}");

    let mut admin = app.staff("admin@northwind.example", &[Builtin::Admin]).await;
    let page = format!("/console/users/{one}");
    admin.get(&page).await.is(200);
    let fields = [
        ("act", "save"),
        ("name", "One"),
        ("email", "one@northwind.example"),
        ("roles", "case_owner"),
        ("away_from", "2027-01-30"),
        ("away_until", "2027-01-29"),
    ];
    admin.send(&page, &fields).await.is(422).shows("The last day comes before the first");
    let fields = [&fields[..5], &[("away_until", "2027-02-05")]].concat();
    admin.send(&page, &fields).await.leads_to("/console/users?told=changed");
    admin.get("/console/users").await.shows("Away until Friday 5 February 2027");
    let (_, third) = app.file_request("access", ADA).await;
    assert_eq!(owner_of(&app, &third).await, Some(two), "who is away gets none");

    admin.get("/console/assignment").await.is(200).shows("By load").shows("Away until");
    let by_hand = [("act", "publish"), ("by", "hand"), ("role", "case_owner")];
    admin.send("/console/assignment", &by_hand).await.leads_to("/console/assignment?told=published");
    let (_, fourth) = app.file_request("access", GRACE).await;
    assert_eq!(owner_of(&app, &fourth).await, None);
}

#[tokio::test]
async fn a_supervisor_gives_a_task_to_somebody_of_its_team() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let task = filed.task("review.data");
    let officer = house.add_user("officer", &[Builtin::PrivacyOfficer], None).await;
    let other = house.add_user("other", &[Builtin::Steward], None).await;
    let mut supervisor = house.staff("supervisor", &[Builtin::Supervisor]).await;
    supervisor.get(&task).await.is(200).shows("Give it to somebody");
    let address = format!("{task}/hand-over");
    supervisor.get(&address).await.is(200).shows("officer").hides("other");
    supervisor.send(&address, &[("to", &other.to_string())]).await.is(422).shows("Choose somebody");
    supervisor
        .send(&address, &[("to", &officer.to_string())])
        .await
        .leads_to(&format!("{task}?told=handed_over"));
    let taken_by = || async {
        let request = house.request(&filed).await;
        request.tasks[&habeas_core::flow::TaskKey::from_text("review.data")].taken_by
    };
    assert_eq!(taken_by().await, Some(officer));
    supervisor.get(&address).await.is(200).shows("Has it now");
    supervisor.send(&address, &[("to", "team")]).await.leads_to(&format!("{task}?told=handed_over"));
    assert_eq!(taken_by().await, None);
    house.signed_in(officer).await.get(&address).await.is(200);
    house.staff("steward", &[Builtin::Steward]).await.get(&address).await.is(404);
}
