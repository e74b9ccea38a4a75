//! Reads `{strategy, configuration}`.

use habeas_core::yaml::{Cursor, Mapping};

use super::{Algorithm, Masking, Pseudonym};

const ALGORITHMS: [(&str, Algorithm); 4] = [
    ("SHA-256", Algorithm::Sha256),
    ("SHA-512", Algorithm::Sha512),
    ("SHA_256", Algorithm::Sha256),
    ("SHA_512", Algorithm::Sha512),
];

/// Reads the masking of a field or a category.
pub(crate) fn read(at: &Cursor<'_>) -> Option<Masking> {
    let mut map = at.mapping()?;
    let strategy = map.require("strategy");
    let configuration = map.take("configuration");
    map.finish();
    let strategy = strategy?;
    let name = strategy.text()?;
    if !Masking::NAMES.contains(&name) {
        let problem = strategy.problem(format!("unknown masking strategy '{name}'"));
        strategy.push(problem.with_nearest(name, Masking::NAMES));
        return None;
    }
    let mut values = configuration.as_ref().and_then(Cursor::mapping);
    let masking = configured(name, &strategy, &mut values);
    if let Some(values) = values {
        values.finish();
    }
    masking
}

/// Reads `{strategy: delete}`, the only masking of a collection as a whole.
pub(crate) fn read_delete(at: &Cursor<'_>) -> bool {
    let Some(mut map) = at.mapping() else { return false };
    let is_delete = map.require("strategy").and_then(|at| at.one_of(&[("delete", true)])).unwrap_or(false);
    map.take("configuration");
    map.finish();
    is_delete
}

fn configured(name: &str, at: &Cursor<'_>, values: &mut Option<Mapping<'_>>) -> Option<Masking> {
    let masking = match name {
        "null_rewrite" => Masking::NullRewrite,
        "string_rewrite" => {
            let rewrite_value = take(values, "rewrite_value").and_then(|at| at.text()).map(str::to_owned);
            let Some(rewrite_value) = rewrite_value else {
                at.report("string_rewrite needs configuration.rewrite_value");
                return None;
            };
            Masking::StringRewrite { rewrite_value, suffix: suffix(values) }
        }
        "random_string_rewrite" => {
            let length = take(values, "length").and_then(|at| at.count()).unwrap_or(30);
            Masking::RandomStringRewrite { length, suffix: suffix(values) }
        }
        "hash" => Masking::Hash { algorithm: algorithm(values), suffix: suffix(values) },
        "hmac" => Masking::Hmac { algorithm: algorithm(values), suffix: suffix(values) },
        "aes_encrypt" => {
            take(values, "mode").and_then(|at| at.one_of(&[("GCM", ())]));
            Masking::AesEncrypt { suffix: suffix(values) }
        }
        "truncate" => {
            let Some(length) = take(values, "length").and_then(|at| at.count()) else {
                at.report("truncate needs configuration.length");
                return None;
            };
            Masking::Truncate { length }
        }
        "date_to_year" => Masking::DateToYear,
        "consistent_fake" => {
            let kind = take(values, "kind").and_then(|at| at.one_of(&Pseudonym::NAMES));
            Masking::ConsistentFake { kind }
        }
        _ => Masking::Preserve,
    };
    Some(masking)
}

fn take<'a>(values: &mut Option<Mapping<'a>>, key: &'static str) -> Option<Cursor<'a>> {
    values.as_mut().and_then(|map| map.take(key))
}

fn algorithm(values: &mut Option<Mapping<'_>>) -> Algorithm {
    take(values, "algorithm").and_then(|at| at.one_of(&ALGORITHMS)).unwrap_or(Algorithm::Sha256)
}

fn suffix(values: &mut Option<Mapping<'_>>) -> Option<String> {
    let format = take(values, "format_preservation")?;
    let mut map = format.mapping()?;
    let suffix = map.require("suffix").and_then(|at| at.text()).map(str::to_owned);
    map.finish();
    suffix
}
