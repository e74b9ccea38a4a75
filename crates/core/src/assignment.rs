//! Who answers for a new request: by turns, or whoever has least to do, by activity and law.
//!
//! The rule is a definition; what it is applied to (who is there, who has how much) comes from outside, so
//! that the choice is the same whenever it is computed from the same state.

use jiff::civil::Date;

use crate::access::{self, Absence, Action, Builtin, Role, RoleName, is_absent};
use crate::id::{RequestId, UserId};
use crate::request::Terms;
use crate::yaml::{self, Cursor, Problem, Problems};

/// The name of the one definition of this kind.
pub const NAME: &str = "assignment";

/// The rule that comes with the product.
pub const BUILTIN: &str = include_str!("../../../assignment.yml");

/// How the case owner of a new request is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The first rule that fits counts.
    pub rules: Vec<Rule>,
    /// What counts where none fits.
    pub otherwise: Choice,
}

/// What counts for some requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Requests of this activity; none for any.
    pub activity: Option<String>,
    /// Requests under this law; none for any.
    pub law: Option<String>,
    /// How the owner is chosen.
    pub choice: Choice,
}

/// How an owner is chosen, and among whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// How.
    pub by: By,
    /// Among the members of this role.
    pub role: RoleName,
}

/// How an owner is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Whoever got none for longest.
    Turns,
    /// Whoever has the fewest open requests.
    Load,
    /// Not at all: a supervisor names somebody.
    Hand,
}

impl By {
    /// All ways.
    pub const ALL: [Self; 3] = [Self::Turns, Self::Load, Self::Hand];

    /// Returns its name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Turns => "turns",
            Self::Load => "load",
            Self::Hand => "hand",
        }
    }

    /// Returns what people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Turns => "By turns: whoever got none for longest",
            Self::Load => "By load: whoever has the fewest open requests",
            Self::Hand => "By hand: a supervisor names somebody",
        }
    }

    /// Returns the way of that name.
    pub fn lookup(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.as_str() == name)
    }
}

/// A member of staff who might get a request.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Who.
    pub user: UserId,
    /// Their roles.
    pub roles: Vec<Role>,
    /// Whether they may see the request: its entity, its activity, nobody has hidden it from them.
    pub sees_it: bool,
    /// When they are away.
    pub absences: Vec<Absence>,
    /// How many open requests they answer for.
    pub open_count: u64,
    /// The youngest request they answer for.
    pub last: Option<RequestId>,
}

impl Default for Assignment {
    fn default() -> Self {
        Self { rules: Vec::new(), otherwise: Choice { by: By::Load, role: Builtin::CaseOwner.name() } }
    }
}

impl Assignment {
    /// Returns what counts for a request under these terms.
    pub fn choice(&self, terms: &Terms) -> &Choice {
        let fits = |wanted: &Option<String>, is: &str| wanted.as_ref().is_none_or(|wanted| wanted == is);
        let rule = self
            .rules
            .iter()
            .find(|rule| fits(&rule.activity, &terms.activity) && fits(&rule.law, &terms.law));
        rule.map_or(&self.otherwise, |rule| &rule.choice)
    }

    /// Returns who gets a request under these terms; nobody where nobody fits who is there today.
    pub fn choose(&self, terms: &Terms, candidates: &[Candidate], today: Date) -> Option<UserId> {
        let choice = self.choice(terms);
        let fits = |candidate: &&Candidate| {
            candidate.sees_it
                && access::is_member(&candidate.roles, &choice.role)
                && access::may(&candidate.roles, Action::SeeRequests)
                && !is_absent(&candidate.absences, today)
        };
        let fitting = candidates.iter().filter(fits);
        let chosen = match choice.by {
            By::Hand => None,
            By::Turns => fitting.min_by_key(|candidate| (candidate.last, candidate.user)),
            By::Load => {
                fitting.min_by_key(|candidate| (candidate.open_count, candidate.last, candidate.user))
            }
        };
        chosen.map(|candidate| candidate.user)
    }

    /// Reads an assignment file.
    ///
    /// # Errors
    /// Every mistake with file, line and path.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let problems = Problems::new();
        let read = yaml::parse(file, text, &problems).and_then(|document| read(&document.root(&problems)));
        match read {
            Some(assignment) if !problems.has_errors() => Ok(assignment),
            Some(_) | None => Err(problems.into_vec()),
        }
    }

    /// Returns the rule as a file: what [`Self::parse`] reads back.
    pub fn to_yaml(&self) -> String {
        let choice = |choice: &Choice| format!("by: {}, role: {}", choice.by.as_str(), choice.role);
        let mut lines = vec![format!("otherwise: {{ {} }}", choice(&self.otherwise))];
        if !self.rules.is_empty() {
            lines.push("rules:".to_owned());
        }
        for rule in &self.rules {
            let named = [("activity", &rule.activity), ("law", &rule.law)];
            let named: String = named
                .into_iter()
                .filter_map(|(key, value)| Some(format!("{key}: {}, ", yaml::quoted(value.as_ref()?))))
                .collect();
            lines.push(format!("  - {{ {named}{} }}", choice(&rule.choice)));
        }
        lines.push(String::new());
        lines.join("\n")
    }
}

fn read(at: &Cursor<'_>) -> Option<Assignment> {
    let mut map = at.mapping()?;
    let otherwise = map.require("otherwise").and_then(|at| read_rule(&at));
    let rules = map.take("rules").and_then(|at| at.sequence()).unwrap_or_default();
    let rules = rules.iter().filter_map(read_rule).collect();
    map.finish();
    Some(Assignment { rules, otherwise: otherwise?.choice })
}

fn read_rule(at: &Cursor<'_>) -> Option<Rule> {
    let mut map = at.mapping()?;
    let owned = |at: Cursor<'_>| at.name().map(str::to_owned);
    let activity = map.take("activity").and_then(owned);
    let law = map.take("law").and_then(owned);
    let by = map.require("by").and_then(|at| at.one_of(&By::ALL.map(|by| (by.as_str(), by))));
    let role = map.require("role").and_then(|at| access::read_name(&at));
    map.finish();
    Some(Rule { activity, law, choice: Choice { by: by?, role: role? } })
}

#[cfg(test)]
mod tests;
