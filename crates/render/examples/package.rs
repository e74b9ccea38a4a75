//! Builds a package from made-up records, to look at and to measure.
//!
//! `cargo run -p habeas-render --example package -- FOLDER` writes a small one and its unpacked pages;
//! `cargo run --release -p habeas-render --example package -- FOLDER 300` one of about 300 MB of records and
//! tells the most memory the process ever held, which must not grow with the records.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ed25519_dalek::SigningKey;
use habeas_core::context::Chance;
use habeas_core::pii::Pii;
use habeas_core::record::{Coverage, Hop, Origin, Outcome, Record};
use habeas_core::register::Register;
use habeas_core::request::{MarkGround, Verdict};
use habeas_core::value::{Row, Value};
use habeas_core::yaml::Problems;
use habeas_render::package::{
    Authority, Collection, Controller, Field, Input, Key, Keys, Records, build, password, verify,
};
use sha2::{Digest as _, Sha256};

/// Dataset, collection, what people call them, and the fields with their categories.
type Described =
    (&'static str, &'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

const TABLES: &[Described] = &[
    (
        "billing",
        "clients",
        "Billing",
        "Clients",
        &[
            ("organization_name", "user.contact.organization"),
            ("email", "user.contact.email"),
            ("first_name", "user.name.first"),
            ("last_name", "user.name.last"),
            ("mobile_number", "user.contact.phone_number"),
            ("address_street1", "user.contact.address.street"),
            ("city", "user.contact.address.city"),
            ("internal_notes", "user.content.private"),
            ("vat_number", "user.government_id"),
        ],
    ),
    (
        "odoo",
        "res_partner",
        "Odoo",
        "Contacts",
        &[
            ("name", "user.name"),
            ("email", "user.contact.email"),
            ("phone", "user.contact.phone_number"),
            ("function", "user.job_title"),
            ("id", "system.operations"),
        ],
    ),
    (
        "billing",
        "invoices",
        "Billing",
        "Invoices",
        &[
            ("invoice_number", "user.unique_id"),
            ("invoice_date", "user.behavior.purchase_history"),
            ("invoice_total", "user.financial"),
            ("notes", "user.content.private"),
        ],
    ),
    (
        "odoo",
        "mail_message",
        "Odoo",
        "Messages",
        &[
            ("subject", "user.content.private"),
            ("body", "user.content.private"),
            ("date", "user.content.private"),
        ],
    ),
    (
        "billing",
        "activities",
        "Billing",
        "Activity log",
        &[("key", "user.behavior"), ("parameters", "user.behavior")],
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().ok_or("which folder?")?;
    let megabytes: u64 = args.next().map_or(Ok(0), |text| text.parse())?;
    fs::create_dir_all(&folder)?;
    let path = Path::new(&folder).join("package.zip");

    let chance = Seeded(AtomicU64::new(1));
    let (word, signer) = (password(&chance), SigningKey::from_bytes(&[42; 32]));
    let keys = Keys { password: &word, signer: &signer, chance: &chance };
    let input = input(megabytes)?;
    let open = |_: Option<&Key>| Ok(Box::new(records(megabytes).map(Ok)) as Records<'_>);
    let mut out = BufWriter::new(File::create(&path)?);
    let built = build(&input, &open, &mut out, &keys)?;
    drop(out);
    let report = verify(&path, Some(&word), Some(&signer.verifying_key()))?;

    let mut stdout = io::stdout();
    writeln!(stdout, "{} bytes, {} files, password {}", built.size, built.files.len(), word.reveal())?;
    writeln!(stdout, "intact: {}", report.is_intact())?;
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM unknown");
    writeln!(stdout, "most memory held: {peak}")?;
    Ok(())
}

fn input(megabytes: u64) -> Result<Input, Box<dyn Error>> {
    let problems = Problems::new();
    let text = include_str!("../../../examples/register.yml");
    let mut counts: BTreeMap<(Arc<str>, Arc<str>), u64> = BTreeMap::new();
    for record in records(megabytes) {
        *counts.entry((record.dataset, record.collection)).or_default() += 1;
    }
    let count =
        |table: &Described| counts.get(&(table.0.into(), table.1.into())).copied().unwrap_or_default();
    let exclusion = Verdict::Exclude { ground: MarkGround::OtherPerson, is_told: true };
    let redaction =
        Verdict::Redact { fields: vec!["internal_notes".to_owned()], ground: MarkGround::OtherPerson };
    Ok(Input {
        reference: "HB-7K3M-9QXD".parse()?,
        right: "https://w3id.org/dpv/legal/eu/gdpr#A15".to_owned(),
        name: Pii::new("Anabelle Deleon".to_owned()),
        subject: 0,
        controller: Controller {
            name: "Larkspur Press Ltd".to_owned(),
            contact: ["21 Tannery Lane", "London SE1 3XF", "privacy@larkspur.example"]
                .map(str::to_owned)
                .to_vec(),
            officer: Some("Rosalind Thornbury, privacy@larkspur.example".to_owned()),
            authority: Authority {
                name: "Information Commissioner's Office".to_owned(),
                contact: ["Wycliffe House, Water Lane", "Wilmslow SK9 5AF", "ico.org.uk"]
                    .map(str::to_owned)
                    .to_vec(),
            },
        },
        received_on: "2026-11-02".parse()?,
        made_at: "2026-11-20T10:30:00[Europe/London]".parse()?,
        collections: TABLES.iter().map(collection).collect(),
        coverage: coverage(count)?,
        marks: [(0, redaction), (2, exclusion)].into(),
        register: Register::parse("register.yml", text, &problems).ok_or("the register can't be read")?,
        originals: Vec::new(),
    })
}

fn coverage(count: impl Fn(&Described) -> u64) -> Result<Vec<Coverage>, Box<dyn Error>> {
    let mut lines = Vec::new();
    for table in TABLES {
        lines.push(Coverage {
            subject: 0,
            dataset: table.0.into(),
            collection: table.1.into(),
            rows: count(table),
            as_of: Some("2026-11-20T09:02:11Z".parse()?),
            reached_by: reached(table).to_vec(),
            outcome: Outcome::Searched,
        });
    }
    let failed = Outcome::Failed { reason: "the source did not answer".to_owned() };
    lines.push(Coverage {
        subject: 0,
        dataset: "odoo".into(),
        collection: "crm_lead".into(),
        rows: 0,
        as_of: None,
        reached_by: Vec::new(),
        outcome: failed,
    });
    Ok(lines)
}

fn collection(&(dataset, collection, source_name, name, fields): &Described) -> Collection {
    let field = |&(name, category): &(&str, &str)| Field {
        name: name.into(),
        label: None,
        categories: vec![category.to_owned()],
        is_credential: false,
    };
    Collection {
        dataset: dataset.into(),
        collection: collection.into(),
        source_name: source_name.to_owned(),
        name: name.to_owned(),
        fields: fields.iter().map(field).collect(),
    }
}

fn reached(table: &Described) -> Arc<[Hop]> {
    let first = match table.0 {
        "billing" => "clients",
        _ => "res_partner",
    };
    let hop = |from: Origin, collection: &str, field: &str| Hop {
        from,
        dataset: table.0.into(),
        collection: collection.into(),
        field: field.into(),
    };
    let mut hops = vec![hop(Origin::Identity("email".into()), first, "email")];
    if table.1 != first {
        let from = Origin::Field { dataset: table.0.into(), collection: first.into(), field: "id".into() };
        hops.push(hop(from, table.1, "client_id"));
    }
    Arc::from(hops)
}

/// Makes the records anew each time: nothing is held.
fn records(megabytes: u64) -> impl Iterator<Item = Record> {
    let many = megabytes * 1_000_000 / 1_180;
    let few = [
        vec![
            "Deleon Ceramics",
            "anabelle.deleon@email.com",
            "Anabelle",
            "Deleon",
            "+1 234-567-6789",
            "14 Quay Street",
            "Bristol",
            "Introduced by her colleague.",
            "",
        ],
        vec!["Anabelle Deleon", "anabelle.deleon@email.com", "+1 (234) 567-6789", "Owner", "4711"],
        vec!["Courtney Crane", "courtney.crane@email.com", "+44 117 496 0355", "Studio Manager", "4712"],
        vec!["0000101", "2025-03-14", "213.60", "Paid by bank transfer; always on time."],
        vec!["0000102", "2025-09-02", "89.00", ""],
        vec!["0000108", "2026-04-21", "1340.40", ""],
        vec!["0000131", "2026-10-05", "64.20", ""],
        vec![
            "Your proof is ready",
            "Please look at it by Friday,\nthen we can print on Monday.",
            "2026-10-01T13:40:12",
        ],
        vec![
            "Re: colours",
            "The green came out too dark on the first sheet, we lightened it.",
            "2026-10-03T09:12:00",
        ],
    ];
    let tables = [0, 1, 1, 2, 2, 2, 2, 3, 3];
    let small = few.into_iter().zip(tables).map(|(values, table)| {
        let values = values.into_iter().map(|text| match text {
            "" => Value::Null,
            text if text.len() == 10 && text.starts_with("20") => Value::Date(text.to_owned()),
            text if text.contains('T') && text.starts_with("20") => Value::Timestamp(text.to_owned()),
            text => Value::Text(text.to_owned()),
        });
        (table, values.collect::<Vec<_>>())
    });
    let large = (0..many.max(140)).map(move |number| {
        let size = if many > 0 { 1_000 } else { 20 };
        let parameters = format!("--- {{page: {number}, trace: \"{}\"}}", "x".repeat(size));
        (4, vec![Value::Text(format!("invoice.view.{number}")), Value::Text(parameters)])
    });
    small.chain(large).zip(0..).filter_map(|((table, values), id)| {
        let described = TABLES.get(table)?;
        let fields = described.4.iter().map(|(name, _)| Arc::from(*name)).zip(values).collect();
        Some(Record {
            id,
            subject: 0,
            dataset: described.0.into(),
            collection: described.1.into(),
            row: Row::new(fields),
            reached_by: reached(described),
            shared: false,
            third_party: id == 2,
        })
    })
}

/// The same bytes in every run: what is made here protects nothing.
struct Seeded(AtomicU64);

impl Chance for Seeded {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(32) {
            let block = Sha256::digest(self.0.fetch_add(1, Ordering::Relaxed).to_le_bytes());
            for (to, from) in chunk.iter_mut().zip(block) {
                *to = from;
            }
        }
    }
}
