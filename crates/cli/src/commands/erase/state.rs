//! What outlives a run: keys, the journal of a run that was broken off, records, and fingerprints.
//!
//! A journal is removed, with the secret its run masks with, when the run is done. Fingerprints are keyed hashes: they
//! recognise, and say nothing. A kill at any instant leaves every file whole, or with a last line nobody reads.

use std::collections::HashSet;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use anyhow::Context as _;
use ed25519_dalek::SigningKey;
use habeas_connect::erase::{Fingerprint, one_form};
use habeas_core::context::{Chance, random};
use habeas_dataset::masking::keyed;
use serde_json::{Value, json};

use super::journal::{self, History, RunJournal};
use crate::commands::collect::identities::People;
use crate::system;

/// The state folder.
pub(super) struct State {
    folder: PathBuf,
    key: [u8; 32],
    masked: RwLock<HashSet<Fingerprint>>,
    suppressed: HashSet<Fingerprint>,
}

impl State {
    /// Opens the folder and makes it if need be.
    pub(super) fn open(folder: &Path) -> anyhow::Result<Self> {
        let shown = folder.display();
        if !folder.is_dir() {
            let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
            made.with_context(|| format!("failed to make the folder {shown}"))?;
        }
        let key = key_file(&folder.join("fingerprint.key"))?;
        let mut masked = fingerprints(&folder.join("masked.txt"), |line| Some(line.to_owned()))?;
        for path in journals(folder)? {
            masked.extend(journal::masked(&path)?);
        }
        let suppressed = fingerprints(&folder.join("suppressed.ndjson"), |line| {
            let read: Value = serde_json::from_str(line).ok()?;
            read.get("fingerprint")?.as_str().map(str::to_owned)
        })?;
        Ok(Self { folder: folder.to_owned(), key, masked: RwLock::new(masked), suppressed })
    }

    pub(super) fn key(&self) -> [u8; 32] {
        self.key
    }

    /// Returns whether a row was masked by an earlier run, or by this one.
    pub(super) fn is_masked(&self, print: &Fingerprint) -> bool {
        self.masked.read().unwrap_or_else(PoisonError::into_inner).contains(print)
    }

    /// Returns whether somebody with this identity was erased.
    pub(super) fn is_suppressed(&self, kind: &str, form: &str) -> bool {
        self.suppressed.contains(&self.identity(kind, form))
    }

    fn identity(&self, kind: &str, form: &str) -> Fingerprint {
        keyed(&self.key, &[b"identity", kind.as_bytes(), form.as_bytes()])
    }

    /// Returns the fingerprints of a person's identities, by kind.
    pub(super) fn identities(&self, people: &People) -> Vec<Vec<(String, Fingerprint)>> {
        let of = |subject: &habeas_connect::collect::Subject| {
            let print = |identity: &habeas_connect::collect::Identity| {
                let form = one_form(&identity.kind, identity.value.reveal());
                (identity.kind.to_string(), self.identity(&identity.kind, &form))
            };
            subject.identities.iter().map(print).collect()
        };
        people.subjects.iter().map(of).collect()
    }

    fn journal_path(&self, people: &People) -> PathBuf {
        let mut prints: Vec<Fingerprint> =
            self.identities(people).into_iter().flatten().map(|(_, print)| print).collect();
        prints.sort_unstable();
        let name = keyed(&self.key, &[b"journal", &prints.concat()]);
        self.folder.join(format!("journal-{}.ndjson", hex::encode(name.get(..8).unwrap_or_default())))
    }

    /// Returns the secret a run for these people masks with: that of one that was broken off, else a new one.
    pub(super) fn secret_for(&self, people: &People, chance: &dyn Chance) -> anyhow::Result<[u8; 32]> {
        let history = History::read(&self.journal_path(people))?;
        Ok(history.map_or_else(|| random(chance), |history| history.secret()))
    }

    /// Returns whether a run for these people was broken off.
    pub(super) fn is_broken_off(&self, people: &People) -> anyhow::Result<bool> {
        Ok(History::read(&self.journal_path(people))?.is_some())
    }

    /// Takes away the journal of a run for these people that has nothing left to say.
    pub(super) fn sweep_journal(&self, people: &People) -> anyhow::Result<()> {
        journal::sweep(&self.journal_path(people))
    }

    /// Opens the journal of a run, and begins one where none was broken off.
    pub(super) fn journal(&self, people: &People, secret: &[u8; 32]) -> anyhow::Result<RunJournal<'_>> {
        let begun = || (hex::encode(random::<8>(&*system::chance())), *secret);
        let journal = RunJournal::open(self, self.journal_path(people), begun, system::clock().now())?;
        anyhow::ensure!(
            journal.history.secret() == *secret,
            "another run for the same people was broken off meanwhile: run it again"
        );
        Ok(journal)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Remembers rows that are masked, for as long as this process lives.
    pub(super) fn note_masked(&self, masked: &[Fingerprint]) {
        self.masked.write().unwrap_or_else(PoisonError::into_inner).extend(masked);
    }

    /// Remembers rows that are masked for good.
    pub(super) fn remember_masked(&self, lines: &str) -> anyhow::Result<()> {
        append(&self.folder.join("masked.txt"), lines)
    }

    /// Keeps the fingerprints of people who are erased.
    pub(super) fn suppress(&self, people: &People, record: &str) -> anyhow::Result<()> {
        let lines: Vec<String> = self
            .identities(people)
            .into_iter()
            .flatten()
            .filter(|(_, print)| !self.suppressed.contains(print))
            .map(|(kind, print)| {
                format!("{}\n", json!({ "kind": kind, "fingerprint": hex::encode(print), "record": record }))
            })
            .collect();
        append(&self.folder.join("suppressed.ndjson"), &lines.concat())
    }

    /// Returns the key deletion records are signed with.
    pub(super) fn signing_key(&self) -> anyhow::Result<SigningKey> {
        Ok(SigningKey::from_bytes(&key_file(&self.folder.join("signing.key"))?))
    }

    /// Writes a deletion record, in the place of an earlier one of the same run.
    pub(super) fn keep_record(&self, id: &str, record: &Value) -> anyhow::Result<PathBuf> {
        let folder = self.folder.join("records");
        if !folder.is_dir() {
            DirBuilder::new().mode(0o700).create(&folder).context("failed to make the folder of records")?;
            sync_folder(&self.folder);
        }
        let path = folder.join(format!("{id}.json"));
        let text = serde_json::to_string_pretty(record).context("failed to write the record")?;
        let half = whole(&path, &(text + "\n"))?;
        fs::rename(&half, &path).with_context(|| format!("failed to write {}", path.display()))?;
        sync_folder(&folder);
        Ok(path)
    }
}

fn journals(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let shown = || format!("failed to read {}", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(shown)? {
        let path = entry.with_context(shown)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.starts_with("journal-") {
            found.push(path);
        }
    }
    Ok(found)
}

pub(super) fn lines(path: &Path) -> anyhow::Result<Vec<String>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(cause).with_context(|| format!("failed to read {}", path.display())),
    };
    BufReader::new(file)
        .lines()
        .collect::<Result<_, _>>()
        .with_context(|| format!("failed to read {}", path.display()))
}

fn fingerprints(path: &Path, pick: impl Fn(&str) -> Option<String>) -> anyhow::Result<HashSet<Fingerprint>> {
    Ok(lines(path)?.iter().filter_map(|line| parsed(&pick(line)?)).collect())
}

pub(super) fn parsed(text: &str) -> Option<Fingerprint> {
    hex::decode(text).ok()?.try_into().ok()
}

/// Adds lines to a file; what a kill left of the last one is closed first.
fn append(path: &Path, text: &str) -> anyhow::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    let is_new = !path.exists();
    let file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path);
    file.and_then(|mut file| {
        journal::close_line(&mut file)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    })
    .with_context(|| format!("failed to write {}", path.display()))?;
    if let (true, Some(folder)) = (is_new, path.parent()) {
        sync_folder(folder);
    }
    Ok(())
}

/// Writes a file beside the one it is to become, and returns where.
fn whole(path: &Path, text: &str) -> anyhow::Result<PathBuf> {
    let half = path.with_extension("half");
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&half);
    file.and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .with_context(|| format!("failed to write {}", half.display()))?;
    Ok(half)
}

/// Reads a key, and makes one where there is none.
fn key_file(path: &Path) -> anyhow::Result<[u8; 32]> {
    let shown = path.display();
    if !path.exists() {
        let key: [u8; 32] = random(&*system::chance());
        // Several runs may begin at once: each has a half of its own, and one of them becomes the key of all.
        let own = path.with_extension(hex::encode(random::<4>(&*system::chance())));
        let half = whole(&own, &(hex::encode(key) + "\n"))?;
        let linked = fs::hard_link(&half, path);
        fs::remove_file(&half).with_context(|| format!("failed to remove {}", half.display()))?;
        if let Err(cause) = linked
            && cause.kind() != std::io::ErrorKind::AlreadyExists
        {
            return Err(cause).with_context(|| format!("failed to write {shown}"));
        }
        if let Some(folder) = path.parent() {
            sync_folder(folder);
        }
    }
    let line = lines(path)?.into_iter().next().unwrap_or_default();
    parsed(line.trim()).with_context(|| format!("{shown} holds no key"))
}

/// A new name in a folder is on the disk only once the folder is.
pub(super) fn sync_folder(folder: &Path) {
    if let Ok(file) = File::open(folder) {
        // A file system that can't sync folders does it by itself.
        let _ = file.sync_all();
    }
}
