//! Readers over the tree: each asks for what it expects and reports what it finds instead.

use std::sync::Arc;

use super::node::{Content, Key, Node};
use super::problem::{Problem, Problems};

/// A node with its path, and the list its problems go to.
#[derive(Debug, Clone)]
pub struct Cursor<'a> {
    file: &'a Arc<str>,
    problems: &'a Problems,
    node: &'a Node,
    line: usize,
    path: String,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(file: &'a Arc<str>, problems: &'a Problems, node: &'a Node) -> Self {
        Self { file, problems, node, line: node.line, path: String::new() }
    }

    /// Returns the file.
    pub fn file(&self) -> &'a Arc<str> {
        self.file
    }

    /// Returns the line of the node, or of its key where it has one.
    pub fn line(&self) -> usize {
        self.line
    }

    /// Returns the path from the outermost node: `collections[2].name`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the node itself.
    pub fn node(&self) -> &'a Node {
        self.node
    }

    /// Returns whether nothing stands here.
    pub fn is_null(&self) -> bool {
        matches!(self.node.content, Content::Null)
    }

    /// Returns a problem at this place, to be completed and pushed.
    pub fn problem(&self, message: impl Into<String>) -> Problem {
        Problem::error(self.file.clone(), self.line, self.path.clone(), message)
    }

    /// Reports a problem at this place.
    pub fn report(&self, message: impl Into<String>) {
        self.push(self.problem(message));
    }

    /// Reports a problem.
    pub fn push(&self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Reads a mapping.
    pub fn mapping(&self) -> Option<Mapping<'a>> {
        match &self.node.content {
            Content::Mapping(entries) => Some(Mapping { cursor: self.clone(), entries, known: Vec::new() }),
            Content::Null | Content::Scalar { .. } | Content::Sequence(_) => self.mismatch("a mapping"),
        }
    }

    /// Reads a list.
    pub fn sequence(&self) -> Option<Vec<Cursor<'a>>> {
        match &self.node.content {
            Content::Sequence(items) => Some(self.items(items)),
            Content::Null | Content::Scalar { .. } | Content::Mapping(_) => self.mismatch("a list"),
        }
    }

    /// Reads a list, or one value as a list of one.
    pub fn one_or_more(&self) -> Vec<Cursor<'a>> {
        match &self.node.content {
            Content::Sequence(items) => self.items(items),
            Content::Null => Vec::new(),
            Content::Scalar { .. } | Content::Mapping(_) => vec![self.clone()],
        }
    }

    /// Reads text; a number or other bare word is text too.
    pub fn text(&self) -> Option<&'a str> {
        match &self.node.content {
            Content::Scalar { text, .. } => Some(text),
            Content::Null | Content::Sequence(_) | Content::Mapping(_) => self.mismatch("text"),
        }
    }

    /// Reads text that is not empty or blank.
    pub fn name(&self) -> Option<&'a str> {
        let text = self.text()?;
        if text.trim().is_empty() {
            return self.mismatch("a name");
        }
        Some(text)
    }

    /// Reads a list of text, reporting what is none.
    pub fn texts(&self) -> Vec<&'a str> {
        self.sequence().unwrap_or_default().iter().filter_map(Cursor::text).collect()
    }

    /// Reads a truth value.
    pub fn boolean(&self) -> Option<bool> {
        if let Content::Scalar { text, is_plain: true } = &self.node.content {
            match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" => return Some(true),
                "false" | "no" | "off" => return Some(false),
                _ => {}
            }
        }
        self.mismatch("true or false")
    }

    /// Reads a whole number.
    pub fn integer(&self) -> Option<i64> {
        let read = match &self.node.content {
            Content::Scalar { text, is_plain: true } => text.replace('_', "").parse().ok(),
            Content::Scalar { .. } | Content::Null | Content::Sequence(_) | Content::Mapping(_) => None,
        };
        read.or_else(|| self.mismatch("a whole number"))
    }

    /// Reads a whole number that is not negative.
    pub fn count(&self) -> Option<u64> {
        let read = match &self.node.content {
            Content::Scalar { text, is_plain: true } => text.replace('_', "").parse().ok(),
            Content::Scalar { .. } | Content::Null | Content::Sequence(_) | Content::Mapping(_) => None,
        };
        read.or_else(|| self.mismatch("a whole number, zero or more"))
    }

    /// Reads one of a set of words.
    pub fn one_of<T: Clone>(&self, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        if let Some((_, value)) = choices.iter().find(|(word, _)| *word == text) {
            return Some(value.clone());
        }
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let problem = self.problem(format!("expected one of {}, found '{text}'", words.join(", ")));
        self.push(problem.with_nearest(text, words));
        None
    }

    /// Returns the value as JSON: bare words that look like numbers or truth values become such.
    pub fn to_json(&self) -> serde_json::Value {
        to_json(self.node)
    }

    /// Reports that something else was expected here.
    pub fn mismatch<T>(&self, expected: &str) -> Option<T> {
        self.report(format!("expected {expected}, found {}", self.node.kind()));
        None
    }

    fn items(&self, items: &'a [Arc<Node>]) -> Vec<Cursor<'a>> {
        items
            .iter()
            .enumerate()
            .map(|(place, node)| Cursor {
                node,
                line: node.line,
                path: format!("{}[{place}]", self.path),
                ..*self
            })
            .collect()
    }
}

/// A mapping whose keys are taken one by one; what is left at the end is unknown.
#[derive(Debug)]
pub struct Mapping<'a> {
    cursor: Cursor<'a>,
    entries: &'a [(Key, Arc<Node>)],
    known: Vec<&'static str>,
}

impl<'a> Mapping<'a> {
    /// Returns the place of the mapping itself.
    pub fn at(&self) -> &Cursor<'a> {
        &self.cursor
    }

    /// Takes the value of a key; `None` where the key is absent or holds nothing.
    pub fn take(&mut self, key: &'static str) -> Option<Cursor<'a>> {
        self.known.push(key);
        self.entries().find(|(name, value)| *name == key && !value.is_null()).map(|(_, value)| value)
    }

    /// Takes the value of a key that must be there.
    pub fn require(&mut self, key: &'static str) -> Option<Cursor<'a>> {
        let value = self.take(key);
        if value.is_none() {
            self.cursor.report(format!("the key '{key}' is missing"));
        }
        value
    }

    /// Takes the first of several names of the same key, such as an older one; reports when two are used.
    pub fn take_either(&mut self, keys: &[&'static str]) -> Option<Cursor<'a>> {
        let mut found: Vec<(&'static str, Cursor<'a>)> =
            keys.iter().filter_map(|key| self.take(key).map(|value| (*key, value))).collect();
        if let [(first, _), (_, second), ..] = found.as_slice() {
            second.report(format!("means the same as '{first}', which is given too"));
        }
        if found.is_empty() { None } else { Some(found.swap_remove(0).1) }
    }

    /// Returns every key with its value, known or not, for mappings whose keys are names.
    pub fn entries(&self) -> impl Iterator<Item = (&'a str, Cursor<'a>)> + use<'a> {
        let cursor = self.cursor.clone();
        self.entries.iter().map(move |(key, node)| {
            let path = if cursor.path.is_empty() {
                key.text.clone()
            } else {
                format!("{}.{}", cursor.path, key.text)
            };
            (key.text.as_str(), Cursor { node, line: key.line, path, ..cursor })
        })
    }

    /// Reports every key nobody took, with the nearest one that exists.
    pub fn finish(self) {
        for (key, value) in self.entries() {
            if !self.known.contains(&key) {
                let problem = value.problem(format!("unknown key '{key}'"));
                value.push(problem.with_nearest(key, self.known.iter().copied()));
            }
        }
    }
}

fn to_json(node: &Node) -> serde_json::Value {
    use serde_json::Value;
    match &node.content {
        Content::Null => Value::Null,
        Content::Scalar { text, is_plain: false } => Value::String(text.clone()),
        Content::Scalar { text, is_plain: true } => match text.as_str() {
            "true" | "True" | "TRUE" => Value::Bool(true),
            "false" | "False" | "FALSE" => Value::Bool(false),
            _ => to_number(text).map_or_else(|| Value::String(text.clone()), Value::Number),
        },
        Content::Sequence(items) => Value::Array(items.iter().map(|item| to_json(item)).collect()),
        Content::Mapping(entries) => {
            Value::Object(entries.iter().map(|(key, value)| (key.text.clone(), to_json(value))).collect())
        }
    }
}

fn to_number(text: &str) -> Option<serde_json::Number> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    if super::node::is_number(text) {
        return text.parse().ok().and_then(serde_json::Number::from_f64);
    }
    None
}
