//! Flows built in the console: S1, who was faster, what can't be done, and what a file brings.

use habeas_core::access::Builtin;
use habeas_core::event::Actor;
use habeas_store::definitions::{NewText, Owner};

use crate::support::app::TestApp;
use crate::support::visitor::{Answer, Visitor};

const EDIT: &str = "/console/flows/access-by-hand/edit";

/// An installation with a team Legal and a list of reasons, and who builds a flow there.
struct Bench {
    app: TestApp,
    admin: Visitor,
}

impl Bench {
    async fn start() -> Self {
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
        let admin = app.staff("admin@northwind.example", &[Builtin::Admin]).await;
        Self { app, admin }
    }

    /// Does one step of editing; the page it leads to.
    async fn step(&mut self, fields: &[(&str, &str)]) -> Answer {
        step(&mut self.admin, fields).await
    }

    async fn stage(&mut self, title: &str) {
        self.step(&[("act", "add_stage"), ("place", ""), ("title", title)]).await.is(200).shows(title);
    }

    /// Adds a task behind the others of its stage, or at once with a group.
    async fn task(&mut self, stage: &str, place: (&str, &str), title: &str, does: &str) {
        let fields = [
            ("act", "add_task"),
            ("stage", stage),
            ("before", ""),
            ("with", ""),
            place,
            ("title", title),
            ("does", does),
        ];
        self.step(&fields).await.is(200).shows(title);
    }
}

async fn step(who: &mut Visitor, fields: &[(&str, &str)]) -> Answer {
    who.get(EDIT).await.is(200);
    let answer = who.send(EDIT, fields).await;
    if answer.status == 303 {
        let path = answer.location().split('#').next().unwrap().to_owned();
        return who.get(&path).await;
    }
    answer
}

/// The stages and tasks of S1.
async fn build(bench: &mut Bench) {
    bench.admin.get("/console/flows/new").await.is(200);
    let fields = [("title", "Access by hand"), ("name", ""), ("description", "Two people look at it")];
    bench
        .admin
        .send("/console/flows/new", &fields)
        .await
        .leads_to("/console/flows/access-by-hand/edit?add=stage#panel");
    for title in
        ["Case opening", "Data collection", "File creation", "Review and approval", "Customer notification"]
    {
        bench.stage(title).await;
    }
    let end = ("before", "9");
    bench.task("case-opening", end, "Check duplicates", "operation:check_duplicates").await;
    bench.task("case-opening", ("with", "0"), "Prove identity", "operation:verify_identity").await;
    bench.task("case-opening", end, "Acknowledge", "operation:acknowledge").await;
    bench.task("data-collection", end, "Collect", "operation:collect").await;
    bench.task("file-creation", end, "Make the file", "operation:build_package").await;
    bench.task("review-and-approval", end, "Legal review", "person").await;
    bench.task("review-and-approval", end, "Case owner review", "person").await;
    bench.task("customer-notification", end, "Tell the customer", "operation:deliver").await;
    for (key, hours) in [
        ("case-opening.check-duplicates", "2"),
        ("case-opening.acknowledge", "1"),
        ("data-collection.collect", "1"),
    ] {
        let title = if hours == "2" { "Check duplicates" } else { key.split('.').next_back().unwrap() };
        let does = match key {
            "case-opening.check-duplicates" => "operation:check_duplicates",
            "case-opening.acknowledge" => "operation:acknowledge",
            _ => "operation:collect",
        };
        let fields = [
            ("act", "task"),
            ("task", key),
            ("tab", "task"),
            ("title", title),
            ("name", key.split('.').next_back().unwrap()),
            ("does", does),
            ("deadline", hours),
            ("deadline_unit", "hours"),
            ("mandatory", "yes"),
        ];
        bench.step(&fields).await.is(200).shows("Saved");
    }
    let address = [
        ("act", "task"),
        ("task", "case-opening.acknowledge"),
        ("tab", "operation"),
        ("from_0", "input"),
        ("text_0", "What is your email address?"),
        ("type_0", "email"),
        ("need_0", "required"),
    ];
    bench.step(&address).await.is(200).shows("Saved");
    legal(bench).await;
    case_owner(bench).await;
}

async fn legal(bench: &mut Bench) {
    let key = ("task", "review-and-approval.legal-review");
    let first = [
        ("act", "task"),
        key,
        ("tab", "task"),
        ("title", "Legal review"),
        ("name", "legal-review"),
        ("does", "person"),
        ("role", "legal"),
        ("deadline", "48"),
        ("deadline_unit", "hours"),
        ("mandatory", "yes"),
        ("on_reject", "continue"),
    ];
    bench.step(&first).await.is(200).shows("Legal");
    let reminders = [
        ("act", "task"),
        key,
        ("tab", "reminders"),
        ("after_0", "24"),
        ("after_0_unit", "hours"),
        ("to_0", "role:legal"),
        ("after_1", "36"),
        ("after_1_unit", "hours"),
        ("to_1", "case_owner"),
    ];
    bench.step(&reminders).await.is(200).shows("2 reminders");
    let shown = [
        ("act", "task"),
        key,
        ("tab", "shown"),
        ("label_0", "Reason for the extract"),
        ("from_0", "input"),
        ("text_0", "Why do you want the extract?"),
        ("type_0", "choice"),
        ("list_0", "extract-reasons"),
        ("need_0", "required"),
        ("label_1", "The file"),
        ("from_1", "link:file-creation.make-the-file.package"),
        ("as_1", "file"),
    ];
    bench.step(&shown).await.is(200).shows("Saved");
    let asked = [
        ("act", "task"),
        key,
        ("tab", "asked"),
        ("label_0", "Why it is rejected"),
        ("name_0", "reason"),
        ("type_0", "long_text"),
        ("flags_0", "reject"),
    ];
    bench.step(&asked).await.is(200).shows("Saved");
}

async fn case_owner(bench: &mut Bench) {
    let key = ("task", "review-and-approval.case-owner-review");
    let first = [
        ("act", "task"),
        key,
        ("tab", "task"),
        ("title", "Case owner review"),
        ("name", "case-owner-review"),
        ("does", "person"),
        ("role", "case_owner"),
        ("deadline", "24"),
        ("deadline_unit", "hours"),
        ("mandatory", "yes"),
        ("on_reject", "stop"),
        ("four_eyes", "review-and-approval.legal-review"),
    ];
    bench.step(&first).await.is(200).shows("four eyes");
    let shown = [
        ("act", "task"),
        key,
        ("tab", "shown"),
        ("label_0", "Why Legal rejected it"),
        ("from_0", "link:review-and-approval.legal-review.reason"),
    ];
    bench.step(&shown).await.is(200).shows("Saved");
    let asked = [
        ("act", "task"),
        key,
        ("tab", "asked"),
        ("label_0", "Reason"),
        ("name_0", "reason"),
        ("type_0", "long_text"),
        ("flags_0", "reject"),
        ("told_0", "Why your request was stopped"),
    ];
    bench.step(&asked).await.is(200).shows("Saved");
}

#[tokio::test]
async fn s1_build_the_access_flow() {
    let mut bench = Bench::start().await;
    build(&mut bench).await;
    let page = bench.admin.get(EDIT).await;
    page.shows("3 working hours").shows("72 working hours").shows("76 working hours = 10 working days");
    page.shows("Nothing stands in the way of publishing it");

    // A draft isn't offered to activities.
    let admin = &mut bench.admin;
    admin.get("/console/activities/new").await.is(200).hides("Access by hand");

    admin.get("/console/flows/access-by-hand/publish").await.is(200).shows("No activity uses the flow yet");
    admin
        .send("/console/flows/access-by-hand/publish", &[])
        .await
        .leads_to("/console/flows/access-by-hand?told=published");
    admin.get(EDIT).await.is(404);
    let token = csrf(admin).await;
    admin.post(EDIT, &[("csrf", &token), ("act", "flow"), ("title", "Other")]).await.is(404);

    // A regulation of its own, and an activity under it with the flow.
    admin.get("/console/regulations/new").await.is(200);
    let regulation = [("title", "Our privacy promise"), ("name", ""), ("law", "uk-gdpr")];
    admin.send("/console/regulations/new", &regulation).await.leads_to("/console/activities?told=published");
    admin.get("/console/activities/new").await.is(200).shows("Access by hand, the latest version");
    let activity = [
        ("title", "Ask for an extract"),
        ("name", ""),
        ("description", "Everything we know about you, as a file."),
        ("under", "regulation:our-privacy-promise"),
        ("right", "access"),
        ("entity", "northwind"),
        ("flow", "access-by-hand"),
        ("act", "save"),
    ];
    admin.send("/console/activities/new", &activity).await.leads_to("/console/activities?told=published");
    admin.get("/console/activities").await.is(200).shows("Ask for an extract").shows("Our privacy promise");
    admin
        .get("/console/activities/ask-for-an-extract/form")
        .await
        .is(200)
        .shows("What is your email address?")
        .shows("Why do you want the extract?");

    // A person can choose it.
    let mut person = bench.app.visitor();
    person.get("/").await.is(200).shows("Ask for an extract");
    // Two fields and no other: the flow's own address is where the reply goes.
    let form = person.get("/ask/ask-for-an-extract").await;
    form.is(200)
        .shows("What is your email address?")
        .shows("Why do you want the extract?")
        .hides("Given name");

    // A linked flow can't be taken away; duplicating gives the draft of version 2.
    let admin = &mut bench.admin;
    admin.get("/console/flows/access-by-hand").await.is(200).shows("Ask for an extract");
    let retire = [("act", "retire"), ("version", "1")];
    admin
        .send("/console/flows/access-by-hand", &retire)
        .await
        .is(409)
        .shows("It is used by Ask for an extract");
    let drop = [("act", "drop"), ("version", "1")];
    admin.send("/console/flows/access-by-hand", &drop).await.is(409).shows("A published version stays");
    let duplicate = [("act", "duplicate"), ("version", "1")];
    admin.send("/console/flows/access-by-hand", &duplicate).await.leads_to(&format!("{EDIT}?told=begun"));
    admin.get(EDIT).await.is(200).shows("Draft of version 2");
    let again = [("act", "duplicate"), ("version", "1")];
    admin.get("/console/flows/access-by-hand").await.is(200);
    admin.send("/console/flows/access-by-hand", &again).await.is(409).shows("There is a draft");

    // Switching the regulation off takes the activity off the first page.
    admin.get("/console/regulations/our-privacy-promise").await.is(200);
    admin.send("/console/regulations/our-privacy-promise", &[("act", "off")]).await;
    person.get("/").await.is(200).hides("Ask for an extract");
    bench.app.verify().await;
}

async fn csrf(who: &mut Visitor) -> String {
    who.get("/console/flows").await;
    who.page.hidden().remove("csrf").expect("a token")
}

#[tokio::test]
async fn who_was_slower_is_told_and_loses_nothing() {
    let mut bench = Bench::start().await;
    bench.admin.get("/console/flows/new").await.is(200);
    let fields = [("title", "Access by hand"), ("name", "")];
    bench.admin.send("/console/flows/new", &fields).await;
    bench.stage("Opening").await;
    bench.task("opening", ("before", "0"), "Look", "person").await;
    let mut other = bench.app.staff("other@northwind.example", &[Builtin::Admin]).await;
    let of_look = format!("{EDIT}?task=opening.look");
    other.get(&of_look).await.is(200);
    let quick = [
        ("act", "task"),
        ("task", "opening.look"),
        ("tab", "task"),
        ("title", "Look closely"),
        ("name", "look"),
        ("does", "person"),
        ("role", "legal"),
        ("mandatory", "yes"),
    ];
    bench.step(&quick).await.is(200).shows("Look closely");
    let slow = [
        ("act", "task"),
        ("task", "opening.look"),
        ("tab", "task"),
        ("title", "Look twice"),
        ("name", "look"),
        ("does", "person"),
        ("role", "steward"),
        ("deadline", "7"),
        ("mandatory", "yes"),
    ];
    let answer = other.send(EDIT, &slow).await;
    answer.is(409).shows("Somebody else changed the flow meanwhile").shows("value=\"Look twice\"");
    answer.shows("Look closely");
    let saved = other.send(EDIT, &slow).await;
    assert_eq!(saved.status, 303, "{}", saved.text());

    // One step back, and forth again.
    step(&mut other, &[("act", "undo")]).await.is(200).shows("taken back");
    other.get(&of_look).await.is(200).shows("value=\"Look closely\"");
    let moved = other.send(EDIT, &[("act", "delete"), ("task", "opening.look"), ("hash", "00")]).await;
    moved.is(409).shows("nothing was done");
    let log = bench.admin.get("/console/log").await;
    log.is(200).shows("Flow access-by-hand, version 1, draft changed").shows("begun as a draft");
}

#[tokio::test]
async fn what_is_wrong_stands_where_it_is() {
    let mut bench = Bench::start().await;
    bench.admin.get("/console/flows/new").await.is(200);
    bench.admin.send("/console/flows/new", &[("title", "Access by hand"), ("name", "")]).await;
    bench.stage("Opening").await;
    bench.task("opening", ("before", "0"), "Collect", "operation:collect").await;
    let page = bench.admin.get(&format!("{EDIT}?task=opening.collect")).await;
    page.is(200).shows("erify_identity must come before it").shows("Collect, in Opening");
    page.shows("t must end in a reply to the person");
    let path = "/console/flows/access-by-hand/publish";
    bench.admin.get(path).await.is(200).shows("It can't be published yet").shows("Collect, in Opening");
    bench.admin.send(path, &[]).await.is(409).shows("It can't be published yet");
    let wrong = [
        ("act", "task"),
        ("task", "opening.collect"),
        ("tab", "task"),
        ("title", ""),
        ("name", "collect"),
        ("does", "operation:collect"),
        ("deadline", "soon"),
        ("schedule", "tomorrow"),
        ("condition", "country =="),
    ];
    let answer = bench.step(&wrong).await;
    answer.is(422).shows("Enter a name of at most 100 characters").shows("Enter a whole number");
    answer.shows("A rule has five parts").shows("The condition can't be read").shows("country ==");
}

#[tokio::test]
async fn a_file_becomes_a_draft_or_says_line_by_line_what_is_wrong() {
    let mut bench = Bench::start().await;
    let admin = &mut bench.admin;
    let file = admin.get("/console/flows/access/file").await;
    file.is(200);
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"access.yml\"");
    admin.get("/console/flows/import").await.is(200);
    let broken = file.text().replace("operation: collect", "operation: colect");
    admin.send("/console/flows/import", &[("text", &broken)]).await.is(422).shows("line:17").shows("colect");
    let other = file.text().replace("deadline: 5 working_days", "deadline: 3 working_days");
    admin
        .send("/console/flows/import", &[("text", &other)])
        .await
        .leads_to("/console/flows/access/edit?told=imported");
    admin
        .get("/console/flows/access/compare")
        .await
        .is(200)
        .shows("5 working days")
        .shows("3 working days")
        .shows("Look through what was found");
    admin.get("/console/flows/access/copy?version=1").await.is(200);
    let copy = [("title", "Access"), ("name", "access")];
    admin.send("/console/flows/access/copy", &copy).await.is(422).shows("Another flow has this name");
    let copy = [("title", "Access in haste"), ("name", "")];
    admin
        .send("/console/flows/access/copy", &copy)
        .await
        .leads_to("/console/flows/access-in-haste/edit?told=copied");
    // A draft nothing uses can go.
    admin.get("/console/flows/access-in-haste").await.is(200);
    admin
        .send("/console/flows/access-in-haste", &[("act", "drop"), ("version", "1")])
        .await
        .leads_to("/console/flows?told=dropped");
    admin.get("/console/flows/access-in-haste").await.is(404);
}

#[tokio::test]
async fn laws_calendars_and_definitions_say_what_they_hold() {
    let mut bench = Bench::start().await;
    let admin = &mut bench.admin;
    admin.get("/console/laws").await.is(200).shows("UK GDPR").shows("England and Wales");
    let law = admin.get("/console/laws/uk-gdpr?received=2027-01-31&right=access&calendar=GB-EW").await;
    law.is(200).shows("Monday 1 March 2027").shows("Art. 15").shows("Received on");
    admin.get("/console/laws/uk-gdpr?received=never").await.is(200).shows("Enter a date");
    admin.get("/console/calendars/GB-EW?year=2027").await.is(200).shows("Good Friday");
    admin.get("/console/definitions?kind=role").await.is(200).shows("legal").shows("Came with Habeas");
    admin.get("/console/definitions/role/legal").await.is(200).shows("title: Legal").shows("SHA-256");
    admin.get("/console/definitions/role/nobody").await.is(404);
}

/// A form has room for fifteen entries: what has more is not cut to what the form sent.
#[tokio::test]
async fn a_task_with_more_entries_than_a_form_takes_keeps_them_all() {
    let mut bench = Bench::start().await;
    let admin = &mut bench.admin;
    let asks: Vec<String> =
        (0..16).map(|n| format!("{{ name: q{n}, label: Question {n}, type: text }}")).collect();
    let text = format!(
        "flow: access-by-hand\ntitle: Access by hand\nstages:\n  - key: opening\n    title: Opening\n    tasks:\n      \
         - {{ key: look, title: Look, role: legal, asks: [{}] }}\n",
        asks.join(", ")
    );
    admin.get("/console/flows/import").await.is(200);
    admin.send("/console/flows/import", &[("text", &text)]).await.leads_to(&format!("{EDIT}?told=imported"));
    let asked = [
        ("act", "task"),
        ("task", "opening.look"),
        ("tab", "asked"),
        ("label_0", "Another question"),
        ("name_0", "q0"),
        ("type_0", "text"),
    ];
    bench.step(&asked).await.is(409).shows("more entries than a form takes");
    let mut tx = bench.app.store.begin().await.unwrap();
    let draft = tx.lookup_draft("flow", "access-by-hand").await.unwrap().expect("a draft");
    assert!(draft.text.contains("Question 15") && !draft.text.contains("Another question"), "{}", draft.text);
}

/// Whoever keeps flows in git finds them there as they are: a draft begun before goes past no file.
#[tokio::test]
async fn a_draft_of_a_flow_that_came_to_be_kept_in_git_is_neither_changed_nor_published() {
    let mut bench = Bench::start().await;
    let admin = &mut bench.admin;
    let text = admin.get("/console/flows/access/file").await.text().clone();
    let text = text.replace("flow: access\n", "flow: access-by-hand\n");
    admin.get("/console/flows/import").await.is(200);
    admin.send("/console/flows/import", &[("text", &text)]).await.leads_to(&format!("{EDIT}?told=imported"));
    let of_git = text.replace("5 working_days", "4 working_days");
    let mut tx = bench.app.store.begin().await.unwrap();
    let (kind, name, owner, actor) = ("flow", "access-by-hand", Owner::Git, Actor::System);
    tx.import(NewText { kind, name, text: &of_git, owner, actor }).await.unwrap();
    tx.commit().await.unwrap();
    bench.step(&[("act", "flow"), ("title", "Other")]).await.is(409).shows("kept in git");
    let publish = "/console/flows/access-by-hand/publish";
    bench.admin.get(publish).await.is(200);
    bench.admin.send(publish, &[]).await.is(409).shows("kept in git");
    let mut tx = bench.app.store.begin().await.unwrap();
    let in_force = tx.lookup_definition_in_force("flow", "access-by-hand").await.unwrap().expect("a flow");
    assert_eq!(in_force.text, of_git);
}
