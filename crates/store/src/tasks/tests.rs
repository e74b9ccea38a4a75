//! Open tasks follow their rows, within the scope, the nearest date first.

use habeas_core::context::Clock as _;
use habeas_core::request::{TaskState, Turn};
use jiff::SignedDuration;

use super::*;
use crate::bench::{Bench, both};
use crate::testing::entities;

fn task(bench: &Bench, key: &str, hours: Option<i64>) -> OpenTask {
    let now = bench.clock.now();
    OpenTask {
        key: TaskKey::from_text(key),
        flow: "access".to_owned(),
        flow_version: 1,
        state: TaskState::InProgress,
        turn: Turn::Staff,
        started_at: now,
        due_at: hours.map(|hours| now + SignedDuration::from_hours(hours)),
        is_overdue: false,
        taken_by: None,
    }
}

async fn keys(bench: &Bench, filter: TaskFilter, scope: &Scope) -> Vec<String> {
    let lines = bench.store.read().await.unwrap().list_open_tasks(&filter, scope).await.unwrap();
    lines.into_iter().map(|line| line.task.key.to_string()).collect()
}

#[tokio::test]
async fn what_waits_for_staff_is_listed_by_its_date_and_within_the_scope() {
    both(async |bench| {
        let user = UserId::new(bench.clock.now(), &*bench.chance);
        let mut first = bench.row();
        first.tasks = vec![
            task(bench, "a.late", Some(48)),
            OpenTask { turn: Turn::System, ..task(bench, "a.machine", None) },
            OpenTask { turn: Turn::System, state: TaskState::Failed, ..task(bench, "a.stuck", None) },
        ];
        let mut second = bench.row();
        second.entity = "other".to_owned();
        second.tasks = vec![OpenTask { taken_by: Some(user), ..task(bench, "b.soon", Some(1)) }];
        bench.file(&first).await;
        bench.file(&second).await;
        let mine = TaskFilter { taken_by: Some(user), ..TaskFilter::default() };
        let today = TaskFilter {
            due_before: Some(bench.clock.now() + SignedDuration::from_hours(2)),
            ..TaskFilter::default()
        };
        let all = TaskFilter::default();
        let acme = entities(user, &["acme"]);
        let cases: [(TaskFilter, Scope, &[&str]); 4] = [
            (all, Scope::Everything, &["b.soon", "a.late", "a.stuck"]),
            (all, acme, &["a.late", "a.stuck"]),
            (mine, Scope::Everything, &["b.soon"]),
            (today, Scope::Everything, &["b.soon"]),
        ];
        for (filter, scope, expected) in cases {
            assert_eq!(keys(bench, filter, &scope).await, expected, "{filter:?} {scope:?}");
        }
        let mut read = bench.store.read().await.unwrap();
        assert_eq!(read.open_tasks_of(first.id).await.unwrap(), first.tasks);
        let line = read.list_open_tasks(&mine, &Scope::Everything).await.unwrap().remove(0);
        assert_eq!((line.request, line.task), (second.id, second.tasks.remove(0)));
    })
    .await;
}

#[tokio::test]
async fn a_late_or_failed_task_puts_its_request_at_risk() {
    both(async |bench| {
        let today = jiff::civil::date(2026, 1, 15);
        let mut late = bench.row();
        late.tasks = vec![OpenTask { is_overdue: true, ..task(bench, "a.late", Some(-1)) }];
        let mut quiet = bench.row();
        quiet.tasks = vec![task(bench, "a.review", Some(5))];
        bench.file(&late).await;
        bench.file(&quiet).await;
        let mut read = bench.store.read().await.unwrap();
        assert_eq!(read.counts(today, &Scope::Everything).await.unwrap().at_risk, 1);
        for (is_at_risk, expected) in [(true, late.id), (false, quiet.id)] {
            let filter = crate::requests::Filter {
                is_at_risk: Some(is_at_risk),
                ..crate::requests::Filter::default()
            };
            let page =
                read.list(&filter, crate::requests::Paging::default(), &Scope::Everything).await.unwrap();
            assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [expected]);
        }
    })
    .await;
}
