//! Reports on pages, as files, and as mails.

use habeas_core::access::Builtin;
use habeas_engine::start_recurring;
use jiff::SignedDuration;

use super::house::{ANABELLE, House};

#[tokio::test]
async fn reports_count_what_the_reader_may_see_and_lead_to_lists() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let mut supervisor = house.staff("supervisor", &[Builtin::Supervisor]).await;
    let page = supervisor.get("/console/reports").await;
    page.is(200).shows("How it goes").shows("<svg").shows("Open, by law").shows("UK GDPR").hides("Deleon");
    page.shows("/console/requests?closed=all&received_from=2027-01-02&received_to=2027-01-31");
    supervisor.get("/console/reports/overview/2026").await.is(200).shows("Nothing happened in this period");
    supervisor.get("/console/reports/metrics/2027").await.is(200).shows("2027-01").shows("Median days");
    supervisor.get("/console/reports/register/2027").await.is(200).shows(&filed.reference).hides("Deleon");
    supervisor.get("/console/reports/ccpa/2027").await.is(200).shows("Requests to delete");
    supervisor.get("/console/reports/team/now").await.is(200).shows("Nobody").shows("Open tasks by team");
    for path in
        ["/console/reports/overview/soon", "/console/reports/nothing/2027", "/console/reports/team/2027"]
    {
        supervisor.get(path).await.is(404);
    }
    let chosen = supervisor.get("/console/reports?report=register&from=2027-01-01&to=2027-01-31").await;
    chosen.leads_to("/console/reports/register/2027-01");
    supervisor.get("/console/reports?from=2027-02-01&to=2027-01-31").await.is(200).shows("before the first");
    // Who sees another organisation only counts nothing of this one.
    let other = house.add_user("other", &[Builtin::Supervisor], Some(&["elsewhere".to_owned()])).await;
    let mut other = house.signed_in(other).await;
    other.get("/console/reports").await.is(200).shows("Nothing happened in this period");
    other.get("/console/reports/register/2027").await.is(200).hides(&filed.reference);
    let mut steward = house.staff("steward", &[Builtin::Steward]).await;
    steward.get("/console/reports").await.is(404);
}

#[tokio::test]
async fn the_register_is_taken_along_and_the_log_says_so() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    house.file("access", "aleena@example.org").await;
    let mut auditor = house.staff("auditor", &[Builtin::Auditor]).await;
    let path = "/console/reports/register/2027/export";
    auditor.get("/console/reports/register/2027").await;
    let file = auditor.send(path, &[("format", "csv")]).await;
    file.is(200)
        .shows("reference,received_on,channel")
        .shows(&filed.reference)
        .hides(ANABELLE)
        .hides("Deleon");
    assert_eq!(file.text().lines().count(), 3);
    auditor.get("/console/reports/register/2027").await;
    let file = auditor.send(path, &[("format", "json")]).await;
    let lines: Vec<serde_json::Value> = serde_json::from_slice(&file.bytes).unwrap();
    assert_eq!(lines.len(), 2);
    for report in ["overview/2027-01", "metrics/2027", "ccpa/2027", "team/now"] {
        auditor.get(&format!("/console/reports/{report}")).await.is(200);
        auditor.send(&format!("/console/reports/{report}/export"), &[("format", "csv")]).await.is(200);
    }
    assert_eq!(house.noted("report_exported").await, 6);
}

#[tokio::test]
async fn a_planned_report_is_mailed_as_a_link_on_its_day_and_once() {
    let house = House::start().await;
    start_recurring(house.store()).await.unwrap();
    house.gather("access").await;
    let reader = house.add_user("reader", &[Builtin::Auditor], None).await;
    let mut supervisor = house.staff("supervisor", &[Builtin::Supervisor]).await;
    let path = "/console/reports/plans";
    supervisor.get(path).await.is(200).shows("No report is mailed yet").shows("reader");
    supervisor.send(path, &[("report", "metrics")]).await.is(422).shows("Choose at least one reader");
    let typed = [("report", "metrics"), ("cadence", "monthly"), ("recipient", &reader.to_string())];
    supervisor.send(path, &typed).await.leads_to("/console/reports/plans?told=planned");
    supervisor.get(path).await.shows("reader").shows("1 Feb 2027");
    let mails = async || house.world.mails_to("reader@larkspur.example").await;
    house.world.run().await;
    assert_eq!(mails().await, [""; 0]);
    for _ in 0..48 {
        house.world.clock.advance(SignedDuration::from_hours(1));
        house.world.run().await;
    }
    assert_eq!(mails().await, ["Report: By law and month, 2027-01-01 to 2027-01-31"]);
    let mail = house.store().read().await.unwrap().list_mails(100).await.unwrap();
    let mail =
        mail.into_iter().find(|mail| mail.occasion == "staff_report").and_then(|mail| mail.content).unwrap();
    let text = mail["text"].as_str().unwrap();
    assert!(text.contains("/console/reports/metrics/2027-01") && !text.contains("HB-"), "{text}");
    let mut supervisor = house.staff("supervisor-two", &[Builtin::Supervisor]).await;
    let page = supervisor.get(path).await;
    page.shows("1 Mar 2027");
    let at = page.text().find("/console/reports/plans/").expect("a plan to stop");
    let drop: String = page.text()[at..].chars().take_while(|c| *c != '"').collect();
    supervisor.send(&drop, &[]).await.leads_to("/console/reports/plans?told=plan_dropped");
    supervisor.get(path).await.shows("No report is mailed yet");
    assert_eq!((house.noted("report_planned").await, house.noted("report_stopped").await), (1, 1));
}
