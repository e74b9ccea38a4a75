//! A database of documents, a person, and what an erasure needs.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex};

use jiff::civil::date;

use habeas_core::yaml::Problems;
use habeas_dataset::graph::Graph;
use habeas_dataset::masking::Secrets;
use habeas_dataset::plan::Plan;
use habeas_dataset::policy::{self, Policy};
use habeas_dataset::retention::Retention;
use habeas_testkit::SeededChance;
use habeas_testkit::mongodb::Database;

use crate::collect::Subject;
use crate::connections::Connections;
use crate::erase::{Erasure, Fingerprint, Journal, Outcome, Planned, Residue, execute, plan, verify};
use crate::sources::Sources;
use crate::testing::people;

/// A dataset in its database, and everything an erasure in it needs.
pub(super) struct World {
    pub(super) database: Database,
    pub(super) sources: Sources,
    graph: Graph,
    plan: Plan,
    whole: Plan,
    policy: Policy,
    retention: Retention,
    secrets: Secrets,
    subjects: Vec<Subject>,
    chance: SeededChance,
    masked: Arc<Mutex<HashSet<Fingerprint>>>,
    is_done: Box<dyn Fn(&Fingerprint) -> bool + Send + Sync>,
}

pub(super) const WRITABLE: &str = "grant = [\"read\", \"write\"]";

impl World {
    /// Reaches the database at an address with some more lines for the connection.
    pub(super) fn at(database: Database, url: &str, more: &str, collections: &str, policy: &str) -> Self {
        let problems = Problems::new();
        let yaml = format!("fides_key: shop\ncollections:\n{collections}");
        let datasets = habeas_dataset::read::read("shop.yml", &yaml, &problems);
        let policy = policy::read("policy.yml", policy, &problems).unwrap();
        assert!(!problems.has_errors(), "{:?}", problems.into_vec());
        let graph = Graph::new(datasets).unwrap();
        let masked: Arc<Mutex<HashSet<Fingerprint>>> = Arc::default();
        let known = Arc::clone(&masked);
        let connection = format!("[shop]\nurl = \"{url}\"\n{more}\n");
        Self {
            database,
            sources: Sources::new(&Connections::parse(&connection, Path::new("")).unwrap()),
            plan: graph.plan_whole(&["email"]).unwrap(),
            whole: graph.plan_whole(&["email", "phone_number"]).unwrap(),
            graph,
            policy,
            retention: Retention::default(),
            secrets: Secrets::derive(&[3; 32]),
            subjects: people("email", &["ada@x.org"]),
            chance: SeededChance::new(1),
            masked,
            is_done: Box::new(move |print| known.lock().unwrap().contains(print)),
        }
    }

    pub(super) fn new(database: Database, collections: &str, policy: &str) -> Self {
        let url = database.url();
        Self::at(database, &url, WRITABLE, collections, policy)
    }

    /// The same with what another has noted.
    pub(super) fn remembering(self, other: &Self) -> Self {
        self.masked.lock().unwrap().extend(other.masked.lock().unwrap().iter());
        self
    }

    pub(super) fn erasure(&self) -> Erasure<'_> {
        Erasure {
            graph: &self.graph,
            plan: &self.plan,
            whole: &self.whole,
            policy: &self.policy,
            spares_keys: false,
            retention: &self.retention,
            secrets: &self.secrets,
            fingerprint_key: [5; 32],
            is_done: &*self.is_done,
            today: date(2026, 11, 25),
            sources: &self.sources,
            subjects: &self.subjects,
            chance: &self.chance,
        }
    }

    pub(super) async fn planned(&self) -> Planned {
        plan(&self.erasure()).await.unwrap()
    }

    /// What is in the way, a line each.
    pub(super) async fn troubles(&self) -> Vec<String> {
        let line = |one: &crate::erase::Trouble| {
            format!("{}.{}: {}", one.collection, one.field.as_deref().unwrap_or("*"), one.message)
        };
        self.planned().await.troubles.iter().map(line).collect()
    }

    pub(super) async fn execute(&self, planned: &Planned) -> Outcome {
        let mut notes = Notes(Arc::clone(&self.masked));
        let outcomes = execute(&self.erasure(), planned, &mut notes, &mut |_, _| {}).await;
        outcomes.into_iter().next().map_or(Outcome::Nothing, |one| one.outcome)
    }

    /// Erases, and looks whether all is gone. Returns how many documents were deleted and masked.
    pub(super) async fn erase(&self) -> (u64, u64) {
        let planned = self.planned().await;
        assert_eq!(planned.troubles, [], "nothing is in the way");
        let done = match self.execute(&planned).await {
            Outcome::Done { deleted, masked } => (deleted, masked),
            Outcome::Nothing => (0, 0),
            other => panic!("{other:?}"),
        };
        assert_eq!(self.verify(&planned).await, []);
        assert_eq!(self.planned().await.changes(), 0, "erasing again changes nothing");
        done
    }

    pub(super) async fn verify(&self, planned: &Planned) -> Vec<Residue> {
        verify(&self.erasure(), planned).await.unwrap().0
    }
}

struct Notes(Arc<Mutex<HashSet<Fingerprint>>>);

impl Journal for Notes {
    fn before_commit(&mut self, _: &str, masked: &[Fingerprint]) -> std::io::Result<()> {
        self.0.lock().unwrap().extend(masked);
        Ok(())
    }

    fn committed(&mut self, _: &str) -> std::io::Result<()> {
        Ok(())
    }
}
