//! The demonstration's organisation: its two systems, and the definitions that describe them.

pub(crate) mod sources;

use std::path::Path;

use anyhow::Context as _;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../examples"]
struct Examples;

/// Writes source databases, definitions and connections into a data folder.
///
/// # Errors
/// When a file can't be written.
pub fn write(data_dir: &Path) -> anyhow::Result<()> {
    let systems = data_dir.join("systems");
    std::fs::create_dir_all(&systems).with_context(|| format!("failed to make {}", systems.display()))?;
    sources::write_sources(&systems)?;
    for name in Examples::iter() {
        let Some(file) = Examples::get(&name) else { continue };
        let path = match name.as_ref() {
            "connections.toml" => data_dir.join("connections.toml"),
            other => data_dir.join("definitions").join(other),
        };
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("failed to make {}", folder.display()))?;
        }
        std::fs::write(&path, file.data).with_context(|| format!("failed to write {}", path.display()))?;
    }
    Ok(())
}
