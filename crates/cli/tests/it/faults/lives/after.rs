//! What must hold at the end, whatever broke.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

use habeas_core::event::{Actor, Entry};
use habeas_core::id::RequestId;
use habeas_core::request::{Event, Request, RequestRow};
use habeas_core::simulate::{Happened, Life, Sent, Setting, violations};
use habeas_store::log::{Expected, check_export};
use jiff::Timestamp;

use super::town::Town;
use crate::faults::seen::{ensure_whole, files};

/// Occasions that come up once in a life, however often their work is tried.
const ONCE: [&str; 3] = ["receipt", "staff_closure_proposed", "verification_reminder"];

impl Town {
    pub(super) async fn look_back(mut self) {
        let store = self.world.installation.store.clone();
        ensure_whole(&store).await;
        assert_eq!(store.read().await.unwrap().list_stopped_jobs(10).await.unwrap(), []);
        let (count, differing) = store.check_rows(&fold).await.unwrap();
        assert_eq!((count, differing), (self.noticed.len() as u64, Vec::new()));
        let mut export = Vec::new();
        store.export_log(&mut export).await.unwrap();
        let report = check_export(&mut Cursor::new(export), Expected::default()).unwrap();
        assert!(report.is_intact(), "{:?}", report.findings);
        let (scratch, _) = files(self.world.path());
        let old = scratch.len();
        assert!(old <= self.broken.killed as usize, "{old} files are under way");

        let mails = self.mails().await;
        let awaited: BTreeSet<String> = self.base.awaited().await.into_iter().collect();
        let mut found = Vec::new();
        let ids: Vec<RequestId> = self.noticed.keys().copied().collect();
        for id in ids {
            let mails = mails.get(&id.to_string()).cloned().unwrap_or_default();
            let is_waiting = awaited.contains(&id.to_string()) || self.is_awaited(id);
            found.extend(self.broken_rules(id, mails, is_waiting).await);
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
    }

    /// Returns the mails of each request. One may be handed over twice; it is then the same mail.
    async fn mails(&mut self) -> BTreeMap<String, Vec<Sent>> {
        let rows = self.base.mails().await;
        let taken = self.server.mails();
        let ids: BTreeSet<String> = taken.iter().filter_map(|mail| mail.header("Message-ID")).collect();
        let handed = rows.iter().filter(|[.., state]| state == "handed_over").count();
        assert_eq!(ids.len(), handed, "the mail server has other mails than the outbox says");
        let mut bodies = BTreeMap::new();
        for mail in &taken {
            let id = mail.header("Message-ID").unwrap();
            let subject = mail.header("Subject");
            assert_eq!(*bodies.entry(id).or_insert_with(|| subject.clone()), subject, "two mails, one name");
        }
        let mut found: BTreeMap<String, Vec<Sent>> = BTreeMap::new();
        for [occasion, message_id, at, _] in rows {
            let Some(request) = message_id.split(['.', '@']).nth(1) else { continue };
            let at = Timestamp::from_microsecond(at.parse().unwrap()).unwrap();
            let is_for_staff = occasion.starts_with("staff_");
            let sent = Sent {
                at,
                kind: Box::leak(occasion.into_boxed_str()),
                is_for_staff,
                task: None,
                number: None,
                seq: 0,
            };
            found.entry(request.to_owned()).or_default().push(sent);
        }
        found
    }

    /// Returns what doesn't hold of a life.
    async fn broken_rules(&self, id: RequestId, mails: Vec<Sent>, is_waiting: bool) -> Vec<String> {
        let installation = &self.world.installation;
        let request = self.world.request(id).await;
        let entries = installation.store.read().await.unwrap().lookup_entries(id).await.unwrap().unwrap();
        let happened: Vec<Happened> = entries.iter().map(read).collect();
        let now = installation.clock.now();
        let ctx = installation.catalog.context(&request.terms, now, Actor::System, &[]).unwrap();
        let setting = Setting {
            flow: ctx.flow,
            law: ctx.law,
            calendar: ctx.calendar,
            zone: ctx.zone.clone(),
            settings: ctx.settings.clone(),
            terms: request.terms.clone(),
            subject: request.subject.reveal().clone(),
            received_at: request.received_at,
            days: 0,
        };
        let twice = twice(&happened, &mails);
        let life = Life { request, happened, mails, until: now, is_waiting };
        let found: Vec<String> = violations(&life, &setting).into_iter().chain(twice).collect();
        if found.is_empty() {
            return found;
        }
        for happened in &life.happened {
            println!("{} {:?} {:?}", happened.at, happened.actor, happened.event);
        }
        for mail in &life.mails {
            println!("{} mail {}", mail.at, mail.kind);
        }
        let (reference, activity) = (&life.request.reference, &life.request.terms.activity);
        found.into_iter().map(|what| format!("{reference} under {activity}: {what}")).collect()
    }
}

fn read(entry: &Entry) -> Happened {
    Happened { at: entry.at, actor: entry.actor, event: Event::from_record(&entry.record).unwrap() }
}

fn fold(id: RequestId, entries: &[Entry]) -> Option<RequestRow> {
    Request::replay(id, entries).ok().map(|request| request.project())
}

/// Returns what was done twice.
fn twice(happened: &[Happened], mails: &[Sent]) -> Vec<String> {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for one in happened {
        let what = match &one.event {
            Event::TaskStarted(it) => format!("start {} {}", it.task, it.attempt),
            Event::TaskFailed(it) => format!("failure {} {}", it.task, it.attempt),
            Event::TaskReminded(it) => format!("reminder {} {} {}", it.task, it.attempt, it.number),
            Event::Verified(_) => "proof".to_owned(),
            Event::Received(_) => "receipt".to_owned(),
            Event::ClosureProposed(_) => "closure proposed".to_owned(),
            Event::DuePassed(it) => format!("due passed {}", it.due_on),
            Event::PackageDeleted(it) => format!("deleted {}", it.blob),
            Event::Completed(_) | Event::Refused(_) | Event::Withdrawn(_) => "end".to_owned(),
            Event::QuestionOverdue(it) => format!("question {} overdue", it.number),
            Event::Answered(it) => format!("answer {}", it.number),
            _ => continue,
        };
        *seen.entry(what).or_default() += 1;
    }
    for mail in mails.iter().filter(|mail| ONCE.contains(&mail.kind) && !mail.is_for_staff) {
        *seen.entry(format!("mail {}", mail.kind)).or_default() += 1;
    }
    let starts = happened.iter().filter(|one| matches!(one.event, Event::TaskStarted(_))).count();
    let ends = happened.iter().filter(|one| matches!(one.event, Event::TaskCompleted(_))).count();
    let twice = seen
        .into_iter()
        .filter(|(_, count)| *count > 1)
        .map(|(what, count)| format!("{what}: {count} times"));
    let more = (ends > starts).then(|| format!("{starts} tasks started, {ends} ended"));
    twice.chain(more).collect()
}
