//! One task: what to do, what to look at, what to fill in, what follows.

use super::Subject;
use crate::page::part::{
    Badge, Choice, Facts, Field, FieldError, FieldKind, Message, Row, Tone, Writer, errors_of,
};
use crate::page::{Page, Width, sample, view};
use crate::text::{self, Moment};

/// Why an automatic task waits for a person.
#[derive(Clone)]
pub struct TaskFailure {
    /// What happened.
    pub reason: String,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried again by itself; never, if none.
    pub next_at: Option<Moment>,
    /// The source it fails at, which may be left out with a reason.
    pub source: Option<String>,
    /// Whether the task may be left out with a reason, since it can't be told whether it is needed.
    pub can_skip: bool,
    /// What is wrong with that reason.
    pub excuse_error: Option<String>,
}

impl TaskFailure {
    fn skip_field(&self) -> Field {
        Field::new(FieldKind::LongText, "excuse", "Why it is not needed")
            .hint("It stays in the log of the request.")
            .max_length(2_000)
            .error(self.excuse_error.clone())
    }

    fn excuse_field(&self) -> Field {
        Field::new(FieldKind::LongText, "excuse", "Why it is left out")
            .hint("It stands in the reply: the person is told that this system was not searched, and why.")
            .max_length(2_000)
            .error(self.excuse_error.clone())
    }
}

/// The page. Buttons post to `/console/tasks/{id}/take`, `release`, `save`, `complete`, `reject`, `retry`;
/// `excuse` leaves a failing source out; notes to `notes`.
#[derive(Clone)]
pub struct Task {
    /// Its id.
    pub id: String,
    /// The request it belongs to.
    pub subject: Subject,
    /// What is to do.
    pub name: String,
    /// How to do it.
    pub description: String,
    /// Stage and role: "Review, for Legal".
    pub place: String,
    /// How it stands.
    pub state: Badge,
    /// Its own deadline.
    pub due_at: Option<Moment>,
    /// Who has taken it.
    pub taken_by: Option<String>,
    /// Whether that is the reader.
    pub is_mine: bool,
    /// Whether the reader may take it.
    pub can_take: bool,
    /// Whether the reader may give it to somebody.
    pub can_hand_over: bool,
    /// What to look at first.
    pub look_at: Facts,
    /// A page that belongs to it, such as the data review: label and address.
    pub look_link: Option<(String, String)>,
    /// What to fill in.
    pub fields: Vec<Field>,
    /// What completing it sets going.
    pub consequence: String,
    /// What rejecting it sets going; none where it can't be rejected.
    pub reject_consequence: Option<String>,
    /// What is filled in to reject it.
    pub reject_fields: Vec<Field>,
    /// What is wrong with the reason for rejecting.
    pub reason_error: Option<String>,
    /// Why it waits, for an automatic task.
    pub failure: Option<TaskFailure>,
    /// Notes of colleagues.
    pub notes: Vec<Message>,
}

impl Task {
    fn reason_field(&self) -> Field {
        Field::new(FieldKind::LongText, "reason", "Why it is rejected")
            .max_length(5_000)
            .error(self.reason_error.clone())
    }

    fn note_field() -> Field {
        Field::new(FieldKind::LongText, "note", "Note for colleagues").max_length(5_000)
    }
}

impl Page for Task {
    fn title(&self) -> String {
        format!("{}: {}", self.subject.reference, self.name)
    }

    view!(Task, "console/task.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn errors(&self) -> Vec<FieldError> {
        let mut errors = errors_of(&self.fields);
        errors.extend(errors_of(&self.reject_fields));
        errors.extend(errors_of([&self.reason_field()]));
        if let Some(failure) = &self.failure {
            errors.extend(errors_of([&failure.excuse_field()]));
        }
        errors
    }

    #[expect(clippy::too_many_lines, reason = "one example of every part of the page")]
    fn samples() -> Vec<Self> {
        let page = |words: &str| {
            Self {
            id: "t1".to_owned(),
            subject: Subject::sample(words),
            name: "Review what was found".to_owned(),
            description: "Look through the records. Keep out what belongs to others. Nothing leaves before you approve it.".to_owned(),
            place: "Review, for Legal".to_owned(),
            state: Badge::new(Tone::Info, "In progress"),
            due_at: Some(sample::at(jiff::civil::date(2026, 11, 24), 17, 0)),
            taken_by: Some("Grace Hopper".to_owned()),
            is_mine: true,
            can_take: false,
            can_hand_over: true,
            look_at: Facts { rows: vec![Row::new("Records found", "450"), Row::new("The person wrote", words)] },
            look_link: Some(("Open the data review".to_owned(), "/console/requests/HB-7K3M-9QXD/data".to_owned())),
            fields: vec![
                Field::new(FieldKind::Radios, "complete", "Is the data complete?")
                    .options(vec![Choice::new("yes", "Yes"), Choice::new("no", "No, a source is missing")]),
                Field::new(FieldKind::LongText, "remark", "Remark for the reply").optional(),
            ],
            consequence: "Completing it builds the package and hands it to the person.".to_owned(),
            reject_consequence: Some("Rejecting it sends the request back to collecting.".to_owned()),
            reject_fields: vec![Field::new(FieldKind::LongText, "reject-told", "What the person is told")],
            reason_error: None,
            failure: None,
            notes: vec![Message {
                writer: Writer::Note,
                from: words.to_owned(),
                at: sample::at(jiff::civil::date(2026, 11, 15), 8, 40),
                text: words.to_owned(),
                files: Vec::new(),
            }],
        }
        };
        let free = Self {
            taken_by: None,
            is_mine: false,
            can_take: true,
            can_hand_over: true,
            state: Badge::new(Tone::Neutral, "Not taken"),
            notes: Vec::new(),
            ..page("Ada Lovelace")
        };
        let failed = Self {
            name: "Collect from Warehouse archive".to_owned(),
            place: "Collect, by Habeas".to_owned(),
            state: Badge::new(Tone::Bad, "Failed"),
            due_at: None,
            taken_by: None,
            fields: Vec::new(),
            look_at: Facts { rows: Vec::new() },
            look_link: Some(("Look at the source".to_owned(), "/console/sources/archive".to_owned())),
            failure: Some(TaskFailure {
                reason: "The server refused the connection".to_owned(),
                tries: 3,
                next_at: Some(sample::at(jiff::civil::date(2026, 11, 22), 9, 5)),
                source: Some("Warehouse archive".to_owned()),
                can_skip: false,
                excuse_error: None,
            }),
            reject_consequence: None,
            is_mine: false,
            ..page("Ada Lovelace")
        };
        let hostile = Self {
            name: sample::hostile(),
            description: sample::hostile(),
            consequence: sample::hostile(),
            reason_error: Some("Say why".to_owned()),
            ..page(sample::HOSTILE)
        };
        vec![page("Ada Lovelace"), free, failed, hostile]
    }
}
