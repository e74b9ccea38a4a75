//! What all erasing commands are told, and what they read of it.

use std::path::PathBuf;

use habeas_connect::collect::Failure;
use habeas_connect::connections::Connections;
use habeas_connect::erase::{Erasure, Fingerprint, Planned};
use habeas_connect::sources::Sources;
use habeas_core::context::SharedChance;
use habeas_core::yaml::{Problem, Problems};
use habeas_dataset::erasure::{everything, unknown_categories, unused_rules};
use habeas_dataset::graph::Graph;
use habeas_dataset::masking::Secrets;
use habeas_dataset::plan::Plan;
use habeas_dataset::policy::Policy;
use habeas_dataset::retention::{self, Retention};
use jiff::civil::Date;

use super::state::State;
use crate::commands::collect::identities::{self, People};
use crate::commands::dataset::files as datasets;
use crate::exit::usage;
use crate::{output, system};

#[derive(Debug, clap::Args)]
pub(super) struct Common {
    /// A dataset file, or a folder of them
    #[arg(long, required = true, value_name = "PATH")]
    datasets: Vec<PathBuf>,

    /// The connections file: where each source is, and whether it may be changed
    #[arg(long, value_name = "FILE")]
    connections: PathBuf,

    /// What is deleted and what is masked; without it everything personal is emptied
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,

    /// Retention rules and legal holds: what is kept, and why
    #[arg(long, value_name = "FILE")]
    retention: Option<PathBuf>,

    /// The folder of journals, deletion records and fingerprints; without it `erasure` beside the connections file
    #[arg(long, value_name = "FOLDER")]
    state: Option<PathBuf>,

    /// Print JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Who {
    /// An identity of the person, such as email=ada@example.com; several are all used
    #[arg(long = "identity", value_name = "KIND=VALUE", required_unless_present = "identities")]
    identity: Vec<String>,

    /// A CSV file with a person a line; its first line names the kinds of identity
    #[arg(long, value_name = "FILE", conflicts_with = "identity")]
    identities: Option<PathBuf>,
}

impl Who {
    pub(super) fn people(&self) -> anyhow::Result<People> {
        match &self.identities {
            Some(file) => identities::read(file),
            None => identities::parse(&self.identity),
        }
    }
}

impl Common {
    pub(super) fn state_folder(&self) -> PathBuf {
        self.state.clone().unwrap_or_else(|| super::beside(&self.connections))
    }
}

/// Everything a run is made from.
pub(super) struct Loaded {
    pub(super) graph: Graph,
    pub(super) plan: Plan,
    whole: Plan,
    policy: Policy,
    spares_keys: bool,
    retention: Retention,
    pub(super) sources: Sources,
    /// What is worth knowing about the files.
    pub(super) notes: Vec<String>,
    today: Date,
    chance: SharedChance,
}

impl Loaded {
    pub(super) fn load(common: &Common, people: &People) -> anyhow::Result<Self> {
        let connections = Connections::load(&common.connections)?;
        let graph = datasets::datasets(&common.datasets)?.graph_with_by_hand(&connections.by_hand())?;
        let (policy, spares_keys) = match &common.policy {
            Some(path) => (datasets::policy(Some(path))?, false),
            None => (everything(), true),
        };
        let mut notes = check_policy(&policy, &graph)?;
        let retention = match &common.retention {
            Some(path) => retention(path, &graph)?,
            None => Retention::default(),
        };
        let idle = retention.idle_rules(graph.datasets());
        notes.extend(
            idle.iter().map(|name| format!("the retention rule {name} is about no field of any dataset")),
        );
        let kinds = people.kinds();
        let kinds: Vec<&str> = kinds.iter().map(|kind| &**kind).collect();
        let plan = graph.plan_whole(&kinds).map_err(|problems| told(&problems))?;
        let all = graph.identities();
        let all: Vec<&str> = all.iter().map(|kind| &**kind).collect();
        let whole = graph.plan_whole(&all).map_err(|problems| told(&problems))?;
        let sources = Sources::new(&connections);
        let today = system::clock().now().to_zoned(jiff::tz::TimeZone::UTC).date();
        Ok(Self {
            graph,
            plan,
            whole,
            policy,
            spares_keys,
            retention,
            sources,
            notes,
            today,
            chance: system::chance(),
        })
    }

    /// Puts together what the executor needs.
    pub(super) fn work<'w>(&'w self, people: &'w People, state: &'w State, secret: &[u8; 32]) -> Work<'w> {
        let is_done = move |print: &Fingerprint| state.is_masked(print);
        Work { loaded: self, people, state, secrets: Secrets::derive(secret), is_done: Box::new(is_done) }
    }
}

/// A run with everything it needs.
pub(super) struct Work<'w> {
    loaded: &'w Loaded,
    people: &'w People,
    state: &'w State,
    secrets: Secrets,
    is_done: Box<dyn Fn(&Fingerprint) -> bool + Send + Sync + 'w>,
}

impl Work<'_> {
    pub(super) fn erasure(&self) -> Erasure<'_> {
        Erasure {
            graph: &self.loaded.graph,
            plan: &self.loaded.plan,
            whole: &self.loaded.whole,
            policy: &self.loaded.policy,
            spares_keys: self.loaded.spares_keys,
            retention: &self.loaded.retention,
            secrets: &self.secrets,
            fingerprint_key: self.state.key(),
            is_done: &*self.is_done,
            today: self.loaded.today,
            sources: &self.loaded.sources,
            subjects: &self.people.subjects,
            chance: &*self.loaded.chance,
        }
    }

    pub(super) async fn plan(&self) -> Result<Planned, Failure> {
        habeas_connect::erase::plan(&self.erasure()).await
    }
}

fn check_policy(policy: &Policy, graph: &Graph) -> anyhow::Result<Vec<String>> {
    if policy.erasure.is_empty() {
        return Err(usage("the policy has no rule for erasure: add a section 'erasure'"));
    }
    let unknown = unknown_categories(policy, graph.datasets());
    if let Some(category) = unknown.first() {
        anyhow::bail!("the policy erases {category}, which neither the taxonomy nor a dataset knows");
    }
    let name = |place: &usize| {
        let rule = policy.erasure.get(*place)?;
        let names: Vec<&str> =
            rule.categories.iter().map(habeas_dataset::taxonomy::Category::as_str).collect();
        Some(format!("the policy's rule for {} is about no field of any dataset", names.join(", ")))
    };
    Ok(unused_rules(policy, graph.datasets()).iter().filter_map(name).collect())
}

fn retention(path: &std::path::Path, graph: &Graph) -> anyhow::Result<Retention> {
    let problems = Problems::new();
    let text = datasets::text(path)?;
    let read = retention::read(&path.display().to_string(), &text, graph.datasets(), &problems);
    let problems = problems.into_vec();
    for problem in &problems {
        output::note(&problem.to_string());
    }
    anyhow::ensure!(
        !problems.iter().any(Problem::is_error),
        "the retention rules {} can't be used",
        path.display()
    );
    Ok(read)
}

fn told(problems: &[Problem]) -> anyhow::Error {
    for problem in problems {
        output::note(&problem.to_string());
    }
    anyhow::anyhow!("the order the datasets ask for can't be had")
}
