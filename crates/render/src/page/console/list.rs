//! One list: what it offers, line by line.

use super::Standing;
use crate::page::part::{Field, FieldError, FieldKind, errors_of};
use crate::page::{Page, Width, sample, view};

/// One line of a list.
#[derive(Clone)]
pub struct EntryRow {
    /// What is kept when it is chosen.
    pub key: String,
    /// What people read.
    pub value: String,
    /// Whether it can be chosen.
    pub is_active: bool,
}

/// The page; a new one posts to `/console/lists/new`, a known one to `/console/lists/{name}`. Each line is sent
/// as `key-N`, `value-N` and, where it is on, `active-N`, from 1.
#[derive(Clone)]
pub struct List {
    /// Its name in definitions; chosen once.
    pub name: String,
    /// Whether it is being made.
    pub is_new: bool,
    /// What is wrong with the name.
    pub name_error: Option<String>,
    /// What people call it.
    pub title: String,
    /// What is wrong with that.
    pub title_error: Option<String>,
    /// The lines, empty ones at the end for new ones.
    pub rows: Vec<EntryRow>,
    /// What is wrong with the lines: the number of the line and a sentence.
    pub row_errors: Vec<(usize, String)>,
    /// The flows that use it.
    pub used_by: Vec<String>,
    /// How it stands.
    pub standing: Standing,
}

impl List {
    fn fields(&self) -> Vec<Field> {
        let name = Field::new(FieldKind::Text, "name", "Name in flows and files")
            .hint("Small letters, digits, '_' and '-'. It stays for ever.")
            .autocomplete("off")
            .max_length(64)
            .value(self.name.clone())
            .error(self.name_error.clone());
        let title = Field::new(FieldKind::Text, "title", "What people call it")
            .autocomplete("off")
            .max_length(200)
            .value(self.title.clone())
            .error(self.title_error.clone());
        self.is_new.then_some(name).into_iter().chain([title]).collect()
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand references")]
    fn row_error(&self, number: &usize) -> Option<&str> {
        self.row_errors.iter().find(|(row, _)| row == number).map(|(_, text)| text.as_str())
    }

    fn heading(&self) -> &str {
        if self.is_new { "Add a list" } else { &self.title }
    }

    fn action(&self) -> String {
        format!("/console/lists/{}", if self.is_new { "new" } else { &self.name })
    }
}

impl Page for List {
    fn title(&self) -> String {
        if self.is_new { "Add a list".to_owned() } else { format!("List {}", self.title) }
    }

    view!(List, "console/list.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn errors(&self) -> Vec<FieldError> {
        let rows = self.row_errors.iter().map(|(row, text)| FieldError {
            name: format!("key-{row}"),
            text: format!("Line {row}: {text}"),
        });
        errors_of(&self.fields()).into_iter().chain(rows).collect()
    }

    fn samples() -> Vec<Self> {
        let row = |key: &str, value: &str, is_active| EntryRow {
            key: key.to_owned(),
            value: value.to_owned(),
            is_active,
        };
        let page = |words: &str, is_new: bool| Self {
            name: "departments".to_owned(),
            is_new,
            name_error: None,
            title: words.to_owned(),
            title_error: None,
            rows: vec![row("hr", words, true), row("depot", "The depot", false), row("", "", true)],
            row_errors: Vec::new(),
            used_by: vec!["Access to personal data".to_owned()],
            standing: if is_new { Standing::new() } else { Standing::sample(words, true) },
        };
        let fixed = Self { standing: Standing::sample("Habeas", false), ..page("Departments", false) };
        let wrong = Self {
            name: sample::hostile(),
            name_error: Some("Use small letters, digits, '_' and '-'".to_owned()),
            row_errors: vec![(2, "another line has this key".to_owned())],
            used_by: Vec::new(),
            ..page(sample::HOSTILE, true)
        };
        vec![page("Departments", false), page(sample::HOSTILE, false), fixed, wrong]
    }
}
