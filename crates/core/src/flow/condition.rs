//! When a task is due at all: conditions over the request, its form and earlier outputs, and cron-like rules
//! for the instant it starts.
//!
//! Conditions are written in the Common Expression Language and see three variables, all of them maps:
//! `request` (right, law, activity, channel, country, relation, language), `form` (answers by label) and
//! `outputs` (by `stage.task`, then by name). Nothing else is in reach.

use std::str::FromStr as _;

use cel::{Context, Program, Value};
use croner::Cron;
use jiff::Zoned;

/// The longest condition, in characters.
const LONGEST: usize = 500;

/// The variables a condition may name.
const VARIABLES: [&str; 3] = ["request", "form", "outputs"];

/// A condition in the Common Expression Language; its text is known to be well-formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition(String);

impl Condition {
    /// Reads a condition.
    ///
    /// # Errors
    /// What is wrong with it, in words that say where and what may stand there.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text.chars().count() > LONGEST {
            return Err(format!("a condition has at most {LONGEST} characters"));
        }
        let program = Program::compile(text).map_err(|error| {
            let text = error.to_string();
            let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("it can't be read");
            format!("the condition can't be read: {}", first.trim())
        })?;
        for name in program.references().variables() {
            if !VARIABLES.contains(&name) {
                return Err(format!("a condition knows request, form and outputs, not {name}"));
            }
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Says whether the condition holds. `facts` is a map of the three variables.
    ///
    /// # Errors
    /// When it can't be told: something it names isn't there, types don't fit, or the result isn't yes or no.
    /// Values are not repeated in the message, since they may be personal.
    pub fn holds(&self, facts: &serde_json::Value) -> Result<bool, String> {
        let program = Program::compile(&self.0).map_err(|_| "the condition can't be read".to_owned())?;
        let mut context = Context::default();
        for name in VARIABLES {
            let value = facts.get(name).cloned().unwrap_or_else(|| serde_json::json!({}));
            context.add_variable(name, value).map_err(|_| format!("{name} can't be used in a condition"))?;
        }
        match program.execute(&context) {
            Ok(Value::Bool(holds)) => Ok(holds),
            Ok(_) => Err("the condition gives neither true nor false".to_owned()),
            Err(_) => {
                Err("the condition names something that isn't there, or compares what doesn't fit".to_owned())
            }
        }
    }
}

/// A cron-like rule: minute, hour, day of the month, month, day of the week. Its text is known to be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule(String);

impl Schedule {
    /// Reads a rule such as `0 9 * * 1-5`.
    ///
    /// # Errors
    /// What a rule looks like.
    pub fn parse(text: &str) -> Result<Self, String> {
        let is_five = text.split_whitespace().count() == 5;
        match Cron::from_str(text) {
            Ok(_) if is_five => Ok(Self(text.to_owned())),
            Ok(_) | Err(_) => {
                Err("a rule has five parts: minute, hour, day of the month, month, day of the week, \
                                   such as '0 9 * * 1-5' for nine o'clock on weekdays"
                    .to_owned())
            }
        }
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the first instant after `now` that fits, in the zone of `now`; none if there is none.
    pub fn next(&self, now: &Zoned) -> Option<Zoned> {
        let cron = Cron::from_str(&self.0).ok()?;
        cron.find_next_occurrence(now, false).ok()
    }
}
