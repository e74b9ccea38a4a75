//! What leads to other people is not followed as if it were the subject's own.

use crate::testing::{people, plan, postgres, run, sources};

#[tokio::test]
async fn an_identity_in_another_persons_row_is_not_followed() {
    // The child's row is reached over the parent's, and the child's address would lead to its orders.
    let sql = "CREATE TABLE contact (id integer, email text, alias text, child integer);
               CREATE TABLE purchase (id integer, email text);
               INSERT INTO contact VALUES (1, 'a@x.org', 'a2@x.org', 2), (2, 'kid@x.org', 'kid2@x.org', NULL);
               INSERT INTO purchase VALUES (10, 'a@x.org'), (11, 'a2@x.org'), (12, 'kid@x.org'), (13, 'kid2@x.org');";
    let yaml = "dataset:
- fides_key: shop
  collections:
  - name: contact
    habeas: { one_person: true }
    fields:
    - { name: id, data_categories: [user.unique_id] }
    - { name: email, data_categories: [system], fides_meta: { identity: email } }
    - { name: alias, data_categories: [system], fides_meta: { identity: email } }
    - { name: child, data_categories: [system], fides_meta: { references: [{ dataset: shop, field: contact.id, direction: to, habeas: { third_party: true } }] } }
  - name: purchase
    fields:
    - { name: id, data_categories: [user.content] }
    - { name: email, data_categories: [system], fides_meta: { identity: email } }
";
    let database = postgres(sql).await;
    for more in ["", "limits = { keys_per_statement = 1 }"] {
        let sources = sources(&[("shop", database.url())], more);
        let outcomes = run(&plan(yaml, &["email"]), &sources, &people("email", &["a@x.org"])).await.unwrap();
        assert_eq!(outcomes.rows(0)["purchase"], [r#"{"id":10}"#, r#"{"id":11}"#]);
        let others: Vec<_> =
            outcomes.records.iter().filter(|record| record.third_party).map(|r| r.row.to_json()).collect();
        assert_eq!(others, [r#"{"id":2}"#]);
    }
}

#[tokio::test]
async fn a_row_only_the_database_finds_equal_waits_for_a_person() {
    // Whoever owns àda@x.org has proven àda@x.org, not ada@x.org.
    let sql = "CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
               CREATE TABLE person (email text COLLATE blind, account integer);
               CREATE TABLE account (id integer, iban text);
               INSERT INTO person VALUES ('ada@x.org', 1), ('àda@x.org', 2);
               INSERT INTO account VALUES (1, 'ADA'), (2, 'ÀDA')";
    let yaml = "dataset:
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
    let database = postgres(sql).await;
    let sources = sources(&[("bank", database.url())], "");
    let outcomes = run(&plan(yaml, &["email"]), &sources, &people("email", &["àda@x.org"])).await.unwrap();
    let mut marks: Vec<_> = outcomes.records.iter().map(|r| (r.row.to_json(), r.third_party)).collect();
    marks.sort();
    let expected = [
        (r#"{"email":"ada@x.org"}"#, true),
        (r#"{"email":"àda@x.org"}"#, false),
        (r#"{"iban":"ADA"}"#, true),
        (r#"{"iban":"ÀDA"}"#, false),
    ];
    assert_eq!(marks, expected.map(|(row, is_other)| (row.to_owned(), is_other)));
}
