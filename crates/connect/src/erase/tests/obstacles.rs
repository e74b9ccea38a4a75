//! What a column can't take is found while planning, by name.

use super::world::{ADA, Setting, World};

async fn check(columns: &str, policy: &str, expected: &str) {
    let sql = format!(
        "CREATE TABLE other (code varchar(40) PRIMARY KEY); INSERT INTO other VALUES ('Ada');
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
    for world in [World::postgres(setting).await, World::mariadb(setting).await] {
        // MariaDB's own name of the type.
        let expected = [expected.to_owned(), expected.replace("integer", "int(11)")];
        let troubles = world.troubles().await;
        let is_told =
            troubles.iter().any(|trouble| expected.iter().any(|expected| trouble.starts_with(expected)));
        assert!(is_told, "{columns} {policy}: {troubles:?}");
    }
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
        "name varchar(40) UNIQUE",
        &text("same"),
        "person.name: its value must differ from row to row (UNIQUE), and 2 rows",
    )
    .await;
    check(
        "name varchar(40) UNIQUE",
        &text("taken"),
        "person.name: its value must differ from row to row (UNIQUE), and another row",
    )
    .await;
    check(
        "name varchar(40) REFERENCES other (code)",
        &text("x"),
        "person.name: its value must exist in other",
    )
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
    for world in World::on_all(setting).await {
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
    for world in World::on_all(setting).await {
        assert!(world.troubles().await[0].contains("it is a view"), "{:?}", world.troubles().await);
    }
}

const PEOPLE: &str = "
- name: person
  fields:
  - {name: id, data_categories: [system]}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
";

#[tokio::test]
async fn a_user_without_the_right_to_change_or_delete_stops_the_plan() {
    let setting = Setting {
        sql: "CREATE TABLE person (id integer PRIMARY KEY, email varchar(40)); INSERT INTO person VALUES (1, 'ada@x.org');",
        collections: PEOPLE,
        ..ADA
    };
    let delete = Setting { policy: "erasure: [{categories: [user], delete: true}]", ..setting };
    for (setting, told) in [
        (setting, "person.email: the user of this connection may not change it: grant UPDATE on it"),
        (delete, "person.*: the user of this connection may not delete its rows: grant DELETE on it"),
    ] {
        for world in [World::postgres(setting).await, World::mariadb(setting).await] {
            assert_eq!(world.troubles().await, [] as [&str; 0]);
            let name =
                format!("reader_{}", url::Url::parse(world.url()).unwrap().path().replace(['/', '-'], ""));
            let name: String = name.chars().rev().take(30).collect();
            let mut url = url::Url::parse(world.url()).unwrap();
            if world.url().starts_with("postgres") {
                world.run(&format!("CREATE ROLE r{name} LOGIN; GRANT SELECT ON person TO r{name}")).await;
            } else {
                world.run(&format!("CREATE USER r{name}; GRANT SELECT ON person TO r{name}")).await;
            }
            url.set_username(&format!("r{name}")).unwrap();
            let world = world.reached_at(url.as_str(), setting);
            assert_eq!(world.troubles().await, [told]);
            if url.scheme() == "postgres" {
                world.run(&format!("DROP OWNED BY r{name}; DROP ROLE r{name}")).await;
            } else {
                world.run(&format!("DROP USER r{name}")).await;
            }
        }
    }
}

#[tokio::test]
async fn tables_of_mariadb_whose_changes_can_not_be_undone_or_stay_in_a_history_stop_the_plan() {
    let check = async |kind: &str, told: &str| {
        let sql = format!(
            "CREATE TABLE person (id integer PRIMARY KEY, email varchar(40)) {kind}; INSERT INTO person VALUES (1, 'ada@x.org')"
        );
        let world = World::mariadb(Setting { sql: &sql, collections: PEOPLE, ..ADA }).await;
        let troubles = world.troubles().await;
        assert!(troubles.iter().any(|trouble| trouble.contains(told)), "{kind}: {troubles:?}");
    };
    check("ENGINE = MyISAM", "its engine MyISAM has no transactions").await;
    check("ENGINE = Aria", "its engine Aria has no transactions").await;
    check("WITH SYSTEM VERSIONING", "it is system-versioned").await;
    let own = "ENGINE = InnoDB";
    let sql = format!(
        "CREATE TABLE person (id integer PRIMARY KEY, email varchar(40), code varchar(9) AS (left(email, 3))) {own}; INSERT INTO person (id, email) VALUES (1, 'ada@x.org')"
    );
    let collections = format!("{PEOPLE}  - {{name: code, data_categories: [user.name]}}\n");
    let world = World::mariadb(Setting { sql: &sql, collections: &collections, ..ADA }).await;
    assert_eq!(
        world.troubles().await,
        ["person.code: the source computes it itself: mask what it is computed from"]
    );
    let sql = "CREATE TABLE person (id integer PRIMARY KEY, email varchar(40), code enum('sad','ok')); INSERT INTO person VALUES (1, 'ada@x.org', 'ok')";
    let policy = "erasure: [{categories: [user.name], mask: {strategy: string_rewrite, configuration: {rewrite_value: x}}}]";
    let world = World::mariadb(Setting { sql, collections: &collections, policy, ..ADA }).await;
    let troubles = world.troubles().await;
    assert!(troubles[0].starts_with("person.code: its type is enum('sad','ok')"), "{troubles:?}");
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
    for world in World::on_all(setting).await {
        let outcome = world.execute(&world.planned().await).await;
        let crate::erase::Outcome::Failed(error) = outcome else { panic!("{outcome:?}") };
        assert!(error.to_string().contains("several rows of person with the same no"), "{error}");
        assert_eq!(world.rows("person", &["email"]).await, ["ada@x.org", "bob@x.org"]);
    }
}
