//! Ends a request with the one whose answer it follows.

use habeas_core::id::RequestId;
use habeas_core::request::{Command, MainEnd, Reshape, kind};
use habeas_store::jobs::Claimed;

use crate::Engine;
use crate::error::Error;
use crate::worker::field;

impl Engine {
    /// Answers a request as its main request was answered. Where that one was opened again meanwhile, or this
    /// one follows it no more, nothing happens.
    pub(crate) async fn follow_main(&self, job: &Claimed) -> Result<(), Error> {
        let id: RequestId = field(job, kind::FOLLOW_MAIN, "request")?;
        let main: RequestId = field(job, kind::FOLLOW_MAIN, "main")?;
        let end = self.load(main).await?.as_ref().and_then(MainEnd::of);
        match end {
            Some(end) => {
                let command = Command::Reshape(Reshape::FollowMain { main, end });
                self.conclude(job, id, command).await?;
                Ok(())
            }
            None => self.finish(job).await,
        }
    }
}
