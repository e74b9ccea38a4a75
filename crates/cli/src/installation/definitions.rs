//! Definitions brought in at start: the built-in ones, then those kept as files in a folder.
//!
//! In the folder: `entity.yml`, `register.yml`, `policy.yml`, `datasets/*.yml`, `regulations/*.yml`, `activities/*.yml`,
//! `roles/*.yml`, `lists/*.yml`, `flows/*.yml`, `snippets/*.yml`, `assignment.yml`, `laws/*.toml`, `calendars/*.toml`. Each text
//! that changed becomes a further version; nothing published is ever dropped.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use habeas_core::definition::{self, Kind, Text};
use habeas_core::event::Actor;
use habeas_core::{access, assignment, calendar, flow, law};
use habeas_store::Store;
use habeas_store::definitions::{NewText, Owner};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};

/// What people are offered where nobody has said anything yet: enough to try the whole way out.
const FIRST_ENTITY: &str = include_str!("first/entity.yml");
const FIRST_ACTIVITY: &str = include_str!("first/access.yml");

/// The most files a folder may hold.
const MOST_FILES: usize = 10_000;

/// Imports what is built in, then what stands in the folder.
pub(crate) async fn import(store: &Store, folder: &Path) -> anyhow::Result<()> {
    let files = read_folder(folder)?;
    let mut tx = store.begin().await?;
    let mut builtin = builtins();
    let has_own = files.iter().any(|(kind, _, _)| *kind == Kind::Entity);
    if !has_own && tx.list_definitions_in_force(Some(Kind::Entity.as_str())).await?.is_empty() {
        builtin.push((Kind::Entity, "first", FIRST_ENTITY));
        builtin.push((Kind::Activity, "access", FIRST_ACTIVITY));
    }
    for (kind, name, text) in builtin {
        let new = NewText { kind: kind.as_str(), name, text, owner: Owner::Builtin, actor: Actor::System };
        tx.import(new).await?;
    }
    for (kind, name, text) in &files {
        let new = NewText { kind: kind.as_str(), name, text, owner: Owner::Git, actor: Actor::System };
        tx.import(new).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Returns the definitions that come with the product: kind, name and text.
fn builtins() -> Vec<(Kind, &'static str, &'static str)> {
    let laws = law::builtin().iter().map(|(name, text)| (Kind::Law, *name, *text));
    let calendars = calendar::builtin().iter().map(|(name, text)| (Kind::Calendar, *name, *text));
    let roles = access::builtin().map(|(name, text)| (Kind::Role, name, text));
    let flows = flow::builtin().iter().map(|(name, text)| (Kind::Flow, *name, *text));
    let mut builtin: Vec<(Kind, &str, &str)> = laws.chain(calendars).chain(roles).chain(flows).collect();
    let regulations = definition::builtin_regulations();
    builtin.extend(regulations.iter().map(|(name, text)| (Kind::Regulation, *name, *text)));
    let activities = definition::builtin_activities();
    builtin.extend(activities.iter().map(|(name, text)| (Kind::Activity, *name, *text)));
    builtin.push((Kind::Assignment, assignment::NAME, assignment::BUILTIN));
    builtin
}

/// Returns the built-in definitions and those of a folder, as an installation would have them, with the day a
/// file of the folder was last changed.
pub(crate) fn texts_of(folder: &Path) -> anyhow::Result<(Vec<Text>, Option<Date>)> {
    let hash = |text: &str| hex::encode(Sha256::digest(text));
    let text = |kind, name: &str, text: &str, version| Text {
        kind,
        name: name.to_owned(),
        version,
        text: text.to_owned(),
        hash: hash(text),
        is_retired: false,
    };
    let mut latest: Option<Timestamp> = None;
    let mut texts: Vec<Text> =
        builtins().into_iter().map(|(kind, name, content)| text(kind, name, content, 1)).collect();
    for (kind, path) in paths(folder)? {
        let changed = std::fs::metadata(&path).and_then(|known| known.modified());
        let changed = changed.ok().and_then(|at| Timestamp::try_from(at).ok());
        latest = latest.max(changed);
        let (kind, name, content) = read((kind, path))?;
        texts.push(text(kind, &name, &content, 2));
    }
    Ok((texts, latest.map(|at| at.to_zoned(TimeZone::UTC).date())))
}

/// Reads the definitions of a folder: kind, name and text. A folder that isn't there holds none.
fn read_folder(folder: &Path) -> anyhow::Result<Vec<(Kind, String, String)>> {
    paths(folder)?.into_iter().map(read).collect()
}

/// Returns the files of a folder of definitions.
fn paths(folder: &Path) -> anyhow::Result<Vec<(Kind, PathBuf)>> {
    let mut files = Vec::new();
    for (kind, file) in [
        (Kind::Register, "register.yml"),
        (Kind::Policy, "policy.yml"),
        (Kind::Entity, "entity.yml"),
        (Kind::Assignment, "assignment.yml"),
    ] {
        let path = folder.join(file);
        if path.exists() {
            files.push((kind, path));
        }
    }
    for (kind, name, ending) in [
        (Kind::Dataset, "datasets", "yml"),
        (Kind::Regulation, "regulations", "yml"),
        (Kind::Activity, "activities", "yml"),
        (Kind::Role, "roles", "yml"),
        (Kind::List, "lists", "yml"),
        (Kind::Snippet, "snippets", "yml"),
        (Kind::Flow, "flows", "yml"),
        (Kind::Law, "laws", "toml"),
        (Kind::Calendar, "calendars", "toml"),
    ] {
        files.extend(list(&folder.join(name), ending)?.into_iter().map(|path| (kind, path)));
    }
    if files.len() > MOST_FILES {
        bail!("{} holds more than {MOST_FILES} definitions", folder.display());
    }
    Ok(files)
}

fn read((kind, path): (Kind, PathBuf)) -> anyhow::Result<(Kind, String, String)> {
    let text =
        std::fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
    let name = match kind {
        Kind::Entity => match definition::Entity::parse(&path.display().to_string(), &text) {
            Ok(entity) => entity.name,
            Err(problems) => {
                bail!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
            }
        },
        _ => stem,
    };
    Ok((kind, name, text))
}

fn list(folder: &Path, ending: &str) -> anyhow::Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let context = || format!("failed to read the folder {}", folder.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(context)? {
        let path = entry.with_context(context)?.path();
        if path.extension().is_some_and(|found| found == ending) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
