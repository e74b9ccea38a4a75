//! S1 in a browser: an admin builds a flow in the editor, publishes it, gives it to an activity under a regulation of
//! the organisation's own, and a person chooses it.

use habeas_core::access::Builtin;
use habeas_core::event::Actor;
use habeas_store::definitions::{NewText, Owner};

use crate::support::app::TestApp;
use crate::support::browser::Browser;

/// An installation with a team Legal and a list of reasons.
async fn start() -> TestApp {
    let app = TestApp::start().await;
    let reasons = "list: extract-reasons\ntitle: Reasons for an extract\nentries:\n  - { key: own, value: For \
                   myself }\n  - { key: court, value: For a court }\n";
    let legal = "role: legal\ntitle: Legal\ngrants: [see_requests, do_tasks]\n";
    let mut tx = app.store.begin().await.unwrap();
    for (kind, name, text) in [("list", "extract-reasons", reasons), ("role", "legal", legal)] {
        let new = NewText { kind, name, text, owner: Owner::Console, actor: Actor::System };
        tx.import(new).await.unwrap();
    }
    tx.commit().await.unwrap();
    app
}

/// Adds a task by a link of the picture.
async fn add(admin: &Browser, link: &str, title: &str, does: &str) {
    admin.go(link).await;
    add_here(admin, title, does).await;
}

/// Adds a task where the form for it is open already.
async fn add_here(admin: &Browser, title: &str, does: &str) {
    admin.send("Add the task", &[("title", title), ("does", does)]).await;
    admin.says(title).await;
}

/// Saves a tab of the task that is open.
async fn save(admin: &Browser, fields: &[(&str, &str)]) {
    admin.send("Save", fields).await;
    admin.hides("There is a problem").await;
}

/// The first stage is added already.
async fn stages(admin: &Browser) {
    add_here(admin, "Check duplicates", "operation:check_duplicates").await;
    save(admin, &[("deadline", "2"), ("deadline_unit", "hours")]).await;
    add(admin, "+ at onceAdd a task at once with Check", "Resolve subject", "operation:resolve_subject")
        .await;
    add(admin, "+ taskAdd a task at the end of Case", "Acknowledge", "operation:acknowledge").await;
    save(admin, &[("deadline", "1"), ("deadline_unit", "hours")]).await;
    admin.go("Operation").await;
    let address = [
        ("from_0", "input"),
        ("text_0", "What is your email address?"),
        ("type_0", "email"),
        ("need_0", "required"),
    ];
    save(admin, &address).await;
    add(admin, "+ at onceAdd a task at once with Ack", "Prove identity", "operation:verify_identity").await;
    add_stage(admin, "Data collection").await;
    add_here(admin, "Collect", "operation:collect").await;
    save(admin, &[("deadline", "1"), ("deadline_unit", "hours")]).await;
    add_stage(admin, "File creation").await;
    add_here(admin, "Make the file", "operation:build_package").await;
    add_stage(admin, "Review and approval").await;
    legal(admin).await;
    case_owner(admin).await;
    add_stage(admin, "Customer notification").await;
    add_here(admin, "Tell the customer", "operation:deliver").await;
}

async fn add_stage(admin: &Browser, title: &str) {
    admin.go("Add a stage…").await;
    admin.send("Add the stage", &[("title", title)]).await;
    admin.says(title).await;
}

async fn legal(admin: &Browser) {
    add_here(admin, "Legal review", "person").await;
    let review =
        [("role", "legal"), ("deadline", "48"), ("deadline_unit", "hours"), ("on_reject", "continue")];
    save(admin, &review).await;
    // Once with everything that can stand in a panel.
    admin.ensure_accessible("the editor with a task").await;
    admin.go("Reminders").await;
    save(admin, &[("after_0", "24"), ("after_0_unit", "hours"), ("to_0", "role:legal")]).await;
    save(admin, &[("after_1", "36"), ("after_1_unit", "hours"), ("to_1", "case_owner")]).await;
    admin.go("Shown").await;
    let reason = [
        ("label_0", "Reason for the extract"),
        ("from_0", "input"),
        ("text_0", "Why do you want the extract?"),
        ("type_0", "choice"),
        ("list_0", "extract-reasons"),
        ("need_0", "required"),
    ];
    save(admin, &reason).await;
    let file =
        [("label_1", "The file"), ("from_1", "link:file-creation.make-the-file.package"), ("as_1", "file")];
    save(admin, &file).await;
    admin.go("Asked").await;
    let why = [
        ("label_0", "Why it is rejected"),
        ("name_0", "reason"),
        ("type_0", "long_text"),
        ("flags_0", "reject"),
    ];
    save(admin, &why).await;
}

async fn case_owner(admin: &Browser) {
    add(admin, "+ taskAdd a task at the end of Review", "Case owner review", "person").await;
    let review = [
        ("role", "case_owner"),
        ("deadline", "24"),
        ("deadline_unit", "hours"),
        ("on_reject", "stop"),
        ("four_eyes", "review-and-approval.legal-review"),
    ];
    save(admin, &review).await;
    admin.go("Shown").await;
    let told =
        [("label_0", "Why Legal rejected it"), ("from_0", "link:review-and-approval.legal-review.reason")];
    save(admin, &told).await;
    admin.go("Asked").await;
    let why = [
        ("label_0", "Reason"),
        ("name_0", "reason"),
        ("type_0", "long_text"),
        ("flags_0", "reject"),
        ("told_0", "Why your request was stopped"),
    ];
    save(admin, &why).await;
}

/// Publishes the flow, and gives it to a new activity under a new regulation.
async fn offer(admin: &Browser) {
    admin.go("Publish…").await;
    admin.says("No activity uses the flow yet").await;
    admin.ensure_accessible("publishing").await;
    admin.send("Publish version 1", &[]).await;
    admin.says("Published: it counts from now on").await;
    admin.says("76 working hours = 10 working days").await;

    admin.go("Regulations").await;
    admin.go("Add a regulation").await;
    let regulation = [("title", "Our privacy promise"), ("law", "uk-gdpr")];
    admin.send("Save", &regulation).await;
    admin.go("Add an activity").await;
    let activity = [
        ("title", "Ask for an extract"),
        ("description", "Everything we know about you, as a file."),
        ("under", "regulation:our-privacy-promise"),
        ("right", "access"),
        ("entity", "northwind"),
        ("flow", "access-by-hand"),
        // Nothing is asked but what the flow asks.
        ("fields", ""),
    ];
    admin.send("Save", &activity).await;
    admin.says("Ask for an extract").await;
    admin.says("Our privacy promise").await;
}

#[tokio::test]
async fn s1_build_the_access_flow() {
    let app = start().await;
    let url = app.serve().await;
    let visitor = app.staff("admin@northwind.example", &[Builtin::Admin]).await;
    let admin = Browser::start().await;
    admin.become_staff(&url, &visitor).await;
    admin.open(&format!("{url}/console/flows/new")).await;
    let named = [("title", "Access by hand"), ("description", "Two people look at it")];
    admin.send("Begin the draft", &named).await;
    admin.send("Add the stage", &[("title", "Case opening")]).await;
    stages(&admin).await;
    for said in ["3 working hours", "72 working hours", "76 working hours = 10 working days"] {
        admin.says(said).await;
    }
    admin.says("Nothing stands in the way of publishing it").await;
    offer(&admin).await;

    // A person chooses it, and is asked two things.
    let person = Browser::start().await;
    person.open(&url).await;
    person.go("Ask for an extract").await;
    let asked = "return [...document.querySelectorAll('main form input, main form select, main form textarea')]\
                 .filter((at) => at.type !== 'hidden' && at.offsetParent).map((at) => at.labels[0].textContent.trim())";
    let asked = person.driver.execute(asked, Vec::new()).await.unwrap();
    let wanted = serde_json::json!(["What is your email address?", "Why do you want the extract?"]);
    assert_eq!(asked.json(), &wanted);
    person.ensure_accessible("the form of two fields").await;
    person.close().await;

    // What is published stays: it is neither retired while it is used nor dropped, and goes on as version 2.
    admin.open(&format!("{url}/console/flows/access-by-hand")).await;
    admin.send("Retire version 1", &[]).await;
    admin.says("It is used by Ask for an extract").await;
    admin.send("Edit as the next version", &[]).await;
    admin.says("Draft of version 2").await;
    admin.close().await;
    app.verify().await;
}
