//! Whatever is changed in a package shows.

use std::fs;
use std::path::{Path, PathBuf};

use habeas_core::pii::Pii;
use habeas_core::value::Value;

use super::super::{Report, Seal, verify};
use super::{Making, PASSWORD, record, signer, text, unpack};

fn small() -> Vec<u8> {
    let making = Making::of(vec![record(0, ("a", "b"), &[("email", text("a@b")), ("n", Value::Int(1))])]);
    making.build().unwrap().0
}

fn check(path: &Path) -> Result<Report, verify::Error> {
    verify(path, Some(&Pii::new(PASSWORD.to_owned())), None)
}

fn unpacked() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("package");
    for (path, content) in unpack(&small()) {
        let full = root.join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, content).unwrap();
    }
    (folder, root)
}

/// ASVS 11.3.2-11.3.4.
#[test]
fn no_byte_of_an_archive_can_change_unseen() {
    let bytes = small();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("package.zip");
    fs::write(&path, &bytes).unwrap();
    let report = check(&path).unwrap();
    assert!(report.is_intact() && report.seal == Seal::Intact, "{report:?}");
    assert_eq!(report.intact_count, 7);

    // Checking the files of each copy would take minutes in all; the seal alone must catch every byte.
    let key = signer().verifying_key();
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 0x20;
        let seal = super::super::seal::check(&mut std::io::Cursor::new(&changed), &key).unwrap();
        assert_ne!(seal, Seal::Intact, "byte {place} of {}", bytes.len());
    }
    for place in (0..bytes.len()).step_by(bytes.len() / 40) {
        let mut changed = bytes.clone();
        changed[place] ^= 0x20;
        fs::write(&path, &changed).unwrap();
        assert!(!check(&path).is_ok_and(|report| report.is_intact()), "byte {place}");
    }
}

#[test]
fn cutting_or_adding_bytes_shows() {
    let bytes = small();
    let key = signer().verifying_key();
    let seal = |bytes: &[u8]| super::super::seal::check(&mut std::io::Cursor::new(bytes), &key).unwrap();
    assert_ne!(seal(&bytes[..bytes.len() - 1]), Seal::Intact);
    assert_ne!(seal(&[b"x", &bytes[..]].concat()), Seal::Intact);
    assert_ne!(seal(&[&bytes[..], b"x"].concat()), Seal::Intact);
    assert_ne!(seal(b""), Seal::Intact);
}

#[test]
fn a_folder_tells_what_changed_is_missing_or_was_added() {
    let (_keep, root) = unpacked();
    assert!(check(&root).unwrap().is_intact());
    fs::write(root.join("data/a/b.json"), "[]").unwrap();
    fs::remove_file(root.join("README.txt")).unwrap();
    fs::create_dir(root.join("extra")).unwrap();
    fs::write(root.join("extra/new.html"), "hello").unwrap();
    let report = check(&root).unwrap();
    assert!(!report.is_intact());
    assert_eq!(report.changed, ["data/a/b.json"]);
    assert_eq!(report.missing, ["README.txt"]);
    assert_eq!(report.added, ["extra/new.html"]);
    assert_eq!(report.intact_count, 5);
}

#[test]
fn a_link_is_no_file() {
    let (_keep, root) = unpacked();
    let index = root.join("index.html");
    fs::rename(&index, root.with_file_name("elsewhere.html")).unwrap();
    std::os::unix::fs::symlink(root.with_file_name("elsewhere.html"), &index).unwrap();
    assert_eq!(check(&root).unwrap().changed, ["index.html"]);
}

#[test]
fn a_manifest_that_was_edited_is_not_signed() {
    let edits = [
        ("HB-7K3M-9QXD", "HB-0000-0000"),
        ("Example Ltd", "Sample Ltd"),
        ("2026-11-02", "2026-11-03"),
        ("\"role\": \"page\"", "\"role\": \"data\""),
        ("dpv:RightFulfilmentNotice", "dpv:Other"),
    ];
    for (from, to) in edits {
        let (_keep, root) = unpacked();
        let path = root.join("manifest.json");
        let manifest = fs::read_to_string(&path).unwrap();
        assert!(manifest.contains(from), "{from}");
        fs::write(&path, manifest.replace(from, to)).unwrap();
        let report = check(&root).unwrap();
        assert!(!report.is_signed && !report.is_intact(), "{from}");
    }
    let (_keep, root) = unpacked();
    let path = root.join("manifest.json");
    let manifest = fs::read_to_string(&path).unwrap();
    fs::write(&path, manifest.replacen('{', "{\"more\": 1,", 1)).unwrap();
    assert!(check(&root).is_err(), "a manifest that says more than we know is none");
}

#[test]
fn a_package_signed_anew_is_told_by_its_key() {
    let (_keep, root) = unpacked();
    let other = ed25519_dalek::SigningKey::from_bytes(&[9; 32]).verifying_key();
    let own = signer().verifying_key();
    assert!(verify(&root, None, Some(&own)).unwrap().is_intact());
    let report = verify(&root, None, Some(&other)).unwrap();
    assert_eq!(report.is_expected_key, Some(false));
    assert!(!report.is_intact());
}

#[test]
fn what_cannot_be_checked_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("package.zip");
    let refusal = |password: Option<&str>| {
        let password = password.map(|word| Pii::new(word.to_owned()));
        verify(&path, password.as_ref(), None).unwrap_err().to_string()
    };
    fs::write(&path, "hello").unwrap();
    assert_eq!(refusal(None), "not a package: neither a ZIP archive nor a folder");
    fs::write(&path, small()).unwrap();
    assert_eq!(refusal(None), "the archive is encrypted: its password is needed");
    assert!(refusal(Some("wrong")).starts_with("the password doesn't open this archive"));
    fs::write(&path, "PK\u{3}\u{4}nonsense").unwrap();
    assert_eq!(refusal(None), "the archive is damaged and can't be opened");
    let empty = tempfile::tempdir().unwrap();
    let problem = verify(empty.path(), None, None).unwrap_err();
    assert_eq!(problem.to_string(), "there is no manifest.json in it");
}
