//! A page with one form: what is written of an activity, a regulation, a new flow.

use super::PanelAct;
use crate::page::part::{Choice, Field, FieldError, FieldKind, Group, Hidden, Tone, errors_of};
use crate::page::{Page, sample, view};

/// The page.
#[derive(Clone)]
pub struct EditForm {
    /// Its heading.
    pub heading: String,
    /// The way here: names and where they lead.
    pub crumbs: Vec<(String, String)>,
    /// What it is about, in a sentence.
    pub lead: Option<String>,
    /// What is wrong as a whole, a line each.
    pub problems: Vec<String>,
    /// Where the form is sent.
    pub action: String,
    /// What goes along.
    pub hidden: Vec<Hidden>,
    /// The fields.
    pub groups: Vec<Group>,
    /// What is sent as `act`, and the button's words; none where it is only to look at.
    pub submit: Option<(String, String)>,
    /// What else can be done.
    pub acts: Vec<PanelAct>,
    /// Where leaving it leads.
    pub leave_href: String,
    /// Further links: words and where they lead.
    pub links: Vec<(String, String)>,
    /// Whether a file can be read into the field `text`.
    pub reads_file: bool,
}

impl Page for EditForm {
    fn title(&self) -> String {
        self.heading.clone()
    }

    view!(EditForm, "console/edit_form.html");

    fn errors(&self) -> Vec<FieldError> {
        errors_of(self.groups.iter().flat_map(|group| &group.fields))
    }

    fn scripts(&self) -> &'static [&'static str] {
        if self.reads_file { &["import.js"] } else { &[] }
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str, error: Option<String>| Self {
            heading: words.to_owned(),
            crumbs: vec![("Regulations".to_owned(), "/console/activities".to_owned())],
            lead: Some("What a person may ask for.".to_owned()),
            problems: Vec::new(),
            action: "/console/activities/new".to_owned(),
            hidden: vec![Hidden::new("hash", "00ff")],
            groups: vec![
                Group {
                    title: "What people see".to_owned(),
                    hint: Some("On the first page.".to_owned()),
                    fields: vec![
                        Field::new(FieldKind::Text, "title", "Name").value(words).error(error),
                        Field::new(FieldKind::LongText, "text", "What it is").optional().value(words),
                    ],
                },
                Group {
                    title: "How it is answered".to_owned(),
                    hint: None,
                    fields: vec![
                        Field::new(FieldKind::Select, "flow", "Flow")
                            .options(vec![Choice::new("access", words)]),
                    ],
                },
            ],
            submit: Some(("save".to_owned(), "Save".to_owned())),
            acts: vec![PanelAct::new("off", "Switch off", Tone::Bad)],
            leave_href: "/console/activities".to_owned(),
            links: vec![("See the form".to_owned(), "/console/activities/access/form".to_owned())],
            reads_file: false,
        };
        let import = Self {
            problems: vec![sample::hostile(), "flow.yml:3: unknown key".to_owned()],
            acts: Vec::new(),
            links: Vec::new(),
            submit: None,
            reads_file: true,
            ..page("Import a flow", None)
        };
        vec![page("A new activity", None), page(sample::HOSTILE, Some("Give it a name".to_owned())), import]
    }
}
