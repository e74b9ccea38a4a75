//! Ways to bring two spellings of an identity into one form.

use serde::Serialize;

/// How values are brought into one form before they are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Normaliser {
    /// E-mail addresses: surrounding blanks dropped, lower case.
    Email,
    /// Telephone numbers: E.164 (`+` and digits).
    Phone,
    /// Names: surrounding and repeated blanks dropped, lower case.
    Name,
}
