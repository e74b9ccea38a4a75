//! Lists that are kept as views and taken along as files.

use habeas_core::access::Builtin;

use super::house::{ANABELLE, House};

#[tokio::test]
async fn a_view_is_kept_shared_and_forgotten() {
    let house = House::start().await;
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    let mut owner = house.staff("owner", &[Builtin::CaseOwner]).await;
    officer.get("/console/requests?due=week&page=3").await.is(200);
    let typed = [
        ("list", "requests"),
        ("query", "due=week&search=x&law=uk-gdpr"),
        ("name", "Near ones"),
        ("shared", "yes"),
    ];
    let kept = officer.send("/console/views", &typed).await;
    kept.leads_to("/console/requests?law=uk-gdpr&due=week&told=view_kept");
    officer.get("/console/requests").await.shows("Near ones").shows("Forget");
    let seen = owner.get("/console/requests?law=uk-gdpr&due=week").await;
    seen.shows("Near ones").hides("Forget");
    let page = officer.get("/console/requests").await;
    let at = page.text().find("/console/views/").expect("a view to forget");
    let id: String = page.text()[at..].chars().skip("/console/views/".len()).take(36).collect();
    let path = format!("/console/views/{id}/forget");
    owner.send(&path, &[("list", "requests")]).await.is(404);
    officer.get("/console/requests").await;
    officer.send(&path, &[("list", "requests")]).await.leads_to("/console/requests?told=view_forgotten");
    owner.get("/console/requests").await.hides("Near");
    // A list one may not see is nobody's to keep.
    let mut source_owner = house.staff("source", &[Builtin::SourceOwner]).await;
    source_owner.get("/console/tasks").await.is(200);
    source_owner.send("/console/views", &typed).await.is(404);
}

#[tokio::test]
async fn a_list_is_exported_with_who_asked_for_those_who_see_it_and_the_log_says_so() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    house.file("access", "aleena@example.org").await;
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    officer.get("/console/requests").await;
    let file = officer.send("/console/requests/export", &[("query", "status=in_progress")]).await;
    file.is(200).shows("Reference,What,Right,Law").shows(&filed.reference).shows(ANABELLE);
    file.hides("aleena@example.org");
    let mut auditor = house.staff("auditor", &[Builtin::Auditor]).await;
    auditor.get("/console/requests").await;
    let file = auditor.send("/console/requests/export", &[("query", "")]).await;
    file.is(200).shows(&filed.reference).hides(ANABELLE).hides("Deleon").hides("E-mail");
    assert_eq!(house.noted("list_exported").await, 2);
    officer.get("/console/log").await.shows("Exported the list of requests as a file, 2 rows");
}

#[tokio::test]
async fn whoever_assigns_work_sees_everybodys_tasks() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    let mut steward = house.staff("steward", &[Builtin::Steward]).await;
    let mut officer = house.staff("officer", &[Builtin::PrivacyOfficer]).await;
    officer.get(&filed.task("review.data")).await.is(200);
    officer.send(&format!("{}/take", filed.task("review.data")), &[]).await;
    officer.get("/console/tasks").await.is(200).shows(&filed.reference).shows("Everybody");
    steward.get("/console/tasks?whose=all").await.is(200).hides(&filed.reference).hides("Everybody");
    let mut supervisor = house.staff("supervisor", &[Builtin::Supervisor]).await;
    supervisor.get("/console/tasks").await.hides(&filed.reference);
    supervisor.get("/console/tasks?whose=all").await.shows(&filed.reference).shows("officer");
    supervisor.get("/console/tasks?whose=all&state=free").await.hides(&filed.reference);
    supervisor.get("/console/tasks?whose=all&due=overdue").await.hides(&filed.reference);
    house.world.clock.advance_days(20);
    supervisor.get("/console/tasks?whose=all&due=overdue").await.is(303);
    let mut supervisor = house.staff("supervisor-later", &[Builtin::Supervisor]).await;
    supervisor.get("/console/tasks?whose=all&due=overdue").await.shows(&filed.reference).shows("Overdue");
    let file = supervisor.send("/console/tasks/export", &[("query", "whose=all")]).await;
    file.is(200).shows("Task,Request,What,Law,Team").shows(&filed.reference).hides("Deleon");
    assert_eq!(house.world.installation.store.verify().await.unwrap(), []);
}
