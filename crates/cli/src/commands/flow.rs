//! `habeas flow`: shows, checks, compares and tries out flows, without a server.
//!
//! A flow is named by a built-in one's name or by a file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;
use habeas_core::flow::{self, Flow, What, Work};

use crate::exit::usage;
use crate::output::{Output, Table, Tone};

mod simulate;

/// Most files looked at in one go.
const FILES_MAX: usize = 1000;

/// Show, check, compare and try out flows
#[derive(Debug, clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:\n  habeas flow list\n  habeas flow show erasure\n  habeas flow check ./flows/*.yml\n  \
    habeas flow diff access ./access.yml\n  habeas flow simulate access --law uk-gdpr --received 2027-01-31T10:00:00Z\n  \
    habeas flow export access > access.yml\n  habeas flow import ./access.yml --data-dir ./data"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the built-in flows with their working time
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show a flow: stages, tasks, who does them, in which time
    Show {
        /// A built-in flow or a file
        #[arg(value_name = "FLOW")]
        flow: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Check files; everything that keeps a flow from being published is told with its place
    Check {
        /// The files
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
    /// Show what differs between two flows
    Diff {
        /// The flow as it was: a built-in one or a file
        #[arg(value_name = "OLD")]
        old: String,
        /// The flow as it is to be
        #[arg(value_name = "NEW")]
        new: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    Simulate(simulate::Args),
    /// Print a flow as YAML, in the form flows are kept in
    Export {
        /// A built-in flow or a file
        #[arg(value_name = "FLOW")]
        flow: String,
    },
    /// Check a file and put it among the definitions of an installation, which takes it up as a further version
    Import {
        /// The file
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The folder of the installation
        #[arg(long, value_name = "DIR")]
        data_dir: PathBuf,
        /// Take the place of a file that is there and says something else
        #[arg(long)]
        replace: bool,
    },
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let mut out = Output::stdout();
    match args.command {
        Command::List { json } => list(json, &mut out)?,
        Command::Show { flow, json } => show(&find(&flow)?, json, &mut out)?,
        Command::Check { files } => return check(&files, &mut out),
        Command::Diff { old, new, json } => diff(&find(&old)?, &find(&new)?, json, &mut out)?,
        Command::Simulate(args) => simulate::run(&args, &mut out)?,
        Command::Export { flow } => out.put(find(&flow)?.to_yaml().as_bytes())?,
        Command::Import { file, data_dir, replace } => import(&file, &data_dir, replace, &mut out)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns the built-in flow of that name, or the one in a file.
fn find(name: &str) -> anyhow::Result<Flow> {
    if let Some((known, text)) = flow::builtin().iter().find(|(known, _)| *known == name) {
        return parse(known, text);
    }
    let path = Path::new(name);
    if !path.is_file() {
        let known: Vec<&str> = flow::builtin().iter().map(|(name, _)| *name).collect();
        return Err(usage(format!("there is no flow or file `{name}`; built in are: {}", known.join(", "))));
    }
    parse(name, &read(path)?)
}

fn parse(file: &str, text: &str) -> anyhow::Result<Flow> {
    Flow::parse(file, text).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(|problem| format!("  {problem}")).collect();
        anyhow::anyhow!("the flow can't be used:\n{}", lines.join("\n"))
    })
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))
}

fn list(json: bool, out: &mut Output) -> anyhow::Result<()> {
    let flows: Vec<Flow> =
        flow::builtin().iter().map(|(name, text)| parse(name, text)).collect::<anyhow::Result<_>>()?;
    if json {
        let summary = |flow: &Flow| {
            serde_json::json!({
                "flow": flow.name,
                "title": flow.title,
                "description": flow.description,
                "work_hours": flow.work_hours(),
                "work_days": flow.work_days(),
            })
        };
        return out.json(&serde_json::json!({ "flows": flows.iter().map(summary).collect::<Vec<_>>() }));
    }
    let mut table = Table::new(["flow", "title", "working hours", "working days"]);
    for flow in &flows {
        let (hours, days) = (flow.work_hours().to_string(), flow.work_days().to_string());
        table.row([flow.name.as_str(), &flow.title, &hours, &days]);
    }
    out.table(&table)
}

fn who(work: &Work) -> String {
    match work {
        Work::Automatic(operation) => format!("Habeas: {}", operation.as_str()),
        Work::Manual(manual) => manual.role.to_string(),
    }
}

fn show(flow: &Flow, json: bool, out: &mut Output) -> anyhow::Result<()> {
    if json {
        return out.json(&as_json(flow));
    }
    out.toned(Tone::Strong, &format!("{} ({})", flow.title, flow.name))?;
    out.line(&flow.description)?;
    out.line(&format!(
        "{} working hours = {} working days of {} hours",
        flow.work_hours(),
        flow.work_days(),
        flow::DAY_HOURS
    ))?;
    out.line("")?;
    let mut table = Table::new(["stage", "order", "task", "done by", "within", "only if"]);
    for stage in &flow.stages {
        for task in &stage.tasks {
            let (order, who) = (task.order.to_string(), who(&task.work));
            let within = task.deadline.map(|span| span.to_string()).unwrap_or_default();
            let condition = task.condition.as_ref().map(flow::Condition::as_str).unwrap_or_default();
            table.row([stage.title.as_str(), &order, &task.title, &who, &within, condition]);
        }
    }
    out.table(&table)
}

fn as_json(flow: &Flow) -> serde_json::Value {
    let stages = flow.stages.iter().map(|stage| {
        let tasks = stage.tasks.iter().map(|task| {
            serde_json::json!({
                "task": task.key,
                "title": task.title,
                "order": task.order,
                "operation": task.operation(),
                "role": task.manual().map(|manual| manual.role.to_string()),
                "mandatory": task.is_mandatory,
                "deadline": task.deadline.map(|span| span.to_string()),
                "condition": task.condition.as_ref().map(flow::Condition::as_str),
            })
        });
        serde_json::json!({
            "stage": stage.key,
            "title": stage.title,
            "work_hours": stage.work_hours(),
            "tasks": tasks.collect::<Vec<_>>(),
        })
    });
    serde_json::json!({
        "flow": flow.name,
        "title": flow.title,
        "description": flow.description,
        "work_hours": flow.work_hours(),
        "work_days": flow.work_days(),
        "stages": stages.collect::<Vec<_>>(),
    })
}

/// Checks files; tells every problem with file and line.
fn check(files: &[PathBuf], out: &mut Output) -> anyhow::Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for file in files.iter().take(FILES_MAX) {
        let name = file.display().to_string();
        match Flow::parse(&name, &read(file)?) {
            Ok(flow) => out.line(&format!("{name}: {} may be published", flow.name))?,
            Err(problems) => {
                code = ExitCode::FAILURE;
                for problem in &problems {
                    out.toned(Tone::Bad, &problem.to_string())?;
                }
            }
        }
    }
    Ok(code)
}

fn diff(old: &Flow, new: &Flow, json: bool, out: &mut Output) -> anyhow::Result<()> {
    let found = flow::compare(old, new);
    if json {
        let one = |difference: &flow::Difference| match &difference.what {
            What::Added => serde_json::json!({"place": difference.place, "what": "added"}),
            What::Removed => serde_json::json!({"place": difference.place, "what": "removed"}),
            What::Changed { property, before, after } => serde_json::json!({
                "place": difference.place,
                "what": "changed",
                "property": property,
                "before": before,
                "after": after,
            }),
        };
        return out.json(&serde_json::json!({ "differences": found.iter().map(one).collect::<Vec<_>>() }));
    }
    if found.is_empty() {
        return out.line("Nothing differs");
    }
    for difference in &found {
        match &difference.what {
            What::Added => out.toned(Tone::Good, &format!("+ {}", difference.place))?,
            What::Removed => out.toned(Tone::Bad, &format!("- {}", difference.place))?,
            What::Changed { property, before, after } => {
                out.line(&format!("  {}, {property}: {before:?} -> {after:?}", difference.place))?;
            }
        }
    }
    Ok(())
}

fn import(file: &Path, data_dir: &Path, replace: bool, out: &mut Output) -> anyhow::Result<()> {
    let text = read(file)?;
    let flow = parse(&file.display().to_string(), &text)?;
    if !data_dir.is_dir() {
        return Err(usage(format!("there is no data folder {}", data_dir.display())));
    }
    let folder = data_dir.join("definitions").join("flows");
    std::fs::create_dir_all(&folder).with_context(|| format!("failed to make {}", folder.display()))?;
    // The name holds nothing that could lead out of the folder: flow files allow no such letters.
    let to = folder.join(format!("{}.yml", flow.name));
    if to.exists() && read(&to)? != text && !replace {
        return Err(usage(format!("{} is there and says something else; add --replace", to.display())));
    }
    std::fs::write(&to, &text).with_context(|| format!("failed to write {}", to.display()))?;
    out.line(&format!("{} stands in {}; it is taken up at the next start", flow.name, to.display()))
}
