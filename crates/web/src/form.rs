//! What a form sent: names and values, read once, within limits.
//!
//! The guard reads it in front of every POST handler to check the token; handlers take it from there.
//! A handler picks the fields it knows by name, so that a field it doesn't know changes nothing.

use std::collections::BTreeMap;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::error::{Error, Result};

/// No form has more fields.
const MOST_FIELDS: usize = 200;

/// The fields of a form, in the order sent.
#[derive(Clone, Default)]
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a form-encoded body; line ends become those of a plain text.
    pub(crate) fn parse(body: &[u8]) -> Result<Self> {
        let fields: Vec<(String, String)> = url::form_urlencoded::parse(body)
            .take(MOST_FIELDS + 1)
            .map(|(name, value)| (name.into_owned(), value.replace("\r\n", "\n")))
            .collect();
        if fields.len() > MOST_FIELDS { Err(Error::TooLarge) } else { Ok(Self(fields)) }
    }

    /// Returns the value of a field, without white space around it; empty where it wasn't sent. Sent
    /// twice, the first counts.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
    }

    /// Returns all values of a field, as checkboxes send them.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Returns all fields by name; the values of one that was sent several times joined by commas.
    pub(crate) fn joined(&self) -> BTreeMap<String, String> {
        let mut all: BTreeMap<String, String> = BTreeMap::new();
        for (name, value) in &self.0 {
            all.entry(name.clone())
                .and_modify(|known| {
                    known.push(',');
                    known.push_str(value);
                })
                .or_insert_with(|| value.clone());
        }
        all
    }

    /// Returns the values of the fields named, by name.
    pub(crate) fn pick<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> BTreeMap<String, String> {
        names.into_iter().map(|name| (name.to_owned(), self.text(name).to_owned())).collect()
    }
}

impl<S: Sync> FromRequestParts<S> for Form {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        parts.extensions.get::<Self>().cloned().ok_or(Error::Broken("no form"))
    }
}
