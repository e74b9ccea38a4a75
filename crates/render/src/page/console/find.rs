//! Finding somebody in every source: one box, and what was found.

use crate::page::part::{Badge, Choice, Field, FieldError, FieldKind, Hidden, errors_of};
use crate::page::{Page, Width, sample, view};

/// The page; posts `query` and `purpose` to `/console/find`.
#[derive(Clone)]
pub struct Find {
    /// What was typed.
    pub query: String,
    /// What is wrong with it.
    pub query_error: Option<String>,
    /// What it can be for; the chosen one is selected.
    pub purposes: Vec<Choice>,
    /// What is wrong with the choice.
    pub purpose_error: Option<String>,
    /// The kinds of identity that sources know people by, in words.
    pub known_by: Vec<String>,
}

impl Find {
    fn fields(&self) -> [Field; 2] {
        [
            Field::new(FieldKind::Text, "query", "E-mail address, telephone number or customer number")
                .hint("The whole of it, as the person says it. Every source is searched for exactly this.")
                .autocomplete("off")
                .max_length(200)
                .value(self.query.clone())
                .error(self.query_error.clone()),
            Field::new(FieldKind::Radios, "purpose", "What for")
                .options(self.purposes.clone())
                .error(self.purpose_error.clone()),
        ]
    }
}

impl Page for Find {
    fn title(&self) -> String {
        "Find a person".to_owned()
    }

    view!(Find, "console/find.html");

    fn errors(&self) -> Vec<FieldError> {
        errors_of(&self.fields())
    }

    fn samples() -> Vec<Self> {
        let page = |query: &str, is_wrong: bool| Self {
            query: query.to_owned(),
            query_error: is_wrong.then(|| "Enter what the person is known by".to_owned()),
            purposes: vec![
                Choice::new("call", "They are on the telephone and ask for something").selected(!is_wrong),
                Choice::new("letter", "They wrote, or stand at the counter"),
            ],
            purpose_error: is_wrong.then(|| "Choose what for".to_owned()),
            known_by: vec!["email".to_owned(), query.to_owned()],
        };
        vec![page("ann@example.org", false), page(sample::HOSTILE, true)]
    }
}

/// One row of a source.
#[derive(Clone)]
pub struct PersonRow {
    /// The source.
    pub source: String,
    /// The collection.
    pub collection: String,
    /// The name there.
    pub name: String,
    /// The addresses there.
    pub emails: String,
    /// The numbers there.
    pub phones: String,
}

/// Rows of one person.
#[derive(Clone)]
pub struct PersonFound {
    /// Their name; empty where no source has one.
    pub name: String,
    /// The address the rows share.
    pub email: Option<String>,
    /// What the sources hold.
    pub rows: Vec<PersonRow>,
    /// What the form to file a request for them starts with.
    pub filled: Vec<Hidden>,
}

impl PersonFound {
    fn heading(&self) -> String {
        match (&self.email, self.name.is_empty()) {
            (Some(email), true) => email.clone(),
            (None, true) => "Somebody without name and address".to_owned(),
            (_, false) => self.name.clone(),
        }
    }
}

/// What was found; renews itself while it is looked for.
#[derive(Clone)]
pub struct FoundPeople {
    /// What was looked for.
    pub query: String,
    /// Whether it is still being looked for.
    pub is_waiting: bool,
    /// The people.
    pub people: Vec<PersonFound>,
    /// Whether there were more rows than are shown.
    pub is_cut: bool,
    /// Whether no source knows people by what was typed.
    pub is_unknown_kind: bool,
    /// The sources searched.
    pub searched: Vec<String>,
    /// The sources that could not be.
    pub failed: Vec<String>,
    /// Whether the reader may file a request.
    pub can_file: bool,
}

impl FoundPeople {
    fn state(&self) -> Badge {
        use crate::page::part::Tone;
        match (self.is_waiting, self.failed.is_empty()) {
            (true, _) => Badge::new(Tone::Info, "Searching"),
            (false, true) => Badge::new(Tone::Good, "Searched"),
            (false, false) => Badge::new(Tone::Warn, "Searched in part"),
        }
    }
}

impl Page for FoundPeople {
    fn title(&self) -> String {
        "People found".to_owned()
    }

    view!(FoundPeople, "console/found.html");

    fn scripts(&self) -> &'static [&'static str] {
        if self.is_waiting { &["refresh.js"] } else { &[] }
    }

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        let row = |source: &str, words: &str| PersonRow {
            source: source.to_owned(),
            collection: "Customers".to_owned(),
            name: words.to_owned(),
            emails: "ann@example.org".to_owned(),
            phones: "555 0100".to_owned(),
        };
        let page = |words: &str| Self {
            query: words.to_owned(),
            is_waiting: false,
            people: vec![
                PersonFound {
                    name: words.to_owned(),
                    email: Some("ann@example.org".to_owned()),
                    rows: vec![row("Web shop", words), row("Service desk", words)],
                    filled: vec![Hidden::new("email", "ann@example.org"), Hidden::new("given_name", words)],
                },
                PersonFound {
                    name: String::new(),
                    email: None,
                    rows: vec![row("Newsletter", "")],
                    filled: Vec::new(),
                },
            ],
            is_cut: true,
            is_unknown_kind: false,
            searched: vec!["Web shop".to_owned(), "Service desk".to_owned()],
            failed: vec![words.to_owned()],
            can_file: true,
        };
        let none =
            Self { people: Vec::new(), is_cut: false, failed: Vec::new(), ..page("nobody@example.org") };
        let unknown = Self { is_unknown_kind: true, searched: Vec::new(), ..none.clone() };
        let waiting = Self { is_waiting: true, ..none.clone() };
        vec![page("Ann Lee"), page(sample::HOSTILE), none, unknown, waiting]
    }
}
