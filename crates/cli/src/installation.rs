//! An installation in a data folder: its database, keys, files and definitions, opened and wired together.
//!
//! `habeas.toml` (optional), `habeas.db`, `keys/root.key`, `blobs/`, `connections.toml` and
//! `definitions/` (both optional). Everything missing that can be made is made at the first start.

mod definitions;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use habeas_core::context::{SharedChance, SharedClock};
use habeas_core::definition::Catalog;
use habeas_engine::{Engine, Finder};
use habeas_store::{Options, RootKey, Store};

use crate::config::Config;

pub(crate) use definitions::{import, texts_of};

/// An open installation.
pub struct Installation {
    /// Its configuration.
    pub config: Config,
    /// Its database and files.
    pub store: Store,
    /// Its definitions.
    pub catalog: Arc<Catalog>,
    /// What runs its jobs.
    pub engine: Engine,
    /// Where its pages are.
    pub addresses: Addresses,
    /// Its clock.
    pub clock: SharedClock,
    /// Its chance.
    pub chance: SharedChance,
}

/// Where the pages are.
#[derive(Debug, Clone)]
pub struct Addresses {
    /// The portal's address, without a slash at its end.
    pub portal: String,
    /// The console's address, without a slash at its end.
    pub console: String,
}

impl Addresses {
    pub(crate) fn new(config: &Config) -> Self {
        let trimmed = |url: &str| url.trim_end_matches('/').to_owned();
        let portal = config.server.portal_url.as_deref().map(trimmed);
        let portal = portal.unwrap_or_else(|| format!("http://{}", config.server.listen));
        let console = config.server.console_url.as_deref().map_or_else(|| portal.clone(), trimmed);
        Self { portal, console }
    }
}

/// The places within a data folder.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// Makes the folder where it is missing, readable by its owner only.
    pub(crate) fn ensure(path: &Path) -> anyhow::Result<Self> {
        let make = |path: &Path| {
            make_private(path).with_context(|| format!("failed to make the folder {}", path.display()))
        };
        make(path)?;
        for name in ["keys", "blobs"] {
            make(&path.join(name))?;
        }
        Ok(Self(path.to_owned()))
    }

    fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

#[cfg(unix)]
fn make_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

#[cfg(not(unix))]
fn make_private(path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(path)
}

/// Opens the database of a data folder, bringing it to this version.
pub(crate) async fn open_store(
    data_dir: &Path,
    config: &Config,
    clock: SharedClock,
    chance: SharedChance,
) -> anyhow::Result<Store> {
    let folder = Folder::ensure(data_dir)?;
    let url = match &config.database {
        Some(url) => url.clone(),
        None => folder.join("habeas.db").display().to_string(),
    };
    let key_file = folder.join("keys/root.key");
    let keys = RootKey::open_or_create(&key_file, Arc::clone(&chance))
        .with_context(|| format!("failed to open the root key {}", key_file.display()))?;
    Store::migrate(&url).await.context("failed to bring the database to this version")?;
    let options = Options { url, blobs: folder.join("blobs"), keys };
    Store::open(options, clock, chance).await.context("failed to open the database")
}

impl Installation {
    /// Opens everything: imports definitions, makes the engine. Nothing runs yet.
    ///
    /// # Errors
    /// What is wrong with the configuration, the database, the definitions or the connections.
    pub async fn open(
        data_dir: &Path,
        config: Config,
        clock: SharedClock,
        chance: SharedChance,
    ) -> anyhow::Result<Self> {
        let store = open_store(data_dir, &config, Arc::clone(&clock), Arc::clone(&chance)).await?;
        let folder = Folder::ensure(data_dir)?;
        import(&store, &definitions_dir(data_dir, &config)).await?;
        let texts = store.read().await?.list_published_texts().await?;
        let catalog = match Catalog::new(texts) {
            Ok(catalog) => Arc::new(catalog),
            Err(problems) => bail!("the definitions do not hold together:\n  {}", problems.join("\n  ")),
        };
        let connections = config.connections.clone().unwrap_or_else(|| folder.join("connections.toml"));
        let finder = Finder::open(&catalog, connections.exists().then_some(connections.as_path()))
            .context("failed to set the data sources up")?;
        let addresses = Addresses::new(&config);
        let parts = habeas_engine::Parts {
            store: store.clone(),
            catalog: Arc::clone(&catalog),
            finder,
            mailer: config.mail.mailer()?,
            clock: Arc::clone(&clock),
            chance: Arc::clone(&chance),
        };
        let options = habeas_engine::Options {
            portal_url: addresses.portal.clone(),
            console_url: addresses.console.clone(),
            concurrency: config.jobs_at_once.unwrap_or(4),
        };
        let engine = Engine::new(parts, options);
        Ok(Self { config, store, catalog, engine, addresses, clock, chance })
    }
}

/// Returns the folder of definitions kept as files.
pub(crate) fn definitions_dir(data_dir: &Path, config: &Config) -> PathBuf {
    config.definitions.clone().unwrap_or_else(|| data_dir.join("definitions"))
}
