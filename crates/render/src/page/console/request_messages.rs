//! The conversation of a request, with internal notes set apart.

use super::{RequestHead, RequestTab};
use crate::page::part::{Choice, Field, FieldError, FieldKind, Message, Writer, errors_of};
use crate::page::{Page, Width, sample, view};

/// The messages tab. A message posts `text` and perhaps `question=yes` to `…/messages`; a note posts
/// `note` to `…/notes`.
#[derive(Clone)]
pub struct RequestMessages {
    /// The head.
    pub head: RequestHead,
    /// Messages and notes, oldest first.
    pub messages: Vec<Message>,
    /// Whether the reader may write to the person.
    pub can_write: bool,
    /// What a question does to the date: "The time stands still until the answer (Art. …)"; none where the
    /// law knows no such pause.
    pub pause: Option<String>,
    /// The snippets that can be put in: name and title.
    pub snippets: Vec<Choice>,
    /// What stood in the message field.
    pub draft: String,
    /// What is wrong with it.
    pub draft_error: Option<String>,
}

impl RequestMessages {
    fn text_field(&self) -> Field {
        Field::new(FieldKind::LongText, "text", "Message to the person")
            .hint("They are told by e-mail that a message is here; the text itself is read on the portal.")
            .max_length(5_000)
            .value(self.draft.clone())
            .error(self.draft_error.clone())
    }

    fn snippet_field(&self) -> Field {
        Field::new(FieldKind::Select, "snippet", "Put in a snippet").optional().options(self.snippets.clone())
    }

    fn question_field(&self) -> Field {
        let mut choice = Choice::new("yes", "This is a question that needs an answer before we can go on");
        if let Some(pause) = &self.pause {
            choice = choice.hint(pause.clone());
        }
        Field::new(FieldKind::Checkboxes, "question", "Question").optional().options(vec![choice])
    }

    fn note_field() -> Field {
        Field::new(FieldKind::LongText, "note", "Internal note")
            .hint("Never shown to the person.")
            .max_length(5_000)
    }
}

impl Page for RequestMessages {
    fn title(&self) -> String {
        self.head.page_title()
    }

    view!(RequestMessages, "console/request_messages.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn errors(&self) -> Vec<FieldError> {
        errors_of([&self.text_field()])
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str| {
            let mut messages = sample::messages(words);
            for message in &mut messages {
                message.files.clear();
                if message.writer == Writer::Subject {
                    words.clone_into(&mut message.from);
                }
            }
            messages.push(Message {
                writer: Writer::Note,
                from: "Grace Hopper".to_owned(),
                at: sample::at(jiff::civil::date(2026, 11, 15), 8, 40),
                text: "The number belongs to a second account; the service desk looks it up.".to_owned(),
                files: Vec::new(),
            });
            Self {
                head: RequestHead::sample(RequestTab::Messages, words),
                messages,
                can_write: true,
                pause: Some("The time stands still until the answer (s. 12A(2) DPA 2018).".to_owned()),
                snippets: vec![Choice::new("which-account", words)],
                draft: String::new(),
                draft_error: None,
            }
        };
        let empty = Self {
            head: RequestHead::sample_bare(RequestTab::Messages),
            messages: Vec::new(),
            can_write: false,
            snippets: Vec::new(),
            pause: None,
            ..page("")
        };
        let hostile = Self {
            draft: sample::hostile(),
            draft_error: Some("Write something before you send it".to_owned()),
            ..page(sample::HOSTILE)
        };
        vec![page("Ada Lovelace"), empty, hostile]
    }
}
