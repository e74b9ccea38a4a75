//! What stands in a package.

use std::process::Command;

use habeas_core::record::Outcome;
use habeas_core::value::Value;
use serde_json::json;

use super::{Making, PASSWORD, field, record, text};

fn clients(count: u64) -> Making {
    let one = |id: u64| {
        record(
            id,
            ("billing", "clients"),
            &[("email", text(&format!("ada{id}@example.test"))), ("city", Value::Null)],
        )
    };
    Making::of((0..count).map(one).collect())
}

#[test]
fn a_package_holds_pages_data_and_its_manifest() {
    let files = clients(2).unpacked();
    let paths: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [
            "README.txt",
            "coverage.json",
            "data/billing/clients.csv",
            "data/billing/clients.json",
            "index.html",
            "information.html",
            "manifest.json",
            "style.css"
        ]
    );
    let read: serde_json::Value = serde_json::from_str(&files["data/billing/clients.json"]).unwrap();
    let expected = json!([
        {"email": "ada0@example.test", "city": null},
        {"email": "ada1@example.test", "city": null}
    ]);
    assert_eq!(read, expected);
    assert_eq!(
        files["data/billing/clients.csv"],
        "city,email\r\n,ada0@example.test\r\n,ada1@example.test\r\n"
    );
    let index = &files["index.html"];
    assert!(index.contains("We found <strong>2 records</strong> about <bdi>Ada Example</bdi>"), "{index}");
    assert!(index.contains("ada1@example.test"));
    assert!(index.contains("From Billing system, found by your e-mail address → Clients"));
    let information = &files["information.html"];
    for told in
        ["To answer you", "Two years", "Nobody else receives it", "You gave it to us", "There are none"]
    {
        assert!(information.contains(told), "{told}");
    }
    assert!(information.contains("The Authority"));
}

#[test]
fn values_stand_exactly_in_json() {
    let values = [
        ("nan", Value::Float(f64::NAN), json!({"$float": "NaN"})),
        ("bytes", Value::Bytes(vec![0, 255]), json!({"$bytes": "AP8="})),
        (
            "money",
            Value::Decimal("0.1234567890123456789".into()),
            json!({"$decimal": "0.1234567890123456789"}),
        ),
        ("empty", text(""), json!("")),
        ("formula", text("=1+1"), json!("=1+1")),
        ("list", Value::Array(vec![Value::Int(1), text("two")]), json!([1, "two"])),
    ];
    let fields: Vec<(&str, Value)> = values.iter().map(|(name, value, _)| (*name, value.clone())).collect();
    let files = Making::of(vec![record(0, ("shop", "orders"), &fields)]).unpacked();
    let read: serde_json::Value = serde_json::from_str(&files["data/shop/orders.json"]).unwrap();
    for (name, _, expected) in &values {
        assert_eq!(&read[0][name], expected, "{name}");
    }
    assert!(files["data/shop/orders.csv"].contains(",'=1+1,"));
}

#[test]
fn large_collections_get_pages_of_their_own() {
    let making = clients(250);
    let files = making.unpacked();
    let index = &files["index.html"];
    assert!(index.contains("250 records on 3 pages"), "{index}");
    assert!(!index.contains("ada0@example.test"));
    for (page, first, last) in [(1, 0, 99), (2, 100, 199), (3, 200, 249)] {
        let content = &files[&format!("pages/billing/clients-{page}.html")];
        assert!(content.contains(&format!("ada{first}@")) && content.contains(&format!("ada{last}@")));
        assert!(!content.contains(&format!("ada{}@", last + 1)));
        assert_eq!(content.matches("</html>").count(), 1);
    }
    let (_, built) = making.build().unwrap();
    assert_eq!(built.counts[0].given, 250);
    assert_eq!(files.len() - 1, built.files.len(), "all but the manifest are listed");
}

#[test]
fn coverage_tells_what_failed_and_what_was_not_there() {
    let mut making = clients(1);
    making.input.coverage[0].rows = 4;
    let mut failed = making.input.coverage[0].clone();
    failed.collection = "notes".into();
    failed.rows = 0;
    failed.outcome = Outcome::Failed { reason: "the source did not answer".into() };
    making.input.coverage.push(failed);
    let files = making.unpacked();
    let read: serde_json::Value = serde_json::from_str(&files["coverage.json"]).unwrap();
    assert_eq!(read["identities"], json!(["email"]));
    let lines = &read["systems"][0]["collections"];
    assert_eq!(lines[0]["rows_found"], 4);
    assert_eq!(lines[0]["records_given"], 1);
    assert_eq!(lines[0]["rows_without_personal_data"], 3);
    assert_eq!(lines[0]["as_of"], "2026-11-20T09:00:00Z");
    assert_eq!(lines[1]["outcome"], "failed");
    assert_eq!(lines[1]["reason"], "the source did not answer");
    assert_eq!(read["records_by_category"], json!({"user.contact": 1}));
    assert!(files["index.html"].contains("Notes in Billing system could not be searched to the end"));
}

#[test]
fn a_package_can_say_that_nothing_is_held() {
    let files = Making::of(Vec::new()).unpacked();
    assert!(files["index.html"].contains("found none to give"));
}

#[test]
fn a_gap_in_the_register_stops_the_package() {
    let mut making = clients(1);
    making.input.register.processing[0].categories = vec!["user.behavior".to_owned()];
    assert_eq!(
        making.refusal(),
        "the register of processing has 1 gap for the data in this package: \
         no processing covers user.contact in billing.clients (Art. 15(1)(a))"
    );
}

#[test]
fn technical_fields_are_folded_away() {
    let mut making = Making::of(vec![record(
        0,
        ("billing", "clients"),
        &[("id", Value::Int(4711)), ("email", text("a@b"))],
    )]);
    making.input.collections[0].fields =
        vec![field("id", "system.operations"), field("email", "user.contact.email")];
    let index = &making.unpacked()["index.html"];
    let (before, after) = index.split_once("1 technical field").unwrap();
    assert!(before.contains("a@b") && !before.contains("4711"));
    assert!(after.contains("4711"));
}

/// 7-Zip is what the read-me tells people on Windows to take.
#[test]
fn seven_zip_opens_it_with_the_password_only() {
    let (bytes, _) = clients(30).build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("package.zip");
    std::fs::write(&archive, &bytes).unwrap();
    let unpack = |password: &str, into: &str| {
        let mut command = Command::new("7z");
        command
            .arg("x")
            .arg(format!("-p{password}"))
            .arg(format!("-o{}", folder.path().join(into).display()));
        command.arg(&archive).output().expect("7z is needed for this test: install p7zip-full")
    };
    let opened = unpack(PASSWORD, "right");
    assert!(opened.status.success(), "{}", String::from_utf8_lossy(&opened.stdout));
    let index = std::fs::read_to_string(folder.path().join("right/index.html")).unwrap();
    assert!(index.contains("Ada Example"));
    assert!(!unpack("wrong", "wrong").status.success());

    let report = super::super::verify(&folder.path().join("right"), None, None).unwrap();
    assert!(report.is_intact(), "{report:?}");
}

#[test]
fn every_entry_is_encrypted_so_that_not_even_a_checksum_shows() {
    let (bytes, _) = clients(2).build().unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    for place in 0..archive.len() {
        let entry = archive.by_index_raw(place).unwrap();
        assert!(entry.encrypted());
        assert_eq!(entry.crc32(), 0, "AE-1 would tell the plain text's checksum");
    }
}
