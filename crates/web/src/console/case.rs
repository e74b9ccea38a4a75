//! A request as the console's pages show it: loaded in the reader's scope, masked where they may not see
//! the person, with its dates explained.

use habeas_core::access::{self, Action, Builtin};
use habeas_core::clock::Deadline;
use habeas_core::event::Actor;
use habeas_core::flow::{Flow, Stage};
use habeas_core::id::Reference;
use habeas_core::pii::Pii;
use habeas_core::request::{Context, Request, SubjectCard, TaskRun, TaskState, governing};
use habeas_render::page::console::{Person, RequestHead, RequestTab, Subject, TabCounts};
use habeas_render::page::part::{Badge, Due, ExplainStep, Explained, Step, StepState, Steps, Tone};
use habeas_render::text::{self, Day, Moment};
use habeas_store::Read;
use habeas_store::requests::{Filter, Paging, Search};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::people::People;
use super::told::capitalised;
use super::words;
use crate::App;
use crate::error::{Error, Result};
use crate::guard::Staff;

mod acts;

/// A request and what it is read with.
pub(super) struct Case {
    /// The request.
    pub(super) request: Request,
    /// Whether the reader sees who asks and what they write.
    pub(super) is_seen: bool,
    /// Whether name and address were revealed for this page.
    pub(super) is_revealed: bool,
}

/// Returns the request of a reference within the reader's scope.
pub(super) async fn load(read: &mut Read, staff: &Staff, reference: &str) -> Result<Case> {
    let reference: Reference = reference.parse().map_err(|_| Error::NotFound)?;
    let filter = Filter { search: Some(Search::Reference(reference)), ..Filter::default() };
    let page = read.list(&filter, Paging { limit: 1, ..Paging::default() }, &staff.scope).await?;
    let row = page.rows.first().ok_or(Error::NotFound)?;
    let request = read.lookup_request(row.id, &staff.scope).await?.ok_or(Error::NotFound)?;
    Ok(Case { request, is_seen: access::may(&staff.roles, Action::SeeSubjects), is_revealed: false })
}

/// Returns what the reader's acts are decided on.
pub(super) fn context<'a>(app: &'a App, request: &Request, staff: &'a Staff) -> Result<Context<'a>> {
    Ok(app.catalog.context(&request.terms, app.now(), Actor::Staff(staff.id), &staff.roles)?)
}

/// Returns the zone the organisation's days are counted in.
pub(super) fn zone(request: &Request) -> TimeZone {
    TimeZone::get(&request.terms.zone).unwrap_or(TimeZone::UTC)
}

/// Returns an instant as the organisation's clocks show it.
pub(super) fn moment(request: &Request, at: Timestamp) -> Moment {
    Moment(at.to_zoned(zone(request)))
}

/// Returns what was asked for, in the words it was offered in.
pub(super) fn title(app: &App, activity: &str) -> String {
    app.catalog.activity(activity).map_or_else(|| activity.to_owned(), |activity| activity.title.clone())
}

/// Returns the name of a law.
pub(super) fn law_name(app: &App, id: &str) -> String {
    app.catalog.latest_law(id).map_or_else(|| id.to_owned(), |(law, _)| law.title())
}

/// Returns a date with the days left until it.
pub(super) fn due(on: Date, today: Date) -> Due {
    let days_left = today.until(on).map_or(0, |span| i64::from(span.get_days()));
    Due { on: Day(on), days_left }
}

/// Returns a computed date with its steps; none while it isn't determined.
pub(super) fn explained(deadline: Deadline) -> Option<Explained> {
    let step = |step: habeas_core::clock::Step| ExplainStep {
        text: capitalised(&step.words),
        rule: Some(step.article).filter(|article| !article.is_empty()),
        on: step.date.map(Day),
    };
    let on = Day(deadline.due?);
    Some(Explained { on, steps: deadline.steps.into_iter().map(step).collect() })
}

/// Returns the legal date of a request with its steps.
pub(super) fn legal_date(request: &Request, ctx: &Context<'_>) -> Result<Option<Explained>> {
    let all = governing(request, ctx)
        .map_err(|_| Error::Broken("a legal date once computed can't be explained"))?;
    Ok(all.into_ruling().and_then(explained))
}

/// Returns who asks, masked where the reader may not see it.
pub(super) fn person(card: Option<&SubjectCard>, is_seen: bool) -> Person {
    let Some(card) = card else {
        return Person { name: "Deleted".to_owned(), email: String::new(), is_masked: false };
    };
    if is_seen {
        return Person { name: card.name.clone(), email: card.email.clone(), is_masked: false };
    }
    let initials: Vec<String> = card
        .name
        .split_whitespace()
        .filter_map(|part| part.chars().next())
        .map(|c| format!("{c}…"))
        .collect();
    Person { name: initials.join(" "), email: text::masked_email(&card.email), is_masked: true }
}

impl Case {
    /// Returns who asks.
    pub(super) fn person(&self) -> Person {
        let row = self.request.project();
        person(row.subject.as_ref().map(Pii::reveal), self.is_seen || self.is_revealed)
    }

    /// Returns the request in short, for the page of an act or task.
    pub(super) fn subject(&self, app: &App) -> Subject {
        let request = &self.request;
        let today = app.now().to_zoned(zone(request)).date();
        Subject {
            reference: request.reference.to_string(),
            title: self.title(app),
            person: self.person().name,
            due: open_due(request).map(|on| due(on, today)),
        }
    }

    /// Returns what was asked for and under which law.
    pub(super) fn title(&self, app: &App) -> String {
        let terms = &self.request.terms;
        format!("{}, {}", title(app, &terms.activity), law_name(app, &terms.law))
    }

    /// Returns the head of the request's pages.
    pub(super) fn head(
        &self,
        app: &App,
        staff: &Staff,
        people: &People,
        tab: RequestTab,
    ) -> Result<RequestHead> {
        let request = &self.request;
        let ctx = context(app, request, staff)?;
        let on = open_due(request);
        Ok(RequestHead {
            reference: request.reference.to_string(),
            title: title(app, &request.terms.activity),
            law: ctx.law.title(),
            person: self.person(),
            state: state(request.status.as_str(), request.needs_attention()),
            due: on.map(|on| due(on, ctx.today())),
            closed_at: request.closed_at.map(|at| moment(request, at)),
            explained: if on.is_some() { legal_date(request, &ctx)? } else { None },
            owner: request.owner.map(|owner| people.name(owner)),
            channel: request.channel.title().to_owned(),
            received_at: moment(request, request.received_at),
            steps: steps(request, ctx.flow),
            tab,
            counts: counts(request),
            acts: acts::of(request, staff),
        })
    }
}

fn open_due(request: &Request) -> Option<Date> {
    let due = request.due.as_ref().filter(|_| !request.status.is_closed());
    due.and_then(|due| due.on)
}

/// Returns a state as a badge.
pub(super) fn state(status: &str, needs_attention: bool) -> Badge {
    let tone = match status {
        _ if needs_attention => Tone::Bad,
        "awaiting_verification" | "awaiting_subject" => Tone::Warn,
        "completed" | "partly_fulfilled" => Tone::Good,
        "received" | "in_progress" => Tone::Info,
        _ => Tone::Neutral,
    };
    let words = words::status(status);
    Badge::new(tone, if needs_attention { format!("{words}: needs a person") } else { words.to_owned() })
}

fn counts(request: &Request) -> TabCounts {
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    TabCounts {
        records: request.found.as_ref().map_or(0, |found| found.record_count),
        tasks: count(request.tasks.values().filter(|run| is_open(run)).count()),
        messages: count(request.messages.len()),
        decisions: count(
            request.marks.len()
                + request.excuses.len()
                + usize::from(request.is_extended())
                + usize::from(request.refusal.is_some()),
        ),
        documents: u64::from(request.package.is_some()),
    }
}

/// Returns an answer as people read it: a choice in the words of its list, other answers as they are.
pub(super) fn in_words(app: &App, list: Option<&str>, answer: &str) -> String {
    let value = list.and_then(|name| app.catalog.list(name)).and_then(|list| list.value(answer));
    value.unwrap_or(answer).to_owned()
}

/// Says, where the privacy officer decides, what that may be taken for; the law lets them have other tasks as
/// long as these don't conflict with watching over them (Art. 38(6) GDPR).
pub(super) fn conflict(staff: &Staff) -> &'static str {
    if access::is_member(&staff.roles, &Builtin::PrivacyOfficer.name()) {
        " You are the privacy officer: deciding yourself what you also watch over may be a conflict of \
         interests (Art. 38(6) GDPR). Somebody else can do it as well."
    } else {
        ""
    }
}

/// Says whether somebody or something is to do a task now.
pub(super) fn is_open(run: &TaskRun) -> bool {
    matches!(run.state, TaskState::InProgress | TaskState::Failed | TaskState::Stopped)
}

/// Returns the flow's stages as steps.
pub(super) fn steps(request: &Request, flow: &Flow) -> Steps {
    let steps = flow.stages.iter().map(|stage| step(request, stage)).collect();
    Steps { label: "Progress".to_owned(), steps }
}

fn step(request: &Request, stage: &Stage) -> Step {
    let runs = || stage.tasks.iter().filter_map(|task| request.tasks.get(&task.key));
    let is_over =
        stage.tasks.iter().all(|task| request.tasks.get(&task.key).is_some_and(|run| run.state.is_over()));
    if is_over {
        let ended = runs().filter_map(|run| run.ended.map(|(_, at)| at)).max();
        return Step::new(&stage.title, StepState::Done, ended.map(|at| moment(request, at).day().short()));
    }
    if request.status.is_closed() {
        return Step::new(&stage.title, StepState::Skipped, None);
    }
    let is_stuck = runs().any(|run| run.state.is_stuck());
    match runs().map(|run| run.started_at).min() {
        Some(since) => {
            let state = if is_stuck { StepState::Stuck } else { StepState::Current };
            let note = format!("since {}", moment(request, since).day().short());
            Step::new(&stage.title, state, Some(note))
        }
        None => Step::new(&stage.title, StepState::Todo, None),
    }
}
