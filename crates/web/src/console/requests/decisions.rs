//! `GET /console/requests/{reference}/decisions`: what was decided, by whom and on what ground.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::event::Entry;
use habeas_core::request::{Event, Verdict};
use habeas_render::page::console::{Decision, RequestDecisions, RequestTab};
use habeas_render::text::Day;

use super::tab;
use crate::App;
use crate::console::case::{self, Case};
use crate::console::people::People;
use crate::console::words;
use crate::error::{Error, Result};
use crate::guard::Staff;
use crate::names::words as plain;
use crate::visit::Visit;

/// No list is longer; the log tab has all.
const LONGEST: usize = 300;

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let case = case::load(&mut read, &staff, &reference).await?;
    let people = People::read(&mut read).await?;
    let entries = read.lookup_entries(case.request.id).await?.ok_or(Error::NotFound)?;
    drop(read);
    let mut decisions = Vec::new();
    for entry in entries.iter().rev() {
        let event = Event::from_record(&entry.record).map_err(|_| Error::Broken("an event can't be read"))?;
        decisions.extend(decision(&case, &people, entry, &event));
        if decisions.len() >= LONGEST {
            break;
        }
    }
    let page = RequestDecisions { head: case.head(&app, &staff, &people, RequestTab::Decisions)?, decisions };
    tab::show(&app, &visit, &staff, None, &page).await
}

fn decision(case: &Case, people: &People, entry: &Entry, event: &Event) -> Option<Decision> {
    let (title, article, reason, was_told) = match event {
        Event::Marked(mark) => {
            let was_told =
                matches!(mark.verdict, Verdict::Exclude { is_told: true, .. } | Verdict::Redact { .. });
            (words::mark_words(&mark.scope, &mark.verdict), None, mark.reason.reveal(), was_told)
        }
        Event::SourceExcused(excuse) => {
            (format!("{} is not searched", plain(&excuse.source)), None, excuse.reason.reveal(), true)
        }
        Event::Extended(extended) => {
            let title = format!("Extended, told on {}", Day(extended.notified_on).short());
            (title, None, extended.reason.reveal(), true)
        }
        Event::Refused(refusal) => {
            let articles = Some(refusal.articles.join(", "));
            ("Refused".to_owned(), articles, refusal.explanation.reveal(), true)
        }
        Event::TaskRejected(rejected) => (
            format!("Rejected: {}", plain(&rejected.task.to_string())),
            None,
            rejected.reason.reveal(),
            false,
        ),
        _ => return None,
    };
    Some(Decision {
        title,
        at: case::moment(&case.request, entry.at),
        who: people.actor(entry.actor),
        article,
        reason: if case.is_seen { reason.clone() } else { "Not shown to your role".to_owned() },
        was_told,
    })
}
