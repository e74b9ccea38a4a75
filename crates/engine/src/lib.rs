//! Runs jobs: collect, package, deliver, mail, timers.
//!
//! A job is claimed under a lease, does its outside work with no transaction open, and then ends in one
//! transaction together with its effect. So it may be killed at any instant and run again: it then finds
//! that its effect is there, or does it anew. [`Engine::run`] is the worker, [`Engine::run_due`] drives tests.

mod code;
mod collect;
mod end;
mod error;
mod finder;
mod follow;
mod lease;
mod letter;
mod mailer;
mod outbox;
mod package;
mod scratch;
mod task;
mod timer;
mod upkeep;
mod worker;

use std::sync::Arc;

use habeas_core::context::{SharedChance, SharedClock};
use habeas_core::definition::Catalog;
use habeas_store::Store;

pub use error::Error;
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
}

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) finder: Finder,
    pub(crate) mailer: Mailer,
    pub(crate) clock: SharedClock,
    pub(crate) chance: SharedChance,
    pub(crate) options: Options,
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
        Self { inner: Arc::new(Inner { store, catalog, finder, mailer, clock, chance, options }) }
    }
}
