//! S12, legal dates: received on Sunday 31 January 2027 in London, due on Monday 1 March; a question that
//! stops the clock, an extension told in time, weekends and holidays; the same steps to person and staff.

use habeas_core::access::Builtin;
use habeas_core::request::Status;

use crate::support::app::{ADA, TestApp, ask_code, at, enter_code};
use crate::support::command::Shell;
use crate::support::visitor::Visitor;

/// Signs the person in anew: days have passed since.
async fn signed_in(app: &TestApp, reference: &str) -> Visitor {
    let mut person = app.visitor();
    ask_code(&mut person, reference, "ada.lovelace@example.org").await;
    app.run_jobs().await;
    let code = app.read_code(reference).await;
    enter_code(&mut person, "/sign-in/code", &code).await.leads_to("/my");
    person
}

async fn due(app: &TestApp, reference: &str) -> (String, String) {
    let due = app.request(reference).await.due.unwrap();
    (due.on.map_or_else(|| "none".to_owned(), |on| on.to_string()), due.state)
}

#[tokio::test]
async fn s12_a_date_follows_the_law_through_question_and_extension_and_both_sides_see_why() {
    let app = TestApp::start().await;
    let (mut person, reference) = app.file_and_verify(ADA).await;
    assert_eq!(due(&app, &reference).await, ("2027-03-01".to_owned(), "running".to_owned()));
    let receipt = app.read_mail(&reference, "receipt").await;
    assert!(receipt.text.contains("Monday 1 March 2027"), "{}", receipt.text);
    let why = "28 February 2027 is a Sunday: the next working day is Monday 1 March 2027";
    person.get("/my").await.is(200).shows("Monday 1 March 2027").shows(why);

    // Staff see what a question would do before they send it.
    app.clock.set(at("2027-02-10T10:00:00Z"));
    let officer = app.add_user("asks@northwind.example", &[Builtin::PrivacyOfficer]).await;
    let mut staff = app.signed_in(officer).await;
    let page = format!("/console/requests/{reference}");
    let ask = format!("{page}/ask");
    staff.get(&ask).await.is(200).shows("The date waits for the answer").shows("The date runs on");
    staff.send(&ask, &[]).await.is(422).shows("Choose what it is about").shows("Write the question");
    let question =
        [("about", "clarification"), ("text", "Which years?"), ("basis", "eleven archives hold data")];
    staff.send(&ask, &question).await.leads_to(&format!("{page}?told=asked"));
    app.run_jobs().await;
    assert_eq!(due(&app, &reference).await, ("none".to_owned(), "paused".to_owned()));
    staff.get(&page).await.is(200).shows("no date now").shows("Waiting for the person");
    let mail = app.read_mail(&reference, "question").await;
    assert!(mail.text.contains("stands still") && !mail.text.contains("Which years"), "{}", mail.text);

    // The person is reminded once, answers, and the clock goes on.
    app.clock.set(at("2027-02-15T07:00:00Z"));
    app.run_jobs().await;
    assert!(app.read_mail(&reference, "question_reminder").await.subject.starts_with("Still open"));
    app.clock.set(at("2027-02-17T10:00:00Z"));
    let mut person = signed_in(&app, &reference).await;
    person.get("/my").await.is(200).shows("Which years?").shows("no date now");
    person
        .get("/my/answer")
        .await
        .is(200)
        .shows("Which years?")
        .shows("stands still until you have answered");
    person.send("/my/answer", &[("text", "")]).await.is(422).shows("Write something");
    person.send("/my/answer", &[("text", "From 2024 on")]).await.leads_to("/my?told=answered");
    app.run_jobs().await;
    // Seven days didn't count: 28 February and seven days is a Sunday.
    assert_eq!(due(&app, &reference).await, ("2027-03-08".to_owned(), "running".to_owned()));
    let mut staff = app.signed_in(officer).await;
    let steps = [
        "Asked on Wednesday 10 February 2027, answered on Wednesday 17 February 2027: 7 days not counted",
        "7 March 2027 is a Sunday: the next working day is Monday 8 March 2027",
    ];
    for step in steps {
        staff.get(&page).await.is(200).shows(step);
        person.get("/my").await.is(200).shows(step);
    }
    person.get("/my/answer").await.is(404);

    // A week before the date staff are asked to think of more time; told by then, it holds.
    app.clock.set(at("2027-03-01T07:00:00Z"));
    app.run_jobs().await;
    assert_eq!(app.count_events(&reference, "extension_proposed").await, 1);
    let mut staff = app.signed_in(officer).await;
    staff.get(&page).await.is(200).shows("The legal date is less than a week away");
    staff.get(&format!("{page}/extend")).await.is(200);
    let reason = [("ground", "0"), ("explanation", "Your data is in eleven archives.")];
    staff.send(&format!("{page}/extend"), &reason).await.leads_to(&format!("{page}?told=extended"));
    app.run_jobs().await;
    // Three months from receipt are 30 April; seven days on is a Friday.
    assert_eq!(due(&app, &reference).await, ("2027-05-07".to_owned(), "running".to_owned()));

    // Nothing closes by itself when the date passes: people are told.
    app.clock.set(at("2027-05-08T07:00:00Z"));
    app.run_jobs().await;
    assert_eq!(due(&app, &reference).await, ("2027-05-07".to_owned(), "missed".to_owned()));
    assert_eq!(app.request(&reference).await.status, Status::InProgress);
    assert_eq!(app.count_events(&reference, "due_passed").await, 1);
    app.verify().await;
}

#[test]
fn s12_the_command_gives_the_same_dates_without_a_server() {
    let shell = Shell::new();
    let date = |more: &[&str]| {
        let base = ["deadline", "--law", "uk-gdpr", "--right", "access", "--calendar", "GB-EW", "--json"];
        let args: Vec<&str> =
            base.iter().chain(["--received", "2027-01-31"].iter()).chain(more).copied().collect();
        let ran = shell.run(&args);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let answer: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        answer["due"].as_str().unwrap_or("none").to_owned()
    };
    let asked = ["--event", "clarification_requested=2027-02-10"];
    let answered = ["--event", "clarification_received=2027-02-17"];
    let extended = ["--event", "extension_notified=2027-03-01"];
    let late = ["--event", "extension_notified=2027-03-02"];
    assert_eq!(date(&[]), "2027-03-01");
    assert_eq!(date(&asked), "none");
    assert_eq!(date(&[asked, answered].concat()), "2027-03-08");
    assert_eq!(date(&[asked, answered, extended].concat()), "2027-05-07");
    assert_eq!(date(&extended), "2027-04-30");
    assert_eq!(date(&late), "2027-03-01");
}
