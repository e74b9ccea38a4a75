//! What a person who made a mistake in a definition is told.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::{Problems, parse};

/// Reads a small definition with every kind of reader and returns its problems as lines.
fn check(text: &str) -> Vec<String> {
    let problems = Problems::new();
    if let Some(document) = parse("d.yml", text, &problems)
        && let Some(mut map) = document.root(&problems).mapping()
    {
        map.require("name").and_then(|at| at.name());
        map.take("size").and_then(|at| at.count());
        map.take("is_open").and_then(|at| at.boolean());
        map.take("kind").and_then(|at| at.one_of(&[("delete", 1), ("mask", 2)]));
        map.take("parts").map(|at| at.texts());
        map.take_either(&["fides_meta", "fidesops_meta"]).and_then(|at| at.mapping());
        map.finish();
    }
    problems.into_vec().iter().map(ToString::to_string).collect()
}

#[test]
fn says_what_is_wrong_where_and_what_would_be_right() {
    let cases: &[(&str, &[&str])] = &[
        ("name: a\nsize: 3\nis_open: Yes\nkind: mask\nparts: [x, 2]", &[]),
        ("name: a\nsise: 3", &["d.yml:2: sise: unknown key 'sise' (did you mean 'size'?)"]),
        ("name: a\nfrobnicate: 3", &["d.yml:2: frobnicate: unknown key 'frobnicate'"]),
        ("size: 3", &["d.yml:1: the key 'name' is missing"]),
        ("name:", &["d.yml:1: the key 'name' is missing"]),
        ("name: a\nsize: -3", &["d.yml:2: size: expected a whole number, zero or more, found a number"]),
        ("name: a\nsize: '3'", &["d.yml:2: size: expected a whole number, zero or more, found text"]),
        ("name: a\nis_open: maybe", &["d.yml:2: is_open: expected true or false, found text"]),
        (
            "name: a\nkind: delte",
            &["d.yml:2: kind: expected one of delete, mask, found 'delte' (did you mean 'delete'?)"],
        ),
        ("name: a\nparts:\n- x\n- {y: 1}", &["d.yml:4: parts[1]: expected text, found a mapping"]),
        ("name: a\nparts: x", &["d.yml:2: parts: expected a list, found text"]),
        ("name: a\nsize: 1\nname: b", &["d.yml:3: the key 'name' is given twice"]),
        (
            "name: a\nfides_meta: {}\nfidesops_meta: {}",
            &["d.yml:3: fidesops_meta: means the same as 'fides_meta', which is given too"],
        ),
        ("- a", &["d.yml:1: expected a mapping, found a list"]),
        ("", &["d.yml: the file is empty"]),
        ("name: a\n---\nname: b", &["d.yml:2: a file holds one document"]),
        ("name: !shout a", &["d.yml:1: the tag !shout has no meaning here"]),
        ("base: &b {size: 3}\nname: a", &["d.yml:1: base: unknown key 'base'"]),
        ("name: a\n<<: {size: x}", &["d.yml:2: size: expected a whole number, zero or more, found text"]),
        ("name: a\n<<: 3", &["d.yml:2: '<<' takes a mapping or a list of mappings"]),
        ("{[a]: b}", &["d.yml:1: a key must be a word, not a list or mapping"]),
    ];
    for (text, expected) in cases {
        assert_eq!(&check(text), expected, "{text}");
    }
}

#[test]
fn broken_yaml_is_reported_with_its_line() {
    let found = check("name: a\nparts: [x\nsize: 3");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("d.yml:3: not YAML: ") || found[0].starts_with("d.yml:4: not YAML: "),
        "{found:?}"
    );
}

#[test]
fn merged_keys_give_way_to_their_own() {
    let problems = Problems::new();
    let document = parse("d.yml", "a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}", &problems).unwrap();
    assert_eq!(
        document.root(&problems).to_json(),
        serde_json::json!({"a": {"x": 1, "y": 2}, "b": {"y": 3, "x": 1}})
    );
    assert!(problems.into_vec().is_empty());
}

#[test]
fn words_stay_words_where_a_name_is_due() {
    let problems = Problems::new();
    let document = parse("d.yml", "[no, 0123, 1.10, 'null', 2021-01-01]", &problems).unwrap();
    assert_eq!(document.root(&problems).texts(), ["no", "0123", "1.10", "null", "2021-01-01"]);
}

#[test]
fn an_alias_bomb_is_refused() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let uses = vec![format!("*a{}", level - 1); 10].join(", ");
        writeln!(bomb, "a{level}: &a{level} [{uses}]").unwrap();
    }
    assert_eq!(check(&bomb), ["d.yml:6: more than 1000000 values, aliases followed"]);
}

#[test]
fn deep_nesting_is_refused() {
    assert_eq!(check(&"[".repeat(200)), ["d.yml:1: nested deeper than 64 levels"]);
    let mut chain = "a0: &a0 [x]\n".to_owned();
    for level in 1..200 {
        writeln!(chain, "a{level}: &a{level} [*a{}]", level - 1).unwrap();
    }
    assert_eq!(check(&chain), ["d.yml:64: nested deeper than 64 levels"]);
}

#[test]
fn a_file_beyond_the_limit_is_refused() {
    let long = format!("name: {}", "a".repeat(super::MAX_BYTES));
    assert_eq!(check(&long), ["d.yml: the file is longer than 8388608 bytes"]);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        check(&text);
    }

    #[test]
    fn any_yaml_like_text_is_read_or_refused(text in "[a-c:\\-\\[\\]{},&*!|>'\"#% \n\t?<]{0,120}") {
        check(&text);
    }
}
