//! The one CSV writer.
//!
//! RFC 4180 with CRLF line ends, and every field that a spreadsheet would run as a formula is made text
//! by a leading apostrophe. Whoever needs the exact value reads the JSON beside it. Nothing else in the
//! tree writes CSV.

use std::borrow::Cow;
use std::io::{self, Write};

#[cfg(test)]
mod tests;

/// Writes rows of text fields.
pub struct Writer<W: Write>(csv::Writer<W>);

impl<W: Write> Writer<W> {
    /// Starts a file; the first row written is its header.
    pub fn new(out: W) -> Self {
        let mut builder = csv::WriterBuilder::new();
        builder.terminator(csv::Terminator::CRLF).flexible(false);
        Self(builder.from_writer(out))
    }

    /// Writes one row, each field neutralised and quoted where it must be.
    ///
    /// # Errors
    /// Fails when the writer below fails or the row has another length than the first one.
    pub fn row<I, F>(&mut self, fields: I) -> io::Result<()>
    where
        I: IntoIterator<Item = F>,
        F: AsRef<str>,
    {
        for field in fields {
            self.0.write_field(neutralised(field.as_ref()).as_ref()).map_err(into_io)?;
        }
        self.0.write_record(None::<&[u8]>).map_err(into_io)
    }

    /// Flushes what is buffered to the writer below.
    ///
    /// # Errors
    /// Fails when the writer below fails.
    pub fn finish(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Puts an apostrophe before a field that spreadsheets would take for a formula.
///
/// The full-width signs count too: some programs fold them to the plain ones before they look. So does the
/// mark of byte order: at the start of a file readers drop it, and what stood behind it comes first.
pub fn neutralised(field: &str) -> Cow<'_, str> {
    match field.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\0' | '＝' | '＋' | '－' | '＠' | '\u{feff}') => {
            Cow::Owned(format!("'{field}"))
        }
        _ => Cow::Borrowed(field),
    }
}

fn into_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(cause) => cause,
        _ => io::Error::new(io::ErrorKind::InvalidInput, "rows of a table differ in length"),
    }
}
