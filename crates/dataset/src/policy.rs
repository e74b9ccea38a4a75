//! Which data a reply includes and what erasure does: by category, and the most specific rule wins.
//!
//! Two forms are read. Ours has a section a right:
//!
//! ```yaml
//! access: { include: [user], exclude: [user.telemetry] }
//! portability: { include: [user.contact, user.content] }
//! erasure:
//!   - { categories: [user.contact], mask: { strategy: null_rewrite } }
//!   - { categories: [user.content], delete: true }
//! ```
//!
//! The peer's is a list of `rules: [{action_type, targets, masking_strategy}]`, alone or under `policy:`, in
//! YAML or JSON. Without a policy everything personal (`user` and below) is included. Credentials never
//! are, whatever a policy says: a copy of a password hash serves nobody but a thief.

mod credential;
mod read;
#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::masking::Masking;
use crate::taxonomy::Category;

pub use credential::is_credential;
pub use read::read;

/// What is included and what is erased.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Policy {
    /// What a reply to a request for access includes.
    pub access: Inclusion,
    /// What a reply to a request for portability includes.
    pub portability: Inclusion,
    /// What erasure does, in the order of the file.
    pub erasure: Vec<ErasureRule>,
}

/// The rights that give data to a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Access (Art. 15 GDPR).
    Access,
    /// Portability (Art. 20 GDPR).
    Portability,
}

impl Policy {
    /// Returns what a right includes.
    pub fn included(&self, right: Right) -> &Inclusion {
        match right {
            Right::Access => &self.access,
            Right::Portability => &self.portability,
        }
    }

    /// Returns the erasure rule for a field of these categories: the one that names the most specific of
    /// them; of two that do, the first.
    pub fn erasure_rule(&self, categories: &[Category]) -> Option<&ErasureRule> {
        let mut best: Option<(usize, &ErasureRule)> = None;
        for rule in &self.erasure {
            let depth = deepest(&rule.categories, categories);
            if depth > best.map_or(0, |(depth, _)| depth) {
                best = Some((depth, rule));
            }
        }
        best.map(|(_, rule)| rule)
    }
}

/// The categories a reply includes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Inclusion {
    /// Included, with all below.
    pub include: Vec<Category>,
    /// Left out again, with all below, unless something below is included by name.
    pub exclude: Vec<Category>,
    /// Whether fields without any category are included too.
    pub uncategorised: bool,
}

impl Default for Inclusion {
    fn default() -> Self {
        Self { include: vec![Category::new("user")], exclude: Vec::new(), uncategorised: false }
    }
}

impl Inclusion {
    /// Includes nothing.
    pub fn nothing() -> Self {
        Self { include: Vec::new(), exclude: Vec::new(), uncategorised: false }
    }

    /// Returns whether fields of these categories are left out by name, also of something included whole.
    pub fn refuses(&self, categories: &[Category]) -> bool {
        deepest(&self.exclude, categories) > 0 && !self.takes(categories)
    }

    /// Returns whether a field of these categories is included: where one of them is, it is.
    pub fn takes(&self, categories: &[Category]) -> bool {
        if categories.is_empty() {
            return self.uncategorised;
        }
        categories.iter().any(|category| {
            let one = std::slice::from_ref(category);
            deepest(&self.include, one) > deepest(&self.exclude, one)
        })
    }
}

/// What erasure does with fields of some categories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErasureRule {
    /// The categories, with all below.
    pub categories: Vec<Category>,
    /// What is done.
    pub action: RuleAction,
}

/// What an [`ErasureRule`] does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleAction {
    /// Rows that hold such a field are deleted.
    Delete,
    /// The field is masked.
    Mask(Masking),
}

/// Returns how specifically rules name one of the categories: 0 where none does.
fn deepest(rules: &[Category], categories: &[Category]) -> usize {
    let names = |rule: &&Category| categories.iter().any(|category| category.is_within(rule));
    rules.iter().filter(names).map(Category::depth).max().unwrap_or(0)
}
