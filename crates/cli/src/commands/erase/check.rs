//! `habeas erase check`: whether a deletion record is as it was signed, and what it states, in words.

use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use habeas_connect::erase::account::CollectionAccount;
use habeas_connect::erase::record::{self, Checked, Record, SearchedFrom, SourceRecord};
use serde_json::json;

use crate::commands::dataset::files::counted;
use crate::commands::package::parse_key;
use crate::exit::usage;
use crate::output::{Output, Tone};

/// No record is larger.
const LARGEST: u64 = 16 * 1024 * 1024;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The record
    #[arg(value_name = "FILE")]
    path: PathBuf,

    /// The public key the organisation publishes, 64 hexadecimal digits
    #[arg(long, value_name = "PUBKEY")]
    key: Option<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let shown = args.path.display();
    if !args.path.is_file() {
        return Err(usage(format!("there is no file {shown}")));
    }
    let key = args.key.as_deref().map(parse_key).transpose()?;
    let mut text = String::new();
    File::open(&args.path)
        .and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text))
        .with_context(|| format!("failed to read {shown}"))?;
    let checked = record::check(&text, key.as_ref()).with_context(|| format!("failed to check {shown}"))?;
    let mut out = Output::stdout();
    if args.json {
        out.json(&json!({
            "is_intact": checked.is_intact(),
            "is_signed": checked.is_signed,
            "is_expected_key": checked.is_expected_key,
            "is_complete": checked.record.is_complete(),
            "record": checked.record,
        }))?;
    } else {
        show(&checked, &mut out)?;
    }
    Ok(if checked.is_intact() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn show(checked: &Checked, out: &mut Output) -> anyhow::Result<()> {
    if checked.is_signed {
        out.toned(Tone::Good, "The record is as it was signed.")?;
    } else {
        out.toned(Tone::Bad, "The record is not what was signed: what it states can't be relied on.")?;
    }
    let record = &checked.record;
    out.line(&format!("Signed with the key {}", record.public_key))?;
    match checked.is_expected_key {
        Some(true) => out.line("which is the one you gave")?,
        Some(false) => out.toned(Tone::Bad, "which is not the one you gave: someone else signed it.")?,
        None => out.toned(
            Tone::Warning,
            "Compare it with the one the organisation publishes, or give that with --key: without it, this only tells that nothing was changed since, not who signed.",
        )?,
    }
    if checked.is_intact() { statement(record, out) } else { Ok(()) }
}

fn statement(record: &Record, out: &mut Output) -> anyhow::Result<()> {
    out.line("")?;
    let runs = if record.runs > 1 { format!(", in {} runs", record.runs) } else { String::new() };
    out.line(&format!(
        "Erasure {} of {}, from {} to {}{runs}",
        record.id,
        counted(record.subjects.len(), "person").replace("persons", "people"),
        record.began_at,
        record.ended_at
    ))?;
    if record.is_complete() {
        out.toned(
            Tone::Good,
            "All that was planned is done, and nothing was left when it was looked for again.",
        )?;
    } else {
        out.toned(Tone::Bad, "It is not complete:")?;
    }
    for left in &record.verification.residue {
        out.toned(
            Tone::Bad,
            &format!("  {}:{}: {} {}", left.dataset, left.collection, left.rows, left.what),
        )?;
    }
    for lost in &record.verification.lost {
        let rows = rows(lost.rows);
        out.toned(
            Tone::Bad,
            &format!(
                "  source {}: {rows} planned by a run that was broken off were found no more",
                lost.source
            ),
        )?;
    }
    for source in &record.sources {
        self::source(source, out)?;
    }
    if record.verification.searched_from == SearchedFrom::Identities {
        out.line("A run was broken off after it had erased rows: afterwards it was searched from the identities only")?;
    }
    match record.backups_expire_on {
        Some(day) => out.line(&format!("The last backup that holds the data expires on {day}")),
        None => out.line("It doesn't say when backups that hold the data expire"),
    }
}

fn source(source: &SourceRecord, out: &mut Output) -> anyhow::Result<()> {
    let outcome = match source.outcome.as_deref() {
        Some("done") => "done",
        Some("nothing") | None => "nothing was to be done",
        Some("changed") => "not done: rows changed while it was planned, again and again",
        Some("unknown") => "unknown: the connection was lost while the source was ending the transaction",
        Some("unrecorded") => "not done: the journal could not be written",
        Some(_) => "not done",
    };
    out.line(&format!("Source {}: {outcome}", source.source))?;
    source.collections.iter().try_for_each(|known| collection(known, out))
}

fn collection(known: &CollectionAccount, out: &mut Output) -> anyhow::Result<()> {
    let done: Vec<String> = known.rows.iter().map(|(word, count)| format!("{count} {word}")).collect();
    let done =
        if done.is_empty() { "no row changed".to_owned() } else { format!("rows {}", done.join(", ")) };
    out.line(&format!("  {}:{}: {done}", known.dataset, known.collection))?;
    for field in &known.fields {
        let exact = match field.effect.as_str() {
            "pseudonymised" => "pseudonymised, which is not erasure",
            other => other,
        };
        out.line(&format!("    {}: {}, {exact} ({})", field.field, field.strategy, rows(field.rows)))?;
    }
    for kept in &known.kept {
        let what = kept.field.as_ref().map_or_else(|| "kept".to_owned(), |field| format!("{field} kept"));
        let law = kept.law.as_ref().map(|law| format!(", {law}")).unwrap_or_default();
        let until = kept.until.as_ref().map(|until| format!(", until {until}")).unwrap_or_default();
        out.line(&format!("    {what} ({}{law}{until}): {} ({})", kept.rule, kept.reason, rows(kept.rows)))?;
    }
    Ok(())
}

fn rows(count: u64) -> String {
    counted(usize::try_from(count).unwrap_or(usize::MAX), "row")
}
