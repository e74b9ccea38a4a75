//! Reduced forms of two spellings of the same value are equal.

use super::{letters, run, tail};

#[test]
fn spellings_of_one_value_reduce_to_one_form() {
    for spelling in ["+44 20 7946 0958", "(020) 7946-0958", "00442079460958"] {
        assert_eq!(tail(spelling), "460958");
    }
    assert_eq!(tail("112"), "112");
    assert_eq!(letters(" Ada.Lovelace@Example.COM "), letters("ada.lovelace@example.com"));
    assert_eq!(letters("ÉMILE  Zola"), letters("émile zola"));
    assert_eq!(run("ada+x@example.com"), "example");
    assert_eq!(run("李雷"), "");
}
