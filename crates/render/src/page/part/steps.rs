//! The line of steps a request goes through.

use askama::Template;
use askama::filters::HtmlSafe;

use super::Tone;

/// How far a step is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Behind us.
    Done,
    /// Where we are.
    Current,
    /// Ahead.
    Todo,
    /// Left out.
    Skipped,
    /// Stuck: a person must act.
    Stuck,
}

/// One step.
#[derive(Clone)]
pub struct Step {
    /// Its name.
    pub label: String,
    /// How far it is.
    pub state: StepState,
    /// A date or a few words under it.
    pub note: Option<String>,
}

impl Step {
    /// Returns a step.
    pub fn new(label: impl Into<String>, state: StepState, note: Option<String>) -> Self {
        Self { label: label.into(), state, note }
    }

    fn class(&self) -> &'static str {
        match self.state {
            StepState::Done => "done",
            StepState::Current => "current",
            StepState::Todo => "todo",
            StepState::Skipped => "skipped",
            StepState::Stuck => "stuck",
        }
    }

    fn word(&self) -> &'static str {
        match self.state {
            StepState::Done => "done",
            StepState::Current => "now",
            StepState::Todo => "to come",
            StepState::Skipped => "left out",
            StepState::Stuck => "needs attention",
        }
    }

    fn is_now(&self) -> bool {
        matches!(self.state, StepState::Current | StepState::Stuck)
    }

    /// Returns the tone of the step for lists.
    pub fn tone(&self) -> Tone {
        match self.state {
            StepState::Done => Tone::Good,
            StepState::Current => Tone::Info,
            StepState::Todo | StepState::Skipped => Tone::Neutral,
            StepState::Stuck => Tone::Bad,
        }
    }
}

/// The steps in their order.
#[derive(Clone, Template)]
#[template(path = "part/steps.html")]
pub struct Steps {
    /// What they are the steps of, for screen readers.
    pub label: String,
    /// The steps.
    pub steps: Vec<Step>,
}

impl HtmlSafe for Steps {}
