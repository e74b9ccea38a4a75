//! The flows that come with the product, as text; a server imports them as versions of definitions.

/// Returns name and text of each built-in flow, sorted by name.
pub fn builtin() -> &'static [(&'static str, &'static str)] {
    &BUILTIN
}

const BUILTIN: [(&str, &str); 3] = [
    ("access", include_str!("../../../../flows/access.yml")),
    ("access-second-review", include_str!("../../../../flows/access-second-review.yml")),
    ("small-saas-uk", include_str!("../../../../flows/small-saas-uk.yml")),
];
