//! The list, the search, the mask, and the acts on a request.

use habeas_core::access::Builtin;
use habeas_core::request::Status;

use super::house::{ANABELLE, Filed, House};

#[tokio::test]
async fn requests_are_found_exactly_and_by_nothing_in_the_address() {
    let house = House::start().await;
    let first = house.file("access", ANABELLE).await;
    let second = house.file("access", "aleena@example.org").await;
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    officer.get("/console/requests").await.is(200).shows(&first.reference).shows(&second.reference);
    let lower = first.reference.to_lowercase();
    for (term, finds) in [
        ("Anabelle.Deleon@email.com", true),
        ("anabelle", false),
        (lower.as_str(), true),
        ("+1 (234) 567-6789", true),
        ("999", false),
    ] {
        officer.get("/console/requests").await;
        let answer = officer.send("/console/requests", &[("search", term)]).await;
        answer.is(200).shows(term);
        if finds {
            answer.shows(&first.reference)
        } else {
            answer.hides(&first.reference)
        };
    }
    // Who doesn't see persons finds none by their address; by the reference they do.
    let mut auditor = house.staff("auditor", &[Builtin::Auditor]).await;
    auditor.get("/console/requests").await;
    auditor.send("/console/requests", &[("search", ANABELLE)]).await.is(200).hides(&first.reference);
    auditor.send("/console/requests", &[("search", &lower)]).await.is(200).shows(&first.reference);
    assert_eq!(house.world.installation.store.verify().await.unwrap(), []);
}

#[tokio::test]
async fn the_list_is_narrowed_by_its_address() {
    let house = House::start().await;
    let waiting = house.file("access", "aleena@example.org").await;
    let running = house.gather("access").await;
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    for (query, shows_waiting, shows_running) in [
        ("", true, true),
        ("?status=awaiting_verification", true, false),
        ("?status=in_progress", false, true),
        ("?owner=nobody", true, true),
        ("?owner=me", false, false),
        ("?closed=yes", false, false),
        ("?due=overdue", false, false),
        ("?attention=yes", false, false),
        ("?status=%27%3B--&page=99999999&sort=-nonsense", false, false),
        ("?law=uk-gdpr&right=access&sort=-received", true, true),
    ] {
        let page = officer.get(&format!("/console/requests{query}")).await;
        page.is(200);
        let has = |filed: &Filed| page.text().contains(&filed.reference);
        assert_eq!((has(&waiting), has(&running)), (shows_waiting, shows_running), "{query}");
    }
}

#[tokio::test]
async fn who_asks_is_masked_and_revealing_it_is_kept() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let mut auditor = house.staff("auditor", &[Builtin::Auditor]).await;
    for path in
        ["/console", "/console/requests", &filed.path(""), &filed.path("/log"), &filed.path("/messages")]
    {
        auditor.get(path).await.is(200).hides("Deleon").hides(ANABELLE).hides("Everything since 2024");
    }
    assert_eq!(house.noted("subject_revealed").await, 0);
    auditor.get(&filed.path("")).await.shows("A… D…");
    let revealed = auditor.send(&filed.path("/reveal"), &[]).await;
    revealed.is(200).shows("Anabelle Deleon").shows("The log keeps");
    assert_eq!(house.noted("subject_revealed").await, 1);
    auditor.get(&filed.path("")).await.is(200).hides("Deleon");
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    officer.get(&filed.path("")).await.is(200).shows("Anabelle Deleon").shows("Everything since 2024");
    officer.get("/console/log").await.is(200).shows("Looked at who asks").shows("auditor");
}

#[tokio::test]
async fn a_request_is_given_to_somebody_and_taken_by_oneself() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let owner = house.add_user("owner", &[Builtin::CaseOwner], None).await;
    let mut owner_visitor = house.signed_in(owner).await;
    let assign = filed.path("/assign");
    owner_visitor.get(&assign).await.is(200).shows("owner").hides("Nobody");
    let chosen = owner.to_string();
    owner_visitor.send(&assign, &[("owner", &chosen)]).await.leads_to(&filed.path("?told=assigned"));
    assert_eq!(house.request(&filed).await.owner, Some(owner));
    owner_visitor.get("/console/requests?owner=me").await.shows(&filed.reference);
    // To take it from somebody needs a role that assigns.
    owner_visitor.get(&assign).await.is(200);
    owner_visitor.send(&assign, &[("owner", "nobody")]).await.is(404);
    let mut supervisor = house.staff("supervisor", &[Builtin::Supervisor]).await;
    supervisor.get(&assign).await.is(200).shows("1 open request");
    supervisor.send(&assign, &[("owner", "somebody else")]).await.is(422).shows("Choose somebody");
    supervisor.send(&assign, &[("owner", "nobody")]).await.leads_to(&filed.path("?told=assigned"));
    assert_eq!(house.request(&filed).await.owner, None);
}

#[tokio::test]
async fn a_privacy_officer_who_decides_is_told_what_the_law_may_see_in_it() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let conflict = "Art. 38(6)";
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    officer.get(&filed.path("/refuse")).await.is(200).shows(conflict);
    let task = filed.task("review.data");
    officer.get(&task).await.is(200);
    officer.send(&format!("{task}/take"), &[]).await.leads_to(&format!("{task}?told=taken"));
    officer.get(&task).await.is(200).shows(conflict);
    let mut owner = house.staff("owner", &[Builtin::CaseOwner]).await;
    owner.get(&filed.path("/refuse")).await.is(200).hides(conflict);
}

#[tokio::test]
async fn more_time_is_what_the_law_gives_once_with_a_reason_told() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let mut owner = house.staff("owner", &[Builtin::CaseOwner]).await;
    let extend = filed.path("/extend");
    let page = owner.get(&extend).await;
    // Received on 31 January 2027: a month is 1 March, three months end on a Friday.
    page.is(200).shows("Monday 1 March 2027").shows("Friday 30 April 2027").shows("Art. 12A");
    owner.send(&extend, &[]).await.is(422).shows("Choose a ground").shows("Explain it");
    let typed = [("ground", "0"), ("explanation", "Your data is in eleven archives.")];
    owner.send(&extend, &typed).await.leads_to(&filed.path("?told=extended"));
    house.world.run().await;
    let request = house.request(&filed).await;
    assert_eq!(request.due.unwrap().on.unwrap().to_string(), "2027-04-30");
    let reason = request.extension_reason.unwrap();
    assert!(reason.reveal().contains("Complexity of the request (Art. 12A). Your data is in eleven"));
    owner.get(&extend).await.is(200).shows("It was extended already");
    owner.get(&filed.path("/refuse")).await;
    let again = [("ground", "0"), ("explanation", "Once more.")];
    owner.send(&extend, &again).await.is(409).shows("The law allows no extension now");
    owner.get(&filed.path("/decisions")).await.shows("Extended").shows("eleven archives");
}

#[tokio::test]
async fn staff_write_to_the_person_and_notes_stay_inside() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    let tab = filed.path("/messages");
    officer.get(&tab).await.is(200);
    officer.send(&tab, &[("text", "")]).await.is(422).shows("Write something");
    officer
        .send(&tab, &[("text", "We look for your old account.")])
        .await
        .leads_to(&format!("{tab}?told=sent"));
    officer.get(&tab).await;
    officer
        .send(&filed.path("/notes"), &[("note", "She has two accounts")])
        .await
        .leads_to(&format!("{tab}?told=noted"));
    officer.get(&tab).await.shows("We look for your old account.").shows("She has two accounts");
    let messages = house.request(&filed).await.messages;
    assert_eq!(messages.iter().map(|message| message.is_internal).collect::<Vec<_>>(), [false, true]);
    house.world.run().await;
    let mails = house.world.mails_to(ANABELLE).await;
    assert_eq!(mails.len(), 3, "receipt, code, one message: {mails:?}");
}

#[tokio::test]
async fn what_was_never_verified_is_closed_by_a_person_with_a_ground() {
    let house = House::start().await;
    let filed = house.file("access", ANABELLE).await;
    for _ in 0..12 {
        house.world.clock.advance_days(1);
        house.world.run().await;
    }
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    officer.get("/console/requests?attention=yes").await.shows(&filed.reference);
    officer.get(&filed.path("")).await.is(200).shows("Identity was not proven in time");
    let close = filed.path("/close");
    let page = officer.get(&close).await;
    page.is(200).shows("Close it as not verified?").shows("Art. 12(6)").hides("manifestly unfounded");
    officer.send(&close, &[("ground", "unfounded_or_excessive")]).await.is(422).shows("Choose a ground");
    let typed = [("ground", "identity_not_verified"), ("explanation", "You can ask again at any time.")];
    officer.send(&close, &typed).await.leads_to(&filed.path("?told=refused"));
    assert_eq!(house.request(&filed).await.status, Status::Refused);
    officer.get(&close).await.is(404);
}

#[tokio::test]
async fn a_second_tab_that_comes_too_late_is_told_so() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    let mut tab = officer.clone();
    let refuse = filed.path("/refuse");
    officer.get(&refuse).await;
    tab.get(&refuse).await;
    let typed = [("ground", "unfounded_or_excessive"), ("explanation", "The same was answered last week.")];
    officer.send(&refuse, &typed).await.leads_to(&filed.path("?told=refused"));
    let late = tab.send(&refuse, &typed).await;
    late.is(409).shows("The request is closed").shows("The same was answered last week.");
}
