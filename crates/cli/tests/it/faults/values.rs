//! Values no one planned for, on their way through everything: what stands in the source stands in the
//! person's archive, to the byte, or the request says which column can't be carried.

use habeas_core::access::Builtin;
use habeas_testkit::postgres::fresh_database;
use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use super::seen::{ensure_whole, records};
use super::source::open;
use crate::flows::world::World;
use crate::flows::{archive, seven_zip};

const ODD: &str = "odd@values.example";

/// Column, its type, a literal of it, and how it must read in the archive.
const VALUES: &[(&str, &str, &str, &str)] = &[
    ("nothing", "text", "NULL", "null"),
    ("empty", "text", "''", "\"\""),
    (
        "latin",
        "text",
        r"convert_from('\x4d75eb6c6c6572ff', 'SQL_ASCII')",
        "{\"$text_bytes\":\"TXXrbGxlcv8=\"}",
    ),
    ("quoted", "text", r#"E'a"b\\c\n=1+1'"#, r#""a\"b\\c\n=1+1""#),
    ("nan", "double precision", "'NaN'", "{\"$float\":\"NaN\"}"),
    (
        "digits",
        "numeric",
        "123456789012345678901234567890.1200",
        "{\"$decimal\":\"123456789012345678901234567890.1200\"}",
    ),
    ("not_a_number", "numeric", "'NaN'", "{\"$decimal\":\"NaN\"}"),
    ("for_ever", "date", "'infinity'", "{\"$date\":\"infinity\"}"),
    ("before", "timestamp", "'-infinity'", "{\"$timestamp\":\"-infinity\"}"),
    ("caesar", "date", "'0044-03-15 BC'", "{\"$date\":\"0044-03-15 BC\"}"),
    ("price", "money", "12345.67", "\"$12,345.67\""),
    ("strictly", "positive", "5", "5"),
    ("state", "mood", "'sad'", "\"sad\""),
    ("moods", "mood[]", "'{sad,ok,NULL}'", "[\"sad\",\"ok\",null]"),
    ("grid", "integer[]", "'{{1,2},{3,NULL}}'", "[[1,2],[3,null]]"),
    ("raw", "bytea", r"'\x00ff'", "{\"$bytes\":\"AP8=\"}"),
    ("largest", "bigint", "-9223372036854775808", "-9223372036854775808"),
    ("document", "json", "'{\"a\":  1.0, \"a\": 2}'", "{\"a\":  1.0, \"a\": 2}"),
];

fn dataset(columns: &[&str]) -> String {
    let field = |name: &&str| format!("    - {{ name: {name}, data_categories: [user.content] }}\n");
    let fields: String = columns.iter().map(field).collect();
    format!(
        "dataset:\n- fides_key: shop\n  name: Shop\n  collections:\n  - name: odd\n    description: Odd values\n    fields:\n    \
        - {{ name: email, data_categories: [user.contact.email], fides_meta: {{ identity: email }} }}\n{fields}"
    )
}

/// A source that checks no encoding, with these statements run in it.
async fn source(sql: &str) -> (habeas_testkit::postgres::Database, String) {
    let database = fresh_database().await;
    let name = format!("{}_ascii", database.url().rsplit('/').next().unwrap());
    let mut server = PgConnection::connect(database.url()).await.unwrap();
    let create = format!("CREATE DATABASE {name} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
    server.execute(AssertSqlSafe(create)).await.unwrap();
    server.close().await.unwrap();
    let url = format!("{}_ascii", database.url());
    let mut connection = PgConnection::connect(&url).await.unwrap();
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await.unwrap();
    connection.close().await.unwrap();
    (database, url)
}

/// Takes a request to its archive and returns the lines of all its files.
async fn given(world: &World) -> Vec<String> {
    let officer = world.add_user("officer", Builtin::PrivacyOfficer).await;
    let id = world.file("Odd", ODD).await;
    world.verify(id).await;
    let found = records(world, id).await;
    assert_eq!(found.len(), 1, "{:?}", world.request(id).await.tasks);
    world.approve(id, officer, 0).await.unwrap();
    let package = world.request(id).await.package.expect("an archive");
    let path = world.path().join("package.zip");
    std::fs::write(&path, archive(world, id, package.blob).await).unwrap();
    ensure_whole(&world.installation.store).await;
    let text = seven_zip(&path, package.password.reveal());
    assert!(text.contains(&found[0].3), "the archive's row is not the record's");
    text.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn odd_values_arrive_as_they_are() {
    let columns: Vec<String> = VALUES.iter().map(|(name, kind, ..)| format!("{name} {kind}")).collect();
    let columns = columns.join(", ");
    let literals: Vec<String> =
        VALUES.iter().map(|(_, kind, literal, _)| format!("({literal})::{kind}")).collect();
    let literals = literals.join(", ");
    let (_database, url) = source(&format!(
        "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
        CREATE TABLE odd (email text, {columns}); INSERT INTO odd SELECT '{ODD}', {literals}"
    ))
    .await;
    let names: Vec<&str> = VALUES.iter().map(|(name, ..)| *name).collect();
    let world = open(&url, &dataset(&names), "retries = 0").await;
    let lines = given(&world).await;
    let fields: Vec<String> = VALUES.iter().map(|(name, _, _, json)| format!("\"{name}\":{json}")).collect();
    let expected = format!("{{\"email\":\"{ODD}\",{}}}", fields.join(","));
    let row = lines.iter().find(|line| line.contains("\"nothing\"")).expect("the row");
    assert_eq!(row.trim(), expected);
}

#[tokio::test]
async fn ten_megabytes_of_text_arrive_whole() {
    let (_database, url) = source(&format!(
        "CREATE TABLE odd (email text, long text);
        INSERT INTO odd SELECT '{ODD}', string_agg(md5(n::text), '') FROM generate_series(1, 320000) n"
    ))
    .await;
    let world = open(&url, &dataset(&["long"]), "retries = 0").await;
    let lines = given(&world).await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let text: String = sqlx::query_scalar("SELECT long FROM odd").fetch_one(&mut connection).await.unwrap();
    assert_eq!(text.len(), 10_240_000);
    let prefix = format!("{{\"email\":\"{ODD}\",\"long\":\"");
    let row = lines.iter().find_map(|line| line.trim().strip_prefix(&prefix)).expect("the row");
    let held = row.strip_suffix("\"}").expect("its end");
    assert_eq!(Sha256::digest(held), Sha256::digest(&text));
}
