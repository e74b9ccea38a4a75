//! What stands beside the picture: the properties of one thing, to read or to change, one form a tab.

use crate::page::part::{
    Choice, Facts, Field, FieldError, FieldKind, Hidden, Row, Tab, Tabs, Tone, errors_of,
};

/// The properties of a flow, a stage or a task, or the form of a new one.
#[derive(Clone)]
pub struct Panel {
    /// What it is: "Task in Case opening".
    pub kicker: String,
    /// Its name.
    pub heading: String,
    /// Its tabs; none where there is one page only.
    pub tabs: Option<Tabs>,
    /// What is wrong with it.
    pub problems: Vec<String>,
    /// What is only to read.
    pub facts: Option<Facts>,
    /// The form.
    pub form: Option<PanelForm>,
    /// What can be done with one press.
    pub acts: Vec<PanelAct>,
    /// What the acts send along.
    pub hidden: Vec<Hidden>,
}

/// A form of a panel.
#[derive(Clone)]
pub struct PanelForm {
    /// What is sent as `act`.
    pub act: String,
    /// What goes along.
    pub hidden: Vec<Hidden>,
    /// Its fields.
    pub groups: Vec<PanelGroup>,
    /// The button's words.
    pub submit: String,
}

/// Some fields of a panel.
#[derive(Clone)]
pub struct PanelGroup {
    /// Their heading; none for fields that need none.
    pub title: Option<String>,
    /// A sentence under it.
    pub hint: Option<String>,
    /// The fields.
    pub fields: Vec<Field>,
    /// Fields that are folded away: the words on the fold, whether it is open, and the fields.
    pub more: Option<(String, bool, Vec<Field>)>,
}

/// Something done with one press.
#[derive(Clone)]
pub struct PanelAct {
    /// What is sent as `act`.
    pub act: String,
    /// The button's words.
    pub label: String,
    /// How it feels: a dangerous one is [`Tone::Bad`].
    pub tone: Tone,
}

impl PanelAct {
    /// Returns an act.
    pub fn new(act: &str, label: &str, tone: Tone) -> Self {
        Self { act: act.to_owned(), label: label.to_owned(), tone }
    }

    pub(crate) fn class(&self) -> &'static str {
        if self.tone == Tone::Bad { "button button-quiet button-warn" } else { "button button-quiet" }
    }
}

impl PanelGroup {
    /// Returns fields without a heading.
    pub fn plain(fields: Vec<Field>) -> Self {
        Self { title: None, hint: None, fields, more: None }
    }

    /// Returns fields under a heading.
    pub fn titled(title: impl Into<String>, fields: Vec<Field>) -> Self {
        Self { title: Some(title.into()), ..Self::plain(fields) }
    }
}

impl Panel {
    pub(crate) fn errors(&self) -> Vec<FieldError> {
        let groups = self.form.iter().flat_map(|form| &form.groups);
        errors_of(
            groups.flat_map(|group| {
                group.fields.iter().chain(group.more.iter().flat_map(|(_, _, fields)| fields))
            }),
        )
    }

    pub(crate) fn sample(words: &str, error: Option<String>) -> Self {
        let tab = |label: &str, is_current: bool| Tab {
            label: label.to_owned(),
            href: "?task=review.legal&tab=task#panel".to_owned(),
            count: (!is_current).then_some(2),
            is_current,
        };
        Self {
            kicker: "Task in Review and approval".to_owned(),
            heading: words.to_owned(),
            tabs: Some(Tabs {
                label: "Properties".to_owned(),
                tabs: vec![tab("Task", true), tab("Reminders", false), tab("Asked", false)],
            }),
            problems: vec![words.to_owned()],
            facts: None,
            form: Some(PanelForm {
                act: "task".to_owned(),
                hidden: vec![Hidden::new("task", "review.legal"), Hidden::new("tab", "task")],
                groups: vec![
                    PanelGroup::plain(vec![
                        Field::new(FieldKind::Text, "title", "Name").value(words).error(error),
                        Field::new(FieldKind::LongText, "description", "What whoever does it should know")
                            .optional()
                            .value(words),
                    ]),
                    PanelGroup {
                        hint: Some("Counted from when it starts.".to_owned()),
                        more: Some((
                            "If it is asked on the form".to_owned(),
                            true,
                            vec![Field::new(FieldKind::Checkboxes, "flags", "And").options(vec![
                                Choice::new("complete", "Needed to complete").selected(true),
                                Choice::new("remove", "Remove this"),
                            ])],
                        )),
                        ..PanelGroup::titled(
                            "Deadline",
                            vec![Field::new(FieldKind::Number, "deadline", "At most")],
                        )
                    },
                ],
                submit: "Save".to_owned(),
            }),
            acts: vec![
                PanelAct::new("earlier", "Earlier", Tone::Neutral),
                PanelAct::new("delete", "Delete", Tone::Bad),
            ],
            hidden: vec![Hidden::new("task", "review.legal")],
        }
    }

    pub(crate) fn sample_facts(words: &str) -> Self {
        Self {
            tabs: None,
            problems: Vec::new(),
            facts: Some(Facts { rows: vec![Row::new("Name", words), Row::new("Deadline", "48 hours")] }),
            form: None,
            acts: Vec::new(),
            hidden: Vec::new(),
            ..Self::sample(words, None)
        }
    }
}
