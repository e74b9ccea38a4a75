//! How a legal date was computed, step by step, folded away under one line.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::text::Day;

/// One step of a computation.
#[derive(Clone)]
pub struct ExplainStep {
    /// What was done: "One month from receipt".
    pub text: String,
    /// The rule that says so: "Art. 12(3) GDPR".
    pub rule: Option<String>,
    /// The date reached.
    pub on: Option<Day>,
}

/// A computed date with its steps.
#[derive(Clone, Template)]
#[template(path = "part/explained.html")]
pub struct Explained {
    /// The date.
    pub on: Day,
    /// The steps from receipt to it.
    pub steps: Vec<ExplainStep>,
}

impl HtmlSafe for Explained {}
