//! Names and passwords.

use std::collections::BTreeMap;

use super::super::name::Folder;
use super::super::{password, shown};
use super::Counted;

#[test]
fn names_cannot_leave_their_folder_nor_collide() {
    let mut folder = Folder::default();
    let mut check = |wanted: &str, expected: &str| assert_eq!(folder.name(wanted), expected, "{wanted:?}");
    check("invoices", "invoices");
    check("Invoices", "invoices-2");
    check("../../etc/passwd", "etc-passwd");
    check("..", "unnamed");
    check("", "unnamed-2");
    check("/root", "root");
    check("C:\\Windows\\x", "c-windows-x");
    check("CON", "table-con");
    check("com1.json", "table-com1.json");
    check("a.b", "a.b");
    check("a..b.", "a.b-2");
    check("Größe 表", "gr-e");
    check("a\u{202e}gpj.exe", "a-gpj.exe");
    check("nul\0name", "nul-name");
    check(&"x".repeat(500), &"x".repeat(60));
    check(&"x".repeat(600), &format!("{}-2", "x".repeat(60)));
}

#[test]
fn passwords_use_each_symbol_equally() {
    let chance = Counted::default();
    let mut seen: BTreeMap<char, u32> = BTreeMap::new();
    for _ in 0..5_000 {
        let word = password(&chance).into_revealed();
        assert_eq!(word.len(), 16);
        for symbol in word.chars() {
            *seen.entry(symbol).or_default() += 1;
        }
    }
    assert_eq!(seen.len(), 44);
    // 80,000 draws of 44 symbols: 1,818 each; five standard deviations are 211.
    assert!(seen.values().all(|count| count.abs_diff(1_818) < 211), "{seen:?}");
    assert!(!seen.keys().any(|symbol| "0O1IlioCcKkSsUuVvWwXxZz".contains(*symbol) && symbol.is_lowercase()));
}

#[test]
fn column_names_read_as_words() {
    for (name, words) in [
        ("first_name", "First name"),
        ("billingEmail", "Billing email"),
        ("ID", "Id"),
        ("address.street-1", "Address street 1"),
        ("", "Unnamed"),
        ("__", "Unnamed"),
        ("größe", "Größe"),
    ] {
        assert_eq!(shown::label(name), words);
    }
}
