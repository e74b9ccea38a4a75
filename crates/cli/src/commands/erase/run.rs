//! Carries an erasure out: plan, show, ask, execute, verify, record.

use std::io::{BufRead as _, IsTerminal as _};
use std::process::ExitCode;

use anyhow::Context as _;
use habeas_connect::erase::account::account;
use habeas_connect::erase::record::{self, IdentityPrint, Left, Lost, Record, SearchedFrom, SourceRecord};
use habeas_connect::erase::{Fingerprint, Outcome, Planned, Residue, SourceOutcome, execute, verify};
use habeas_core::context::random;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use jiff::civil::Date;

use super::args::{Common, Loaded, Work};
use super::document::{Document, with_outcome};
use super::journal::{RunJournal, SourceAccount};
use super::state::State;
use super::{ended, in_the_way, show};
use crate::commands::collect::identities::People;
use crate::commands::dataset::files::counted;
use crate::output::{self, Output};
use crate::{runtime, system};

/// How often a plan is made again because rows changed meanwhile, and how often residue is erased again.
const ATTEMPTS: u32 = 3;

#[derive(Debug, clap::Args)]
pub(super) struct How {
    /// Don't ask
    #[arg(long)]
    yes: bool,

    /// The day the last backup that holds the data expires, for the record
    #[arg(long, value_name = "DATE")]
    backups_expire_on: Option<Date>,
}

/// What a run did.
struct Ran<'s> {
    planned: Planned,
    outcomes: Vec<SourceOutcome>,
    residue: Vec<Residue>,
    /// What tells of it and of earlier processes; none where there was nothing to do.
    journal: Option<RunJournal<'s>>,
}

pub(super) fn run(common: &Common, people: &People, how: &How) -> anyhow::Result<ExitCode> {
    let loaded = Loaded::load(common, people)?;
    let state = State::open(&common.state_folder())?;
    let chance = system::chance();
    let secret = state.secret_for(people, &*chance)?;
    let work = loaded.work(people, &state, &secret);
    let began_at = system::clock().now();
    let mut out = Output::stdout();
    let ran = runtime::block_on(async {
        let planned = work.plan().await?;
        if !planned.troubles.is_empty() {
            return Err(in_the_way(&planned));
        }
        if !common.json {
            show::plan(&planned, &mut out)?;
        }
        // A run that was killed may have been done all the same: its record is still to be written.
        if planned.changes() == 0 && !state.is_broken_off(people)? {
            state.sweep_journal(people)?;
            return Ok(Some(Ran { planned, outcomes: Vec::new(), residue: Vec::new(), journal: None }));
        }
        if planned.changes() > 0 && !how.yes && !is_agreed(&planned)? {
            return Ok(None);
        }
        let mut journal = state.journal(people, &secret)?;
        if journal.goes_on() {
            output::note("a run for the same people was broken off: this one goes on");
        }
        journal.plan(&planned)?;
        carry_out(&work, planned, journal, how, (!common.json).then_some(&mut out)).await.map(Some)
    })?;
    let Some(mut ran) = ran else {
        anyhow::bail!("nothing was changed");
    };
    let journal = ran.journal.take();
    let lost = journal.as_ref().map(|journal| journal.lost.clone()).unwrap_or_default();
    let is_done = is_done(&ran.outcomes) && ran.residue.is_empty();
    let (id, record) = record(&ran, journal.as_ref(), began_at, &state.identities(people), how);
    let record = record.signed(&state.signing_key()?).context("failed to write the record")?;
    let path = state.keep_record(&id, &record)?;
    if is_done {
        state.suppress(people, &id)?;
        // The journal is the last to go: until then everything before can be done again. A run that is not done goes
        // on with the same secret.
        journal.map(RunJournal::close).transpose()?;
    }
    if common.json {
        let document = Document { people, loaded: &loaded, planned: &ran.planned }.to_json();
        out.json(&with_outcome(document, &ran.outcomes, &ran.residue, &record))?;
    } else {
        tell(&ran, &mut out)?;
        out.line(&format!("the record is in {}", path.display()))?;
    }
    close(&loaded, &ran, &lost, is_done)
}

/// Puts the record together: what this process did, and what earlier ones of the same run had done.
fn record(
    ran: &Ran<'_>,
    journal: Option<&RunJournal<'_>>,
    began_at: Timestamp,
    subjects: &[Vec<(String, Fingerprint)>],
    how: &How,
) -> (String, Record) {
    let history = journal.map(|journal| &journal.history);
    let id = history.map_or_else(|| hex::encode(random::<8>(&*system::chance())), |known| known.run.clone());
    let began_at = history.map_or(began_at, |known| known.began_at);
    let mut record = Record::new(&id, began_at, system::clock().now());
    let print = |(kind, print): &(String, Fingerprint)| IdentityPrint {
        kind: kind.clone(),
        fingerprint: hex::encode(print),
    };
    record.subjects = subjects.iter().map(|prints| prints.iter().map(print).collect()).collect();
    record.sources = match history {
        Some(history) => history.accounts().into_iter().map(|(known, done)| told(ran, known, done)).collect(),
        None => ran
            .planned
            .sources
            .iter()
            .map(|source| SourceRecord {
                source: source.name.to_string(),
                outcome: None,
                collections: account(source),
            })
            .collect(),
    };
    record.verification.residue = ran.residue.iter().map(Left::from).collect();
    if let Some(journal) = journal {
        record.runs = journal.history.runs;
        record.verification.lost.clone_from(&journal.lost);
        if journal.had_erased {
            record.verification.searched_from = SearchedFrom::Identities;
        }
    }
    record.backups_expire_on = how.backups_expire_on;
    (id, record)
}

fn told(ran: &Ran<'_>, known: SourceAccount, was_done: bool) -> SourceRecord {
    let outcome =
        ran.outcomes.iter().find(|one| *one.source == *known.source).map(|one| record::word(&one.outcome));
    let outcome = match outcome {
        None | Some("nothing") if was_done => Some("done"),
        outcome => outcome,
    };
    SourceRecord { source: known.source, outcome: outcome.map(str::to_owned), collections: known.collections }
}

fn close(loaded: &Loaded, ran: &Ran<'_>, lost: &[Lost], is_done: bool) -> anyhow::Result<ExitCode> {
    for note in loaded.notes.iter().chain(&ran.planned.warnings) {
        output::note(&format!("note: {note}"));
    }
    for one in &ran.outcomes {
        match &one.outcome {
            Outcome::Failed(error) | Outcome::Unknown(error) => output::note(&error.to_string()),
            Outcome::Changed { rows, collection } => output::note(&format!(
                "source {}: {rows} rows of {collection} changed while the plan was made, again and again: nothing was changed there",
                one.source
            )),
            Outcome::Unrecorded(reason) => {
                output::note(&format!(
                    "source {}: the journal can't be written ({reason}): nothing was changed there",
                    one.source
                ));
            }
            Outcome::Done { .. } | Outcome::Nothing => {}
        }
    }
    for left in &ran.residue {
        output::note(&format!("{}:{}: {} {}", left.dataset, left.collection, left.rows, left.what));
    }
    for one in lost {
        output::note(&format!(
            "source {}: {} that a run which was broken off had planned are found no more: somebody else deleted them, \
             or what led to them is gone; look for them by hand",
            one.source,
            counted(usize::try_from(one.rows).unwrap_or(usize::MAX), "row")
        ));
    }
    anyhow::ensure!(is_done, "the erasure is not complete (above): run it again once that is mended");
    Ok(ended(show::is_explained(loaded, &ran.planned) && lost.is_empty()))
}

fn is_done(outcomes: &[SourceOutcome]) -> bool {
    outcomes.iter().all(|one| matches!(one.outcome, Outcome::Done { .. } | Outcome::Nothing))
}

/// Executes, and plans again where rows changed meanwhile; what verifying finds is erased again.
async fn carry_out<'s>(
    work: &Work<'_>,
    first: Planned,
    mut journal: RunJournal<'s>,
    how: &How,
    mut out: Option<&mut Output>,
) -> anyhow::Result<Ran<'s>> {
    let mut planned = first;
    let mut outcomes: Vec<SourceOutcome> = Vec::new();
    for attempt in 0..ATTEMPTS {
        let bar = bar(&planned);
        let done = execute(&work.erasure(), &planned, &mut journal, &mut |_, rows| bar.inc(rows)).await;
        bar.finish_and_clear();
        merge(&mut outcomes, done);
        let is_changed = outcomes.iter().any(|one| matches!(one.outcome, Outcome::Changed { .. }));
        if !is_changed {
            break;
        }
        output::note(
            "rows changed since they were planned: nothing was written over; the plan is made again",
        );
        let again = work.plan().await?;
        if !again.troubles.is_empty() {
            return Err(in_the_way(&again));
        }
        if let Some(out) = out.as_deref_mut() {
            show::plan(&again, out)?;
        }
        if !how.yes && !is_agreed(&again)? {
            break;
        }
        if attempt + 1 < ATTEMPTS {
            journal.plan(&again)?;
            planned = again;
        }
    }
    let mut residue = Vec::new();
    if is_done(&outcomes) {
        let mut last = planned.clone();
        for attempt in 0..ATTEMPTS {
            let (left, again) = verify(&work.erasure(), &last).await?;
            residue = left;
            if residue.is_empty()
                || attempt + 1 == ATTEMPTS
                || !again.troubles.is_empty()
                || again.changes() == 0
            {
                break;
            }
            output::note("something is left: it is erased again");
            journal.prepare(&again);
            let done = execute(&work.erasure(), &again, &mut journal, &mut |_, _| {}).await;
            merge(&mut outcomes, done);
            last = again;
        }
    }
    Ok(Ran { planned, outcomes, residue, journal: Some(journal) })
}

/// Keeps the last outcome of every source, with all it did.
fn merge(outcomes: &mut Vec<SourceOutcome>, done: Vec<SourceOutcome>) {
    for one in done {
        match outcomes.iter_mut().find(|known| known.source == one.source) {
            Some(known) => match (&mut known.outcome, one.outcome) {
                (Outcome::Done { deleted, masked }, Outcome::Done { deleted: more, masked: others }) => {
                    *deleted += more;
                    *masked += others;
                }
                (Outcome::Done { .. }, Outcome::Nothing) => {}
                (outcome, new) => *outcome = new,
            },
            None => outcomes.push(one),
        }
    }
}

fn is_agreed(planned: &Planned) -> anyhow::Result<bool> {
    let sources: Vec<&str> = planned.sources.iter().map(|source| &*source.name).collect();
    output::note(&format!(
        "This can't be undone: {} in {}. Type erase to go on:",
        counted(planned.changes(), "row"),
        sources.join(", ")
    ));
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(answer.trim() == "erase")
}

/// A bar on a terminal, nothing elsewhere.
fn bar(planned: &Planned) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(planned.changes() as u64);
    let style = ProgressStyle::with_template("erasing {bar:40} {pos} of {len} rows");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn tell(ran: &Ran<'_>, out: &mut Output) -> anyhow::Result<()> {
    if ran.outcomes.is_empty() {
        return out.line("nothing was to be done");
    }
    for one in &ran.outcomes {
        let line = match &one.outcome {
            Outcome::Done { deleted, masked } => {
                format!("{}: {deleted} rows deleted, {masked} masked, verified", one.source)
            }
            Outcome::Nothing => format!("{}: nothing was to be done", one.source),
            Outcome::Changed { .. } | Outcome::Failed(_) | Outcome::Unknown(_) | Outcome::Unrecorded(_) => {
                format!("{}: not done", one.source)
            }
        };
        out.line(&line)?;
    }
    Ok(())
}
