//! Rows that change meanwhile, sources that refuse, connections that break: each has a name, and nothing is half done.

use habeas_testkit::proxy::Proxy;

use crate::erase::Outcome;

use super::world::{ADA, Setting, World};

pub(super) const PERSON: Setting<'static> = Setting {
    sql: "CREATE TABLE person (id integer PRIMARY KEY, email text, name text);
        CREATE TABLE note (id integer PRIMARY KEY, person_id integer, words text);
        INSERT INTO person VALUES (1, 'ada@x.org', 'Ada'), (2, 'bob@x.org', 'Bob');
        INSERT INTO note VALUES (1, 1, 'a'), (2, 2, 'b');",
    collections: "
- name: person
  fields:
  - {name: id, data_categories: [system]}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - {name: name, data_categories: [user.name]}
- name: note
  habeas: {erasure: delete}
  fields:
  - {name: id, data_categories: [system]}
  - {name: person_id, data_categories: [system], fides_meta: {references: [{dataset: shop, field: person.id, direction: from}]}}
  - {name: words, data_categories: [user.content]}
",
    connection: "grant = [\"read\", \"write\"]\nlimits = { timeout_ms = 700, retries = 1 }",
    ..ADA
};

pub(super) async fn ensure_untouched(world: &World) {
    assert_eq!(world.rows("person", &["id", "email", "name"]).await, ["1|ada@x.org|Ada", "2|bob@x.org|Bob"]);
    assert_eq!(world.rows("note", &["id"]).await, ["1", "2"]);
}

pub(super) fn failed(outcome: Outcome) -> String {
    match outcome {
        Outcome::Failed(error) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_row_that_changed_since_is_not_written_over() {
    for world in World::on_all(PERSON).await {
        let planned = world.planned().await;
        world.run("UPDATE note SET words = 'new' WHERE id = 1").await;
        let expected = Outcome::Changed { rows: 1, collection: "shop:note".to_owned() };
        assert_eq!(world.execute(&planned).await, expected);
        ensure_untouched(&world).await;
        world.run("DELETE FROM note WHERE id = 1; INSERT INTO note VALUES (1, 1, 'again')").await;
        assert!(matches!(world.execute(&planned).await, Outcome::Changed { .. }));
        assert_eq!(world.erase().await, (1, 1));
        assert_eq!(world.rows("person", &["id", "email"]).await, ["1|-", "2|bob@x.org"]);
    }
}

#[tokio::test]
async fn a_trigger_that_refuses_stops_the_source_by_name() {
    let world = World::postgres(PERSON).await;
    world
        .run("CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'never %', OLD.words; END $$;
            CREATE TRIGGER guard BEFORE DELETE ON note FOR EACH ROW EXECUTE FUNCTION no();")
        .await;
    let planned = world.planned().await;
    assert!(planned.warnings[0].contains("shop:note has the trigger guard"), "{:?}", planned.warnings);
    let said = failed(world.execute(&planned).await);
    assert_eq!(
        said,
        "source shop refused to change note (a trigger or rule said no, code P0001): nothing was changed"
    );
    ensure_untouched(&world).await;

    let world = World::sqlite(PERSON).await;
    world.run("CREATE TRIGGER guard BEFORE DELETE ON note BEGIN SELECT RAISE(ABORT, 'never'); END").await;
    let said = failed(world.execute(&world.planned().await).await);
    assert!(said.starts_with("source shop refused to change note"), "{said}");
    ensure_untouched(&world).await;

    let world = World::mariadb(PERSON).await;
    world
        .run("CREATE TRIGGER guard BEFORE DELETE ON note FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'never'")
        .await;
    let planned = world.planned().await;
    assert!(planned.warnings[0].contains("shop:note has the trigger guard"), "{:?}", planned.warnings);
    let said = failed(world.execute(&planned).await);
    assert_eq!(
        said,
        "source shop refused to change note (a trigger or rule said no, code 45000): nothing was changed"
    );
    ensure_untouched(&world).await;
}

#[tokio::test]
async fn a_trigger_that_swallows_the_change_is_noticed() {
    let world = World::postgres(PERSON).await;
    world
        .run(
            "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
            CREATE TRIGGER guard BEFORE DELETE OR UPDATE ON person FOR EACH ROW EXECUTE FUNCTION keep();",
        )
        .await;
    let said = failed(world.execute(&world.planned().await).await);
    assert!(said.starts_with("source shop did not change 1 rows of person"), "{said}");
    ensure_untouched(&world).await;

    let world = World::sqlite(PERSON).await;
    world.run("CREATE TRIGGER guard BEFORE DELETE ON note BEGIN SELECT RAISE(IGNORE); END").await;
    let said = failed(world.execute(&world.planned().await).await);
    assert!(said.starts_with("source shop did not change 1 rows of note"), "{said}");
    ensure_untouched(&world).await;
}

#[tokio::test]
async fn a_row_that_is_only_marked_as_deleted_is_residue() {
    let world = World::postgres(PERSON).await;
    world
        .run("ALTER TABLE note ADD COLUMN gone boolean;
            CREATE FUNCTION soft() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE note SET gone = true WHERE id = OLD.id; RETURN NULL; END $$;
            CREATE TRIGGER soft BEFORE DELETE ON note FOR EACH ROW EXECUTE FUNCTION soft();")
        .await;
    let said = failed(world.execute(&world.planned().await).await);
    assert!(said.starts_with("source shop did not change 1 rows of note"), "{said}");
}

#[tokio::test]
async fn copies_in_a_history_table_are_found_although_their_person_is_gone() {
    let collections = format!(
        "{}
- name: history
  habeas: {{erasure: delete}}
  fields:
  - {{name: person_id, data_categories: [user.unique_id], fides_meta: {{references: [{{dataset: shop, field: person.id, direction: from}}]}}}}
  - {{name: name, data_categories: [user.name]}}
",
        PERSON.collections.replace("- name: person\n", "- name: person\n  habeas: {erasure: delete}\n")
    );
    let history = Setting { collections: &collections, ..PERSON };
    let world = World::postgres(Setting {
        sql: &format!(
            "{} CREATE TABLE history (person_id integer, name text);
            CREATE FUNCTION copy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO history VALUES (OLD.id, OLD.name); RETURN OLD; END $$;
            CREATE TRIGGER copy BEFORE DELETE ON person FOR EACH ROW EXECUTE FUNCTION copy();",
            PERSON.sql
        ),
        ..history
    })
    .await;
    let planned = world.planned().await;
    assert_eq!(world.execute(&planned).await, Outcome::Done { deleted: 2, masked: 0 });
    let left = world.verify(&planned).await;
    assert_eq!((&*left[0].collection, left[0].rows), ("history", 1));
}

#[tokio::test]
async fn a_constraint_is_named_and_nothing_is_changed() {
    const CHECK: &str = "ALTER TABLE person ADD CONSTRAINT has_name CHECK (name IS NOT NULL)";
    let in_sqlite =
        PERSON.sql.replace("name text)", "name text CONSTRAINT has_name CHECK (name IS NOT NULL))");
    let (postgres, mariadb) = (World::postgres(PERSON).await, World::mariadb(PERSON).await);
    postgres.run(CHECK).await;
    mariadb.run(CHECK).await;
    let sqlite = World::sqlite(Setting { sql: &in_sqlite, ..PERSON }).await;
    for (world, constraint) in [(postgres, "has_name"), (mariadb, "has_name"), (sqlite, "CHECK")] {
        let said = failed(world.execute(&world.planned().await).await);
        let expected = format!("forbids the change of person (constraint {constraint})");
        assert!(said.contains(&expected), "{said}");
        ensure_untouched(&world).await;
    }
}

#[tokio::test]
async fn a_connection_lost_at_any_byte_leaves_all_or_nothing_and_the_next_run_ends_it() {
    for world in [World::postgres(PERSON).await, World::mariadb(PERSON).await] {
        cut_everywhere(world).await;
    }
}

async fn cut_everywhere(world: World) {
    let upstream = url::Url::parse(world.url()).unwrap();
    let proxy = Proxy::start(upstream.port().unwrap()).unwrap();
    let mut through = upstream.clone();
    through.set_host(Some(&proxy.address().ip().to_string())).unwrap();
    through.set_port(Some(proxy.address().port())).unwrap();
    let world = world.reached_at(through.as_str(), PERSON);
    let mut cuts = 0;
    for bytes in (0..6_000).step_by(211) {
        proxy.restore();
        let planned = world.planned().await;
        if planned.changes() == 0 {
            break;
        }
        proxy.cut_after(bytes);
        let outcome = world.execute(&planned).await;
        proxy.restore();
        let people = world.rows("person", &["id", "email"]).await;
        let notes = world.rows("note", &["id"]).await;
        let is_whole = people[0] == "1|-" && notes == ["2"];
        let is_none = people[0] == "1|ada@x.org" && notes == ["1", "2"];
        assert!(is_whole || is_none, "{bytes}: {people:?} {notes:?}");
        match outcome {
            Outcome::Done { .. } => assert!(is_whole, "{bytes}"),
            Outcome::Failed(_) => assert!(is_none, "{bytes}"),
            Outcome::Unknown(_) => {}
            other => panic!("{bytes}: {other:?}"),
        }
        cuts += 1;
    }
    assert!(cuts > 3, "{cuts} {upstream}");
    world.erase().await;
    assert_eq!(world.rows("person", &["id", "email"]).await, ["1|-", "2|bob@x.org"]);
}
