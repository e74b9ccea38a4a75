//! S2 in a browser: a person asks, Legal and the case owner decide, and the person fetches the reply or reads why not.

use habeas_core::access::Builtin;
use habeas_core::request::Status;

use crate::console::house::{ANABELLE, Filed, House};
use crate::flows::fulfil::{screen, start, to_legal};
use crate::support::browser::Browser;

/// Returns the code in the newest mail to the person that has one.
async fn code(house: &House) -> String {
    let mails = house.store().read().await.unwrap().list_mails(100).await.unwrap();
    let text = |content: &serde_json::Value| {
        let is_hers = content["to"] == ANABELLE;
        is_hers.then(|| content["text"].as_str().unwrap_or_default().to_owned())
    };
    let texts: Vec<String> = mails.iter().filter_map(|mail| text(mail.content.as_ref()?)).collect();
    let is_code = |word: &&str| word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_digit());
    let found = texts.iter().find_map(|text| text.split_whitespace().find(is_code));
    found.expect("a code").to_owned()
}

/// Asks for a copy in the portal with the two fields there are, and proves who asks.
async fn ask(person: &Browser, house: &House, url: &str) -> Filed {
    person.open(url).await;
    person.go("Get a copy from the press").await;
    let fields =
        person.driver.execute("return document.querySelectorAll('[name^=answer_]').length", Vec::new());
    assert_eq!(fields.await.unwrap().json(), &serde_json::json!(2), "equal labels are one field");
    person.send("Continue", &[("answer_0", ANABELLE), ("answer_1", "move")]).await;
    person.says("I change the service").await;
    person.send("Send the request", &[]).await;
    person.says("Your request is in").await;
    person.says("You hear from us by").await;
    person.ensure_accessible("sent").await;
    let text = person.text().await;
    let mut words = text.split_whitespace();
    let reference = words.find(|word| word.starts_with("HB-") && word.len() == 12).expect("a reference");
    house.world.run().await;
    let mails = house.world.mails_to(ANABELLE).await;
    assert!(mails.iter().any(|subject| subject.contains(reference)), "a receipt names it: {mails:?}");
    person.go("Enter the code").await;
    person.send("Continue", &[("code", &code(house).await)]).await;
    house.world.run().await;
    let id = house.world.id_of(reference).await;
    Filed { id, reference: reference.to_owned() }
}

#[tokio::test]
async fn s2_legal_and_the_case_owner_complete_and_the_person_fetches_the_reply() {
    let house = start().await;
    let url = house.serve().await;
    let person = Browser::start().await;
    let filed = ask(&person, &house, &url).await;
    screen(&house, &filed).await;

    let staff = Browser::start().await;
    let legal = house.staff("legal", &[Builtin::Steward]).await;
    staff.become_staff(&url, &legal).await;
    staff.open(&format!("{url}/console/tasks")).await;
    staff.go("Legal review").await;
    for shown in ["Extract reason", "I change the service", "Address given", "File"] {
        staff.says(shown).await;
    }
    staff.send("Add the note", &[("note", "Two sources, both complete")]).await;
    staff.says("Two sources, both complete").await;
    // Nobody completes what they haven't taken, and what was given back is free.
    staff.hides("Complete it").await;
    staff.send("Take it", &[]).await;
    staff.says("Complete it").await;
    staff.ensure_accessible("a task that was taken").await;
    staff.send("Release it", &[]).await;
    staff.says("The task is free again").await;
    staff.send("Take it", &[]).await;
    staff.send("Complete", &[]).await;
    house.world.run().await;

    let owner = house.staff("owner", &[Builtin::CaseOwner]).await;
    staff.become_staff(&url, &owner).await;
    staff.open(&format!("{url}{}", filed.path(""))).await;
    staff.says("Case owner review").await;
    staff.open(&format!("{url}{}", filed.task("review.owner"))).await;
    staff.send("Take it", &[]).await;
    staff.send("Complete", &[]).await;
    house.world.run().await;
    assert_eq!(house.request(&filed).await.status, Status::Completed);
    staff.close().await;

    person.open(&format!("{url}/my")).await;
    person.says("Our reply is ready").await;
    person.go("Open the reply").await;
    person.ensure_accessible("the reply").await;
    let files = tempfile::tempdir().unwrap();
    person.download_to(files.path()).await;
    person
        .driver
        .execute(
            "[...document.querySelectorAll('main a')].find((at) => at.textContent.trim()\
        .startsWith('Download')).click()",
            Vec::new(),
        )
        .await
        .unwrap();
    person.await_file(&files.path().join(format!("{}.zip", filed.reference))).await;
    person.close().await;
    assert_eq!(house.store().verify().await.expect("a check"), []);
}

#[tokio::test]
async fn s2_a_rejection_needs_its_reason_a_second_steward_waits_and_the_person_reads_why() {
    let house = start().await;
    let url = house.serve().await;
    let filed = to_legal(&house).await;
    let staff = Browser::start().await;
    let legal = house.staff("legal", &[Builtin::Steward]).await;
    staff.become_staff(&url, &legal).await;
    staff.open(&format!("{url}{}", filed.task("review.legal"))).await;
    staff.send("Take it", &[]).await;
    staff.send("Reject", &[("reason", "")]).await;
    staff.says("Say why it is rejected").await;
    staff.ensure_accessible("a rejection without its reason").await;
    staff.send("Reject", &[("reason", "an invoice is missing")]).await;
    house.world.run().await;

    // What Legal said goes to the case owner; what was typed is kept for later.
    let owner = house.staff("owner", &[Builtin::CaseOwner]).await;
    let task = format!("{url}{}", filed.task("review.owner"));
    staff.become_staff(&url, &owner).await;
    staff.open(&task).await;
    staff.says("an invoice is missing").await;
    staff.send("Take it", &[]).await;
    staff.send("Save for later", &[("remark", "Ask the desk first")]).await;
    staff.says("Saved for later").await;
    staff.open(&task).await;
    let kept = staff.driver.execute("return document.querySelector('[name=remark]').value", Vec::new());
    assert_eq!(kept.await.unwrap().json(), "Ask the desk first");

    // A second one of the team sees who has it, and can't take it.
    let other = house.staff("other", &[Builtin::CaseOwner]).await;
    staff.become_staff(&url, &other).await;
    staff.open(&task).await;
    staff.says("taken by owner").await;
    staff.says("Only who has taken the task can complete it").await;
    staff.hides("Take it").await;

    staff.become_staff(&url, &owner).await;
    staff.open(&task).await;
    let why = [("reason", "not her"), ("reject-told", "We could not be sure it is you")];
    staff.send("Reject", &why).await;
    house.world.run().await;
    staff.open(&format!("{url}{}", filed.path("/refuse"))).await;
    let refusal = [("ground", "identity_not_verified"), ("explanation", "We are not sure it is you.")];
    staff.send("Refuse and send the letter", &refusal).await;
    house.world.run().await;
    assert_eq!(house.request(&filed).await.status, Status::Refused);
    staff.close().await;

    // The person reads the reason and what they can do; no data leaves.
    let person = Browser::start().await;
    person.open(&format!("{url}/sign-in")).await;
    person.send("Send me a code", &[("reference", &filed.reference), ("email", ANABELLE)]).await;
    house.world.run().await;
    person.send("Continue", &[("code", &code(&house).await)]).await;
    person.open(&format!("{url}/my")).await;
    for said in ["We could not be sure it is you", "We are not sure it is you.", "Information Commissioner"] {
        person.says(said).await;
    }
    person.hides("an invoice is missing").await;
    person.hides("Open the reply").await;
    person.ensure_accessible("a refused request").await;
    person.close().await;
}
