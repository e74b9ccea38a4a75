//! Configuration: `habeas.toml` in the data folder, then the environment (`HABEAS__MAIL__URL`), then flags.
//!
//! Everything has a default; an unknown key is an error. Secrets stand in files of their own.

mod mail;
mod server;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use serde::{Deserialize, Serialize};

pub use mail::Mail;
pub use server::Server;

/// The name of the file in the data folder.
pub(crate) const FILE: &str = "habeas.toml";

/// The whole configuration.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Addresses and what visitors may do. Since 0.1.
    pub server: Server,
    /// Outgoing mail. Since 0.1.
    pub mail: Mail,
    /// A `postgres://` URL, or the path of an SQLite file. Default: `habeas.db` in the data folder. Since 0.1.
    pub database: Option<String>,
    /// The file that names the data sources. Default: `connections.toml` in the data folder. Since 0.1.
    pub connections: Option<PathBuf>,
    /// The folder of definitions that are kept as files. Default: `definitions` in the data folder. Since 0.1.
    pub definitions: Option<PathBuf>,
    /// How many jobs run at once. Default: 4. Since 0.1.
    pub jobs_at_once: Option<u32>,
}

impl Config {
    /// Reads the configuration of a data folder.
    pub(crate) fn load(data_dir: &Path) -> anyhow::Result<Self> {
        let file = data_dir.join(FILE);
        Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file(&file))
            .merge(Env::prefixed("HABEAS__").split("__"))
            .extract()
            .with_context(|| format!("failed to read the configuration {}", file.display()))
    }
}
