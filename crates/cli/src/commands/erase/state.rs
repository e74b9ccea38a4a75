//! What outlives a run: keys, the journal of a run that was broken off, and fingerprints.
//!
//! A journal holds the secret its run masks with, so that a run that goes on gives the same values; it is removed
//! with the secret when the run is done. Fingerprints are keyed hashes: they recognise, and say nothing.

use std::collections::HashSet;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use anyhow::Context as _;
use ed25519_dalek::SigningKey;
use habeas_connect::erase::{Fingerprint, Journal, one_form};
use habeas_core::context::{Chance, random};
use habeas_dataset::masking::keyed;
use serde_json::{Value, json};

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
        for journal in journals(folder)? {
            for line in lines(&journal)? {
                let read: Value = serde_json::from_str(&line).unwrap_or(Value::Null);
                let about = read.pointer("/about_to_commit/masked").and_then(Value::as_array);
                masked.extend(about.into_iter().flatten().filter_map(|print| parsed(print.as_str()?)));
            }
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
    pub(super) fn secret_for(&self, people: &People, chance: &dyn Chance) -> [u8; 32] {
        let path = self.journal_path(people);
        let first = lines(&path).ok().and_then(|lines| lines.into_iter().next());
        let read: Option<Value> = first.and_then(|line| serde_json::from_str(&line).ok());
        let secret = read.and_then(|read| parsed(read.get("secret")?.as_str()?));
        secret.unwrap_or_else(|| random(chance))
    }

    /// Opens the journal of a run, and begins one where none was broken off. Returns whether it goes on.
    pub(super) fn journal(
        &self,
        people: &People,
        secret: &[u8; 32],
    ) -> anyhow::Result<(RunJournal<'_>, bool)> {
        let path = self.journal_path(people);
        let goes_on = path.exists();
        let mut file = OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(&path)
            .with_context(|| format!("failed to write {}", path.display()))?;
        file.try_lock()
            .map_err(|_| anyhow::anyhow!("another run erases the same people: wait for its end"))?;
        if !goes_on {
            let begun = json!({ "secret": hex::encode(secret), "began_at": system::clock().now() });
            writeln!(file, "{begun}")
                .and_then(|()| file.sync_all())
                .context("failed to write the journal")?;
            sync_folder(&self.folder);
        }
        Ok((RunJournal { state: self, file, path }, goes_on))
    }

    /// Ends a run that was broken off and has left nothing to do.
    pub(super) fn end_broken_off(&self, people: &People, secret: &[u8; 32]) -> anyhow::Result<()> {
        if self.journal_path(people).exists() {
            self.journal(people, secret)?.0.close()?;
        }
        Ok(())
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

    /// Writes a deletion record.
    pub(super) fn keep_record(&self, id: &str, record: &Value) -> anyhow::Result<PathBuf> {
        let folder = self.folder.join("records");
        if !folder.is_dir() {
            DirBuilder::new().mode(0o700).create(&folder).context("failed to make the folder of records")?;
        }
        let path = folder.join(format!("{id}.json"));
        let text = serde_json::to_string_pretty(record).context("failed to write the record")?;
        append(&path, &(text + "\n"))?;
        Ok(path)
    }
}

/// The journal of one run.
pub(super) struct RunJournal<'s> {
    state: &'s State,
    file: File,
    path: PathBuf,
}

impl RunJournal<'_> {
    /// Ends the run: what was masked is remembered, the secret is not.
    pub(super) fn close(self) -> anyhow::Result<()> {
        let mut prints = Vec::new();
        for line in lines(&self.path)? {
            let read: Value = serde_json::from_str(&line).unwrap_or(Value::Null);
            let about = read.pointer("/about_to_commit/masked").and_then(Value::as_array);
            prints.extend(about.into_iter().flatten().filter_map(|print| print.as_str().map(str::to_owned)));
        }
        prints.sort_unstable();
        prints.dedup();
        prints.push(String::new());
        append(&self.state.folder.join("masked.txt"), &prints.join("\n"))?;
        let size = fs::metadata(&self.path).map_or(0, |about| about.len());
        // Blocks may be kept by the disk all the same; the name and the usual way to the content are gone.
        let zeros = vec![0; usize::try_from(size.min(200)).unwrap_or(0)];
        let over = OpenOptions::new().write(true).open(&self.path);
        over.and_then(|mut file| file.write_all(&zeros).and_then(|()| file.sync_all()))
            .and_then(|()| fs::remove_file(&self.path))
            .with_context(|| format!("failed to remove {}", self.path.display()))
    }
}

impl Journal for RunJournal<'_> {
    fn before_commit(&mut self, source: &str, masked: &[Fingerprint]) -> std::io::Result<()> {
        let prints: Vec<String> = masked.iter().map(hex::encode).collect();
        writeln!(self.file, "{}", json!({ "about_to_commit": { "source": source, "masked": prints } }))?;
        self.file.sync_all()?;
        self.state.masked.write().unwrap_or_else(PoisonError::into_inner).extend(masked);
        Ok(())
    }

    fn committed(&mut self, source: &str) -> std::io::Result<()> {
        writeln!(self.file, "{}", json!({ "committed": source }))?;
        self.file.sync_all()
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

fn lines(path: &Path) -> anyhow::Result<Vec<String>> {
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

fn parsed(text: &str) -> Option<Fingerprint> {
    hex::decode(text).ok()?.try_into().ok()
}

fn append(path: &Path, text: &str) -> anyhow::Result<()> {
    if text.is_empty() {
        return Ok(());
    }
    let file = OpenOptions::new().append(true).create(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .with_context(|| format!("failed to write {}", path.display()))
}

/// Reads a key, and makes one where there is none.
fn key_file(path: &Path) -> anyhow::Result<[u8; 32]> {
    let shown = path.display();
    if let Some(line) = lines(path)?.first() {
        return parsed(line.trim()).with_context(|| format!("{shown} holds no key"));
    }
    let key: [u8; 32] = random(&*system::chance());
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    file.and_then(|mut file| writeln!(file, "{}", hex::encode(key)).and_then(|()| file.sync_all()))
        .with_context(|| format!("failed to write {shown}"))?;
    Ok(key)
}

/// A new name in a folder is on the disk only once the folder is.
fn sync_folder(folder: &Path) {
    if let Ok(file) = File::open(folder) {
        // A file system that can't sync folders does it by itself.
        let _ = file.sync_all();
    }
}
