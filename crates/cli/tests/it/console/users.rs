//! Users: invited by a link that works once, changed, reset, disabled.

use habeas_core::access::Builtin;

use super::house::House;

/// Reads the one-time link a page shows.
fn link(text: &str) -> String {
    let shown = text.split_once("id=\"link\">").expect("a link").1.split_once('<').unwrap().0;
    shown.split_once("8080").expect("the console's address").1.to_owned()
}

#[tokio::test]
async fn somebody_is_invited_and_their_roles_count_at_once() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let mut admin = house.staff("admin", &[Builtin::Admin]).await;
    admin.get("/console/users/new").await.is(200);
    admin.send("/console/users/new", &[]).await.is(422).shows("Choose at least one role");
    let fields = [("name", "Sam"), ("email", "Sam@larkspur.example"), ("roles", "auditor")];
    let invited = admin.send("/console/users/new", &fields).await;
    let first = link(&invited.is(200).text());
    admin.get("/console/users").await.is(200).shows("Sam").shows("Invited").shows("Auditor");
    admin.get("/console/users/new").await;
    admin.send("/console/users/new", &fields).await.is(422).shows("has an account already");

    let sam = house.store().read().await.unwrap().lookup_user_by_email("sam@larkspur.example").await;
    let id = sam.unwrap().unwrap().id;
    let page = format!("/console/users/{id}");
    // A new link makes the first one worthless.
    admin.get(&page).await.is(200);
    let second = link(&admin.send(&page, &[("act", "invite")]).await.is(200).text());
    let mut visitor = house.visitor();
    visitor.get(&first).await.is(404);
    visitor.get(&second).await.is(200).shows("<bdi>Sam</bdi>");

    let mut sam = house.signed_in(id).await;
    sam.get(&filed.path("")).await.is(200).hides("Deleon");
    sam.get(&filed.path("/data")).await.is(404);
    admin.get(&page).await;
    let fields =
        [("act", "save"), ("name", "Sam"), ("email", "sam@larkspur.example"), ("roles", "case_owner")];
    admin.send(&page, &fields).await.leads_to("/console/users?told=changed");
    sam.get(&filed.path("/data")).await.is(200).shows("Deleon");
    admin.get(&page).await;
    admin.send(&page, &[("act", "disable")]).await.leads_to("/console/users?told=changed");
    sam.get(&filed.path("/data")).await.leads_to("/console/sign-in");
    visitor.get(&second).await.is(404);
    for kind in ["user_invited", "user_reset", "user_changed", "user_disabled"] {
        assert_eq!(house.noted(kind).await, 1, "{kind}");
    }
}

#[tokio::test]
async fn nobody_locks_themselves_out() {
    let house = House::start().await;
    let id = house.add_user("admin", &[Builtin::Admin], None).await;
    let mut admin = house.signed_in(id).await;
    let page = format!("/console/users/{id}");
    let auditor = [("act", "save"), ("name", "A"), ("email", "a@larkspur.example"), ("roles", "auditor")];
    for (fields, said) in [
        (&auditor[..], "You can't take from yourself"),
        (&[("act", "disable")], "Somebody else must disable you"),
        (&[("act", "invite")], "Somebody else must make your link"),
    ] {
        admin.get(&page).await.is(200);
        admin.send(&page, fields).await.is(409).shows(said);
    }
    admin.get(&page).await.is(200);
}
