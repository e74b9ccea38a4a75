//! What databases compare when only we can compare exactly.
//!
//! Two spellings of an e-mail address, a telephone number or a name are the same after normalising, which
//! no database does as we do. So the database gives every row that may match, by these reduced forms, and
//! the executor keeps those that do. Each form must never lose a match.

#[cfg(test)]
mod tests;

/// How many last digits of telephone numbers are compared: country and area codes may be left out.
pub(crate) const TAIL: usize = 6;

/// The last digits of a telephone number.
pub(crate) fn tail(text: &str) -> String {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    digits.iter().skip(digits.len().saturating_sub(TAIL)).collect()
}

/// The plain letters and digits, in lower case.
pub(crate) fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The longest run of plain letters and digits.
pub(crate) fn run(text: &str) -> String {
    let runs = text.split(|c: char| !c.is_ascii_alphanumeric());
    runs.max_by_key(|run| run.len()).unwrap_or_default().to_owned()
}
