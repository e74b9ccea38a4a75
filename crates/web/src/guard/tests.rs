//! Forms from other sites are known by what browsers say of them.

use super::*;

fn check(site: Option<&str>, origin: Option<&str>, expected: bool) {
    let mut headers = HeaderMap::new();
    if let Some(site) = site {
        headers.insert("sec-fetch-site", site.parse().unwrap());
    }
    if let Some(origin) = origin {
        headers.insert(header::ORIGIN, origin.parse().unwrap());
    }
    assert_eq!(is_own_site(&headers, Some("https://own.example")), expected, "{site:?} {origin:?}");
}

/// ASVS 3.5.1.
#[test]
fn another_site_is_refused() {
    check(Some("same-origin"), Some("null"), true);
    check(Some("none"), None, true);
    check(Some("cross-site"), Some("https://own.example"), false);
    check(Some("same-site"), None, false);
    check(None, Some("https://own.example"), true);
    check(None, Some("https://evil.example"), false);
    check(None, Some("http://own.example"), false);
    check(None, Some("null"), true);
    check(None, None, true);
}
