//! Which rows are deleted, masked, unlinked and kept.

use super::world::{ADA, Setting, World};

/// Runs a test on each kind of database.
macro_rules! on_all {
    ($setting:expr, $check:expr) => {
        for world in World::on_all($setting).await {
            $check(world).await;
        }
    };
}

const SHOP: Setting<'static> = Setting {
    sql: "CREATE TABLE address (id integer PRIMARY KEY, street text);
        CREATE TABLE person (id integer PRIMARY KEY, email text, name text, address_id integer);
        CREATE TABLE orders (id integer PRIMARY KEY, person_id integer, ship_to integer);
        INSERT INTO address VALUES (1, 'own'), (2, 'joint'), (3, 'bobs');
        INSERT INTO person VALUES (1, 'ada@x.org', 'Ada', 1), (2, 'bob@x.org', 'Bob', 2);
        INSERT INTO orders VALUES (10, 1, 2), (11, 1, 3), (12, 2, 3), (13, 1, 1);",
    collections: "
- name: person
  fields:
  - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - {name: name, data_categories: [user.name]}
  - {name: address_id, data_categories: [system], fides_meta: {references: [{dataset: shop, field: address.id, direction: to}]}}
- name: address
  fields:
  - {name: id, data_categories: [system]}
  - {name: street, data_categories: [user.contact.address.street]}
- name: orders
  fields:
  - {name: id, data_categories: [system]}
  - {name: person_id, data_categories: [user.unique_id], fides_meta: {references: [{dataset: shop, field: person.id, direction: from}]}}
  - {name: ship_to, data_categories: [system], fides_meta: {references: [{dataset: shop, field: address.id, direction: to}]}}
",
    ..ADA
};

#[tokio::test]
async fn what_others_reach_too_is_left_as_it_is() {
    on_all!(SHOP, async |world: World| {
        assert_eq!(
            world.reasons("address").await,
            [
                "a row of shop:person that is not this person's leads to it too",
                "a row of shop:orders that is not this person's leads to it too",
            ]
        );
        assert_eq!(world.erase().await, (0, 2));
        assert_eq!(world.rows("address", &["id", "street"]).await, ["1|-", "2|joint", "3|bobs"]);
        assert_eq!(world.rows("person", &["id", "email", "name"]).await, ["1|-|-", "2|bob@x.org|Bob"]);
    });
}

#[tokio::test]
async fn of_two_people_who_share_all_is_erased_when_both_are() {
    let both = Setting { emails: &["ada@x.org", "bob@x.org"], ..SHOP };
    on_all!(both, async |world: World| {
        assert_eq!(world.erase().await, (0, 5));
        assert_eq!(world.rows("address", &["street"]).await, ["-", "-", "-"]);
    });
}

#[tokio::test]
async fn what_is_reached_over_a_row_of_others_is_others_too() {
    let cards = Setting {
        sql: "CREATE TABLE person (id integer PRIMARY KEY, email text);
            CREATE TABLE card (id integer PRIMARY KEY, person_id integer, address_id integer);
            CREATE TABLE orders (id integer PRIMARY KEY, person_id integer, card_id integer);
            CREATE TABLE address (id integer PRIMARY KEY, street text);
            INSERT INTO person VALUES (1, 'ada@x.org'), (2, 'bob@x.org');
            INSERT INTO card VALUES (1, 1, 1), (2, 2, 2); INSERT INTO address VALUES (1, 'adas'), (2, 'bobs');
            INSERT INTO orders VALUES (1, 1, 1), (2, 1, 2);",
        collections: "
- name: person
  fields:
  - {name: id, data_categories: [system]}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
- name: orders
  fields:
  - {name: id, data_categories: [system]}
  - {name: person_id, data_categories: [system], fides_meta: {references: [{dataset: shop, field: person.id, direction: from}]}}
  - {name: card_id, data_categories: [system], fides_meta: {references: [{dataset: shop, field: card.id, direction: to}]}}
- name: card
  fields:
  - {name: id, data_categories: [system]}
  - {name: person_id, data_categories: [system], fides_meta: {references: [{dataset: shop, field: person.id, direction: from}]}}
  - {name: address_id, data_categories: [system], fides_meta: {references: [{dataset: shop, field: address.id, direction: to}]}}
- name: address
  fields:
  - {name: id, data_categories: [system]}
  - {name: street, data_categories: [user.contact.address.street]}
",
        ..ADA
    };
    on_all!(cards, async |world: World| {
        world.erase().await;
        assert_eq!(world.rows("address", &["id", "street"]).await, ["1|-", "2|bobs"]);
    });
}

const TICKETS: Setting<'static> = Setting {
    sql: "CREATE TABLE agent (id integer PRIMARY KEY, email text);
        CREATE TABLE ticket (id integer PRIMARY KEY, email text, other text, agent_id integer);
        INSERT INTO agent VALUES (1, 'ada@x.org'), (2, 'bob@x.org');
        INSERT INTO ticket VALUES (1, 'cy@x.org', 'cy@y.org', 1), (2, 'ada@x.org', 'ada@y.org', 2), (3, 'ada@x.org', 'bob@x.org', 2);",
    collections: "
- name: agent
  fields:
  - {name: id, data_categories: [user.unique_id]}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
- name: ticket
  fields:
  - {name: id, data_categories: [system]}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - {name: other, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - {name: agent_id, data_categories: [user.unique_id], fides_meta: {references: [{dataset: shop, field: agent.id, direction: from}]}}
",
    ..ADA
};

#[tokio::test]
async fn a_row_that_holds_somebody_elses_identity_is_only_unlinked() {
    on_all!(TICKETS, async |world: World| {
        assert_eq!(
            world.reasons("ticket").await,
            ["it holds the email of somebody else", "it also holds the email of somebody else",]
        );
        world.erase().await;
        assert_eq!(
            world.rows("ticket", &["id", "email", "other"]).await,
            ["1|cy@x.org|cy@y.org", "2|-|-", "3|-|bob@x.org"]
        );
    });
}

#[tokio::test]
async fn only_the_field_that_leads_from_the_persons_own_row_is_unlinked() {
    let joint = Setting {
        sql: "CREATE TABLE person (id integer PRIMARY KEY, email text, parent_id integer);
            CREATE TABLE shop (id integer PRIMARY KEY, person_id integer);
            CREATE TABLE deal (id integer PRIMARY KEY, buyer_id integer, shop_id integer);
            INSERT INTO person VALUES (1, 'ada@x.org', NULL), (2, 'bob@x.org', 1);
            INSERT INTO shop VALUES (7, 2); INSERT INTO deal VALUES (1, 1, 7), (2, 1, NULL), (3, 2, 7);",
        collections: "
- name: person
  habeas: {one_person: true}
  fields:
  - {name: id, data_categories: [system]}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - {name: parent_id, data_categories: [system], fides_meta: {references: [{dataset: shop, field: person.id, direction: from, habeas: {third_party: true}}]}}
- name: shop
  fields:
  - {name: id, data_categories: [system]}
  - {name: person_id, data_categories: [user.unique_id], fides_meta: {references: [{dataset: shop, field: person.id, direction: from}]}}
- name: deal
  fields:
  - {name: id, data_categories: [system]}
  - {name: buyer_id, data_categories: [user.unique_id], fides_meta: {references: [{dataset: shop, field: person.id, direction: from}]}}
  - {name: shop_id, data_categories: [user.unique_id], fides_meta: {references: [{dataset: shop, field: shop.id, direction: from}]}}
",
        policy: "erasure: [{categories: [user.contact, user.unique_id], mask: {strategy: null_rewrite}}]",
        ..ADA
    };
    on_all!(joint, async |world: World| {
        world.erase().await;
        assert_eq!(world.rows("person", &["id", "email"]).await, ["1|-", "2|bob@x.org"]);
        assert_eq!(world.rows("shop", &["id", "person_id"]).await, ["7|2"]);
        assert_eq!(world.rows("deal", &["id", "buyer_id", "shop_id"]).await, ["1|-|7", "2|-|-", "3|2|7"]);
    });
}

const INVOICES: Setting<'static> = Setting {
    sql: "CREATE TABLE client (id integer PRIMARY KEY, email text NOT NULL, name text);
        CREATE TABLE invoice (id integer PRIMARY KEY, client_id integer NOT NULL REFERENCES client (id), made_on date);
        CREATE TABLE line (invoice_id integer REFERENCES invoice (id), no integer, what text, PRIMARY KEY (invoice_id, no));
        INSERT INTO client VALUES (1, 'ada@x.org', 'Ada'), (2, 'bob@x.org', 'Bob');
        INSERT INTO invoice VALUES (1, 1, '2010-05-01'), (2, 1, '2024-05-01'), (3, 2, '2024-05-01');
        INSERT INTO line VALUES (1, 1, 'a'), (1, 2, 'b'), (2, 1, 'c'), (3, 1, 'd');",
    collections: "
- name: client
  fields:
  - {name: id, data_categories: [user.unique_id]}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - {name: name, data_categories: [user.name]}
- name: invoice
  fields:
  - {name: id, data_categories: [user.financial]}
  - {name: client_id, data_categories: [user.unique_id], fides_meta: {references: [{dataset: shop, field: client.id, direction: from}]}}
  - {name: made_on, data_categories: [user.financial]}
- name: line
  fields:
  - {name: invoice_id, data_categories: [user.financial], fides_meta: {references: [{dataset: shop, field: invoice.id, direction: from}]}}
  - {name: 'no', data_categories: [user.financial]}
  - {name: what, data_categories: [user.financial]}
",
    policy: "erasure: [{categories: [user], delete: true}]",
    ..ADA
};

#[tokio::test]
async fn rows_go_before_those_they_refer_to() {
    on_all!(INVOICES, async |world: World| {
        assert_eq!(world.erase().await, (6, 0));
        assert_eq!(world.rows("client", &["id"]).await, ["2"]);
        assert_eq!(world.rows("line", &["what"]).await, ["d"]);
    });
}

#[tokio::test]
async fn what_kept_rows_refer_to_is_masked_instead_of_deleted() {
    let kept = Setting {
        retention: "
retention:
- {name: tax, match: {collection: invoice}, when: 'years_after(end_of_tax_year(row.made_on), 7) > today', law: tax code, reason: kept for tax}
- {name: lines, match: {collection: line}, when: row.invoice_id == 2, law: tax code, reason: kept for tax}
",
        ..INVOICES
    };
    on_all!(kept, async |world: World| {
        assert_eq!(world.reasons("invoice").await, ["kept for tax"]);
        let reasons = world.reasons("client").await;
        assert!(
            reasons[0].contains("1 row of") && reasons[0].contains("that stay refer to it"),
            "{reasons:?}"
        );
        assert_eq!(world.erase().await, (3, 1));
        assert_eq!(world.rows("client", &["id", "email", "name"]).await, ["1|erased|-", "2|bob@x.org|Bob"]);
        assert_eq!(world.rows("invoice", &["id"]).await, ["2", "3"]);
        assert_eq!(world.rows("line", &["what"]).await, ["c", "d"]);
    });
}

#[tokio::test]
async fn a_cascade_takes_nobody_elses_rows_along() {
    let cascade = Setting {
        sql: "CREATE TABLE person (id integer PRIMARY KEY, email text);
            CREATE TABLE post (id integer PRIMARY KEY, person_id integer REFERENCES person (id) ON DELETE CASCADE);
            CREATE TABLE seen (person_id integer REFERENCES person (id) ON DELETE SET NULL, page text);
            INSERT INTO person VALUES (1, 'ada@x.org'), (2, 'bob@x.org');
            INSERT INTO post VALUES (1, 1), (2, 2); INSERT INTO seen VALUES (1, 'x');",
        collections: "
- name: person
  fields:
  - {name: id, data_categories: [system]}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
",
        policy: "erasure: [{categories: [user.contact], delete: true}]",
        ..ADA
    };
    on_all!(cascade, async |world: World| {
        assert!(world.reasons("person").await[0].contains("would be deleted with it"));
        assert_eq!(world.erase().await, (0, 1));
        assert_eq!(world.rows("person", &["id", "email"]).await, ["1|-", "2|bob@x.org"]);
        assert_eq!(world.rows("post", &["id"]).await, ["1", "2"]);
    });
}

const VISITS: Setting<'static> = Setting {
    sql: "CREATE TABLE visit (email text, page text, score double precision, note text);
        INSERT INTO visit VALUES ('ada@x.org', 'a', 0.1, NULL), ('ada@x.org', 'a', 0.1, NULL), ('ada@x.org', 'b', NULL, 'n'), ('bob@x.org', 'a', 0.1, NULL);",
    collections: "
- name: visit
  fields:
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - {name: page, data_categories: [user.behavior.browsing_history]}
  - {name: score, data_categories: [system]}
  - {name: note, data_categories: [system]}
",
    ..ADA
};

#[tokio::test]
async fn rows_without_a_key_are_named_by_all_they_hold() {
    on_all!(VISITS, async |world: World| {
        assert_eq!(world.erase().await, (0, 3));
        assert_eq!(world.rows("visit", &["email", "page"]).await, ["-|a", "-|a", "-|b", "bob@x.org|a"]);
    });
    let delete = Setting { policy: "erasure: [{categories: [user.contact], delete: true}]", ..VISITS };
    on_all!(delete, async |world: World| {
        world.erase().await;
        assert_eq!(world.rows("visit", &["email", "page"]).await, ["bob@x.org|a"]);
    });
}

#[tokio::test]
async fn documents_and_lists_are_masked_inside() {
    let documents = |kind: &str| {
        format!(
            "CREATE TABLE person (id integer PRIMARY KEY, email text, profile {kind});
            INSERT INTO person VALUES (1, 'ada@x.org', '{{\"nick\":\"Ada\",\"n\":1.50,\"mails\":[{{\"to\":\"a\"}},{{\"to\":\"b\"}}],\"other\":{{}}}}');"
        )
    };
    let collections = "
- name: person
  fields:
  - {name: id, data_categories: [system]}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - name: profile
    fields:
    - {name: nick, data_categories: [user.name]}
    - {name: mails, fides_meta: {data_type: 'object[]'}, fields: [{name: to, data_categories: [user.name]}]}
";
    let policy = "erasure: [{categories: [user.name], mask: {strategy: string_rewrite, configuration: {rewrite_value: x}}}]";
    let expected = r#"{"nick":"x","n":1.50,"mails":[{"to":"x"},{"to":"x"}],"other":{}}"#;
    for kind in ["json", "text"] {
        let sql = documents(kind);
        let setting = Setting { sql: &sql, collections, policy, ..ADA };
        on_all!(setting, async |world: World| {
            assert_eq!(world.erase().await, (0, 1));
            assert_eq!(world.rows("person", &["profile"]).await, [expected]);
        });
    }
}

#[tokio::test]
async fn a_number_is_rewritten_once() {
    let count = Setting {
        sql: "CREATE TABLE person (id integer PRIMARY KEY, email text, visits integer NOT NULL); INSERT INTO person VALUES (1, 'ada@x.org', 7);",
        collections: "
- name: person
  fields:
  - {name: id, data_categories: [system]}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - {name: visits, data_categories: [user.behavior]}
",
        policy: "erasure: [{categories: [user.behavior], mask: {strategy: string_rewrite, configuration: {rewrite_value: '0'}}}]",
        ..ADA
    };
    on_all!(count, async |world: World| {
        assert_eq!(world.erase().await, (0, 1));
        world.forget();
        assert_eq!(world.planned().await.changes(), 0, "also where nobody remembers the first time");
        assert_eq!(world.rows("person", &["visits"]).await, ["0"]);
    });
}

#[tokio::test]
async fn of_a_list_only_the_persons_own_elements_go() {
    let setting = Setting {
        sql: "CREATE TABLE thread (id integer PRIMARY KEY, members text[]); INSERT INTO thread VALUES (1, '{bob@x.org,ada@x.org}');",
        collections: "
- name: thread
  fields:
  - {name: id, data_categories: [system]}
  - {name: members, data_categories: [user.contact.email], fides_meta: {identity: email, data_type: 'string[]'}}
",
        policy: "erasure: [{categories: [user.contact], mask: {strategy: string_rewrite, configuration: {rewrite_value: gone}}}]",
        ..ADA
    };
    let world = World::postgres(setting).await;
    assert_eq!(world.erase().await, (0, 1));
    assert_eq!(world.rows("thread", &["members"]).await, ["{bob@x.org,gone}"]);
}

#[tokio::test]
async fn hashes_fit_are_salted_and_are_not_hashed_again() {
    let setting = Setting {
        sql: "CREATE TABLE person (a integer, b integer, email varchar(100) NOT NULL UNIQUE, name varchar(10), born date, PRIMARY KEY (a, b));
            INSERT INTO person VALUES (1, 1, 'ada@x.org', 'Ada Lovela', '1815-12-10'), (1, 2, 'bob@x.org', 'Bob', '1900-01-01');",
        collections: "
- name: person
  fields:
  - {name: a, data_categories: [system]}
  - {name: b, data_categories: [system]}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - {name: name, data_categories: [user.name], fides_meta: {length: 10}}
  - {name: born, data_categories: [user.demographic.date_of_birth], fides_meta: {masking_strategy_override: {strategy: date_to_year}}}
",
        policy: "erasure: [{categories: [user], mask: {strategy: hash, configuration: {algorithm: SHA-256, format_preservation: {suffix: '@x.invalid'}}}}]",
        ..ADA
    };
    for world in [World::postgres(setting).await, World::mariadb(setting).await] {
        assert_eq!(world.erase().await, (0, 1));
        let mut rows = world.rows("person", &["email", "name", "born"]).await;
        rows.sort_by_key(|row| row.starts_with("bob"));
        assert!(rows[0].contains("@x.invalid|") && rows[0].ends_with("|1815-01-01"), "{rows:?}");
        assert_eq!(rows[1], "bob@x.org|Bob|1900-01-01");
        assert_eq!(rows[0].split('|').nth(1).unwrap().len(), 10);
    }
}

#[tokio::test]
async fn rows_that_refer_to_each_other_go_together() {
    let tree = Setting {
        sql: "CREATE TABLE person (id integer PRIMARY KEY, email text, parent_id integer REFERENCES person (id));
            INSERT INTO person VALUES (1, 'ada@x.org', NULL), (2, 'ada@x.org', 1), (3, 'ada@x.org', 3), (4, 'bob@x.org', NULL), (5, 'bob@x.org', 4);",
        collections: "
- name: person
  fields:
  - {name: id, data_categories: [system]}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - {name: parent_id, data_categories: [system]}
",
        policy: "erasure: [{categories: [user.contact], delete: true}]",
        ..ADA
    };
    on_all!(tree, async |world: World| {
        assert_eq!(world.erase().await, (3, 0));
        assert_eq!(world.rows("person", &["id", "parent_id"]).await, ["4|-", "5|4"]);
    });
    // In two tables: MariaDB looks at each row at once, and takes neither while the other is there.
    let circle = Setting {
        sql: "CREATE TABLE person (id integer PRIMARY KEY, email text, card_id integer);
            CREATE TABLE card (id integer PRIMARY KEY, person_id integer NOT NULL REFERENCES person (id));
            INSERT INTO person VALUES (1, 'ada@x.org', NULL), (2, 'bob@x.org', NULL);
            INSERT INTO card VALUES (1, 1), (2, 2);
            UPDATE person SET card_id = id;
            ALTER TABLE person ADD CONSTRAINT own_card FOREIGN KEY (card_id) REFERENCES card (id);",
        collections: "
- name: person
  fields:
  - {name: id, data_categories: [user.unique_id]}
  - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
  - {name: card_id, data_categories: [system]}
- name: card
  fields:
  - {name: id, data_categories: [user.unique_id]}
  - {name: person_id, data_categories: [system], fides_meta: {references: [{dataset: shop, field: person.id, direction: from}]}}
",
        policy: "erasure: [{categories: [user], delete: true}]",
        ..ADA
    };
    let world = World::mariadb(circle).await;
    assert_eq!(world.erase().await, (2, 0));
    assert_eq!(world.rows("person", &["id", "card_id"]).await, ["2|2"]);
    assert_eq!(world.rows("card", &["id", "person_id"]).await, ["2|2"]);
}
