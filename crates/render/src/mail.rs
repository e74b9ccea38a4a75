//! Mails: a subject, a text and the same in HTML, from one description.
//!
//! A [`Letter`] says what a mail is about in plain data; its wording is a list of blocks that both renderings
//! are made from, so that they can't come to differ. A mail holds no data about a person beyond their name,
//! no secret in a link, nothing that tells us it was read, and nothing from elsewhere. A subject is one
//! line whatever goes in. Codes never stand in a subject: those show on locked screens.

mod block;
mod close;
mod code;
mod digest;
mod handling;
mod message;
mod receipt;
mod reply;
mod sample;
mod staff;
pub mod told;

pub use close::{Closed, Completed, NothingHeld, Refusal, Withdrawn};
pub use code::{Code, CodePurpose, CodeReminder};
pub use digest::{Digest, DigestPart, ReportReady};
pub use handling::{Change, Handling};
pub use message::{Extended, MessageArrived, Note, Question};
pub use receipt::{AlreadyOpen, Receipt};
pub use reply::Ready;
pub use staff::{DateNews, NewRequest, News, SourceFailing, StaffNote, TaskWaiting, VerificationExpired};

use askama::Template;

use crate::page::portal::Authority;
use crate::{Error, text};
use block::{Block, plain};

/// A mail ready to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// One line.
    pub subject: String,
    /// The plain text part, wrapped at 72 columns.
    pub text: String,
    /// The same in HTML.
    pub html: String,
}

/// Who writes, and where people find us.
#[derive(Clone)]
pub struct House {
    /// The organisation's name.
    pub organisation: String,
    /// Where the portal stands, without a slash at its end.
    pub portal_url: String,
    /// Where the console stands, without a slash at its end.
    pub console_url: String,
    /// Whom to write to.
    pub contact_email: Option<String>,
    /// Name and address under the mail.
    pub address: Option<String>,
    /// Who hears complaints about us.
    pub authority: Option<Authority>,
    /// The language's BCP 47 tag.
    pub language: String,
}

/// Which request a mail to a person is about.
#[derive(Clone)]
pub struct About {
    /// The person's name as they gave it; may be empty.
    pub name: String,
    /// The request's reference.
    pub reference: String,
    /// What was asked for, in the person's words: "Get a copy of my data".
    pub what: String,
}

/// What a mail says.
#[derive(Clone)]
pub enum Letter {
    /// The request is in.
    Receipt(Receipt),
    /// The same is asked for already.
    AlreadyOpen(AlreadyOpen),
    /// A code, to prove who asks or to sign in.
    Code(Code),
    /// The code was not entered yet.
    CodeReminder(CodeReminder),
    /// We have a question.
    Question(Question),
    /// A message is on the portal.
    MessageArrived(MessageArrived),
    /// It takes longer.
    Extended(Extended),
    /// The reply can be fetched.
    Ready(Ready),
    /// We hold nothing.
    NothingHeld(NothingHeld),
    /// Done.
    Completed(Completed),
    /// Refused, wholly or in part.
    Refusal(Refusal),
    /// Closed without proof of who asks.
    Closed(Closed),
    /// Withdrawn by the person.
    Withdrawn(Withdrawn),
    /// What a flow tells the person.
    Note(Note),
    /// How it is handled changed.
    Handling(Handling),
    /// To staff: a request came in.
    NewRequest(NewRequest),
    /// To staff: a task waits.
    TaskWaiting(TaskWaiting),
    /// To staff: a source fails.
    SourceFailing(SourceFailing),
    /// To staff: nobody proved who asks; a person must decide.
    VerificationExpired(VerificationExpired),
    /// To staff: something that concerns the legal date.
    DateNews(DateNews),
    /// To staff: what of theirs needs them today.
    Digest(Digest),
    /// To staff: a report can be looked at.
    ReportReady(ReportReady),
    /// To staff: what a flow tells a team.
    StaffNote(StaffNote),
}

/// What a letter is made of before it becomes text and HTML.
struct Draft {
    subject: String,
    greeting: Option<String>,
    blocks: Vec<Block>,
}

impl Letter {
    /// Renders the mail.
    pub fn render(&self, house: &House) -> Result<Mail, Error> {
        let Draft { subject, greeting, blocks } = self.draft(house);
        let subject = text::single_line(&subject);
        let greeting = greeting.map(|name| greet(&name));
        let html = Html { house, subject: &subject, greeting: &greeting, blocks: &blocks }
            .render()
            .map_err(|error| Error::new("mail/letter.html", error))?;
        let text = plain(house, greeting.as_deref(), &blocks);
        Ok(Mail { subject, text, html })
    }

    /// Returns a stable word for the kind of mail, for Message-IDs and the outbox.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Receipt(_) => "receipt",
            Self::AlreadyOpen(_) => "already_open",
            Self::Code(_) => "code",
            Self::CodeReminder(_) => "code_reminder",
            Self::Question(_) => "question",
            Self::MessageArrived(_) => "message_arrived",
            Self::Extended(_) => "extended",
            Self::Ready(_) => "ready",
            Self::NothingHeld(_) => "nothing_held",
            Self::Completed(_) => "completed",
            Self::Refusal(_) => "refusal",
            Self::Closed(_) => "closed",
            Self::Withdrawn(_) => "withdrawn",
            Self::Note(_) => "note",
            Self::Handling(letter) => letter.kind(),
            Self::NewRequest(_) => "staff_new_request",
            Self::TaskWaiting(_) => "staff_task_waiting",
            Self::SourceFailing(_) => "staff_source_failing",
            Self::VerificationExpired(_) => "staff_verification_expired",
            Self::DateNews(letter) => letter.kind(),
            Self::Digest(_) => "staff_digest",
            Self::ReportReady(_) => "staff_report",
            Self::StaffNote(_) => "staff_note",
        }
    }

    fn draft(&self, house: &House) -> Draft {
        match self {
            Self::Receipt(letter) => letter.draft(house),
            Self::AlreadyOpen(letter) => letter.draft(house),
            Self::Code(letter) => letter.draft(house),
            Self::CodeReminder(letter) => letter.draft(house),
            Self::Question(letter) => letter.draft(house),
            Self::MessageArrived(letter) => letter.draft(house),
            Self::Extended(letter) => letter.draft(house),
            Self::Ready(letter) => letter.draft(house),
            Self::NothingHeld(letter) => letter.draft(house),
            Self::Completed(letter) => letter.draft(house),
            Self::Refusal(letter) => letter.draft(house),
            Self::Closed(letter) => letter.draft(house),
            Self::Withdrawn(letter) => letter.draft(house),
            Self::Note(letter) => letter.draft(house),
            Self::Handling(letter) => letter.draft(house),
            Self::NewRequest(letter) => letter.draft(house),
            Self::TaskWaiting(letter) => letter.draft(house),
            Self::SourceFailing(letter) => letter.draft(house),
            Self::VerificationExpired(letter) => letter.draft(house),
            Self::DateNews(letter) => letter.draft(house),
            Self::Digest(letter) => letter.draft(house),
            Self::ReportReady(letter) => letter.draft(house),
            Self::StaffNote(letter) => letter.draft(house),
        }
    }

    /// Returns one letter of every kind, then the same with hostile content.
    pub fn samples() -> Vec<Self> {
        let mut letters = sample::letters("Ada Lovelace");
        letters.extend(sample::letters(crate::page::sample::HOSTILE));
        letters
    }
}

impl House {
    /// Returns a house for samples.
    pub fn sample() -> Self {
        sample::house()
    }

    /// Returns the sentences on whom to turn to, for letters that owe them.
    fn complaint(&self) -> Vec<Block> {
        let Some(authority) = &self.authority else { return Vec::new() };
        let mut facts = vec![("Authority".to_owned(), authority.name.clone())];
        facts.extend(authority.phone.iter().map(|phone| ("Phone".to_owned(), phone.clone())));
        facts.push(("Web".to_owned(), authority.url.clone()));
        vec![Block::Facts(facts)]
    }

    fn request_link(&self) -> Block {
        Block::link("See your request", format!("{}/my", self.portal_url))
    }
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct Html<'a> {
    house: &'a House,
    subject: &'a str,
    greeting: &'a Option<String>,
    blocks: &'a [Block],
}

fn greet(name: &str) -> String {
    let name = text::single_line(name);
    if name.is_empty() { "Hello,".to_owned() } else { format!("Hello {name},") }
}

#[cfg(test)]
mod tests;
