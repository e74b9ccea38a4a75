//! What is wrong with a definition, and where.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;

/// How bad a [`Problem`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The definition can't be used.
    Error,
    /// The definition can be used; a person should look.
    Warning,
}

/// Something wrong with a definition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Problem {
    /// The file, as it was named to the parser.
    pub file: Arc<str>,
    /// The line, from 1; 0 where it concerns the whole file or more than one.
    pub line: usize,
    /// The path of keys and places: `collections[2].fields[0].name`.
    pub path: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What would be right, where that is known.
    pub hint: Option<String>,
}

impl Problem {
    /// Makes an error.
    pub fn error(file: Arc<str>, line: usize, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { file, line, path: path.into(), severity: Severity::Error, message: message.into(), hint: None }
    }

    /// Makes it a warning.
    pub fn as_warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// Adds what would be right.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the nearest of the names that would have been right, where one is near.
    pub fn with_nearest<'n>(self, word: &str, known: impl IntoIterator<Item = &'n str>) -> Self {
        match nearest(word, known) {
            Some(near) => self.with_hint(format!("did you mean '{near}'?")),
            None => self,
        }
    }

    /// Returns whether the definition can't be used.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        f.write_str(": ")?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        match &self.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

/// Where readers report what they find, so that one mistake doesn't hide the next.
#[derive(Debug, Default)]
pub struct Problems(RefCell<Vec<Problem>>);

impl Problems {
    /// Makes an empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a problem.
    pub fn push(&self, problem: Problem) {
        self.0.borrow_mut().push(problem);
    }

    /// Returns whether anything found makes the definition unusable.
    pub fn has_errors(&self) -> bool {
        self.0.borrow().iter().any(Problem::is_error)
    }

    /// Returns all problems by file and line.
    pub fn into_vec(self) -> Vec<Problem> {
        let mut all = self.0.into_inner();
        all.sort();
        all.dedup();
        all
    }
}

/// Returns the name nearest to a word, where one is near enough to be what was meant.
pub fn nearest<'n>(word: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let lower = word.to_lowercase();
    let allowed = (word.chars().count() / 3).max(1);
    known
        .into_iter()
        .filter(|name| name.len() <= 256 && word.len() <= 256)
        .map(|name| (strsim::damerau_levenshtein(&lower, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, name)| name)
}
