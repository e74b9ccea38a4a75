//! Legal holds: what must not be erased or scrubbed while somebody may need it as evidence.
//!
//! A hold is placed by one person and lifted by two: one asks, another agrees. It wins over every rule of
//! retention and over every request (Art. 17(3)(e) GDPR: establishment, exercise or defence of legal claims).

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::{HoldId, UserId};
use crate::pii::Pii;
use crate::request::IndexTerm;

/// The longest ground, in characters.
pub const LONGEST: usize = 2_000;

/// What a hold freezes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All that is held about whoever has this identity.
    Subject(IndexTerm),
    /// All of a collection, or of a dataset.
    Collection {
        /// The dataset.
        dataset: String,
        /// The collection; none: all of the dataset.
        collection: Option<String>,
    },
}

/// What is sealed of a hold.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Words {
    /// Why it was placed.
    pub ground: String,
    /// The identity it is about, as it was typed; none for a collection.
    pub identity: Option<String>,
    /// Why it is to be lifted.
    #[serde(default)]
    pub lift_reason: Option<String>,
}

/// A hold.
#[derive(Clone, PartialEq)]
pub struct Hold {
    /// Its id.
    pub id: HoldId,
    /// The entity whose data it freezes.
    pub entity: String,
    /// What it freezes.
    pub scope: Scope,
    /// What is sealed of it.
    pub words: Pii<Words>,
    /// When it is to be looked at again.
    pub review_on: Date,
    /// Who placed it, and when.
    pub placed: (UserId, Timestamp),
    /// Who asked to lift it, and when.
    pub lift_asked: Option<(UserId, Timestamp)>,
    /// Who lifted it, and when.
    pub lifted: Option<(UserId, Timestamp)>,
}

/// Why an act on a hold isn't possible.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Denied {
    /// It is lifted.
    #[error("the hold is lifted")]
    Lifted,
    /// Nobody asked to lift it.
    #[error("nobody has asked to lift this hold")]
    NotAsked,
    /// Somebody asked already.
    #[error("somebody has asked to lift this hold already")]
    Asked,
    /// A second person must agree.
    #[error("a second person must agree: you asked to lift it yourself")]
    SamePerson,
    /// A reason is demanded, and a short one.
    #[error("give a reason of at most 2000 characters")]
    Reason,
}

/// Says whether a reason is one.
///
/// # Errors
/// [`Denied::Reason`] where it is empty or too long.
pub fn ensure_reason(reason: &str) -> Result<(), Denied> {
    let length = reason.trim().chars().count();
    if (1..=LONGEST).contains(&length) { Ok(()) } else { Err(Denied::Reason) }
}

impl Hold {
    /// Says whether it freezes anything now.
    pub fn is_in_force(&self) -> bool {
        self.lifted.is_none()
    }

    /// Says whether it should have been looked at again by now.
    pub fn is_review_due(&self, today: Date) -> bool {
        self.is_in_force() && self.review_on <= today
    }

    /// Says whether lifting it may be asked for.
    ///
    /// # Errors
    /// Where it is lifted, or somebody asked already.
    pub fn ensure_can_ask(&self) -> Result<(), Denied> {
        match (self.lifted, self.lift_asked) {
            (Some(_), _) => Err(Denied::Lifted),
            (None, Some(_)) => Err(Denied::Asked),
            (None, None) => Ok(()),
        }
    }

    /// Says whether somebody may agree to lift it: anybody but who asked.
    ///
    /// # Errors
    /// Where it is lifted, nobody asked, or the same person did.
    pub fn ensure_can_lift(&self, user: UserId) -> Result<(), Denied> {
        match (self.lifted, self.lift_asked) {
            (Some(_), _) => Err(Denied::Lifted),
            (None, None) => Err(Denied::NotAsked),
            (None, Some((asked_by, _))) if asked_by == user => Err(Denied::SamePerson),
            (None, Some(_)) => Ok(()),
        }
    }
}
