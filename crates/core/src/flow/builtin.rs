//! The flows that come with the product, as text; a server imports them as versions of definitions.

/// Returns name and text of each built-in flow, sorted by name.
pub fn builtin() -> &'static [(&'static str, &'static str)] {
    &BUILTIN
}

const BUILTIN: [(&str, &str); 15] = [
    ("access", include_str!("../../../../flows/access.yml")),
    ("access-second-review", include_str!("../../../../flows/access-second-review.yml")),
    ("anonymisation", include_str!("../../../../flows/anonymisation.yml")),
    ("appeal", include_str!("../../../../flows/appeal.yml")),
    ("complaint", include_str!("../../../../flows/complaint.yml")),
    ("consent-withdrawal", include_str!("../../../../flows/consent-withdrawal.yml")),
    ("erasure", include_str!("../../../../flows/erasure.yml")),
    ("human-review", include_str!("../../../../flows/human-review.yml")),
    ("information", include_str!("../../../../flows/information.yml")),
    ("objection", include_str!("../../../../flows/objection.yml")),
    ("opt-out", include_str!("../../../../flows/opt-out.yml")),
    ("portability", include_str!("../../../../flows/portability.yml")),
    ("rectification", include_str!("../../../../flows/rectification.yml")),
    ("restriction", include_str!("../../../../flows/restriction.yml")),
    ("small-saas-uk", include_str!("../../../../flows/small-saas-uk.yml")),
];
