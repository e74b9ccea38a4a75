//! What a column can't take is found while planning, by name.

use super::world::{ADA, Setting, World};

async fn check(columns: &str, policy: &str, expected: &str) {
    let sql = format!(
        "CREATE TABLE other (code text PRIMARY KEY); INSERT INTO other VALUES ('Ada');
        CREATE TABLE person (id integer PRIMARY KEY, email text, {columns});
        INSERT INTO person (id, email, name) VALUES (1, 'ada@x.org', 'Ada'), (2, 'ada@x.org', 'Ada2'), (3, 'bob@x.org', 'taken');"
    );
    let setting = Setting {
        sql: &sql
            .replace("'Ada2'", if columns.contains("REFERENCES") { "'Ada'" } else { "'Ada2'" })
            .replace("'taken'", if columns.contains("REFERENCES") { "NULL" } else { "'taken'" }),
        collections: "
- name: person
  fields:
  - {name: id, data_categories: [user.unique_id]}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - {name: name, data_categories: [user.name]}
",
        policy,
        ..ADA
    };
    let world = World::postgres(setting).await;
    let troubles = world.troubles().await;
    assert!(troubles.iter().any(|trouble| trouble.starts_with(expected)), "{columns} {policy}: {troubles:?}");
}

#[tokio::test]
async fn each_obstacle_has_its_name() {
    let null =
        |category: &str| format!("erasure: [{{categories: [{category}], mask: {{strategy: null_rewrite}}}}]");
    let text = |value: &str| {
        format!(
            "erasure: [{{categories: [user.name], mask: {{strategy: string_rewrite, configuration: {{rewrite_value: {value}}}}}}}]"
        )
    };
    let hash = "erasure: [{categories: [user.unique_id], mask: {strategy: hash}}]";
    check("name text NOT NULL", &null("user.name"), "person.name: it must have a value (NOT NULL)").await;
    check("name text", &null("user.unique_id"), "person.id: it is part of the primary key").await;
    check("name text", hash, "person.id: its type is integer, and it would get text").await;
    check("name varchar(5)", &text("muchtoolong"), "person.name: it takes 5 characters and would get 11")
        .await;
    check(
        "name text UNIQUE",
        &text("same"),
        "person.name: its value must differ from row to row (UNIQUE), and 2 rows",
    )
    .await;
    check(
        "name text UNIQUE",
        &text("taken"),
        "person.name: its value must differ from row to row (UNIQUE), and another row",
    )
    .await;
    check("name text REFERENCES other (code)", &text("x"), "person.name: its value must exist in other")
        .await;
}

#[tokio::test]
async fn a_grant_that_only_reads_stops_the_plan() {
    let setting = Setting {
        sql: "CREATE TABLE person (id integer PRIMARY KEY, email text); INSERT INTO person VALUES (1, 'ada@x.org');",
        collections: "
- name: person
  fields:
  - {name: id, data_categories: [system]}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
",
        connection: "",
        ..ADA
    };
    for world in [World::postgres(setting).await, World::sqlite(setting).await] {
        assert_eq!(
            world.troubles().await,
            ["person.*: source shop may not be changed: its grant lacks \"write\""]
        );
    }
}

#[tokio::test]
async fn a_user_without_the_right_and_a_view_stop_the_plan() {
    let setting = Setting {
        sql:
            "CREATE TABLE base (id integer PRIMARY KEY, email text); INSERT INTO base VALUES (1, 'ada@x.org');
            CREATE VIEW person AS SELECT * FROM base;",
        collections: "
- name: person
  fields:
  - {name: id, data_categories: [system]}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
",
        ..ADA
    };
    for world in [World::postgres(setting).await, World::sqlite(setting).await] {
        assert!(world.troubles().await[0].contains("it is a view"), "{:?}", world.troubles().await);
    }
}

#[tokio::test]
async fn a_key_the_dataset_is_wrong_about_is_refused() {
    let setting = Setting {
        sql: "CREATE TABLE person (no integer, email text); INSERT INTO person VALUES (1, 'ada@x.org'), (1, 'bob@x.org');",
        collections: "
- name: person
  fields:
  - {name: 'no', data_categories: [system], fides_meta: {primary_key: true}}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
",
        ..ADA
    };
    for world in [World::postgres(setting).await, World::sqlite(setting).await] {
        let outcome = world.execute(&world.planned().await).await;
        let crate::erase::Outcome::Failed(error) = outcome else { panic!("{outcome:?}") };
        assert!(error.to_string().contains("several rows of person with the same no"), "{error}");
        assert_eq!(world.rows("person", &["email"]).await, ["ada@x.org", "bob@x.org"]);
    }
}
