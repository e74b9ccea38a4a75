//! The life itself: a queue of jobs and of people's acts, taken in the order of their instants.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use jiff::{SignedDuration, Timestamp};

use super::work::{Parts, Work, later, work};
use super::{Deed, Dice, Happened, Life, Rescue, Sent, Setting, Stuck, Whim, World};
use crate::access::{Builtin, Role};
use crate::event::Actor;
use crate::flow::{Task, TaskKey};
use crate::id::{Reference, RequestId, UserId};
use crate::job::NewJob;
use crate::pii::Pii;
use crate::request::{
    Channel, Command, Context, Decision, Denied, Event, Failure, Outcome, Received, Request, Then, Turn,
    react, receive,
};

/// More happenings than any life has: a bound on flows that go round for ever.
const MOST: usize = 5_000;

/// What is to come.
enum Next {
    Job(NewJob),
    Prove,
    Answer(u32, String),
    Deed(TaskKey, u32, Deed),
    Rescue(Stuck, Rescue),
    Whim(Whim),
}

struct Run<'a> {
    setting: &'a Setting<'a>,
    world: &'a mut dyn World,
    dice: &'a Dice,
    staff: Vec<Role>,
    users: [UserId; 2],
    now: Timestamp,
    queue: BinaryHeap<Reverse<(Timestamp, usize)>>,
    nexts: Vec<Option<Next>>,
    request: Request,
    happened: Vec<Happened>,
    mails: Vec<Sent>,
}

/// Lives a request's life through to its end, or as far as the setting's days go.
///
/// # Errors
/// When the request can't even be taken in: its legal date can't be computed.
pub fn live(setting: &Setting<'_>, world: &mut dyn World, dice: &Dice) -> Result<Life, Denied> {
    let now = setting.received_at;
    let received = Received {
        reference: Reference::new(dice),
        terms: setting.terms.clone(),
        channel: Channel::Portal,
        received_at: now,
        subject: Pii::new(setting.subject.clone()),
    };
    let ctx = context(setting, now, Actor::Subject, &[]);
    let decision = receive(RequestId::new(now, dice), received, &ctx)?;
    let request = decision.request.clone();
    let staff = Role::parse("admin", Builtin::Admin.text()).into_iter().collect();
    let users = [UserId::new(now, dice), UserId::new(now, dice)];
    let (queue, nexts) = (BinaryHeap::new(), Vec::new());
    let (happened, mails) = (Vec::new(), Vec::new());
    let mut run = Run { setting, world, dice, staff, users, now, queue, nexts, request, happened, mails };
    for (delay, whim) in run.world.whims(&run.request) {
        run.plan(later(now, delay), Next::Whim(whim));
    }
    run.take_in(Actor::Subject, decision, 0);
    Ok(run.finish())
}

fn context<'c>(setting: &'c Setting<'_>, now: Timestamp, actor: Actor, roles: &'c [Role]) -> Context<'c> {
    Context {
        now,
        zone: setting.zone.clone(),
        actor,
        roles,
        flow: setting.flow,
        law: setting.law,
        also: Vec::new(),
        calendar: setting.calendar,
        settings: setting.settings.clone(),
    }
}

impl Run<'_> {
    fn finish(mut self) -> Life {
        let end = later(self.now, SignedDuration::from_hours(24 * i64::from(self.setting.days)));
        while let Some(Reverse((at, place))) = self.queue.pop() {
            if at > end || self.happened.len() > MOST {
                self.queue.push(Reverse((at, place)));
                break;
            }
            self.now = self.now.max(at);
            let Some(next) = self.nexts.get_mut(place).and_then(Option::take) else { continue };
            self.go(next);
        }
        let is_waiting = !self.queue.is_empty();
        Life {
            request: self.request,
            happened: self.happened,
            mails: self.mails,
            until: self.now,
            is_waiting,
        }
    }

    fn plan(&mut self, at: Timestamp, next: Next) {
        self.queue.push(Reverse((at, self.nexts.len())));
        self.nexts.push(Some(next));
    }

    fn plan_in(&mut self, delay: SignedDuration, next: Next) {
        self.plan(later(self.now, delay), next);
    }

    fn go(&mut self, next: Next) {
        match next {
            Next::Job(job) => self.job(&job),
            Next::Prove => self.act(Actor::Subject, Command::Verify { rung: "mail_code".to_owned() }),
            Next::Answer(number, text) => {
                // Who answers has signed in with a code, which proves who they are.
                if self.request.verified_at.is_none() {
                    self.act(Actor::Subject, Command::Verify { rung: "mail_code".to_owned() });
                }
                let command = Command::Answer { number, text: Pii::new(text), answered_on: None };
                self.act(Actor::Subject, command);
            }
            Next::Deed(key, attempt, deed) => self.deed(&key, attempt, deed),
            Next::Rescue(stuck, rescue) => self.rescue(&stuck, rescue),
            Next::Whim(Whim::Withdraw) => self.act(Actor::Subject, Command::Withdraw),
            Next::Whim(Whim::Write) => {
                let text = Pii::new("How is it going?".to_owned());
                self.act(Actor::Subject, Command::Say { text, is_internal: false });
            }
        }
    }

    fn job(&mut self, job: &NewJob) {
        let mut parts = Parts { now: self.now, world: &mut *self.world, dice: self.dice };
        match work(job, &self.request, self.setting, &mut parts) {
            Work::Act(command) => self.act(Actor::System, command),
            Work::Mail(sent) => self.mails.push(sent),
            Work::Both(sent, command) => {
                self.mails.push(sent);
                self.act(Actor::System, command);
            }
            Work::Nothing => {}
        }
    }

    /// Acts; what may not be done comes to nothing, except that a try of a task always ends.
    fn act(&mut self, actor: Actor, command: Command) {
        let tried = match &command {
            Command::Finish { task, attempt, .. } => Some((task.clone(), *attempt)),
            _ => None,
        };
        let denied = match self.decide(actor, command) {
            Ok(()) => return,
            Err(denied) => denied,
        };
        if let Some((task, attempt)) = tried
            && !matches!(denied, Denied::NotWaiting | Denied::Closed)
        {
            let failure = Failure { code: "internal".to_owned(), source: None, message: denied.to_string() };
            let failed = Command::Finish { task, attempt, outcome: Outcome::Failed(failure) };
            let _ = self.decide(actor, failed);
        }
    }

    fn decide(&mut self, actor: Actor, command: Command) -> Result<(), Denied> {
        let roles = if matches!(actor, Actor::Staff(_)) { self.staff.as_slice() } else { &[] };
        let ctx = context(self.setting, self.now, actor, roles);
        let decision = self.request.decide(command, &ctx)?;
        let before = self.request.seq;
        self.take_in(actor, decision, before);
        Ok(())
    }

    fn take_in(&mut self, actor: Actor, decision: Decision, before: u64) {
        let Decision { request, events, follow_count } = decision;
        let own_count = events.len().saturating_sub(follow_count);
        self.request = request;
        let days = self.setting.settings.verification_days;
        for (place, (event, seq)) in events.into_iter().zip(before + 1..).enumerate() {
            for job in react(&self.request, &event, seq, self.now, days) {
                self.plan(job.run_at, Next::Job(job));
            }
            self.observe(&event);
            let actor = if place < own_count { actor } else { Actor::System };
            self.happened.push(Happened { at: self.now, actor, event });
        }
    }

    /// Has people notice what concerns them.
    fn observe(&mut self, event: &Event) {
        match event {
            Event::TaskStarted(started) if started.turn == Turn::Staff => {
                let Some(task) = self.setting.flow.task(&started.task) else { return };
                if let Some((delay, deed)) = self.world.deed(&self.request, task) {
                    self.plan_in(delay, Next::Deed(started.task.clone(), started.attempt, deed));
                }
            }
            Event::VerificationAsked(_) => {
                if let Some(delay) = self.world.proof(&self.request) {
                    self.plan_in(delay, Next::Prove);
                }
            }
            Event::Asked(asked) => {
                let question = self.request.question(asked.number).cloned();
                let answer = question.and_then(|question| self.world.answer(&self.request, &question));
                if let Some((delay, text)) = answer {
                    self.plan_in(delay, Next::Answer(asked.number, text));
                }
            }
            Event::TaskFailed(failed) => self.notice(Stuck::Failed(failed.task.clone())),
            Event::TaskRejected(rejected) if rejected.then == Then::Stop => {
                self.notice(Stuck::Stopped(rejected.task.clone()));
            }
            Event::ClosureProposed(_) => self.notice(Stuck::Unproven),
            Event::QuestionOverdue(named) => self.notice(Stuck::Unanswered(named.number)),
            Event::ExtensionProposed(_) => self.notice(Stuck::Near),
            _ => {}
        }
    }

    fn notice(&mut self, stuck: Stuck) {
        if let Some((delay, rescue)) = self.world.rescue(&self.request, &stuck) {
            self.plan_in(delay, Next::Rescue(stuck, rescue));
        }
    }

    /// Somebody of the team takes the task and does it; where four eyes are wanted, somebody else.
    fn deed(&mut self, key: &TaskKey, attempt: u32, deed: Deed) {
        let is_running = self.request.running(key).is_some_and(|run| run.attempt == attempt);
        let Some(task) = self.setting.flow.task(key).filter(|_| is_running) else { return };
        let actor = Actor::Staff(self.user_for(task));
        self.act(actor, Command::Take(key.clone()));
        match deed {
            Deed::Complete(answers) => {
                let answers = Pii::new(answers);
                self.act(actor, Command::Complete { task: key.clone(), answers, undecided: 0 });
            }
            Deed::Reject(answers, reason) => {
                let (answers, reason) = (Pii::new(answers), Pii::new(reason));
                self.act(actor, Command::Reject { task: key.clone(), answers, reason });
            }
        }
    }

    fn user_for(&self, task: &Task) -> UserId {
        let [first, second] = self.users;
        let other = task.manual().and_then(|manual| manual.four_eyes.as_ref());
        let ended = other.and_then(|key| self.request.tasks.get(key)).and_then(|run| run.ended);
        match ended {
            Some((Actor::Staff(user), _)) if user == first => second,
            Some(_) | None => first,
        }
    }

    fn rescue(&mut self, stuck: &Stuck, rescue: Rescue) {
        let reason = || Pii::new("As decided by the privacy team".to_owned());
        let failure = |key: &TaskKey| self.request.tasks.get(key).and_then(|run| run.failure.clone());
        let command = match (rescue, stuck) {
            (Rescue::Retry, Stuck::Failed(key) | Stuck::Stopped(key)) => Command::Retry(key.clone()),
            (Rescue::Excuse, Stuck::Failed(key)) => match failure(key) {
                Some(why) if why.is_condition() => Command::Skip { task: key.clone(), reason: reason() },
                Some(Failure { source: Some(source), .. }) => Command::Excuse { source, reason: reason() },
                Some(_) | None => Command::Retry(key.clone()),
            },
            (Rescue::Answer, Stuck::Unanswered(number)) => {
                Command::Answer { number: *number, text: reason(), answered_on: None }
            }
            (Rescue::Extend, _) => Command::Extend { reason: reason(), until: None },
            (Rescue::Refuse, _) => Command::Refuse { grounds: self.grounds(), explanation: reason() },
            (Rescue::Retry | Rescue::Excuse | Rescue::Answer, _) => return,
        };
        let [first, _] = self.users;
        self.act(Actor::Staff(first), command);
    }

    /// Returns the first ground the law knows for the right.
    fn grounds(&self) -> Vec<String> {
        let received_on = self.setting.received_at.to_zoned(self.setting.zone.clone()).date();
        let right = self.request.terms.right;
        let fits = self.setting.law.refusal_grounds().iter().filter(|ground| {
            ground.versions.covers(received_on)
                && (ground.rights.is_empty() || ground.rights.contains(&right))
        });
        fits.take(1).map(|ground| ground.id.clone()).collect()
    }
}

impl Life {
    /// Returns the request as it was after so many events.
    pub fn as_of(&self, seq: u64) -> Option<Request> {
        let mut happened = self.happened.iter();
        let Event::Received(received) = &happened.next()?.event else { return None };
        let mut request = Request::receive(self.request.id, received);
        for one in happened.take(usize::try_from(seq.saturating_sub(1)).unwrap_or(usize::MAX)) {
            request.apply(&one.event, one.actor, one.at);
        }
        Some(request)
    }

    /// Returns the answers a task was given, where it was completed.
    pub fn answers(&self, task: &TaskKey) -> BTreeMap<String, String> {
        self.request.tasks.get(task).map(|run| run.answers.reveal().clone()).unwrap_or_default()
    }
}
