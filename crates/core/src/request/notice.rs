//! Who is told of a correction, erasure or restriction (Art. 19 GDPR): one entry for each recipient, kept until it is
//! told, or somebody says why that is impossible or would take a disproportionate effort.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::state::Request;
use crate::event::Actor;
use crate::flow::TaskKey;
use crate::pii::{self, Pii};

/// The most recipients one request tells.
pub const RECIPIENTS_MAX: usize = 200;

/// Recipients are to be told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecipientsListed {
    /// The task.
    pub task: TaskKey,
    /// Which try of it.
    pub attempt: u32,
    /// How many.
    pub count: u32,
    /// Who: a recipient may be a person.
    #[serde(with = "pii::sealed")]
    pub recipients: Pii<Vec<Recipient>>,
}

/// Someone the data were given to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// The name.
    pub name: String,
    /// What they have the data for.
    pub purpose: String,
    /// Where, if that is known.
    pub country: Option<String>,
    /// What kind of processing they belong to, by its name.
    pub processing: String,
}

/// A recipient was told, answered, or can't be told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecipientNoted {
    /// Which, from 1.
    pub number: u32,
    /// How it stands.
    pub state: NoticeState,
    /// What to say of it; the reason where they aren't told.
    #[serde(with = "pii::sealed")]
    pub note: Pii<String>,
}

/// How telling a recipient stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeState {
    /// The letter went out.
    Sent,
    /// They answered.
    Answered,
    /// They can't be told: Art. 19 wants the reason.
    Impossible,
    /// It would take a disproportionate effort: Art. 19 wants the reason.
    Disproportionate,
}

impl NoticeState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::Sent, Self::Answered, Self::Impossible, Self::Disproportionate];

    /// Returns the state's name in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Answered => "answered",
            Self::Impossible => "impossible",
            Self::Disproportionate => "disproportionate",
        }
    }

    /// Returns the state of that name.
    pub fn lookup(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Says whether the recipient isn't told, for which there must be a reason.
    pub fn wants_reason(self) -> bool {
        matches!(self, Self::Impossible | Self::Disproportionate)
    }
}

/// A recipient and how telling them stands.
#[derive(Debug, Clone, PartialEq)]
pub struct RecipientNotice {
    /// Which, from 1: it stays the same over the life of the request.
    pub number: u32,
    /// The task that tells them.
    pub task: TaskKey,
    /// Which try of it.
    pub attempt: u32,
    /// Who.
    pub recipient: Recipient,
    /// What was done, by whom and when; none while nothing was.
    pub noted: Option<(RecipientNoted, Actor, Timestamp)>,
}

impl Request {
    /// Returns the recipients who aren't told yet, and of whom nobody has said why not.
    pub fn open_notices(&self) -> impl Iterator<Item = &RecipientNotice> {
        self.notices.iter().filter(|notice| notice.noted.is_none())
    }

    pub(super) fn apply_notice(&mut self, event: &super::Event, actor: Actor, at: Timestamp) {
        use super::Event;
        match event {
            Event::RecipientsListed(listed) => {
                for recipient in listed.recipients.reveal() {
                    let number = u32::try_from(self.notices.len()).unwrap_or(u32::MAX).saturating_add(1);
                    self.notices.push(RecipientNotice {
                        number,
                        task: listed.task.clone(),
                        attempt: listed.attempt,
                        recipient: recipient.clone(),
                        noted: None,
                    });
                }
            }
            Event::RecipientNoted(noted) => {
                if let Some(notice) = self.notices.iter_mut().find(|notice| notice.number == noted.number) {
                    notice.noted = Some((noted.clone(), actor, at));
                }
            }
            _ => {}
        }
    }
}
