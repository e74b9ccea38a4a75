//! Assets are found under their hashed names and need nothing from elsewhere.

use super::{ENTRIES, NAMES, lookup, url};

#[test]
fn every_asset_is_found_under_its_own_name() {
    assert!(NAMES.iter().copied().eq(ENTRIES.iter().map(|entry| entry.name)));
    for entry in ENTRIES.iter() {
        let asset = lookup(url(entry.name)).unwrap();
        assert_eq!(asset.bytes, entry.bytes);
        assert!(asset.etag.starts_with('"') && asset.etag.ends_with('"'));
    }
    assert!(lookup("/assets/app.css").is_none());
    assert!(lookup("/assets/../app.css").is_none());
}

#[test]
fn nothing_is_fetched_from_elsewhere() {
    for entry in ENTRIES.iter().filter(|entry| entry.name != "icon.svg") {
        let text = std::str::from_utf8(entry.bytes).unwrap();
        for sign in ["http://", "https://", "@import", "//cdn", "eval(", "innerHTML"] {
            assert!(!text.contains(sign), "{} contains {sign}", entry.name);
        }
    }
}
