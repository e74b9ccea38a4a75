//! Form fields: label, hint, error and control as one part, the same for built-in and configured forms.

use std::collections::BTreeMap;

use askama::Template;
use askama::filters::HtmlSafe;

use crate::text::{country, state};

/// What kind of control a field is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    Text,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// Several lines.
    LongText,
    /// A number.
    Number,
    /// A date.
    Date,
    /// One of few, all visible.
    Radios,
    /// One of many.
    Select,
    /// Any of few.
    Checkboxes,
    /// A password that exists.
    Password,
    /// A password being chosen.
    NewPassword,
    /// A one-time code.
    Code,
    /// A file.
    File,
}

/// One choice of a field that offers some.
#[derive(Clone)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// What helps to choose.
    pub hint: Option<String>,
    /// Whether it is chosen.
    pub is_selected: bool,
}

impl Choice {
    /// Returns a choice.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), hint: None, is_selected: false }
    }

    /// Adds a hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Marks the choice as chosen.
    pub fn selected(mut self, is_selected: bool) -> Self {
        self.is_selected = is_selected;
        self
    }
}

/// A form field.
#[derive(Clone, Template)]
#[template(path = "part/field.html")]
pub struct Field {
    /// The name it is sent under; also the base of its element ids.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What helps to fill it in.
    pub hint: Option<String>,
    /// What kind of control it is.
    pub kind: FieldKind,
    /// Whether it must be filled in; optional fields say so.
    pub is_required: bool,
    /// What it offers, for radios, selects and checkboxes.
    pub options: Vec<Choice>,
    /// What stands in it; passwords, codes and files are never shown again.
    pub value: String,
    /// What is wrong with it.
    pub error: Option<String>,
    /// The HTML `autocomplete` token.
    pub autocomplete: Option<String>,
    /// The most characters it takes.
    pub max_length: Option<u32>,
}

impl Field {
    /// Returns a required field of a kind.
    pub fn new(kind: FieldKind, name: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            hint: None,
            kind,
            is_required: true,
            options: Vec::new(),
            value: String::new(),
            error: None,
            autocomplete: None,
            max_length: None,
        }
    }

    /// Adds a hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Makes it optional.
    pub fn optional(mut self) -> Self {
        self.is_required = false;
        self
    }

    /// Says what browsers may fill in.
    pub fn autocomplete(mut self, token: &str) -> Self {
        self.autocomplete = Some(token.to_owned());
        self
    }

    /// Bounds the number of characters.
    pub fn max_length(mut self, length: u32) -> Self {
        self.max_length = Some(length);
        self
    }

    /// Gives the choices; the one equal to the value is chosen.
    pub fn options(mut self, options: Vec<Choice>) -> Self {
        self.options = options;
        self
    }

    /// Puts a value in, choosing the option of that value where there are options.
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        if !self.options.is_empty() {
            for option in &mut self.options {
                option.is_selected = option.value == self.value;
            }
        }
        self
    }

    /// Says what is wrong, if anything.
    pub fn error(mut self, error: Option<String>) -> Self {
        self.error = error;
        self
    }

    /// Returns the `type` of the control where it is an `<input>`.
    fn input_type(&self) -> &'static str {
        match self.kind {
            FieldKind::Email => "email",
            FieldKind::Phone => "tel",
            FieldKind::Date => "date",
            FieldKind::Password | FieldKind::NewPassword => "password",
            FieldKind::File => "file",
            FieldKind::Text
            | FieldKind::LongText
            | FieldKind::Number
            | FieldKind::Radios
            | FieldKind::Select
            | FieldKind::Checkboxes
            | FieldKind::Code => "text",
        }
    }

    fn autocomplete_token(&self) -> Option<&str> {
        match self.kind {
            FieldKind::Code => Some("one-time-code"),
            FieldKind::Password => Some("current-password"),
            FieldKind::NewPassword => Some("new-password"),
            _ => self.autocomplete.as_deref(),
        }
    }

    fn is_set(&self) -> bool {
        matches!(self.kind, FieldKind::Radios | FieldKind::Checkboxes)
    }

    fn is_code(&self) -> bool {
        self.kind == FieldKind::Code
    }

    fn is_number(&self) -> bool {
        self.kind == FieldKind::Number
    }

    fn is_checkboxes(&self) -> bool {
        self.kind == FieldKind::Checkboxes
    }

    fn is_select(&self) -> bool {
        self.kind == FieldKind::Select
    }

    fn is_long(&self) -> bool {
        self.kind == FieldKind::LongText
    }

    fn shows_value(&self) -> bool {
        !matches!(self.kind, FieldKind::Password | FieldKind::NewPassword | FieldKind::Code | FieldKind::File)
    }

    /// Returns the ids that describe the control, for `aria-describedby`.
    fn described_by(&self) -> Option<String> {
        let mut ids = Vec::new();
        if self.hint.is_some() {
            ids.push(format!("{}-hint", self.name));
        }
        if self.error.is_some() {
            ids.push(format!("{}-error", self.name));
        }
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn width_class(&self) -> &'static str {
        match self.kind {
            FieldKind::Code => "input-code",
            FieldKind::Date | FieldKind::Number | FieldKind::Phone => "input-short",
            _ => "",
        }
    }
}

impl HtmlSafe for Field {}

/// A hidden field that carries what was already answered.
#[derive(Clone, Template)]
#[template(source = r#"<input type="hidden" name="{{ name }}" value="{{ value }}">"#, ext = "html")]
pub struct Hidden {
    /// The name it is sent under.
    pub name: String,
    /// What is sent.
    pub value: String,
}

impl Hidden {
    /// Returns a hidden field.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

impl HtmlSafe for Hidden {}

/// Fields under one heading.
#[derive(Clone)]
pub struct Group {
    /// The heading.
    pub title: String,
    /// A sentence under it.
    pub hint: Option<String>,
    /// The fields.
    pub fields: Vec<Field>,
}

/// What is wrong with which field.
#[derive(Clone)]
pub struct FieldError {
    /// The field's name.
    pub name: String,
    /// What is wrong.
    pub text: String,
}

/// Returns the errors of fields in the order shown.
pub fn errors_of<'a>(fields: impl IntoIterator<Item = &'a Field>) -> Vec<FieldError> {
    fields
        .into_iter()
        .filter_map(|field| field.error.clone().map(|text| FieldError { name: field.name.clone(), text }))
        .collect()
}

/// Returns the fields every request form has, filled from answers and errors by field name: `given_name`,
/// `family_name`, `email`, `phone`, `country`, `state`, `relation`, then `description`, `format`, `language`.
pub fn about_you(
    answers: &BTreeMap<String, String>,
    errors: &BTreeMap<String, String>,
    languages: Vec<Choice>,
) -> Vec<Group> {
    let fill = |field: Field| {
        let value = answers.get(&field.name).cloned().unwrap_or_default();
        let error = errors.get(&field.name).cloned();
        field.value(value).error(error)
    };
    let countries = country::ALL.iter().map(|(code, name)| Choice::new(*code, *name)).collect();
    let states = state::ALL.iter().map(|(code, name)| Choice::new(*code, *name)).collect();
    let you = vec![
        Field::new(FieldKind::Text, "given_name", "Given name").autocomplete("given-name").max_length(100),
        Field::new(FieldKind::Text, "family_name", "Family name")
            .autocomplete("family-name")
            .hint("Leave empty if you have one name only.")
            .optional()
            .max_length(100),
        Field::new(FieldKind::Email, "email", "E-mail address")
            .autocomplete("email")
            .hint("Use the address we know you by. We send a code to it to check that it is yours.")
            .max_length(254),
        Field::new(FieldKind::Phone, "phone", "Phone number")
            .autocomplete("tel")
            .hint("Only so that we can reach you if something is unclear.")
            .optional()
            .max_length(40),
        Field::new(FieldKind::Select, "country", "Country you live in")
            .autocomplete("country")
            .options(countries),
        Field::new(FieldKind::Select, "state", "State you live in")
            .autocomplete("address-level1")
            .options(states),
        Field::new(FieldKind::Radios, "relation", "You are").options(vec![
            Choice::new("customer", "A customer or user"),
            Choice::new("employee", "An employee, past or present, or an applicant"),
            Choice::new("other", "Somebody else"),
        ]),
    ];
    let reply = vec![
        Field::new(FieldKind::LongText, "description", "What we should know")
            .hint("For example an account, a period, or what is wrong. You need not give a reason.")
            .optional()
            .max_length(5_000),
        Field::new(FieldKind::Select, "language", "Language of the reply").options(languages),
    ];
    vec![
        Group { title: "About you".to_owned(), hint: None, fields: you.into_iter().map(fill).collect() },
        Group {
            title: "About the reply".to_owned(),
            hint: None,
            fields: reply.into_iter().map(fill).collect(),
        },
    ]
}
