//! What people notice and do: those of core's simulator, acting on the real store.

use std::sync::Arc;

use habeas_core::access::Builtin;
use habeas_core::event::Actor;
use habeas_core::flow::{Task, TaskKey};
use habeas_core::id::{RequestId, UserId};
use habeas_core::pii::Pii;
use habeas_core::request::{Command, Event, Failure, MarkScope, Request, Then, Turn, Verdict};
use habeas_core::simulate::{Crowd, Deed, Rescue, Stuck, Whim, World as _};
use jiff::SignedDuration;

use super::town::Town;
use crate::faults::seen::records;

/// Something somebody does.
pub(super) enum Act {
    Prove,
    Answer(u32, String),
    Deed(TaskKey, u32, Deed),
    Rescue(Stuck, Rescue),
    Whim(Whim),
    Fetch,
}

const ADMIN: [Builtin; 1] = [Builtin::Admin];

impl Town {
    /// Has people notice what happened to a request since they last looked.
    pub(super) async fn notice(&mut self, id: RequestId) {
        let entries = self.world.installation.store.read().await.unwrap().lookup_entries(id).await.unwrap();
        let seen = self.noticed.get(&id).copied().unwrap_or_default();
        let news: Vec<_> = entries.into_iter().flatten().filter(|entry| entry.seq > seen).collect();
        let Some(last) = news.last() else { return };
        self.noticed.insert(id, last.seq);
        let request = self.world.request(id).await;
        for entry in &news {
            let event = Event::from_record(&entry.record).unwrap();
            for (delay, act) in self.observe(&request, &event) {
                self.plan_act(id, delay, act);
            }
        }
    }

    fn observe(&self, request: &Request, event: &Event) -> Vec<(SignedDuration, Act)> {
        let dice = Arc::clone(&self.dice);
        let mut crowd = Crowd(&dice);
        let mut stuck = |stuck: Stuck| {
            let rescue = crowd.rescue(request, &stuck);
            rescue.map(|(delay, rescue)| (delay, Act::Rescue(stuck, rescue)))
        };
        let act = match event {
            Event::TaskStarted(started) if started.turn == Turn::Staff => {
                let flow =
                    self.world.installation.catalog.flow(&request.terms.flow, request.terms.flow_version);
                let task = flow.and_then(|flow| flow.task(&started.task)).expect("a task");
                let deed = crowd.deed(request, task);
                deed.map(|(delay, deed)| (delay, Act::Deed(started.task.clone(), started.attempt, deed)))
            }
            Event::VerificationAsked(_) => crowd.proof(request).map(|delay| (delay, Act::Prove)),
            Event::Asked(asked) => {
                let question = request.question(asked.number).expect("a question");
                let answer = crowd.answer(request, question);
                answer.map(|(delay, text)| (delay, Act::Answer(asked.number, text)))
            }
            Event::TaskFailed(failed) => stuck(Stuck::Failed(failed.task.clone())),
            Event::TaskRejected(rejected) if rejected.then == Then::Stop => {
                stuck(Stuck::Stopped(rejected.task.clone()))
            }
            Event::ClosureProposed(_) => stuck(Stuck::Unproven),
            Event::QuestionOverdue(named) => stuck(Stuck::Unanswered(named.number)),
            Event::ExtensionProposed(_) => stuck(Stuck::Near),
            Event::PackageReleased(_) => Some((SignedDuration::from_hours(3), Act::Fetch)),
            _ => None,
        };
        act.into_iter().collect()
    }

    pub(super) async fn act(&mut self, id: RequestId, act: Act) {
        let request = self.world.request(id).await;
        let [first, _] = self.staff;
        match act {
            Act::Prove => self.prove(id).await,
            Act::Answer(number, text) => {
                // Who answers has signed in with a code, which proves who they are.
                if request.verified_at.is_none() {
                    self.prove(id).await;
                }
                let command = Command::Answer { number, text: Pii::new(text), answered_on: None };
                self.does(id, Actor::Subject, command).await;
            }
            Act::Deed(key, attempt, deed) => {
                if request.running(&key).is_some_and(|run| run.attempt == attempt) {
                    self.deed(&request, key, deed).await;
                }
            }
            Act::Rescue(stuck, rescue) => {
                if let Some(command) = self.rescue(&request, &stuck, rescue) {
                    self.does(id, Actor::Staff(first), command).await;
                }
            }
            Act::Whim(Whim::Withdraw) => self.does(id, Actor::Subject, Command::Withdraw).await,
            Act::Whim(Whim::Write) => {
                let text = Pii::new("How is it going?".to_owned());
                self.does(id, Actor::Subject, Command::Say { text, is_internal: false }).await;
            }
            Act::Fetch => self.does(id, Actor::Subject, Command::Download).await,
        }
    }

    async fn prove(&self, id: RequestId) {
        self.does(id, Actor::Subject, Command::Verify { rung: "mail_code".to_owned() }).await;
    }

    /// Acts; what may not be done comes to nothing.
    async fn does(&self, id: RequestId, actor: Actor, command: Command) {
        let roles = if matches!(actor, Actor::Staff(_)) { &ADMIN[..] } else { &[] };
        let _ = self.world.act(id, actor, roles, command).await;
    }

    /// Somebody takes the task and does it; where four eyes are wanted, somebody else.
    async fn deed(&self, request: &Request, key: TaskKey, deed: Deed) {
        let flow = self.world.installation.catalog.flow(&request.terms.flow, request.terms.flow_version);
        let task = flow.and_then(|flow| flow.task(&key)).expect("a task");
        let actor = Actor::Staff(self.user_for(request, task));
        self.does(request.id, actor, Command::Take(key.clone())).await;
        match deed {
            Deed::Complete(answers) => {
                if task.manual().is_some_and(|manual| manual.is_data_review) {
                    self.decide_on_others(request, actor).await;
                }
                let answers = Pii::new(answers);
                self.does(request.id, actor, Command::Complete { task: key, answers, undecided: 0 }).await;
            }
            Deed::Reject(answers, reason) => {
                let (answers, reason) = (Pii::new(answers), Pii::new(reason));
                self.does(request.id, actor, Command::Reject { task: key, answers, reason }).await;
            }
        }
    }

    /// Decides on every record that may be about somebody else.
    async fn decide_on_others(&self, request: &Request, actor: Actor) {
        if request.found.as_ref().is_none_or(|found| found.third_party_count == 0) {
            return;
        }
        for (record, _, is_others, _) in records(&self.world, request.id).await {
            if is_others {
                let (scope, reason) = (MarkScope::Record(record), Pii::new("theirs, too".to_owned()));
                self.does(request.id, actor, Command::Mark { scope, verdict: Verdict::Give, reason }).await;
            }
        }
    }

    fn user_for(&self, request: &Request, task: &Task) -> UserId {
        let [first, second] = self.staff;
        let other = task.manual().and_then(|manual| manual.four_eyes.as_ref());
        match other.and_then(|key| request.tasks.get(key)).and_then(|run| run.ended) {
            Some((Actor::Staff(user), _)) if user == first => second,
            Some(_) | None => first,
        }
    }

    fn rescue(&self, request: &Request, stuck: &Stuck, rescue: Rescue) -> Option<Command> {
        let reason = || Pii::new("As decided by the privacy team".to_owned());
        let failure = |key: &TaskKey| request.tasks.get(key).and_then(|run| run.failure.clone());
        Some(match (rescue, stuck) {
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
            (Rescue::Refuse, _) => Command::Refuse { grounds: self.grounds(request), explanation: reason() },
            (Rescue::Retry | Rescue::Excuse | Rescue::Answer, _) => return None,
        })
    }

    /// Returns the first ground the law knows for the right.
    fn grounds(&self, request: &Request) -> Vec<String> {
        let installation = &self.world.installation;
        let now = installation.clock.now();
        let ctx = installation.catalog.context(&request.terms, now, Actor::System, &[]).unwrap();
        let (received_on, right) = (request.received_on(&ctx), request.terms.right);
        let fits = ctx.law.refusal_grounds().iter().filter(|ground| {
            ground.versions.covers(received_on)
                && (ground.rights.is_empty() || ground.rights.contains(&right))
        });
        fits.take(1).map(|ground| ground.id.clone()).collect()
    }
}
