//! What a collection is still to be searched for, and for whom.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::Arc;

use crate::key::Key;

use super::routes::RouteId;

/// A person a key was found for, and the chain it came by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) subject: u32,
    pub(super) route: RouteId,
    pub(super) third_party: bool,
}

/// The keys of one lookup.
#[derive(Default)]
pub(super) struct Wanted {
    /// Keys in the order they came.
    order: Vec<Key>,
    entries: HashMap<Key, Entry>,
}

struct Entry {
    first: Owner,
    others: Vec<Owner>,
    /// The values of the parts, where there are several.
    parts: Option<Box<[Key]>>,
}

/// The keys of all lookups of one collection.
#[derive(Default)]
pub(super) struct Inbox {
    pub(super) lookups: Vec<Wanted>,
    /// What was asked before, in a cycle.
    asked: Option<Vec<HashSet<(u32, Key)>>>,
}

impl Inbox {
    pub(super) fn new(lookups: usize, repeats: bool) -> Self {
        let asked = repeats.then(|| (0..lookups).map(|_| HashSet::new()).collect());
        Self { lookups: (0..lookups).map(|_| Wanted::default()).collect(), asked }
    }

    /// Adds a key for a person. Of two chains for the same person the one that is their own stays.
    pub(super) fn add(&mut self, lookup: usize, parts: &[Key], owner: Owner) {
        let key = joined(parts);
        let asked = self.asked.as_mut().and_then(|asked| asked.get_mut(lookup));
        if asked.is_some_and(|asked| !asked.insert((owner.subject, Arc::clone(&key)))) {
            return;
        }
        if let Some(wanted) = self.lookups.get_mut(lookup) {
            wanted.add(key, parts, owner);
        }
    }

    /// Takes everything out that is to be searched for.
    pub(super) fn take(&mut self) -> Vec<Wanted> {
        self.lookups.iter_mut().map(std::mem::take).collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lookups.iter().all(Wanted::is_empty)
    }
}

impl Wanted {
    fn add(&mut self, key: Key, parts: &[Key], owner: Owner) {
        match self.entries.get_mut(&key) {
            None => {
                self.order.push(Arc::clone(&key));
                let parts = (parts.len() > 1).then(|| parts.into());
                self.entries.insert(key, Entry { first: owner, others: Vec::new(), parts });
            }
            Some(entry) => {
                let known = std::iter::once(&mut entry.first)
                    .chain(&mut entry.others)
                    .find(|known| known.subject == owner.subject);
                match known {
                    Some(known) if known.third_party && !owner.third_party => *known = owner,
                    Some(_) => {}
                    None => entry.others.push(owner),
                }
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    pub(super) fn keys(&self) -> &[Key] {
        &self.order
    }

    /// Returns the owners of a key.
    pub(super) fn owners(&self, key: &str) -> impl Iterator<Item = &Owner> {
        self.entries.get(key).into_iter().flat_map(|entry| std::iter::once(&entry.first).chain(&entry.others))
    }

    /// Returns the owners of all keys.
    pub(super) fn all_owners(&self) -> impl Iterator<Item = &Owner> {
        self.order.iter().flat_map(|key| self.owners(key))
    }

    /// Returns the values of one part of some keys, each once.
    pub(super) fn part(&self, keys: &[Key], part: usize) -> Vec<Key> {
        let mut seen = HashSet::new();
        let values = keys.iter().filter_map(|key| match self.entries.get(key)?.parts.as_deref() {
            Some(parts) => parts.get(part).cloned(),
            None => Some(Arc::clone(key)),
        });
        values.filter(|value| seen.insert(Arc::clone(value))).collect()
    }
}

/// Makes one key of the values of several parts. Lengths keep `a, bc` and `ab, c` apart.
pub(super) fn joined(parts: &[Key]) -> Key {
    if let [only] = parts {
        return Arc::clone(only);
    }
    let mut text = String::new();
    for part in parts {
        let _ = write!(text, "{}:{part}", part.len()); // a String takes everything
    }
    Key::from(text)
}
