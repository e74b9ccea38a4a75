//! Law packs of an organisation's own: checked line by line, marked, and never in the place of a law.

use habeas_core::access::Builtin;
use habeas_core::definition;
use habeas_core::event::Actor;
use habeas_store::definitions::{NewText, Owner};

use crate::support::app::TestApp;
use crate::support::visitor::Visitor;

const NEW: &str = "/console/laws/new";

/// A pack of the organisation's own, after one that comes with the product.
fn promise() -> String {
    let (_, text) =
        habeas_core::law::builtin().iter().find(|(id, _)| *id == "uk-gdpr").copied().expect("a pack");
    let name = habeas_core::law::Pack::parse(text).expect("a pack").name().to_owned();
    let text = text.replacen("id = \"uk-gdpr\"", "id = \"our-promise\"", 1);
    text.replacen(&format!("name = \"{name}\""), "name = \"Our promise\"", 1)
}

async fn send(admin: &mut Visitor, path: &str, text: &str, act: &str) -> crate::support::visitor::Answer {
    admin.get(path).await.is(200);
    admin.send(path, &[("text", text), ("act", act)]).await
}

#[tokio::test]
async fn a_pack_of_ones_own_is_drafted_published_marked_and_used() {
    let app = TestApp::start().await;
    let mut admin = app.staff("admin@northwind.example", &[Builtin::Admin]).await;
    admin.get("/console/laws").await.is(200).shows("Add a pack of your own").hides("Your own");
    send(&mut admin, NEW, &promise(), "draft").await.leads_to("/console/laws?told=drafted");
    admin.get("/console/laws").await.is(200).shows("Drafts of your own packs").shows("our-promise");
    // Nothing can be made under a draft.
    admin.get("/console/regulations/new").await.is(200).hides("Our promise");

    let edit = "/console/laws/our-promise/edit";
    send(&mut admin, edit, &promise(), "publish").await.leads_to("/console/laws?told=published");
    admin.get("/console/laws").await.is(200).shows("Your own").hides("Drafts of your own packs");
    let page = admin.get("/console/laws/our-promise?received=2027-01-31&right=access&calendar=GB-EW").await;
    page.is(200).shows("Monday 1 March 2027").shows("Your own").shows("own rules").shows("Change it");
    admin.get("/console/regulations/new").await.is(200).shows("Our promise (the organisation's own rules)");

    admin
        .send(
            "/console/regulations/new",
            &[("title", "What we promise"), ("name", ""), ("law", "our-promise")],
        )
        .await
        .leads_to("/console/activities?told=published");
    admin.get("/console/activities").await.is(200).shows("Our promise (the organisation's own rules)");
    admin.get(edit).await.is(200);
    admin.send(edit, &[("act", "retire")]).await.is(422).shows("the regulation What we promise needs it");
    admin.get("/console/definitions/law/our-promise").await.is(200).shows("Version 1");
    app.verify().await;
}

#[tokio::test]
async fn what_is_wrong_with_a_pack_is_told_by_line_and_what_was_typed_stays() {
    let app = TestApp::start().await;
    let mut admin = app.staff("admin@northwind.example", &[Builtin::Admin]).await;
    let broken = promise().replacen("version =", "verison =", 1);
    let line = broken.lines().position(|line| line.starts_with("verison")).expect("a line") + 1;
    let answer = send(&mut admin, NEW, &broken, "publish").await;
    answer.is(422).shows(&format!("line:{line}: verison: unknown key")).shows("verison =");
    let no_calendar =
        promise().replacen("id = \"our-promise\"", "id = \"our-promise\"\ncalendar = \"ATLANTIS\"", 1);
    send(&mut admin, NEW, &no_calendar, "draft").await.is(422);
    send(&mut admin, NEW, "", "draft").await.is(422).shows("there is nothing in it");
    admin.get("/console/laws").await.is(200).hides("our-promise");
}

/// The date a law sets is never put off by writing other rules in the law's place.
#[tokio::test]
async fn no_pack_and_no_regulation_takes_the_place_of_a_law() {
    let app = TestApp::start().await;
    let mut admin = app.staff("admin@northwind.example", &[Builtin::Admin]).await;
    let posing = promise().replacen("id = \"our-promise\"", "id = \"uk-gdpr\"", 1);
    send(&mut admin, NEW, &posing, "publish").await.is(422).shows("the key of a pack that comes with Habeas");
    admin.get("/console/laws/uk-gdpr/edit").await.is(404);

    send(&mut admin, NEW, &promise(), "publish").await.leads_to("/console/laws?told=published");
    send(&mut admin, NEW, &promise(), "publish").await.is(422).shows("there is a pack our-promise already");
    let edit = "/console/laws/our-promise/edit";
    send(&mut admin, edit, &posing, "publish").await.is(422).shows("it must stay our-promise");

    // A regulation that came with the product keeps the pack of its law.
    let (name, text) = definition::builtin_regulations()
        .iter()
        .find(|(name, _)| *name == "uk-gdpr")
        .copied()
        .expect("a regulation");
    let mut tx = app.store.begin().await.unwrap();
    let (owner, actor) = (Owner::Builtin, Actor::System);
    tx.import(NewText { kind: "regulation", name, text, owner, actor }).await.unwrap();
    tx.commit().await.unwrap();
    let regulation = "/console/regulations/uk-gdpr";
    admin.get(regulation).await.is(200);
    let other = [("title", "UK GDPR"), ("law", "our-promise"), ("act", "save")];
    admin.send(regulation, &other).await.is(422).shows("keeps the pack uk-gdpr");

    let mut auditor = app.staff("auditor@northwind.example", &[Builtin::Auditor]).await;
    auditor.get(NEW).await.is(404);
    auditor.get(edit).await.is(404);
}
