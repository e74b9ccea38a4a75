//! The types of values, and the fields of forms.

use serde::{Deserialize, Serialize};

/// The types of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// Yes or no.
    YesNo,
    /// A number.
    Number,
    /// A civil date.
    Date,
    /// Two civil dates, the second not before the first: `2026-01-01/2026-03-31`.
    DateRange,
    /// A country as an ISO 3166-1 alpha-2 code.
    Country,
    /// An entry of a custom list, by its key.
    Choice,
    /// Identifiers such as account or order numbers, one a line.
    Identifiers,
    /// A file that is sent along, by the id it is kept under.
    File,
    /// The records that were found; never asked on a form.
    Records,
    /// The decisions of a data review; never asked on a form.
    Decisions,
    /// A finished package; never asked on a form.
    Package,
    /// Corrections as they are planned; never asked on a form.
    Correction,
}

impl Kind {
    /// The types a person can fill in, by their names in flow files.
    pub const ASKED: [(&'static str, Self); 12] = [
        ("text", Self::Text),
        ("long_text", Self::LongText),
        ("phone", Self::Phone),
        ("email", Self::Email),
        ("yes_no", Self::YesNo),
        ("number", Self::Number),
        ("date", Self::Date),
        ("date_range", Self::DateRange),
        ("country", Self::Country),
        ("choice", Self::Choice),
        ("identifiers", Self::Identifiers),
        ("file", Self::File),
    ];

    /// Says whether a person can fill in a value of this type.
    pub fn can_be_asked(self) -> bool {
        !matches!(self, Self::Records | Self::Decisions | Self::Package | Self::Correction)
    }

    /// Returns the type's name in flow files; those never asked have none there.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::Decisions => "decisions",
            Self::Package => "package",
            Self::Correction => "correction",
            asked => Self::ASKED.iter().find(|(_, kind)| *kind == asked).map_or("text", |(name, _)| name),
        }
    }

    /// Returns the type's name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Text => "One line of text",
            Self::LongText => "Text",
            Self::Phone => "Phone number",
            Self::Email => "E-mail address",
            Self::YesNo => "Yes or no",
            Self::Number => "Number",
            Self::Date => "Date",
            Self::DateRange => "Period",
            Self::Country => "Country",
            Self::Choice => "Choice from a list",
            Self::Identifiers => "Identifiers",
            Self::File => "File",
            Self::Records => "Records that were found",
            Self::Decisions => "Decisions of a review",
            Self::Package => "Package",
            Self::Correction => "Corrections as planned",
        }
    }
}

/// A field of a form: what is asked of whoever makes the request, or of whoever does a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What people see. Equal labels of one flow are one field of its form.
    pub label: String,
    /// The type of the answer.
    pub kind: Kind,
    /// The custom list a choice is made from; none for other types.
    pub list: Option<String>,
    /// Whether an answer is demanded.
    pub is_required: bool,
}
