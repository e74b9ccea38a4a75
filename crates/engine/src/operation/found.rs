//! Gathering records and making the archive from them: the work itself stands in `collect` and `package`.

use habeas_store::jobs::Claimed;

use super::Operate;
use crate::Engine;
use crate::error::Error;
use crate::task::Try;

/// Gathers the person's records from every source.
pub(super) struct Collect;

#[async_trait::async_trait]
impl Operate for Collect {
    async fn run(&self, engine: &Engine, job: &Claimed, this: &Try) -> Result<(), Error> {
        engine.collect(job, this).await
    }
}

/// Makes the archive.
pub(super) struct BuildPackage;

#[async_trait::async_trait]
impl Operate for BuildPackage {
    async fn run(&self, engine: &Engine, job: &Claimed, this: &Try) -> Result<(), Error> {
        engine.build_package(job, this).await
    }
}
