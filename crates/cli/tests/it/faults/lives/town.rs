//! An installation full of people, and what breaks in it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use habeas_cli::config::Config;
use habeas_core::access::Builtin;
use habeas_core::event::Actor;
use habeas_core::id::{Reference, RequestId, UserId};
use habeas_core::pii::Pii;
use habeas_core::request::{Channel, Received, Subject};
use habeas_core::simulate::{Crowd, Dice, World as _};
use habeas_engine::{KINDS, start_recurring};
use habeas_store::jobs::{Claimed, LEASE};
use habeas_testkit::smtp::MailServer;
use jiff::{SignedDuration, Timestamp};

use super::base::Base;
use super::people::Act;
use crate::faults::jobs::poll_times;
use crate::faults::seen::ANABELLE;
use crate::flows::world::World;

/// Requests come in over so many days, and are looked at so many days after the last.
const DAYS: u64 = 40;
const REST: i64 = 120;

const HOUR: u64 = 60;

/// What is lived.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) seed: u64,
    pub(super) lives: u64,
    pub(super) is_on_postgres: bool,
}

/// What is to come.
enum Next {
    /// A request is made.
    Arrive(u64),
    /// Somebody acts.
    Act(RequestId, Act),
    /// A source goes away for so many minutes.
    Away(PathBuf, u64),
    /// It comes back.
    Back(PathBuf),
}

/// What broke.
#[derive(Debug, Default)]
pub(super) struct Broken {
    pub(super) killed: u32,
    pub(super) twice: u32,
    pub(super) cut: u32,
    pub(super) away: u32,
    pub(super) mails: u32,
}

pub(super) struct Town {
    pub(super) world: World,
    pub(super) base: Base,
    pub(super) server: MailServer,
    pub(super) dice: Arc<Dice>,
    pub(super) staff: [UserId; 2],
    pub(super) broken: Broken,
    /// The requests there are, and how far each one's events were noticed by people.
    pub(super) noticed: BTreeMap<RequestId, u64>,
    queue: BTreeMap<(Timestamp, usize), Next>,
    count: usize,
    touched: BTreeSet<RequestId>,
    has_dead: bool,
}

impl Town {
    /// Lives a plan to its end and looks at what became of it.
    pub(super) async fn live(plan: &Plan) {
        let mut town = Self::open(plan).await;
        while let Some(at) = town.next().await {
            let now = town.world.installation.clock.now();
            town.world.clock.set(at.max(now));
            town.happen().await;
            town.work().await;
            for id in std::mem::take(&mut town.touched) {
                town.notice(id).await;
            }
        }
        println!("{:?}", town.broken);
        town.look_back().await;
    }

    async fn open(plan: &Plan) -> Self {
        let folder = tempfile::tempdir().unwrap();
        habeas_cli::demo::write(folder.path()).unwrap();
        let entity = folder.path().join("definitions/entity.yml");
        let text = std::fs::read_to_string(&entity).unwrap();
        std::fs::write(&entity, format!("{text}\nregulations: [uk-gdpr, us-ca]\n")).unwrap();
        let server = MailServer::start().unwrap();
        let mut config = Config::default();
        config.mail.url = Some(server.url());
        config.mail.from = Some("privacy@larkspur.example".to_owned());
        let outside = if plan.is_on_postgres { Some(Base::postgres().await) } else { None };
        config.database = outside.as_ref().map(|(_, url)| url.clone());
        let world = World::open(Arc::new(folder), config).await.unwrap();
        let base = match outside {
            Some((base, _)) => base,
            None => Base::sqlite(world.path()).await,
        };
        start_recurring(&world.installation.store).await.unwrap();
        let staff =
            [world.add_user("first", Builtin::Admin).await, world.add_user("second", Builtin::Admin).await];
        let mut town = Self {
            world,
            base,
            server,
            dice: Arc::new(Dice::new(plan.seed)),
            staff,
            broken: Broken::default(),
            noticed: BTreeMap::new(),
            queue: BTreeMap::new(),
            count: 0,
            touched: BTreeSet::new(),
            has_dead: false,
        };
        town.plan(plan.lives);
        town
    }

    /// Plans who comes when, and when sources are away.
    fn plan(&mut self, lives: u64) {
        for number in 0..lives {
            let delay = minutes(self.dice.below(DAYS * 24 * HOUR));
            self.plan_in(delay, Next::Arrive(number));
        }
        for number in 0..DAYS / 4 {
            let name = if number % 2 == 0 { "billing" } else { "odoo" };
            let path = self.world.path().join(format!("systems/{name}.sqlite"));
            let from = minutes(self.dice.below((DAYS + 20) * 24 * HOUR));
            self.plan_in(from, Next::Away(path, 10 + self.dice.below(72 * HOUR)));
        }
    }

    fn plan_in(&mut self, delay: SignedDuration, next: Next) {
        let at = self.world.installation.clock.now().saturating_add(delay).unwrap();
        self.count += 1;
        self.queue.insert((at, self.count), next);
    }

    pub(super) fn plan_act(&mut self, id: RequestId, delay: SignedDuration, act: Act) {
        self.plan_in(delay, Next::Act(id, act));
    }

    /// Says whether anybody still means to do something about a request.
    pub(super) fn is_awaited(&self, id: RequestId) -> bool {
        self.queue.values().any(|next| matches!(next, Next::Act(of, _) if *of == id))
    }

    /// Returns the next instant something is to come at, while there is one worth living for.
    async fn next(&mut self) -> Option<Timestamp> {
        let now = self.world.installation.clock.now();
        let planned = self.queue.keys().next().map(|(at, _)| *at);
        let due = self.base.next_due().await;
        let dead = self.has_dead.then(|| now.saturating_add(LEASE + SignedDuration::from_secs(1)).unwrap());
        let end: Timestamp = "2027-01-31T10:00:00Z".parse().unwrap();
        let end = end.saturating_add(days(i64::try_from(DAYS).unwrap() + REST)).unwrap();
        [planned, due, dead].into_iter().flatten().min().filter(|at| *at <= end)
    }

    /// Does everything whose instant has come.
    async fn happen(&mut self) {
        let now = self.world.installation.clock.now();
        while let Some(entry) = self.queue.first_entry().filter(|entry| entry.key().0 <= now) {
            match entry.remove() {
                Next::Arrive(number) => self.arrive(number).await,
                Next::Act(id, act) => {
                    self.act(id, act).await;
                    self.touched.insert(id);
                }
                Next::Away(path, length) => {
                    if path.exists() {
                        std::fs::rename(&path, path.with_extension("away")).unwrap();
                        self.broken.away += 1;
                        self.plan_in(minutes(length), Next::Back(path));
                    }
                }
                Next::Back(path) => std::fs::rename(path.with_extension("away"), &path).unwrap(),
            }
        }
    }

    async fn arrive(&mut self, number: u64) {
        let installation = &self.world.installation;
        let offered: Vec<String> =
            installation.catalog.offered().map(|activity| activity.name.clone()).collect();
        let place = usize::try_from(self.dice.below(offered.len() as u64)).unwrap();
        let email = match number % 4 {
            0 => ANABELLE.to_owned(),
            _ => format!("person{}@nowhere.example", self.dice.below(40)),
        };
        let subject = Subject { given_name: "Ada".to_owned(), email, ..Subject::default() };
        let terms = installation.catalog.terms(&offered[place], "en").unwrap();
        let now = installation.clock.now();
        let id = RequestId::new(now, &*self.dice);
        let received = Received {
            reference: Reference::new(&*self.dice),
            terms: terms.clone(),
            channel: Channel::Portal,
            received_at: now,
            subject: Pii::new(subject),
        };
        let ctx = installation.catalog.context(&terms, now, Actor::Subject, &[]).unwrap();
        let mut tx = installation.store.begin().await.unwrap();
        let request = tx.receive(id, received, &ctx).await.unwrap();
        let request = tx.assign_by_rule(request, &installation.catalog).await.unwrap();
        tx.commit().await.unwrap();
        self.noticed.insert(id, 0);
        self.touched.insert(id);
        let dice = Arc::clone(&self.dice);
        for (delay, whim) in Crowd(&dice).whims(&request) {
            self.plan_act(id, delay, Act::Whim(whim));
        }
    }

    /// Runs all jobs that are due; some of their workers die, some are run twice, some lose the database.
    async fn work(&mut self) {
        if std::mem::take(&mut self.has_dead) {
            self.base.end_leases().await;
        }
        loop {
            let claimed = self.world.installation.store.claim(&KINDS, 8).await.unwrap();
            if claimed.is_empty() {
                return;
            }
            for job in claimed {
                self.touched.extend(job.request_id);
                self.run(job).await;
            }
        }
    }

    async fn run(&mut self, job: Claimed) {
        let engine = &self.world.installation.engine;
        match self.dice.below(100) {
            0..=5 => {
                let polls = 1 + u32::try_from(self.dice.below(60)).unwrap();
                if !poll_times(Box::pin(engine.run_one(job)), polls).await {
                    self.broken.killed += 1;
                    self.has_dead = true;
                }
            }
            6..=9 => {
                engine.run_one(job.clone()).await;
                engine.run_one(job).await;
                self.broken.twice += 1;
            }
            10..=19 => match self.base.proxy() {
                Some(proxy) => {
                    proxy.cut_after(self.dice.below(12_000));
                    engine.run_one(job).await;
                    proxy.restore();
                    self.broken.cut += 1;
                    self.has_dead = true;
                }
                None => engine.run_one(job).await,
            },
            20..=23 => {
                self.server.refuse_next(1 + usize::from(self.dice.below(2) == 0));
                engine.run_one(job).await;
                self.broken.mails += 1;
            }
            24..=25 => {
                self.server.break_after_next(1);
                engine.run_one(job).await;
                self.broken.mails += 1;
            }
            _ => engine.run_one(job).await,
        }
    }
}

fn minutes(minutes: u64) -> SignedDuration {
    SignedDuration::from_mins(i64::try_from(minutes).unwrap())
}

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}
