//! What a file may look like.

use super::{Findings, check_file};

/// Checks a file of a first line followed by empty ones and returns how much there was to complain and warn.
fn check(path: &str, first: &str, length: usize, expected: (usize, usize)) {
    let text = format!("{first}{}", "\n".repeat(length));
    let mut findings = Findings::default();
    check_file(path, &text, &mut findings);
    assert_eq!((findings.complaints.len(), findings.warnings.len()), expected, "{path} {first} {length}");
}

#[test]
fn files_say_what_they_are_and_stay_short() {
    check("a/src/b.rs", "//! B.", 10, (0, 0));
    check("a/src/b.rs", "use std::fmt;", 10, (1, 0));
    check("a/src/b.rs", "//! B.", 499, (0, 0));
    check("a/src/b.rs", "//! B.", 500, (0, 1));
    check("a/src/b.rs", "//! B.", 800, (1, 0));
    check("a/src/b/tests.rs", "//! B.", 2000, (0, 0));
    check("a/tests/it/b.rs", "//! B.", 2000, (0, 0));
}

#[test]
fn unfinished_and_silenced_code_is_named() {
    for (first, second) in
        [("TO", "DO"), ("FIX", "ME"), ("#[al", "low(dead_code)]"), ("#![al", "low(unused)]")]
    {
        check("a/src/b.rs", &format!("//! B.\n// {first}{second}"), 1, (1, 0));
    }
}
