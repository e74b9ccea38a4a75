//! One member of staff: invited, changed, disabled.

use crate::page::part::{Choice, Field, FieldError, FieldKind, errors_of};
use crate::page::{Page, sample, view};

/// The page; a new one posts to `/console/users/new`, a known one to `/console/users/{id}` with `act` being
/// `save`, `invite`, `disable` or `enable`.
#[derive(Clone)]
pub struct User {
    /// Their id; none for a new one.
    pub id: Option<String>,
    /// Their name.
    pub name: String,
    /// What is wrong with it.
    pub name_error: Option<String>,
    /// Their address.
    pub email: String,
    /// What is wrong with it.
    pub email_error: Option<String>,
    /// The roles they can have, those they have selected.
    pub roles: Vec<Choice>,
    /// What is wrong with the choice.
    pub roles_error: Option<String>,
    /// Whether they may no longer sign in.
    pub is_disabled: bool,
    /// The one-time link, shown once where it is not sent by mail.
    pub link: Option<String>,
}

impl User {
    fn fields(&self) -> [Field; 3] {
        [
            Field::new(FieldKind::Text, "name", "Name")
                .autocomplete("off")
                .max_length(100)
                .value(self.name.clone())
                .error(self.name_error.clone()),
            Field::new(FieldKind::Email, "email", "E-mail address")
                .autocomplete("off")
                .max_length(254)
                .value(self.email.clone())
                .error(self.email_error.clone()),
            Field::new(FieldKind::Checkboxes, "roles", "Roles")
                .options(self.roles.clone())
                .error(self.roles_error.clone()),
        ]
    }

    fn heading(&self) -> &str {
        if self.id.is_some() { &self.name } else { "Invite somebody" }
    }

    fn action(&self) -> String {
        format!("/console/users/{}", self.id.as_deref().unwrap_or("new"))
    }
}

impl Page for User {
    fn title(&self) -> String {
        if self.id.is_some() { format!("User {}", self.name) } else { "Invite somebody".to_owned() }
    }

    view!(User, "console/user.html");

    fn errors(&self) -> Vec<FieldError> {
        errors_of(&self.fields())
    }

    fn scripts(&self) -> &'static [&'static str] {
        &["copy.js"]
    }

    fn samples() -> Vec<Self> {
        let new = Self {
            id: None,
            name: String::new(),
            name_error: None,
            email: String::new(),
            email_error: None,
            roles: vec![
                Choice::new("officer", "Privacy officer").hint("Watches and advises; sees everything"),
                Choice::new("owner", "Case owner").hint("Leads requests from receipt to reply"),
                Choice::new("steward", "Steward").hint("Does tasks of a team"),
            ],
            roles_error: None,
            is_disabled: false,
            link: None,
        };
        let known = Self {
            id: Some("u1".to_owned()),
            name: "Grace Hopper".to_owned(),
            email: "grace@northwind.example".to_owned(),
            link: Some("https://console.northwind.example/console/welcome".to_owned()),
            ..new.clone()
        };
        let hostile = Self {
            name: sample::hostile(),
            email: sample::hostile(),
            email_error: Some("Enter an e-mail address like name@example.org".to_owned()),
            is_disabled: true,
            roles_error: Some("Choose at least one role".to_owned()),
            ..known.clone()
        };
        vec![new, known, hostile]
    }
}
