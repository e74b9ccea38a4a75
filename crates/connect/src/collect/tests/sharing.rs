//! Many people in one run: rows go back to those they belong to.

use crate::testing::{people, plan, postgres, run, sources};

const SQL: &str = "CREATE TABLE person (email text PRIMARY KEY, account integer);
    CREATE TABLE account (id integer PRIMARY KEY, iban text);
    INSERT INTO person VALUES ('a@x.org', 1), ('b@x.org', 1), ('c@x.org', 2);
    INSERT INTO account VALUES (1, 'JOINT'), (2, 'OWN'), (3, 'NOBODY')";

const YAML: &str = "dataset:
- fides_key: bank
  collections:
  - name: person
    fields:
    - { name: email, data_categories: [user.contact.email], fides_meta: { identity: email } }
    - { name: account, data_categories: [system], fides_meta: { references: [{ dataset: bank, field: account.id, direction: to }] } }
  - name: account
    fields:
    - { name: id, data_categories: [system] }
    - { name: iban, data_categories: [user.financial] }
";

#[tokio::test]
async fn a_joint_account_goes_to_both_and_is_marked() {
    let database = postgres(SQL).await;
    let plan = plan(YAML, &["email"]);
    for more in ["", "limits = { keys_per_statement = 1 }"] {
        let sources = sources(&[("bank", database.url())], more);
        let subjects = people("email", &["a@x.org", "b@x.org", "c@x.org", "d@x.org"]);
        let outcomes = run(&plan, &sources, &subjects).await.unwrap();
        for subject in [0, 1] {
            assert_eq!(outcomes.rows(subject)["account"], [r#"{"iban":"JOINT"}"#]);
        }
        assert_eq!(outcomes.rows(2)["account"], [r#"{"iban":"OWN"}"#]);
        assert!(outcomes.rows(3).is_empty());
        for record in outcomes.records.iter().filter(|record| &*record.collection == "account") {
            assert_eq!(record.shared, record.subject < 2);
        }
        let coverage = outcomes.coverage(3, "person");
        assert_eq!((coverage.rows, coverage.as_of.is_some()), (0, true));
        assert_eq!(coverage.reached_by[0].describe(), "identity email -> bank:person.email");
        assert!(outcomes.coverage(3, "account").reached_by.is_empty());
    }
}

#[tokio::test]
async fn rows_the_database_finds_equal_by_its_own_rules_find_their_owner() {
    let sql = "CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
               CREATE TABLE person (email text COLLATE blind, account integer); CREATE TABLE account (id integer, iban text);
               INSERT INTO person VALUES ('ÀDA@x.org', 1), ('bob@x.org', 2); INSERT INTO account VALUES (1, 'A'), (2, 'B')";
    let database = postgres(sql).await;
    let sources = sources(&[("bank", database.url())], "");
    let outcomes =
        run(&plan(YAML, &["email"]), &sources, &people("email", &["ada@x.org", "bob@x.org"])).await.unwrap();
    assert_eq!(outcomes.rows(0)["account"], [r#"{"iban":"A"}"#]);
    assert_eq!(outcomes.rows(1)["account"], [r#"{"iban":"B"}"#]);
    assert!(outcomes.records.iter().all(|record| !record.shared));
}

#[tokio::test]
async fn links_cross_from_one_source_to_another() {
    let people_db = postgres(
        "CREATE TABLE person (email text, account integer); INSERT INTO person VALUES ('a@x.org', 7)",
    )
    .await;
    let accounts_db =
        postgres("CREATE TABLE account (id text, iban text); INSERT INTO account VALUES ('7', 'A')").await;
    let yaml = "dataset:
- fides_key: people
  collections:
  - name: person
    fields:
    - { name: email, data_categories: [system], fides_meta: { identity: email } }
    - { name: account, data_categories: [system] }
- fides_key: accounts
  collections:
  - name: account
    fields:
    - { name: id, data_categories: [system], fides_meta: { references: [{ dataset: people, field: person.account, direction: from }] } }
    - { name: iban, data_categories: [user.financial] }
";
    let sources = sources(&[("people", people_db.url()), ("accounts", accounts_db.url())], "");
    let outcomes = run(&plan(yaml, &["email"]), &sources, &people("email", &["a@x.org"])).await.unwrap();
    outcomes.check(0, &[("account", &[r#"{"iban":"A"}"#])]);
    assert_eq!(outcomes.coverage(0, "person").rows, 1);
}

#[tokio::test]
async fn a_row_found_for_another_in_a_later_round_is_told() {
    // Ada's node 3 is two steps away, Bob's own: the second round finds it for Ada.
    let sql = "CREATE TABLE node (id integer, email text, next integer);
               INSERT INTO node VALUES (1, 'a@x.org', 2), (2, NULL, 3), (3, 'b@x.org', NULL)";
    let yaml = "dataset:
- fides_key: bank
  collections:
  - name: node
    fields:
    - { name: id, data_categories: [user.unique_id] }
    - { name: email, data_categories: [system], fides_meta: { identity: email } }
    - { name: next, data_categories: [system], fides_meta: { references: [{ dataset: bank, field: node.id, direction: to }] } }
";
    let database = postgres(sql).await;
    let sources = sources(&[("bank", database.url())], "");
    let outcomes =
        run(&plan(yaml, &["email"]), &sources, &people("email", &["a@x.org", "b@x.org"])).await.unwrap();
    outcomes.check(0, &[("node", &[r#"{"id":1}"#, r#"{"id":2}"#, r#"{"id":3}"#])]);
    outcomes.check(1, &[("node", &[r#"{"id":3}"#])]);
    let bobs = outcomes.records.iter().find(|record| record.subject == 1).unwrap();
    assert_eq!((bobs.shared, outcomes.collected.shared_later.as_slice()), (false, [bobs.id].as_slice()));
    let adas =
        outcomes.records.iter().filter(|record| record.subject == 0).max_by_key(|record| record.id).unwrap();
    assert!(adas.shared);
}

#[tokio::test]
async fn collecting_runs_as_a_task_of_its_own() {
    let database = postgres(SQL).await;
    let (plan, sources) = (plan(YAML, &["email"]), sources(&[("bank", database.url())], ""));
    let work =
        async move { run(&plan, &sources, &people("email", &["a@x.org"])).await.unwrap().records.len() };
    assert_eq!(tokio::task::JoinSet::from_iter([work]).join_all().await, [2]);
}
