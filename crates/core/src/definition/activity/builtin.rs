//! The activities that come with the product, as text: for each regulation the rights its law grants. They
//! are offered by the entities that list the regulation.

/// Returns name and text of each built-in activity, sorted by name.
pub fn builtin() -> &'static [(&'static str, &'static str)] {
    &BUILTIN
}

const BUILTIN: [(&str, &str); 35] = [
    ("br-lgpd-access", include_str!("../../../../../activities/br-lgpd-access.yml")),
    ("br-lgpd-anonymisation", include_str!("../../../../../activities/br-lgpd-anonymisation.yml")),
    ("br-lgpd-consent-withdrawal", include_str!("../../../../../activities/br-lgpd-consent-withdrawal.yml")),
    ("br-lgpd-erasure", include_str!("../../../../../activities/br-lgpd-erasure.yml")),
    ("br-lgpd-human-review", include_str!("../../../../../activities/br-lgpd-human-review.yml")),
    ("br-lgpd-information", include_str!("../../../../../activities/br-lgpd-information.yml")),
    ("br-lgpd-objection", include_str!("../../../../../activities/br-lgpd-objection.yml")),
    ("br-lgpd-portability", include_str!("../../../../../activities/br-lgpd-portability.yml")),
    ("br-lgpd-rectification", include_str!("../../../../../activities/br-lgpd-rectification.yml")),
    ("eu-gdpr-access", include_str!("../../../../../activities/eu-gdpr-access.yml")),
    ("eu-gdpr-consent-withdrawal", include_str!("../../../../../activities/eu-gdpr-consent-withdrawal.yml")),
    ("eu-gdpr-erasure", include_str!("../../../../../activities/eu-gdpr-erasure.yml")),
    ("eu-gdpr-human-review", include_str!("../../../../../activities/eu-gdpr-human-review.yml")),
    ("eu-gdpr-information", include_str!("../../../../../activities/eu-gdpr-information.yml")),
    ("eu-gdpr-objection", include_str!("../../../../../activities/eu-gdpr-objection.yml")),
    ("eu-gdpr-portability", include_str!("../../../../../activities/eu-gdpr-portability.yml")),
    ("eu-gdpr-rectification", include_str!("../../../../../activities/eu-gdpr-rectification.yml")),
    ("eu-gdpr-restriction", include_str!("../../../../../activities/eu-gdpr-restriction.yml")),
    ("uk-gdpr-access", include_str!("../../../../../activities/uk-gdpr-access.yml")),
    ("uk-gdpr-complaint", include_str!("../../../../../activities/uk-gdpr-complaint.yml")),
    ("uk-gdpr-consent-withdrawal", include_str!("../../../../../activities/uk-gdpr-consent-withdrawal.yml")),
    ("uk-gdpr-erasure", include_str!("../../../../../activities/uk-gdpr-erasure.yml")),
    ("uk-gdpr-human-review", include_str!("../../../../../activities/uk-gdpr-human-review.yml")),
    ("uk-gdpr-information", include_str!("../../../../../activities/uk-gdpr-information.yml")),
    ("uk-gdpr-objection", include_str!("../../../../../activities/uk-gdpr-objection.yml")),
    ("uk-gdpr-portability", include_str!("../../../../../activities/uk-gdpr-portability.yml")),
    ("uk-gdpr-rectification", include_str!("../../../../../activities/uk-gdpr-rectification.yml")),
    ("uk-gdpr-restriction", include_str!("../../../../../activities/uk-gdpr-restriction.yml")),
    ("us-ca-access", include_str!("../../../../../activities/us-ca-access.yml")),
    ("us-ca-erasure", include_str!("../../../../../activities/us-ca-erasure.yml")),
    ("us-ca-information", include_str!("../../../../../activities/us-ca-information.yml")),
    ("us-ca-limit-use", include_str!("../../../../../activities/us-ca-limit-use.yml")),
    ("us-ca-opt-out", include_str!("../../../../../activities/us-ca-opt-out.yml")),
    ("us-ca-portability", include_str!("../../../../../activities/us-ca-portability.yml")),
    ("us-ca-rectification", include_str!("../../../../../activities/us-ca-rectification.yml")),
];
