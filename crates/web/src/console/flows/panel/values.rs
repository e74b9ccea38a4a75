//! What stands in a form's fields, wherever it comes from.

use std::collections::BTreeMap;

use habeas_core::flow::{Span, SpanUnit};
use habeas_render::page::part::{Choice, Field};

use super::Sheet;
use crate::form::Form;

/// What is wrong with fields, by name.
pub(in super::super) type Errors = BTreeMap<String, String>;

/// Values by field; those of checkboxes joined by commas.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Values(BTreeMap<String, String>);

impl<const N: usize> From<[(&str, &str); N]> for Values {
    fn from(pairs: [(&str, &str); N]) -> Self {
        Self(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
    }
}

impl Values {
    /// Returns what a form sent.
    pub(in super::super) fn of(form: &Form) -> Self {
        Self(form.joined())
    }

    /// Returns a value; empty where there is none.
    pub(in super::super) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }

    /// Says whether a checkbox is ticked.
    pub(in super::super) fn has(&self, name: &str, mark: &str) -> bool {
        self.text(name).split(',').any(|known| known == mark)
    }

    /// Puts a value in.
    pub(super) fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.insert(name.into(), value.into());
    }

    /// Puts the ticked marks in.
    pub(super) fn mark(&mut self, name: impl Into<String>, marks: &[(&str, bool)]) {
        let ticked: Vec<&str> = marks.iter().filter(|(_, is_set)| *is_set).map(|(mark, _)| *mark).collect();
        self.set(name, ticked.join(","));
    }

    /// Puts a span in, as amount and unit.
    pub(super) fn set_span(&mut self, name: &str, span: Option<Span>) {
        if let Some(span) = span {
            self.set(name, span.amount.to_string());
            self.set(format!("{name}_unit"), span.unit.as_str());
        }
    }

    /// Reads a span from amount and unit; none where no amount is given.
    pub(super) fn span(&self, name: &str, errors: &mut Errors) -> Option<Span> {
        let amount = self.text(name);
        if amount.is_empty() {
            return None;
        }
        let unit = match self.text(&format!("{name}_unit")) {
            "" => "hours",
            unit => unit,
        };
        let span = Span::parse(&format!("{amount} {unit}"));
        if span.is_none() {
            errors.insert(name.to_owned(), "Enter a whole number from 1 to 1000".to_owned());
        }
        span
    }
}

/// Returns the field for the unit of a span.
pub(super) fn unit(sheet: &Sheet<'_>, name: &str) -> Field {
    let name = format!("{name}_unit");
    let field = sheet.choice(&name, "in", units());
    if sheet.values.text(&name).is_empty() { field.value("hours") } else { field }
}

/// Returns the units of spans as choices.
fn units() -> Vec<Choice> {
    let words = |unit: SpanUnit| match unit {
        SpanUnit::Hours => "hours",
        SpanUnit::WorkingHours => "working hours",
        SpanUnit::Days => "days",
        SpanUnit::WorkingDays => "working days",
    };
    SpanUnit::ALL.iter().map(|(name, unit)| Choice::new(*name, words(*unit))).collect()
}
