//! Finds and reads the dataset and policy files a command was given.
//!
//! Of a folder every YAML file counts. One without datasets (a policy, a connections file) is passed over
//! with a note, so that a folder can hold all of an installation and still nothing is passed over unseen.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use habeas_core::yaml::{self, Problem, Problems, nearest};
use habeas_dataset::check::check;
use habeas_dataset::graph::Graph;
use habeas_dataset::model::Dataset;
use habeas_dataset::policy::{self, Policy};
use habeas_dataset::read::read;

use crate::exit::usage;
use crate::output;

/// Most files read from folders.
const FILES_MAX: usize = 10_000;
/// Deepest nesting of folders.
const DEPTH_MAX: usize = 8;

/// What dataset files hold.
pub(crate) struct Loaded {
    pub(crate) datasets: Vec<Dataset>,
    /// All that is wrong with them, each alone and together.
    pub(crate) problems: Vec<Problem>,
}

impl Loaded {
    /// Makes the graph where no connection leads to some datasets. Warnings are left to `habeas dataset check`.
    pub(crate) fn graph_with_by_hand(self, by_hand: &[String]) -> anyhow::Result<Graph> {
        let errors: Vec<&Problem> = self.problems.iter().filter(|problem| problem.is_error()).collect();
        if errors.is_empty() {
            return Graph::with_by_hand(self.datasets, by_hand)
                .map_err(|problems| told(&problems.iter().collect::<Vec<_>>()));
        }
        Err(told(&errors))
    }
}

/// Tells problems on standard error and returns the error that ends the command.
fn told(problems: &[&Problem]) -> anyhow::Error {
    for problem in problems {
        output::note(&problem.to_string());
    }
    anyhow::anyhow!(
        "the datasets have {} (above); 'habeas dataset check' tells more",
        counted(problems.len(), "error")
    )
}

/// Returns a number with its noun.
pub(crate) fn counted(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// Reads the datasets of files and folders.
pub(crate) fn datasets(paths: &[PathBuf]) -> anyhow::Result<Loaded> {
    let problems = Problems::new();
    let mut datasets = Vec::new();
    for path in paths {
        for (file, is_found) in files(path)? {
            let text = text(&file)?;
            let name = file.display().to_string();
            if is_found && !holds_datasets(&name, &text, &problems) {
                continue;
            }
            datasets.extend(read(&name, &text, &problems));
        }
    }
    let mut all = problems.into_vec();
    all.extend(check(&datasets));
    all.sort();
    all.dedup();
    if datasets.is_empty() && all.is_empty() {
        return Err(usage("there is no dataset in what was given"));
    }
    Ok(Loaded { datasets, problems: all })
}

/// Reads a policy; without one everything personal is included.
pub(crate) fn policy(path: Option<&Path>) -> anyhow::Result<Policy> {
    let Some(path) = path else { return Ok(Policy::default()) };
    let problems = Problems::new();
    let policy = policy::read(&path.display().to_string(), &text(path)?, &problems);
    let problems = problems.into_vec();
    for problem in &problems {
        output::note(&problem.to_string());
    }
    match policy {
        Some(policy) if !problems.iter().any(Problem::is_error) => Ok(policy),
        _ => anyhow::bail!("the policy {} can't be used", path.display()),
    }
}

/// Returns a file itself, or all YAML files of a folder in order, with whether they were found that way.
fn files(path: &Path) -> anyhow::Result<Vec<(PathBuf, bool)>> {
    let about = fs::metadata(path).with_context(|| format!("failed to read {}", path.display()))?;
    if !about.is_dir() {
        return Ok(vec![(path.to_owned(), false)]);
    }
    let mut found = Vec::new();
    walk(path, 0, &mut found)?;
    found.sort();
    Ok(found.into_iter().map(|file| (file, true)).collect())
}

fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    anyhow::ensure!(depth <= DEPTH_MAX, "folders are nested too deep at {}", folder.display());
    let about = || format!("failed to read {}", folder.display());
    for entry in fs::read_dir(folder).with_context(about)? {
        let path = entry.with_context(about)?.path();
        let is_yaml = matches!(path.extension().and_then(OsStr::to_str), Some("yml" | "yaml"));
        if path.is_dir() {
            walk(&path, depth + 1, found)?;
        } else if is_yaml {
            found.push(path);
        }
        anyhow::ensure!(found.len() <= FILES_MAX, "more than {FILES_MAX} files in {}", folder.display());
    }
    Ok(())
}

/// Reads a file of limited length.
pub(crate) fn text(path: &Path) -> anyhow::Result<String> {
    let about = fs::metadata(path).with_context(|| format!("failed to read {}", path.display()))?;
    let limit = yaml::MAX_BYTES;
    anyhow::ensure!(about.len() <= limit as u64, "{} is longer than {limit} bytes", path.display());
    let bytes = fs::read(path).with_context(|| format!("failed to read {}", path.display()))?;
    String::from_utf8(bytes).map_err(|_| anyhow::anyhow!("{} is not UTF-8 text", path.display()))
}

/// Tells whether a file of a folder is about datasets. What can't be read is read again, to be reported.
fn holds_datasets(name: &str, text: &str, problems: &Problems) -> bool {
    let unread = Problems::new();
    let Some(document) = yaml::parse(name, text, &unread) else { return true };
    let root = document.root(&unread);
    let Some(map) = root.mapping() else { return true };
    let keys: Vec<&str> = map.entries().map(|(key, _)| key).collect();
    if keys.iter().any(|key| ["dataset", "fides_key"].contains(key)) {
        return true;
    }
    let meant = keys.iter().find(|key| nearest(key, ["dataset"]).is_some());
    match meant {
        Some(key) => {
            problems.push(root.problem(format!("unknown key '{key}'")).with_hint("did you mean 'dataset'?"));
        }
        None => output::note(&format!("{name}: holds no dataset and is passed over")),
    }
    false
}
