//! Conditions in CEL with our functions.
//!
//! `today`, `years_after(date, years)` and `end_of_tax_year(date)`. A date of no value gives no value, and what
//! is then compared can't be decided. A message about a failure never holds a value of the row.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use cel::{Context, ExecutionError, Program, Value as Cel};
use jiff::ToSpan as _;
use jiff::civil::Date;

use habeas_core::value::Value;

use super::{Subjected, TaxYear};

/// A compiled expression.
pub struct Condition {
    text: String,
    program: Program,
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Condition").field(&self.text).finish()
    }
}

const FUNCTIONS: [&str; 2] = ["years_after", "end_of_tax_year"];
const VARIABLES: [&str; 3] = ["row", "identity", "today"];

impl Condition {
    /// Compiles an expression.
    ///
    /// # Errors
    /// Returns what is wrong with it, names it can't know included.
    pub fn compile(text: &str) -> Result<Self, String> {
        let program = Program::compile(text).map_err(|problem| {
            let message = problem.to_string();
            let first = message.lines().next().unwrap_or_default().trim().to_owned();
            format!("this is no CEL expression: {first}")
        })?;
        let references = program.references();
        if let Some(name) = references.variables().into_iter().find(|name| !VARIABLES.contains(name)) {
            return Err(format!("there is no '{name}' here: conditions know {}", VARIABLES.join(", ")));
        }
        // Operators and the functions of CEL itself have names of their own.
        let known = |name: &&str| {
            !name.chars().all(|sign| sign.is_ascii_lowercase() || sign == '_')
                || name.starts_with('_')
                || FUNCTIONS.contains(name)
                || CEL.contains(name)
        };
        if let Some(name) = references.functions().into_iter().find(|name| !known(name)) {
            return Err(format!(
                "there is no function '{name}': besides those of CEL there are {}",
                FUNCTIONS.join(" and ")
            ));
        }
        drop(references);
        Ok(Self { text: text.to_owned(), program })
    }

    /// Returns whether it holds for a row.
    ///
    /// # Errors
    /// Returns why that can't be decided.
    pub fn holds(&self, to: &Subjected<'_>, tax_year: TaxYear) -> Result<bool, String> {
        match self.value(to, tax_year)? {
            Cel::Bool(truth) => Ok(truth),
            _ => Err("its result is neither true nor false".to_owned()),
        }
    }

    /// Returns its result as text.
    ///
    /// # Errors
    /// Returns why there is none.
    pub fn text(&self, to: &Subjected<'_>, tax_year: TaxYear) -> Result<String, String> {
        match self.value(to, tax_year)? {
            Cel::String(text) => Ok(text.to_string()),
            Cel::Int(number) => Ok(number.to_string()),
            _ => Err("its result is no date".to_owned()),
        }
    }

    fn value(&self, to: &Subjected<'_>, tax_year: TaxYear) -> Result<Cel, String> {
        let mut context = Context::default();
        let row: HashMap<String, Cel> =
            to.row.fields().iter().map(|(name, value)| (name.to_string(), cel(value))).collect();
        let identity: HashMap<String, Cel> =
            to.identities.iter().map(|(kind, value)| (kind.to_string(), text(value))).collect();
        context.add_variable_from_value("row", row);
        context.add_variable_from_value("identity", identity);
        context.add_variable_from_value("today", text(&to.today.to_string()));
        let added = context
            .add_function("years_after", |date: Cel, years: i64| -> Result<Cel, ExecutionError> {
                shifted("years_after", &date, |day| day.checked_add(i32::try_from(years).ok()?.years()).ok())
            })
            .and_then(|()| {
                context.add_function("end_of_tax_year", move |date: Cel| -> Result<Cel, ExecutionError> {
                    shifted("end_of_tax_year", &date, |day| end_of(day, tax_year))
                })
            });
        added.map_err(|_| "its functions can't be set up".to_owned())?;
        self.program.execute(&context).map_err(|problem| why(&problem))
    }
}

/// The functions of CEL that have plain names.
const CEL: [&str; 22] = [
    "size",
    "has",
    "all",
    "exists",
    "exists_one",
    "map",
    "filter",
    "contains",
    "matches",
    "string",
    "int",
    "uint",
    "double",
    "bytes",
    "bool",
    "type",
    "max",
    "min",
    "startsWith",
    "endsWith",
    "timestamp",
    "duration",
];

/// Says why, without what the row holds.
fn why(problem: &ExecutionError) -> String {
    match problem {
        ExecutionError::NoSuchKey(name) => format!("the row has no '{name}'"),
        ExecutionError::UndeclaredReference(name) => format!("there is no '{name}'"),
        ExecutionError::FunctionError { function, message } => format!("{function}: {message}"),
        _ => "it compares what can't be compared, such as a date with no value".to_owned(),
    }
}

fn shifted(function: &str, date: &Cel, by: impl Fn(Date) -> Option<Date>) -> Result<Cel, ExecutionError> {
    let day = match date {
        Cel::Null => return Ok(Cel::Null),
        Cel::String(text) => text.get(..10).and_then(|day| day.parse::<Date>().ok()),
        _ => None,
    };
    match day.and_then(by) {
        Some(day) => Ok(text(&day.to_string())),
        None => Err(ExecutionError::function_error(function, "the value is no date such as 2026-01-31")),
    }
}

fn end_of(day: Date, tax_year: TaxYear) -> Option<Date> {
    let end = |year: i16| Date::new(year, tax_year.month, tax_year.day).ok();
    let this = end(day.year())?;
    if day <= this { Some(this) } else { end(day.year().checked_add(1)?) }
}

fn text(text: &str) -> Cel {
    Cel::String(Arc::new(text.to_owned()))
}

fn cel(value: &Value) -> Cel {
    match value {
        Value::Null | Value::TextBytes(_) | Value::Bytes(_) => Cel::Null,
        Value::Bool(truth) => Cel::Bool(*truth),
        Value::Int(number) => Cel::Int(*number),
        Value::UInt(number) => Cel::UInt(*number),
        Value::Float(number) => Cel::Float(*number),
        Value::Decimal(digits) => digits.parse().map_or_else(|_| text(digits), Cel::Float),
        Value::Text(inner)
        | Value::Date(inner)
        | Value::Time(inner)
        | Value::Timestamp(inner)
        | Value::TimestampTz(inner)
        | Value::Json(inner)
        | Value::Other { text: inner, .. } => text(inner),
        Value::Array(items) => Cel::List(Arc::new(items.iter().map(cel).collect())),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.to_string(), cel(value)))
            .collect::<HashMap<String, Cel>>()
            .into(),
    }
}
