//! Packages hold what was found and nothing else, do no harm, and show when they were changed.

mod contents;
mod decisions;
mod hostile;
mod small;
mod tamper;

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ed25519_dalek::SigningKey;
use habeas_core::context::Chance;
use habeas_core::id::Reference;
use habeas_core::pii::Pii;
use habeas_core::record::{Coverage, Hop, Origin, Outcome, Record};
use habeas_core::register::Register;
use habeas_core::value::{Row, Value};
use habeas_core::yaml::Problems;
use sha2::{Digest as _, Sha256};

use super::{Authority, Built, Collection, Controller, Error, Field, Input, Key, Keys, Records, build};

const PASSWORD: &str = "abcdEFGH23456789";

/// The same bytes in every run, but never the same twice.
#[derive(Default)]
struct Counted(AtomicU64);

impl Chance for Counted {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(32) {
            let count = self.0.fetch_add(1, Ordering::Relaxed);
            let block = Sha256::digest(count.to_le_bytes());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

fn signer() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn text(words: &str) -> Value {
    Value::Text(words.to_owned())
}

fn row(fields: &[(&str, Value)]) -> Row {
    Row::new(fields.iter().map(|(name, value)| (Arc::from(*name), value.clone())).collect())
}

fn record(id: u64, place: (&str, &str), fields: &[(&str, Value)]) -> Record {
    let (dataset, collection) = (Arc::from(place.0), Arc::from(place.1));
    let from = Origin::Identity("email".into());
    let hop = Hop {
        from,
        dataset: Arc::clone(&dataset),
        collection: Arc::clone(&collection),
        field: "email".into(),
    };
    Record {
        id,
        subject: 0,
        dataset,
        collection,
        row: row(fields),
        reached_by: Arc::from([hop]),
        shared: false,
        third_party: false,
    }
}

fn field(name: &str, category: &str) -> Field {
    Field { name: name.into(), label: None, categories: vec![category.to_owned()], is_credential: false }
}

/// A package's making: change what the test is about, then build.
struct Making {
    input: Input,
    records: Vec<Record>,
}

impl Making {
    /// Describes and counts every collection the records stand in, all their fields as contact details.
    fn of(records: Vec<Record>) -> Self {
        let mut tables: BTreeMap<Key, Vec<&Record>> = BTreeMap::new();
        for one in &records {
            let key = Key { dataset: one.dataset.clone(), collection: one.collection.clone() };
            tables.entry(key).or_default().push(one);
        }
        let describe = |(key, records): (&Key, &Vec<&Record>)| {
            let mut names: Vec<&Arc<str>> =
                records.iter().flat_map(|one| one.row.fields()).map(|(name, _)| name).collect();
            names.sort();
            names.dedup();
            Collection {
                dataset: key.dataset.clone(),
                collection: key.collection.clone(),
                source_name: "Billing system".to_owned(),
                name: super::shown::label(&key.collection),
                fields: names.iter().map(|name| field(name, "user.contact")).collect(),
            }
        };
        let count = |(key, records): (&Key, &Vec<&Record>)| Coverage {
            subject: 0,
            dataset: key.dataset.clone(),
            collection: key.collection.clone(),
            rows: records.len() as u64,
            as_of: Some("2026-11-20T09:00:00Z".parse().unwrap()),
            reached_by: records[0].reached_by.to_vec(),
            outcome: Outcome::Searched,
        };
        let (collections, coverage) =
            (tables.iter().map(describe).collect(), tables.iter().map(count).collect());
        Self { input: input(collections, coverage), records }
    }

    fn build(&self) -> Result<(Vec<u8>, Built), Error> {
        let mut out = Vec::new();
        let password = Pii::new(PASSWORD.to_owned());
        let (signer, chance) = (signer(), Counted::default());
        let keys = Keys { password: &password, signer: &signer, chance: &chance };
        let open = |_: Option<&Key>| Ok(Box::new(self.records.iter().cloned().map(Ok)) as Records<'_>);
        let built = build(&self.input, &open, &mut out, &keys)?;
        Ok((out, built))
    }

    /// Builds and unpacks: path to content.
    fn unpacked(&self) -> BTreeMap<String, String> {
        let (bytes, _) = self.build().unwrap();
        unpack(&bytes)
    }

    fn refusal(&self) -> String {
        self.build().expect_err("the package should be refused").to_string()
    }
}

fn unpack(bytes: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for place in 0..archive.len() {
        let mut file = archive.by_index_decrypt(place, PASSWORD.as_bytes()).unwrap();
        let mut content = String::new();
        file.read_to_string(&mut content).unwrap();
        files.insert(file.name().unwrap().to_string(), content);
    }
    files
}

fn input(collections: Vec<Collection>, coverage: Vec<Coverage>) -> Input {
    let problems = Problems::new();
    let register = Register::parse("register.yml", REGISTER, &problems).unwrap();
    assert_eq!(problems.into_vec(), []);
    Input {
        reference: "HB-7K3M-9QXD".parse::<Reference>().unwrap(),
        right: "https://w3id.org/dpv/legal/eu/gdpr#A15".to_owned(),
        name: Pii::new("Ada Example".to_owned()),
        subject: 0,
        controller: Controller {
            name: "Example Ltd".to_owned(),
            contact: vec!["privacy@example.test".to_owned()],
            officer: None,
            authority: Authority {
                name: "The Authority".to_owned(),
                contact: vec!["1 Main Street".to_owned()],
            },
        },
        received_on: "2026-11-02".parse().unwrap(),
        made_at: "2026-11-20T10:30:00[Europe/London]".parse().unwrap(),
        collections,
        coverage,
        marks: BTreeMap::new(),
        register,
        originals: Vec::new(),
    }
}

const REGISTER: &str = "
register:
  - key: contact
    name: Contact details
    categories: [user]
    purposes: [To answer you]
    recipients: {none: Nobody else receives it}
    retention: Two years
    origin: You gave it to us
    automated_decisions: {none: There are none}
    transfers: {none: It stays here}
";
