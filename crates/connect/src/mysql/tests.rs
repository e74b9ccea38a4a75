//! Every type MariaDB has comes out as it went in, and every kind of column can be looked up.

use habeas_core::value::Value;

use crate::error::Kind;

use crate::testing::{mariadb, name, open, people, plan, rows, run, sources};

/// Type, SQL literal, JSON as it leaves.
pub(super) const TYPES: &[(&str, &str, &str)] = &[
    ("boolean", "true", "1"),
    ("tinyint", "-128", "-128"),
    ("tinyint unsigned", "255", "255"),
    ("smallint", "-32768", "-32768"),
    ("mediumint unsigned", "16777215", "16777215"),
    ("int", "2147483647", "2147483647"),
    ("int zerofill", "7", "7"),
    ("bigint", "-9223372036854775808", "-9223372036854775808"),
    ("bigint unsigned", "18446744073709551615", "18446744073709551615"),
    ("bit(3)", "b'101'", "5"),
    (
        "bit(64)",
        "b'1111111111111111111111111111111111111111111111111111111111111111'",
        "18446744073709551615",
    ),
    ("year", "2026", "2026"),
    ("float", "0.1", "0.1"),
    ("double", "1e-300", "1e-300"),
    ("decimal(10,2)", "1234.5", "1234.50"),
    (
        "decimal(39,9)",
        "123456789012345678901234567890.123456789",
        "{\"$decimal\":\"123456789012345678901234567890.123456789\"}",
    ),
    ("varchar(20)", "'a\\nb é 😀'", "\"a\\nb é 😀\""),
    ("char(5)", "'abc'", "\"abc\""),
    ("longtext", "'x'", "\"x\""),
    ("varchar(20) character set latin1", "'é'", "\"é\""),
    ("enum('sad','ok')", "'sad'", "\"sad\""),
    ("set('a','b','c')", "'a,c'", "\"a,c\""),
    ("varbinary(4)", "x'00ff'", "{\"$bytes\":\"AP8=\"}"),
    ("blob", "x'00'", "{\"$bytes\":\"AA==\"}"),
    ("date", "'2021-01-31'", "\"2021-01-31\""),
    ("date", "'0000-00-00'", "\"0000-00-00\""),
    ("date", "'2021-00-00'", "\"2021-00-00\""),
    ("time", "'23:59:59'", "\"23:59:59\""),
    ("time(6)", "'01:02:03.5'", "\"01:02:03.5\""),
    ("datetime", "'2021-01-01 01:00:00'", "\"2021-01-01T01:00:00\""),
    ("datetime(6)", "'1969-12-31 23:59:59.500000'", "\"1969-12-31T23:59:59.5\""),
    ("timestamp", "'2021-01-01 01:00:00'", "\"2021-01-01T01:00:00+00:00\""),
    ("point", "ST_GeomFromText('POINT(1 2.5)')", "\"POINT(1 2.5)\""),
    ("uuid", "'0F8FAD5B-D9CB-469F-A165-70867728950E'", "\"0f8fad5b-d9cb-469f-a165-70867728950e\""),
    ("inet6", "'::1'", "\"::1\""),
];

#[tokio::test]
async fn every_type_comes_out_as_it_went_in_and_null_stays_null() {
    for (number, (kind, literal, expected)) in TYPES.iter().enumerate() {
        let sql = format!(
            "SET sql_mode = ''; SET time_zone = '+00:00'; \
             CREATE TABLE t{number} (id int PRIMARY KEY, v {kind} NULL); \
             INSERT INTO t{number} VALUES (1, {literal}), (2, NULL)"
        );
        let database = mariadb(&sql).await;
        let source = open(database.url());
        let all = rows(&*source, &format!("t{number}"), None).await;
        let shown: Vec<String> = all.iter().map(|row| row[1].to_json()).collect();
        assert_eq!(shown, [*expected, "null"], "{kind} {literal}");
    }
}

/// Type, value in the row, value looked up, whether they meet.
const LOOKED_UP: &[(&str, &str, &str, bool)] = &[
    ("int", "7", "7", true),
    ("int", "7", "007", true),
    ("bigint unsigned", "18446744073709551615", "18446744073709551615", true),
    ("decimal(30,10)", "12345678901234567890.1", "12345678901234567890.1", true),
    ("decimal(30,10)", "12345678901234567890.1", "12345678901234567890.2", false),
    ("double", "0.1", "0.1", true),
    ("varchar(40)", "'Ada@Example.org'", "ada@example.org", true),
    ("varchar(40) collate utf8mb4_bin", "'Ada@Example.org'", "ada@example.org", false),
    ("varchar(40) collate utf8mb4_bin", "'Ada@Example.org'", "Ada@Example.org", true),
    ("varchar(40) character set latin1", "'zoé'", "zoé", true),
    ("varchar(40)", "'a''b\\\\c'", "a'b\\c", true),
    ("date", "'2021-01-31'", "2021-01-31", true),
    ("datetime", "'2021-01-31 10:00:00'", "2021-01-31T10:00:00", true),
    ("timestamp", "'2021-01-31 10:00:00'", "2021-01-31T11:00:00+01:00", true),
    ("uuid", "'0F8FAD5B-D9CB-469F-A165-70867728950E'", "0f8fad5bd9cb469fa16570867728950e", true),
    ("enum('sad','ok')", "'sad'", "sad", true),
];

#[tokio::test]
async fn every_kind_of_column_can_be_looked_up() {
    for (number, (kind, held, asked, meets)) in LOOKED_UP.iter().enumerate() {
        let sql = format!(
            "SET time_zone = '+00:00'; CREATE TABLE t{number} (id int PRIMARY KEY, v {kind} NULL); \
             INSERT INTO t{number} VALUES (1, {held}), (2, NULL)"
        );
        let database = mariadb(&sql).await;
        let source = open(database.url());
        let found =
            rows(&*source, &format!("t{number}"), Some(("v", Value::Text((*asked).to_owned())))).await;
        assert_eq!(found.len(), usize::from(*meets), "{kind}: {held} asked as {asked}");
    }
}

#[tokio::test]
async fn hostile_names_are_only_names() {
    let odd = "a`; DROP TABLE t; -- '\"";
    let quoted = format!("`{}`", odd.replace('`', "``"));
    let sql = format!(
        "CREATE TABLE {quoted} (id int PRIMARY KEY, {quoted} varchar(20)); INSERT INTO {quoted} VALUES (1, 'x'); \
         CREATE TABLE t (id int)"
    );
    let database = mariadb(&sql).await;
    let source = open(database.url());
    assert_eq!(rows(&*source, odd, Some((odd, Value::Text("x".to_owned())))).await.len(), 1);
    assert!(rows(&*source, "t", None).await.is_empty());
}

const SHOP: &str = "
CREATE TABLE customers (id int PRIMARY KEY, email varchar(100), name varchar(100));
CREATE TABLE orders (id int PRIMARY KEY, customer_id int, total decimal(10,2));
INSERT INTO customers VALUES (1, 'Ada@Example.org', 'Ada'), (2, 'bob@example.org', 'Bob'), (3, 'BOB@example.org', 'B2');
INSERT INTO orders VALUES (10, 1, 5.00), (11, 2, 6.50), (12, 3, 7.00);
";

const DATASET: &str = "
dataset:
  - fides_key: shop
    name: Shop
    collections:
      - name: customers
        fields:
          - { name: id, data_categories: [user.unique_id], fides_meta: { primary_key: true } }
          - { name: email, data_categories: [user.contact.email], fides_meta: { identity: email } }
          - { name: name, data_categories: [user.name] }
      - name: orders
        fields:
          - { name: id, data_categories: [user.unique_id], fides_meta: { primary_key: true } }
          - name: customer_id
            data_categories: [user.unique_id]
            fides_meta: { references: [{ dataset: shop, field: customers.id, direction: from }] }
          - { name: total, data_categories: [user.financial] }
";

#[tokio::test]
async fn people_get_their_own_rows_whatever_case_their_address_is_written_in() {
    let database = mariadb(SHOP).await;
    let sources = sources(&[("shop", database.url())], "");
    let plan = plan(DATASET, &["email"]);
    let subjects = people("email", &["ada@example.org", "bob@example.org", "nobody@example.org"]);
    let outcomes = run(&plan, &sources, &subjects).await.expect("collected");
    outcomes.check(
        0,
        &[
            ("customers", &["{\"id\":1,\"email\":\"Ada@Example.org\",\"name\":\"Ada\"}"]),
            ("orders", &["{\"id\":10,\"customer_id\":1,\"total\":5.00}"]),
        ],
    );
    assert_eq!(outcomes.rows(1).get("customers").map(Vec::len), Some(2));
    assert_eq!(outcomes.rows(1).get("orders").map(Vec::len), Some(2));
    assert!(outcomes.rows(2).is_empty());
}

#[tokio::test]
async fn what_is_missing_or_refused_is_told_with_the_cure() {
    let database = mariadb(SHOP).await;
    let source = open(database.url());
    let mut view = source.open().await.unwrap();
    let missing = view.tables(&[name("custmers")]).await.unwrap_err().to_string();
    assert!(missing.contains("no table custmers (the nearest is customers)"), "{missing}");
    assert!(view.version().await.unwrap().starts_with("MariaDB 1"));
    view.finish().await.unwrap();

    let wrong = database.url().replace("root@", "nobody:secret@");
    let Err(refused) = open(&wrong).open().await else { panic!("let in") };
    assert_eq!(refused.kind(), Kind::Credentials);
    let text = refused.to_string();
    assert!(text.contains("refused the user name or password") && !text.contains("secret"), "{text}");

    let nowhere = format!("{}x", database.url());
    let Err(unknown) = open(&nowhere).open().await else { panic!("let in") };
    assert!(unknown.to_string().contains("no database named in its url"), "{unknown}");
}
