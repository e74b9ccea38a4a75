//! One process that serves the pages and runs the jobs, until it is told to stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use habeas_core::id::Token;
use habeas_engine::start_recurring;
use habeas_store::Store;
use jiff::SignedDuration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::installation::{Addresses, Installation};
use crate::system;

/// How long requests and jobs under way get to end once the process is told to stop.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long a one-time sign-in link works.
const LINK_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// What the pages show beyond the usual.
#[derive(Debug, Clone, Copy, Default)]
pub struct Shows {
    /// Whether the console shows outgoing mails to everybody who may see requests.
    pub outbox: bool,
}

/// Binds the address to listen on.
pub(crate) async fn bind(listen: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(listen).await.with_context(|| {
        format!("failed to listen on {listen}; is something else running there? Choose another with --listen")
    })
}

/// Serves until told to stop, then lets what is under way end.
pub(crate) async fn serve(
    installation: Installation,
    listener: TcpListener,
    shows: Shows,
) -> anyhow::Result<()> {
    let stop = CancellationToken::new();
    start_recurring(&installation.store).await.context("failed to start the recurring jobs")?;
    let app = app(&installation, shows)?;
    let router = habeas_web::router(app).into_make_service_with_connect_info::<SocketAddr>();
    let tracker = TaskTracker::new();
    let engine = installation.engine.clone();
    let worker_stop = stop.clone();
    tracker.spawn(async move { engine.run(worker_stop).await });
    let signal = stop.clone();
    tracker.spawn(async move {
        told_to_stop().await;
        signal.cancel();
    });
    let graceful = stop.clone();
    let served =
        axum::serve(listener, router).with_graceful_shutdown(async move { graceful.cancelled().await });
    let outcome = served.await.context("failed to serve");
    stop.cancel();
    tracker.close();
    if tokio::time::timeout(PATIENCE, tracker.wait()).await.is_err() {
        tracing::warn!("jobs under way were left; they run again at the next start");
    }
    installation.store.close().await;
    outcome
}

/// Returns what the pages work with.
///
/// # Errors
/// When the configuration names a proxy that is no address.
pub fn app(installation: &Installation, shows: Shows) -> anyhow::Result<habeas_web::App> {
    let server = &installation.config.server;
    let trusted: Result<_, _> = server.trusted_proxies.iter().map(|net| net.parse()).collect();
    let options = habeas_web::Options {
        portal_url: installation.addresses.portal.clone(),
        console_url: installation.addresses.console.clone(),
        is_secure: installation.addresses.portal.starts_with("https://"),
        proof_of_work_bits: server.proof_of_work_bits,
        trusted_proxy: trusted
            .context("server.trusted_proxies names something that is no address or network")?,
        shows_outbox: shows.outbox,
        ..habeas_web::Options::default()
    };
    Ok(habeas_web::App {
        store: installation.store.clone(),
        catalog: Arc::clone(&installation.catalog),
        clock: Arc::clone(&installation.clock),
        chance: Arc::clone(&installation.chance),
        options: Arc::new(options),
    })
}

/// Returns the one-time link by which the first member of staff signs in; none where somebody has an account.
pub(crate) async fn first_link(store: &Store, addresses: &Addresses) -> anyhow::Result<Option<String>> {
    let mut tx = store.begin().await?;
    if !tx.list_users().await?.is_empty() {
        return Ok(None);
    }
    let token = Token::new(&*system::chance());
    let expires_at = store.now().checked_add(LINK_LIFE).context("the clock is out of range")?;
    tx.add_token(&token, habeas_web::console::FIRST_USER, "first", expires_at).await?;
    tx.commit().await?;
    Ok(Some(format!("{}/console/first/{}", addresses.console, token.reveal())))
}

#[cfg(unix)]
async fn told_to_stop() {
    let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    match terminate {
        Ok(mut terminate) => tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        },
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}

#[cfg(not(unix))]
async fn told_to_stop() {
    drop(tokio::signal::ctrl_c().await);
}
