//! The pages that only show: tabs, outbox, log, first steps.

use habeas_core::access::Builtin;

use super::house::{ANABELLE, House};

#[tokio::test]
async fn every_tab_of_a_request_tells_its_part() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    for (tab, shows) in [
        ("", vec!["Request received", "Identity proven", "Monday 1 March 2027", "In progress"]),
        ("/data", vec!["Records", "Choose a record"]),
        (
            "/tasks",
            vec!["Access to personal data", "Look through what was found", "Make the archive", "To come"],
        ),
        ("/messages", vec!["Nobody has written yet"]),
        ("/decisions", vec!["No decisions yet"]),
        ("/documents", vec!["What was found", "Sealed"]),
        ("/log", vec!["is whole", "Request received", "received"]),
    ] {
        let page = officer.get(&filed.path(tab)).await;
        page.is(200);
        for words in shows {
            page.shows(words);
        }
    }
    for wrong in
        ["/console/requests/HB-0000-0000", "/console/requests/nonsense", "/console/tasks/HB-0000-0000.a.b"]
    {
        officer.get(wrong).await.is(404);
    }
}

#[tokio::test]
async fn what_mails_say_is_shown_in_demonstrations_only() {
    for shows in [true, false] {
        let house = House::start_with(|options| options.shows_outbox = shows).await;
        let filed = house.file("access", ANABELLE).await;
        let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
        let list = officer.get("/console/outbox").await;
        list.is(200).shows(&filed.reference);
        let text = list.text();
        let first = text.split_once("/console/outbox/").expect("a mail").1.split_once('"').unwrap().0;
        let mail = officer.get(&format!("/console/outbox/{first}")).await;
        mail.is(200);
        if shows {
            list.shows(ANABELLE);
            mail.shows("One more step").shows(&filed.reference);
        } else {
            list.hides(ANABELLE).shows("a…@email.com");
            mail.hides(ANABELLE).shows("may hold codes");
        }
        officer.get("/console/outbox/nonsense").await.is(404);
    }
}

#[tokio::test]
async fn the_log_is_shown_and_checked_when_asked() {
    let house = House::start().await;
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    officer.get("/console/log").await.is(200).shows("not checked yet").shows("published");
    officer.get("/console/log?check=yes").await.is(200).shows("is whole, checked");
    let mut admin = house.staff("admin", &[Builtin::Admin]).await;
    admin.get("/console/checklist").await.is(200).shows("First data source").shows("of 6 done");
    admin.get("/console/sources/billing").await.is(200).shows("Never read");
    admin.get("/console/sources/nothing").await.is(404);
}
