//! Where a person's data is and how it is found: datasets, policy, register and the connected sources.

use std::path::Path;
use std::sync::Arc;

use habeas_connect::connections::{Connections, Invalid, Owner};
use habeas_connect::sources::Sources;
use habeas_core::definition::{Catalog, Kind, Text};
use habeas_core::register::Register;
use habeas_core::yaml::{Problem, Problems};
use habeas_dataset::graph::Graph;
use habeas_dataset::plan::{Group, NodeId, Plan, Source};
use habeas_dataset::policy;
use habeas_dataset::read;
use habeas_render::package::{Collection, Field};

/// Why sources can't be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The connections file is wrong.
    #[error(transparent)]
    Connections(#[from] Invalid),
    /// Definitions are wrong.
    #[error("{}", said(.0))]
    Definitions(Vec<Problem>),
}

/// Finds a person's data.
pub struct Finder {
    pub(crate) sources: Sources,
    pub(crate) plan: Plan,
    /// All datasets.
    pub(crate) graph: Graph,
    /// How the person's rows are found whole, to be changed.
    pub(crate) whole_plan: Plan,
    /// The same for every kind of identity: by what others would be found.
    pub(crate) every_plan: Plan,
    /// What any identity leads to directly: where somebody is looked for by hand.
    pub(crate) first_sight: Plan,
    /// The kinds of identity the datasets know.
    pub(crate) kinds: Vec<Arc<str>>,
    pub(crate) register: Register,
    pub(crate) collections: Vec<Collection>,
    /// The sources whose owner is asked, and by whom they are known.
    pub(crate) owned: Vec<Owned>,
}

/// A source whose owner is asked to look by hand.
pub(crate) struct Owned {
    pub(crate) name: String,
    pub(crate) owner: Owner,
    /// Whether it is searched by itself too.
    pub(crate) confirms: bool,
    pub(crate) datasets: Vec<String>,
}

/// The kinds of identity that a code by mail proves. A telephone number on the form proves nothing.
const PROVEN: [&str; 1] = ["email"];

impl Finder {
    /// Reads datasets, policy and register from the catalog, and the connections from their file.
    ///
    /// # Errors
    /// Everything that is wrong, with its place.
    pub fn open(catalog: &Catalog, connections: Option<&Path>) -> Result<Self, SetupError> {
        let connections = connections.map(Connections::load).transpose()?.unwrap_or_default();
        let problems = Problems::new();
        let datasets = catalog.texts(Kind::Dataset);
        let datasets =
            datasets.iter().flat_map(|text| read::read(&file(text), &text.text, &problems)).collect();
        let policy = catalog
            .texts(Kind::Policy)
            .first()
            .and_then(|text| policy::read(&file(text), &text.text, &problems));
        let register = catalog
            .texts(Kind::Register)
            .first()
            .and_then(|text| Register::parse(&file(text), &text.text, &problems));
        if problems.has_errors() {
            return Err(SetupError::Definitions(problems.into_vec()));
        }
        let graph = Graph::with_by_hand(datasets, &connections.by_hand()).map_err(SetupError::Definitions)?;
        let known = graph.identities();
        let kinds: Vec<&str> =
            PROVEN.into_iter().filter(|kind| known.iter().any(|name| &**name == *kind)).collect();
        let policy = policy.unwrap_or_default();
        let plan = graph.plan(&kinds, &policy).map_err(SetupError::Definitions)?;
        let all: Vec<&str> = known.iter().map(|kind| &**kind).collect();
        let whole = graph.plan(&all, &policy).map_err(SetupError::Definitions)?;
        let whole_plan = graph.plan_whole(&kinds).map_err(SetupError::Definitions)?;
        let every_plan = graph.plan_whole(&all).map_err(SetupError::Definitions)?;
        Ok(Self {
            first_sight: first_sight(whole),
            kinds: known,
            sources: Sources::new(&connections),
            plan,
            register: register.unwrap_or_default(),
            collections: collections(&graph),
            graph,
            whole_plan,
            every_plan,
            owned: owned(&connections),
        })
    }
}

fn owned(connections: &Connections) -> Vec<Owned> {
    let owned = connections.iter().filter_map(|connection| {
        Some(Owned {
            name: connection.name.to_string(),
            owner: connection.owner.clone()?,
            confirms: !connection.is_manual(),
            datasets: connection.datasets.clone(),
        })
    });
    owned.collect()
}

/// Keeps of a plan what an identity leads to directly, and drops every link that leads on.
fn first_sight(whole: Plan) -> Plan {
    let mut nodes = Vec::new();
    for mut node in whole.nodes {
        node.lookups.retain(|lookup| {
            matches!(lookup.from, Source::Identity(_)) && !lookup.third_party && !lookup.is_found_identity
        });
        node.after.clear();
        if !node.lookups.is_empty() && !node.third_party {
            nodes.push(node);
        }
    }
    let groups = (0..nodes.len())
        .map(|place| Group { nodes: vec![NodeId(place)], repeats: false, waits_for: Vec::new() })
        .collect();
    Plan { nodes, groups, unreached: Vec::new(), skipped: Vec::new(), ..whole }
}

fn file(text: &Text) -> String {
    format!("{} {}", text.kind.as_str(), text.name)
}

fn said(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Returns what people call the collections and their fields, for packages.
fn collections(graph: &Graph) -> Vec<Collection> {
    let mut named = Vec::new();
    for dataset in graph.datasets() {
        let source_name = dataset.name.clone().unwrap_or_else(|| words(&dataset.key));
        for collection in &dataset.collections {
            let mut fields = Vec::new();
            collection.each_field(|path, field| {
                fields.push(Field {
                    name: Arc::from(path.to_string()),
                    label: field.description.as_deref().and_then(name),
                    categories: field
                        .categories
                        .iter()
                        .map(|category| category.as_str().to_owned())
                        .collect(),
                    is_credential: policy::is_credential(field),
                });
            });
            named.push(Collection {
                dataset: Arc::clone(&dataset.key),
                collection: Arc::clone(&collection.name),
                source_name: source_name.clone(),
                name: collection
                    .description
                    .as_deref()
                    .and_then(name)
                    .unwrap_or_else(|| words(&collection.name)),
                fields,
            });
        }
    }
    named
}

/// A description is a name up to this length, in characters.
const NAME_LIMIT: usize = 60;

/// Returns a description as a name, where it is short enough for one.
fn name(description: &str) -> Option<String> {
    let text = description.trim().trim_end_matches('.');
    (!text.is_empty() && text.chars().count() <= NAME_LIMIT).then(|| text.to_owned())
}

/// Makes words for people of a technical name: `sale_order` becomes "Sale order".
fn words(name: &str) -> String {
    let text = name.replace(['_', '-'], " ");
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
