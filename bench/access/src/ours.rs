//! The same through the executor: with its records thrown away, with them sealed and written, and with the file
//! kept for good as the product keeps it.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use async_trait::async_trait;
use habeas_connect::collect::{Identity, ROUNDS, RecordSink, Run, SinkError, Subject, collect};
use habeas_connect::connections::Connections;
use habeas_connect::sources::Sources;
use habeas_core::id::RequestId;
use habeas_core::pii::Pii;
use habeas_core::record::Record;
use habeas_core::yaml::Problems;
use habeas_dataset::graph::Graph;
use habeas_dataset::plan::Plan;
use habeas_dataset::policy::Policy;
use habeas_store::records::{BLOB_KIND, SealTarget, Writer};
use habeas_store::{Options, RootKey, Store};
use habeas_testkit::{ManualClock, SeededChance};
use tempfile::TempDir;

pub(crate) struct Ours {
    plan: Plan,
    sources: Sources,
    chance: SeededChance,
    store: Store,
    _folder: TempDir,
}

/// How far the sealed file goes.
#[derive(Clone, Copy)]
pub(crate) enum Kept {
    /// It is written.
    Written,
    /// It is in its place, on the disk for good.
    Flushed,
}

struct Discard(u64);

#[async_trait]
impl RecordSink for Discard {
    async fn push(&mut self, _record: Record) -> Result<(), SinkError> {
        self.0 += 1;
        Ok(())
    }
}

struct Sealed(Writer);

#[async_trait]
impl RecordSink for Sealed {
    async fn push(&mut self, record: Record) -> Result<(), SinkError> {
        Ok(self.0.push(&record)?)
    }
}

impl Ours {
    pub(crate) async fn new(url: &str) -> anyhow::Result<Self> {
        let text = format!("[shop]\nurl = \"{url}\"\n");
        let sources = Sources::new(&Connections::parse(&text, Path::new(""))?);
        let problems = Problems::new();
        let datasets = habeas_dataset::read::read("shop.yml", include_str!("../shop.yml"), &problems);
        let plan = Graph::new(datasets)
            .and_then(|graph| graph.plan(&["email"], &Policy::default()))
            .map_err(|problems| anyhow::anyhow!("the dataset has {} problems", problems.len()))?;
        let folder = tempfile::tempdir().context("failed to make a folder")?;
        let database = folder.path().join("habeas.db").display().to_string();
        Store::migrate(&database).await?;
        let options =
            Options { url: database, blobs: folder.path().join("blobs"), keys: RootKey::from_bytes([7; 32]) };
        let clock = ManualClock::at("2026-01-15T09:00:00Z");
        let store = Store::open(options, clock.shared(), SeededChance::new(2).shared()).await?;
        let chance = SeededChance::new(1);
        Ok(Self { plan, sources, chance, store, _folder: folder })
    }

    fn subjects(emails: &[String]) -> Vec<Subject> {
        let kind: Arc<str> = Arc::from("email");
        let identity = |email: &String| Identity { kind: Arc::clone(&kind), value: Pii::new(email.clone()) };
        emails.iter().map(|email| Subject { identities: vec![identity(email)] }).collect()
    }

    pub(crate) async fn discarded(&self, emails: &[String]) -> anyhow::Result<u64> {
        let mut sink = Discard(0);
        self.run(emails, &mut sink).await?;
        Ok(sink.0)
    }

    pub(crate) async fn sealed(&self, emails: &[String], kept: Kept) -> anyhow::Result<u64> {
        let path = self.store.scratch_path();
        let mut sink = Sealed(Writer::create(&path, &SealTarget::of_the_moment(&self.chance)?)?);
        let coverage = self.run(emails, &mut sink).await?;
        let mut writer = sink.0;
        for one in coverage {
            writer.cover(one);
        }
        let (_, summary) = writer.finish()?;
        match kept {
            Kept::Written => std::fs::remove_file(&path)?,
            Kept::Flushed => {
                let request = RequestId::new(self.store.now(), &self.chance);
                self.store.store_sealed(request, BLOB_KIND, &path).await?;
            }
        }
        Ok(summary.records)
    }

    async fn run(
        &self,
        emails: &[String],
        sink: &mut dyn RecordSink,
    ) -> anyhow::Result<Vec<habeas_core::record::Coverage>> {
        let subjects = Self::subjects(emails);
        let run = Run {
            plan: &self.plan,
            sources: &self.sources,
            subjects: &subjects,
            chance: &self.chance,
            rounds: ROUNDS,
        };
        let collected = collect(&run, sink).await.context("failed to collect")?;
        Ok(collected.coverage)
    }
}
