//! A notice: something the reader should know before they go on.

use askama::Template;
use askama::filters::HtmlSafe;

use super::Tone;

/// A notice with a heading of its own.
#[derive(Clone, Template)]
#[template(
    source = r#"<div class="notice notice-{{ tone.class() }}"{% if self.is_bad() %} role="alert"{% endif %}><p class="notice-title">{{ title }}</p>{% if !text.is_empty() %}<p>{{ text }}</p>{% endif %}</div>"#,
    ext = "html"
)]
pub struct Notice {
    /// How it feels.
    pub tone: Tone,
    /// What it says.
    pub title: String,
    /// What follows from it; may be empty.
    pub text: String,
}

impl Notice {
    /// Returns a notice of one line.
    pub fn new(tone: Tone, title: impl Into<String>) -> Self {
        Self { tone, title: title.into(), text: String::new() }
    }

    fn is_bad(&self) -> bool {
        self.tone == Tone::Bad
    }

    /// Adds what follows.
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }
}

impl HtmlSafe for Notice {}
