//! The daily digest: one recurring job looks hourly by day who has something to be told, in the zone of
//! their organisation; who is told something is told no more that day.

use std::collections::{BTreeMap, BTreeSet};

use habeas_core::access::{self, Action, is_absent};
use habeas_core::definition::Entity;
use habeas_core::digest::{self, Cause, Item, Reader, Window};
use habeas_core::id::UserId;
use habeas_render::mail::{Digest, DigestPart, House, Letter};
use habeas_render::text::Day;
use habeas_store::digests::Pending;
use habeas_store::jobs::Claimed;
use habeas_store::requests::Scope;
use habeas_store::tasks::{TaskFilter, TaskLine};
use habeas_store::users::User;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::error::Error;
use crate::mailer::Content;
use crate::{Engine, Inner};

/// Sends the digests that are due.
pub(crate) const DIGEST: &str = "digest";

/// Lines of one part; the rest is a number.
const MOST_LINES: usize = 25;

/// How long the job waits at most by day.
pub(crate) const DIGEST_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// Everything that is open.
struct Open {
    requests: Vec<Pending>,
    tasks: Vec<TaskLine>,
}

/// Something a reader answers for.
enum Thing<'a> {
    Request(&'a Pending),
    /// A task the reader has taken.
    Task(&'a TaskLine),
    /// What is asked about a source, which nobody is there to answer.
    Nobodys(&'a TaskLine),
}

/// A digest ready to be queued.
struct Written {
    reader: String,
    key: String,
    content: Content,
}

impl Engine {
    pub(crate) async fn digest(&self, job: &Claimed) -> Result<(), Error> {
        let now = self.inner.clock.now();
        let mut read = self.inner.store.read().await?;
        let requests = read.list_pending().await?;
        let tasks = read.list_open_tasks(&TaskFilter::default(), &Scope::Everything).await?;
        let pending = Open { requests, tasks };
        let sent = read.list_digests().await?;
        let users = read.list_users().await?;
        drop(read);
        let written = self.inner.digests(&pending, &sent, &users, now)?;
        let mut tx = self.inner.store.begin().await?;
        for one in &written {
            self.queue(&mut tx, None, "staff_digest", &one.key, &one.content).await?;
            tx.note_digest(&one.reader, now).await?;
        }
        tx.reschedule(job, self.inner.next_look(now)).await?;
        Ok(tx.commit().await?)
    }
}

impl Inner {
    /// Writes the digests of everybody who has something to be told and wasn't told anything today.
    fn digests(
        &self,
        pending: &Open,
        sent: &BTreeMap<String, Timestamp>,
        users: &[User],
        now: Timestamp,
    ) -> Result<Vec<Written>, Error> {
        let mut written = Vec::new();
        for user in users.iter().filter(|user| !user.is_disabled) {
            let Some(entity) = self.home(user) else { continue };
            let since = sent.get(&user.id.to_string()).copied();
            // Who is away hears of it all when they are back: nothing counts as told until then.
            let away = away(users, now, &entity.zone);
            if away.contains(&user.id)
                || !digest::is_open(now, &entity.zone)
                || is_same_day(since, now, &entity.zone)
            {
                continue;
            }
            let window = Window { since, now, zone: entity.zone.clone() };
            let parts = self.parts(pending, user, &away, &window);
            if parts.is_empty() {
                continue;
            }
            let on = now.to_zoned(entity.zone.clone()).date();
            let letter = Letter::Digest(Digest { name: user.profile.name.clone(), on: Day(on), parts });
            let mail =
                letter.render(&self.house_of(entity)).map_err(|error| Error::Mail(error.to_string()))?;
            written.push(Written {
                reader: user.id.to_string(),
                key: format!("digest.{on}.{}", user.id),
                content: Content {
                    to: user.profile.email.clone(),
                    subject: mail.subject,
                    text: mail.text,
                    html: mail.html,
                },
            });
        }
        Ok(written)
    }

    /// Returns when a digest may be due next in any of the zones.
    pub(crate) fn next_look(&self, now: Timestamp) -> Timestamp {
        let next = self.catalog.entities().map(|entity| digest::next_look(now, &entity.zone)).min();
        next.unwrap_or_else(|| now.saturating_add(DIGEST_EVERY).unwrap_or(Timestamp::MAX))
    }

    /// Returns the organisation by whose clocks somebody works: the first of those they see.
    pub(crate) fn home(&self, user: &User) -> Option<&Entity> {
        let sees = |entity: &&Entity| user.entities.as_ref().is_none_or(|names| names.contains(&entity.name));
        self.catalog.entities().find(sees)
    }

    /// Returns what surrounds a mail that is about no single request.
    pub(crate) fn house_of(&self, entity: &Entity) -> House {
        House {
            organisation: entity.title.clone(),
            portal_url: self.options.portal_url.clone(),
            console_url: self.options.console_url.clone(),
            contact_email: Some(entity.contact_email.clone()),
            address: Some(entity.address.clone()).filter(|address| !address.is_empty()),
            authority: None,
            language: entity.language.clone(),
        }
    }

    fn parts(
        &self,
        pending: &Open,
        user: &User,
        away: &BTreeSet<UserId>,
        window: &Window,
    ) -> Vec<DigestPart> {
        let roles = self.catalog.roles_of(&user.roles);
        let requests = pending.requests.iter().filter(|one| one.is_seen_by(user, &roles)).map(Thing::Request);
        let tasks = pending.tasks.iter().filter(|line| line.task.taken_by == Some(user.id)).map(Thing::Task);
        let sees = |line: &&TaskLine| {
            let known = pending.requests.iter().find(|one| one.request == line.request);
            known.is_some_and(|one| one.is_seen_by(user, &roles))
        };
        let is_nobodys = |line: &&TaskLine| {
            let is_asked = line.task.key.asked().is_some();
            is_asked && line.task.taken_by.is_none_or(|owner| away.contains(&owner))
        };
        let nobodys = pending.tasks.iter().filter(is_nobodys).filter(sees).map(Thing::Nobodys);
        let seen: Vec<Thing<'_>> = requests.chain(tasks).chain(nobodys).collect();
        let items: Vec<Item> = seen.iter().map(|thing| thing.item(&window.zone)).collect();
        let reader = Reader { user: user.id, is_officer: access::may(&roles, Action::Assign) };
        let mut parts: Vec<DigestPart> = Vec::new();
        for line in digest::select(&items, reader, window) {
            let Some(thing) = seen.get(line.item) else { continue };
            let title = title(line.cause);
            if parts.last().is_none_or(|part| part.title != title) {
                parts.push(DigestPart { title: title.to_owned(), lines: Vec::new(), more_count: 0 });
            }
            let Some(part) = parts.last_mut() else { continue };
            if part.lines.len() < MOST_LINES {
                part.lines.push(self.line(thing, &window.zone, line.cause));
            } else {
                part.more_count += 1;
            }
        }
        parts
    }

    fn line(&self, thing: &Thing<'_>, zone: &TimeZone, cause: Cause) -> String {
        let due = thing.item(zone).due_on.map(|on| format!(", due {}", Day(on))).unwrap_or_default();
        let what = match thing {
            Thing::Request(one) => {
                let activity = self.catalog.activity(&one.activity);
                let what = activity.map_or(one.activity.as_str(), |activity| activity.title.as_str());
                let law = self.catalog.latest_law(&one.law);
                let law = law.map_or_else(|| one.law.clone(), |(law, _)| law.title());
                format!("{}, {what}, {law}", one.reference)
            }
            Thing::Task(line) | Thing::Nobodys(line) if line.task.key.asked().is_some() => {
                let source = line.task.key.asked().map(|(_, source)| self.source_title(source));
                let whose = if matches!(thing, Thing::Task(_)) { "look in" } else { "nobody looks in" };
                format!("{}, {whose} {}", line.reference, source.unwrap_or_default())
            }
            Thing::Task(line) | Thing::Nobodys(line) => {
                let flow = self.catalog.flow(&line.task.flow, line.task.flow_version);
                let task = flow.and_then(|flow| flow.task(&line.task.key));
                let name = task.map_or(line.task.key.as_str(), |task| task.title.as_str());
                format!("{}, your task: {name}", line.reference)
            }
        };
        format!("{what}{due}{}", note(cause))
    }
}

/// Returns those who are away today: what they are asked is told to those who assign work, and their own digest waits
/// for them.
fn away(users: &[User], now: Timestamp, zone: &TimeZone) -> BTreeSet<UserId> {
    let today = now.to_zoned(zone.clone()).date();
    users.iter().filter(|user| is_absent(&user.absences, today)).map(|user| user.id).collect()
}

fn is_same_day(since: Option<Timestamp>, now: Timestamp, zone: &TimeZone) -> bool {
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    // A clock set back must not silence the days until it has caught up.
    since.is_some_and(|since| day(since) == day(now))
}

impl Thing<'_> {
    /// Returns what the rules look at. A task moves by being done; until then it stands still.
    fn item(&self, zone: &TimeZone) -> Item {
        match self {
            Self::Request(one) => Item {
                owner: one.owner,
                since: one.since,
                moved_at: one.moved_at,
                due_on: one.due_on,
                is_our_move: one.waits_on != "subject",
            },
            Self::Nobodys(line) => Item { owner: None, ..Self::Task(line).item(zone) },
            Self::Task(line) => Item {
                owner: line.task.taken_by,
                since: line.task.started_at,
                moved_at: line.task.started_at,
                due_on: line.task.due_at.map(|at| at.to_zoned(zone.clone()).date()),
                is_our_move: true,
            },
        }
    }
}

fn title(cause: Cause) -> &'static str {
    match cause {
        Cause::Overdue { .. } => "Overdue",
        Cause::DueSoon { .. } => "Due within five days",
        Cause::Unassigned { .. } => "Nobody's yet",
        Cause::New => "New for you",
        Cause::Idle { .. } => "Without movement",
    }
}

fn note(cause: Cause) -> String {
    let days = |days: i32, words: &str| match days {
        1 => format!(": {words} 1 day"),
        days => format!(": {words} {days} days"),
    };
    match cause {
        Cause::Overdue { days: number } => days(number, "late by"),
        Cause::DueSoon { days: 0 } => ": today".to_owned(),
        Cause::DueSoon { days: number } => days(number, "in"),
        Cause::Unassigned { days: 0 } | Cause::New => String::new(),
        Cause::Unassigned { days: number } => days(number, "nobody's for"),
        Cause::Idle { days: number } => days(number, "still for"),
    }
}
