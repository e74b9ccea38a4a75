//! A role: a team with an address, and what its members may do. The text form is YAML.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::Action;
use crate::yaml::{self, Cursor, Problem, Problems};

/// No name of a role is longer.
const LONGEST_NAME: usize = 64;

/// Names a role in definitions, flows and accounts: small letters, digits, `_` and `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoleName(String);

/// A text that can't be a role's name.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("a role's name has at most {LONGEST_NAME} small letters, digits, '_' and '-'")]
pub struct InvalidRoleName;

impl RoleName {
    /// Reads a name; whether there is such a role shows when it is looked up.
    ///
    /// # Errors
    /// When the text can't be a name.
    pub fn parse(text: &str) -> Result<Self, InvalidRoleName> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
        if text.is_empty() || text.len() > LONGEST_NAME || !text.chars().all(fits) {
            return Err(InvalidRoleName);
        }
        Ok(Self(text.to_owned()))
    }

    pub(super) fn known(name: &'static str) -> Self {
        Self(name.to_owned())
    }

    /// Returns the text of the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RoleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its name in definitions, flows and accounts.
    pub name: RoleName,
    /// What people call it.
    pub title: String,
    /// What it is for, in a sentence.
    pub description: String,
    /// The team's own mail address; none: its members are written to.
    pub email: Option<String>,
    /// What its members may do.
    pub grants: BTreeSet<Action>,
}

impl Role {
    /// Reads a role file.
    ///
    /// # Errors
    /// Every mistake with file, line and path.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let problems = Problems::new();
        let role = yaml::parse(file, text, &problems).and_then(|document| read(&document.root(&problems)));
        match role {
            Some(role) if !problems.has_errors() => Ok(role),
            Some(_) | None => Err(problems.into_vec()),
        }
    }

    /// Returns the role as a file: what [`Self::parse`] reads back.
    pub fn to_yaml(&self) -> String {
        let mut lines = vec![
            format!("role: {}", self.name),
            format!("title: {}", yaml::quoted(&self.title)),
            format!("description: {}", yaml::quoted(&self.description)),
        ];
        lines.extend(self.email.as_ref().map(|email| format!("email: {}", yaml::quoted(email))));
        if Action::ALL.iter().all(|action| self.grants.contains(action)) {
            lines.push("grants: everything".to_owned());
        } else if self.grants.is_empty() {
            lines.push("grants: []".to_owned());
        } else {
            lines.push("grants:".to_owned());
            lines.extend(self.grants.iter().map(|action| format!("  - {}", action.as_str())));
        }
        lines.push(String::new());
        lines.join("\n")
    }
}

fn read(at: &Cursor<'_>) -> Option<Role> {
    let mut map = at.mapping()?;
    let owned = |at: Cursor<'_>| at.name().map(str::to_owned);
    let name = map.require("role").and_then(|at| read_name(&at));
    let title = map.require("title").and_then(owned);
    let description = map.take("description").and_then(|at| at.text().map(str::to_owned));
    let email = map.take("email").and_then(|at| read_email(&at));
    let grants = map.require("grants").map(|at| read_grants(&at)).unwrap_or_default();
    let except = map.take("except").map(|at| read_actions(&at)).unwrap_or_default();
    map.finish();
    let grants = grants.difference(&except).copied().collect();
    Some(Role { name: name?, title: title?, description: description.unwrap_or_default(), email, grants })
}

/// Reads the name of a role.
pub(crate) fn read_name(at: &Cursor<'_>) -> Option<RoleName> {
    match RoleName::parse(at.name()?) {
        Ok(name) => Some(name),
        Err(_) => at.mismatch("a role's name: at most 64 small letters, digits, '_' and '-'"),
    }
}

fn read_email(at: &Cursor<'_>) -> Option<String> {
    let text = at.name()?;
    let is_address = text.len() <= 254
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
        && text.split_once('@').is_some_and(|(local, host)| !local.is_empty() && host.contains('.'));
    if is_address { Some(text.to_owned()) } else { at.mismatch("a mail address such as team@example.org") }
}

/// Reads `everything` or a list of actions.
fn read_grants(at: &Cursor<'_>) -> BTreeSet<Action> {
    match at.node().content() {
        yaml::Content::Scalar { text, .. } if text == "everything" => Action::ALL.iter().copied().collect(),
        _ => read_actions(at),
    }
}

fn read_actions(at: &Cursor<'_>) -> BTreeSet<Action> {
    let words: Vec<(&str, Action)> = Action::ALL.iter().map(|action| (action.as_str(), *action)).collect();
    at.sequence().unwrap_or_default().iter().filter_map(|at| at.one_of(&words)).collect()
}
