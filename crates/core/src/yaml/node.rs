//! The tree a YAML file is read into.

use std::sync::Arc;

use super::{Cursor, Problems};

/// A parsed file.
#[derive(Debug, Clone)]
pub struct Document {
    pub(super) file: Arc<str>,
    pub(super) root: Arc<Node>,
}

impl Document {
    /// Returns the name of the file, as it was given to the parser.
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// Returns the outermost node, ready to be read.
    pub fn root<'a>(&'a self, problems: &'a Problems) -> Cursor<'a> {
        Cursor::new(&self.file, problems, &self.root)
    }
}

/// A scalar, a list or a mapping, with the place it stood.
#[derive(Debug, Clone)]
pub struct Node {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) size: usize,
    pub(super) depth: usize,
    pub(super) content: Content,
}

impl Node {
    /// Returns the line, from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// Returns the column, from 1.
    pub fn column(&self) -> usize {
        self.column
    }

    /// Returns what the node holds.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// Says in words what the node holds.
    pub fn kind(&self) -> &'static str {
        match &self.content {
            Content::Null => "nothing",
            Content::Scalar { is_plain: true, text } if is_number(text) => "a number",
            Content::Scalar { .. } => "text",
            Content::Sequence(_) => "a list",
            Content::Mapping(_) => "a mapping",
        }
    }
}

/// What a [`Node`] holds.
#[derive(Debug, Clone)]
pub enum Content {
    /// Nothing: an empty place, `~` or `null`.
    Null,
    /// A word, number or text.
    Scalar {
        /// The text.
        text: String,
        /// Whether it stood without quotes, so that it may be meant as a number or truth value.
        is_plain: bool,
    },
    /// A list.
    Sequence(Vec<Arc<Node>>),
    /// Named nodes in the order of the file.
    Mapping(Vec<(Key, Arc<Node>)>),
}

/// The key of an entry of a mapping.
#[derive(Debug, Clone)]
pub struct Key {
    /// The text.
    pub text: String,
    /// The line, from 1.
    pub line: usize,
}

pub(super) fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'))
        && text.parse::<f64>().is_ok()
}
