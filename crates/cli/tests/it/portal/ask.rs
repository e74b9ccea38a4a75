//! Asking: the form, the look over it, the sending.

use jiff::SignedDuration;

use crate::support::app::{ADA, GRACE, TestApp, enter_code, file_by};

#[tokio::test]
async fn a_person_asks_proves_who_they_are_and_sees_the_request() {
    let app = TestApp::start().await;
    let mut person = app.visitor();
    person.get("/").await.is(200).shows("Get a copy of my data").shows("one month").hides("Not offered");

    let (mut person, reference) = app.file_request("access", ADA).await;
    // Received on 31 January: February has no such day, and its last is a Sunday.
    person.page.shows("Monday 1 March 2027").shows("a…@example.org").hides("ada.lovelace");
    assert_eq!(app.read_mail(&reference, "receipt").await.to, "ada.lovelace@example.org");

    let code = app.read_code(&reference).await;
    enter_code(&mut person, "/verify", &code).await.leads_to("/my");
    person.get("/my").await.is(200).shows(&reference).shows("Monday 1 March 2027");
    assert_eq!(app.count_events(&reference, "verified").await, 1);
    app.run_jobs().await;
    person.get("/my").await.shows("A person is looking over what was found.");
    app.verify().await;
}

#[tokio::test]
async fn what_was_typed_is_kept_until_it_is_right() {
    let app = TestApp::start().await;
    let mut person = app.visitor();
    person.get("/ask/access").await;
    let wrong =
        [("given_name", "Ada"), ("email", "ada@"), ("description", "All <b>orders</b>"), ("step", "review")];
    let answer = person.send("/ask/access", &wrong).await;
    answer.is(422).shows("There is a problem").shows("like name@example.org").shows("Choose the country");
    answer.shows("value=\"Ada\"").shows("value=\"ada@\"").shows("All <b>orders</b>");
    assert!(!answer.text().contains("<b>orders"), "markup is shown as text");
    assert_eq!(app.request_count().await, 0);

    let answer = person.send("/ask/access", &[ADA, &[("step", "review")]].concat()).await;
    answer.is(200).shows("Check before you send").shows("United Kingdom").shows("A customer or user");
    let answer = person.send("/ask/access", &[("step", "change")]).await;
    answer.is(200).shows("value=\"Lovelace\"");
    assert_eq!(app.request_count().await, 0);
}

/// S2: equal labels are one field.
#[tokio::test]
async fn the_form_shows_the_flows_own_questions_once() {
    let app = TestApp::start().await;
    let mut person = app.visitor();
    let page = person.get("/ask/questions").await.is(200).text();
    assert_eq!(page.matches("What is your email address?").count(), 1);
    assert_eq!(page.matches("name=\"answer_").count(), 2);

    let fields = [ADA, &[("answer_0", "ada@other.example"), ("answer_1", "I am curious.")]].concat();
    let (_, reference) = app.file_request("questions", &fields).await;
    let request = app.request(&reference).await;
    let answers = &request.subject.reveal().answers;
    assert_eq!(answers["What is your email address?"], "ada@other.example");
    assert_eq!(answers["Why do you ask?"], "I am curious.");
}

#[tokio::test]
async fn hostile_answers_are_refused_with_words_and_nothing_is_kept() {
    let app = TestApp::start().await;
    let long = "x".repeat(101);
    let check = async |field: &str, value: &str, words: &str| {
        let mut person = app.visitor();
        person.get("/ask/access").await;
        let fields = [ADA, &[(field, value), ("step", "send")]].concat();
        person.send("/ask/access", &fields).await.is(422).shows(words);
        assert_eq!(app.request_count().await, 0, "{field}={value:?}");
    };
    check("given_name", "<script>alert(1)</script>", "without < and >").await;
    check("given_name", &long, "at most 100").await;
    check("email", "ada@example.org\r\nBcc: eve@example.org", "like name@example.org").await;
    check("email", "ada@example.org, eve@example.org", "like name@example.org").await;
    check("country", "Atlantis", "from the list").await;
    check("relation", "admin", "from the list").await;
    check("phone", "'; DROP TABLE requests; --", "phone number").await;
    check("language", "en\u{0}", "from the list").await;
}

#[tokio::test]
async fn a_form_that_is_too_large_is_refused() {
    let app = TestApp::start().await;
    let mut person = app.visitor();
    person.get("/ask/access").await;
    let huge = "x".repeat(70_000);
    person.send("/ask/access", &[("description", &huge)]).await.is(413).shows("larger than 64 KB");
    let many: Vec<(String, String)> = (0..300).map(|n| (format!("field_{n}"), "x".to_owned())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    person.get("/ask/access").await;
    person.send("/ask/access", &many).await.is(413);
    assert_eq!(app.request_count().await, 0);
}

#[tokio::test]
async fn fields_the_form_does_not_have_change_nothing() {
    let app = TestApp::start().await;
    let more = [("status", "completed"), ("verified_at", "2027-01-01T00:00:00Z"), ("law", "us-ca")];
    let (_, reference) = app.file_request("access", &[ADA, &more].concat()).await;
    let request = app.request(&reference).await;
    assert!(request.verified_at.is_none());
    assert_eq!(request.terms.law, "uk-gdpr");
}

#[tokio::test]
async fn a_form_sent_twice_is_one_request() {
    let app = TestApp::start().await;
    let mut person = app.visitor();
    person.get("/ask/access").await;
    person.send("/ask/access", &[ADA, &[("step", "review")]].concat()).await.is(200);
    let review = person.page.clone();
    let mut references = Vec::new();
    for _ in 0..3 {
        person.page = review.clone();
        person.send("/ask/access", &[("step", "send")]).await.leads_to("/sent");
        references.push(person.get("/sent").await.reference());
    }
    assert_eq!(app.request_count().await, 1);
    references.dedup();
    assert_eq!(references.len(), 1);
}

#[tokio::test]
async fn a_form_left_open_for_hours_loses_nothing() {
    let app = TestApp::start().await;
    let mut person = app.visitor();
    person.get("/ask/access").await;
    person.send("/ask/access", &[ADA, &[("step", "review")]].concat()).await.is(200);
    app.clock.advance(SignedDuration::from_mins(121));
    let again = person.send("/ask/access", &[("step", "send")]).await;
    again.is(422).shows("open for a long time").shows("Lovelace");
    assert_eq!(app.request_count().await, 0);
    person.send("/ask/access", &[("step", "send")]).await.leads_to("/sent");
    assert_eq!(app.request_count().await, 1);
}

/// ASVS 2.4.1: without scripts the form works too, under tighter limits.
#[tokio::test]
async fn without_the_puzzle_fewer_requests_are_taken() {
    let app = TestApp::start().await;
    let mut person = app.visitor();
    let send_plain = async |name: &str, person: &mut crate::support::visitor::Visitor| {
        person.get("/ask/access").await;
        let email = format!("{name}@example.org");
        person.send("/ask/access", &[ADA, &[("email", email.as_str()), ("step", "review")]].concat()).await;
        let mut fields = person.page.hidden();
        fields.remove("pow_challenge");
        fields.extend([("pow".to_owned(), "0".to_owned()), ("step".to_owned(), "send".to_owned())]);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        person.post("/ask/access", &fields).await
    };
    for name in ["one", "two", "three"] {
        send_plain(name, &mut person).await.leads_to("/sent");
    }
    let refused = send_plain("four", &mut person).await;
    refused.is(429).shows("too many attempts");
    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 60);
    assert_eq!(app.request_count().await, 3);
    // Somebody who solved the puzzle, or calls from elsewhere, isn't held up.
    file_by(&mut person, "access", GRACE).await.is(200);
    send_plain("five", &mut app.visitor().from([203, 0, 113, 5])).await.leads_to("/sent");
    app.clock.advance(SignedDuration::from_mins(21));
    send_plain("six", &mut person).await.leads_to("/sent");
}

/// Whoever writes somebody's address into many forms neither floods them nor keeps them out, and learns nothing.
#[tokio::test]
async fn strangers_forms_neither_flood_a_mailbox_nor_keep_its_owner_out() {
    let app = TestApp::start().await;
    let mut pages = Vec::new();
    let mut mails = 0;
    for number in 0..15 {
        let mut stranger = app.visitor().from([203, 0, 113, 1 + number / 8]);
        let reference = file_by(&mut stranger, "access", ADA).await.is(200).reference();
        app.run_jobs().await;
        let page = stranger.get("/sent").await.text();
        pages.push(page.replace(&reference, "HB"));
        mails += app.mails(&reference).await.len();
    }
    assert_eq!(mails, 10 + 10, "receipts and codes");
    assert!(pages.iter().all(|page| *page == pages[0]), "the pages tell of others' requests");

    let mut ada = app.visitor().from([192, 0, 2, 44]);
    let reference = file_by(&mut ada, "access", ADA).await.is(200).reference();
    app.run_jobs().await;
    assert!(app.mails(&reference).await.is_empty(), "held back");
    assert!(app.request(&reference).await.messages.iter().any(|said| said.is_internal), "staff are told");
    app.clock.advance(SignedDuration::from_secs(61));
    ada.get("/verify").await.shows("Send a new code");
    ada.send("/verify/resend", &[]).await.leads_to("/verify");
    app.run_jobs().await;
    let code = app.read_code(&reference).await;
    enter_code(&mut ada, "/verify", &code).await.leads_to("/my");
}

/// ASVS 6.3.8: whether somebody is known shows nowhere.
#[tokio::test]
async fn known_and_unknown_people_read_the_same() {
    let app = TestApp::start().await;
    let stranger: Vec<_> = ADA
        .iter()
        .map(|(name, value)| if *name == "email" { (*name, "nobody@example.org") } else { (*name, *value) })
        .collect();
    let mut pages = Vec::new();
    for (fields, masked) in [(ADA, "a…@"), (&stranger[..], "n…@")] {
        let (mut person, reference) = app.file_request("access", fields).await;
        let page = person.get("/sent").await.text();
        let token = person.page.hidden();
        assert!(token.is_empty(), "nothing in the page differs by itself");
        pages.push(page.replace(&reference, "HB").replace(masked, "x…@"));
    }
    assert_eq!(pages[0], pages[1]);
}

#[tokio::test]
async fn what_is_not_offered_is_not_there() {
    let app = TestApp::start().await;
    let mut person = app.visitor();
    let unknown = person.get("/ask/nothing").await.is(404).text();
    assert_eq!(person.get("/ask/closed").await.is(404).text(), unknown);
    assert_eq!(person.get("/ask/..%2F..%2Fetc").await.is(404).text(), unknown);
    assert_eq!(person.get("/nowhere").await.is(404).text(), unknown);
    person.get("/").await;
    person.get("/sent").await.leads_to("/");
}

#[tokio::test]
async fn the_same_words_again_and_again_are_marked_and_proof_takes_the_mark_off() {
    let app = TestApp::start().await;
    let words = "Pursuant to the law I hereby demand a full copy of everything that you hold about me.";
    let mut references = Vec::new();
    for number in 0..12_u8 {
        let email = format!("person{number}@example.org");
        let mut fields: Vec<(&str, &str)> =
            ADA.iter().copied().filter(|(name, _)| *name != "email").collect();
        fields.extend([("email", email.as_str()), ("description", words)]);
        let mut person = app.visitor().from([198, 51, 100, number + 20]);
        references.push((file_by(&mut person, "access", &fields).await.is(200).reference(), person));
    }
    app.run_jobs().await;
    assert!(!app.request(&references[0].0).await.is_spam(), "the first are like any other");
    let (last, person) = references.last_mut().expect("a request");
    assert!(app.request(last).await.is_spam(), "and yet it is taken in");
    let code = app.read_code(last).await;
    enter_code(person, "/verify", &code).await.leads_to("/my");
    assert!(!app.request(last).await.is_spam());
    app.verify().await;
}
