//! Accounts are found by address, known again by their browsers, and out at once when disabled.

use jiff::SignedDuration;
use serde_json::json;

use habeas_core::context::Clock as _;
use habeas_core::id::Token;

use super::*;
use crate::bench::{Bench, both};
use crate::sessions::{Audience, NewSession};

async fn add(bench: &Bench) -> Result<UserId> {
    let profile = Profile { name: "Grace".into(), email: "grace@example.org".into(), language: None };
    let roles = ["case_worker".to_owned()];
    let new =
        NewUser { profile: &profile, password_hash: Some("$argon2id$y"), roles: &roles, entities: None };
    let mut tx = bench.store.begin().await?;
    let id = tx.add_user(&new).await?;
    tx.commit().await?;
    Ok(id)
}

#[tokio::test]
async fn an_account_is_found_by_its_address_in_any_case() {
    both(async |bench| {
        let id = add(bench).await.unwrap();
        assert!(matches!(add(bench).await, Err(Error::Conflict)), "an address has one account");
        let mut read = bench.store.read().await.unwrap();
        let user = read.lookup_user_by_email("Grace@Example.org ").await.unwrap().unwrap();
        assert_eq!(
            (user.id, user.profile.name.as_str(), user.roles.as_slice()),
            (id, "Grace", &["case_worker".to_owned()][..])
        );
        assert_eq!(user.entities, None);
        assert!(read.lookup_user_by_email("other@example.org").await.unwrap().is_none());
        assert_eq!(read.list_users().await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_browser_is_known_for_its_account_until_password_or_account_change() {
    both(async |bench| {
        let id = add(bench).await.unwrap();
        let until = bench.clock.now() + SignedDuration::from_hours(24);
        let [first, second, third] = [(); 3].map(|()| Token::new(&*bench.chance));
        let mut tx = bench.store.begin().await.unwrap();
        tx.remember_device(id, None, &first, until).await.unwrap();
        assert_eq!(tx.lookup_device(&first).await.unwrap(), Some(id));
        tx.remember_device(id, Some(&first), &second, until).await.unwrap();
        assert_eq!(tx.lookup_device(&first).await.unwrap(), None, "replaced");
        assert_eq!(tx.lookup_device(&second).await.unwrap(), Some(id));
        tx.set_password(id, "$argon2id$z").await.unwrap();
        assert_eq!(tx.lookup_device(&second).await.unwrap(), None, "the password was changed");
        tx.remember_device(id, None, &third, until).await.unwrap();
        tx.set_disabled(id, true).await.unwrap();
        assert_eq!(tx.lookup_device(&third).await.unwrap(), None, "the account was disabled");
        tx.set_disabled(id, false).await.unwrap();
        tx.remember_device(id, None, &third, until).await.unwrap();
        tx.commit().await.unwrap();
        bench.clock.set(until);
        assert_eq!(bench.store.read().await.unwrap().lookup_device(&third).await.unwrap(), None, "late");
    })
    .await;
}

#[tokio::test]
async fn a_time_step_passes_once() {
    both(async |bench| {
        let id = add(bench).await.unwrap();
        let mut tx = bench.store.begin().await.unwrap();
        tx.set_totp(id, Some(b"secret")).await.unwrap();
        let user = tx.lookup_user(id).await.unwrap().unwrap();
        assert_eq!(user.totp_secret.unwrap().as_slice(), b"secret");
        for (step, passes) in [(10, true), (10, false), (9, false), (11, true)] {
            assert_eq!(tx.use_totp_step(id, step).await.unwrap(), passes, "{step}");
        }
    })
    .await;
}

#[tokio::test]
async fn disabling_an_account_ends_its_sessions_at_once() {
    both(async |bench| {
        let id = add(bench).await.unwrap();
        let token = Token::new(&*bench.chance);
        let data = json!({});
        let new = NewSession {
            audience: Audience::Console,
            user_id: Some(id),
            request_id: None,
            data: &data,
            idle: SignedDuration::from_hours(1),
            expires_at: bench.clock.now() + SignedDuration::from_hours(8),
        };
        let mut tx = bench.store.begin().await.unwrap();
        tx.open_session(&token, &new).await.unwrap();
        assert!(tx.lookup_session(&token, Audience::Console).await.unwrap().is_some());
        tx.set_disabled(id, true).await.unwrap();
        assert!(tx.lookup_session(&token, Audience::Console).await.unwrap().is_none());
        assert!(tx.lookup_user(id).await.unwrap().unwrap().is_disabled);
    })
    .await;
}

#[tokio::test]
async fn every_change_to_an_account_stands_in_the_systems_chain() {
    both(async |bench| {
        let id = add(bench).await.unwrap();
        let admin = habeas_core::event::Actor::Staff(id);
        let profile = Profile { name: "Grace H".into(), email: "grace@example.org".into(), language: None };
        let mut tx = bench.store.begin_as(admin).await.unwrap();
        tx.set_roles(id, &["admin".to_owned()], Some(&["acme".to_owned()])).await.unwrap();
        tx.set_profile(id, &profile).await.unwrap();
        tx.set_password(id, "$argon2id$z").await.unwrap();
        tx.set_totp(id, None).await.unwrap();
        tx.set_disabled(id, true).await.unwrap();
        let user = tx.lookup_user(id).await.unwrap().unwrap();
        assert_eq!((user.profile.name.as_str(), user.entities), ("Grace H", Some(vec!["acme".to_owned()])));

        let mut entries = tx.list_system_entries(None, 1_000).await.unwrap();
        entries.reverse();
        let kinds: Vec<_> = entries.iter().map(|entry| entry.record.kind.as_str()).collect();
        let expected = [
            "user_added",
            "user_roles_set",
            "user_profile_set",
            "user_password_set",
            "user_totp_set",
            "user_disabled_set",
        ];
        assert_eq!(kinds, expected);
        assert!(entries[1..].iter().all(|entry| entry.actor == admin));
        let body = json!({ "roles": ["admin"], "entities": ["acme"], "user": id.to_string() });
        assert_eq!(entries[1].record.body, body);
        assert!(
            entries.iter().all(|entry| !entry.record.body.to_string().contains("race")),
            "a name in the chain"
        );
    })
    .await;
}

#[tokio::test]
async fn limits_and_absences_come_back_and_stand_in_the_systems_chain() {
    both(async |bench| {
        let id = add(bench).await.unwrap();
        let away = Absence { from: "2026-02-02".parse().unwrap(), until: "2026-02-13".parse().unwrap() };
        let activities = ["access".to_owned()];
        let mut tx = bench.store.begin_as(habeas_core::event::Actor::Staff(id)).await.unwrap();
        tx.set_activities(id, Some(&activities)).await.unwrap();
        tx.set_absences(id, &[away]).await.unwrap();
        tx.commit().await.unwrap();
        let mut read = bench.store.read().await.unwrap();
        let user = read.lookup_user(id).await.unwrap().unwrap();
        assert_eq!(user.activities.as_deref(), Some(&activities[..]));
        assert_eq!(user.absences, [away]);
        let entries = read.list_system_entries(None, 2).await.unwrap();
        let last: Vec<_> = entries.iter().map(|entry| (entry.record.kind.as_str(), entry.actor)).collect();
        let by = habeas_core::event::Actor::Staff(id);
        assert_eq!(last, [("user_absences_set", by), ("user_activities_set", by)]);
    })
    .await;
}
