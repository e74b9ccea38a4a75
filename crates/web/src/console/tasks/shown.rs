//! What a task shows: values fixed in the flow, answers of the form, outputs of earlier tasks.

use habeas_core::flow::{Flow, Kind, Source, Task, TaskKey};
use habeas_core::request::{Context, Request, TaskState};
use habeas_render::page::part::{Facts, Row};
use habeas_render::text;

use crate::App;
use crate::console::case::{self, Case};
use crate::console::people::People;

/// Returns what to look at before doing a task.
pub(super) fn facts(app: &App, case: &Case, ctx: &Context<'_>, task: &Task, people: &People) -> Facts {
    let request = &case.request;
    let mut rows = Vec::new();
    for show in task.manual().into_iter().flat_map(|manual| &manual.shows) {
        let value = value(app, request, ctx.flow, &show.source);
        let value = if case.is_seen { value } else { value.map(|_| "Not shown to your role".to_owned()) };
        rows.push(Row::new(&show.label, value.unwrap_or_else(|| "–".to_owned())));
    }
    if task.manual().is_some_and(|manual| manual.is_data_review) {
        rows.extend(found(request));
    }
    if case.is_seen {
        let wrote = request.subject.reveal().description.clone().filter(|text| !text.is_empty());
        rows.extend(wrote.map(|text| Row::new("The person wrote", text)));
        rows.extend(rejections(request, ctx.flow, &task.key, people));
    }
    Facts { rows }
}

fn found(request: &Request) -> Option<Row> {
    let found = request.found.as_ref()?;
    let records = text::count(found.record_count, "record", "records");
    let others = match found.third_party_count {
        0 => String::new(),
        count => format!(", {} perhaps about other people", text::thousands(count)),
    };
    Some(Row::new("Found", format!("{records}{others}")))
}

/// Returns why earlier tasks were rejected.
fn rejections(request: &Request, flow: &Flow, this: &TaskKey, people: &People) -> Vec<Row> {
    let rejected = request.tasks.iter().filter(|(key, run)| *key != this && run.rejection.is_some());
    let rows = rejected.filter_map(|(key, run)| {
        let title = flow.task(key).map_or_else(|| key.to_string(), |task| task.title.clone());
        let who = run.ended.map(|(actor, _)| people.actor(actor)).unwrap_or_default();
        let reason = run.rejection.as_ref()?.reveal();
        Some(Row::new(format!("{title}: rejected by {who}"), reason.clone()))
    });
    rows.collect()
}

fn value(app: &App, request: &Request, flow: &Flow, source: &Source) -> Option<String> {
    match source {
        Source::Value(_) => request.text_of(flow, source),
        Source::Form(field) => {
            let answer = request.text_of(flow, source)?;
            Some(case::in_words(app, field.list.as_deref(), &answer))
        }
        Source::Link { task, output } => {
            let kind = flow.task(task).and_then(|task| {
                task.outputs().into_iter().find(|(name, _)| name == output).map(|(_, kind)| kind)
            });
            match kind? {
                Kind::Records => found(request).map(|row| row.value),
                Kind::Decisions => {
                    let count = u64::try_from(request.marks.len()).unwrap_or(u64::MAX);
                    Some(text::count(count, "decision", "decisions"))
                }
                Kind::Correction => request.correction.as_ref().map(|known| {
                    let count = |number: u32| u64::from(number);
                    let fields = text::count(count(known.planned.change_count), "field", "fields");
                    let systems = text::count(count(known.planned.source_count), "system", "systems");
                    let open = known.planned.open_count;
                    format!("{fields} in {systems}, {open} to be done by hand")
                }),
                Kind::Package => request.package.as_ref().map(|package| text::size(package.byte_count)),
                Kind::Text
                | Kind::LongText
                | Kind::Phone
                | Kind::Email
                | Kind::YesNo
                | Kind::Number
                | Kind::Date
                | Kind::DateRange
                | Kind::Country
                | Kind::Choice
                | Kind::Identifiers
                | Kind::File => {
                    let answer = request.text_of(flow, source)?;
                    let asks = flow.task(task).and_then(Task::manual).map(|manual| &manual.asks);
                    let ask = asks.into_iter().flatten().find(|ask| ask.name == *output);
                    Some(case::in_words(app, ask.and_then(|ask| ask.list.as_deref()), &answer))
                }
            }
        }
    }
}

/// Returns what follows once a task is completed, up to the next thing a person does.
pub(in crate::console) fn consequence(request: &Request, flow: &Flow, key: &TaskKey) -> String {
    let mut following: Vec<&str> = Vec::new();
    let mut waits: Option<&str> = None;
    let is_open = |task: &&Task| {
        let run = request.tasks.get(&task.key);
        run.is_none_or(|run| matches!(run.state, TaskState::Again))
    };
    for task in flow.tasks().skip_while(|task| task.key != *key).skip(1).filter(is_open) {
        if task.manual().is_some() {
            waits = Some(&task.title);
            break;
        }
        following.push(&task.title);
    }
    let then = match (following.is_empty(), waits) {
        (true, Some(next)) => format!("Next, a person does “{next}”."),
        (false, Some(next)) => {
            format!("Then by itself: {}. After that a person does “{next}”.", following.join(", "))
        }
        (false, None) => {
            format!("Then by itself: {}. With that the request is answered.", following.join(", "))
        }
        (true, None) => "With that the request is answered.".to_owned(),
    };
    format!("It can't be taken back. {then}")
}
