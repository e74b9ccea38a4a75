//! Spans count what they say, page after page, and plans are mailed once.

use habeas_core::context::Clock as _;
use jiff::SignedDuration;
use jiff::civil::date;

use super::*;
use crate::bench::both;
use crate::testing::entities;
use crate::users::{NewUser, Profile};

#[tokio::test]
async fn a_span_counts_what_came_or_was_open_in_it() {
    both(async |bench| {
        let start = bench.clock.now();
        let days = |days: i64| start + SignedDuration::from_hours(24 * days);
        let mut ids = Vec::new();
        for (received, closed, entity) in [(0, Some(3), "acme"), (1, None, "other"), (1, Some(9), "acme")] {
            let mut row = bench.row();
            row.received_at = days(received);
            row.closed_at = closed.map(days);
            row.is_closed = closed.is_some();
            row.entity = entity.to_owned();
            ids.push(bench.file(&row).await);
        }
        let mut read = bench.store.read().await.unwrap();
        let all = Span::default();
        let acme = entities(UserId::new(start, &*bench.chance), &["acme"]);
        for (span, scope, expected) in [
            (all, &Scope::Everything, 3),
            (all, &acme, 2),
            (Span { received_from: Some(days(1)), ..all }, &Scope::Everything, 2),
            (Span { received_before: Some(days(1)), ..all }, &Scope::Everything, 1),
            (Span { open_from: Some(days(4)), ..all }, &Scope::Everything, 2),
            (Span { open_from: Some(days(4)), ..all }, &acme, 1),
        ] {
            let counted = read.list_counted(span, scope).await.unwrap();
            assert_eq!(counted.len(), expected, "{span:?} {scope:?}");
            let (mut after, mut seen) = (None, 0);
            while let [next] = read.list_ids(span, scope, after, 1).await.unwrap()[..] {
                after = Some(next);
                seen += 1;
            }
            assert_eq!(seen, expected, "{span:?} {scope:?}");
        }
        let first = read.list_ids(all, &Scope::Everything, None, 10).await.unwrap();
        assert_eq!(first[0], (days(0), ids[0]));
    })
    .await;
}

#[tokio::test]
async fn a_plan_comes_due_once_for_each_of_its_days() {
    both(async |bench| {
        let mut tx = bench.store.begin().await.unwrap();
        let profile = Profile { name: "Ada".into(), email: "ada@example.org".into(), language: None };
        let new = NewUser { profile: &profile, password_hash: None, roles: &[], entities: None };
        let user = tx.add_user(&new).await.unwrap();
        let next_on = date(2026, 2, 1);
        let recipients = [user];
        let new = NewPlan {
            report: "overview",
            cadence: Cadence::Monthly,
            recipients: &recipients,
            created_by: user,
            next_on,
        };
        assert!(tx.add_report_plan(&new).await.unwrap());
        assert_eq!(tx.list_due_plans(date(2026, 1, 31)).await.unwrap(), []);
        let plan = tx.list_due_plans(next_on).await.unwrap().remove(0);
        assert_eq!((plan.recipients.as_slice(), plan.cadence), ([user].as_slice(), Cadence::Monthly));
        tx.put_off_plan(&plan, date(2026, 3, 1)).await.unwrap();
        assert!(matches!(tx.put_off_plan(&plan, date(2026, 3, 1)).await, Err(Error::Conflict)));
        assert_eq!(tx.list_due_plans(next_on).await.unwrap(), []);
        assert!(tx.drop_report_plan(plan.id).await.unwrap());
        assert!(!tx.drop_report_plan(plan.id).await.unwrap());
        assert_eq!(tx.list_report_plans().await.unwrap(), []);
    })
    .await;
}
