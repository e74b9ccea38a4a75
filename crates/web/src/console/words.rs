//! What happened to a request, in plain words.

use habeas_core::clock::State;
use habeas_core::flow::{Flow, TaskKey};
use habeas_core::request::{About, CARRIED_OVER, Event, MarkScope, Said, Skip, Then, Turn, Verdict};
use habeas_render::page::part::Tone;
use habeas_render::text::{self, Day, Moment};
use jiff::tz::TimeZone;

use super::people::People;
use crate::names::words;

mod correct;
mod owner;
mod shape;

pub(super) use shape::{duration, spam};

/// An event in words.
pub(super) struct Told {
    /// What happened.
    pub(super) title: String,
    /// A reason or a message, where the reader may see it.
    pub(super) detail: Option<String>,
    /// How it feels.
    pub(super) tone: Tone,
}

impl Told {
    fn new(tone: Tone, title: impl Into<String>) -> Self {
        Self { title: title.into(), detail: None, tone }
    }

    fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into()).filter(|detail| !detail.is_empty());
        self
    }
}

/// Returns a state in words.
pub(super) fn status(name: &str) -> &str {
    match name {
        "received" => "Received",
        "awaiting_verification" => "Awaiting verification",
        "in_progress" => "In progress",
        "awaiting_subject" => "Awaiting the person",
        "completed" => "Completed",
        "partly_fulfilled" => "Partly fulfilled",
        "refused" => "Refused",
        "withdrawn" => "Withdrawn",
        other => other,
    }
}

/// Tells events.
pub(super) struct Teller<'a> {
    /// The flow, for the names of tasks.
    pub(super) flow: &'a Flow,
    /// The names of staff.
    pub(super) people: &'a People,
    /// The zone of dates.
    pub(super) zone: TimeZone,
    /// Whether reasons and messages are told.
    pub(super) is_seen: bool,
}

impl Teller<'_> {
    /// Returns an event in words.
    pub(super) fn tell(&self, event: &Event) -> Told {
        let told =
            self.of_tasks(event).or_else(|| self.of_data(event)).unwrap_or_else(|| self.of_case(event));
        if self.is_seen { told } else { Told { detail: None, ..told } }
    }

    fn task(&self, key: &TaskKey) -> String {
        self.flow.task(key).map_or_else(|| key.to_string(), |task| task.title.clone())
    }

    fn of_tasks(&self, event: &Event) -> Option<Told> {
        Some(match event {
            Event::TaskStarted(started) => {
                let whose = match started.turn {
                    Turn::System => "Started",
                    Turn::Staff => "Waits for a person",
                    Turn::Subject => "Waits for the person who asks",
                };
                let again =
                    if started.attempt > 1 { format!(", try {}", started.attempt) } else { String::new() };
                Told::new(Tone::Neutral, format!("{whose}: {}{again}", self.task(&started.task)))
            }
            Event::TaskOverdue(named) => Told::new(Tone::Bad, format!("Overdue: {}", self.task(&named.task))),
            Event::TaskWaived(named) => {
                Told::new(Tone::Warn, format!("Left out since its time passed: {}", self.task(&named.task)))
            }
            Event::TaskSkipped(skipped) => {
                let why = match skipped.cause {
                    Skip::Condition => "Not needed, its condition doesn't hold",
                    Skip::NotLate => "Not needed, nothing was late",
                    Skip::Decided => "Left out by a person's decision",
                };
                Told::new(Tone::Neutral, format!("{why}: {}", self.task(&skipped.task)))
                    .detail(skipped.reason.reveal())
            }
            Event::TaskPlanned(planned) => {
                let at = Moment(planned.starts_at.to_zoned(self.zone.clone()));
                Told::new(Tone::Neutral, format!("Starts on {at}: {}", self.task(&planned.task)))
            }
            Event::TaskReminded(reminded) => {
                Told::new(Tone::Neutral, format!("Reminder sent: {}", self.task(&reminded.task)))
            }
            Event::TaskTaken(taken) => {
                let who = self.people.name(taken.user);
                Told::new(Tone::Neutral, format!("Taken by {who}: {}", self.task(&taken.task)))
            }
            Event::TaskReleased(named) => {
                Told::new(Tone::Neutral, format!("Given back: {}", self.task(&named.task)))
            }
            Event::TaskSaved(saved) => {
                Told::new(Tone::Neutral, format!("Saved for later: {}", self.task(&saved.task)))
            }
            Event::TaskCompleted(done) => Told::new(Tone::Good, format!("Done: {}", self.task(&done.task))),
            Event::TaskRejected(rejected) => {
                let then = match &rejected.then {
                    Then::Continue => "the flow goes on",
                    Then::Rework(_) => "earlier steps are done again",
                    Then::Stop => "the request stops until a person decides",
                };
                Told::new(Tone::Warn, format!("Rejected, {then}: {}", self.task(&rejected.task)))
                    .detail(rejected.reason.reveal())
            }
            Event::TaskFailed(failed) => Told::new(Tone::Bad, format!("Failed: {}", self.task(&failed.task)))
                .detail(&failed.failure.message),
            _ => return None,
        })
    }

    fn of_data(&self, event: &Event) -> Option<Told> {
        Some(match event {
            Event::SourceExcused(excuse) => {
                Told::new(Tone::Warn, format!("Left out of the search: {}", words(&excuse.source)))
                    .detail(excuse.reason.reveal())
            }
            Event::Collected(found) => Told::new(
                Tone::Info,
                format!(
                    "{} found in {}",
                    text::count(found.record_count, "record", "records"),
                    text::count(found.source_count, "source", "sources")
                ),
            ),
            Event::Marked(mark) => {
                Told::new(Tone::Neutral, mark_words(&mark.scope, &mark.verdict)).detail(mark.reason.reveal())
            }
            Event::PackageBuilt(package) => {
                let records = text::count(package.record_count, "record", "records");
                Told::new(Tone::Info, format!("Reply built: {records}, {}", text::size(package.byte_count)))
            }
            Event::PackageReleased(released) => {
                let until = Day(released.available_until.to_zoned(self.zone.clone()).date());
                Told::new(Tone::Good, format!("Reply made available until {}", until.short()))
            }
            Event::PackageRenewed(released) => {
                let until = Day(released.available_until.to_zoned(self.zone.clone()).date());
                Told::new(Tone::Neutral, format!("Reply made available again until {}", until.short()))
            }
            Event::PackageDownloaded(fetched) => {
                Told::new(Tone::Good, format!("Reply fetched (time {})", fetched.number))
            }
            Event::PackageDeleted(_) => Told::new(Tone::Neutral, "Reply deleted at the end of its time"),
            other => return owner::tell(other, self.people).or_else(|| correct::tell(other)),
        })
    }

    fn of_case(&self, event: &Event) -> Told {
        match event {
            Event::Received(_) => Told::new(Tone::Info, "Request received"),
            Event::DueComputed(due) => match due.on {
                Some(on) => Told::new(Tone::Neutral, format!("Legal date: {}", Day(on))),
                None => Told::new(Tone::Neutral, "The legal date is not determined yet"),
            },
            Event::VerificationAsked(_) => Told::new(Tone::Neutral, "A code was sent to prove identity"),
            Event::VerificationFailed(_) => Told::new(Tone::Warn, "A wrong or late code was entered"),
            Event::Verified(proof) if proof.rung == CARRIED_OVER => {
                Told::new(Tone::Good, "Identity was proven for the request this one was taken out of")
            }
            Event::Verified(_) => Told::new(Tone::Good, "Identity proven by a code sent by e-mail"),
            Event::ClosureProposed(_) => {
                Told::new(Tone::Warn, "Identity not proven in time: a person should decide")
            }
            Event::DuplicatesLinked(linked) => {
                let count = u64::try_from(linked.requests.len()).unwrap_or(u64::MAX);
                let others = text::count(count, "other open request", "other open requests");
                Told::new(Tone::Info, format!("{others} of the same person found"))
            }
            Event::Asked(_)
            | Event::Answered(_)
            | Event::QuestionOverdue(_)
            | Event::Forwarded(_)
            | Event::ExtensionProposed(_)
            | Event::DuePassed(_) => of_dates(event),
            Event::Replied(replied) => {
                Told::new(Tone::Good, "Answered in words").detail(replied.text.reveal())
            }
            Event::Extended(extended) => {
                Told::new(Tone::Warn, "Legal date extended").detail(extended.reason.reveal())
            }
            Event::Assigned(assigned) => match assigned.owner {
                Some(owner) => Told::new(Tone::Neutral, format!("Given to {}", self.people.name(owner))),
                None => Told::new(Tone::Neutral, "Given to nobody"),
            },
            Event::ReadersSet(set) => {
                Told::new(Tone::Warn, self.people.readers(&set.readers)).detail(set.reason.reveal())
            }
            Event::Said(Said { text, is_internal }) => {
                let title = if *is_internal { "Note for colleagues" } else { "Message" };
                Told::new(Tone::Neutral, title).detail(text.reveal())
            }
            Event::Refused(refusal) => {
                Told::new(Tone::Bad, format!("Refused ({})", refusal.articles.join(", ")))
                    .detail(refusal.explanation.reveal())
            }
            Event::Withdrawn(_) => Told::new(Tone::Neutral, "Withdrawn by the person"),
            Event::Completed(done) if done.nothing_held => Told::new(Tone::Good, "Answered: nothing is held"),
            Event::Completed(done) if done.is_partial => Told::new(Tone::Good, "Answered in part"),
            Event::Completed(_) => Told::new(Tone::Good, "Answered"),
            other => shape::tell(other, self.people),
        }
    }
}

/// Tells what concerns the legal date.
fn of_dates(event: &Event) -> Told {
    match event {
        Event::Asked(asked) => {
            let title = format!("Question to the person, {}", about(asked.about));
            Told::new(Tone::Warn, title).detail(asked.text.reveal())
        }
        Event::Answered(answered) => {
            let title = format!("Question answered on {}", Day(answered.answered_on).short());
            Told::new(Tone::Good, title).detail(answered.text.reveal())
        }
        Event::QuestionOverdue(_) => {
            Told::new(Tone::Warn, "A question wasn't answered in time: a person should decide")
        }
        Event::Forwarded(forwarded) => {
            let on = Day(forwarded.forwarded_on).short();
            Told::new(
                Tone::Neutral,
                format!("Reached the privacy team on {on}; the date counts from receipt"),
            )
        }
        Event::ExtensionProposed(near) => {
            let on = Day(near.due_on).short();
            Told::new(Tone::Warn, format!("Due on {on}: answer, or extend with a reason"))
        }
        Event::DuePassed(passed) if passed.state == State::DeemedRefused.as_str() => {
            Told::new(Tone::Bad, "The legal date passed: the law takes this for a refusal")
        }
        _ => Told::new(Tone::Bad, "The legal date passed without an answer"),
    }
}

/// Returns what a question is about.
pub(super) fn about(about: About) -> &'static str {
    match about {
        About::Clarification => "what the request is about",
        About::Identity => "who asks",
        About::Fee => "a fee",
        About::Format => "the form of the data",
    }
}

/// Returns what was said of records.
pub(super) fn mark_words(scope: &MarkScope, verdict: &Verdict) -> String {
    let what = match scope {
        MarkScope::Record(id) => format!("record {id}"),
        MarkScope::Collection { dataset, collection } => {
            format!("all of {} in {}", words(collection), words(dataset))
        }
    };
    match verdict {
        Verdict::Give => format!("To be given: {what}"),
        Verdict::Exclude { ground, is_told: true } => format!("Left out: {what} ({})", ground.title()),
        Verdict::Exclude { ground, is_told: false } => {
            format!("Left out without telling: {what} ({})", ground.title())
        }
        Verdict::Redact { fields, ground } => {
            let fields: Vec<String> = fields.iter().map(|field| words(field)).collect();
            format!("Without {}: {what} ({})", fields.join(", "), ground.title())
        }
    }
}
