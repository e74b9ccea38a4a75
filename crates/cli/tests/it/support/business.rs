//! A business with two systems to erase, correct and look up people in: billing on MariaDB with Open Source
//! Billing's tables, and Odoo's on PostgreSQL.
//!
//! Anabelle Deleon (client 1, contact 7) has a colleague in both: Marcus Bell (a contact of her client) and Courtney
//! Crane (contact 8, below hers). Aleena Conley (clients 2 and 4, contact 9) has another home phone in each; client 4
//! is marked as deleted. Bruno Keller (client 3, contact 10) is a bystander. Each has an invoice in billing that taxes
//! still need (101, 201, 301) and, but for Bruno, one nobody needs any more (102, 202); in Odoo the same (701; 901 and
//! 902; 991).

use std::collections::BTreeMap;
use std::path::Path;

use super::source::{Source, Tables};

/// The databases of the two systems.
pub(crate) struct Business {
    pub(crate) billing: Source,
    pub(crate) odoo: Source,
}

/// What is deleted by a purge.
pub(crate) const PURGE: &str = include_str!("business/purge.yml");

/// What becomes of names when a person is anonymised; all else stays.
pub(crate) const ANONYMISE: &str = include_str!("business/anonymise.yml");

/// What must be kept.
pub(crate) const RETENTION: &str = include_str!("business/retention.yml");

impl Business {
    pub(crate) async fn start() -> Self {
        let billing = Source::mariadb(include_str!("business/billing.sql")).await;
        let odoo = Source::postgres(include_str!("business/odoo.sql")).await;
        Self { billing, odoo }
    }

    /// Returns a connections file, with the same grant for both: `["read", "write"]`.
    pub(crate) fn connections(&self, grant: &str) -> String {
        let (billing, odoo) = (self.billing.url(), self.odoo.url());
        format!(
            "[billing]\nurl = \"{billing}\"\ngrant = {grant}\ndatasets = [\"billing\", \"billing_more\"]\n\n\
             [odoo]\nurl = \"{odoo}\"\ngrant = {grant}\ndatasets = [\"odoo\", \"odoo_more\"]\n"
        )
    }

    /// Returns all rows of both systems.
    pub(crate) async fn tables(&self) -> BTreeMap<&'static str, Tables> {
        BTreeMap::from([("billing", self.billing.tables().await), ("odoo", self.odoo.tables().await)])
    }
}

/// Returns the dataset files by their names: those of the examples, without what they say of keeping, since rules do
/// here, and what the two systems hold beside.
pub(crate) fn datasets() -> [(&'static str, String); 4] {
    let example = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/datasets").join(name);
        let text = std::fs::read_to_string(path).expect(name);
        text.replace(", erasure: keep", "").replace("        habeas: {erasure: keep}\n", "")
    };
    [
        ("billing.yml", example("billing.yml")),
        ("billing_more.yml", include_str!("business/billing_more.yml").to_owned()),
        ("odoo.yml", example("odoo.yml")),
        ("odoo_more.yml", include_str!("business/odoo_more.yml").to_owned()),
    ]
}
