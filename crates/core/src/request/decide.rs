//! What may happen to a request: by law, flow and role. Pure; each family of acts has its file.
//!
//! [`decide`] returns the events of the act and everything that follows from it by itself: the legal
//! date computed anew, the next tasks started, the request completed.

mod ask;
mod close;
mod command;
mod correct;
mod deliver;
mod hand;
mod hours;
mod narrow;
mod notice;
mod owner;
mod review;
mod shape;
mod talk;
mod task;
mod verify;

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use super::advance;
use super::due;
use super::event::{ClosureProposed, DuplicatesLinked, Event, Received};
use super::hours::Money;
use super::react::Timer;
use super::state::Request;
use crate::access::{self, Action, Role};
use crate::calendar::Calendar;
use crate::event::Actor;
use crate::flow::{Flow, TaskKey};
use crate::id::{RequestId, UserId};
use crate::law::Pack;
use crate::target::Target;

pub use command::{Answers, Command, Outcome};
pub use owner::{OwnerAct, ToAsk};
pub use shape::{CARRIED_OVER, MainEnd, Reshape, can_go_on_from};

/// More events than any act leads to: a bound on what follows by itself.
const MOST_EVENTS: usize = 500;

/// What an entity has set within what the law leaves open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Days a person has to prove identity before staff are asked to close.
    pub verification_days: u16,
    /// Hours an archive may be fetched.
    pub access_hours: u16,
    /// Days an archive is kept and may be made available again.
    pub keep_days: u16,
    /// How often an archive may be fetched each time it is made available.
    pub download_limit: u32,
    /// What an hour of work costs; none where it isn't counted.
    pub hour_rate: Option<Money>,
    /// By when stages should be over.
    pub targets: Vec<Target>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            verification_days: 10,
            access_hours: 48,
            keep_days: 30,
            download_limit: 5,
            hour_rate: None,
            targets: Vec::new(),
        }
    }
}

/// What a decision is made on besides the request.
pub struct Context<'a> {
    /// The present instant.
    pub now: Timestamp,
    /// The entity's zone.
    pub zone: TimeZone,
    /// Who acts.
    pub actor: Actor,
    /// The roles of the member of staff who acts.
    pub roles: &'a [Role],
    /// The version of the flow the request runs.
    pub flow: &'a Flow,
    /// The law pack of the day of receipt.
    pub law: &'a Pack,
    /// The packs of other laws whose dates bind too.
    pub also: Vec<&'a Pack>,
    /// The calendar the legal date follows.
    pub calendar: Option<&'a Calendar>,
    /// What the entity has set.
    pub settings: Settings,
}

/// Why an act isn't possible.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Denied {
    /// The role doesn't grant it.
    #[error("your roles do not allow this")]
    NotAllowed,
    /// The request is closed.
    #[error("the request is closed")]
    Closed,
    /// There is no such task, or its turn hasn't come or is over.
    #[error("this task is not waiting to be done")]
    NotWaiting,
    /// Somebody else has taken the task.
    #[error("somebody else has taken this task")]
    TakenByOther,
    /// The task must be taken first.
    #[error("take the task first")]
    NotTaken,
    /// The person who completed the other task may not complete this one.
    #[error("a second person must do this: you completed {0}")]
    FourEyes(TaskKey),
    /// The task can't be rejected.
    #[error("this task can't be rejected")]
    NotRejectable,
    /// A reason is demanded.
    #[error("give a reason")]
    ReasonMissing,
    /// An answer is demanded.
    #[error("fill in {0}")]
    AnswerMissing(String),
    /// An answer isn't of the type asked for.
    #[error("{0} is not of the type asked for")]
    AnswerWrong(String),
    /// Something the task can't be completed without isn't there.
    #[error("{0} is missing, and this can't be completed without it")]
    ShowMissing(String),
    /// Records of other people wait for a decision.
    #[error("{0} records of other people wait for a decision")]
    Undecided(u64),
    /// Owners of data sources haven't answered.
    #[error("{0} owners of data sources have not answered: wait, or leave their sources out with a reason")]
    OwnersWaiting(usize),
    /// No more files are taken for this source.
    #[error("there are as many files as one source may have")]
    TooManyFiles,
    /// There is no file, and nobody said that nothing is held.
    #[error("add a file, or say that nothing is held")]
    FilesMissing,
    /// There are files, and somebody said that nothing is held.
    #[error("there are files: remove them before you say that nothing is held")]
    FilesThere,
    /// Identity isn't proven.
    #[error("identity is not proven")]
    Unverified,
    /// A refusal needs a ground of the law that applies.
    #[error("choose a ground of refusal that the law knows")]
    GroundMissing,
    /// The law allows no (further) extension, or its time has passed.
    #[error("the law allows no extension now")]
    NoExtension,
    /// A question about the same matter is open.
    #[error("a question about this is open already")]
    AlreadyAsked,
    /// More questions than any request needs.
    #[error("there are too many questions already")]
    TooManyQuestions,
    /// There is no archive to fetch now.
    #[error("there is nothing to download now")]
    NothingToDownload,
    /// The archive was fetched as often as allowed.
    #[error("the archive was downloaded as often as allowed")]
    TooManyDownloads,
    /// The request isn't answered yet.
    #[error("the person is not answered yet")]
    Unanswered,
    /// The legal date can't be computed.
    #[error("the legal date can't be computed: {0}")]
    Clock(String),
    /// It follows another request.
    #[error("it is answered together with another request: take it out first")]
    Merged,
    /// Other requests follow it.
    #[error("other requests are answered together with this one: take them out first")]
    OthersFollow,
    /// The two aren't proven to be of the same person and kind.
    #[error("only requests of the same kind, proven to be of the same person, are answered together")]
    NotSame,
    /// It is open.
    #[error("the request is open")]
    NotClosed,
    /// It is so already.
    #[error("that is so already")]
    NothingChanges,
    /// What was known of the person is no longer kept.
    #[error("the data of this request is no longer kept")]
    Gone,
    /// A rule of this code broke; the request is left as it was.
    #[error("the flow does not come to rest")]
    Restless,
}

/// What was decided: what happened, and the request after it.
pub struct Decision {
    /// The request after all of it.
    pub request: Request,
    /// The events, in order; none where the act changes nothing.
    pub events: Vec<Event>,
    /// How many of them, at the end, follow by themselves: they are nobody's act and count as Habeas's own.
    pub follow_count: usize,
}

/// Decides on a new request: its receipt and everything that follows.
///
/// # Errors
/// When the legal date can't be computed.
pub fn receive(id: RequestId, received: Received, ctx: &Context<'_>) -> Result<Decision, Denied> {
    let request = Request::receive(id, &received);
    let mut decision =
        Decision { request, events: vec![Event::Received(Box::new(received))], follow_count: 0 };
    let computed = due::compute(&decision.request, ctx)?;
    decision.follow_with(Event::DueComputed(computed), ctx);
    decision.follow(ctx)?;
    Ok(decision)
}

impl Decision {
    /// Adds everything that follows by itself until the request waits.
    fn follow(&mut self, ctx: &Context<'_>) -> Result<(), Denied> {
        loop {
            let next = advance::next(&self.request, ctx);
            if next.is_empty() {
                return Ok(());
            }
            if self.events.len() > MOST_EVENTS {
                return Err(Denied::Restless);
            }
            for event in next {
                self.follow_with(event, ctx);
            }
        }
    }

    fn follow_with(&mut self, event: Event, ctx: &Context<'_>) {
        self.request.apply(&event, Actor::System, ctx.now);
        self.events.push(event);
        self.follow_count += 1;
    }
}

impl Request {
    /// Decides on an act: the events of it and of everything that follows, or why it may not be.
    ///
    /// # Errors
    /// When law, flow, role or state don't allow the act; nothing has then happened.
    pub fn decide(&self, command: Command, ctx: &Context<'_>) -> Result<Decision, Denied> {
        let events = self.act(command, ctx)?;
        let mut request = self.clone();
        let mut moves_clock = false;
        for event in &events {
            request.apply(event, ctx.actor, ctx.now);
            moves_clock |= moves_the_clock(event);
        }
        let mut decision = Decision { request, events, follow_count: 0 };
        if moves_clock {
            let computed = due::compute(&decision.request, ctx)?;
            decision.follow_with(Event::DueComputed(computed), ctx);
        }
        if !decision.events.is_empty() {
            decision.follow(ctx)?;
        }
        Ok(decision)
    }

    fn act(&self, command: Command, ctx: &Context<'_>) -> Result<Vec<Event>, Denied> {
        shape::ensure_not_merged(self, &command)?;
        match command {
            Command::Finish { task, attempt, outcome } => task::finish(self, &task, attempt, outcome, ctx),
            Command::AskVerification(asked) => Ok(verify::ask(self, asked)),
            Command::Verify { rung } => {
                let supposed = shape::after_proof(self);
                let events = verify::prove(self, rung, ctx)?;
                let is_proof = events.iter().any(|event| matches!(event, Event::Verified(_)));
                Ok(events.into_iter().chain(supposed.filter(|_| is_proof)).collect())
            }
            Command::NoteWrongCode { cause } => Ok(verify::note_wrong_code(self, cause)),
            Command::Wake(timer) => Ok(self.wake(&timer, ctx)),
            Command::Take(task) => task::take(self, &task, ctx),
            Command::Release(task) => task::release(self, &task, ctx),
            Command::Save(task, answers) => task::save(self, task, &answers, ctx),
            Command::Complete { task, answers, undecided } => {
                task::complete(self, task, &answers, undecided, ctx)
            }
            Command::Reject { task, answers, reason } => task::reject(self, task, &answers, reason, ctx),
            Command::Retry(task) => task::retry(self, &task, ctx),
            Command::Skip { task, reason } => task::skip(self, task, reason, ctx),
            Command::NoteRecipient { number, state, note } => notice::note(self, number, state, note, ctx),
            Command::Owner(source, act) => owner::act(self, &source, act, ctx),
            Command::Excuse { source, reason } => review::excuse(self, &source, reason, ctx),
            Command::Mark { scope, verdict, reason } => review::mark(self, scope, verdict, reason, ctx),
            Command::Refuse { grounds, explanation } => close::refuse(self, &grounds, explanation, ctx),
            Command::Withdraw => close::withdraw(self, ctx),
            Command::Extend { reason, until } => close::extend(self, reason, until, ctx),
            Command::Ask { about, text, basis } => ask::ask(self, about, text, basis, ctx),
            Command::Answer { number, text, answered_on } => {
                ask::answer(self, number, text, answered_on, ctx)
            }
            Command::NoteForwarded(on) => ask::forward(self, on, ctx),
            Command::Assign(owner) => talk::assign(self, owner, ctx),
            Command::AssignByRule(owner) => hand::assign_by_rule(self, owner, ctx),
            Command::HandOver(task, to) => hand::hand_over(self, task, to, ctx),
            Command::Narrow { readers, reason } => narrow::narrow(self, readers, reason, ctx),
            Command::Say { text, is_internal } => talk::say(self, text, is_internal, ctx),
            Command::Download => deliver::download(self, ctx),
            Command::Renew => deliver::renew(self, ctx),
            Command::LogTime { on, minutes, note } => hours::log(self, on, minutes, note, ctx),
            Command::StrikeTime(entry) => hours::strike(self, entry, ctx),
            Command::Reshape(reshape) => shape::decide(self, reshape, ctx),
        }
    }

    /// A timer that fires late, twice or for something that is over does nothing.
    fn wake(&self, timer: &Timer, ctx: &Context<'_>) -> Vec<Event> {
        match timer {
            Timer::TaskDue { task, attempt } => task::overdue(self, task, *attempt, ctx),
            Timer::TaskStart { .. } => advance::next(self, ctx),
            Timer::TaskReminder { task, attempt, number } => {
                task::remind(self, task, *attempt, *number).into_iter().collect()
            }
            Timer::VerificationReminder => Vec::new(),
            Timer::VerificationDue => {
                let is_open = !self.status.is_closed() && self.verified_at.is_none();
                let due_on = ctx.today();
                (is_open && self.closure_proposed_at.is_none())
                    .then_some(Event::ClosureProposed(ClosureProposed { due_on }))
                    .into_iter()
                    .collect()
            }
            Timer::PackageEnd => deliver::end(self, ctx),
            Timer::QuestionReminder { .. } => Vec::new(),
            Timer::QuestionDue { number } => ask::overdue(self, *number, ctx).into_iter().collect(),
            Timer::ExtensionDue => ask::propose_extension(self, ctx).into_iter().collect(),
            Timer::DuePassed => ask::pass(self, ctx).into_iter().collect(),
        }
    }

    fn ensure_open(&self) -> Result<(), Denied> {
        if self.status.is_closed() { Err(Denied::Closed) } else { Ok(()) }
    }
}

impl Context<'_> {
    /// Returns the civil date in the entity's zone.
    pub fn today(&self) -> Date {
        self.now.to_zoned(self.zone.clone()).date()
    }

    /// Says whether people work on a day; for internal targets, so a day outside the calendar counts as one.
    pub fn is_working_day(&self, date: Date) -> bool {
        let is_weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        !is_weekend && self.calendar.is_none_or(|calendar| calendar.is_working_day(date).unwrap_or(true))
    }

    fn ensure(&self, action: Action) -> Result<UserId, Denied> {
        match self.actor {
            Actor::Staff(user) if access::may(self.roles, action) => Ok(user),
            Actor::Staff(_) | Actor::Subject | Actor::System => Err(Denied::NotAllowed),
        }
    }
}

/// Says whether the legal date is computed anew after an event.
fn moves_the_clock(event: &Event) -> bool {
    matches!(
        event,
        Event::Extended(_)
            | Event::Asked(_)
            | Event::Answered(_)
            | Event::Forwarded(_)
            | Event::Reopened(_)
            | Event::Reclassified(_)
    )
}

/// Returns the event that links duplicates, where there are any it doesn't know yet.
fn link(request: &Request, found: Vec<RequestId>) -> Option<Event> {
    let requests: Vec<RequestId> =
        found.into_iter().filter(|id| *id != request.id && !request.duplicates.contains(id)).collect();
    (!requests.is_empty()).then_some(Event::DuplicatesLinked(DuplicatesLinked { requests }))
}
