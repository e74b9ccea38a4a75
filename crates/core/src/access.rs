//! Roles and what they may do.
//!
//! A user's rights are the union of their roles' actions. Built-in roles are here; a flow's manual task
//! names the role whose members may take it.

use serde::{Deserialize, Serialize};

/// An act or a screen that a role grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// See lists and pages of requests, without what was found.
    SeeRequests,
    /// See the person's name and e-mail in lists.
    SeeSubjects,
    /// Look through the records that were found.
    SeeRecords,
    /// Mark records to give or exclude, and finish the review.
    Review,
    /// Take, release, save, complete and reject tasks of one's roles.
    DoTasks,
    /// Name a request's owner, take a task from somebody else.
    Assign,
    /// Refuse or close a request against the person's wish.
    Refuse,
    /// Prolong a request's legal date.
    Extend,
    /// Write to the person, add notes.
    Converse,
    /// Try a failed task again, explain a gap.
    RetryTask,
    /// See data sources and their health.
    SeeSources,
    /// Read the log.
    SeeLog,
    /// Read outgoing mails.
    SeeOutbox,
    /// Manage users.
    ManageUsers,
}

/// A built-in role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
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

impl Role {
    /// All built-in roles.
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

    /// Returns the role's name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Admin => "Administrator",
            Self::PrivacyOfficer => "Privacy officer",
            Self::Supervisor => "Supervisor",
            Self::CaseOwner => "Case owner",
            Self::Steward => "Steward",
            Self::Representative => "Representative",
            Self::SourceOwner => "Data source owner",
            Self::Auditor => "Auditor",
        }
    }

    /// Returns the role of that name.
    pub fn lookup(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }

    /// Says whether the role grants the action.
    pub fn grants(self, action: Action) -> bool {
        use Action::{
            Assign, Converse, DoTasks, Extend, ManageUsers, Refuse, RetryTask, Review, SeeLog, SeeRecords,
            SeeRequests, SeeSources, SeeSubjects,
        };
        match self {
            Self::Admin => true,
            Self::PrivacyOfficer => !matches!(action, ManageUsers),
            Self::Supervisor => matches!(
                action,
                SeeRequests | SeeSubjects | Assign | DoTasks | Converse | RetryTask | SeeSources | SeeLog
            ),
            Self::CaseOwner => matches!(
                action,
                SeeRequests
                    | SeeSubjects
                    | SeeRecords
                    | Review
                    | DoTasks
                    | Refuse
                    | Extend
                    | Converse
                    | RetryTask
                    | SeeSources
                    | SeeLog
            ),
            Self::Steward => {
                matches!(action, SeeRequests | SeeSubjects | SeeRecords | Review | DoTasks | Converse)
            }
            Self::Representative => matches!(action, SeeRequests | SeeSubjects | Converse),
            Self::SourceOwner => matches!(action, SeeSources | DoTasks),
            Self::Auditor => matches!(action, SeeRequests | SeeSources | SeeLog),
        }
    }
}

/// Says whether any of the roles grants the action.
pub fn may(roles: &[Role], action: Action) -> bool {
    roles.iter().any(|role| role.grants(action))
}

/// Says whether someone with these roles belongs to the team a task names.
pub fn belongs(roles: &[Role], team: Role) -> bool {
    roles.iter().any(|role| *role == team || *role == Role::Admin)
}
