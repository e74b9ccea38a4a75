//! A flow tried out with sample answers: how a request would go, when, with which mails and dates.

use super::{Picture, Problem};
use crate::page::part::{Badge, Course, Dates, Facts, Field, FieldError, Group, Row, Tone, errors_of};
use crate::page::{Page, Width, sample, view};
use crate::text::{self, Moment};

/// A try of a task.
#[derive(Clone)]
pub struct TrialTask {
    /// Its name.
    pub title: String,
    /// Who or what does it.
    pub who: String,
    /// When it began; none where it never did.
    pub from: Option<Moment>,
    /// When it ended; none where it still waits.
    pub to: Option<Moment>,
    /// How.
    pub state: Badge,
}

/// Something that happened.
#[derive(Clone)]
pub struct TrialLine {
    /// When.
    pub at: Moment,
    /// Who did it.
    pub who: String,
    /// What it was.
    pub what: String,
    /// Where the mail that was written stands on the page.
    pub mail_href: Option<String>,
}

/// A mail that would be written.
#[derive(Clone)]
pub struct TrialMail {
    /// When.
    pub at: Moment,
    /// To whom.
    pub to: String,
    /// Its subject, or what it is about.
    pub subject: String,
    /// Its words.
    pub text: String,
}

/// What came of it.
#[derive(Clone)]
pub struct Tried {
    /// How it ended, in a sentence.
    pub ending: String,
    /// How that feels.
    pub tone: Tone,
    /// What must never happen and did.
    pub violations: Vec<String>,
    /// When it came in, ended, how long it took.
    pub facts: Facts,
    /// How far each task got, in the picture of the flow.
    pub picture: Picture,
    /// The course over the days.
    pub course: Course,
    /// The tasks in the order they began.
    pub tasks: Vec<TrialTask>,
    /// What happened.
    pub lines: Vec<TrialLine>,
    /// How much more happened than is shown.
    pub more_count: u64,
    /// The mails.
    pub mails: Vec<TrialMail>,
    /// The legal dates with their steps.
    pub dates: Dates,
}

/// The page; its form posts to itself.
#[derive(Clone)]
pub struct FlowTrial {
    /// The flow's name in addresses.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The version tried.
    pub version: u32,
    /// How far that is.
    pub state: Badge,
    /// What keeps the version from being published.
    pub problems: Vec<Problem>,
    /// Why it couldn't be tried.
    pub refused: Option<String>,
    /// What came of it; none before it was tried.
    pub tried: Option<Tried>,
    /// The sample answers.
    pub groups: Vec<Group>,
}

impl FlowTrial {
    fn fields(&self) -> impl Iterator<Item = &Field> {
        self.groups.iter().flat_map(|group| &group.fields)
    }
}

impl Page for FlowTrial {
    fn title(&self) -> String {
        format!("Try out {}", self.title)
    }

    view!(FlowTrial, "console/flow_trial.html");

    fn errors(&self) -> Vec<FieldError> {
        errors_of(self.fields())
    }

    fn width(&self) -> Width {
        Width::Full
    }

    fn samples() -> Vec<Self> {
        use crate::page::part::{Choice, FieldKind};
        let groups = |error: Option<String>| {
            let choices = vec![Choice::new("complete", "Complete it"), Choice::new("never", "Never do it")];
            let field =
                Field::new(FieldKind::Select, "does_0", "Legal review").options(choices).value("complete");
            let hours = Field::new(FieldKind::Number, "after_0", "After hours").value("24").error(error);
            vec![Group {
                title: "What people do".to_owned(),
                hint: Some("Who isn't named does their part within a day.".to_owned()),
                fields: vec![field, hours],
            }]
        };
        let page = |words: &str, tried: Option<Tried>, error: Option<String>| Self {
            name: "access".to_owned(),
            title: words.to_owned(),
            version: 2,
            state: Badge::new(Tone::Warn, "Draft"),
            problems: Vec::new(),
            refused: None,
            tried,
            groups: groups(error),
        };
        let wrong = Self {
            problems: vec![Problem {
                place: "The flow".to_owned(),
                text: sample::hostile(),
                href: "/console/flows/access/edit?about=flow#panel".to_owned(),
            }],
            refused: Some(sample::hostile()),
            ..page("Access", None, Some("Enter a number".to_owned()))
        };
        vec![
            page("Access", Some(Tried::sample("Legal review")), None),
            page(sample::HOSTILE, Some(Tried::sample(sample::HOSTILE)), None),
            page("Access", None, None),
            wrong,
        ]
    }
}

impl Tried {
    fn sample(words: &str) -> Self {
        let at = |day, hour| sample::at(jiff::civil::date(2026, 11, day), hour, 0);
        let task = |from: Option<Moment>, to, state| TrialTask {
            title: words.to_owned(),
            who: words.to_owned(),
            from,
            to,
            state,
        };
        Self {
            ending: format!("Answered in full: {words}"),
            tone: Tone::Good,
            violations: vec![words.to_owned()],
            facts: Facts { rows: vec![Row::new("Received", words), Row::new("Ended", "14 Nov 2026")] },
            picture: Picture::sample(words, false),
            course: Course::sample(words),
            tasks: vec![
                task(Some(at(2, 9)), Some(at(3, 9)), Badge::new(Tone::Good, "Done")),
                task(Some(at(3, 9)), None, Badge::new(Tone::Warn, "Waits")),
                task(None, None, Badge::new(Tone::Neutral, "Left out")),
            ],
            lines: vec![
                TrialLine {
                    at: at(2, 9),
                    who: "The person".to_owned(),
                    what: words.to_owned(),
                    mail_href: None,
                },
                TrialLine {
                    at: at(2, 9),
                    who: "Habeas".to_owned(),
                    what: "Mail to the person: receipt".to_owned(),
                    mail_href: Some("#mail-1".to_owned()),
                },
            ],
            more_count: 3,
            mails: vec![TrialMail {
                at: at(2, 9),
                to: "The person".to_owned(),
                subject: words.to_owned(),
                text: format!("Hello Ada,\n\n{words}"),
            }],
            dates: Dates::sample(words),
        }
    }
}
