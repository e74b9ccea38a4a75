//! How a legal date is shown.

use habeas_core::clock::{Deadline, State, Step, earliest};
use habeas_core::law::{Obligation, Verified};
use jiff::civil::Date;
use serde::Serialize;

use crate::output::{Output, Table, Tone};

/// A date with the zone it is in.
#[derive(Serialize)]
pub(super) struct Answer {
    #[serde(flatten)]
    pub(super) deadline: Deadline,
    pub(super) zone: Option<String>,
}

/// Prints one object for one law; for several the earliest date and each.
pub(super) fn json(answers: &[Answer], left_out: &[String], out: &mut Output) -> anyhow::Result<()> {
    if let ([answer], []) = (answers, left_out) {
        return out.json(answer);
    }
    let first = first(answers);
    out.json(&serde_json::json!({
        "due": first.and_then(|answer| answer.deadline.due),
        "law": first.map(|answer| &answer.deadline.law),
        "deadlines": answers,
        "left_out": left_out,
    }))
}

/// Prints dates for people.
pub(super) fn plain(answers: &[Answer], explained: bool, out: &mut Output) -> anyhow::Result<()> {
    for (place, answer) in answers.iter().enumerate() {
        if place > 0 {
            out.line("")?;
        }
        one(answer, explained, out)?;
    }
    if answers.len() > 1
        && let Some(answer) = first(answers)
        && let Some(due) = answer.deadline.due
    {
        out.line("")?;
        out.toned(Tone::Strong, &format!("The earliest rules: {} ({})", long(due), answer.deadline.law))?;
    }
    Ok(())
}

fn first(answers: &[Answer]) -> Option<&Answer> {
    let deadlines: Vec<Deadline> = answers.iter().map(|answer| answer.deadline.clone()).collect();
    let law = &earliest(&deadlines)?.law;
    answers.iter().find(|answer| answer.deadline.law == *law)
}

fn one(answer: &Answer, explained: bool, out: &mut Output) -> anyhow::Result<()> {
    let deadline = &answer.deadline;
    let tone = match deadline.state {
        State::Missed | State::DeemedRefused => Tone::Bad,
        State::Paused | State::NotStarted => Tone::Warning,
        State::Running | State::Met | State::Withdrawn => Tone::Strong,
    };
    let until = match deadline.due {
        Some(due) => format!("{} at the latest", long(due)),
        None => "No date".to_owned(),
    };
    out.toned(tone, &format!("{until}: {}", state(deadline.state)))?;
    let duty = match deadline.obligation {
        Obligation::Response => format!("answer to {}", deadline.right),
        other => format!("{other}, {}", deadline.right),
    };
    let zone =
        answer.zone.as_ref().map(|zone| format!(", to the end of the day in {zone}")).unwrap_or_default();
    let calendar = deadline.calendar.as_deref().map(|id| format!(", holidays of {id}")).unwrap_or_default();
    let mode = serde_json::to_value(deadline.mode)?;
    let mode = mode.as_str().unwrap_or_default();
    out.line(&format!("{}: {duty}{zone}{calendar}, {mode} reading", deadline.law))?;
    for warning in &deadline.warnings {
        out.toned(Tone::Warning, &format!("Note: {warning}."))?;
    }
    if deadline.verified == Verified::Recalled {
        out.toned(Tone::Warning, "Note: a rule used here is to be checked by counsel.")?;
    }
    if explained {
        out.line("")?;
        out.table(&steps(&deadline.steps))?;
    }
    Ok(())
}

fn steps(steps: &[Step]) -> Table {
    let mut table = Table::new(["date", "rule", "why", "article"]);
    for step in steps {
        let date = step.date.map(|date| date.strftime("%a %Y-%m-%d").to_string()).unwrap_or_default();
        let tone = if step.rule == "void" { Tone::Quiet } else { Tone::Plain };
        let cells = [date.as_str(), step.rule.as_str(), step.words.as_str(), step.article.as_str()];
        table.toned_row(cells.map(|cell| (tone, cell)));
    }
    table
}

fn state(state: State) -> &'static str {
    match state {
        State::NotStarted => "the clock hasn't started",
        State::Running => "the clock runs",
        State::Paused => "the clock is stopped",
        State::Met => "met",
        State::Missed => "missed",
        State::Withdrawn => "taken back",
        State::DeemedRefused => "missed, and taken for a refusal",
    }
}

fn long(date: Date) -> String {
    date.strftime("%A %-d %B %Y").to_string()
}
