//! Snippets: blocks of text that replies are put together from, with places for what differs.
//!
//! The places are a fixed list. What is filled in is never read for places again, so that nobody's words can
//! bring another's data in.

use crate::pii::Pii;
use crate::yaml::{self, Cursor, Problem, Problems};

/// No text is longer, in characters.
pub const LONGEST: usize = 5_000;

/// A block of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// Its name in definitions.
    pub name: String,
    /// What staff call it.
    pub title: String,
    /// The text with its places.
    pub text: String,
}

/// A place in a snippet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The person's name.
    Name,
    /// The request's reference.
    Reference,
    /// What was asked for, in the words it was offered in.
    Asked,
    /// The law it is answered under.
    Law,
    /// The day of receipt.
    ReceivedOn,
    /// The legal date.
    DueOn,
    /// The organisation's name.
    Organisation,
    /// Where people write to.
    ContactEmail,
}

impl Place {
    /// All places, in the order they are shown.
    pub const ALL: [Self; 8] = [
        Self::Name,
        Self::Reference,
        Self::Asked,
        Self::Law,
        Self::ReceivedOn,
        Self::DueOn,
        Self::Organisation,
        Self::ContactEmail,
    ];

    /// Returns the word that stands in braces.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Reference => "reference",
            Self::Asked => "asked",
            Self::Law => "law",
            Self::ReceivedOn => "received_on",
            Self::DueOn => "due_on",
            Self::Organisation => "organisation",
            Self::ContactEmail => "contact_email",
        }
    }

    /// Returns what stands there, for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Name => "the person's name",
            Self::Reference => "the reference",
            Self::Asked => "what was asked for",
            Self::Law => "the law",
            Self::ReceivedOn => "the day of receipt",
            Self::DueOn => "the legal date",
            Self::Organisation => "the organisation",
            Self::ContactEmail => "where to write to",
        }
    }
}

/// A piece of a text.
enum Piece<'a> {
    Words(&'a str),
    Place(Place),
    Unknown(&'a str),
}

/// Takes a text apart. A brace that opens no place is a brace.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        pieces.push(Piece::Words(before));
        let is_word =
            |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        if let Some((word, left)) = after.split_once('}').filter(|(word, _)| is_word(word)) {
            let place = Place::ALL.into_iter().find(|place| place.as_str() == word);
            pieces.push(place.map_or(Piece::Unknown(word), Piece::Place));
            rest = left;
        } else {
            pieces.push(Piece::Words("{"));
            rest = after;
        }
    }
    pieces.push(Piece::Words(rest));
    pieces
}

/// Fills a text in; what has no value at the moment becomes a dash, which a reader sees before sending.
pub fn fill(text: &str, value: impl Fn(Place) -> Option<String>) -> Pii<String> {
    let filled = pieces(text).into_iter().fold(String::new(), |mut filled, piece| {
        match piece {
            Piece::Words(words) => filled.push_str(words),
            Piece::Place(place) => filled.push_str(value(place).as_deref().unwrap_or("–")),
            Piece::Unknown(word) => {
                filled.push('{');
                filled.push_str(word);
                filled.push('}');
            }
        }
        filled
    });
    Pii::new(filled)
}

/// Returns the words in braces that are no places.
pub fn unknown_places(text: &str) -> Vec<&str> {
    let unknown = |piece| match piece {
        Piece::Unknown(word) => Some(word),
        Piece::Words(_) | Piece::Place(_) => None,
    };
    pieces(text).into_iter().filter_map(unknown).collect()
}

impl Snippet {
    /// Reads a snippet file.
    ///
    /// # Errors
    /// Every mistake with file, line and path.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let problems = Problems::new();
        let snippet = yaml::parse(file, text, &problems).and_then(|document| read(&document.root(&problems)));
        match snippet {
            Some(snippet) if !problems.has_errors() => Ok(snippet),
            Some(_) | None => Err(problems.into_vec()),
        }
    }

    /// Returns the snippet as a file: what [`Self::parse`] reads back.
    pub fn to_yaml(&self) -> String {
        let [name, title, text] = [&self.name, &self.title, &self.text].map(|part| yaml::quoted(part));
        format!("snippet: {name}\ntitle: {title}\ntext: {text}\n")
    }
}

fn read(at: &Cursor<'_>) -> Option<Snippet> {
    let mut map = at.mapping()?;
    let name = map.require("snippet").and_then(|at| {
        let name = at.name()?;
        if crate::list::is_key(name) {
            Some(name.to_owned())
        } else {
            at.mismatch("a name of at most 64 small letters, digits, '_' and '-'")
        }
    });
    let title = map.require("title").and_then(|at| {
        let title = at.name()?;
        let fits = title.chars().count() <= 100 && !title.contains(char::is_control);
        if fits { Some(title.to_owned()) } else { at.mismatch("one line of at most 100 characters") }
    });
    let text = map.require("text").and_then(|at| {
        let text = at.text()?;
        if text.trim().is_empty() || text.chars().count() > LONGEST {
            return at.mismatch("a text of at most 5000 characters");
        }
        for word in unknown_places(text) {
            let known = Place::ALL.map(Place::as_str).join(", ");
            at.report(format!("there is no place '{{{word}}}'; there are: {known}"));
        }
        Some(text.to_owned())
    });
    map.finish();
    Some(Snippet { name: name?, title: title?, text: text? })
}

#[cfg(test)]
mod tests;
