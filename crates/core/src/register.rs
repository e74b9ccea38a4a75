//! The register of processing: what an access reply must say about the data in it.
//!
//! Art. 15(1)(a)-(h) and 15(2) GDPR want, beside the data, its purposes, categories, recipients, period of
//! storage, origin, automated decisions and the safeguards of transfers. The register says so per kind
//! of processing; each item is filled or reasoned ("none, because"). [`Register::gaps`] lists what is
//! neither for the data a reply holds: while there is one, the reply may not leave.

mod read;
#[cfg(test)]
mod tests;

use std::fmt;

/// All processing of one entity.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Register {
    /// The kinds of processing, in the order a reply shows them.
    pub processing: Vec<Processing>,
}

/// One kind of processing, which is also one group of records in a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Processing {
    /// Names it within the register, such as `invoices`.
    pub key: String,
    /// What people call it, such as "Invoices and payments".
    pub name: String,
    /// One sentence on what it is.
    pub description: Option<String>,
    /// The data categories it covers; a category covers its descendants.
    pub categories: Vec<String>,
    /// Where the data stands: `dataset` or `dataset.collection`; empty for everywhere.
    pub sources: Vec<Source>,
    /// Why the data is processed, Art. 15(1)(a).
    pub purposes: Item<Vec<String>>,
    /// The ground of Art. 6 (and 9), which a reply also names.
    pub legal_basis: Item<String>,
    /// Who receives it, Art. 15(1)(c).
    pub recipients: Item<Vec<Recipient>>,
    /// How long it is stored, or how that is determined, Art. 15(1)(d).
    pub retention: Item<String>,
    /// Where it comes from if not from the person, Art. 15(1)(g).
    pub origin: Item<String>,
    /// Automated decisions, their logic and what they mean for the person, Art. 15(1)(h).
    pub automated_decisions: Item<String>,
    /// Transfers to other countries and their safeguards, Art. 15(2).
    pub transfers: Item<Vec<Transfer>>,
}

/// One item of information.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item<T> {
    /// It is stated.
    Filled(T),
    /// There is none, for the reason given.
    None(String),
    /// Nobody has said anything.
    Missing,
}

/// Someone who receives data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The name.
    pub name: String,
    /// What for.
    pub purpose: String,
    /// Where, if that is known.
    pub country: Option<String>,
}

/// A transfer to another country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// The country or organisation.
    pub to: String,
    /// The safeguard of Art. 46, or the decision of Art. 45.
    pub safeguard: String,
}

/// A dataset, or one collection of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The dataset.
    pub dataset: String,
    /// The collection; all of them if absent.
    pub collection: Option<String>,
}

/// Data that a reply holds: one field category in one collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Held<'a> {
    /// The dataset.
    pub dataset: &'a str,
    /// The collection.
    pub collection: &'a str,
    /// The data category, such as `user.contact.email`.
    pub category: &'a str,
}

/// Something an access reply would have to say and the register doesn't.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// No processing covers this data.
    Uncovered {
        /// Where the data stands, `dataset.collection`.
        place: String,
        /// Its category.
        category: String,
    },
    /// An item is neither filled nor reasoned.
    Item {
        /// The key of the processing.
        processing: String,
        /// The item's key in the file.
        item: &'static str,
        /// The provision that demands it.
        article: &'static str,
    },
}

impl Register {
    /// Returns the processing that covers this data, most particular source first.
    pub fn find(&self, held: Held<'_>) -> Vec<&Processing> {
        let mut found: Vec<_> = self.processing.iter().filter(|entry| entry.covers(held)).collect();
        found.sort_by_key(|entry| entry.rank(held.dataset, held.collection));
        found
    }

    /// Returns the group a collection is shown under: whoever names the collection, else its dataset,
    /// else the first that covers one of its categories.
    pub fn group(&self, dataset: &str, collection: &str, categories: &[&str]) -> Option<&Processing> {
        let covers_any = |entry: &&Processing| {
            categories.iter().any(|category| entry.covers(Held { dataset, collection, category }))
        };
        let candidates = self.processing.iter().filter(covers_any);
        candidates.min_by_key(|entry| entry.rank(dataset, collection))
    }

    /// Returns what is missing for this data, each gap once, in order.
    pub fn gaps(&self, held: &[Held<'_>]) -> Vec<Gap> {
        let mut gaps = Vec::new();
        for &one in held.iter().filter(|one| is_personal(one.category)) {
            let covering = self.find(one);
            if covering.is_empty() {
                gaps.push(Gap::Uncovered {
                    place: format!("{}.{}", one.dataset, one.collection),
                    category: one.category.to_owned(),
                });
            }
            for entry in covering {
                gaps.extend(entry.gaps());
            }
        }
        gaps.sort();
        gaps.dedup();
        gaps
    }
}

impl Processing {
    /// Returns whether this data is covered.
    pub fn covers(&self, held: Held<'_>) -> bool {
        let by_category = self.categories.iter().any(|broad| is_within(held.category, broad));
        by_category && self.rank(held.dataset, held.collection) < OUTSIDE
    }

    /// Tells how particularly the sources name a collection; lower is more so.
    fn rank(&self, dataset: &str, collection: &str) -> u8 {
        let named = |source: &Source| match &source.collection {
            _ if source.dataset != dataset => OUTSIDE,
            Some(name) if name == collection => 0,
            Some(_) => OUTSIDE,
            None => 1,
        };
        if self.sources.is_empty() { 2 } else { self.sources.iter().map(named).min().unwrap_or(OUTSIDE) }
    }

    fn gaps(&self) -> Vec<Gap> {
        let items = [
            ("purposes", "Art. 15(1)(a)", self.purposes.is_missing()),
            ("recipients", "Art. 15(1)(c)", self.recipients.is_missing()),
            ("retention", "Art. 15(1)(d)", self.retention.is_missing()),
            ("origin", "Art. 15(1)(g)", self.origin.is_missing()),
            ("automated_decisions", "Art. 15(1)(h)", self.automated_decisions.is_missing()),
            ("transfers", "Art. 15(2)", self.transfers.is_missing()),
        ];
        let missing = items.into_iter().filter(|(_, _, missing)| *missing);
        missing.map(|(item, article, _)| Gap::Item { processing: self.key.clone(), item, article }).collect()
    }
}

const OUTSIDE: u8 = u8::MAX;

impl<T> Item<T> {
    /// Returns whether nobody has said anything.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing)
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uncovered { place, category } => {
                write!(f, "no processing covers {category} in {place} (Art. 15(1)(a))")
            }
            Self::Item { processing, item, article } => {
                write!(f, "{processing}: {item} is neither filled nor reasoned ({article})")
            }
        }
    }
}

/// Returns whether a category is another one or stands below it: `user.name.first` within `user.name`.
pub fn is_within(category: &str, broad: &str) -> bool {
    category.strip_prefix(broad).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Returns whether a category is one of people rather than of the system.
fn is_personal(category: &str) -> bool {
    is_within(category, "user")
}
