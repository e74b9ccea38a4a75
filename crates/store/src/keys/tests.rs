//! The root key is made once, read by its owner only, and opens nothing it did not seal.

use std::os::unix::fs::PermissionsExt as _;

use habeas_testkit::SeededChance;

use super::*;

fn key(path: &Path, seed: u64) -> Result<RootKey> {
    RootKey::open_or_create(path, SeededChance::new(seed).shared())
}

#[test]
fn a_root_key_is_made_once_and_is_its_owners() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys/root.key");
    let first = key(&path, 1).unwrap();
    let second = key(&path, 2).unwrap();
    assert_eq!(*first.0, *second.0);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(folder.path().join("keys")).unwrap().count(), 1, "a draft was left");

    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(key(&path, 1), Err(Error::Key { .. })), "others may read it");
}

#[test]
fn a_file_that_holds_no_key_is_refused_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    for content in ["", "habeas-root-key-1 00", "something else", "habeas-root-key-1 zz"] {
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert!(matches!(key(&path, 1), Err(Error::Key { .. })), "{content}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), content);
    }
}

#[test]
fn a_passphrase_opens_its_own_key_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    let file = |phrase: &str| {
        KeyFile::new(&path, SeededChance::new(1).shared())
            .with_passphrase(SecretString::from(phrase.to_owned()))
    };
    let made = file("correct horse").unseal().unwrap();
    assert_eq!(*made.0, *file("correct horse").unseal().unwrap().0);
    assert!(matches!(file("wrong").unseal(), Err(Error::Key { .. })));
    assert!(matches!(key(&path, 1), Err(Error::Key { .. })), "opened without a passphrase");
}

#[test]
fn sealed_content_opens_in_its_own_place_only() {
    let chance = SeededChance::new(1);
    let root = RootKey::from_bytes([1; 32]);
    let (keys, wrapped) = root.wrap_new(b"one", &chance);
    let sealed = keys.seal("place", b"content", &chance);
    assert_ne!(sealed, keys.seal("place", b"content", &chance), "the same bytes twice");
    let same = root.request_keys(b"one", &wrapped).unwrap();
    assert_eq!(same.open("place", &sealed).unwrap().as_slice(), b"content");
    assert!(same.open("other place", &sealed).is_err());
    assert!(root.request_keys(b"two", &wrapped).is_err(), "a key moved to another request");
    assert!(RootKey::from_bytes([2; 32]).request_keys(b"one", &wrapped).is_err());
    assert!(root.wrap_new(b"one", &chance).0.open("place", &sealed).is_err());
    for place in 0..sealed.len() {
        let mut changed = sealed.clone();
        changed[place] ^= 1;
        assert!(keys.open("place", &changed).is_err(), "byte {place}");
        assert!(keys.open("place", &sealed[..place]).is_err(), "cut at {place}");
    }
}

#[test]
fn fingerprints_depend_on_kind_value_and_root() {
    let (root, other) = (RootKey::from_bytes([1; 32]), RootKey::from_bytes([2; 32]));
    let mut found = vec![
        root.fingerprint("email", b"ada"),
        root.fingerprint("phone", b"ada"),
        root.fingerprint("emaila", b"da"),
        root.fingerprint("email", b"adb"),
        other.fingerprint("email", b"ada"),
    ];
    assert_eq!(found[0], root.fingerprint("email", b"ada"));
    found.sort();
    found.dedup();
    assert_eq!(found.len(), 5);
}
