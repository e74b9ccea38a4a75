//! How one run of a job ends, and the transaction that ends it with its effect.

use habeas_core::event::Actor;
use habeas_core::id::RequestId;
use habeas_core::request::{Command, Context, Denied, Request};
use habeas_store::Tx;
use habeas_store::jobs::Claimed;
use habeas_store::requests::Scope;

use crate::error::Error;
use crate::{Engine, Inner};

impl Engine {
    /// Returns a request as it is now; nothing where it is gone.
    pub(crate) async fn load(&self, id: RequestId) -> Result<Option<Request>, Error> {
        let mut read = self.inner.store.read().await?;
        Ok(read.lookup_request(id, &Scope::Everything).await?)
    }

    /// Acts on a request as the system and ends the job in the same transaction.
    ///
    /// An act the request no longer wants (it was withdrawn, another try was first) ends the job without
    /// effect. One denied for any other cause is a failure: the task would wait for ever, and nobody know. Returns the request as it is after the act.
    pub(crate) async fn conclude(
        &self,
        job: &Claimed,
        id: RequestId,
        command: Command,
    ) -> Result<Option<Request>, Error> {
        let tx = self.inner.store.begin().await?;
        self.conclude_in(tx, job, id, command).await
    }

    /// Like [`Engine::conclude`], in a transaction that holds a part of the effect already.
    pub(crate) async fn conclude_in(
        &self,
        mut tx: Tx,
        job: &Claimed,
        id: RequestId,
        command: Command,
    ) -> Result<Option<Request>, Error> {
        let Some(request) = tx.lookup_request(id, &Scope::Everything).await? else {
            drop(tx);
            return self.finish(job).await.map(|()| None);
        };
        let ctx = self.inner.context(&request)?;
        match tx.act(&request, command, &ctx).await.map_err(Error::from) {
            Ok(after) => {
                tx.finish(job).await?;
                tx.commit().await?;
                Ok(Some(after))
            }
            Err(Error::Denied(denied @ (Denied::NotWaiting | Denied::Closed))) => {
                drop(tx);
                tracing::info!(request.id = %id, job.kind = %job.kind, %denied, "job is no longer wanted");
                self.finish(job).await.map(|()| None)
            }
            Err(error) => Err(error),
        }
    }

    /// Ends a job that has nothing to do.
    pub(crate) async fn finish(&self, job: &Claimed) -> Result<(), Error> {
        let mut tx = self.inner.store.begin().await?;
        tx.finish(job).await?;
        Ok(tx.commit().await?)
    }
}

impl Inner {
    /// Returns what the system decides on.
    pub(crate) fn context(&self, request: &Request) -> Result<Context<'_>, Error> {
        Ok(self.catalog.context(&request.terms, self.clock.now(), Actor::System, &[])?)
    }
}
