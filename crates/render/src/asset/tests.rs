//! Assets are found under their hashed names and need nothing from elsewhere.

use std::collections::BTreeMap;

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

fn tokens(css: &str) -> BTreeMap<String, [f64; 3]> {
    let mut found = BTreeMap::new();
    for line in css.lines() {
        let Some((name, value)) = line.trim().strip_prefix("--").and_then(|line| line.split_once(": #"))
        else {
            continue;
        };
        let part = |at: usize| f64::from(u8::from_str_radix(&value[at..at + 2], 16).unwrap()) / 255.0;
        found.insert(name.to_owned(), [part(0), part(2), part(4)]);
    }
    found
}

/// The contrast ratio of WCAG 2.2, 1.4.3.
fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let light = |part: f64| if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) };
    let luminance = |c: [f64; 3]| 0.2126 * light(c[0]) + 0.7152 * light(c[1]) + 0.0722 * light(c[2]);
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn colours_keep_their_contrast_in_light_and_dark() {
    let (light, dark) = include_str!("../assets/css/tokens.css").split_once("@media").unwrap();
    let light = tokens(light);
    let mut merged = light.clone();
    merged.extend(tokens(dark));
    let papers =
        ["surface", "canvas", "sunken", "accent-soft", "good-soft", "warn-soft", "bad-soft", "info-soft"];
    for (name, scheme) in [("light", &light), ("dark", &merged)] {
        let check = |ink: &str, paper: &str, least: f64| {
            let ratio = contrast(scheme[ink], scheme[paper]);
            assert!(ratio >= least, "{name}: {ink} on {paper} is {ratio:.2}");
        };
        for paper in papers {
            for ink in ["ink", "ink-soft", "ink-faint", "link"] {
                check(ink, paper, 4.5);
            }
        }
        for tone in ["good", "warn", "bad", "info"] {
            check(tone, &format!("{tone}-soft"), 4.5);
            check(tone, "surface", 4.5);
        }
        for (ink, paper, least) in [
            ("on-accent", "accent", 4.5),
            ("on-accent", "accent-strong", 4.5),
            ("edge", "surface", 3.0),
            ("focus", "surface", 3.0),
            ("focus", "canvas", 3.0),
        ] {
            check(ink, paper, least);
        }
    }
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
