//! Every strategy's configuration is read and checked.

mod applied;

use habeas_core::yaml::{Problems, parse};

use super::{Algorithm, Masking, Pseudonym};

fn check(text: &str) -> (Option<Masking>, Vec<String>) {
    let problems = Problems::new();
    let document = parse("p", text, &problems).unwrap();
    let masking = super::read(&document.root(&problems));
    (masking, problems.into_vec().iter().map(ToString::to_string).collect())
}

#[test]
fn strategies_are_read_with_their_configuration() {
    let suffix = || Some("-x".to_owned());
    let cases = [
        ("strategy: null_rewrite", Masking::NullRewrite),
        (
            "{strategy: string_rewrite, configuration: {rewrite_value: a, format_preservation: {suffix: -x}}}",
            Masking::StringRewrite { rewrite_value: "a".to_owned(), suffix: suffix() },
        ),
        (
            "{strategy: random_string_rewrite, configuration: {length: 8}}",
            Masking::RandomStringRewrite { length: 8, suffix: None },
        ),
        ("strategy: hash\nconfiguration:", Masking::Hash { algorithm: Algorithm::Sha256, suffix: None }),
        (
            "{strategy: hmac, configuration: {algorithm: SHA-512, format_preservation: {suffix: -x}}}",
            Masking::Hmac { algorithm: Algorithm::Sha512, suffix: suffix() },
        ),
        ("{strategy: aes_encrypt, configuration: {mode: GCM}}", Masking::AesEncrypt { suffix: None }),
        ("{strategy: truncate, configuration: {length: 3}}", Masking::Truncate { length: 3 }),
        (
            "{strategy: consistent_fake, configuration: {kind: city}}",
            Masking::ConsistentFake { kind: Some(Pseudonym::City) },
        ),
        ("strategy: preserve", Masking::Preserve),
    ];
    for (text, expected) in cases {
        assert_eq!(check(text), (Some(expected), vec![]), "{text}");
    }
}

#[test]
fn mistakes_are_told() {
    let cases = [
        (
            "strategy: nul_rewrite",
            "p:1: strategy: unknown masking strategy 'nul_rewrite' (did you mean 'null_rewrite'?)",
        ),
        ("strategy: string_rewrite", "p:1: strategy: string_rewrite needs configuration.rewrite_value"),
        ("{strategy: hash, configuration: {salt: a}}", "p:1: configuration.salt: unknown key 'salt'"),
        (
            "{strategy: truncate, configuration: {length: -1}}",
            "p:1: configuration.length: expected a whole number, zero or more, found a number",
        ),
    ];
    for (text, expected) in cases {
        assert!(check(text).1.contains(&expected.to_owned()), "{text}: {:?}", check(text).1);
    }
}
