//! What each mail says: from the request as it is now, in the words of `render`.
//!
//! Mails to staff go to the team they concern: to its address, or to every member once. No mail holds data about a
//! person beyond their name.

use habeas_core::definition::{Entity, Kind, Missing};
use habeas_core::flow::TaskKey;
use habeas_core::id::RequestId;
use habeas_core::record::{Coverage, Outcome as Searched};
use habeas_core::request::{Context, Occasion, Request, Verdict, kind};
pub(crate) use habeas_render::mail::told::moment;
use habeas_render::mail::told::{code_reminder, extended, question, receipt, refused, replied, withdrawn};
use habeas_render::mail::{About, Code, CodePurpose, House, Letter, MessageArrived, NothingHeld, Ready};
use habeas_render::page::portal::Authority;
use habeas_render::text::Day;
use habeas_store::jobs::Claimed;
use habeas_store::records::{CollectionCount, Reader, SealTarget, Summary};
use habeas_store::requests::Scope;

use crate::error::Error;
use crate::mailer::Content;
use crate::worker::field;
use crate::{Engine, Inner};

mod handling;
mod staff;
mod team;

pub(crate) use team::{Team, recipients};

impl Engine {
    /// Writes a mail into the outbox.
    pub(crate) async fn write_mail(&self, job: &Claimed) -> Result<(), Error> {
        let id: RequestId = field(job, kind::WRITE_MAIL, "request")?;
        let occasion: Occasion = field(job, kind::WRITE_MAIL, "occasion")?;
        let Some(request) = self.load(id).await? else { return self.finish(job).await };
        let named = Named::of(job);
        match self.inner.staff_letter(&request, occasion, &named)? {
            Some(mail) => self.tell_staff(job, &request, occasion, &mail).await,
            None => self.tell_subject(job, &request, occasion).await,
        }
    }

    async fn tell_subject(&self, job: &Claimed, request: &Request, occasion: Occasion) -> Result<(), Error> {
        let key = mail_key(request.id, job, occasion)?;
        let summary = match occasion {
            Occasion::Ready | Occasion::Renewed | Occasion::NothingHeld => self.summary(request).await?,
            _ => None,
        };
        let decided_by = self.decider(request).await?;
        let letter = self.inner.letter(request, occasion, summary.as_ref(), &decided_by)?;
        let Some(letter) = letter else { return self.finish(job).await };
        let content = self.inner.content(request, &letter)?;
        let mut tx = self.inner.store.begin().await?;
        self.queue(&mut tx, Some(request.id), occasion.as_str(), &key, &content).await?;
        tx.finish(job).await?;
        Ok(tx.commit().await?)
    }

    async fn tell_staff(
        &self,
        job: &Claimed,
        request: &Request,
        occasion: Occasion,
        (team, letter): &(Team, Letter),
    ) -> Result<(), Error> {
        let key = mail_key(request.id, job, occasion)?;
        let house = self.inner.house(request)?;
        let mail = letter.render(&house).map_err(|error| Error::Mail(error.to_string()))?;
        let mut tx = self.inner.store.begin().await?;
        let users = tx.list_users().await?;
        for (name, to) in recipients(team, &users, request, &self.inner.catalog) {
            let (subject, text, html) = (mail.subject.clone(), mail.text.clone(), mail.html.clone());
            let content = Content { to, subject, text, html };
            self.queue(&mut tx, None, occasion.as_str(), &format!("{key}.{name}"), &content).await?;
        }
        tx.finish(job).await?;
        Ok(tx.commit().await?)
    }

    /// Returns what of the sealed file is given: counts and coverage.
    async fn summary(&self, request: &Request) -> Result<Option<Summary>, Error> {
        let Some(found) = &request.found else { return Ok(None) };
        let mut read = self.inner.store.read().await?;
        let keys = read.lookup_keys(request.id).await?;
        let blob = read.lookup_blob(found.blob, &Scope::Everything).await?;
        drop(read);
        let (Some(keys), Some(blob)) = (keys, blob) else { return Ok(None) };
        let target = SealTarget::of(&keys)?;
        let file = self.inner.store.open_sealed(&blob)?;
        let request = request.clone();
        let given = tokio::task::spawn_blocking(move || given(&request, Reader::open(file, &target)?));
        Ok(Some(given.await.map_err(|_| Error::Lost)??))
    }

    /// Returns the name of whoever refused, as the person may know it.
    async fn decider(&self, request: &Request) -> Result<String, Error> {
        let Some(refusal) = &request.refusal else { return Ok(String::new()) };
        let user = self.inner.store.read().await?.lookup_user(refusal.by).await?;
        Ok(user.map_or_else(|| "the privacy team".to_owned(), |user| user.profile.name))
    }
}

/// Counts what is given: a mail must not tell of what was left out.
fn given(request: &Request, mut reader: Reader) -> habeas_store::Result<Summary> {
    let mut summary = reader.summary().clone();
    if request.marks.is_empty() {
        return Ok(summary);
    }
    for record in reader.iter() {
        let record = record?;
        let mark = request.verdict(record.id, &record.dataset, &record.collection);
        if mark.is_some_and(|mark| matches!(mark.verdict, Verdict::Exclude { .. })) {
            let mut counts = summary.collections.iter_mut();
            let same =
                |c: &&mut CollectionCount| c.dataset == record.dataset && c.collection == record.collection;
            if let Some(count) = counts.find(same) {
                count.records = count.records.saturating_sub(1);
            }
        }
    }
    summary.collections.retain(|count| count.records > 0);
    Ok(summary)
}

/// What a mail is about beside its request.
pub(crate) struct Named {
    /// The task.
    pub(crate) task: Option<TaskKey>,
    /// Which of its reminders, from 1.
    pub(crate) number: Option<usize>,
}

impl Named {
    fn of(job: &Claimed) -> Self {
        Self {
            task: field(job, kind::WRITE_MAIL, "task").ok(),
            number: field(job, kind::WRITE_MAIL, "number").ok(),
        }
    }
}

/// Names a mail for ever: the same occasion of the same event is the same mail.
fn mail_key(id: RequestId, job: &Claimed, occasion: Occasion) -> Result<String, Error> {
    let seq: u64 = field(job, kind::WRITE_MAIL, "seq")?;
    Ok(format!("{}.{id}.{seq}", occasion.as_str()))
}

impl Inner {
    /// Returns the receipt.
    pub(crate) fn receipt(&self, request: &Request) -> Result<Content, Error> {
        let ctx = self.context(request)?;
        self.content(request, &receipt(request, self.about(request), &ctx))
    }

    /// Returns the mail with a code.
    pub(crate) fn code_letter(&self, request: &Request, code: &str, purpose: &str) -> Result<Content, Error> {
        let purpose = match purpose {
            "verify" if request.verified_at.is_none() => CodePurpose::Identity,
            _ => CodePurpose::SignIn,
        };
        let code = code.to_owned();
        self.content(request, &Letter::Code(Code { about: self.about(request), code, minutes: 10, purpose }))
    }

    fn letter(
        &self,
        request: &Request,
        occasion: Occasion,
        summary: Option<&Summary>,
        decided_by: &str,
    ) -> Result<Option<Letter>, Error> {
        let ctx = self.context(request)?;
        let about = self.about(request);
        let coverage = request.cover(summary.map(|summary| summary.coverage.as_slice()).unwrap_or_default());
        let coverage = coverage.as_slice();
        Ok(match occasion {
            Occasion::Ready | Occasion::Renewed => self.ready(request, about, summary, &ctx),
            Occasion::NothingHeld => Some(Letter::NothingHeld(NothingHeld {
                about,
                searched: self.searched(coverage, &ctx),
                searched_with: "e-mail address".to_owned(),
                left_out: self.left_out(coverage),
            })),
            Occasion::Refused => refused(request, about, decided_by, &ctx),
            Occasion::Withdrawn => Some(withdrawn(request, about, &ctx)),
            Occasion::Replied => Some(replied(about)),
            Occasion::Message => Some(Letter::MessageArrived(MessageArrived { about })),
            Occasion::Extended => extended(request, about, &ctx),
            Occasion::VerificationReminder => Some(code_reminder(request, about, &ctx)),
            Occasion::Question | Occasion::QuestionReminder => {
                question(request, about, occasion == Occasion::QuestionReminder, &ctx)
            }
            Occasion::Reopened
            | Occasion::Reclassified
            | Occasion::SplitOff
            | Occasion::Merged
            | Occasion::Unmerged
            | Occasion::AnsweredTogether => handling::letter(request, occasion, about, &ctx),
            Occasion::StaffAnswer
            | Occasion::StaffUnanswered
            | Occasion::StaffExtensionProposed
            | Occasion::StaffDuePassed
            | Occasion::StaffNewRequest
            | Occasion::StaffTaskWaiting
            | Occasion::StaffReminder
            | Occasion::StaffNote
            | Occasion::Note
            | Occasion::StaffTaskOverdue
            | Occasion::StaffTaskFailed
            | Occasion::StaffClosureProposed
            | Occasion::StaffMessage => None,
        })
    }

    /// Renders a letter to the person.
    pub(crate) fn content(&self, request: &Request, letter: &Letter) -> Result<Content, Error> {
        let house = self.house(request)?;
        let mail = letter.render(&house).map_err(|error| Error::Mail(error.to_string()))?;
        let to = request.subject.reveal().email.clone();
        Ok(Content { to, subject: mail.subject, text: mail.text, html: mail.html })
    }

    pub(crate) fn house(&self, request: &Request) -> Result<House, Error> {
        let ctx = self.context(request)?;
        let entity = self.entity(request)?;
        let received_on = request.received_on(&ctx);
        let authority = ctx.law.remedies(received_on).find(|remedy| remedy.kind == "authority");
        let authority = authority.map(|remedy| Authority {
            name: remedy.name.clone(),
            url: remedy.site.clone().unwrap_or_default(),
            phone: remedy.phone.clone(),
        });
        Ok(House {
            organisation: entity.title.clone(),
            portal_url: self.options.portal_url.clone(),
            console_url: self.options.console_url.clone(),
            contact_email: Some(entity.contact_email.clone()),
            address: Some(entity.address.clone()).filter(|address| !address.is_empty()),
            authority,
            language: request.terms.language.clone(),
        })
    }

    fn entity(&self, request: &Request) -> Result<&Entity, Error> {
        let name = &request.terms.entity;
        let missing = || Missing { kind: Kind::Entity, name: name.clone() };
        Ok(self.catalog.entity(name).ok_or_else(missing)?)
    }

    pub(crate) fn about(&self, request: &Request) -> About {
        About {
            name: request.subject.reveal().name(),
            reference: request.reference.to_string(),
            what: self.title(request),
        }
    }

    /// Returns what was asked for, in the words it was offered in.
    pub(crate) fn title(&self, request: &Request) -> String {
        let activity = self.catalog.activity(&request.terms.activity);
        activity.map_or_else(|| request.terms.activity.clone(), |activity| activity.title.clone())
    }

    /// Returns what people call a source.
    pub(crate) fn source_name(&self, dataset: &str) -> String {
        let known = self.finder.collections.iter().find(|known| &*known.dataset == dataset);
        known.map_or_else(|| dataset.to_owned(), |known| known.source_name.clone())
    }

    /// Returns what people call a source by its name in the connections file.
    pub(crate) fn source_title(&self, source: &str) -> String {
        let known = self.finder.owned.iter().find(|owned| owned.name == source);
        let dataset = known.and_then(|owned| owned.datasets.first()).map_or(source, String::as_str);
        let is_described = self.finder.collections.iter().any(|one| &*one.dataset == dataset);
        if is_described { self.source_name(dataset) } else { habeas_render::package::label(source) }
    }

    /// Returns the systems searched, each with its time.
    fn searched(&self, coverage: &[Coverage], ctx: &Context<'_>) -> Vec<String> {
        let mut systems: Vec<String> = Vec::new();
        for one in coverage.iter().filter(|one| is_looked_through(&one.outcome)) {
            let name = self.source_name(&one.dataset);
            let line = match one.as_of {
                Some(at) => format!("{name}, as of {}", moment(ctx, at)),
                None => name,
            };
            if !systems.contains(&line) {
                systems.push(line);
            }
        }
        systems
    }

    /// Returns what was not searched, and why.
    fn left_out(&self, coverage: &[Coverage]) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for one in coverage {
            let reason = match &one.outcome {
                Searched::Searched => continue,
                // An answer is no gap.
                Searched::ByHand { .. } => continue,
                Searched::Failed { reason }
                | Searched::Skipped { reason }
                | Searched::Unreached { reason } => reason,
            };
            let line = format!("{}: {reason}", self.source_name(&one.dataset));
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines
    }

    /// Returns what the archive holds, a collection each, in people's words.
    fn contents(&self, summary: &Summary) -> Vec<String> {
        let known = |count: &CollectionCount| {
            let same = |known: &&habeas_render::package::Collection| {
                known.dataset == count.dataset && known.collection == count.collection
            };
            self.finder.collections.iter().find(same).map(|known| known.name.clone())
        };
        let line = |count: &CollectionCount| {
            let name = known(count).unwrap_or_else(|| count.collection.to_string());
            format!("{name} ({})", self.source_name(&count.dataset))
        };
        summary.collections.iter().map(line).collect()
    }

    fn ready(
        &self,
        request: &Request,
        about: About,
        summary: Option<&Summary>,
        ctx: &Context<'_>,
    ) -> Option<Letter> {
        let package = request.package.as_ref()?;
        let (valid_until, kept_until) = (package.available_until?, package.kept_until?);
        Some(Letter::Ready(Ready {
            about,
            requested_at: moment(ctx, request.received_at),
            replied_at: moment(ctx, ctx.now),
            formats: "pages to read, JSON and CSV".to_owned(),
            size: package.byte_count,
            valid_until: moment(ctx, valid_until),
            kept_until: Day(kept_until.to_zoned(ctx.zone.clone()).date()),
            contents: summary.map(|summary| self.contents(summary)).unwrap_or_default(),
            left_out: summary
                .map(|summary| self.left_out(&request.cover(&summary.coverage)))
                .unwrap_or_default(),
            password: None,
        }))
    }
}

fn is_looked_through(outcome: &Searched) -> bool {
    matches!(outcome, Searched::Searched | Searched::ByHand { .. })
}
