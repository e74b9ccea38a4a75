//! The picture of a flow: stages as columns, tasks as cards; what runs at once stands side by side in a frame.
//!
//! It is a list of lists, so that it reads in order without its looks. In an editor each gap has a link that
//! adds a task there.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::page::part::Tone;
use crate::text;

/// A flow as a picture.
#[derive(Clone, Template)]
#[template(path = "console/flow_picture.html")]
pub struct Picture {
    /// What it is a picture of, for screen readers.
    pub label: String,
    /// The stages, in order.
    pub stages: Vec<PictureStage>,
    /// Whether tasks and stages can be added and moved.
    pub can_edit: bool,
}

/// One stage.
#[derive(Clone)]
pub struct PictureStage {
    /// Its key.
    pub key: String,
    /// Its name.
    pub title: String,
    /// How long it takes: "48 working hours".
    pub work: String,
    /// Where its properties are.
    pub href: String,
    /// Its groups, one after the other.
    pub groups: Vec<PictureGroup>,
    /// What is wrong with it.
    pub problems: Vec<String>,
    /// Whether its properties are shown now.
    pub is_current: bool,
}

/// Tasks that run at once.
#[derive(Clone)]
pub struct PictureGroup {
    /// Their order in the stage.
    pub order: u32,
    /// The tasks.
    pub tasks: Vec<PictureTask>,
}

/// One task.
#[derive(Clone)]
pub struct PictureTask {
    /// Its key.
    pub key: String,
    /// Its name.
    pub title: String,
    /// Who or what does it.
    pub who: String,
    /// Whether a person does it.
    pub is_manual: bool,
    /// How long it may take.
    pub deadline: Option<String>,
    /// What else is set: "optional", "condition", "2 reminders".
    pub marks: Vec<String>,
    /// Where its properties are.
    pub href: String,
    /// How many things are wrong with it.
    pub problem_count: u64,
    /// How far it is, where a run is shown: tone and words.
    pub state: Option<(Tone, String)>,
    /// Whether its properties are shown now.
    pub is_current: bool,
}

impl PictureGroup {
    fn is_many(&self) -> bool {
        self.tasks.len() > 1
    }

    fn names(&self) -> String {
        self.tasks.iter().map(|task| task.title.as_str()).collect::<Vec<_>>().join(", ")
    }
}

impl PictureTask {
    fn tone(&self) -> &'static str {
        match self.state.as_ref().map(|(tone, _)| tone) {
            Some(Tone::Good) => " flow-task-good",
            Some(Tone::Warn) => " flow-task-warn",
            Some(Tone::Bad) => " flow-task-bad",
            Some(Tone::Info) => " flow-task-info",
            Some(Tone::Neutral) | None => "",
        }
    }
}

impl HtmlSafe for Picture {}

impl Picture {
    /// Returns a picture for samples.
    pub(crate) fn sample(words: &str, can_edit: bool) -> Self {
        let task = |key: &str, title: &str, who: &str, deadline: Option<&str>| PictureTask {
            key: key.to_owned(),
            title: title.to_owned(),
            who: who.to_owned(),
            is_manual: who != "Habeas",
            deadline: deadline.map(str::to_owned),
            marks: Vec::new(),
            href: format!("?task={key}#panel"),
            problem_count: 0,
            state: None,
            is_current: false,
        };
        let group = |order, tasks| PictureGroup { order, tasks };
        let stage = |key: &str, title: &str, work: &str, groups| PictureStage {
            key: key.to_owned(),
            title: title.to_owned(),
            work: work.to_owned(),
            href: format!("?stage={key}#panel"),
            groups,
            problems: Vec::new(),
            is_current: false,
        };
        let mut review = task("review.legal", words, "Legal", Some("48 hours"));
        review.marks = vec!["optional".to_owned(), "2 reminders".to_owned()];
        review.is_current = true;
        review.problem_count = 2;
        let mut empty = stage("notice", words, "no time set", Vec::new());
        empty.problems = vec!["it needs between 1 and 100 tasks".to_owned()];
        let stages = vec![
            stage(
                "opening",
                "Case opening",
                "3 working hours",
                vec![
                    group(
                        1,
                        vec![
                            task("opening.duplicates", "Check duplicates", "Habeas", Some("1 hour")),
                            task("opening.identity", "Prove identity", "Habeas", Some("2 hours")),
                        ],
                    ),
                    group(2, vec![task("opening.acknowledge", "Acknowledge", "Habeas", Some("1 hour"))]),
                ],
            ),
            stage(
                "review",
                "Review and approval",
                "72 working hours",
                vec![
                    group(1, vec![review]),
                    group(2, vec![task("review.approve", "Approve", "Case owner", Some("24 hours"))]),
                ],
            ),
            empty,
        ];
        Self { label: "Stages and tasks".to_owned(), stages, can_edit }
    }
}
