//! The collect operation: from the sources straight into one sealed file.

use std::path::Path;
use std::sync::Arc;

use habeas_connect::collect::{
    self as executor, Failure as Failed, Identity, ROUNDS, RecordSink, Run, SinkError, Subject,
};
use habeas_connect::{Error as SourceError, Kind};
use habeas_core::pii::Pii;
use habeas_core::record::{Coverage, Outcome as Searched, Record};
use habeas_core::request::{Excuse, Failure, Found, Outcome, Request, normal_email};
use habeas_store::Error as StoreError;
use habeas_store::jobs::Claimed;
use habeas_store::records::{self, SealTarget, Summary, Writer};

use crate::Engine;
use crate::error::Error;
use crate::task::Try;
use habeas_store::Scratch;

/// After so many tries a source that passes its failures on as passing is a person's matter, too.
const PATIENT_TRIES: u16 = 4;

/// Records on their way into the sealed file.
struct Sink(Writer);

#[async_trait::async_trait]
impl RecordSink for Sink {
    async fn push(&mut self, record: Record) -> Result<(), SinkError> {
        Ok(self.0.push(&record)?)
    }
}

impl Engine {
    /// Gathers everything the plan leads to. A source that fails makes the task wait with the reason: what
    /// the others gave is thrown away and read again with it, so that a reply is never short unseen.
    pub(crate) async fn collect(&self, job: &Claimed, this: &Try) -> Result<(), Error> {
        let request = &this.request;
        let keys = self.inner.store.read().await?.lookup_keys(request.id).await?;
        let Some(keys) = keys else { return self.finish(job).await };
        let target = SealTarget::of(&keys)?;
        match self.gather(request, &target).await? {
            Gathered::File(file, summary) => self.keep(job, this, file.path(), &summary).await,
            Gathered::Failed(error) => self.wait_for_source(job, this, &error).await,
        }
    }

    /// Ends a try that a source failed: what may pass is tried again, the rest waits for a person.
    pub(crate) async fn wait_for_source(
        &self,
        job: &Claimed,
        this: &Try,
        error: &SourceError,
    ) -> Result<(), Error> {
        let request = &this.request;
        if is_passing(error) && job.attempt < PATIENT_TRIES {
            let mut tx = self.inner.store.begin().await?;
            tx.retry(job, &error.to_string()).await?;
            return Ok(tx.commit().await?);
        }
        tracing::warn!(request.id = %request.id, source = error.source_name(), %error, "a source failed");
        let failure = Failure {
            code: "source_failed".to_owned(),
            source: Some(error.source_name().to_owned()),
            message: error.to_string(),
        };
        self.conclude(job, request.id, this.end(Outcome::Failed(failure))).await?;
        Ok(())
    }

    /// Walks the plan from the person's proven address on: what was covered, or the failure of a source that
    /// nobody has left out with a reason.
    pub(crate) async fn walk(
        &self,
        request: &Request,
        sink: &mut dyn RecordSink,
    ) -> Result<Result<Vec<Coverage>, SourceError>, Error> {
        let email = normal_email(&request.subject.reveal().email);
        let identity = Identity { kind: Arc::from("email"), value: Pii::new(email) };
        let subjects = [Subject { identities: vec![identity] }];
        let finder = &self.inner.finder;
        let run = Run {
            plan: &finder.plan,
            sources: &finder.sources,
            subjects: &subjects,
            chance: &*self.inner.chance,
            rounds: ROUNDS,
        };
        match executor::collect(&run, sink).await {
            Ok(collected) => Ok(Ok(collected.coverage)),
            Err(Failed { sink: Some(cause), .. }) => Err(unwritable(cause)),
            Err(failure) => Ok(if let Some(error) = unexcused(failure.errors, request) {
                Err(error)
            } else {
                let covered = failure.collected.coverage.into_iter();
                Ok(covered.map(|one| excused(one, &request.excuses)).collect())
            }),
        }
    }

    async fn gather(&self, request: &Request, target: &SealTarget) -> Result<Gathered, Error> {
        let file = Scratch::new(&self.inner.store);
        let mut sink = Sink(Writer::create(file.path(), target)?);
        let coverage = match self.walk(request, &mut sink).await? {
            Ok(coverage) => coverage,
            Err(error) => return Ok(Gathered::Failed(error)),
        };
        let mut writer = sink.0;
        for one in coverage {
            writer.cover(one);
        }
        let finished = tokio::task::spawn_blocking(move || Ok((file, writer.finish()?.1)));
        let finished: Result<_, StoreError> = finished.await.map_err(|_| Error::Lost)?;
        let (file, summary) = finished?;
        Ok(Gathered::File(file, summary))
    }

    /// Stores the file, then names it in the transaction that ends the task.
    async fn keep(&self, job: &Claimed, this: &Try, path: &Path, summary: &Summary) -> Result<(), Error> {
        let blob = self.inner.store.store_sealed(this.request.id, records::BLOB_KIND, path).await?;
        let sources: std::collections::BTreeSet<&str> = summary
            .coverage
            .iter()
            .filter(|one| one.outcome == Searched::Searched)
            .map(|one| &*one.dataset)
            .collect();
        let found = Found {
            blob: blob.id,
            record_count: summary.records,
            third_party_count: summary.collections.iter().map(|collection| collection.third_party).sum(),
            source_count: u32::try_from(sources.len()).unwrap_or(u32::MAX),
        };
        let mut tx = self.inner.store.begin().await?;
        if let Some(old) = &this.request.found {
            tx.expire_blob(old.blob, self.inner.clock.now()).await?;
        }
        tx.add_blob(&blob, None).await?;
        self.conclude_in(tx, job, this.request.id, this.end(Outcome::Collected(found))).await?;
        Ok(())
    }
}

enum Gathered {
    File(Scratch, Summary),
    Failed(SourceError),
}

/// Says why the sealed file could not be written.
fn unwritable(cause: SinkError) -> Error {
    cause.downcast::<StoreError>().map_or(Error::Lost, |error| Error::Store(*error))
}

fn is_passing(error: &SourceError) -> bool {
    matches!(error.kind(), Kind::Transient | Kind::RateLimited { .. })
}

/// Returns the first failure of a source nobody has left out with a reason.
fn unexcused(errors: Vec<SourceError>, request: &Request) -> Option<SourceError> {
    errors.into_iter().find(|error| request.excuses.iter().all(|excuse| excuse.source != error.source_name()))
}

/// Says of a collection that could not be searched that a person decided to go on without it. What no link
/// leads to was left out by nobody: it keeps its own reason.
fn excused(coverage: Coverage, excuses: &[Excuse]) -> Coverage {
    let has_failed = matches!(coverage.outcome, Searched::Failed { .. });
    let own = excuses.iter().rev().find(|excuse| *excuse.source == *coverage.dataset);
    match own.or(excuses.last()) {
        Some(excuse) if has_failed => {
            let reason = format!("left out of the search: {}", excuse.reason.reveal());
            Coverage { outcome: Searched::Skipped { reason }, ..coverage }
        }
        Some(_) | None => coverage,
    }
}

#[cfg(test)]
mod tests;
