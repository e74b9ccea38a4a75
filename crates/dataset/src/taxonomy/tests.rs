//! Categories match by path, not by spelling.

use super::{Category, is_known, keys, nearest};

#[test]
fn a_category_stands_for_itself_and_all_below_it() {
    let cases = [
        ("user.contact.email", "user.contact.email", true),
        ("user.contact.email", "user.contact", true),
        ("user.contact.email", "user", true),
        ("user.contact", "user.contact.email", false),
        ("user.contacts", "user.contact", false),
        ("username", "user", false),
        ("system.operations", "user", false),
    ];
    for (category, other, expected) in cases {
        assert_eq!(
            Category::new(category).is_within(&Category::new(other)),
            expected,
            "{category} in {other}"
        );
    }
}

#[test]
fn every_parent_of_a_known_key_is_known() {
    for key in keys() {
        let parent = key.rsplit_once('.').map_or(key, |(parent, _)| parent);
        assert!(is_known(parent), "{key}");
    }
}

#[test]
fn a_misspelt_or_outdated_key_has_a_nearest_one() {
    let cases = [
        ("user.contact.emial", Some("user.contact.email")),
        ("user.provided.identifiable.contact.phone_number", Some("user.contact.phone_number")),
        ("user.emial", Some("user.contact.email")),
        ("usr.name", Some("user.name")),
        ("user.contacts", Some("user.contact")),
        ("vehicle.wheels", None),
    ];
    for (key, expected) in cases {
        assert_eq!(nearest(key), expected, "{key}");
    }
}
