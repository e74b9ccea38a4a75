//! S10, owner tasks: a source without a connection has an owner, who hears once a day at most, hands in files or says
//! that nothing is held; nothing goes on without the answer or a person's reason.

use std::collections::{BTreeMap, BTreeSet};

use habeas_core::access::{Absence, Builtin};
use habeas_core::event::Actor;
use habeas_core::flow::TaskKey;
use habeas_core::id::UserId;
use habeas_core::pii::Pii;
use habeas_core::request::{Command, Denied, OwnerAct, Status};
use habeas_engine::start_recurring;
use jiff::SignedDuration;
use jiff::civil::date;

use crate::console::house::{Filed, House};
use crate::flows::{archive, seven_zip};

/// A person whom no connected source knows: all that leaves is what owners hand in.
const STRANGER: &str = "stranger@example.org";

const PERSONNEL: &str = "
[personnel]
kind = \"manual\"
owner = \"clara@larkspur.example\"
stand_in = \"stefan@larkspur.example\"
holds = \"Paper files of former staff, cabinet 4\"
";

const PDF: &[u8] = b"%PDF-1.7\nplanted: the contract of a stranger\n";

async fn filed(house: &House) -> Filed {
    let filed = house.file("access", STRANGER).await;
    house.world.verify(filed.id).await;
    filed
}

fn review() -> TaskKey {
    TaskKey::from_text("review.data")
}

fn page(filed: &Filed) -> String {
    format!("/console/asked/{}.personnel", filed.reference)
}

/// Hands a file in as somebody who has the page open.
async fn hand_in(house: &House, clara: UserId, filed: &Filed, of_others: &str) {
    let mut clara = house.signed_in(clara).await;
    let csrf = clara.get(&page(filed)).await.is(200).hidden()["csrf"].clone();
    let fields = [("csrf", csrf.as_str()), ("of_others", of_others)];
    let path = format!("{}/files", page(filed));
    let answer = clara.upload(&path, &fields, ("contract.pdf", PDF)).await;
    answer.leads_to(&format!("{}?told=file_added", page(filed)));
}

fn answer(holds: bool) -> Command {
    let note = Pii::new("Cabinet 4, second drawer".to_owned());
    Command::Owner("personnel".to_owned(), OwnerAct::Answer { holds, as_of: date(2027, 1, 31), note })
}

async fn digests(house: &House, reader: &str) -> usize {
    house.world.mails_to(&format!("{reader}@larkspur.example")).await.len()
}

#[tokio::test]
async fn s10_an_idle_owner_hears_every_fifth_day_and_nothing_is_completed_without_the_answer() {
    let house = House::start_with_sources(PERSONNEL).await;
    let clara = house.add_user("clara", &[Builtin::SourceOwner], None).await;
    house.add_user("stefan", &[Builtin::SourceOwner], None).await;
    let officer = house.add_user("officer", &[Builtin::PrivacyOfficer], None).await;
    let filed = filed(&house).await;
    start_recurring(house.store()).await.unwrap();
    let (mut told, mut officer_told) = (BTreeSet::new(), BTreeSet::new());
    let (mut count, mut officer_count) = (0, 0);
    for hour in 0..36 * 24 {
        house.world.run().await;
        let now = digests(&house, "clara").await;
        assert!(now <= count + 1, "one at a time");
        // The test begins at ten in the morning.
        let day = (hour + 10) / 24;
        if now > count {
            assert!(told.insert(day), "two mails on day {day}");
        }
        count = now;
        let mails = house.world.mails_to("officer@larkspur.example").await;
        let now = mails.iter().filter(|subject| subject.starts_with("Today: ")).count();
        if now > officer_count {
            assert!(officer_told.insert(day), "two digests on day {day}");
        }
        officer_count = now;
        house.world.clock.advance(SignedDuration::from_hours(1));
    }
    // Asked on day 0, due on day 14: every fifth day, and five days before the date.
    assert_eq!(told, BTreeSet::from([0, 5, 9, 10, 15, 20, 25, 30, 35]));
    // The request is nobody's: an officer hears of it on its first day and every fifth, and of the legal date.
    assert!(officer_told.is_superset(&BTreeSet::from([0, 5, 10, 15, 20, 25, 30, 35])), "{officer_told:?}");
    assert_eq!(digests(&house, "stefan").await, 0);

    let complete = || Command::Complete { task: review(), answers: Pii::new(BTreeMap::new()), undecided: 0 };
    let roles = [Builtin::PrivacyOfficer];
    let denied = house.world.act(filed.id, Actor::Staff(officer), &roles, complete()).await.err();
    assert_eq!(denied, Some(Denied::NotWaiting), "the review doesn't begin");
    let request = house.request(&filed).await;
    assert_eq!((request.status, request.waits_on()), (Status::InProgress, "staff"));
    assert!(request.package.is_none());

    hand_in(&house, clara, &filed, "").await;
    let as_of = house.store().now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let note = Pii::new("Cabinet 4".to_owned());
    let done = Command::Owner("personnel".to_owned(), OwnerAct::Answer { holds: true, as_of, note });
    house.world.act(filed.id, Actor::Staff(clara), &[Builtin::SourceOwner], done).await.unwrap();
    house.world.run().await;
    let before = digests(&house, "clara").await;
    house.world.approve(filed.id, officer, 0).await.unwrap();
    let request = house.request(&filed).await;
    assert_eq!(request.status, Status::Completed);
    for _ in 0..10 {
        house.world.clock.advance(SignedDuration::from_hours(24));
        house.world.run().await;
    }
    assert_eq!(digests(&house, "clara").await, before, "nothing more once it is done");
    assert_eq!(house.store().verify().await.unwrap(), []);
}

#[tokio::test]
async fn s10_what_an_owner_hands_in_is_reviewed_and_given() {
    let house = House::start_with_sources(PERSONNEL).await;
    let clara = house.add_user("clara", &[Builtin::SourceOwner], None).await;
    let officer = house.add_user("officer", &[Builtin::PrivacyOfficer], None).await;
    let filed = filed(&house).await;
    let mut browser = house.signed_in(clara).await;
    browser.get("/console/tasks").await.is(200).shows("Look in Personnel");
    let path = page(&filed);
    browser
        .get(&path)
        .await
        .is(200)
        .shows("Anabelle Deleon")
        .shows("cabinet 4")
        .shows("No file was handed in");
    browser.send(&path, &[("act", "answer"), ("holds", "files"), ("as_of", "2027-01-31")]).await.is(409);
    hand_in(&house, clara, &filed, "yes").await;
    browser.get(&path).await.shows("contract.pdf").shows("Other people are in it");
    let file = house.request(&filed).await.owner_asks["personnel"].files[0].blob;
    let opened = browser.get(&format!("{path}/files/{file}")).await;
    assert_eq!(opened.is(200).bytes, PDF);
    assert!(opened.header("content-disposition").starts_with("attachment; "), "it never renders");
    browser.get(&path).await;
    let fields = [("act", "answer"), ("holds", "files"), ("as_of", "2027-01-31"), ("note", "Drawer 2")];
    browser.send(&path, &fields).await.leads_to(&format!("{path}?told=owner_answered"));
    browser.get(&format!("{path}/files/{file}")).await.is(404);
    house.world.run().await;

    // A colleague decides on what holds data of other people; until then nothing is approved.
    let mut reviewer = house.signed_in(officer).await;
    house.act(&filed, officer, Command::Take(review())).await;
    reviewer.get(&filed.path("/data")).await.is(200).shows("1 file, 1 to be decided on");
    reviewer.get(&filed.path("/data/approve")).await.is(200).shows("holds data of other people");
    let undecided = house.world.approve(filed.id, officer, 0).await.err();
    assert_eq!(undecided, Some(Denied::Undecided(1)));
    reviewer.get(&path).await.is(200).shows("Drawer 2");
    let blob = file.to_string();
    let decide = [("act", "decide"), ("file", blob.as_str()), ("given", "yes")];
    reviewer.send(&path, &decide).await.leads_to(&format!("{path}?told=marked"));
    house.world.approve(filed.id, officer, 0).await.unwrap();
    let request = house.request(&filed).await;
    let package = request.package.expect("an archive");
    let bytes = archive(&house.world, filed.id, package.blob).await;
    let folder = tempfile::tempdir().unwrap();
    let zip = folder.path().join("reply.zip");
    std::fs::write(&zip, bytes).unwrap();
    let text = seven_zip(&zip, package.password.reveal());
    assert!(text.contains("planted: the contract of a stranger"), "the file is in it");
    assert!(text.contains("files/personnel/contract.pdf"), "the manifest and the first page name it");
    assert!(text.contains("by_hand") && text.contains("looked through by hand: 1 file"), "coverage tells it");
    assert_eq!(request.status, Status::Completed);
    assert_eq!(house.store().verify().await.unwrap(), []);
}

#[tokio::test]
async fn s10_nothing_held_and_no_answer_stand_in_the_reply_as_what_they_are() {
    let house = House::start_with_sources(PERSONNEL).await;
    let clara = house.add_user("clara", &[Builtin::SourceOwner], None).await;
    let officer = house.add_user("officer", &[Builtin::PrivacyOfficer], None).await;
    let nothing = filed(&house).await;
    house.world.act(nothing.id, Actor::Staff(clara), &[Builtin::SourceOwner], answer(false)).await.unwrap();
    house.world.run().await;
    house.world.approve(nothing.id, officer, 0).await.unwrap();
    let request = house.request(&nothing).await;
    assert!(request.holds_nothing() && request.status == Status::Completed);

    let silent = filed(&house).await;
    let mut browser = house.signed_in(officer).await;
    let path = page(&silent);
    browser.get(&path).await.is(200).shows("Go on without it");
    browser.send(&path, &[("act", "excuse"), ("excuse", " ")]).await.is(409).shows("Give a reason");
    let excuse = [("act", "excuse"), ("excuse", "The cabinet burnt down")];
    browser.get(&path).await;
    browser.send(&path, &excuse).await.leads_to(&format!("{path}?told=source_excused"));
    house.world.run().await;
    house.world.approve(silent.id, officer, 0).await.unwrap();
    let request = house.request(&silent).await;
    assert_eq!(request.status, Status::PartlyFulfilled);
    let covered = format!("{:?}", request.cover(&[]));
    assert!(covered.contains("The cabinet burnt down"), "{covered}");
}

#[tokio::test]
async fn s10_an_owner_who_is_away_is_stood_in_for_or_those_who_assign_work_hear() {
    let house = House::start_with_sources(PERSONNEL).await;
    let clara = house.add_user("clara", &[Builtin::SourceOwner], None).await;
    let stefan = house.add_user("stefan", &[Builtin::SourceOwner], None).await;
    house.add_user("boss", &[Builtin::Supervisor], None).await;
    let away = [Absence { from: date(2027, 1, 1), until: date(2027, 6, 30) }];
    let mut tx = house.store().begin().await.unwrap();
    tx.set_absences(clara, &away).await.unwrap();
    tx.commit().await.unwrap();
    let first = filed(&house).await;
    assert_eq!(house.request(&first).await.owner_asks["personnel"].owner, Some(stefan));
    let mut tx = house.store().begin().await.unwrap();
    tx.set_absences(stefan, &away).await.unwrap();
    tx.commit().await.unwrap();
    let second = filed(&house).await;
    assert_eq!(house.request(&second).await.owner_asks["personnel"].owner, None);
    start_recurring(house.store()).await.unwrap();
    house.world.run().await;
    let read = house.store().read().await.unwrap().list_mails(100).await.unwrap();
    let texts: Vec<String> =
        read.into_iter().filter_map(|mail| mail.content).map(|it| it.to_string()).collect();
    let told = texts.iter().find(|text| text.contains("boss@larkspur.example")).expect("a digest");
    assert!(told.contains(&format!("{}, nobody looks in Personnel", second.reference)), "{told}");
    assert!(
        told.contains(&format!("{}, nobody looks in Personnel", first.reference)),
        "its holder is away: {told}"
    );
    assert_eq!(digests(&house, "clara").await + digests(&house, "stefan").await, 0);
}

/// ASVS 5.2.1, 5.2.2, 3.5.1, 8.2.2: what is handed in is theirs to hand in, fits its name, and comes from our page.
#[tokio::test]
async fn s10_nobody_else_hands_in_and_nothing_unfit_is_kept() {
    let house = House::start_with_sources(PERSONNEL).await;
    let clara = house.add_user("clara", &[Builtin::SourceOwner], None).await;
    let stefan = house.add_user("stefan", &[Builtin::SourceOwner], None).await;
    let officer = house.add_user("officer", &[Builtin::PrivacyOfficer], None).await;
    let filed = filed(&house).await;
    let (path, files) = (page(&filed), format!("{}/files", page(&filed)));
    let good = ("contract.pdf", PDF);
    let mut owner = house.signed_in(clara).await;
    let csrf = owner.get(&path).await.hidden()["csrf"].clone();
    for wrong in
        [&[][..], &[("csrf", "")], &[("csrf", "0000")], &[("of_others", "yes"), ("csrf", csrf.as_str())]]
    {
        owner.upload(&files, wrong, good).await.is(403);
    }
    for (name, content) in
        [("run.exe", &b"MZ"[..]), ("page.html", b"<html>"), ("a.pdf", b"MZ"), ("a.pdf", b"")]
    {
        owner.upload(&files, &[("csrf", &csrf)], (name, content)).await.is(422);
    }
    // Other forms stay forms: a body of parts is read nowhere else.
    owner.upload(&path, &[("csrf", &csrf)], good).await.is(403);
    for (other, expected) in [(stefan, 404), (officer, 404)] {
        let mut other = house.signed_in(other).await;
        let csrf = other.get("/console/tasks").await.hidden()["csrf"].clone();
        other.upload(&files, &[("csrf", &csrf)], good).await.is(expected);
    }
    house.signed_in(stefan).await.get(&path).await.is(404);
    let mut stranger = house.visitor();
    let csrf = stranger.get("/console/sign-in").await.hidden()["csrf"].clone();
    stranger.upload(&files, &[("csrf", &csrf)], good).await.leads_to("/console/sign-in");
    assert!(house.request(&filed).await.owner_asks["personnel"].files.is_empty(), "nothing was kept");
    assert_eq!(house.store().verify().await.unwrap(), []);

    // What is taken back is gone.
    hand_in(&house, clara, &filed, "").await;
    let file = house.request(&filed).await.owner_asks["personnel"].files[0].blob.to_string();
    let mut owner = house.signed_in(clara).await;
    owner.get(&path).await;
    owner
        .send(&path, &[("act", "remove"), ("file", &file)])
        .await
        .leads_to(&format!("{path}?told=file_removed"));
    owner.get(&format!("{path}/files/{file}")).await.is(404);
}
