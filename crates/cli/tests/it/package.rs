//! `habeas package verify`: says whether a package is as it was handed over, and what is different.

use std::path::PathBuf;
use std::process::Command;

use ed25519_dalek::SigningKey;
use habeas_core::pii::Pii;
use habeas_core::register::Register;
use habeas_render::package::{Authority, Controller, Input, Key, Keys, Records, build};
use habeas_testkit::SeededChance;
use serde_json::Value;

use crate::support::command::Shell;

const PASSWORD: &str = "abcdEFGH23456789";

fn signer() -> SigningKey {
    SigningKey::from_bytes(&[5; 32])
}

fn folder(shell: &Shell) -> PathBuf {
    shell.habeas(&[]).get_current_dir().unwrap().to_owned()
}

/// A shell in whose folder a package lies, its password, and the package unpacked.
fn shell() -> Shell {
    let input = Input {
        reference: "HB-7K3M-9QXD".parse().unwrap(),
        right: "https://w3id.org/dpv/legal/eu/gdpr#A15".to_owned(),
        name: Pii::new("Ada Example".to_owned()),
        subject: 0,
        controller: Controller {
            name: "Example Ltd".to_owned(),
            contact: vec!["privacy@example.test".to_owned()],
            officer: None,
            authority: Authority { name: "The Authority".to_owned(), contact: Vec::new() },
        },
        received_on: "2026-11-02".parse().unwrap(),
        made_at: "2026-11-20T10:30:00[Europe/London]".parse().unwrap(),
        collections: Vec::new(),
        coverage: Vec::new(),
        marks: [].into(),
        register: Register::default(),
        originals: Vec::new(),
    };
    let (password, signer, chance) = (Pii::new(PASSWORD.to_owned()), signer(), SeededChance::new(1));
    let keys = Keys { password: &password, signer: &signer, chance: &chance };
    let open = |_: Option<&Key>| Ok(Box::new(std::iter::empty()) as Records<'_>);
    let shell = Shell::new();
    let mut archive = Vec::new();
    build(&input, &open, &mut archive, &keys).unwrap();
    std::fs::write(folder(&shell).join("package.zip"), archive).unwrap();
    shell.write("password.txt", &format!("{PASSWORD}\n"));
    let unpacked = Command::new("7z")
        .current_dir(folder(&shell))
        .args(["x", &format!("-p{PASSWORD}"), "-ounpacked", "package.zip"])
        .output()
        .expect("7z is needed for this test: install p7zip-full");
    assert!(unpacked.status.success());
    shell
}

/// Runs a check whose report is JSON, and returns its exit code and report.
fn check(shell: &Shell, args: &[&str]) -> (i32, Value) {
    let ran = shell.run(&[&["package", "verify"][..], args, &["--json"]].concat());
    (ran.code, serde_json::from_str(&ran.stdout).unwrap_or(Value::Null))
}

#[test]
fn an_untouched_package_is_intact_packed_and_unpacked() {
    let shell = shell();
    let key = hex::encode(signer().verifying_key().as_bytes());
    let (code, report) = check(&shell, &["package.zip", "--password-file", "password.txt", "--key", &key]);
    assert_eq!(code, 0, "{report}");
    assert_eq!(report["is_intact"], true);
    assert_eq!(report["is_expected_key"], true);
    assert_eq!(report["seal"], "intact");
    assert_eq!(report["reference"], "HB-7K3M-9QXD");
    let (code, report) = check(&shell, &["unpacked"]);
    assert_eq!((code, &report["seal"]), (0, &Value::from("absent")));
    let ran = shell.run(&["package", "verify", "unpacked"]);
    assert!(ran.stdout.starts_with("The package is as it was handed over.\n"), "{}", ran.stdout);
}

#[test]
fn what_is_different_is_named() {
    let shell = shell();
    shell.write("unpacked/index.html", "forged");
    shell.write("unpacked/data/new.csv", "a");
    std::fs::remove_file(folder(&shell).join("unpacked/README.txt")).unwrap();
    let (code, report) = check(&shell, &["unpacked"]);
    assert_eq!(code, 1);
    assert_eq!(report["changed"], serde_json::json!(["index.html"]));
    assert_eq!(report["missing"], serde_json::json!(["README.txt"]));
    assert_eq!(report["added"], serde_json::json!(["data/new.csv"]));
    let ran = shell.run(&["package", "verify", "unpacked"]);
    assert_eq!(ran.code, 1);
    for line in ["changed: index.html", "missing: README.txt", "added: data/new.csv"] {
        assert!(ran.stdout.contains(line), "{}", ran.stdout);
    }
}

#[test]
fn another_key_than_the_published_one_is_told() {
    let shell = shell();
    let other = hex::encode(SigningKey::from_bytes(&[6; 32]).verifying_key().as_bytes());
    let (code, report) = check(&shell, &["unpacked", "--key", &other]);
    assert_eq!((code, &report["is_expected_key"]), (1, &Value::from(false)));
}

#[test]
fn wrong_usage_and_unreadable_files_are_told_apart() {
    let shell = shell();
    shell.write("wrong.txt", "not the password");
    shell.write("letter.txt", "Dear Sir or Madam");
    let cases: &[(&[&str], i32, &str)] = &[
        (&["nowhere.zip"], 2, "there is no nowhere.zip"),
        (&["package.zip"], 2, "its password is needed; give it with --password-file"),
        (&["unpacked", "--key", "abc"], 2, "--key is not a public key"),
        (&["package.zip", "--password-file", "wrong.txt"], 1, "the password doesn't open this archive"),
        (&["letter.txt"], 1, "not a package"),
    ];
    for (args, code, told) in cases {
        let ran = shell.run(&[&["package", "verify"][..], *args].concat());
        assert_eq!(ran.code, *code, "{args:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(told), "{args:?}: {}", ran.stderr);
        assert!(!ran.stderr.contains("not the password"), "a password is never printed");
    }
}
