//! The reports there are, as pages, files, mails and commands name them.

use jiff::civil::Date;

use super::Period;

/// A report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Report {
    /// Charts of a period.
    Overview,
    /// Counts per law, right and month.
    Metrics,
    /// Who has how much to do now.
    Team,
    /// A line a request.
    Register,
    /// California's table of a year.
    Ccpa,
}

impl Report {
    /// All of them, in the order shown.
    pub const ALL: [Self; 5] = [Self::Overview, Self::Metrics, Self::Team, Self::Register, Self::Ccpa];

    /// Returns its name in addresses and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Metrics => "metrics",
            Self::Team => "team",
            Self::Register => "register",
            Self::Ccpa => "ccpa",
        }
    }

    /// Returns its name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Overview => "How it goes",
            Self::Metrics => "By law and month",
            Self::Team => "Who has what",
            Self::Register => "Register of requests",
            Self::Ccpa => "California, § 7102",
        }
    }

    /// Returns the report of that name.
    pub fn lookup(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|report| report.name() == name)
    }

    /// Returns the period it covers where none was chosen.
    pub fn usual(self, today: Date) -> Period {
        match self {
            Self::Overview | Self::Team => Period::last_days(today, 30),
            Self::Metrics | Self::Register | Self::Ccpa => Period::year(today),
        }
    }

    /// Returns its address in the console; what is counted now has no period.
    pub fn path(self, period: &Period) -> String {
        match self {
            Self::Team => "/console/reports/team/now".to_owned(),
            Self::Overview | Self::Metrics | Self::Register | Self::Ccpa => {
                format!("/console/reports/{}/{period}", self.name())
            }
        }
    }
}
