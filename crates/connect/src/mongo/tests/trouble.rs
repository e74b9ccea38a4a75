//! Servers that are gone, hang, refuse, or have changed meanwhile.

use mongodb::bson::doc;

use habeas_testkit::mongodb::{fresh_database, fresh_standalone_database};
use habeas_testkit::proxy::Proxy;

use super::world::{WRITABLE, World};
use crate::erase::Outcome;
use crate::error::{Kind, Problem};
use crate::testing::{name, open, people, plan, reason, run, sources};

const PEOPLE: &str = "\
- name: people
  fields:
  - {name: _id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - {name: name, data_categories: [user.name]}
";

const POLICY: &str = "erasure: [{categories: [user.contact, user.name], mask: {strategy: null_rewrite}}]";

const PATIENCE: &str = "limits = { connect_timeout_ms = 1500, timeout_ms = 1500, retries = 0 }";

#[tokio::test]
async fn a_server_that_is_not_there_or_lets_nobody_in_is_a_failure_with_a_reason() {
    let yaml = format!("fides_key: shop\ncollections:\n{PEOPLE}");
    let sources = sources(&[("shop", "mongodb://ada:secret@127.0.0.1:1/shop")], PATIENCE);
    let failure =
        run(&plan(&yaml, &["email"]), &sources, &people("email", &["ada@x.org"])).await.err().unwrap();
    let said = reason(&failure, "people");
    assert!(said.contains("does not answer at 127.0.0.1:1"), "{said}");
    assert!(!said.contains("secret"), "{said}");
}

#[tokio::test]
async fn a_cut_or_stalled_connection_is_a_failure_and_goes_on_after_repair() {
    let database = fresh_database().await;
    let people: Vec<_> =
        (0..3_000).map(|n| doc! { "_id": n, "email": "ada@x.org", "name": "x".repeat(500) }).collect();
    database.insert("people", people).await;
    let proxy = Proxy::start(database.port()).unwrap();
    let url = database.url_through(proxy.address().port());
    let yaml = format!("fides_key: shop\ncollections:\n{PEOPLE}");
    let plan = plan(&yaml, &["email"]);
    let sources = sources(&[("shop", &url)], PATIENCE);
    let ada = crate::testing::people("email", &["ada@x.org"]);
    assert_eq!(run(&plan, &sources, &ada).await.unwrap().rows(0)["people"].len(), 3_000);
    proxy.cut();
    let failure = run(&plan, &sources, &ada).await.err().unwrap();
    assert!(matches!(failure.errors[0].kind(), Kind::Transient), "{:?}", failure.errors);
    proxy.restore();
    proxy.stall();
    let failure = run(&plan, &sources, &ada).await.err().unwrap();
    assert!(matches!(failure.errors[0].kind(), Kind::Transient), "{:?}", failure.errors);
    proxy.restore();
    let mut found = 0;
    for _ in 0..20 {
        if let Ok(outcomes) = run(&plan, &sources, &ada).await {
            found = outcomes.rows(0)["people"].len();
            break;
        }
    }
    assert_eq!(found, 3_000);
}

#[tokio::test]
async fn a_source_that_may_not_be_changed_is_told_in_the_plan() {
    let database = fresh_database().await;
    database.insert("people", vec![doc! { "_id": 1, "email": "ada@x.org", "name": "Ada" }]).await;
    let url = database.url();
    let world = World::at(database.clone(), &url, "", PEOPLE, POLICY);
    let troubles = world.troubles().await;
    assert!(troubles[0].contains("may not be changed: its grant lacks \"write\""), "{troubles:?}");
    let view = doc! { "create": "people_view", "viewOn": "people", "pipeline": [] };
    database.database().run_command(view).await.unwrap();
    let world =
        World::at(database, &url, WRITABLE, &PEOPLE.replace("name: people", "name: people_view"), POLICY);
    let troubles = world.troubles().await;
    assert!(troubles[0].contains("it is a view"), "{troubles:?}");
}

#[tokio::test]
async fn a_write_the_server_refuses_changes_nothing() {
    let database = fresh_database().await;
    database
        .insert(
            "people",
            vec![
                doc! { "_id": 1, "email": "ada@x.org", "name": "Ada" },
                doc! { "_id": 2, "email": "bob@x.org" },
            ],
        )
        .await;
    let unique = doc! { "createIndexes": "people", "indexes": [{ "key": { "name": 1 }, "name": "one_name", "unique": true }] };
    database.database().run_command(unique).await.unwrap();
    let world = World::new(database, PEOPLE, POLICY);
    // No value is a value to a unique index, and Bob has it.
    let outcome = world.execute(&world.planned().await).await;
    let Outcome::Failed(error) = outcome else { panic!("{outcome:?}") };
    assert!(matches!(error.problem(), Problem::Constraint { .. }), "{error}");
    assert_eq!(world.database.lookup("people", 1).await.unwrap().get_str("email").ok(), Some("ada@x.org"));
}

#[tokio::test]
async fn a_standalone_run_that_breaks_off_is_finished_by_the_next() {
    let database = fresh_standalone_database().await;
    let all = (0..30).map(|n| doc! { "_id": n, "email": "ada@x.org", "name": format!("N{n}") });
    database.insert("people", all.collect()).await;
    let unique = doc! { "createIndexes": "people", "indexes": [{ "key": { "name": 1 }, "name": "one_name", "unique": true }] };
    database.database().run_command(unique).await.unwrap();
    let world = World::new(database, PEOPLE, POLICY);
    // The second document can't have no name as well.
    let outcome = world.execute(&world.planned().await).await;
    let Outcome::Unknown(error) = outcome else { panic!("{outcome:?}") };
    assert!(matches!(error.problem(), Problem::PartlyDone { of: 30, .. }), "{error}");
    world.database.collection("people").drop_index("one_name").await.unwrap();
    let left = world.planned().await.changes();
    assert_eq!(left, 29, "what is done is not done twice");
    assert_eq!(world.erase().await, (0, 29));
}

#[tokio::test]
async fn databases_and_collections_are_found_by_name() {
    let database = fresh_database().await;
    database.insert("fs.files", vec![doc! { "_id": 1 }]).await;
    let mut view = open(&database.url()).open().await.unwrap();
    for found in ["fs.files", &format!("{}.fs.files", database.name())] {
        let place = crate::source::TableName::of(&std::collections::BTreeMap::new(), found);
        let table = view.tables(&[place]).await.unwrap().remove(0);
        assert_eq!(table.full_name.table, "fs.files", "{found}");
    }
    assert!(view.tables(&[name("fs.chunks")]).await.is_err());
}

#[tokio::test]
async fn a_connection_cut_anywhere_while_documents_are_changed_leaves_nothing_half_done_or_done_twice() {
    let hash = "erasure: [{categories: [user.contact, user.name], mask: {strategy: hash}}]";
    let documents =
        || (0..6).map(|n| doc! { "_id": n, "email": "ada@x.org", "name": format!("N{n}") }).collect();
    for is_alone in [false, true] {
        let fresh =
            async || if is_alone { fresh_standalone_database().await } else { fresh_database().await };
        let undisturbed = fresh().await;
        undisturbed.insert("people", documents()).await;
        let undisturbed = World::new(undisturbed, PEOPLE, hash);
        assert_eq!(undisturbed.erase().await, (0, 6));
        let mut broken = 0;
        for bytes in (100..4_000).step_by(300) {
            let database = fresh().await;
            database.insert("people", documents()).await;
            let proxy = Proxy::start(database.port()).unwrap();
            let url = database.url_through(proxy.address().port());
            let more = format!("{WRITABLE}\n{PATIENCE}");
            let world = World::at(database, &url, &more, PEOPLE, hash);
            let planned = world.planned().await;
            proxy.cut_after(bytes);
            let outcome = world.execute(&planned).await;
            proxy.restore();
            broken += u32::from(!matches!(outcome, Outcome::Done { .. }));
            let direct = World::new(world.database.clone(), PEOPLE, hash).remembering(&world);
            if matches!(outcome, Outcome::Failed(_)) {
                assert_eq!(direct.planned().await.changes(), 6, "{bytes}: nothing was changed");
            }
            direct.erase().await;
            for n in 0..6 {
                let expected = undisturbed.database.lookup("people", n).await;
                assert_eq!(direct.database.lookup("people", n).await, expected, "{bytes}");
            }
        }
        assert!(broken > 2, "{broken}");
    }
}
