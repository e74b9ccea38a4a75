//! Erasing documents, nested fields and elements of lists, on a replica set and on a server that stands alone.

use mongodb::bson::{Bson, DateTime, Document, doc};

use habeas_core::value::Value;
use habeas_testkit::mongodb::{Database, fresh_database, fresh_standalone_database};

use super::world::World;
use crate::erase::Outcome;

const COLLECTIONS: &str = "\
- name: people
  fields:
  - {name: _id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - {name: name, data_categories: [user.name]}
  - {name: born, data_categories: [user.demographic]}
  - name: contact
    fides_meta: {data_type: object}
    fields:
    - {name: phone, data_categories: [user.contact.phone_number]}
    - {name: kept, data_categories: [system]}
- name: orders
  fields:
  - {name: _id, data_categories: [system], fides_meta: {primary_key: true}}
  - name: buyers
    fides_meta: {data_type: 'object[]'}
    fields:
    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
    - {name: note, data_categories: [user.contact]}
- name: visits
  fields:
  - {name: _id, data_categories: [system], fides_meta: {primary_key: true}}
  - {name: person, data_categories: [user.unique_id], fides_meta: {references: [{dataset: shop, field: people._id, direction: from}]}}
  fides_meta: {masking_strategy_override: {strategy: delete}}
";

const POLICY: &str = "\
erasure:
- {categories: [user.contact], mask: {strategy: null_rewrite}}
- {categories: [user.name], mask: {strategy: string_rewrite, configuration: {rewrite_value: gone}}}
- {categories: [user.demographic], mask: {strategy: date_to_year}}
";

fn ada() -> Document {
    doc! {
        "_id": Bson::Int64(1), "email": "ada@x.org", "name": "Ada",
        "born": Bson::DateTime(DateTime::from_millis(474_854_400_000)),
        "contact": { "phone": "+47 1", "kept": Bson::Int64(5), "amount": Bson::Decimal128("1.20".parse().unwrap()), "n": Bson::Int32(3) },
        "extra": { "any": 1 },
    }
}

async fn filled(database: Database) -> World {
    let bob = doc! { "_id": 2, "email": "bob@x.org", "name": "Bob" };
    database.insert("people", vec![ada(), bob]).await;
    let buyers = vec![
        doc! { "email": "ada@x.org", "note": "mine" },
        doc! { "email": "bob@x.org", "note": "his", "n": Bson::Int64(1) },
    ];
    database.insert("orders", vec![doc! { "_id": "o1", "buyers": buyers }]).await;
    let visits = (0..40).map(|n| doc! { "_id": n, "person": if n % 2 == 0 { 1 } else { 2 }, "place": "x" });
    database.insert("visits", visits.collect()).await;
    World::new(database, COLLECTIONS, POLICY)
}

async fn check(world: &World) {
    assert_eq!(world.erase().await, (20, 2));
    let mut expected = ada();
    expected.insert("email", Bson::Null);
    expected.insert("name", "gone");
    expected.insert("born", Bson::DateTime(DateTime::from_millis(473_385_600_000)));
    expected.get_document_mut("contact").unwrap().insert("phone", Bson::Null);
    assert_eq!(world.database.lookup("people", 1).await, Some(expected), "all else keeps its very type");
    let bob = doc! { "_id": 2, "email": "bob@x.org", "name": "Bob" };
    assert_eq!(world.database.lookup("people", 2).await, Some(bob));
    let buyers = vec![
        doc! { "email": Bson::Null, "note": Bson::Null },
        doc! { "email": "bob@x.org", "note": "his", "n": Bson::Int64(1) },
    ];
    assert_eq!(world.database.lookup("orders", "o1").await, Some(doc! { "_id": "o1", "buyers": buyers }));
    assert_eq!(world.database.collection("visits").count_documents(doc! {}).await.unwrap(), 20);
}

#[tokio::test]
async fn documents_go_and_fields_and_own_elements_are_masked_in_one_transaction() {
    let world = filled(fresh_database().await).await;
    assert_eq!(world.planned().await.warnings, [""; 0]);
    check(&world).await;
}

#[tokio::test]
async fn a_server_that_stands_alone_is_changed_document_by_document_and_says_so() {
    let world = filled(fresh_standalone_database().await).await;
    let warnings = world.planned().await.warnings;
    assert!(warnings.len() == 1 && warnings[0].contains("source shop has no transactions"), "{warnings:?}");
    check(&world).await;
}

#[tokio::test]
async fn a_document_changed_since_it_was_planned_is_never_written_over() {
    for database in [fresh_database().await, fresh_standalone_database().await] {
        let world = filled(database).await;
        let planned = world.planned().await;
        let people = world.database.collection("people");
        people.update_one(doc! { "_id": 1 }, doc! { "$set": { "contact.new": "x" } }).await.unwrap();
        let outcome = world.execute(&planned).await;
        assert!(
            matches!(&outcome, Outcome::Changed { rows: 1, collection } if collection == "shop:people"),
            "{outcome:?}"
        );
        assert_eq!(world.database.lookup("people", 1).await.unwrap().get_str("name").ok(), Some("Ada"));
        assert_eq!(world.database.collection("visits").count_documents(doc! {}).await.unwrap(), 40);
    }
}

#[tokio::test]
async fn fields_no_document_looked_at_had_are_found_and_erased_with_the_rest() {
    let database = fresh_database().await;
    let filler =
        (0..1_200).map(|n| doc! { "_id": n + 10, "email": format!("p{n}@x.org") }).collect::<Vec<_>>();
    let (before, after) = filler.split_at(600);
    database.insert("people", before.to_vec()).await;
    database.insert("people", vec![doc! { "_id": 1, "email": "ada@x.org", "secret": "s", "deep": { "x": 1 }, "a.b": "dots", "$money": "sign" }]).await;
    database.insert("people", after.to_vec()).await;
    let collections = "\
- name: people
  data_categories: [user.contact]
  fields:
  - {name: _id, data_categories: [system], fides_meta: {primary_key: true}}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
";
    let world = World::new(database, collections, POLICY);
    let planned = world.planned().await;
    let (_, people) = planned.collections().next().unwrap();
    let rest = people.rows[0].before.last().unwrap();
    assert!(matches!(rest, Value::Object(fields) if fields.len() == 4), "{}", rest.to_json());
    assert_eq!(world.erase().await, (0, 1));
    assert_eq!(world.database.lookup("people", 1).await, Some(doc! { "_id": 1, "email": Bson::Null }));
}

#[tokio::test]
async fn names_with_dollars_are_read_looked_up_and_masked() {
    let database = fresh_database().await;
    database
        .insert(
            "people",
            vec![
                doc! { "_id": 1, "$mail": "ada@x.org", "$name": "Ada", "plain": 1, "a.b": 2 },
                doc! { "_id": 2, "$mail": ["bob@x.org"], "$name": "Bob" },
            ],
        )
        .await;
    let collections = "\
- name: people
  fields:
  - {name: _id, data_categories: [system], fides_meta: {primary_key: true}}
  - {name: $mail, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - {name: $name, data_categories: [user.name]}
";
    let world = World::new(database, collections, POLICY);
    assert_eq!(world.erase().await, (0, 1));
    let expected = doc! { "_id": 1, "$mail": Bson::Null, "$name": "gone", "plain": 1, "a.b": 2 };
    assert_eq!(world.database.lookup("people", 1).await, Some(expected));
    let bob = doc! { "_id": 2, "$mail": ["bob@x.org"], "$name": "Bob" };
    assert_eq!(world.database.lookup("people", 2).await, Some(bob));
}

#[tokio::test]
async fn what_a_collection_can_not_take_is_found_while_planning() {
    let database = fresh_database().await;
    let schema = doc! {
        "required": ["name"],
        "properties": {
            "name": { "bsonType": "string", "maxLength": 3 },
            "phone": { "bsonType": "string" },
        },
    };
    database.database().create_collection("people").validator(doc! { "$jsonSchema": schema }).await.unwrap();
    let person = doc! { "_id": "ada", "email": "ada@x.org", "name": "Ada", "phone": "1" };
    database.insert("people", vec![person]).await;
    let collections = "\
- name: people
  fields:
  - {name: _id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - {name: name, data_categories: [user.name]}
  - {name: phone, data_categories: [user.contact.phone_number]}
";
    let policy = |mask: &str| format!("erasure: [{{categories: [user], mask: {mask}}}]");
    let world = World::new(
        database.clone(),
        collections,
        &policy("{strategy: string_rewrite, configuration: {rewrite_value: gone}}"),
    );
    let troubles = world.troubles().await;
    assert_eq!(troubles.len(), 2, "{troubles:?}");
    assert!(troubles[0].starts_with("people._id: it can't be changed once the row is there"), "{troubles:?}");
    assert!(troubles[1].starts_with("people.name: it takes 3 characters and would get 4"), "{troubles:?}");
    let nulls = World::new(database.clone(), collections, &policy("{strategy: null_rewrite}"));
    let troubles = nulls.troubles().await;
    assert!(troubles.iter().any(|one| one.starts_with("people.name: it must have a value")), "{troubles:?}");
    let phones = "erasure: [{categories: [user.contact], mask: {strategy: null_rewrite}}]";
    let world = World::new(database, collections, phones);
    assert_eq!(world.erase().await, (0, 1));
    let expected = doc! { "_id": "ada", "email": Bson::Null, "name": "Ada" };
    assert_eq!(
        world.database.lookup("people", "ada").await,
        Some(expected),
        "a field that can't be null is unset"
    );
}
