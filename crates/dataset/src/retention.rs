//! Retention rules and legal holds: what must be kept although erasure was asked for.
//!
//! ```yaml
//! tax_year_ends: 12-31
//! retention:
//! - name: tax-records
//!   match: { dataset: billing, collection: invoices }
//!   when: years_after(end_of_tax_year(row.invoice_date), 7) > today
//!   until: years_after(end_of_tax_year(row.invoice_date), 7)
//!   law: § 147 AO
//!   reason: Invoices are kept for seven years after the tax year.
//! holds:
//! - name: case-2026-17
//!   subject: { email: ada@example.org }
//!   ground: pending litigation
//!   review_on: 2027-01-31
//! ```
//!
//! A rule that names categories keeps only fields of those; one that names none keeps the row. A legal hold
//! wins over everything. Conditions are CEL over `row`, `identity` and `today`; dates are text as in ISO 8601,
//! which sorts as dates do. A condition that can't be decided for a row keeps the row: erasing is the one act
//! that can't be mended.

mod condition;
mod read;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use habeas_core::pii::Pii;
use habeas_core::value::Row;
use jiff::civil::Date;
use serde::Serialize;

use crate::model::Place;
use crate::taxonomy::Category;

pub use condition::Condition;
pub use read::read;

/// Everything that speaks for keeping.
#[derive(Debug, Default)]
pub struct Retention {
    /// The rules, in the order of the file.
    pub rules: Vec<RetentionRule>,
    /// The holds, in the order of the file.
    pub holds: Vec<LegalHold>,
    /// The month and day tax years end with.
    pub tax_year_ends: TaxYear,
}

/// The month and day tax years end with.
#[derive(Debug, Clone, Copy)]
pub struct TaxYear {
    /// The month.
    pub month: i8,
    /// The day.
    pub day: i8,
}

impl Default for TaxYear {
    fn default() -> Self {
        Self { month: 12, day: 31 }
    }
}

/// Why records of a kind are kept, and how long.
#[derive(Debug)]
pub struct RetentionRule {
    /// Its name.
    pub name: Arc<str>,
    /// The dataset it is about; all where it names none.
    pub dataset: Option<Arc<str>>,
    /// The collection it is about; all where it names none.
    pub collection: Option<Arc<str>>,
    /// The categories of the fields it keeps; the whole row where it names none.
    pub categories: Vec<Category>,
    /// What a row must satisfy; every row where there is none.
    pub when: Option<Condition>,
    /// Until when.
    pub until: Option<Condition>,
    /// The law that asks for it.
    pub law: String,
    /// Why, in words a person understands.
    pub reason: String,
    /// Where it stands.
    pub at: Place,
}

/// An order that freezes data.
#[derive(Debug)]
pub struct LegalHold {
    /// Its name.
    pub name: Arc<str>,
    /// What it freezes.
    pub scope: HoldScope,
    /// On what ground.
    pub ground: String,
    /// When it is to be looked at again.
    pub review_on: Option<Date>,
    /// Where it stands.
    pub at: Place,
}

/// What a hold freezes.
#[derive(Debug)]
pub enum HoldScope {
    /// All data of the person with any of these identities.
    Subject(Vec<(Arc<str>, Pii<String>)>),
    /// All rows of a collection, or of a dataset.
    Collection {
        /// The dataset.
        dataset: Arc<str>,
        /// The collection; all of the dataset where it names none.
        collection: Option<Arc<str>>,
    },
}

/// Why something is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// The name of the rule or hold, or the kind of obstacle.
    pub rule: Arc<str>,
    /// Why.
    pub reason: String,
    /// The law or ground.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
    /// Until when, as far as that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// A row a decision is about.
pub struct Subjected<'a> {
    /// Its dataset.
    pub dataset: &'a str,
    /// Its collection.
    pub collection: &'a str,
    /// Its values.
    pub row: &'a Row,
    /// The identities of those it was found for.
    pub identities: &'a [(Arc<str>, String)],
    /// The present day.
    pub today: Date,
}

/// A rule that applies to a row.
#[derive(Debug)]
pub struct Applied<'r> {
    /// The rule's place in [`Retention::rules`]; `None` for a hold.
    pub rule: Option<usize>,
    /// The categories it keeps; the whole row where empty.
    pub categories: &'r [Category],
    /// Why.
    pub kept: Kept,
}

impl Retention {
    /// Returns what speaks for keeping a row: a hold alone where there is one, else every rule that applies.
    pub fn applies(&self, to: &Subjected<'_>) -> Vec<Applied<'_>> {
        if let Some(hold) = self.holds.iter().find(|hold| hold.freezes(to)) {
            return vec![Applied { rule: None, categories: &[], kept: hold.kept() }];
        }
        let mut applied = Vec::new();
        for (place, rule) in self.rules.iter().enumerate() {
            if !rule.is_about(to.dataset, to.collection) {
                continue;
            }
            let kept =
                |until, reason| Kept { rule: rule.name.clone(), reason, law: Some(rule.law.clone()), until };
            let decided = rule.when.as_ref().map_or(Ok(true), |when| when.holds(to, self.tax_year_ends));
            let kept = match decided {
                Ok(false) => continue,
                Ok(true) => kept(self.until(rule, to), rule.reason.clone()),
                Err(undecided) => {
                    kept(None, format!("whether the rule applies can't be decided for this row: {undecided}"))
                }
            };
            applied.push(Applied { rule: Some(place), categories: &rule.categories, kept });
        }
        applied
    }

    /// Returns the names of rules that can never keep a field, because no collection they are about has any of
    /// their categories.
    pub fn idle_rules(&self, datasets: &[crate::model::Dataset]) -> Vec<Arc<str>> {
        let is_idle = |rule: &&RetentionRule| {
            let mut has_any = false;
            for dataset in datasets {
                let about =
                    dataset.collections.iter().filter(|known| rule.is_about(&dataset.key, &known.name));
                for collection in about {
                    let mut look = |categories: &[Category]| {
                        has_any |= categories
                            .iter()
                            .any(|category| rule.categories.iter().any(|named| category.is_within(named)));
                    };
                    look(&dataset.categories);
                    look(&collection.categories);
                    collection.each_field(|_, field| look(&field.categories));
                }
            }
            !rule.categories.is_empty() && !has_any
        };
        self.rules.iter().filter(is_idle).map(|rule| rule.name.clone()).collect()
    }

    fn until(&self, rule: &RetentionRule, to: &Subjected<'_>) -> Option<String> {
        rule.until.as_ref().and_then(|until| until.text(to, self.tax_year_ends).ok())
    }
}

impl RetentionRule {
    /// Returns whether it is about a collection.
    pub fn is_about(&self, dataset: &str, collection: &str) -> bool {
        self.dataset.as_ref().is_none_or(|name| **name == *dataset)
            && self.collection.as_ref().is_none_or(|name| **name == *collection)
    }
}

impl LegalHold {
    fn freezes(&self, to: &Subjected<'_>) -> bool {
        match &self.scope {
            HoldScope::Collection { dataset, collection } => {
                **dataset == *to.dataset && collection.as_ref().is_none_or(|name| **name == *to.collection)
            }
            HoldScope::Subject(identities) => identities.iter().any(|(kind, value)| {
                let form = |value: &str| value.trim().to_lowercase();
                to.identities
                    .iter()
                    .any(|(other, given)| other == kind && form(given) == form(value.reveal()))
            }),
        }
    }

    fn kept(&self) -> Kept {
        Kept {
            rule: self.name.clone(),
            reason: "a legal hold freezes it".to_owned(),
            law: Some(self.ground.clone()),
            until: self.review_on.map(|day| format!("{day} (review)")),
        }
    }
}
