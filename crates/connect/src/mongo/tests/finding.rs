//! Following people through documents, lists and other sources.

use mongodb::bson::oid::ObjectId;
use mongodb::bson::{Bson, doc};

use habeas_testkit::mongodb::fresh_database;

use crate::testing::{people, plan, postgres, run, sources};

const SHOP: &str = "\
fides_key: shop
collections:
  - name: people
    fields:
      - { name: _id, data_categories: [user.unique_id], fides_meta: { primary_key: true, data_type: object_id } }
      - { name: name, data_categories: [user.name] }
      - name: contact
        fides_meta: { data_type: object }
        fields:
          - name: emails
            data_categories: [user.contact.email]
            fides_meta: { identity: email, data_type: 'string[]' }
          - { name: nick, data_categories: [user.name] }
      - { name: never_seen, data_categories: [user.contact] }
  - name: orders
    fields:
      - { name: _id, data_categories: [system], fides_meta: { primary_key: true } }
      - { name: total, data_categories: [user.financial] }
      - name: buyers
        fides_meta: { data_type: 'object[]' }
        fields:
          - name: person
            data_categories: [user.unique_id]
            fides_meta: { data_type: object_id, references: [{ dataset: shop, field: people._id, direction: from }] }
          - { name: note, data_categories: [user.content] }
";

async fn shop() -> habeas_testkit::mongodb::Database {
    let database = fresh_database().await;
    let (ada, bob) = (id("64f0c0ffee64f0c0ffee64f0"), id("64f0c0ffee64f0c0ffee64f1"));
    let person = |id: &Bson, name: &str, emails: &[&str]| doc! { "_id": id, "name": name, "contact": { "emails": emails, "nick": name } };
    database
        .insert(
            "people",
            vec![person(&ada, "Ada", &["ada@x.org", "ada@work.org"]), person(&bob, "Bob", &["bob@x.org"])],
        )
        .await;
    let orders = vec![
        doc! { "_id": 1, "total": Bson::Decimal128("19.90".parse().unwrap()), "buyers": [{ "person": &ada, "note": "gift" }, { "person": &bob, "note": "half" }] },
        doc! { "_id": 2, "total": 5, "buyers": [{ "person": &bob, "note": "own" }] },
        doc! { "_id": 3, "total": 5 },
    ];
    database.insert("orders", orders).await;
    database
}

fn id(hex: &str) -> Bson {
    ObjectId::parse_str(hex).unwrap().into()
}

#[tokio::test]
async fn people_are_followed_through_nested_fields_and_lists_and_given_their_own_elements() {
    let database = shop().await;
    let sources = sources(&[("shop", &database.url())], "");
    let found = run(&plan(SHOP, &["email"]), &sources, &people("email", &["ada@work.org"])).await.unwrap();
    let person = r#"{"_id":"64f0c0ffee64f0c0ffee64f0","name":"Ada","contact":{"emails":["ada@work.org"],"nick":"Ada"},"never_seen":null}"#;
    let order = r#"{"total":19.90,"buyers":[{"person":"64f0c0ffee64f0c0ffee64f0","note":"gift"}]}"#;
    found.check(0, &[("people", &[person]), ("orders", &[order])]);
    assert!(found.coverage(0, "orders").as_of.is_some());
}

#[tokio::test]
async fn all_elements_are_given_where_the_dataset_says_so() {
    let database = shop().await;
    let yaml = SHOP
        .replace("data_type: 'string[]'", "data_type: 'string[]', return_all_elements: true")
        .replace("data_type: 'object[]'", "data_type: 'object[]', return_all_elements: true");
    let sources = sources(&[("shop", &database.url())], "");
    let found = run(&plan(&yaml, &["email"]), &sources, &people("email", &["ada@work.org"])).await.unwrap();
    let rows = found.rows(0);
    assert!(rows["people"][0].contains(r#""emails":["ada@x.org","ada@work.org"]"#), "{:?}", rows["people"]);
    assert!(rows["orders"][0].contains(r#""note":"half""#), "{:?}", rows["orders"]);
}

#[tokio::test]
async fn links_lead_from_tables_into_documents_and_back() {
    let database = shop().await;
    let sql = "CREATE TABLE accounts (email text, mongo_id text);
        CREATE TABLE parcels (order_no int, street text);
        INSERT INTO accounts VALUES ('bob@pg.org', '64f0c0ffee64f0c0ffee64f1');
        INSERT INTO parcels VALUES (1, 'Elm'), (2, 'Oak'), (3, 'Ash');";
    let tables = postgres(sql).await;
    let yaml = format!(
        "dataset:\n  - {}\n  - fides_key: pg
    collections:
      - name: accounts
        fields:
          - {{ name: email, data_categories: [user.contact], fides_meta: {{ identity: email }} }}
          - {{ name: mongo_id, data_categories: [user.unique_id], fides_meta: {{ references: [{{ dataset: shop, field: people._id, direction: to }}] }} }}
      - name: parcels
        fields:
          - {{ name: order_no, data_categories: [system], fides_meta: {{ references: [{{ dataset: shop, field: orders._id, direction: from }}] }} }}
          - {{ name: street, data_categories: [user.contact] }}\n",
        SHOP.trim_end().replace('\n', "\n    ").replace("identity: email, ", "")
    );
    let sources = sources(&[("shop", &database.url()), ("pg", tables.url())], "");
    let found = run(&plan(&yaml, &["email"]), &sources, &people("email", &["bob@pg.org"])).await.unwrap();
    let rows = found.rows(0);
    assert!(rows["people"][0].contains(r#""name":"Bob""#), "{:?}", rows["people"]);
    assert_eq!(rows["parcels"], [r#"{"street":"Elm"}"#, r#"{"street":"Oak"}"#]);
}

#[tokio::test]
async fn many_people_are_one_search_and_each_gets_their_own() {
    let database = fresh_database().await;
    let documents = (0..500).map(
        |n| doc! { "_id": n, "name": format!("N{n}"), "contact": { "emails": [format!("p{n}@x.org")] } },
    );
    database.insert("people", documents.collect()).await;
    database.insert("orders", vec![doc! { "_id": 1, "buyers": [{ "person": 3 }, { "person": 4 }] }]).await;
    let emails: Vec<String> = (0..500).map(|n| format!("P{n}@x.org ")).collect();
    let emails: Vec<&str> = emails.iter().map(String::as_str).collect();
    let yaml = SHOP.replace(
        "fides_meta: { identity: email, data_type: 'string[]' }",
        "fides_meta: { identity: email, data_type: 'string[]' }\n            habeas: { normalise: email }",
    );
    let sources = sources(&[("shop", &database.url())], "limits = { keys_per_statement = 150 }");
    let found = run(&plan(&yaml, &["email"]), &sources, &people("email", &emails)).await.unwrap();
    for n in [0, 3, 499] {
        assert_eq!(found.rows(n)["people"].len(), 1, "{n}");
        assert!(found.rows(n)["people"][0].contains(&format!("\"N{n}\"")), "{n}");
    }
    assert!(
        found.rows(3)["orders"][0].contains(r#""buyers":[{"person":3}]"#),
        "{:?}",
        found.rows(3)["orders"]
    );
    assert!(!found.rows(5).contains_key("orders"));
}

#[tokio::test]
async fn spellings_are_the_same_once_normalised() {
    let database = fresh_database().await;
    let values: Vec<(&str, Bson)> = vec![
        ("upper", "  ADA+x@X.org ".into()),
        ("same", "ada+x@x.org".into()),
        ("dot", "ada+xax.org".into()),
        ("longer", "ada+x@x.org.evil".into()),
        ("number", Bson::Int64(1)),
    ];
    database
        .insert("people", values.into_iter().map(|(id, email)| doc! { "_id": id, "email": email }).collect())
        .await;
    let yaml = "\
fides_key: shop
collections:
  - name: people
    fields:
      - { name: _id, data_categories: [user.unique_id], fides_meta: { primary_key: true } }
      - { name: email, data_categories: [user.contact], fides_meta: { identity: email }, habeas: { normalise: email } }
";
    let sources = sources(&[("shop", &database.url())], "");
    let found = run(&plan(yaml, &["email"]), &sources, &people("email", &["Ada+x@x.org"])).await.unwrap();
    let rows = &found.rows(0)["people"];
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(rows[0].contains("same") && rows[1].contains("upper"), "{rows:?}");
}
