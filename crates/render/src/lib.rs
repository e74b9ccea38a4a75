//! Pages, mails and packages for people, from plain data.
//!
//! Everything a person sees is made here, escaped at the last step. What goes in is plain data (strings,
//! numbers, dates, small enums); what comes out is text or bytes. Nothing here knows the store, the
//! law or the web server.

pub mod asset;
pub mod csv;
pub mod ics;
pub mod mail;
pub mod package;
pub mod page;
pub mod process;
#[cfg(test)]
mod reader;
pub mod text;

/// A template that could not be rendered.
#[derive(Debug, thiserror::Error)]
#[error("failed to render {name}")]
pub struct Error {
    /// The template's path.
    pub name: &'static str,
    #[source]
    source: askama::Error,
}

impl Error {
    pub(crate) fn new(name: &'static str, source: askama::Error) -> Self {
        Self { name, source }
    }
}
