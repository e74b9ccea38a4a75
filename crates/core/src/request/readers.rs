//! Who among staff may see a request: all whose roles and organisations let them, unless it was narrowed.
//!
//! An employee's request hides from their manager, whatever the manager's role (Art. 32(1)(b) and (4) GDPR:
//! confidentiality within the house).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::id::UserId;

/// Who among those who could otherwise see a request does.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Readers {
    /// All of them.
    #[default]
    Everybody,
    /// All but these.
    AllBut(BTreeSet<UserId>),
    /// These, and who may narrow requests.
    Only(BTreeSet<UserId>),
}

impl Readers {
    /// Says whether somebody is among them. Who may narrow requests sees those of few readers, so that none is
    /// lost when they leave; from whom it is hidden by name, it stays hidden.
    pub fn admits(&self, user: UserId, may_narrow: bool) -> bool {
        match self {
            Self::Everybody => true,
            Self::AllBut(hidden) => !hidden.contains(&user),
            Self::Only(readers) => may_narrow || readers.contains(&user),
        }
    }

    /// Returns the form that is kept beside the row and that a query can look into; none for everybody.
    pub fn to_text(&self) -> Option<String> {
        let (sign, users) = match self {
            Self::Everybody => return None,
            Self::AllBut(users) => ('-', users),
            Self::Only(users) => ('+', users),
        };
        let mut text = format!("{sign},");
        for user in users {
            text.push_str(&user.to_string());
            text.push(',');
        }
        Some(text)
    }

    /// Reads the form that [`Self::to_text`] makes.
    pub fn from_text(text: &str) -> Option<Self> {
        let (sign, users) = text.split_once(',')?;
        let users: Option<BTreeSet<UserId>> =
            users.split(',').filter(|user| !user.is_empty()).map(|user| user.parse().ok()).collect();
        match sign {
            "-" => Some(Self::AllBut(users?)),
            "+" => Some(Self::Only(users?)),
            _ => None,
        }
    }
}
