//! The same through the erase executor.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, bail, ensure};
use habeas_connect::collect::{Identity, Subject};
use habeas_connect::connections::Connections;
use habeas_connect::erase::{Erasure, Fingerprint, Journal, Outcome, Planned, execute, plan, verify};
use habeas_connect::sources::Sources;
use habeas_core::pii::Pii;
use habeas_core::yaml::Problems;
use habeas_dataset::graph::Graph;
use habeas_dataset::masking::Secrets;
use habeas_dataset::plan::Plan;
use habeas_dataset::policy::{self, Policy};
use habeas_dataset::retention::Retention;
use habeas_testkit::SeededChance;

pub(crate) struct Ours {
    graph: Graph,
    plan: Plan,
    policy: Policy,
    retention: Retention,
    secrets: Secrets,
    sources: Sources,
    chance: SeededChance,
    masked: Arc<Mutex<HashSet<Fingerprint>>>,
}

/// The people of some addresses, and all that erasing them needs.
pub(crate) struct People<'o> {
    ours: &'o Ours,
    subjects: Vec<Subject>,
    is_done: Box<dyn Fn(&Fingerprint) -> bool + Send + Sync + 'o>,
}

impl Ours {
    pub(crate) fn new(url: &str) -> anyhow::Result<Self> {
        let connection = format!("[shop]\nurl = \"{url}\"\ngrant = [\"read\", \"write\"]\n");
        let connections = Connections::parse(&connection, Path::new(""))
            .map_err(|error| anyhow::anyhow!("the connection: {error}"))?;
        let problems = Problems::new();
        let datasets =
            habeas_dataset::read::read("shop.yml", include_str!("../../access/shop.yml"), &problems);
        let policy = policy::read("policy.yml", include_str!("../policy.yml"), &problems);
        ensure!(!problems.has_errors(), "the files have problems");
        let graph = Graph::new(datasets).map_err(|_| anyhow::anyhow!("the dataset has problems"))?;
        let plan = graph.plan_whole(&["email"]).map_err(|_| anyhow::anyhow!("there is no plan"))?;
        Ok(Self {
            graph,
            plan,
            policy: policy.context("there is no policy")?,
            retention: Retention::default(),
            secrets: Secrets::derive(&[7; 32]),
            sources: Sources::new(&connections),
            chance: SeededChance::new(1),
            masked: Arc::default(),
        })
    }

    pub(crate) fn people(&self, emails: &[String]) -> People<'_> {
        let kind: Arc<str> = Arc::from("email");
        let identity = |email: &String| Identity { kind: Arc::clone(&kind), value: Pii::new(email.clone()) };
        let subjects = emails.iter().map(|email| Subject { identities: vec![identity(email)] }).collect();
        let is_done =
            |print: &Fingerprint| self.masked.lock().unwrap_or_else(PoisonError::into_inner).contains(print);
        People { ours: self, subjects, is_done: Box::new(is_done) }
    }
}

impl People<'_> {
    fn erasure(&self) -> Erasure<'_> {
        Erasure {
            graph: &self.ours.graph,
            plan: &self.ours.plan,
            whole: &self.ours.plan,
            policy: &self.ours.policy,
            spares_keys: false,
            retention: &self.ours.retention,
            secrets: &self.ours.secrets,
            fingerprint_key: [5; 32],
            is_done: &*self.is_done,
            today: jiff::civil::date(2026, 11, 25),
            sources: &self.ours.sources,
            subjects: &self.subjects,
            chance: &self.ours.chance,
        }
    }

    pub(crate) async fn plan(&self) -> anyhow::Result<Planned> {
        let planned = plan(&self.erasure()).await.context("failed to plan")?;
        ensure!(planned.troubles.is_empty(), "something is in the way: {:?}", planned.troubles);
        Ok(planned)
    }

    /// Carries a plan out; returns how many rows were deleted and masked.
    pub(crate) async fn execute(&self, planned: &Planned) -> anyhow::Result<(u64, u64)> {
        let mut journal = Notes(Arc::clone(&self.ours.masked));
        let outcomes = execute(&self.erasure(), planned, &mut journal, &mut |_, _| {}).await;
        match outcomes.into_iter().map(|one| one.outcome).next() {
            Some(Outcome::Done { deleted, masked }) => Ok((deleted, masked)),
            other => bail!("it is not done: {other:?}"),
        }
    }

    /// Reads everything back and searches again.
    pub(crate) async fn verify(&self, planned: &Planned) -> anyhow::Result<()> {
        let (residue, _) = verify(&self.erasure(), planned).await.context("failed to verify")?;
        ensure!(residue.is_empty(), "something is left: {residue:?}");
        Ok(())
    }
}

/// A journal in memory: how long a disk takes to have it for good is not measured here.
struct Notes(Arc<Mutex<HashSet<Fingerprint>>>);

impl Journal for Notes {
    fn before_commit(&mut self, _: &str, masked: &[Fingerprint]) -> std::io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(masked);
        Ok(())
    }

    fn committed(&mut self, _: &str) -> std::io::Result<()> {
        Ok(())
    }
}
