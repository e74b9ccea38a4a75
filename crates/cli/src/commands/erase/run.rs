//! Carries an erasure out: plan, show, ask, execute, verify, record.

use std::io::{BufRead as _, IsTerminal as _};
use std::process::ExitCode;

use habeas_connect::erase::{Outcome, Planned, Residue, SourceOutcome, execute, verify};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;

use super::args::{Common, Loaded, Work};
use super::document::{Document, with_outcome};
use super::record::Record;
use super::state::{RunJournal, State};
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
struct Ran {
    planned: Planned,
    outcomes: Vec<SourceOutcome>,
    residue: Vec<Residue>,
}

pub(super) fn run(common: &Common, people: &People, how: &How) -> anyhow::Result<ExitCode> {
    let loaded = Loaded::load(common, people)?;
    let state = State::open(&common.state_folder())?;
    let chance = system::chance();
    let secret = state.secret_for(people, &*chance);
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
        if planned.changes() == 0 {
            // A run that was killed may have been done all the same.
            state.end_broken_off(people, &secret)?;
            return Ok(Some(Ran { planned, outcomes: Vec::new(), residue: Vec::new() }));
        }
        if !how.yes && !is_agreed(&planned)? {
            return Ok(None);
        }
        let (mut journal, goes_on) = state.journal(people, &secret)?;
        if goes_on {
            output::note("a run for the same people was broken off: this one goes on");
        }
        let ran = carry_out(&work, planned, &mut journal, how, (!common.json).then_some(&mut out)).await?;
        // A run that is not done goes on with the same secret.
        if is_done(&ran.outcomes) && ran.residue.is_empty() {
            journal.close()?;
        }
        Ok(Some(ran))
    })?;
    let Some(ran) = ran else {
        anyhow::bail!("nothing was changed");
    };
    let id = hex::encode(habeas_core::context::random::<8>(&*chance));
    let is_done = is_done(&ran.outcomes) && ran.residue.is_empty();
    let record = Record {
        id: &id,
        began_at,
        ended_at: system::clock().now(),
        subjects: state.identities(people),
        planned: &ran.planned,
        outcomes: &ran.outcomes,
        residue: &ran.residue,
        backups_expire_on: how.backups_expire_on,
    };
    let record = record.signed(&state.signing_key()?);
    if is_done {
        state.suppress(people, &id)?;
    }
    let path = state.keep_record(&id, &record)?;
    if common.json {
        let document = Document { people, loaded: &loaded, planned: &ran.planned }.to_json();
        out.json(&with_outcome(document, &ran.outcomes, &ran.residue, &record))?;
    } else {
        tell(&ran, &mut out)?;
        out.line(&format!("the record is in {}", path.display()))?;
    }
    close(&loaded, &ran, is_done)
}

fn close(loaded: &Loaded, ran: &Ran, is_done: bool) -> anyhow::Result<ExitCode> {
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
    anyhow::ensure!(is_done, "the erasure is not complete (above): run it again once that is mended");
    Ok(ended(show::is_explained(loaded, &ran.planned)))
}

fn is_done(outcomes: &[SourceOutcome]) -> bool {
    outcomes.iter().all(|one| matches!(one.outcome, Outcome::Done { .. } | Outcome::Nothing))
}

/// Executes, and plans again where rows changed meanwhile; what verifying finds is erased again.
async fn carry_out(
    work: &Work<'_>,
    first: Planned,
    journal: &mut RunJournal<'_>,
    how: &How,
    mut out: Option<&mut Output>,
) -> anyhow::Result<Ran> {
    let mut planned = first;
    let mut outcomes: Vec<SourceOutcome> = Vec::new();
    for attempt in 0..ATTEMPTS {
        let bar = bar(&planned);
        let done = execute(&work.erasure(), &planned, journal, &mut |_, rows| bar.inc(rows)).await;
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
            let done = execute(&work.erasure(), &again, journal, &mut |_, _| {}).await;
            merge(&mut outcomes, done);
            last = again;
        }
    }
    Ok(Ran { planned, outcomes, residue })
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

fn tell(ran: &Ran, out: &mut Output) -> anyhow::Result<()> {
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
