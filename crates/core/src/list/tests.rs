//! Lists are read, written back, and explain old choices.

use super::List;

const TEAMS: &str = "list: teams
title: Where you worked
entries:
  - { key: shop, value: The shop }
  - { key: depot, value: The depot, active: false }
";

fn parse(text: &str) -> Result<List, Vec<String>> {
    List::parse("list.yml", text).map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

#[test]
fn what_is_switched_off_is_offered_no_more_and_still_explained() {
    let list = parse(TEAMS).unwrap();
    assert_eq!(list.choices().map(|entry| entry.key.as_str()).collect::<Vec<_>>(), ["shop"]);
    assert_eq!(list.value("depot"), Some("The depot"));
    assert_eq!(list.value("office"), None);
    assert_eq!(parse(&list.to_yaml()), Ok(list));
}

#[test]
fn mistakes_are_told_with_their_place() {
    for (from, to, said) in [
        ("key: depot", "key: shop", "another entry has the key 'shop'"),
        ("key: depot", "key: The Depot", "list.yml:5: entries[1].key: expected a name"),
        ("list: teams", "list: ''", "list.yml:1"),
        ("value: The depot", "valu: The depot", "unknown key 'valu' (did you mean 'value'?)"),
    ] {
        let problems = parse(&TEAMS.replace(from, to)).expect_err(to);
        assert!(problems.iter().any(|problem| problem.contains(said)), "{problems:?}");
    }
    assert!(parse("list: teams\ntitle: Teams\nentries: []\n").is_err());
}
