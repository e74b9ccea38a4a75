//! Lists show what the scope allows, in the order asked for, and find people by exact terms.

use habeas_core::context::Clock as _;
use habeas_core::request::IndexKind;
use jiff::civil::date;

use super::*;
use crate::bench::{Bench, both};
use crate::testing::email;

/// Three requests: one overdue of Ada's, one due soon, one without a date at another entity.
async fn filled(bench: &Bench) -> [RequestRow; 3] {
    let mut rows = [bench.row(), bench.row(), bench.row()];
    rows[0].due_on = Some(date(2026, 1, 10));
    rows[0].status = "in_progress".to_owned();
    rows[0].needs_attention = true;
    rows[1].due_on = Some(date(2026, 1, 22));
    rows[2].waits_on = "source".to_owned();
    rows[1].owner = Some(UserId::new(bench.clock.now(), &*bench.chance));
    rows[1].index = vec![email("grace@example.org")];
    rows[2].entity = "other".to_owned();
    rows[2].index = Vec::new();
    for row in &rows {
        bench.clock.advance(jiff::SignedDuration::from_secs(1));
        bench.file(row).await;
    }
    rows
}

async fn found(bench: &Bench, filter: &Filter, scope: &Scope) -> Vec<RequestId> {
    let mut read = bench.store.read().await.unwrap();
    let page = read.list(filter, Paging::default(), scope).await.unwrap();
    assert_eq!(page.total, page.rows.len() as u64);
    page.rows.into_iter().map(|row| row.id).collect()
}

#[tokio::test]
async fn a_row_comes_back_as_it_was_but_for_the_terms() {
    both(async |bench| {
        let rows = filled(bench).await;
        let mut read = bench.store.read().await.unwrap();
        let row = read.lookup_row(rows[1].id, &Scope::Everything).await.unwrap().unwrap();
        assert_eq!(row, RequestRow { index: Vec::new(), ..rows[1].clone() });
    })
    .await;
}

#[tokio::test]
async fn filters_find_what_they_say() {
    both(async |bench| {
        let [overdue, soon, other] = filled(bench).await.map(|row| (row.id, row));
        let all = [overdue.0, soon.0, other.0];
        let nobodys = [all[0], all[2]];
        let none = Filter::default;
        let cases: Vec<(&str, Filter, &[RequestId])> = vec![
            ("all", none(), &all),
            ("status", Filter { statuses: vec!["in_progress".into()], ..none() }, &all[..1]),
            (
                "two statuses",
                Filter { statuses: vec!["in_progress".into(), "received".into()], ..none() },
                &all,
            ),
            ("law", Filter { law: Some("ccpa".into()), ..none() }, &[]),
            ("right", Filter { right: Some("access".into()), ..none() }, &all),
            ("entity", Filter { entity: Some("other".into()), ..none() }, &all[2..]),
            ("nobody's", Filter { owner: Some(Owner::Nobody), ..none() }, &nobodys),
            ("somebody's", Filter { owner: soon.1.owner.map(Owner::User), ..none() }, &all[1..2]),
            ("attention", Filter { needs_attention: Some(true), ..none() }, &all[..1]),
            ("closed", Filter { is_closed: Some(true), ..none() }, &[]),
            ("activity", Filter { activity: Some("erasure".into()), ..none() }, &[]),
            ("waiting", Filter { waits_on: Some("source".into()), ..none() }, &all[2..]),
            ("due from", Filter { due_from: Some(date(2026, 1, 22)), ..none() }, &all[1..2]),
            ("closed since", Filter { closed_from: Some(Timestamp::MIN), ..none() }, &[]),
            ("due", Filter { due_before: Some(date(2026, 1, 22)), ..none() }, &all[..1]),
            ("received", Filter { received_before: Some(bench.clock.now()), ..none() }, &all),
            ("not yet", Filter { received_from: Some(bench.clock.now()), ..none() }, &[]),
            ("by mail", Filter { search: Some(Search::Term(email("ada@example.org"))), ..none() }, &all[..1]),
            ("not by part", Filter { search: Some(Search::Term(email("ada@example"))), ..none() }, &[]),
            (
                "not by another kind",
                Filter {
                    search: Some(Search::Term(IndexTerm {
                        kind: IndexKind::Phone,
                        ..email("ada@example.org")
                    })),
                    ..none()
                },
                &[],
            ),
            (
                "reference",
                Filter { search: Some(Search::Reference(other.1.reference.clone())), ..none() },
                &all[2..],
            ),
        ];
        for (name, filter, expected) in cases {
            assert_eq!(found(bench, &filter, &Scope::Everything).await, expected, "{name}");
        }
    })
    .await;
}

fn user(number: u8) -> UserId {
    format!("01900000-0000-7000-8000-0000000000{number:02}").parse().unwrap()
}

fn limited(entities: Option<&[&str]>, activities: Option<&[&str]>) -> Scope {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Scope::Staff(Sight {
        user: user(1),
        entities: entities.map(names),
        activities: activities.map(names),
        sees_narrowed: false,
    })
}

#[tokio::test]
async fn a_request_that_was_narrowed_exists_for_its_readers_only() {
    both(async |bench| {
        let file = async |readers: Readers| {
            let mut row = bench.row();
            row.readers = readers;
            bench.file(&row).await
        };
        let open = file(Readers::Everybody).await;
        let hidden = file(Readers::AllBut([user(1), user(2)].into())).await;
        let few = file(Readers::Only([user(1)].into())).await;
        for (number, sees_narrowed, mut expected) in [
            (1, false, vec![open, few]),
            (1, true, vec![open, few]),
            (2, false, vec![open]),
            (2, true, vec![open, few]),
            (3, false, vec![open, hidden]),
            (3, true, vec![open, hidden, few]),
        ] {
            let sight = Sight { user: user(number), entities: None, activities: None, sees_narrowed };
            let scope = Scope::Staff(sight);
            let mut seen = found(bench, &Filter::default(), &scope).await;
            seen.sort();
            expected.sort();
            assert_eq!(seen, expected, "{scope:?}");
            let mut read = bench.store.read().await.unwrap();
            assert_eq!(read.lookup_row(hidden, &scope).await.unwrap().is_some(), expected.contains(&hidden));
            let counts = read.counts(date(2026, 1, 15), &scope).await.unwrap();
            assert_eq!(counts.open, expected.len() as u64);
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_outside_the_scope_does_not_exist() {
    both(async |bench| {
        let [overdue, soon, other] = filled(bench).await.map(|row| row.id);
        let cases: [(Scope, &[RequestId]); 6] = [
            (limited(Some(&["acme"]), None), &[overdue, soon]),
            (limited(Some(&[]), None), &[]),
            (limited(None, Some(&["access"])), &[overdue, soon, other]),
            (limited(Some(&["acme"]), Some(&["erasure"])), &[]),
            (Scope::Request(other), &[other]),
            (Scope::Everything, &[overdue, soon, other]),
        ];
        for (scope, expected) in cases {
            assert_eq!(found(bench, &Filter::default(), &scope).await, expected, "{scope:?}");
            let mut read = bench.store.read().await.unwrap();
            for id in [overdue, soon, other] {
                let is_seen = read.lookup_row(id, &scope).await.unwrap().is_some();
                assert_eq!(is_seen, expected.contains(&id));
            }
            let counts = read.counts(date(2026, 1, 15), &scope).await.unwrap();
            assert_eq!(counts.open, expected.len() as u64);
        }
    })
    .await;
}

#[tokio::test]
async fn the_days_figures_add_up() {
    both(async |bench| {
        filled(bench).await;
        let mut read = bench.store.read().await.unwrap();
        let counts = read.counts(date(2026, 1, 15), &Scope::Everything).await.unwrap();
        let expected = Counts {
            open: 3,
            overdue: 1,
            due_soon: 1,
            unassigned: 2,
            needs_attention: 1,
            at_risk: 2,
            on_subject: 0,
            on_source: 1,
            by_status: vec![("in_progress".into(), 1), ("received".into(), 2)],
        };
        assert_eq!(counts, expected);
    })
    .await;
}

#[tokio::test]
async fn pages_follow_one_another_in_every_order() {
    both(async |bench| {
        filled(bench).await;
        for sort in [Sort::Due, Sort::Received, Sort::Reference, Sort::Status, Sort::Activity] {
            for is_descending in [false, true] {
                let mut read = bench.store.read().await.unwrap();
                let mut ids = Vec::new();
                for offset in 0..4 {
                    let paging = Paging { sort, is_descending, offset, limit: 1 };
                    let page = read.list(&Filter::default(), paging, &Scope::Everything).await.unwrap();
                    assert_eq!(page.total, 3);
                    ids.extend(page.rows.into_iter().map(|row| row.id));
                }
                let whole = Paging { sort, is_descending, offset: 0, limit: 1_000 };
                let page = read.list(&Filter::default(), whole, &Scope::Everything).await.unwrap();
                let expected: Vec<_> = page.rows.into_iter().map(|row| row.id).collect();
                assert_eq!((ids.len(), ids), (3, expected), "{sort:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn nobody_is_found_or_shown_once_the_keys_are_destroyed() {
    both(async |bench| {
        let [overdue, ..] = filled(bench).await.map(|row| row.id);
        let mut tx = bench.store.begin().await.unwrap();
        tx.destroy(overdue, bench.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        let search = Filter { search: Some(Search::Term(email("ada@example.org"))), ..Filter::default() };
        assert_eq!(found(bench, &search, &Scope::Everything).await, []);
        let mut read = bench.store.read().await.unwrap();
        let row = read.lookup_row(overdue, &Scope::Everything).await.unwrap().unwrap();
        assert!(row.subject.is_none());
    })
    .await;
}
