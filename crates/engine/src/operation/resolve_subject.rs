//! Tells which sources know the person, by walking the plan and keeping nothing of what it finds.

use std::collections::{BTreeMap, BTreeSet};

use habeas_connect::collect::{RecordSink, SinkError};
use habeas_core::record::Record;
use habeas_core::request::Outcome;
use habeas_store::jobs::Claimed;

use super::Operate;
use crate::Engine;
use crate::error::Error;
use crate::task::Try;

/// The operation.
pub(super) struct ResolveSubject;

#[async_trait::async_trait]
impl Operate for ResolveSubject {
    async fn run(&self, engine: &Engine, job: &Claimed, this: &Try) -> Result<(), Error> {
        let mut sink = Names::default();
        if let Err(error) = engine.walk(&this.request, &mut sink).await? {
            return engine.wait_for_source(job, this, &error).await;
        }
        let names: BTreeSet<String> =
            sink.0.iter().map(|dataset| engine.inner.source_name(dataset)).collect();
        let sources = names.iter().cloned().collect::<Vec<_>>().join("\n");
        let outputs =
            BTreeMap::from([("count".to_owned(), names.len().to_string()), ("sources".to_owned(), sources)]);
        engine.conclude(job, this.request.id, this.end(Outcome::Done(outputs))).await?;
        Ok(())
    }
}

/// The datasets that hold something.
#[derive(Default)]
struct Names(BTreeSet<String>);

#[async_trait::async_trait]
impl RecordSink for Names {
    async fn push(&mut self, record: Record) -> Result<(), SinkError> {
        if !self.0.contains(&*record.dataset) {
            self.0.insert(record.dataset.to_string());
        }
        Ok(())
    }
}
