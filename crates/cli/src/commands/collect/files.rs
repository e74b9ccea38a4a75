//! The files of a run: `records.ndjson`, a record a line as it is found, and `summary.json`.
//!
//! Only their owner can read them. With recipients they are encrypted with age before anything reaches
//! the disk. Nothing that is there already is written over.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use habeas_core::record::{Hop, Record};
use serde_json::json;

use crate::exit::usage;

/// The files being written.
pub(super) struct Files {
    folder: PathBuf,
    recipients: Vec<age::x25519::Recipient>,
    records: Target,
}

enum Target {
    Plain(BufWriter<File>),
    Sealed(Box<age::stream::StreamWriter<BufWriter<File>>>),
}

impl Files {
    /// Makes the folder if need be, and the first file.
    pub(super) fn create(folder: &Path, recipients: &[String]) -> anyhow::Result<Self> {
        let recipients: Vec<age::x25519::Recipient> = recipients
            .iter()
            .map(|text| {
                text.parse().map_err(|_| usage("--recipient takes a public key that starts with age1"))
            })
            .collect::<Result<_, _>>()?;
        if !folder.is_dir() {
            let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
            made.with_context(|| format!("failed to make the folder {}", folder.display()))?;
        }
        let records = open(folder, "records.ndjson", &recipients)?;
        Ok(Self { folder: folder.to_owned(), recipients, records })
    }

    /// Writes a record on a line of its own.
    pub(super) fn push(&mut self, record: &Record) -> std::io::Result<()> {
        let reached_by: Vec<String> = record.reached_by.iter().map(Hop::describe).collect();
        let about = json!({
            "id": record.id,
            "subject": record.subject,
            "dataset": record.dataset,
            "collection": record.collection,
            "shared": record.shared,
            "third_party": record.third_party,
            "reached_by": reached_by,
        });
        let mut line = about.to_string();
        line.pop();
        line.push_str(",\"row\":");
        record.row.write_json(&mut line);
        line.push_str("}\n");
        self.records.as_write().write_all(line.as_bytes())
    }

    /// Writes the summary and has everything on the disk.
    pub(super) fn finish(self, summary: &str) -> anyhow::Result<()> {
        let shown = self.folder.display().to_string();
        self.records.finish().with_context(|| format!("failed to write to {shown}"))?;
        let mut target = open(&self.folder, "summary.json", &self.recipients)?;
        let written = target.as_write().write_all(summary.as_bytes());
        written.and_then(|()| target.finish()).with_context(|| format!("failed to write to {shown}"))
    }
}

fn open(folder: &Path, name: &str, recipients: &[age::x25519::Recipient]) -> anyhow::Result<Target> {
    let path = folder.join(if recipients.is_empty() { name.to_owned() } else { format!("{name}.age") });
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
    let file = file.with_context(|| match fs::exists(&path) {
        Ok(true) => format!("{} is there already: choose another folder", path.display()),
        Ok(false) | Err(_) => format!("failed to write {}", path.display()),
    })?;
    let file = BufWriter::new(file);
    if recipients.is_empty() {
        return Ok(Target::Plain(file));
    }
    let recipients = recipients.iter().map(|recipient| recipient as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(recipients).context("failed to encrypt")?;
    Ok(Target::Sealed(Box::new(encryptor.wrap_output(file).context("failed to encrypt")?)))
}

impl Target {
    fn as_write(&mut self) -> &mut dyn Write {
        match self {
            Self::Plain(file) => file,
            Self::Sealed(file) => file,
        }
    }

    fn finish(self) -> std::io::Result<()> {
        let file = match self {
            Self::Plain(file) => file,
            Self::Sealed(file) => file.finish()?,
        };
        file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()
    }
}
