//! The organisation's own written process, rendered from its definitions: for the file, for staff, for whoever
//! asks how requests are answered.
//!
//! Plain data goes in; Markdown and HTML come out, from one list of parts, so that they can't come to differ.

use std::fmt::Write as _;

use askama::Template;
use serde::Serialize;

use crate::Error;

/// A written process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Process {
    /// The organisation.
    pub organisation: String,
    /// The version: it changes whenever a definition does.
    pub version: String,
    /// The day a definition was last changed; none where that isn't known.
    pub last_updated: Option<String>,
    /// Its chapters, in order.
    pub chapters: Vec<Chapter>,
}

/// A chapter of the process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chapter {
    /// A stable name, such as `identity`.
    pub key: String,
    /// Its heading.
    pub title: String,
    /// What it says.
    pub parts: Vec<Part>,
}

/// A piece of a chapter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "part", content = "content", rename_all = "snake_case")]
pub enum Part {
    /// A heading within it.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// Points.
    List(Vec<String>),
    /// A table: its heads and rows.
    Table {
        /// The heads.
        heads: Vec<String>,
        /// The rows, each as long as the heads.
        rows: Vec<Vec<String>>,
    },
}

impl Process {
    /// Renders it as Markdown.
    pub fn markdown(&self) -> String {
        let mut text = format!("# How {} answers data subject requests\n\n", inline(&self.organisation));
        let _ = write!(text, "Version {}", inline(&self.version));
        if let Some(on) = &self.last_updated {
            let _ = write!(text, ", last updated {}", inline(on));
        }
        text.push_str(".\n");
        for chapter in &self.chapters {
            let _ = write!(text, "\n## {}\n", inline(&chapter.title));
            for part in &chapter.parts {
                text.push('\n');
                write_part(&mut text, part);
            }
        }
        text
    }

    /// Renders it as an HTML document that needs nothing else.
    ///
    /// # Errors
    /// When the template fails.
    pub fn html(&self) -> Result<String, Error> {
        Document { process: self }.render().map_err(|error| Error::new("process.html", error))
    }
}

fn write_part(text: &mut String, part: &Part) {
    match part {
        Part::Heading(words) => {
            let _ = writeln!(text, "### {}", inline(words));
        }
        Part::Text(words) => {
            let _ = writeln!(text, "{}", inline(words));
        }
        Part::List(points) => {
            for point in points {
                let _ = writeln!(text, "- {}", inline(point));
            }
        }
        Part::Table { heads, rows } => {
            let line = |cells: &[String]| {
                let cells: Vec<String> = cells.iter().map(|cell| inline(cell).replace('|', "\\|")).collect();
                format!("| {} |\n", cells.join(" | "))
            };
            text.push_str(&line(heads));
            let _ = writeln!(text, "|{}", " --- |".repeat(heads.len()));
            for row in rows {
                text.push_str(&line(row));
            }
        }
    }
}

/// Keeps a text on one line and what is in it from being read as Markdown or HTML.
fn inline(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        for c in word.chars() {
            if matches!(c, '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']') {
                line.push('\\');
            }
            line.push(c);
        }
    }
    if line.starts_with(['#', '-', '+']) { format!("\\{line}") } else { line }
}

#[derive(Template)]
#[template(path = "process.html")]
struct Document<'a> {
    process: &'a Process,
}

#[cfg(test)]
mod tests;
