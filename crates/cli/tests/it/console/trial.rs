//! A flow tried out in the console: what comes of sample answers, and what is said of wrong ones.

use habeas_core::access::Builtin;

use crate::support::app::TestApp;
use crate::support::visitor::{Answer, Visitor};

const TRY: &str = "/console/flows/access/try";

/// The answers of somebody who changes nothing of the form.
const USUAL: [(&str, &str); 12] = [
    ("under", "law:uk-gdpr"),
    ("right", "access"),
    ("received", "2027-01-29"),
    ("days", "120"),
    ("country", "GB"),
    ("relation", "customer"),
    ("proves_after", "1"),
    ("answers_after", "24"),
    ("withdraws_after", "never"),
    ("records", "12"),
    ("decides", "nothing"),
    ("decides_after", "24"),
];

/// Sends the usual answers but for some, which stand in their place or behind them.
async fn attempt(staff: &mut Visitor, others: &[(&str, &str)]) -> Answer {
    staff.get(TRY).await.is(200).shows("Sample answers");
    let kept = USUAL.iter().filter(|(name, _)| others.iter().all(|(other, _)| other != name));
    let fields: Vec<(&str, &str)> = kept.chain(others).copied().collect();
    staff.send(TRY, &fields).await
}

#[tokio::test]
async fn a_flow_is_tried_out_with_dates_mails_and_an_end() {
    let app = TestApp::start().await;
    let mut admin = app.staff("admin@northwind.example", &[Builtin::Admin]).await;
    admin.get("/console/flows/access").await.is(200).shows("Try it out");
    let tasks = [("does_0", "complete"), ("after_0", "24")];
    let answer = attempt(&mut admin, &tasks).await;
    // The 29th of January has no day of its own in February: the last one counts, and it is a Sunday.
    answer.is(200).shows("Answered in full").shows("Monday 1 March 2027").shows("Art. 12(3)");
    answer
        .shows("Mail to the person: receipt")
        .shows("Hello Ada Lovelace")
        .shows("Look through what was found");
    answer.hides("What must not happen");
    // The answers are still there, to change them and try again.
    answer.shows("Change the answers").shows("value=\"2027-01-29\"");

    // Nothing of it was stored or sent.
    admin.get("/console/requests").await.is(200).hides("Lovelace");
    app.verify().await;
}

#[tokio::test]
async fn other_answers_come_to_other_ends() {
    let app = TestApp::start().await;
    let mut admin = app.staff("admin@northwind.example", &[Builtin::Admin]).await;
    let tasks = [("does_0", "complete"), ("after_0", "24")];
    for (others, ends) in [
        (vec![("does_0", "never"), ("after_0", "24")], "Still open when the trial ended"),
        ([tasks.as_slice(), &[("proves_after", "never")]].concat(), "somebody of the staff must decide"),
        ([tasks.as_slice(), &[("withdraws_after", "24")]].concat(), "Taken back by the person"),
        ([tasks.as_slice(), &[("fails_0", "yes")]].concat(), "somebody of the staff must decide"),
        ([tasks.as_slice(), &[("fails_0", "yes"), ("decides", "refuse")]].concat(), "Refused on"),
        ([tasks.as_slice(), &[("fails_0", "yes"), ("decides", "go_on")]].concat(), "Answered in full"),
        ([tasks.as_slice(), &[("records", "0")]].concat(), "Answered in full"),
        (vec![("does_0", "complete"), ("after_0", "900")], "after the legal date"),
    ] {
        let answer = attempt(&mut admin, &others).await;
        answer.is(200).shows(ends).hides("What must not happen");
    }
}

#[tokio::test]
async fn wrong_answers_are_said_and_readers_may_try_too() {
    let app = TestApp::start().await;
    let mut auditor = app.staff("auditor@northwind.example", &[Builtin::Auditor]).await;
    let tasks = [("does_0", "complete"), ("after_0", "24")];
    let wrong =
        [tasks.as_slice(), &[("received", "soon"), ("days", "many"), ("under", "law:atlantis")]].concat();
    let answer = attempt(&mut auditor, &wrong).await;
    answer.is(422).shows("Enter a date such as 2027-01-31").shows("Enter a whole number of at most 800");
    answer.shows("Choose an activity or a law").shows("value=\"soon\"");
    // A calendar has its years: a date outside of them is told, not guessed.
    let far = [tasks.as_slice(), &[("received", "2190-01-01")]].concat();
    attempt(&mut auditor, &far).await.is(422).shows("It can't be tried with these answers");
    auditor.get("/console/flows/access/try?version=99").await.is(404);
    auditor.get("/console/flows/nothing/try").await.is(404);
}
