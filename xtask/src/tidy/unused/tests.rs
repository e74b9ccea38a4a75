//! A dependency is used when its name stands in a source file as a word of its own.

use super::{declared_in, unused};

fn check(manifest: &str, sources: &[&str], expected: &[&str]) {
    let names = declared_in(&toml::from_str(manifest).unwrap());
    assert_eq!(unused(&names, sources).collect::<Vec<_>>(), expected);
}

#[test]
fn what_no_source_names_is_unused() {
    let manifest = "[dependencies]\nserde-json = '1'\n[dev-dependencies]\nhex.workspace = true";
    check(manifest, &["use serde_json::Value;", "hex::encode(x)"], &[]);
    check(manifest, &["use serde_json_more::Value;", "fn hexagon() {}"], &["hex", "serde-json"]);
    check(manifest, &[], &["hex", "serde-json"]);
}
