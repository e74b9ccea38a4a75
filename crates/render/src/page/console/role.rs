//! One role: the team's name and address, and a table of what its members may do.

use super::Standing;
use crate::page::part::{Field, FieldError, FieldKind, errors_of};
use crate::page::{Page, Width, sample, view};

/// Something a role can allow.
#[derive(Clone)]
pub struct GrantRow {
    /// The value it is sent as.
    pub action: String,
    /// What it allows.
    pub title: String,
    /// Whether the role allows it.
    pub is_granted: bool,
}

/// The actions of one part of the console.
#[derive(Clone)]
pub struct GrantArea {
    /// The part.
    pub title: String,
    /// Its actions.
    pub rows: Vec<GrantRow>,
}

/// The page; a new one posts to `/console/roles/new`, a known one to `/console/roles/{name}`.
#[derive(Clone)]
pub struct Role {
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
    /// What it is for.
    pub description: String,
    /// What is wrong with that.
    pub description_error: Option<String>,
    /// The team's address.
    pub email: String,
    /// What is wrong with it.
    pub email_error: Option<String>,
    /// What it allows, part by part.
    pub areas: Vec<GrantArea>,
    /// Who has it.
    pub members: Vec<String>,
    /// The flows whose tasks it does.
    pub flows: Vec<String>,
    /// How it stands.
    pub standing: Standing,
}

impl Role {
    fn fields(&self) -> Vec<Field> {
        let name = Field::new(FieldKind::Text, "name", "Name in flows and files")
            .hint("Small letters, digits, '_' and '-'. It stays for ever.")
            .autocomplete("off")
            .max_length(64)
            .value(self.name.clone())
            .error(self.name_error.clone());
        let others = [
            Field::new(FieldKind::Text, "title", "What people call it")
                .autocomplete("off")
                .max_length(100)
                .value(self.title.clone())
                .error(self.title_error.clone()),
            Field::new(FieldKind::Text, "description", "What it is for")
                .autocomplete("off")
                .max_length(300)
                .optional()
                .value(self.description.clone())
                .error(self.description_error.clone()),
            Field::new(FieldKind::Email, "email", "The team's mail address")
                .hint("Mails about its tasks go there. Left empty, they go to each member.")
                .autocomplete("off")
                .max_length(254)
                .optional()
                .value(self.email.clone())
                .error(self.email_error.clone()),
        ];
        self.is_new.then_some(name).into_iter().chain(others).collect()
    }

    fn heading(&self) -> &str {
        if self.is_new { "Add a role" } else { &self.title }
    }

    fn action(&self) -> String {
        format!("/console/roles/{}", if self.is_new { "new" } else { &self.name })
    }
}

impl Page for Role {
    fn title(&self) -> String {
        if self.is_new { "Add a role".to_owned() } else { format!("Role {}", self.title) }
    }

    view!(Role, "console/role.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn errors(&self) -> Vec<FieldError> {
        errors_of(&self.fields())
    }

    fn samples() -> Vec<Self> {
        let row = |action: &str, title: &str, is_granted| GrantRow {
            action: action.to_owned(),
            title: title.to_owned(),
            is_granted,
        };
        let page = |words: &str, is_new: bool| Self {
            name: "legal".to_owned(),
            is_new,
            name_error: None,
            title: words.to_owned(),
            title_error: None,
            description: "Looks at what a lawyer must look at".to_owned(),
            description_error: None,
            email: "legal@northwind.example".to_owned(),
            email_error: None,
            areas: vec![
                GrantArea {
                    title: "Requests".to_owned(),
                    rows: vec![
                        row("see_requests", "See requests, without what was found", true),
                        row("see_subjects", "See who asks; without it they are masked", false),
                    ],
                },
                GrantArea {
                    title: "Tasks".to_owned(),
                    rows: vec![row("do_tasks", "Do the tasks of their roles", true)],
                },
            ],
            members: vec![words.to_owned(), "Barbara Liskov".to_owned()],
            flows: vec!["Access to personal data".to_owned()],
            standing: if is_new { Standing::new() } else { Standing::sample(words, true) },
        };
        let fixed = Self { standing: Standing::sample("Habeas", false), ..page("Legal", false) };
        let wrong = Self {
            name: sample::hostile(),
            name_error: Some("Use small letters, digits, '_' and '-'".to_owned()),
            email_error: Some("Enter a mail address such as team@example.org".to_owned()),
            members: Vec::new(),
            flows: Vec::new(),
            ..page(sample::HOSTILE, true)
        };
        vec![page("Legal", false), page(sample::HOSTILE, false), fixed, wrong]
    }
}
