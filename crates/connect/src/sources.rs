//! The sources of a run: which connector serves which dataset, and how many may use it at once.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

use habeas_core::context::{Chance, below};

use crate::connections::{Connection, Connections};
use crate::error::{Error, Kind, Problem};
use crate::source::{self, Connector, Snapshot};
use crate::write::Writer;

/// All sources. Keep it between runs: it holds open connections.
pub struct Sources {
    sources: Vec<Served>,
    by_dataset: HashMap<String, usize>,
}

struct Served {
    connector: Result<Box<dyn Connector>, Error>,
    slots: Semaphore,
}

/// A view of a source, and the right to have it.
pub(crate) struct Opened<'a> {
    pub(crate) snapshot: Box<dyn Snapshot>,
    _slot: SemaphorePermit<'a>,
}

/// The first pause before another attempt; each further one is twice as long, and chance takes up to half off.
const FIRST_PAUSE_MS: u32 = 200;

impl Sources {
    /// Makes the connectors of all configured sources; nothing is opened yet.
    pub fn new(connections: &Connections) -> Self {
        let mut sources = Vec::new();
        let mut by_dataset = HashMap::new();
        for connection in connections.iter() {
            for dataset in &connection.datasets {
                by_dataset.insert(dataset.clone(), sources.len());
            }
            sources.push(Served::new(connection));
        }
        Self { sources, by_dataset }
    }

    /// Returns the number of the source that serves a dataset.
    pub(crate) fn serving(&self, dataset: &str) -> Result<usize, Error> {
        self.by_dataset
            .get(dataset)
            .copied()
            .ok_or_else(|| Error::new(&Arc::from(dataset), Problem::NotConfigured(dataset.to_owned())))
    }

    /// Returns the connector of a source.
    pub(crate) fn connector(&self, number: usize) -> Result<&dyn Connector, Error> {
        match self.sources.get(number).map(|served| &served.connector) {
            Some(Ok(connector)) => Ok(&**connector),
            Some(Err(error)) => Err(error.clone()),
            None => Err(Error::new(&Arc::from("?"), Problem::NotConfigured(String::new()))),
        }
    }

    /// Waits before another attempt, longer each time.
    pub(crate) async fn pause(&self, attempt: u32, error: &Error, chance: &dyn Chance) {
        pause(attempt, error, chance).await;
    }

    /// Begins a transaction that changes rows; passing errors are tried again.
    pub(crate) async fn open_writer(
        &self,
        number: usize,
        chance: &dyn Chance,
    ) -> Result<Box<dyn Writer>, Error> {
        let connector = self.connector(number)?;
        if let Some(refusal) = connector.write_refusal() {
            return Err(Error::new(connector.name(), refusal));
        }
        let limits = connector.limits();
        let limit_ms = limits.connect_timeout_ms.saturating_add(limits.timeout_ms);
        let mut attempt = 0;
        loop {
            let opening =
                tokio::time::timeout(Duration::from_millis(limit_ms), connector.open_writer()).await;
            let late = |_| Err(Error::new(connector.name(), Problem::TimedOut { limit_ms }));
            match opening.unwrap_or_else(late) {
                Err(error) if attempt < limits.retries && may_pass(&error) => {
                    pause(attempt, &error, chance).await;
                    attempt += 1;
                }
                ended => return ended,
            }
        }
    }

    /// Opens a view; passing errors are tried again.
    pub(crate) async fn open(&self, number: usize, chance: &dyn Chance) -> Result<Opened<'_>, Error> {
        let connector = self.connector(number)?;
        let closed = || Error::new(connector.name(), Problem::Busy("it is being closed".to_owned()));
        let served = self.sources.get(number).ok_or_else(closed)?;
        let slot = served.slots.acquire().await.map_err(|_| closed())?;
        let limits = connector.limits();
        let limit_ms = limits.connect_timeout_ms.saturating_add(limits.timeout_ms);
        let mut attempt = 0;
        loop {
            let opening = tokio::time::timeout(Duration::from_millis(limit_ms), connector.open()).await;
            let late = |_| Err(Error::new(connector.name(), Problem::TimedOut { limit_ms }));
            match opening.unwrap_or_else(late) {
                Ok(snapshot) => return Ok(Opened { snapshot, _slot: slot }),
                Err(error) if attempt < limits.retries && may_pass(&error) => {
                    pause(attempt, &error, chance).await;
                    attempt += 1;
                }
                Err(error) => return Err(error),
            }
        }
    }
}

impl Served {
    fn new(connection: &Connection) -> Self {
        let slots = usize::try_from(connection.limits.concurrency).unwrap_or(1);
        Self {
            connector: source::connector(connection),
            slots: Semaphore::new(slots.clamp(1, Semaphore::MAX_PERMITS)),
        }
    }
}

fn may_pass(error: &Error) -> bool {
    matches!(error.kind(), Kind::Transient | Kind::RateLimited { .. })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the only wait there is: between attempts to open a source, bounded"
)]
async fn pause(attempt: u32, error: &Error, chance: &dyn Chance) {
    let longest = FIRST_PAUSE_MS << attempt.min(7);
    let wait = Duration::from_millis(u64::from(longest - below(chance, longest / 2)));
    let asked = match error.kind() {
        Kind::RateLimited { retry_after } => retry_after.unwrap_or_default().min(Duration::from_mins(1)),
        Kind::Transient | Kind::Permanent | Kind::Credentials => Duration::ZERO,
    };
    tokio::time::sleep(wait.max(asked)).await;
}
