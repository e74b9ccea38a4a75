//! The data review: what was found, what becomes of it, and that nothing undecided leaves.

use habeas_core::access::Builtin;
use habeas_core::flow::TaskKey;
use habeas_core::request::{MarkScope, Request, Status, Verdict};

use super::house::{Filed, House};
use crate::support::visitor::{Answer, Visitor};

/// Returns the addresses of the records listed.
fn records(page: &Answer) -> Vec<String> {
    let text = page.text();
    let lines = text.split("<a data-record href=\"").skip(1);
    lines.map(|line| line.split_once('"').unwrap().0.replace("&#38;", "&").replace("&amp;", "&")).collect()
}

fn number(href: &str) -> String {
    href.split_once("record=").expect("a record").1.split(['#', '&']).next().unwrap().to_owned()
}

async fn reviewer(house: &House, filed: &Filed) -> Visitor {
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    let task = filed.task("review.data");
    officer.get(&task).await.is(200);
    officer.send(&format!("{task}/take"), &[]).await.leads_to(&format!("{task}?told=taken"));
    officer
}

async fn undecided(filed: &Filed, officer: &mut Visitor) -> Vec<String> {
    let page = officer.get(&filed.path("/data?mark=undecided")).await;
    page.is(200);
    records(&page)
}

fn verdicts(request: &Request) -> Vec<&Verdict> {
    request.marks.iter().map(|mark| &mark.verdict).collect()
}

#[tokio::test]
async fn nothing_leaves_before_every_record_of_others_is_decided_on() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let mut officer = reviewer(&house, &filed).await;
    officer.get(&filed.path("/data")).await.is(200).shows("2 systems searched").shows("for a decision");
    officer.get(&filed.path("/data/approve")).await.is(200).shows("To be settled first").hides("Approve and");
    officer.get(&filed.path("/data")).await;
    officer.send(&filed.path("/data/approve"), &[]).await.is(409).shows("records of other people");
    let task = filed.task("review.data");
    officer.send(&format!("{task}/complete"), &[]).await.is(409).shows("records of other people");

    let waiting = undecided(&filed, &mut officer).await;
    assert!(!waiting.is_empty());
    for href in &waiting {
        officer.get(href).await.is(200).shows("Somebody else is in it").shows("How it was reached");
        let id = number(href);
        let mark = filed.path("/data/mark");
        let bare = [("record", id.as_str()), ("mark", "exclude")];
        officer.send(&mark, &bare).await.is(422).shows("Choose the ground").shows("Say why");
        let fields = [
            ("record", id.as_str()),
            ("mark", "exclude"),
            ("ground", "other_person"),
            ("reason", "a colleague"),
        ];
        assert_eq!(officer.send(&mark, &fields).await.status, 303);
    }
    assert_eq!(undecided(&filed, &mut officer).await, Vec::<String>::new());
    let request = house.request(&filed).await;
    assert_eq!(request.marks.len(), waiting.len());
    officer.get(&filed.path("/data/approve")).await.shows("Approve and build").shows("Make the archive");
    officer.send(&filed.path("/data/approve"), &[]).await.leads_to(&filed.path("?told=approved"));
    house.world.run().await;
    assert_eq!(house.request(&filed).await.status, Status::Completed);
    officer.get(&filed.path("/decisions")).await.is(200).shows("About another person").shows("a colleague");
}

#[tokio::test]
async fn a_record_is_given_without_some_fields_or_its_whole_collection_is_left_out() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let mut officer = reviewer(&house, &filed).await;
    let listed = records(officer.get(&filed.path("/data")).await.is(200));
    let href = &listed[0];
    let page = officer.get(href).await;
    let text = page.text();
    let field = text.split_once("name=\"redact\" value=\"").expect("a field").1.split_once('"').unwrap().0;
    let id = number(href);
    let mark = filed.path("/data/mark");
    let redact = [
        ("record", id.as_str()),
        ("mark", "redact"),
        ("ground", "security"),
        ("reason", "keys"),
        ("redact", field),
        ("redact", "no_such_field"),
    ];
    let without = [("record", id.as_str()), ("mark", "redact"), ("ground", "security"), ("reason", "keys")];
    officer.send(&mark, &without).await.is(422).shows("Tick the fields");
    let csrf = officer.page.hidden()["csrf"].clone();
    let mut all = redact.to_vec();
    all.push(("csrf", csrf.as_str()));
    assert_eq!(officer.post(&mark, &all).await.status, 303);
    let request = house.request(&filed).await;
    let expected = Verdict::Redact {
        fields: vec![field.to_owned()],
        ground: habeas_core::request::MarkGround::Security,
    };
    assert_eq!(verdicts(&request), [&expected], "a field the record doesn't have is ignored");

    let whole = [
        ("record", id.as_str()),
        ("mark", "exclude"),
        ("ground", "privilege"),
        ("reason", "letters of counsel"),
        ("untold", "yes"),
        ("scope", "collection"),
    ];
    officer.get(href).await;
    assert_eq!(officer.send(&mark, &whole).await.status, 303);
    let request = house.request(&filed).await;
    let last = request.marks.last().unwrap();
    assert!(matches!(last.scope, MarkScope::Collection { .. }));
    assert!(matches!(last.verdict, Verdict::Exclude { is_told: false, .. }));
    officer.get(href).await.is(200).shows("letters of counsel").shows("Decided by officer");
}

#[tokio::test]
async fn after_a_mark_comes_the_next_record() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let mut officer = reviewer(&house, &filed).await;
    let lines = filed.path("/data?source=odoo&collection=sale_order_line");
    let listed = records(officer.get(&lines).await.is(200));
    assert!(listed.len() > 2, "{listed:?}");
    for (place, href) in listed.iter().enumerate() {
        officer.get(href).await.is(200);
        let id = number(href);
        let next = officer.send(&filed.path("/data/mark"), &[("record", &id), ("mark", "give")]).await;
        let expected = listed.get(place + 1).map_or_else(|| id.clone(), |next| number(next));
        assert_eq!(number(next.location()), expected, "after {id}");
    }
}

#[tokio::test]
async fn looking_into_records_is_kept_and_searching_finds_them() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    officer.get(&filed.path("")).await.is(200);
    assert_eq!(house.noted("records_read").await, 0);
    officer.get(&filed.path("/data")).await.is(200).hides("Save and go on");
    assert_eq!(house.noted("records_read").await, 1);
    let found = officer.send(&filed.path("/data"), &[("search", "courtney")]).await;
    found.is(200).shows("Courtney");
    let hits = records(&found);
    assert!(!hits.is_empty());
    officer.get(&hits[0]).await.is(200).shows("was looked up as");
    assert_eq!(house.noted("records_read").await, 1, "once a reader, request and day");
    house.staff("other", &[Builtin::Steward]).await.get(&filed.path("/data")).await.is(200);
    assert_eq!(house.noted("records_read").await, 2);
    officer.get(&filed.path("/data")).await;
    officer.send(&filed.path("/data"), &[("search", "zzzzzz")]).await.is(200).shows("No records");
}

#[tokio::test]
async fn who_has_not_taken_the_review_marks_nothing() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let mut other = house.staff("other", &[Builtin::PrivacyOfficer]).await;
    let listed = records(other.get(&filed.path("/data")).await.is(200));
    let id = number(&listed[0]);
    let fields = [("record", id.as_str()), ("mark", "give")];
    other.send(&filed.path("/data/mark"), &fields).await.is(409).shows("Take the task first");
    other.get(&filed.path("/data")).await;
    other.send(&filed.path("/data/approve"), &[]).await.is(409).shows("Take the review first");
    let request = house.request(&filed).await;
    assert!(request.marks.is_empty() && request.tasks[&TaskKey::from_text("review.data")].ended.is_none());
}
