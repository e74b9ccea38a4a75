//! The packs that come with the product, as text: commands without a server use them as they are, a server
//! imports them as versions of definitions.

/// Returns id and text of each built-in pack, sorted by id.
pub fn builtin() -> &'static [(&'static str, &'static str)] {
    &BUILTIN
}

const BUILTIN: [(&str, &str); 3] = [
    ("eu-gdpr", include_str!("../../../../laws/eu-gdpr.toml")),
    ("uk-gdpr", include_str!("../../../../laws/uk-gdpr.toml")),
    ("us-ca", include_str!("../../../../laws/us-ca.toml")),
];
