//! The journal of one run: what it is about to do and what it has done, so that a run that was broken off at any
//! instant is ended by the next one, and one record tells of both.
//!
//! A line is an entry, written at once and on the disk before anything depends on it. What a kill left of a line is
//! closed by the next run; a journal without a whole first line has begun nothing. It holds the secret the run masks
//! with, fingerprints and counts: no value of any row.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use habeas_connect::erase::account::{CollectionAccount, account};
use habeas_connect::erase::record::Lost;
use habeas_connect::erase::{Fingerprint, Journal, Planned, SourcePlan};
use habeas_dataset::masking::keyed;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::state::{State, lines, parsed, sync_folder};

/// How many rows tell later whether a transaction was ended.
const WITNESSES: usize = 16;

/// A line of a journal.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Entry {
    /// A run begins.
    Begun { run: String, secret: String, began_at: Timestamp },
    /// Another process goes on with it.
    Resumed { at: Timestamp },
    /// What is going to be done.
    Planned { sources: Vec<SourceAccount> },
    /// A source's transaction is about to be ended.
    AboutToCommit {
        source: String,
        masked: Vec<String>,
        witnesses: Vec<String>,
        done: Vec<CollectionAccount>,
    },
    /// It is ended.
    Committed { source: String },
}

/// What is planned in a source.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct SourceAccount {
    pub(super) source: String,
    pub(super) changes: u64,
    pub(super) collections: Vec<CollectionAccount>,
}

/// One transaction.
#[derive(Debug, Clone)]
struct Attempt {
    source: String,
    witnesses: BTreeSet<String>,
    done: Vec<CollectionAccount>,
    is_committed: bool,
}

/// What a journal tells.
#[derive(Debug, Clone)]
pub(super) struct History {
    pub(super) run: String,
    secret: [u8; 32],
    pub(super) began_at: Timestamp,
    /// How many processes worked on it.
    pub(super) runs: u32,
    planned: Vec<SourceAccount>,
    attempts: Vec<Attempt>,
}

impl History {
    /// Reads a journal; nothing where it has begun nothing.
    pub(super) fn read(path: &Path) -> anyhow::Result<Option<Self>> {
        let lines = lines(path)?;
        let mut entries = lines.iter().map(|line| serde_json::from_str::<Entry>(line));
        let Some(Ok(Entry::Begun { run, secret, began_at })) = entries.next() else { return Ok(None) };
        let Some(secret) = parsed(&secret) else { return Ok(None) };
        let mut history = Self { run, secret, began_at, runs: 1, planned: Vec::new(), attempts: Vec::new() };
        // What a kill left of a line was followed by nothing.
        entries.flatten().for_each(|entry| history.apply(entry));
        Ok(Some(history))
    }

    pub(super) fn secret(&self) -> [u8; 32] {
        self.secret
    }

    fn apply(&mut self, entry: Entry) {
        match entry {
            Entry::Begun { .. } => {}
            Entry::Resumed { .. } => self.runs += 1,
            Entry::Planned { sources } => {
                for source in sources {
                    // What was found before the first transaction is the whole: later some of it is gone.
                    if self.is_committed(&source.source) {
                        continue;
                    }
                    self.planned.retain(|known| known.source != source.source);
                    self.planned.push(source);
                }
            }
            Entry::AboutToCommit { source, witnesses, done, .. } => {
                self.attempts.retain(|known| known.is_committed || known.source != source);
                let witnesses = witnesses.into_iter().collect();
                self.attempts.push(Attempt { source, witnesses, done, is_committed: false });
            }
            Entry::Committed { source } => {
                let of = |known: &&mut Attempt| known.source == source;
                if let Some(attempt) = self.attempts.iter_mut().rev().find(of) {
                    attempt.is_committed = true;
                }
            }
        }
    }

    fn is_committed(&self, source: &str) -> bool {
        self.attempts.iter().any(|known| known.source == source && known.is_committed)
    }

    /// Returns whether anything was erased already.
    pub(super) fn has_erased(&self) -> bool {
        self.attempts.iter().any(|attempt| attempt.is_committed)
    }

    /// Returns what was planned and done in each source.
    pub(super) fn accounts(&self) -> Vec<(SourceAccount, bool)> {
        let with_done = |planned: &SourceAccount| {
            let mut account = planned.clone();
            account.collections = account.collections.iter().map(CollectionAccount::undone).collect();
            let committed = |attempt: &&Attempt| attempt.is_committed && attempt.source == planned.source;
            for done in self.attempts.iter().filter(committed).flat_map(|attempt| &attempt.done) {
                match account.collections.iter_mut().find(|known| known.is_of(done)) {
                    Some(known) => known.add(done),
                    None => account.collections.push(done.clone()),
                }
            }
            (account, self.is_committed(&planned.source))
        };
        self.planned.iter().map(with_done).collect()
    }

    /// Returns what was planned in sources that are not done, and what nobody finds any more.
    fn lost(&self, planned: &Planned) -> Vec<Lost> {
        let now = |name: &str| {
            let found = planned.sources.iter().find(|source| *source.name == *name);
            found.map_or(0, changes)
        };
        self.planned
            .iter()
            .filter(|known| !self.is_committed(&known.source) && now(&known.source) < known.changes)
            .map(|known| Lost { source: known.source.clone(), rows: known.changes - now(&known.source) })
            .collect()
    }
}

fn changes(source: &SourcePlan) -> u64 {
    source.collections.iter().flat_map(|known| &known.rows).filter(|row| row.is_change()).count() as u64
}

/// The journal of one run, open and locked.
pub(super) struct RunJournal<'s> {
    state: &'s State,
    file: File,
    path: PathBuf,
    pub(super) history: History,
    /// What about to be done in each source, and what will tell whether it was.
    current: Vec<(String, Vec<CollectionAccount>, Vec<String>)>,
    /// What an earlier process had planned and nobody finds any more.
    pub(super) lost: Vec<Lost>,
    /// Whether an earlier process had erased something, by what is found now.
    pub(super) had_erased: bool,
}

impl<'s> RunJournal<'s> {
    /// Opens the journal at a path, and begins one where there is none to go on with.
    pub(super) fn open(
        state: &'s State,
        path: PathBuf,
        begun: impl FnOnce() -> (String, [u8; 32]),
        now: Timestamp,
    ) -> anyhow::Result<Self> {
        let mut file = locked(&path)?;
        let history = History::read(&path)?;
        let mut journal = if let Some(history) = history {
            close_line(&mut file).context("failed to write the journal")?;
            Self { state, file, path, history, current: Vec::new(), lost: Vec::new(), had_erased: false }
        } else {
            // What is there has begun nothing: nobody needs it.
            file.set_len(0).context("failed to write the journal")?;
            let (run, secret) = begun();
            let history = History {
                run: run.clone(),
                secret,
                began_at: now,
                runs: 0,
                planned: Vec::new(),
                attempts: Vec::new(),
            };
            let mut journal =
                Self { state, file, path, history, current: Vec::new(), lost: Vec::new(), had_erased: false };
            let entry = Entry::Begun { run, secret: hex::encode(secret), began_at: now };
            journal.write(&entry).context("failed to write the journal")?;
            sync_folder(journal.state.folder());
            journal
        };
        if journal.history.runs > 0 {
            journal.write(&Entry::Resumed { at: now }).context("failed to write the journal")?;
        } else {
            journal.history.runs = 1;
        }
        Ok(journal)
    }

    /// Returns whether another process began it.
    pub(super) fn goes_on(&self) -> bool {
        self.history.runs > 1
    }

    /// Says what is going to be done. What an earlier process left open is decided by what is found now.
    pub(super) fn plan(&mut self, planned: &Planned) -> anyhow::Result<()> {
        let open: Vec<(String, BTreeSet<String>)> = self
            .history
            .attempts
            .iter()
            .filter(|attempt| !attempt.is_committed)
            .map(|attempt| (attempt.source.clone(), attempt.witnesses.clone()))
            .collect();
        for (source, witnesses) in open {
            let found = planned.sources.iter().find(|known| *known.name == *source);
            // All of a transaction is done or nothing: a row that still is as it was tells for all.
            let is_open = found.is_some_and(|found| {
                self.prints(found, usize::MAX).iter().any(|print| witnesses.contains(print))
            });
            // What a server may still do for a process that is gone is seen once its rows are locked: till then an
            // open one stays open, and the next transaction of the source takes its place.
            if !is_open {
                self.write(&Entry::Committed { source }).context("failed to write the journal")?;
            }
        }
        self.had_erased |= self.goes_on() && self.current.is_empty() && self.history.has_erased();
        for lost in self.history.lost(planned) {
            if !self.lost.contains(&lost) {
                self.lost.push(lost);
            }
        }
        let sources: Vec<SourceAccount> = planned
            .sources
            .iter()
            .map(|source| SourceAccount {
                source: source.name.to_string(),
                changes: changes(source),
                collections: account(source),
            })
            .collect();
        self.write(&Entry::Planned { sources }).context("failed to write the journal")?;
        self.prepare(planned);
        Ok(())
    }

    /// Takes note of what is carried out next without saying so: what verifying found is no plan of its own.
    pub(super) fn prepare(&mut self, planned: &Planned) {
        let about =
            |source: &SourcePlan| (source.name.to_string(), account(source), self.prints(source, WITNESSES));
        self.current = planned.sources.iter().map(about).collect();
    }

    /// The prints of rows that change.
    fn prints(&self, source: &SourcePlan, most: usize) -> Vec<String> {
        let key = self.state.key();
        source
            .collections
            .iter()
            .flat_map(|collection| collection.rows.iter().map(move |row| (collection, row)))
            .filter(|(_, row)| row.is_change())
            .take(most)
            .map(|(collection, row)| {
                hex::encode(keyed(&key, &[b"row to be changed", collection.name_of(row).as_bytes()]))
            })
            .collect()
    }

    fn write(&mut self, entry: &Entry) -> std::io::Result<()> {
        let mut line = serde_json::to_string(entry)?;
        line.push('\n');
        self.file.write_all(line.as_bytes())?;
        self.file.sync_all()?;
        self.history.apply(entry.clone());
        Ok(())
    }

    /// Ends the run: what was masked is remembered, the secret is not.
    pub(super) fn close(self) -> anyhow::Result<()> {
        let mut prints: Vec<String> = masked(&self.path)?.iter().map(hex::encode).collect();
        prints.sort_unstable();
        prints.dedup();
        prints.push(String::new());
        self.state.remember_masked(&prints.join("\n"))?;
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
        let current = self.current.iter().find(|(name, ..)| name == source);
        let (done, witnesses) =
            current.map(|(_, done, witnesses)| (done.clone(), witnesses.clone())).unwrap_or_default();
        let prints = masked.iter().map(hex::encode).collect();
        self.write(&Entry::AboutToCommit { source: source.to_owned(), masked: prints, witnesses, done })?;
        self.state.note_masked(masked);
        Ok(())
    }

    fn committed(&mut self, source: &str) -> std::io::Result<()> {
        self.write(&Entry::Committed { source: source.to_owned() })
    }
}

/// Returns the fingerprints of rows a journal says may be masked.
pub(super) fn masked(path: &Path) -> anyhow::Result<Vec<Fingerprint>> {
    let mut prints = Vec::new();
    for line in lines(path)? {
        if let Ok(Entry::AboutToCommit { masked, .. }) = serde_json::from_str(&line) {
            prints.extend(masked.iter().filter_map(|print| parsed(print)));
        }
    }
    Ok(prints)
}

/// Takes away a journal that has begun nothing: a kill came before its first line was whole, or between the wiping of
/// it and the end of the file.
pub(super) fn sweep(path: &Path) -> anyhow::Result<()> {
    if !path.exists() {
        return Ok(());
    }
    // One that another process holds is that process's.
    let Ok(_file) = locked(path) else { return Ok(()) };
    if History::read(path)?.is_none() {
        fs::remove_file(path).with_context(|| format!("failed to remove {}", path.display()))?;
    }
    Ok(())
}

/// Opens a journal for this process alone.
fn locked(path: &Path) -> anyhow::Result<File> {
    loop {
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .mode(0o600)
            .open(path)
            .with_context(|| format!("failed to write {}", path.display()))?;
        file.try_lock()
            .map_err(|_| anyhow::anyhow!("another run erases the same people: wait for its end"))?;
        // Another run may have ended meanwhile and taken the file away: then this one is nobody's.
        let is_there = |about: &fs::Metadata| fs::metadata(path).is_ok_and(|now| now.ino() == about.ino());
        if file.metadata().is_ok_and(|about| is_there(&about)) {
            return Ok(file);
        }
    }
}

/// Ends a line a kill left half.
pub(super) fn close_line(file: &mut File) -> std::io::Result<()> {
    if file.metadata()?.len() == 0 {
        return Ok(());
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    if last == *b"\n" { Ok(()) } else { file.write_all(b"\n") }
}
