//! Addresses are taken from trusted proxies only.

use super::*;

fn check(peer: &str, forwarded: Option<&str>, expected: &str) {
    let trusted: Vec<Net> =
        ["10.0.0.0/8", "fd00::/8", "192.0.2.7"].iter().map(|net| net.parse().unwrap()).collect();
    let client = client(peer.parse().unwrap(), forwarded, &trusted);
    assert_eq!(client, expected.parse::<IpAddr>().unwrap(), "{peer} {forwarded:?}");
}

/// ASVS 15.3.4.
#[test]
fn only_a_trusted_proxy_names_the_client() {
    check("203.0.113.9", None, "203.0.113.9");
    check("203.0.113.9", Some("198.51.100.1"), "203.0.113.9");
    check("10.1.2.3", Some("198.51.100.1"), "198.51.100.1");
    check("10.1.2.3", None, "10.1.2.3");
    check("192.0.2.7", Some("6.6.6.6, 198.51.100.1"), "198.51.100.1");
    check("10.1.2.3", Some("6.6.6.6, 198.51.100.1, 10.9.9.9"), "198.51.100.1");
    check("10.1.2.3", Some("unknown"), "10.1.2.3");
    check("::ffff:10.1.2.3", Some("2001:db8::5"), "2001:db8::5");
}

#[test]
fn networks_are_read_and_refused() {
    for wrong in ["", "10.0.0.0/33", "::/129", "10.0.0.0/x", "example.org"] {
        assert_eq!(wrong.parse::<Net>(), Err(InvalidNet), "{wrong}");
    }
    let all: Net = "0.0.0.0/0".parse().unwrap();
    assert!(all.contains("203.0.113.9".parse().unwrap()));
    assert!(!all.contains("2001:db8::1".parse().unwrap()));
}
