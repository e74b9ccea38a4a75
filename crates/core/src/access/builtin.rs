//! The roles that come with the product, as text; a server imports them as versions of definitions.

use super::RoleName;

/// A role the product itself names: by what it is meant for, not by what it grants today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Builtin {
    /// Sets the system up; everything.
    Admin,
    /// Watches, advises, decides on refusals.
    PrivacyOfficer,
    /// Assigns work and sees how it goes.
    Supervisor,
    /// Answers for one request from start to end.
    CaseOwner,
    /// Does the manual tasks of a role.
    Steward,
    /// Files requests for people.
    Representative,
    /// Answers for one data source.
    SourceOwner,
    /// Reads, changes nothing.
    Auditor,
}

impl Builtin {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Admin,
        Self::PrivacyOfficer,
        Self::Supervisor,
        Self::CaseOwner,
        Self::Steward,
        Self::Representative,
        Self::SourceOwner,
        Self::Auditor,
    ];

    /// Returns the role's name in definitions and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::PrivacyOfficer => "privacy_officer",
            Self::Supervisor => "supervisor",
            Self::CaseOwner => "case_owner",
            Self::Steward => "steward",
            Self::Representative => "representative",
            Self::SourceOwner => "source_owner",
            Self::Auditor => "auditor",
        }
    }

    /// Returns the role's name.
    pub fn name(self) -> RoleName {
        RoleName::known(self.as_str())
    }

    /// Returns the role's text.
    pub fn text(self) -> &'static str {
        match self {
            Self::Admin => include_str!("../../../../roles/admin.yml"),
            Self::PrivacyOfficer => include_str!("../../../../roles/privacy_officer.yml"),
            Self::Supervisor => include_str!("../../../../roles/supervisor.yml"),
            Self::CaseOwner => include_str!("../../../../roles/case_owner.yml"),
            Self::Steward => include_str!("../../../../roles/steward.yml"),
            Self::Representative => include_str!("../../../../roles/representative.yml"),
            Self::SourceOwner => include_str!("../../../../roles/source_owner.yml"),
            Self::Auditor => include_str!("../../../../roles/auditor.yml"),
        }
    }
}

/// Returns name and text of each built-in role.
pub fn builtin() -> impl Iterator<Item = (&'static str, &'static str)> {
    Builtin::ALL.into_iter().map(|role| (role.as_str(), role.text()))
}
