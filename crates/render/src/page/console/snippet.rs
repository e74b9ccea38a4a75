//! Snippets: the blocks of text that replies are put together from.

use super::Standing;
use crate::page::part::{Badge, Empty, Field, FieldError, FieldKind, Tone, errors_of};
use crate::page::{Page, Width, sample, view};

/// A snippet in the list.
#[derive(Clone)]
pub struct SnippetRow {
    /// Its name in definitions.
    pub name: String,
    /// What staff call it.
    pub title: String,
    /// How it begins.
    pub start: String,
    /// How it stands.
    pub state: Badge,
}

/// The list.
#[derive(Clone)]
pub struct Snippets {
    /// The snippets, by title.
    pub rows: Vec<SnippetRow>,
}

impl Snippets {
    fn empty() -> Empty {
        Empty {
            title: "No snippets yet".to_owned(),
            text: "A snippet is a block of text for messages to people, with places for the name, the reference, the \
                   date. Whoever writes a message puts it in with one click."
                .to_owned(),
            action: Some(("Write a snippet".to_owned(), "/console/snippets/new".to_owned())),
        }
    }
}

impl Page for Snippets {
    fn title(&self) -> String {
        "Snippets".to_owned()
    }

    view!(Snippets, "console/snippets.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        let row = |words: &str, state: Badge| SnippetRow {
            name: "which-account".to_owned(),
            title: words.to_owned(),
            start: words.to_owned(),
            state,
        };
        let page = |words: &str| Self {
            rows: vec![
                row(words, Badge::new(Tone::Good, "In force")),
                row("Thanks", Badge::new(Tone::Info, "Draft")),
            ],
        };
        vec![page("Which account?"), Self { rows: Vec::new() }, page(sample::HOSTILE)]
    }
}

/// One snippet; a new one posts to `/console/snippets/new`, a known one to `/console/snippets/{name}`.
#[derive(Clone)]
pub struct Snippet {
    /// Its name in definitions; chosen once.
    pub name: String,
    /// Whether it is being made.
    pub is_new: bool,
    /// What is wrong with the name.
    pub name_error: Option<String>,
    /// What staff call it.
    pub title: String,
    /// What is wrong with that.
    pub title_error: Option<String>,
    /// The text.
    pub text: String,
    /// What is wrong with it.
    pub text_error: Option<String>,
    /// The places it can have: the word in braces and what stands there.
    pub places: Vec<(String, String)>,
    /// How it reads for a made-up request.
    pub preview: Option<String>,
    /// How it stands.
    pub standing: Standing,
}

impl Snippet {
    fn fields(&self) -> Vec<Field> {
        let name = Field::new(FieldKind::Text, "name", "Name in files")
            .hint("Small letters, digits, '_' and '-'. It stays for ever.")
            .autocomplete("off")
            .max_length(64)
            .value(self.name.clone())
            .error(self.name_error.clone());
        let title = Field::new(FieldKind::Text, "title", "What colleagues call it")
            .autocomplete("off")
            .max_length(100)
            .value(self.title.clone())
            .error(self.title_error.clone());
        let text = Field::new(FieldKind::LongText, "text", "Text")
            .max_length(5_000)
            .value(self.text.clone())
            .error(self.text_error.clone());
        self.is_new.then_some(name).into_iter().chain([title, text]).collect()
    }

    fn heading(&self) -> &str {
        if self.is_new { "Write a snippet" } else { &self.title }
    }

    fn action(&self) -> String {
        format!("/console/snippets/{}", if self.is_new { "new" } else { &self.name })
    }
}

impl Page for Snippet {
    fn title(&self) -> String {
        if self.is_new { "Write a snippet".to_owned() } else { format!("Snippet {}", self.title) }
    }

    view!(Snippet, "console/snippet.html");

    fn errors(&self) -> Vec<FieldError> {
        errors_of(&self.fields())
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str, can_change| Self {
            name: "which-account".to_owned(),
            is_new: false,
            name_error: None,
            title: words.to_owned(),
            title_error: None,
            text: words.to_owned(),
            text_error: None,
            places: vec![("name".to_owned(), "the person's name".to_owned())],
            preview: Some(words.to_owned()),
            standing: Standing::sample(words, can_change),
        };
        let new = Self { is_new: true, standing: Standing::new(), preview: None, ..page("", true) };
        let wrong = Self {
            name_error: Some("Choose another name".to_owned()),
            title_error: Some("Enter a title".to_owned()),
            text_error: Some("There is no place {nmae}".to_owned()),
            ..Self { is_new: true, ..page(sample::HOSTILE, true) }
        };
        vec![page("Which account?", true), new, wrong, page("From a file", false)]
    }
}
