//! When a member of staff is away: they then get no new cases.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Days somebody is away, the first and the last included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Absence {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
}

/// Says whether a day lies in one of the absences.
pub fn is_absent(absences: &[Absence], day: Date) -> bool {
    absences.iter().any(|absence| (absence.from..=absence.until).contains(&day))
}
