//! A regulation: what an organisation calls a law it answers under, with the pack that computes its dates.
//!
//! The built-in ones stand in `regulations/`. An organisation adds its own from any law pack, its own packs
//! included.

use crate::yaml::{self, Cursor, Problem, Problems};

/// A law under which people ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regulation {
    /// Its name in definitions.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What it is, in a sentence or two.
    pub description: String,
    /// The law pack that computes its dates.
    pub law: String,
    /// Whether anything is offered under it.
    pub is_active: bool,
}

impl Regulation {
    /// Reads a regulation file.
    ///
    /// # Errors
    /// Every mistake with file, line and path.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let problems = Problems::new();
        let regulation =
            yaml::parse(file, text, &problems).and_then(|document| read(&document.root(&problems)));
        match regulation {
            Some(regulation) if !problems.has_errors() => Ok(regulation),
            Some(_) | None => Err(problems.into_vec()),
        }
    }

    /// Says whether its dates come from a pack that is none of those that come with the product: nobody but
    /// the organisation answers for it.
    pub fn has_own_pack(&self) -> bool {
        !crate::law::builtin().iter().any(|(id, _)| *id == self.law)
    }
}

fn read(at: &Cursor<'_>) -> Option<Regulation> {
    let mut map = at.mapping()?;
    let owned = |at: Cursor<'_>| at.name().map(str::to_owned);
    let name = map.require("regulation").and_then(owned);
    let title = map.require("title").and_then(owned);
    let description = map.take("description").and_then(owned).unwrap_or_default();
    let law = map.require("law").and_then(owned);
    let is_active = map.take("active").and_then(|at| at.boolean()).unwrap_or(true);
    map.finish();
    Some(Regulation { name: name?, title: title?, description, law: law?, is_active })
}

/// Returns name and text of each built-in regulation, sorted by name.
pub fn builtin() -> &'static [(&'static str, &'static str)] {
    &BUILTIN
}

const BUILTIN: [(&str, &str); 4] = [
    ("br-lgpd", include_str!("../../../../regulations/br-lgpd.yml")),
    ("eu-gdpr", include_str!("../../../../regulations/eu-gdpr.yml")),
    ("uk-gdpr", include_str!("../../../../regulations/uk-gdpr.yml")),
    ("us-ca", include_str!("../../../../regulations/us-ca.yml")),
];
