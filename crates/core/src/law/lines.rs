//! On which line of a definition each place stands, so that a problem is found at once.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Lines by path, such as `periods[2].extension.unit`.
#[derive(Debug, Default)]
pub(super) struct Lines(BTreeMap<String, usize>);

impl Lines {
    /// Finds the lines of a text; none where it isn't TOML.
    pub(super) fn of(text: &str) -> Self {
        let mut lines = Self::default();
        let starts: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
        if let Ok(root) = DeTable::parse(text) {
            lines.walk(root.get_ref(), "", &starts);
        }
        lines
    }

    /// Returns the line of a place, or of the nearest place around it: what is missing has no line.
    pub(super) fn lookup(&self, path: &str) -> Option<usize> {
        let mut path = path;
        loop {
            if let Some(line) = self.0.get(path) {
                return Some(*line);
            }
            let end = path.rfind(['.', '['])?;
            path = path.get(..end)?;
        }
    }

    fn walk(&mut self, table: &DeTable<'_>, around: &str, starts: &[usize]) {
        for (key, value) in table {
            let name = key.get_ref();
            let path = if around.is_empty() { name.to_string() } else { format!("{around}.{name}") };
            self.0.insert(path.clone(), line(key.span().start, starts));
            self.walk_value(value, &path, starts);
        }
    }

    fn walk_value(&mut self, value: &Spanned<DeValue<'_>>, path: &str, starts: &[usize]) {
        match value.get_ref() {
            DeValue::Table(table) => self.walk(table, path, starts),
            DeValue::Array(items) => {
                for (place, item) in items.iter().enumerate() {
                    let path = format!("{path}[{place}]");
                    self.0.insert(path.clone(), line(item.span().start, starts));
                    self.walk_value(item, &path, starts);
                }
            }
            _ => {}
        }
    }
}

fn line(at: usize, starts: &[usize]) -> usize {
    starts.partition_point(|start| *start < at) + 1
}
