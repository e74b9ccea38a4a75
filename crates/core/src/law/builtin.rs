//! The packs that come with the product, as text: commands without a server use them as they are, a server
//! imports them as versions of definitions.

/// Returns id and text of each built-in pack, sorted by id.
pub fn builtin() -> &'static [(&'static str, &'static str)] {
    &BUILTIN
}

const BUILTIN: [(&str, &str); 39] = [
    ("au-privacy", include_str!("../../../../laws/au-privacy.toml")),
    ("br-lgpd", include_str!("../../../../laws/br-lgpd.toml")),
    ("ca-pipeda", include_str!("../../../../laws/ca-pipeda.toml")),
    ("ca-qc", include_str!("../../../../laws/ca-qc.toml")),
    ("ch-fadp", include_str!("../../../../laws/ch-fadp.toml")),
    ("cn-pipl", include_str!("../../../../laws/cn-pipl.toml")),
    ("eu-gdpr", include_str!("../../../../laws/eu-gdpr.toml")),
    ("in-dpdp", include_str!("../../../../laws/in-dpdp.toml")),
    ("jp-appi", include_str!("../../../../laws/jp-appi.toml")),
    ("kr-pipa", include_str!("../../../../laws/kr-pipa.toml")),
    ("nz-privacy", include_str!("../../../../laws/nz-privacy.toml")),
    ("sg-pdpa", include_str!("../../../../laws/sg-pdpa.toml")),
    ("uk-gdpr", include_str!("../../../../laws/uk-gdpr.toml")),
    ("uk-le", include_str!("../../../../laws/uk-le.toml")),
    ("us-al", include_str!("../../../../laws/us-al.toml")),
    ("us-ca", include_str!("../../../../laws/us-ca.toml")),
    ("us-ca-delete-act", include_str!("../../../../laws/us-ca-delete-act.toml")),
    ("us-co", include_str!("../../../../laws/us-co.toml")),
    ("us-ct", include_str!("../../../../laws/us-ct.toml")),
    ("us-de", include_str!("../../../../laws/us-de.toml")),
    ("us-fl", include_str!("../../../../laws/us-fl.toml")),
    ("us-ia", include_str!("../../../../laws/us-ia.toml")),
    ("us-in", include_str!("../../../../laws/us-in.toml")),
    ("us-ky", include_str!("../../../../laws/us-ky.toml")),
    ("us-md", include_str!("../../../../laws/us-md.toml")),
    ("us-mn", include_str!("../../../../laws/us-mn.toml")),
    ("us-mt", include_str!("../../../../laws/us-mt.toml")),
    ("us-ne", include_str!("../../../../laws/us-ne.toml")),
    ("us-nh", include_str!("../../../../laws/us-nh.toml")),
    ("us-nj", include_str!("../../../../laws/us-nj.toml")),
    ("us-ok", include_str!("../../../../laws/us-ok.toml")),
    ("us-or", include_str!("../../../../laws/us-or.toml")),
    ("us-ri", include_str!("../../../../laws/us-ri.toml")),
    ("us-tn", include_str!("../../../../laws/us-tn.toml")),
    ("us-tx", include_str!("../../../../laws/us-tx.toml")),
    ("us-ut", include_str!("../../../../laws/us-ut.toml")),
    ("us-va", include_str!("../../../../laws/us-va.toml")),
    ("us-wa-mhmda", include_str!("../../../../laws/us-wa-mhmda.toml")),
    ("za-popia", include_str!("../../../../laws/za-popia.toml")),
];
