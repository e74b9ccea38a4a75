//! Due dates in a calendar program: by a secret address, without a person's name, until it is ended.

use habeas_core::access::Builtin;
use habeas_core::request::Command;

use super::house::House;

#[tokio::test]
async fn a_calendar_shows_ones_due_dates_until_its_address_is_ended() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let other = house.file("access", "aleena@example.org").await;
    let owner = house.add_user("owner", &[Builtin::CaseOwner], None).await;
    house.act(&filed, owner, Command::Assign(Some(owner))).await;
    let mut staff = house.signed_in(owner).await;
    staff.get("/console/feed").await.is(200).shows("Make an address");
    let made = staff.send("/console/feed", &[("act", "open")]).await;
    made.is(200).shows("it is not shown again");
    let text = made.text();
    let place = text.find("/console/feed/").expect("an address");
    let path = text[place..].split('<').next().unwrap().to_owned();
    staff.get("/console/feed").await.hides(&path);
    let mut program = house.visitor();
    let calendar = program.get(&path).await;
    calendar.is(200);
    let body = calendar.text();
    assert!(calendar.header("content-type").starts_with("text/calendar"));
    assert!(body.contains(&filed.reference) && body.contains("DTSTART;VALUE=DATE:20270301"), "{body}");
    assert!(
        !body.contains(&other.reference) && !body.contains("Deleon") && !body.contains("email.com"),
        "{body}"
    );
    staff.get("/console/feed").await;
    staff.send("/console/feed", &[("act", "close")]).await.leads_to("/console/feed");
    program.get(&path).await.is(404);
    program.get("/console/feed/00").await.is(404);
    assert_eq!((house.noted("feed_opened").await, house.noted("feed_closed").await), (1, 1));
}
