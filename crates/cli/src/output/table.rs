//! A table of short texts, its columns as wide as what stands in them.

use super::{Tone, clean, paint};

/// A table with a heading. Cells are one line: a line break in one becomes a space.
#[derive(Debug, Default)]
pub(crate) struct Table {
    heading: Vec<String>,
    rows: Vec<Vec<(Tone, String)>>,
}

impl Table {
    /// Starts a table with these column headings.
    pub(crate) fn new<'a>(heading: impl IntoIterator<Item = &'a str>) -> Self {
        Self { heading: heading.into_iter().map(one_line).collect(), rows: Vec::new() }
    }

    /// Adds a row.
    pub(crate) fn row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.toned_row(cells.into_iter().map(|cell| (Tone::Plain, cell)));
    }

    /// Adds a row whose cells have tones.
    pub(crate) fn toned_row<S: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = (Tone, S)>) {
        self.rows.push(cells.into_iter().map(|(tone, cell)| (tone, one_line(cell.as_ref()))).collect());
    }

    pub(super) fn render(&self, has_colour: bool) -> String {
        let heading: Vec<(Tone, String)> =
            self.heading.iter().map(|text| (Tone::Strong, text.clone())).collect();
        let rows = || std::iter::once(&heading).chain(&self.rows);
        let mut widths: Vec<usize> = Vec::new();
        for row in rows() {
            widths.resize(widths.len().max(row.len()), 0);
            for (width, (_, text)) in widths.iter_mut().zip(row) {
                *width = (*width).max(width_of(text));
            }
        }
        let mut text = String::new();
        for row in rows() {
            let last = row.len().saturating_sub(1);
            for (place, ((tone, cell), width)) in row.iter().zip(&widths).enumerate() {
                text.push_str(&paint(*tone, cell, has_colour));
                if place < last {
                    let padding = width.saturating_sub(width_of(cell)) + 2;
                    text.extend(std::iter::repeat_n(' ', padding));
                }
            }
            text.push('\n');
        }
        text
    }
}

fn one_line(text: &str) -> String {
    clean(text).replace(['\n', '\t'], " ")
}

/// Terminals disagree about the width of anything beyond plain letters; one column a character is close.
fn width_of(text: &str) -> usize {
    text.chars().count()
}
