//! Arrows that are in the table pass, all others don't.

use super::complaints;

fn check(crate_name: &str, manifest: &str, expected: &[&str]) {
    assert_eq!(complaints(crate_name, &toml::from_str(manifest).unwrap()), expected);
}

#[test]
fn only_arrows_in_the_table_pass() {
    check("store", "[dependencies]\nhabeas-core = '1'\nserde = '1'", &[]);
    check("core", "[dependencies]\nhabeas-store = '1'", &["core may not use store (dependencies)"]);
    check("web", "[dev-dependencies]\nhabeas-connect = '1'", &["web may not use connect (dev-dependencies)"]);
    check(
        "web",
        "[build-dependencies]\nhabeas-engine = '1'",
        &["web may not use engine (build-dependencies)"],
    );
    check("new", "", &["crates/new is not in the table of crates and arrows"]);
}

#[test]
fn the_testkit_is_for_tests_only() {
    check("engine", "[dev-dependencies]\nhabeas-testkit = '1'", &[]);
    check("engine", "[dependencies]\nhabeas-testkit = '1'", &["engine may not use testkit (dependencies)"]);
}
