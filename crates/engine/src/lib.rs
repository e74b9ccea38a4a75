//! Runs jobs: collect, package, deliver, mail, timers.
//!
//! A job is claimed under a lease, does its outside work with no transaction open, and then ends in one
//! transaction together with its effect. So it may be killed at any instant and run again: it then finds
//! that its effect is there, or does it anew. [`Engine::run`] is the worker, [`Engine::run_due`] drives tests.

mod code;
mod collect;
mod digest;
mod end;
mod error;
mod find;
mod finder;
mod follow;
mod lease;
mod letter;
mod mailbox;
mod mailer;
mod operation;
mod outbox;
mod package;
mod reports;
mod task;
mod timer;
mod upkeep;
mod worker;

use std::sync::Arc;

use habeas_core::context::{SharedChance, SharedClock};
use habeas_core::definition::Catalog;
use habeas_store::{Live, Store};

pub use error::Error;
pub use find::LIFE as FIND_LIFE;
pub use finder::{Finder, SetupError};
pub use mailer::{Mailer, SmtpOptions};
pub use upkeep::start_recurring;
pub use worker::KINDS;

/// What an engine needs.
pub struct Options {
    /// Where the person's pages are, such as `https://privacy.example.com`.
    pub portal_url: String,
    /// Where staff's pages are.
    pub console_url: String,
    /// How many jobs run at once.
    pub concurrency: u32,
}

/// Runs the jobs of an installation; cheap to clone.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
    live: Live,
}

/// What a job works with, from beginning to end.
#[derive(Clone)]
pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) finder: Arc<Finder>,
    pub(crate) mailer: Arc<Mailer>,
    pub(crate) clock: SharedClock,
    pub(crate) chance: SharedChance,
    pub(crate) options: Arc<Options>,
}

/// What an engine works with.
pub struct Parts {
    /// The installation.
    pub store: Store,
    /// Its definitions.
    pub catalog: Arc<Catalog>,
    /// Finds a person's data in the sources.
    pub finder: Finder,
    /// Hands mails over.
    pub mailer: Mailer,
    /// Tells the time.
    pub clock: SharedClock,
    /// Gives chance.
    pub chance: SharedChance,
}

impl Engine {
    /// Makes an engine; nothing runs yet.
    pub fn new(parts: Parts, options: Options) -> Self {
        let Parts { store, catalog, finder, mailer, clock, chance } = parts;
        let live = Live::new(store.clone(), Arc::clone(&catalog));
        let (finder, mailer, options) = (Arc::new(finder), Arc::new(mailer), Arc::new(options));
        Self { inner: Arc::new(Inner { store, catalog, finder, mailer, clock, chance, options }), live }
    }

    /// Returns the engine with the definitions as they are now. Datasets, policy and register are the finder's:
    /// they are read at the start.
    async fn refreshed(&self) -> Self {
        match self.live.refresh().await {
            Ok(problems) if problems.is_empty() => {}
            Ok(problems) => {
                tracing::error!(?problems, "what was published does not hold together and is not used");
            }
            Err(error) => tracing::error!(%error, "failed to look for new definitions"),
        }
        let catalog = self.live.current();
        if Arc::ptr_eq(&catalog, &self.inner.catalog) {
            return self.clone();
        }
        Self { inner: Arc::new(Inner { catalog, ..(*self.inner).clone() }), live: self.live.clone() }
    }
}
