//! A migration is added once and never touched again.

use super::{FOLDER, Findings, check};

struct Checkout(tempfile::TempDir);

impl Checkout {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join(FOLDER).join("sqlite")).unwrap();
        Self(folder)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.path().join(FOLDER).join(name), text).unwrap();
    }

    fn complaints(&self, pin: bool) -> Vec<String> {
        let mut findings = Findings::default();
        check(self.0.path(), pin, &mut findings).unwrap();
        findings.complaints
    }
}

#[test]
fn migrations_are_pinned_once() {
    let checkout = Checkout::new();
    assert_eq!(checkout.complaints(false), [""; 0]);

    checkout.write("sqlite/1_a.sql", "SELECT 1");
    assert_eq!(checkout.complaints(false).len(), 1);
    assert_eq!(checkout.complaints(true), [""; 0]);
    assert_eq!(checkout.complaints(false), [""; 0]);

    checkout.write("sqlite/1_a.sql", "SELECT 2");
    assert!(checkout.complaints(true)[0].contains("changed after it was pinned"));

    std::fs::remove_file(checkout.0.path().join(FOLDER).join("sqlite/1_a.sql")).unwrap();
    assert!(checkout.complaints(false)[0].contains("pinned and gone"));
}
