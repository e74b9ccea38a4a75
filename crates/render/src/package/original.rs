//! Files that owners of systems handed in: given as they are, or named as left out with the reason.

use std::io::{self, Read};
use std::sync::Arc;

use habeas_core::register::Held;

use super::archive::Archive;
use super::manifest::Role;
use super::name::Folder;
use super::{Cause, Error, Input, coverage};
use crate::text;

/// Opens a file's content anew.
pub type Content = Arc<dyn Fn() -> Result<Box<dyn Read>, Cause> + Send + Sync>;

/// A file somebody handed in.
#[derive(Clone)]
pub struct Original {
    /// The dataset of the system it is from.
    pub dataset: Arc<str>,
    /// What it is called.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Why it is left out, as the person is told; none: it is given.
    pub left_out: Option<String>,
    /// What stands in it.
    pub content: Content,
}

/// A file in the package.
pub(super) struct Line<'a> {
    pub(super) path: String,
    pub(super) system: String,
    original: &'a Original,
}

impl Line<'_> {
    pub(super) fn name(&self) -> &str {
        &self.original.name
    }

    pub(super) fn size(&self) -> String {
        text::size(self.original.size)
    }
}

/// Returns the files that are given, each with its path.
pub(super) fn lines(input: &Input) -> Vec<Line<'_>> {
    let mut systems = Folder::default();
    let mut folders: Vec<(&str, String, Folder)> = Vec::new();
    let mut lines = Vec::new();
    for original in input.originals.iter().filter(|original| original.left_out.is_none()) {
        let known = folders.iter().position(|(dataset, _, _)| *dataset == &*original.dataset);
        let place = known.unwrap_or_else(|| {
            folders.push((&original.dataset, systems.name(&original.dataset), Folder::default()));
            folders.len() - 1
        });
        let Some((_, folder, names)) = folders.get_mut(place) else { continue };
        let path = format!("files/{folder}/{}", with_extension(names, &original.name));
        lines.push(Line { path, system: coverage::system_name(input, &original.dataset), original });
    }
    lines
}

/// Keeps the extension where a name is numbered: what opens a file is told by it.
fn with_extension(names: &mut Folder, name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && extension.len() <= 8 => {
            format!("{}.{}", names.name(stem), Folder::default().name(extension))
        }
        _ => names.name(name),
    }
}

/// Writes every file that is given.
pub(super) fn write_all(input: &Input, archive: &mut Archive<'_>) -> Result<(), Error> {
    for line in lines(input) {
        archive.start(&line.path, Role::Original, line.original.size)?;
        let mut content = (line.original.content)().map_err(Error::Records)?.take(line.original.size + 1);
        let copied = io::copy(&mut content, archive)?;
        if copied != line.original.size {
            return Err(Error::Changed);
        }
    }
    Ok(())
}

/// Returns the categories the files stand for: all that their systems' datasets describe.
pub(super) fn held(input: &Input) -> Vec<Held<'_>> {
    let gives = |dataset: &str| {
        input.originals.iter().any(|original| *original.dataset == *dataset && original.left_out.is_none())
    };
    let mut held = Vec::new();
    for collection in input.collections.iter().filter(|collection| gives(&collection.dataset)) {
        for category in collection.fields.iter().flat_map(|field| &field.categories) {
            held.push(Held { dataset: &collection.dataset, collection: &collection.collection, category });
        }
    }
    held
}

/// Returns how many files of a system are given, and why others are not.
pub(super) fn counts(input: &Input, dataset: &str) -> (u64, Vec<String>) {
    let own = || input.originals.iter().filter(|original| *original.dataset == *dataset);
    let given = own().filter(|original| original.left_out.is_none()).count() as u64;
    (given, own().filter_map(|original| original.left_out.clone()).collect())
}
