//! The dates of a request with every step, made once for both sides: what staff see, the person sees.

use habeas_core::clock::{Deadline, State, Step};
use habeas_core::law::Obligation;
use habeas_core::request::{Context, Request, duties, governing};
use habeas_render::page::part::{DateRow, Dates, ExplainStep};
use habeas_render::text::Day;

/// Returns the dates of a request: the answer under each law that binds, then the other duties.
///
/// A calendar that no longer covers a date leaves its row out; the legal date itself was computed before.
pub(crate) fn dates(request: &Request, ctx: &Context<'_>) -> Dates {
    let mut rows = Vec::new();
    if let Ok(all) = governing(request, ctx)
        && all.deadlines.len() > 1
    {
        for (place, deadline) in all.deadlines.iter().enumerate() {
            let law = std::iter::once(&ctx.law).chain(&ctx.also).find(|law| law.id() == deadline.law);
            let name = law.map_or_else(|| deadline.law.clone(), |law| law.title());
            let name = format!("{} under {name}", duty(deadline.obligation));
            let rules = (place == all.ruling).then(|| "The earliest date: this one rules".to_owned());
            rows.push(row(name, rules, deadline));
        }
    }
    let is_told = !rows.is_empty();
    for deadline in duties(request, ctx).iter().skip(usize::from(is_told)) {
        rows.push(row(duty(deadline.obligation).to_owned(), None, deadline));
    }
    Dates { rows }
}

fn row(name: String, note: Option<String>, deadline: &Deadline) -> DateRow {
    let mut notes: Vec<String> = note.into_iter().collect();
    notes.extend(state(deadline).map(str::to_owned));
    notes.extend(deadline.warnings.iter().map(|warning| capitalised(warning)));
    DateRow {
        name,
        on: deadline.due.map(Day),
        note: (!notes.is_empty()).then(|| notes.join(". ")),
        steps: deadline.steps.iter().map(step).collect(),
    }
}

fn state(deadline: &Deadline) -> Option<&'static str> {
    match deadline.state {
        State::NotStarted => Some("The clock starts with the answer to our question"),
        State::Paused => Some("The clock stands until our question is answered"),
        State::Withdrawn => Some("Counts as taken back"),
        State::Running if deadline.due.is_none() => Some("The law sets no number of days"),
        State::Running | State::Met | State::Missed | State::DeemedRefused => None,
    }
}

/// Returns a step of a computation as pages show it.
pub(crate) fn step(step: &Step) -> ExplainStep {
    ExplainStep {
        text: capitalised(&step.words),
        rule: Some(step.article.clone()).filter(|article| !article.is_empty()),
        on: step.date.map(Day),
    }
}

/// Returns a duty in words.
fn duty(obligation: Obligation) -> &'static str {
    match obligation {
        Obligation::Response => "Answer",
        Obligation::Acknowledgement => "Confirming receipt",
        Obligation::OptOut => "Putting the opt-out into effect",
        Obligation::RefusalNotice => "Telling of a refusal",
        Obligation::ExtensionNotice => "Telling of an extension",
        Obligation::ComplaintAcknowledgement => "Confirming a complaint",
        Obligation::AppealResponse => "Answer to an appeal",
        Obligation::RecordRetentionUntil => "Keeping the record of the request until",
        Obligation::NextPoll => "Next look for requests",
        Obligation::Grievance => "Settling the grievance",
        Obligation::Transfer => "Passing the request on",
        Obligation::DelayNotice => "Telling when the answer comes",
        Obligation::Limit => "Putting the limit into effect",
        Obligation::ConsentRevocation => "Ending what rested on the consent",
    }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
