//! Ways to bring two spellings of an identity into one form.
//!
//! Two values are the same when their forms are. A form never makes two people one: it drops only what
//! people and programs vary in writing the same thing (case, blanks, punctuation of numbers), nothing that
//! tells two addresses apart at some provider (dots, `+tags`).

#[cfg(test)]
mod tests;

use serde::Serialize;

/// How values are brought into one form before they are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Normaliser {
    /// E-mail addresses: surrounding blanks dropped, lower case.
    Email,
    /// Telephone numbers: `+` and digits as in E.164; `00` at the start is read as `+`. A number without a
    /// country code stays without, and is the same only as another without.
    Phone,
    /// Names: surrounding and repeated blanks dropped, lower case.
    Name,
}

impl Normaliser {
    /// Returns the one form of a value; empty where nothing is left that could be compared.
    pub fn apply(self, value: &str) -> String {
        match self {
            Self::Email => value.trim().to_lowercase(),
            Self::Phone => phone(value),
            Self::Name => value.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase(),
        }
    }
}

/// Returns the spellings under which a value may stand in a source that is searched exactly: as given
/// and, for e-mail addresses, in lower case. So an index still serves and a capital letter doesn't hide
/// a person.
pub fn spellings(kind: &str, value: &str) -> Vec<String> {
    let trimmed = value.trim();
    let mut spellings = vec![trimmed.to_owned()];
    let other = match kind {
        "email" => Normaliser::Email.apply(trimmed),
        "phone" | "phone_number" => Normaliser::Phone.apply(trimmed),
        _ => String::new(),
    };
    if !other.is_empty() && other != trimmed {
        spellings.push(other);
    }
    spellings
}

fn phone(value: &str) -> String {
    let value = value.trim();
    // "(0)" stands for the digit dialled inside the country only.
    let value = value.replace("(0)", "");
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    if value.starts_with('+') {
        format!("+{digits}")
    } else if let Some(rest) = digits.strip_prefix("00") {
        format!("+{rest}")
    } else {
        digits
    }
}
