//! What the owner of a data source is asked: whom to look for, files to hand in, the answer.

use super::Subject;
use crate::page::part::{Badge, Choice, Facts, Field, FieldError, FieldKind, Row, Tone, errors_of};
use crate::page::{Page, Width, sample, view};
use crate::text::{self, Moment};

/// A file handed in.
#[derive(Clone)]
pub struct AskedFile {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its length in bytes.
    pub size: u64,
    /// When it was handed in.
    pub at: Moment,
    /// What becomes of it.
    pub fate: Option<Badge>,
    /// Why it isn't given.
    pub reason: Option<String>,
    /// Whether the reader may take it back.
    pub can_remove: bool,
    /// Whether the reader may open it.
    pub can_open: bool,
    /// Whether the reader may decide on it now.
    pub can_decide: bool,
}

impl AskedFile {
    fn reason_field(&self) -> Field {
        Field::new(FieldKind::LongText, format!("reason-{}", self.id), "Why it is left out")
            .hint("It stands in the reply, for the person to read.")
            .max_length(2_000)
            .value(self.reason.clone().unwrap_or_default())
    }
}

/// The page. Files go to `/console/asked/{id}/files`; everything else posts `act` to `/console/asked/{id}`:
/// `answer`, `remove`, `decide`, `take`, `release`, `give`, `excuse`.
#[derive(Clone)]
pub struct Asked {
    /// The request's reference and the source's name.
    pub id: String,
    /// The request it belongs to.
    pub subject: Subject,
    /// The source.
    pub source: String,
    /// What it holds.
    pub about: String,
    /// Whether it is searched by itself too.
    pub confirms: bool,
    /// How it stands.
    pub state: Badge,
    /// When the answer should be there.
    pub due_at: Option<Moment>,
    /// Who is asked.
    pub owner: Option<String>,
    /// Whom to look for; empty where the reader may not see it.
    pub look_for: Facts,
    /// What was answered.
    pub answer: Facts,
    /// The files.
    pub files: Vec<AskedFile>,
    /// Whether the reader is asked, and may answer.
    pub is_mine: bool,
    /// Whether it waits for an answer.
    pub is_open: bool,
    /// Whether the reader may take it.
    pub can_take: bool,
    /// Whom the reader may give it to; empty where they may not.
    pub people: Vec<Choice>,
    /// Whether the reader may go on without it.
    pub can_excuse: bool,
    /// What was filled in as the day.
    pub as_of: String,
    /// What was filled in as the note.
    pub note: String,
    /// What was chosen as the answer.
    pub holds: String,
    /// What is wrong, by field: `file`, `holds`, `as_of`, `to`, `excuse`.
    pub wrong: Option<(String, String)>,
}

impl Asked {
    fn error(&self, field: &str) -> Option<String> {
        self.wrong.as_ref().filter(|(name, _)| name == field).map(|(_, why)| why.clone())
    }

    fn file_fields(&self) -> [Field; 2] {
        let others = Choice::new("yes", "Other people are in it too")
            .hint("A colleague then decides on it before it leaves.");
        [
            Field::new(FieldKind::Checkboxes, "of_others", "Who is in it").optional().options(vec![others]),
            Field::new(FieldKind::File, "file", "File")
                .hint("PDF, pictures, office documents, text, CSV, JSON, XML, mails, recordings or ZIP; 100 MB at most.")
                .error(self.error("file")),
        ]
    }

    fn answer_fields(&self) -> [Field; 3] {
        let nothing =
            if self.confirms { "Nothing beside what was found by itself" } else { "Nothing is held" };
        let holds = vec![
            Choice::new("files", "The files above are everything").selected(self.holds == "files"),
            Choice::new("nothing", nothing).selected(self.holds == "nothing"),
        ];
        [
            Field::new(FieldKind::Radios, "holds", "Your answer").options(holds).error(self.error("holds")),
            Field::new(FieldKind::Date, "as_of", "The day you looked")
                .hint("The reply says as of which day the answer is true.")
                .value(self.as_of.clone())
                .error(self.error("as_of")),
            Field::new(FieldKind::LongText, "note", "Note for colleagues")
                .optional()
                .max_length(5_000)
                .value(self.note.clone()),
        ]
    }

    fn give_field(&self) -> Field {
        Field::new(FieldKind::Select, "to", "Who does it")
            .options(self.people.clone())
            .error(self.error("to"))
    }

    fn excuse_field(&self) -> Field {
        Field::new(FieldKind::LongText, "excuse", "Why it is left out")
            .hint("It stands in the reply: the person is told that this system was not searched, and why.")
            .max_length(2_000)
            .error(self.error("excuse"))
    }
}

impl Page for Asked {
    fn title(&self) -> String {
        format!("{}: look in {}", self.subject.reference, self.source)
    }

    view!(Asked, "console/asked.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn errors(&self) -> Vec<FieldError> {
        let mut errors = errors_of(&self.file_fields());
        errors.extend(errors_of(&self.answer_fields()));
        errors.extend(errors_of([&self.give_field(), &self.excuse_field()]));
        errors
    }

    fn samples() -> Vec<Self> {
        let mine = sample_of("Paper files of former employees, cabinet 4");
        let mut wrong = sample_of(sample::HOSTILE);
        wrong.files.clear();
        wrong.wrong = Some(("file".to_owned(), "Choose a file".to_owned()));
        let mut nobodys = sample_of("Call recordings");
        nobodys.files.clear();
        (nobodys.owner, nobodys.is_mine, nobodys.can_take) = (None, false, true);
        nobodys.state = Badge::new(Tone::Warn, "Nobody's");
        nobodys.people =
            vec![Choice::new("u1", "Barbara Liskov"), Choice::new("u2", "Away until Friday 4 December 2026")];
        nobodys.can_excuse = true;
        let mut answered = sample_of("Paper files");
        (answered.is_open, answered.is_mine) = (false, false);
        answered.state = Badge::new(Tone::Good, "Answered");
        answered.answer = Facts {
            rows: vec![Row::new("Answered by", "Grace Hopper"), Row::new("As of", "24 November 2026")],
        };
        for file in &mut answered.files {
            (file.can_remove, file.can_decide) = (false, true);
        }
        vec![mine, wrong, nobodys, answered]
    }
}

fn sample_of(words: &str) -> Asked {
    let at = sample::at(jiff::civil::date(2026, 11, 12), 9, 30);
    Asked {
        id: "HB-7K3M-9QXD.personnel".to_owned(),
        subject: Subject::sample(words),
        source: words.to_owned(),
        about: words.to_owned(),
        confirms: false,
        state: Badge::new(Tone::Info, "Waits for an answer"),
        due_at: Some(sample::at(jiff::civil::date(2026, 11, 24), 17, 0)),
        owner: Some("Grace Hopper".to_owned()),
        look_for: Facts { rows: vec![Row::new("Name", words), Row::new("E-mail", "ada@example.org")] },
        answer: Facts { rows: Vec::new() },
        files: vec![AskedFile {
            id: "0198f0c2-7c00-7000-8000-000000000001".to_owned(),
            name: format!("{words}.pdf"),
            size: 182_044,
            at,
            fate: Some(Badge::new(Tone::Warn, "Other people are in it")),
            reason: None,
            can_remove: true,
            can_open: true,
            can_decide: false,
        }],
        is_mine: true,
        is_open: true,
        can_take: false,
        people: Vec::new(),
        can_excuse: false,
        as_of: "2026-11-12".to_owned(),
        note: String::new(),
        holds: String::new(),
        wrong: None,
    }
}
