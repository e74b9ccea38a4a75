//! Every kind of link, on PostgreSQL and on SQLite alike.

use crate::collect::Subject;
use std::fmt::Write as _;

use habeas_core::record::Hop;

use crate::testing::{identity, people, plan, postgres, run, sources, sqlite};

use crate::testing::Outcomes;

/// Runs a case on both databases, the same SQL making both, and hands each outcome to `check`.
async fn on_both(sql: &str, yaml: &str, subjects: &[Subject], check: impl Fn(&Outcomes)) {
    let kinds: Vec<&str> = subjects.iter().flat_map(|s| &s.identities).map(|i| &*i.kind).collect();
    let plan = plan(yaml, &kinds);
    let database = postgres(sql).await;
    check(&run(&plan, &sources(&[("shop", database.url())], ""), subjects).await.unwrap());
    // Few values a statement, so that rows come in several statements.
    let few = "limits = { keys_per_statement = 1 }";
    check(&run(&plan, &sources(&[("shop", database.url())], few), subjects).await.unwrap());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.db");
    sqlite(&file, sql).await;
    let url = format!("sqlite://{}", file.display());
    check(&run(&plan, &sources(&[("shop", &url)], ""), subjects).await.unwrap());
    check(&run(&plan, &sources(&[("shop", &url)], few), subjects).await.unwrap());
}

fn field(name: &str, meta: &str) -> String {
    format!("      - {{ name: {name}, data_categories: [user.content], fides_meta: {{ {meta} }} }}\n")
}

fn dataset(collections: &[(&str, &[String])]) -> String {
    let mut text = String::from("dataset:\n- fides_key: shop\n  collections:\n");
    for (name, fields) in collections {
        write!(text, "  - name: {name}\n    fields:\n").unwrap();
        text.push_str(&fields.concat());
    }
    text
}

fn reference(field: &str, direction: &str) -> String {
    format!("references: [{{ dataset: shop, field: {field}, direction: {direction} }}]")
}

#[tokio::test]
async fn text_leads_to_numbers_and_numbers_to_text() {
    let sql = "CREATE TABLE person (email text, ref text); CREATE TABLE by_number (id integer, note text);
               CREATE TABLE by_text (id text, note text);
               INSERT INTO person VALUES ('a@x.org', '1'), ('a@x.org', 'none'), ('b@x.org', '2');
               INSERT INTO by_number VALUES (1, 'n1'), (2, 'n2'); INSERT INTO by_text VALUES ('1', 't1'), ('01', 't01'), ('2', 't2');";
    let yaml = dataset(&[
        ("person", &[field("email", "identity: email"), field("ref", "")]),
        ("by_number", &[field("id", &reference("person.ref", "from")), field("note", "")]),
        ("by_text", &[field("id", &reference("by_number.id", "from")), field("note", "")]),
    ]);
    on_both(sql, &yaml, &people("email", &["a@x.org", "b@x.org"]), |outcomes| {
        outcomes.check(
            0,
            &[
                ("by_number", &[r#"{"id":1,"note":"n1"}"#]),
                ("by_text", &[r#"{"id":"1","note":"t1"}"#]),
                ("person", &[r#"{"email":"a@x.org","ref":"1"}"#, r#"{"email":"a@x.org","ref":"none"}"#]),
            ],
        );
        assert_eq!(outcomes.rows(1)["by_text"], [r#"{"id":"2","note":"t2"}"#]);
    })
    .await;
}

#[tokio::test]
async fn trees_and_cycles_are_followed_to_their_end() {
    let mut sql = String::from(
        "CREATE TABLE person (id integer, email text, friend integer); CREATE TABLE post (id integer, parent integer, person integer);
         INSERT INTO person VALUES (1, 'a@x.org', 2), (2, 'b@x.org', 3), (3, 'c@x.org', 1), (4, 'd@x.org', NULL);
         INSERT INTO post VALUES (1, NULL, 1), (1000, NULL, 4);",
    );
    for id in 2..=60 {
        write!(sql, "INSERT INTO post VALUES ({id}, {}, NULL);", id - 1).unwrap();
    }
    let yaml = dataset(&[
        (
            "person",
            &[
                field("id", ""),
                field("email", "identity: email"),
                field("friend", &reference("person.id", "to")),
            ],
        ),
        (
            "post",
            &[
                field("id", ""),
                field("parent", &reference("post.id", "from")),
                field("person", &reference("person.id", "from")),
            ],
        ),
    ]);
    on_both(&sql, &yaml, &people("email", &["b@x.org", "d@x.org"]), |outcomes| {
        assert_eq!(outcomes.rows(0)["person"].len(), 3);
        assert_eq!(outcomes.rows(0)["post"].len(), 60);
        assert_eq!(outcomes.rows(1)["post"], [r#"{"id":1000,"parent":null,"person":4}"#]);
        let deepest = outcomes.records.iter().find(|r| r.row.to_json().starts_with("{\"id\":60,")).unwrap();
        let chain: Vec<String> = deepest.reached_by.iter().map(Hop::describe).collect();
        assert_eq!(chain.last().unwrap(), "shop:post.id -> shop:post.parent");
        assert!(chain.len() <= 5, "{chain:?}");
        assert_eq!(outcomes.coverage(0, "post").rows, 60);
    })
    .await;
}

#[tokio::test]
async fn all_parts_of_a_composite_key_must_match_one_row() {
    let sql = "CREATE TABLE account (email text, tenant integer, number text); CREATE TABLE invoice (tenant integer, account text, total integer);
               INSERT INTO account VALUES ('a@x.org', 1, 'A'), ('a@x.org', 2, 'B'), ('b@x.org', 1, 'B');
               INSERT INTO invoice VALUES (1, 'A', 10), (1, 'B', 20), (2, 'A', 30), (2, 'B', 40);";
    let yaml = "dataset:
- fides_key: shop
  collections:
  - name: account
    fields:
    - { name: email, data_categories: [user.contact.email], fides_meta: { identity: email } }
    - { name: tenant, data_categories: [system] }
    - { name: number, data_categories: [system] }
  - name: invoice
    habeas: { composite_keys: [[tenant, account]] }
    fields:
    - { name: tenant, data_categories: [system], fides_meta: { references: [{ dataset: shop, field: account.tenant, direction: from }] } }
    - { name: account, data_categories: [system], fides_meta: { references: [{ dataset: shop, field: account.number, direction: from }] } }
    - { name: total, data_categories: [user.financial] }
";
    on_both(sql, yaml, &people("email", &["a@x.org", "b@x.org"]), |outcomes| {
        assert_eq!(outcomes.rows(0)["invoice"], [r#"{"total":10}"#, r#"{"total":40}"#]);
        assert_eq!(outcomes.rows(1)["invoice"], [r#"{"total":20}"#]);
    })
    .await;
}

#[tokio::test]
async fn several_identities_of_a_person_find_each_row_once() {
    let sql = "CREATE TABLE ticket (id integer, email text, alt text, phone text);
               INSERT INTO ticket VALUES (1, 'a@x.org', 'a2@x.org', '7'), (2, 'a2@x.org', NULL, NULL), (3, 'z@x.org', NULL, '7'), (4, 'z@x.org', NULL, '8');";
    let yaml = dataset(&[(
        "ticket",
        &[
            field("id", ""),
            field("email", "identity: email"),
            field("alt", "identity: email"),
            field("phone", "identity: phone_number"),
        ],
    )]);
    let ada = Subject {
        identities: vec![
            identity("email", "a@x.org"),
            identity("email", "a2@x.org"),
            identity("phone_number", "7"),
        ],
    };
    on_both(sql, &yaml, &[ada], |outcomes| {
        let ids: Vec<String> = outcomes.rows(0)["ticket"].iter().map(|row| row[6..7].to_owned()).collect();
        assert_eq!(ids, ["1", "2", "3"]);
    })
    .await;
}

#[tokio::test]
async fn spellings_of_an_address_are_one_where_the_dataset_says_so() {
    let sql = "CREATE TABLE mail (id integer, address text); CREATE TABLE call (id integer, number text);
               INSERT INTO mail VALUES (1, 'Ada@X.org'), (2, ' ada@x.org'), (3, 'bada@x.org'), (4, 'ÉMILE@x.org'), (5, 'a.da@x.org');
               INSERT INTO call VALUES (1, '+44 20 7946-0958'), (2, '0044 20 79460958'), (3, '+1 20 79460958'), (4, NULL);";
    let yaml = "dataset:
- fides_key: shop
  collections:
  - name: mail
    fields:
    - { name: id, data_categories: [user.content] }
    - { name: address, data_categories: [system], fides_meta: { identity: email }, habeas: { normalise: email } }
  - name: call
    fields:
    - { name: id, data_categories: [user.content] }
    - { name: number, data_categories: [system], fides_meta: { identity: phone_number }, habeas: { normalise: phone } }
";
    let ada = Subject {
        identities: vec![identity("email", "ADA@x.org"), identity("phone_number", "+442079460958")],
    };
    let emile = Subject { identities: vec![identity("email", "émile@x.org")] };
    on_both(sql, yaml, &[ada, emile], |outcomes| {
        outcomes.check(
            0,
            &[("call", &[r#"{"id":1}"#, r#"{"id":2}"#]), ("mail", &[r#"{"id":1}"#, r#"{"id":2}"#])],
        );
        outcomes.check(1, &[("mail", &[r#"{"id":4}"#])]);
    })
    .await;
}

#[tokio::test]
async fn an_exact_search_still_finds_the_lower_case_of_an_address() {
    let sql = "CREATE TABLE mail (id integer, address text); INSERT INTO mail VALUES (1, 'ada@x.org'), (2, 'ADA@x.org');";
    let yaml = dataset(&[("mail", &[field("id", ""), field("address", "identity: email")])]);
    on_both(sql, &yaml, &people("email", &["ADA@x.org"]), |outcomes| {
        assert_eq!(outcomes.rows(0)["mail"].len(), 2);
    })
    .await;
}

#[tokio::test]
async fn conditions_choose_rows_and_links() {
    let sql = "CREATE TABLE person (id integer, email text, state text);
               CREATE TABLE note (id integer, owner_type text, owner_id text, body text);
               INSERT INTO person VALUES (1, 'a@x.org', 'active'), (2, 'a@x.org', 'gone'), (3, 'a@x.org', NULL);
               INSERT INTO note VALUES (1, 'Person', '1', 'mine'), (2, 'Order', '1', 'not mine'), (3, 'Person', '3', 'mine too'), (4, 'Person', '2', 'gone');";
    let yaml = "dataset:
- fides_key: shop
  collections:
  - name: person
    habeas: { filter: { field: state, is_not: gone } }
    fields:
    - { name: id, data_categories: [system] }
    - { name: email, data_categories: [user.contact.email], fides_meta: { identity: email } }
    - { name: state, data_categories: [system] }
  - name: note
    fields:
    - { name: owner_type, data_categories: [system] }
    - name: owner_id
      data_categories: [system]
      fides_meta: { references: [{ dataset: shop, field: person.id, direction: from, habeas: { when: { field: owner_type, is: Person } } }] }
    - { name: body, data_categories: [user.content] }
";
    on_both(sql, yaml, &people("email", &["a@x.org"]), |outcomes| {
        assert_eq!(outcomes.rows(0)["person"].len(), 2);
        assert_eq!(outcomes.rows(0)["note"], [r#"{"body":"mine too"}"#, r#"{"body":"mine"}"#]);
    })
    .await;
}

#[tokio::test]
async fn fields_inside_documents_are_found_followed_and_given() {
    let sql = r#"CREATE TABLE account (id integer, profile text);
               CREATE TABLE flight (code text, crew text);
               INSERT INTO account VALUES (1, '{"mail": "a@x.org", "secret": 1, "trips": [{"code": "F1", "seat": "1A"}, {"code": "F2"}]}'),
                                          (2, '{"mail": "b@x.org", "trips": []}'), (3, 'a@x.org is no document');
               INSERT INTO flight VALUES ('F1', '[{"mail": "a@x.org"}, {"mail": "b@x.org"}]'), ('F2', '[]'), ('F3', NULL);"#;
    let yaml = "dataset:
- fides_key: shop
  collections:
  - name: account
    fields:
    - name: profile
      fides_meta: { data_type: object }
      habeas: { json: true }
      fields:
      - { name: mail, data_categories: [user.contact.email], fides_meta: { identity: email } }
      - { name: secret, data_categories: [system] }
      - name: trips
        fides_meta: { data_type: 'object[]' }
        fields:
        - { name: code, data_categories: [system] }
        - { name: seat, data_categories: [user.content] }
  - name: flight
    fields:
    - name: code
      data_categories: [user.content]
      fides_meta: { references: [{ dataset: shop, field: account.profile.trips.code, direction: from }] }
";
    on_both(sql, yaml, &people("email", &["a@x.org"]), |outcomes| {
        outcomes.check(
            0,
            &[
                ("account", &[r#"{"profile":{"mail":"a@x.org","trips":[{"seat":"1A"}]}}"#]),
                ("flight", &[r#"{"code":"F1"}"#, r#"{"code":"F2"}"#]),
            ],
        );
    })
    .await;
}

#[tokio::test]
async fn lists_link_by_each_element_and_give_only_the_subjects_own() {
    let sql = "CREATE TABLE trip (id integer, mails text[], people integer[]); CREATE TABLE person (id integer, name text);
               INSERT INTO trip VALUES (1, '{a@x.org,b@x.org}', '{1,2}'), (2, '{c@x.org}', '{3}'); INSERT INTO person VALUES (1, 'A'), (2, 'B'), (3, 'C');";
    let yaml = "dataset:
- fides_key: shop
  collections:
  - name: trip
    fields:
    - { name: mails, data_categories: [user.contact.email], fides_meta: { identity: email, data_type: 'string[]' } }
    - { name: people, data_categories: [system], fides_meta: { data_type: 'integer[]', references: [{ dataset: shop, field: person.id, direction: to }] } }
  - name: person
    fields:
    - { name: id, data_categories: [system] }
    - { name: name, data_categories: [user.name] }
";
    let database = postgres(sql).await;
    let sources = sources(&[("shop", database.url())], "");
    let outcomes =
        run(&plan(yaml, &["email"]), &sources, &people("email", &["a@x.org", "c@x.org"])).await.unwrap();
    outcomes.check(
        0,
        &[("person", &[r#"{"name":"A"}"#, r#"{"name":"B"}"#]), ("trip", &[r#"{"mails":["a@x.org"]}"#])],
    );
    outcomes.check(1, &[("person", &[r#"{"name":"C"}"#]), ("trip", &[r#"{"mails":["c@x.org"]}"#])]);
}

#[tokio::test]
async fn what_is_reached_over_other_people_is_marked() {
    let sql = "CREATE TABLE contact (id integer, email text, child integer); INSERT INTO contact VALUES (1, 'a@x.org', 2), (2, 'kid@x.org', NULL);";
    let yaml = "dataset:
- fides_key: shop
  collections:
  - name: contact
    fields:
    - { name: id, data_categories: [user.unique_id] }
    - { name: email, data_categories: [system], fides_meta: { identity: email } }
    - { name: child, data_categories: [system], fides_meta: { references: [{ dataset: shop, field: contact.id, direction: to, habeas: { third_party: true } }] } }
";
    on_both(sql, yaml, &people("email", &["a@x.org"]), |outcomes| {
        let marks: Vec<_> = outcomes.records.iter().map(|r| (r.row.to_json(), r.third_party)).collect();
        assert_eq!(marks, [(r#"{"id":1}"#.to_owned(), false), (r#"{"id":2}"#.to_owned(), true)]);
    })
    .await;
}

#[tokio::test]
async fn a_type_column_keeps_the_links_of_its_kinds_apart() {
    // A note about order 1 must not pass for a note about person 1 because another link finds it.
    let sql = "CREATE TABLE person (id integer, email text, active integer); CREATE TABLE purchase (id integer, person integer);
               CREATE TABLE note (kind text, about integer, body text);
               INSERT INTO person VALUES (1, 'a@x.org', 1), (2, 'b@x.org', 1), (3, 'a@x.org', 0);
               INSERT INTO purchase VALUES (1, 2), (2, 1);
               INSERT INTO note VALUES ('Person', 1, 'a'), ('Person', 2, 'b'), ('Purchase', 1, 'of b'), ('Purchase', 2, 'of a'), ('Person', 3, 'inactive');";
    let yaml = "dataset:
- fides_key: shop
  collections:
  - name: person
    habeas: { filter: { field: active, is: 1 } }
    fields:
    - { name: id, data_categories: [system] }
    - { name: active, data_categories: [system] }
    - { name: email, data_categories: [system], fides_meta: { identity: email } }
  - name: purchase
    fields:
    - { name: id, data_categories: [system] }
    - { name: person, data_categories: [system], fides_meta: { references: [{ dataset: shop, field: person.id, direction: from }] } }
  - name: note
    fields:
    - { name: kind, data_categories: [system] }
    - name: about
      data_categories: [system]
      fides_meta:
        references:
        - { dataset: shop, field: person.id, direction: from, habeas: { when: { field: kind, is: Person } } }
        - { dataset: shop, field: purchase.id, direction: from, habeas: { when: { field: kind, is: Purchase } } }
    - { name: body, data_categories: [user.content] }
";
    on_both(sql, yaml, &people("email", &["a@x.org", "b@x.org"]), |outcomes| {
        assert_eq!(outcomes.rows(0)["note"], [r#"{"body":"a"}"#, r#"{"body":"of a"}"#]);
        assert_eq!(outcomes.rows(1)["note"], [r#"{"body":"b"}"#, r#"{"body":"of b"}"#]);
    })
    .await;
}
