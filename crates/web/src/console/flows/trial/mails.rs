//! The mails of a trial, in the words they would have.

use habeas_core::clock::State;
use habeas_core::flow::{Recipient, Task};
use habeas_core::request::{Context, Occasion, Request, TaskRun};
use habeas_core::simulate::{Life, Sent, Setting};
use habeas_render::mail::{
    About, Code, CodePurpose, DateNews, House, Letter, MessageArrived, NewRequest, News, Note, NothingHeld,
    Ready, SourceFailing, StaffNote, TaskWaiting, VerificationExpired, told,
};
use habeas_render::page::console::TrialMail;
use habeas_render::page::portal::Authority;
use habeas_render::text::Day;

use super::super::super::told::capitalised;
use super::{moment, outcome};
use crate::App;
use crate::console::chrome;

/// How large a made-up archive is said to be.
const SAMPLE_BYTES: u64 = 240_000;

/// Returns a mail; one whose words need what a trial doesn't have is named without them.
pub(super) fn write(app: &App, setting: &Setting<'_>, life: &Life, sent: &Sent) -> TrialMail {
    let request = life.as_of(sent.seq);
    let ctx = outcome::context(setting, sent.at);
    let case = request.as_ref().map(|request| Case { app, request, ctx: &ctx, sent });
    let letter = case.as_ref().and_then(Case::letter);
    let mail = letter.and_then(|letter| letter.render(&house(app, setting, &ctx)).ok());
    let (subject, text) = mail.map_or_else(
        || (capitalised(&sent.kind.replace('_', " ")), "Its words are made when it is sent.".to_owned()),
        |mail| (mail.subject, mail.text),
    );
    TrialMail {
        at: moment(setting, sent.at),
        to: if sent.is_for_staff { team(app, setting, sent) } else { "the person".to_owned() },
        subject,
        text,
    }
}

fn house(app: &App, setting: &Setting<'_>, ctx: &Context<'_>) -> House {
    let entity = app.catalog.entity(&setting.terms.entity).or_else(|| chrome::host(app));
    let received_on = setting.received_at.to_zoned(ctx.zone.clone()).date();
    let authority = setting.law.remedies(received_on).find(|remedy| remedy.kind == "authority");
    House {
        organisation: entity.map_or_else(|| "Habeas".to_owned(), |entity| entity.title.clone()),
        portal_url: app.options.portal_url.clone(),
        console_url: app.options.console_url.clone(),
        contact_email: entity.map(|entity| entity.contact_email.clone()),
        address: entity.map(|entity| entity.address.clone()).filter(|address| !address.is_empty()),
        authority: authority.map(|remedy| Authority {
            name: remedy.name.clone(),
            url: remedy.site.clone().unwrap_or_default(),
            phone: remedy.phone.clone(),
        }),
        language: "en".to_owned(),
    }
}

/// Returns whom a mail to staff goes to, in words.
fn team(app: &App, setting: &Setting<'_>, sent: &Sent) -> String {
    let task = sent.task.as_ref().and_then(|key| setting.flow.task(key));
    let number = sent.number.and_then(|number| usize::try_from(number).ok()?.checked_sub(1));
    let is_reminder = sent.kind == Occasion::StaffReminder.as_str();
    let reminder = task.filter(|_| is_reminder).and_then(|task| task.reminders.get(number?));
    match reminder.map(|reminder| &reminder.to) {
        Some(Recipient::Role(role)) => return app.catalog.role_title(role),
        Some(Recipient::CaseOwner) => return "the case owner".to_owned(),
        Some(Recipient::User(address)) => return address.clone(),
        Some(Recipient::Holder) => return "whoever has taken the task".to_owned(),
        None => {}
    }
    let manual = task.and_then(Task::manual);
    manual.map_or_else(|| "those it concerns".to_owned(), |manual| app.catalog.role_title(&manual.role))
}

/// A mail with what it is made from.
struct Case<'a> {
    app: &'a App,
    request: &'a Request,
    ctx: &'a Context<'a>,
    sent: &'a Sent,
}

impl Case<'_> {
    fn letter(&self) -> Option<Letter> {
        let (request, ctx) = (self.request, self.ctx);
        let about = self.about();
        Some(match self.sent.kind {
            "receipt" => told::receipt(request, about, ctx),
            "code" => Letter::Code(Code {
                about,
                code: "00000000".to_owned(),
                minutes: 10,
                purpose: CodePurpose::Identity,
            }),
            "verification_reminder" => told::code_reminder(request, about, ctx),
            "question" => return told::question(request, about, false, ctx),
            "question_reminder" => return told::question(request, about, true, ctx),
            "extended" => return told::extended(request, about, ctx),
            "refused" => return told::refused(request, about, "A member of staff", ctx),
            "withdrawn" => told::withdrawn(request, about, ctx),
            "replied" => told::replied(about),
            "message" => Letter::MessageArrived(MessageArrived { about }),
            "ready" | "renewed" => return self.ready(about),
            "nothing_held" => Letter::NothingHeld(NothingHeld {
                about,
                searched: vec!["Every connected source".to_owned()],
                searched_with: "e-mail address".to_owned(),
                left_out: request.excuses.iter().map(|excuse| excuse.source.clone()).collect(),
            }),
            "note" => {
                Letter::Note(Note { about, subject: self.input("subject")?, text: self.input("text")? })
            }
            _ => return self.to_staff(),
        })
    }

    fn about(&self) -> About {
        About {
            name: self.request.subject.reveal().name(),
            reference: self.request.reference.to_string(),
            what: self.title(),
        }
    }

    fn title(&self) -> String {
        let activity = self.app.catalog.activity(&self.request.terms.activity);
        activity.map_or_else(|| self.ctx.flow.title.clone(), |activity| activity.title.clone())
    }

    fn input(&self, name: &str) -> Option<String> {
        self.request.inputs(self.ctx.flow, self.sent.task.as_ref()?).remove(name)
    }

    fn ready(&self, about: About) -> Option<Letter> {
        let package = self.request.package.as_ref()?;
        Some(Letter::Ready(Ready {
            about,
            requested_at: told::moment(self.ctx, self.request.received_at),
            replied_at: told::moment(self.ctx, self.sent.at),
            formats: "pages to read, JSON and CSV".to_owned(),
            size: SAMPLE_BYTES,
            valid_until: told::moment(self.ctx, package.available_until?),
            kept_until: Day(package.kept_until?.to_zoned(self.ctx.zone.clone()).date()),
            contents: vec!["What was found".to_owned()],
            left_out: self.request.excuses.iter().map(|excuse| excuse.source.clone()).collect(),
            password: None,
        }))
    }

    fn to_staff(&self) -> Option<Letter> {
        let (request, ctx) = (self.request, self.ctx);
        let title = format!("{}, {}", self.title(), ctx.law.title());
        let reference = request.reference.to_string();
        let due_on = request.due.as_ref().and_then(|due| due.on).map(Day);
        let received_at = told::moment(ctx, request.received_at);
        let news = |news| {
            Letter::DateNews(DateNews { reference: reference.clone(), title: title.clone(), news, due_on })
        };
        let is_refusal = request.due.as_ref().is_some_and(|due| due.state == State::DeemedRefused.as_str());
        Some(match self.sent.kind {
            "staff_new_request" | "staff_message" => {
                let channel =
                    if self.sent.kind == "staff_message" { "a message of the person" } else { "the portal" };
                Letter::NewRequest(NewRequest {
                    reference,
                    title,
                    channel: channel.to_owned(),
                    received_at,
                    due_on,
                })
            }
            "staff_task_waiting" | "staff_task_overdue" | "staff_reminder" => {
                Letter::TaskWaiting(self.waiting(reference, title)?)
            }
            "staff_task_failed" => {
                let failure = self.run()?.failure.as_ref()?;
                let source = failure.source.clone().unwrap_or_else(|| "habeas".to_owned());
                Letter::SourceFailing(SourceFailing {
                    name: source.clone(),
                    source,
                    what: failure.message.clone(),
                    since: told::moment(ctx, self.run()?.started_at),
                    waiting_count: 1,
                    next_at: None,
                })
            }
            "staff_closure_proposed" => Letter::VerificationExpired(VerificationExpired {
                reference,
                title,
                waiting_since: received_at,
                due_on,
            }),
            "staff_answer" => news(News::Answered),
            "staff_unanswered" => news(News::Unanswered),
            "staff_extension_proposed" => news(News::Near),
            "staff_due_passed" => news(if is_refusal { News::TakenForRefusal } else { News::Passed }),
            "staff_note" => Letter::StaffNote(StaffNote { reference, title, text: self.input("text")? }),
            _ => return None,
        })
    }

    fn run(&self) -> Option<&TaskRun> {
        self.request.tasks.get(self.sent.task.as_ref()?)
    }

    fn waiting(&self, reference: String, title: String) -> Option<TaskWaiting> {
        let task = self.ctx.flow.task(self.sent.task.as_ref()?)?;
        let run = self.run()?;
        Some(TaskWaiting {
            task: format!("{reference}.{}", task.key),
            name: task.title.clone(),
            reference,
            title,
            role: match task.manual() {
                Some(manual) => self.app.catalog.role_title(&manual.role),
                None => "Habeas, which does it by itself".to_owned(),
            },
            due_at: run.due_at.map(|at| told::moment(self.ctx, at)),
            is_overdue: run.is_overdue,
            is_reminder: self.sent.kind == Occasion::StaffReminder.as_str(),
        })
    }
}
