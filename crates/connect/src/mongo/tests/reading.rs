//! What documents hold, value by value.

use mongodb::bson::oid::ObjectId;
use mongodb::bson::spec::BinarySubtype;
use mongodb::bson::{Binary, Bson, DateTime, Decimal128, Regex, Timestamp, Uuid, doc};

use habeas_core::value::Value;
use habeas_testkit::mongodb::fresh_database;

use crate::source::Table;
use crate::testing::{name, open, rows};

fn decimal(text: &str) -> Bson {
    Bson::Decimal128(text.parse::<Decimal128>().unwrap())
}

fn kinds() -> Vec<(&'static str, Bson, &'static str)> {
    let binary = |subtype, bytes: &[u8]| Bson::Binary(Binary { subtype, bytes: bytes.to_vec() });
    vec![
        ("double", Bson::Double(1.5), "1.5"),
        ("nan", Bson::Double(f64::NAN), r#"{"$float":"NaN"}"#),
        ("text", "Ada\u{0}\u{1f600}".into(), "\"Ada\\u0000\u{1f600}\""),
        ("int", Bson::Int32(-7), "-7"),
        ("long", Bson::Int64(1 << 60), "1152921504606846976"),
        ("decimal", decimal("1.2300"), "1.2300"),
        (
            "digits",
            decimal("0.1234567890123456789012345678901234"),
            r#"{"$decimal":"0.1234567890123456789012345678901234"}"#,
        ),
        ("infinite", decimal("Infinity"), r#"{"$decimal":"Infinity"}"#),
        ("yes", true.into(), "true"),
        ("none", Bson::Null, "null"),
        (
            "date",
            Bson::DateTime(DateTime::from_millis(1_612_137_600_123)),
            r#""2021-02-01T00:00:00.123+00:00""#,
        ),
        ("before", Bson::DateTime(DateTime::from_millis(-1)), r#""1969-12-31T23:59:59.999+00:00""#),
        ("bytes", binary(BinarySubtype::Generic, &[0, 255]), r#"{"$bytes":"AP8="}"#),
        (
            "uuid",
            Uuid::parse_str("6f1c1c2a-0000-4000-8000-0123456789ab").unwrap().into(),
            r#""6f1c1c2a-0000-4000-8000-0123456789ab""#,
        ),
        ("custom", binary(BinarySubtype::UserDefined(0x80), &[1, 2]), r#""0102""#),
        (
            "id",
            ObjectId::parse_str("64f0c0ffee64f0c0ffee64f0").unwrap().into(),
            r#""64f0c0ffee64f0c0ffee64f0""#,
        ),
        ("stamp", Bson::Timestamp(Timestamp { time: 5, increment: 6 }), r#""5:6""#),
        (
            "pattern",
            Bson::RegularExpression(Regex {
                pattern: "^a".to_owned().try_into().unwrap(),
                options: "i".to_owned().try_into().unwrap(),
            }),
            r#""/^a/i""#,
        ),
        ("least", Bson::MinKey, r#""minKey""#),
        ("list", vec![Bson::Int32(1), Bson::Null, "x".into()].into(), r#"[1,null,"x"]"#),
        (
            "inner",
            doc! { "city": "Oslo", "geo": { "lat": 59.9 } }.into(),
            r#"{"city":"Oslo","geo":{"lat":59.9}}"#,
        ),
        ("operator", doc! { "$gt": "" }.into(), r#"{"$object":{"$gt":""}}"#),
    ]
}

#[tokio::test]
async fn values_of_every_type_come_exactly_and_go_back_as_they_were() {
    let database = fresh_database().await;
    let mut document = doc! { "_id": 1 };
    for (name, value, _) in kinds() {
        document.insert(name, value);
    }
    database.insert("types", vec![document.clone()]).await;
    let source = open(&database.url());
    let found = rows(&*source, "types", None).await;
    let mut view = source.open().await.unwrap();
    let table = view.tables(&[name("types")]).await.unwrap().remove(0);
    assert_eq!(found.len(), 1);
    for (name, value, expected) in kinds() {
        let place = table.lookup(name).unwrap();
        let read = &found[0][place];
        assert_eq!(read.to_json(), expected, "{name}");
        let written = super::super::values::bson(read, document.get(name));
        let same = |one: &Bson| format!("{one:?}");
        assert_eq!(written.as_ref().map(same), Some(same(&value)), "{name} goes back as it was");
    }
    assert_eq!(found[0][table.lookup(Table::FURTHER_FIELDS).unwrap()], Value::Null);
}

/// The server tests have refuses some of these; MongoDB itself keeps them.
#[test]
fn instants_no_calendar_has_and_patterns_go_back_as_they_were() {
    for (value, expected) in [
        (Bson::DateTime(DateTime::from_millis(i64::MAX)), "9223372036854775807"),
        (Bson::DateTime(DateTime::from_millis(i64::MIN)), "-9223372036854775808"),
        (Bson::MaxKey, "maxKey"),
        (Bson::Symbol("s".to_owned()), "s"),
    ] {
        let read = super::super::values::value(&value);
        assert_eq!(read.to_text(), expected);
        assert_eq!(super::super::values::bson(&read, None), Some(value));
    }
    let pattern =
        super::super::values::value(&kinds().into_iter().find(|kind| kind.0 == "pattern").unwrap().1);
    assert_eq!(super::super::values::bson(&pattern, None), None, "it is never made up");
}

#[tokio::test]
async fn a_collection_is_described_by_what_its_documents_hold() {
    let database = fresh_database().await;
    let people =
        doc! { "_id": 1, "name": "Ada", "seen": [{ "at": DateTime::from_millis(0), "tags": ["x"] }] };
    database.insert("people", vec![people, doc! { "_id": "b", "name": 7, "age": Bson::Null }]).await;
    database.database().create_collection("empty").await.unwrap();
    let mut view = open(&database.url()).open().await.unwrap();
    assert!(view.version().await.unwrap().starts_with("MongoDB "));
    assert_eq!(view.list().await.unwrap(), [name("empty"), name("people")]);
    let table = view.tables(&[name("people")]).await.unwrap().remove(0);
    let columns: Vec<String> =
        table.columns.iter().map(|column| format!("{}: {}", column.name, column.type_name)).collect();
    let expected = [
        "_id: int | string",
        "name: int | string",
        "seen: array [object {at: date, tags: array [string]}]",
        "age: null",
        "(further fields): object",
    ];
    assert_eq!(columns, expected);
    assert_eq!(table.primary_key, [0]);
    let error = view.tables(&[name("peple")]).await.unwrap_err().to_string();
    assert!(error.contains("no collection or table peple") || error.contains("no table peple"), "{error}");
    assert!(error.contains("people"), "{error}");
}

#[tokio::test]
async fn a_key_finds_every_value_it_may_stand_for_and_nothing_else() {
    let database = fresh_database().await;
    let id = "64f0c0ffee64f0c0ffee64f0";
    let uuid = "6f1c1c2a-0000-4000-8000-0123456789ab";
    let values: Vec<(&str, Bson)> = vec![
        ("int", Bson::Int32(7)),
        ("long", Bson::Int64(7)),
        ("double", Bson::Double(7.0)),
        ("decimal", decimal("7.00")),
        ("text", "7".into()),
        ("padded", "007".into()),
        ("list", vec![Bson::Int32(1), Bson::Int32(7)].into()),
        ("id", ObjectId::parse_str(id).unwrap().into()),
        ("id as text", id.into()),
        ("uuid", Uuid::parse_str(uuid).unwrap().into()),
        ("yes", true.into()),
        ("date", Bson::DateTime(DateTime::from_millis(1_612_137_600_000))),
        ("half", decimal("0.50")),
        ("half as float", Bson::Double(0.5)),
        ("null", Bson::Null),
        ("operator", doc! { "$gt": "" }.into()),
    ];
    let documents = values.into_iter().map(|(name, value)| doc! { "_id": name, "k": value }).collect();
    database.insert("keys", documents).await;
    let source = open(&database.url());
    let check = async |value: Value, expected: &[&str]| {
        let shown = value.to_json();
        let mut found: Vec<String> =
            rows(&*source, "keys", Some(("k", value))).await.iter().map(|row| row[0].to_text()).collect();
        found.sort();
        assert_eq!(found, expected, "{shown}");
    };
    let seven = ["decimal", "double", "int", "list", "long", "text"];
    check(Value::Int(7), &seven).await;
    check(Value::Text("7".into()), &seven).await;
    check(Value::Decimal("7.0".into()), &seven).await;
    check(Value::Text("007".into()), &["padded"]).await;
    check(Value::Text(id.into()), &["id", "id as text"]).await;
    check(Value::Text(uuid.into()), &["uuid"]).await;
    check(Value::Bool(true), &["yes"]).await;
    check(Value::TimestampTz("2021-02-01T01:00:00+01:00".into()), &["date"]).await;
    check(Value::Decimal("0.5".into()), &["half", "half as float"]).await;
    for hostile in ["{\"$gt\": \"\"}", "$gt", "$k", "'; return true; //", ".*", "7\u{0}"] {
        check(Value::Text(hostile.into()), &[]).await;
    }
}
