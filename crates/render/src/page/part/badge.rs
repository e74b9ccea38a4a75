//! States and due dates in a few words; the colour only repeats what the words say.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::text::{self, Day};

/// How a state feels.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing to say.
    Neutral,
    /// Under way.
    Info,
    /// Well.
    Good,
    /// Needs attention.
    Warn,
    /// Wrong or late.
    Bad,
}

impl Tone {
    /// Returns the class that carries the tone.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// A state in a word or two.
#[derive(Clone, Template)]
#[template(source = r#"<span class="badge badge-{{ tone.class() }}">{{ text }}</span>"#, ext = "html")]
pub struct Badge {
    /// How it feels.
    pub tone: Tone,
    /// What it says.
    pub text: String,
}

impl Badge {
    /// Returns a badge.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into() }
    }
}

impl HtmlSafe for Badge {}

/// A due date with the days left.
#[derive(Clone, Copy, Template)]
#[template(
    source = r#"<span class="due"><span class="due-day">{{ on.html_short() }}</span> <span class="badge badge-{{ self.tone().class() }}">{{ text::days_left(days_left) }}</span></span>"#,
    ext = "html"
)]
pub struct Due {
    /// The last day.
    pub on: Day,
    /// Days from today to it; negative when past.
    pub days_left: i64,
}

impl Due {
    /// Returns how near the date is: a week is near, a past date is late.
    pub fn tone(&self) -> Tone {
        match self.days_left {
            ..0 => Tone::Bad,
            0..=7 => Tone::Warn,
            8.. => Tone::Neutral,
        }
    }
}

impl HtmlSafe for Due {}
