//! `habeas law`: shows the law packs; and finds packs for other commands.
//!
//! Without a server the packs are the built-in ones; a folder given with `--laws` replaces those of the same
//! name and adds others.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;
use habeas_core::law::{Effect, Pack, Problem, Provision, Status, Verified, Versions, builtin};

mod diff;
mod page;

use crate::exit::usage;
use crate::output::{Output, Table, Tone};

/// Most files looked at in a folder of definitions.
const FILES_MAX: usize = 1000;

/// Show the laws whose dates, grounds and remedies are built in
#[derive(Debug, clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:\n  habeas law list\n  habeas law show uk-gdpr\n  habeas law show us-ca --json\n  \
    habeas law diff uk-gdpr ./uk-gdpr.toml\n  habeas law check ./laws/*.toml"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the laws
    List {
        #[command(flatten)]
        folder: Laws,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show what a law says: rights, periods, pauses, grounds, remedies
    Show {
        /// The law, such as uk-gdpr
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        folder: Laws,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show what differs between two packs: a law's name or a file each
    Diff {
        /// The law or file as it was
        #[arg(value_name = "OLD")]
        old: String,
        /// The law or file as it is to be
        #[arg(value_name = "NEW")]
        new: String,
        #[command(flatten)]
        folder: Laws,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Check files of law packs; problems are told with file and line
    Check {
        /// The files
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
    /// Print all laws as one page of Markdown
    Page {
        #[command(flatten)]
        folder: Laws,
    },
}

/// Where packs come from beside the built-in ones.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Laws {
    /// A folder of law packs (ID.toml), which go before the built-in ones
    #[arg(long, value_name = "DIR")]
    laws: Option<PathBuf>,
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let mut out = Output::stdout();
    match args.command {
        Command::List { folder, json } => list(&folder, json, &mut out)?,
        Command::Show { id, folder, json } => show(&folder.pack(&id)?, json, &mut out)?,
        Command::Diff { old, new, folder, json } => diff::run(&old, &new, &folder, json, &mut out)?,
        Command::Check { files } => return check(&files, &mut out),
        Command::Page { folder } => {
            let packs = folder.ids()?.iter().map(|id| folder.pack(id)).collect::<anyhow::Result<Vec<_>>>()?;
            for line in page::page(&packs).lines() {
                out.line(line)?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

impl Laws {
    /// Returns the law of that name, checked.
    pub(crate) fn pack(&self, id: &str) -> anyhow::Result<Pack> {
        let own = own_file(self.laws.as_deref(), id)?;
        let text = match (&own, builtin().iter().find(|(known, _)| *known == id)) {
            (Some(own), _) => own.clone(),
            (None, Some((_, text))) => (*text).to_owned(),
            (None, None) => {
                let known: Vec<String> = self.ids()?;
                return Err(usage(format!("there is no law `{id}`; there are: {}", known.join(", "))));
            }
        };
        let file = format!("{id}.toml");
        Pack::parse(&text)
            .map_err(|problems| told(&format!("the law `{id}` can't be used"), &file, &problems))
    }

    /// Returns the names of all laws, sorted.
    pub(crate) fn ids(&self) -> anyhow::Result<Vec<String>> {
        let mut ids: Vec<String> = builtin().iter().map(|(id, _)| (*id).to_owned()).collect();
        ids.extend(own_ids(self.laws.as_deref())?);
        ids.sort();
        ids.dedup();
        Ok(ids)
    }
}

/// Returns the names of the definitions in a folder.
pub(crate) fn own_ids(folder: Option<&Path>) -> anyhow::Result<Vec<String>> {
    let Some(folder) = folder else { return Ok(Vec::new()) };
    let entries = std::fs::read_dir(folder)
        .with_context(|| format!("failed to read the folder {}", folder.display()))?;
    let mut ids = Vec::new();
    for entry in entries.take(FILES_MAX) {
        let path = entry.with_context(|| format!("failed to read the folder {}", folder.display()))?.path();
        if path.extension().is_some_and(|extension| extension == "toml")
            && let Some(stem) = path.file_stem().and_then(|stem| stem.to_str())
        {
            ids.push(stem.to_owned());
        }
    }
    Ok(ids)
}

/// Returns the text of a definition in a folder, if it is there.
pub(crate) fn own_file(folder: Option<&Path>, id: &str) -> anyhow::Result<Option<String>> {
    let Some(folder) = folder else { return Ok(None) };
    // Looked up among the names that are there, so that an id can't name a file elsewhere.
    if !own_ids(Some(folder))?.iter().any(|own| own == id) {
        return Ok(None);
    }
    let path = folder.join(format!("{id}.toml"));
    let text =
        std::fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
    Ok(Some(text))
}

/// Checks files; tells every problem with file and line.
fn check(files: &[PathBuf], out: &mut Output) -> anyhow::Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for file in files.iter().take(FILES_MAX) {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file).with_context(|| format!("failed to read {name}"))?;
        match Pack::parse(&text) {
            Ok(pack) => out.line(&format!("{name}: {} is in order", pack.id()))?,
            Err(problems) => {
                code = ExitCode::FAILURE;
                for problem in &problems {
                    out.toned(Tone::Bad, &problem.at(&name))?;
                }
            }
        }
    }
    Ok(code)
}

/// Makes one error of the problems of a definition.
pub(crate) fn told(what: &str, file: &str, problems: &[Problem]) -> anyhow::Error {
    let lines: Vec<String> = problems.iter().map(|problem| format!("  {}", problem.at(file))).collect();
    anyhow::anyhow!("{what}:\n{}", lines.join("\n"))
}

fn list(folder: &Laws, json: bool, out: &mut Output) -> anyhow::Result<()> {
    let packs = folder.ids()?.iter().map(|id| folder.pack(id)).collect::<anyhow::Result<Vec<Pack>>>()?;
    if json {
        let summary = |pack: &Pack| {
            serde_json::json!({
                "id": pack.id(),
                "name": pack.name(),
                "region": pack.region(),
                "version": pack.version(),
                "dated": pack.dated(),
                "status": pack.status(),
                "verified": pack.verified(),
                "effective_from": pack.effective_from(),
            })
        };
        return out.json(&serde_json::json!({ "laws": packs.iter().map(summary).collect::<Vec<_>>() }));
    }
    let mut table = Table::new(["law", "name", "region", "status", "verified"]);
    for pack in &packs {
        let status = match pack.status() {
            Status::InForce => "in force",
            Status::Future => "not yet in force",
        };
        table.row([pack.id(), pack.name(), pack.region(), status, mark(pack.verified())]);
    }
    out.table(&table)
}

fn mark(verified: Verified) -> &'static str {
    match verified {
        Verified::Seen => "source read",
        Verified::Recalled => "to be checked by counsel",
    }
}

fn show(pack: &Pack, json: bool, out: &mut Output) -> anyhow::Result<()> {
    if json {
        return out.json(pack);
    }
    out.toned(Tone::Strong, &format!("{} ({})", pack.name(), pack.id()))?;
    out.line(&format!(
        "{}, version {} of {}, {}",
        pack.region(),
        pack.version(),
        pack.dated(),
        mark(pack.verified())
    ))?;
    out.line("")?;
    let mut rights = Table::new(["right", "article", ""]);
    for rule in pack.rights() {
        let words = rule.words.as_deref().unwrap_or_default();
        rights.row([rule.right.as_str(), &rule.article, words]);
    }
    out.table(&rights)?;
    out.line("")?;
    out.table(&periods(pack))?;
    for start in pack.clock_starts() {
        show_provision("clock", Some(start), out)?;
    }
    show_provision("counting", pack.counting(), out)?;
    out.line("")?;
    out.table(&waits(pack))?;
    show_provision("fees", pack.fees(), out)?;
    show_provision("identity", pack.identity(), out)?;
    show_provision("agents", pack.agents(), out)?;
    show_provision("minors", pack.minors(), out)?;
    show_provision("records", pack.records(), out)?;
    out.line("")?;
    let mut grounds = Table::new(["ground to refuse", "article", ""]);
    for ground in pack.refusal_grounds() {
        grounds.row([ground.id.as_str(), &ground.article, &ground.words]);
    }
    out.table(&grounds)?;
    out.line("")?;
    out.table(&told_and_remedies(pack))?;
    for note in pack.notes() {
        show_provision(&note.topic.replace('_', " "), Some(note), out)?;
    }
    Ok(())
}

fn waits(pack: &Pack) -> Table {
    let mut table = Table::new(["question", "answer", "usual", "strict", "article", ""]);
    for wait in pack.waits() {
        table.row([
            wait.asked.as_str(),
            wait.answered.as_str(),
            effect(wait.usual),
            effect(wait.strict),
            wait.article.as_str(),
            range(wait.versions).trim(),
        ]);
    }
    table
}

fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::None => "no effect",
        Effect::StartsClock => "the answer starts the clock",
        Effect::StartsAfterReflection => "the clock starts after a time to think",
        Effect::ExcludesDaysBetween => "days until the answer don't count",
        Effect::ExcludesBothDays => "days until and with the answer don't count",
    }
}

fn told_and_remedies(pack: &Pack) -> Table {
    let mut table = Table::new(["a refusal tells, a person may turn to", "article", ""]);
    for told in pack.all_refusal_must_tell() {
        table.row([told.words.as_str(), &told.article, range(told.versions).trim()]);
    }
    for remedy in pack.all_remedies() {
        let contacts = [&remedy.site, &remedy.phone, &remedy.email];
        let contacts: Vec<&str> = contacts.into_iter().flatten().map(String::as_str).collect();
        table.row([remedy.name.as_str(), &remedy.article, &contacts.join(", ")]);
    }
    table
}

fn periods(pack: &Pack) -> Table {
    let mut table = Table::new(["duty", "period", "extension", "article", ""]);
    for period in pack.periods() {
        let duties: Vec<&str> = period.obligations.iter().map(|obligation| obligation.as_str()).collect();
        let extension = match &period.extension {
            None => "none".to_owned(),
            Some(extension) => extension.length.map_or("as told".to_owned(), |length| length.to_string()),
        };
        let duties = duties.join(", ");
        table.row([
            duties.as_str(),
            &period.length.to_string(),
            &extension,
            &period.article,
            range(period.versions).trim(),
        ]);
    }
    table
}

fn range(versions: Versions) -> String {
    match (versions.from, versions.before) {
        (None, None) => String::new(),
        (Some(from), None) => format!(" (requests from {from} on)"),
        (None, Some(before)) => format!(" (requests before {before})"),
        (Some(from), Some(before)) => format!(" (requests from {from}, before {before})"),
    }
}

fn show_provision(name: &str, provision: Option<&Provision>, out: &mut Output) -> anyhow::Result<()> {
    let Some(provision) = provision else { return Ok(()) };
    out.line(&format!("\n{name}: {}", provision.words))?;
    for item in &provision.items {
        out.line(&format!("  - {item}"))?;
    }
    out.toned(Tone::Quiet, &format!("  {}{}", provision.article, range(provision.versions)))
}
