//! Finding somebody in every source for a colleague who has them on the telephone or a letter of theirs.
//!
//! What is looked for is what sources know people by: an e-mail address, a telephone number, a customer
//! number. Only what an identity leads to directly is read; nothing is followed further. The search is a job
//! and its outcome sealed; who searched, when and what for stands in the installation's chain.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::UserId;

/// The kind of the job that searches: `{search}`, the name of the sealed search.
pub const JOB: &str = "find_subject";

/// No more rows are kept of one search.
pub const MOST_ROWS: usize = 100;

/// What a search is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To file a request for somebody on the telephone.
    Call,
    /// To file a request that came by letter, by mail or at the counter.
    Letter,
    /// To see to a complaint.
    Complaint,
    /// To correct or complete an open request.
    OpenRequest,
}

impl Purpose {
    /// All purposes.
    pub const ALL: [Self; 4] = [Self::Call, Self::Letter, Self::Complaint, Self::OpenRequest];

    /// Returns its name in forms and in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Letter => "letter",
            Self::Complaint => "complaint",
            Self::OpenRequest => "open_request",
        }
    }

    /// Returns what people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Call => "They are on the telephone and ask for something",
            Self::Letter => "They wrote, or stand at the counter",
            Self::Complaint => "They complained",
            Self::OpenRequest => "An open request of theirs lacks something",
        }
    }

    /// Returns the purpose of that name.
    pub fn lookup(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == name)
    }
}

/// A search. Personal data: it is kept sealed and is gone in an hour.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Search {
    /// What was typed.
    pub query: String,
    /// What for.
    pub purpose: Purpose,
    /// Who searches; nobody else sees what is found.
    pub by: UserId,
    /// What was found; none before it was looked for.
    pub found: Option<Found>,
}

/// What a search found.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Found {
    /// The rows.
    pub rows: Vec<FoundRow>,
    /// Whether there were more.
    pub is_cut: bool,
    /// The sources that were searched, by name.
    pub searched: Vec<String>,
    /// The sources that could not be searched, by name. They are not empty.
    pub failed: Vec<String>,
    /// Whether no source knows people by what was typed.
    pub is_unknown_kind: bool,
}

/// A row in a source that seems to be about whoever is looked for.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FoundRow {
    /// The source's name.
    pub source: String,
    /// The collection's name.
    pub collection: String,
    /// Given and family name as far as the source has them.
    pub name: String,
    /// E-mail addresses.
    pub emails: Vec<String>,
    /// Telephone numbers.
    pub phones: Vec<String>,
}

/// Rows that are of the same person.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// The name most rows have.
    pub name: String,
    /// The address they share; none where a row has none and stands alone.
    pub email: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
    /// The rows.
    pub rows: Vec<FoundRow>,
}

/// Returns as which identities a text is looked for, of the kinds that sources know.
pub fn identities<'a>(query: &str, known: &[&'a str]) -> Vec<(&'a str, String)> {
    let query = query.trim();
    let is_email = query.contains('@');
    let digits = query.chars().filter(char::is_ascii_digit).count();
    let is_phone = digits >= 5 && query.chars().all(|c| c.is_ascii_digit() || "+-()/. ".contains(c));
    let fits = |kind: &&&str| match **kind {
        "email" => is_email,
        "phone" | "phone_number" => is_phone,
        _ => !is_email,
    };
    known.iter().filter(fits).map(|kind| (*kind, query.to_owned())).collect()
}

/// Gathers rows to people: rows with the same e-mail address are of one person, and a row without one stands
/// alone, since a name or a number that two people share must not make them one.
pub fn people(rows: &[FoundRow]) -> Vec<Person> {
    let mut by_email: BTreeMap<String, Vec<FoundRow>> = BTreeMap::new();
    let mut alone = Vec::new();
    for row in rows {
        match row.emails.first() {
            Some(email) => by_email.entry(email.trim().to_lowercase()).or_default().push(row.clone()),
            None => alone.push(person(None, vec![row.clone()])),
        }
    }
    by_email.into_iter().map(|(email, rows)| person(Some(email), rows)).chain(alone).collect()
}

fn person(email: Option<String>, rows: Vec<FoundRow>) -> Person {
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row.name.is_empty()) {
        *names.entry(row.name.as_str()).or_default() += 1;
    }
    let name = names.iter().max_by_key(|(_, count)| **count).map(|(name, _)| (*name).to_owned());
    let phone = rows.iter().find_map(|row| row.phones.first().cloned());
    Person { name: name.unwrap_or_default(), email, phone, rows }
}

#[cfg(test)]
mod tests;
