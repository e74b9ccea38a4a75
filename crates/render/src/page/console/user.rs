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
    /// The organisations they see, where there are several; none selected for all.
    pub entities: Vec<Choice>,
    /// The activities whose requests they see; none selected for all.
    pub activities: Vec<Choice>,
    /// The first and the last day they are away, `YYYY-MM-DD`.
    pub away: (String, String),
    /// What is wrong with these days.
    pub away_error: Option<String>,
    /// Whether they may no longer sign in.
    pub is_disabled: bool,
    /// The one-time link, shown once where it is not sent by mail.
    pub link: Option<String>,
}

impl User {
    fn fields(&self) -> Vec<Field> {
        let mut fields = vec![
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
        ];
        for (name, label, options) in [
            ("entities", "Organisations whose requests they see", &self.entities),
            ("activities", "Kinds of requests they see", &self.activities),
        ] {
            let field = Field::new(FieldKind::Checkboxes, name, label).hint("None ticked: all of them.");
            // With one there is nothing to limit.
            fields.extend((options.len() > 1).then(|| field.optional().options(options.clone())));
        }
        if self.id.is_some() {
            let day = |name: &str, label: &str, value: &str| {
                Field::new(FieldKind::Date, name, label).optional().value(value)
            };
            fields.push(
                day("away_from", "Away from", &self.away.0)
                    .hint("Who is away gets no new cases.")
                    .error(self.away_error.clone()),
            );
            fields.push(day("away_until", "Away until, that day included", &self.away.1));
        }
        fields
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
            entities: vec![Choice::new("northwind", "Northwind"), Choice::new("southwind", "Southwind")],
            activities: vec![Choice::new("access", "Get a copy"), Choice::new("deletion", "Delete my data")],
            away: (String::new(), String::new()),
            away_error: None,
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
            away: ("2026-12-04".to_owned(), "2026-12-01".to_owned()),
            away_error: Some("The last day comes before the first".to_owned()),
            email_error: Some("Enter an e-mail address like name@example.org".to_owned()),
            is_disabled: true,
            roles_error: Some("Choose at least one role".to_owned()),
            ..known.clone()
        };
        vec![new, known, hostile]
    }
}
