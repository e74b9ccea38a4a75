//! What roles grant: acts and screens, by the part of the console they belong to.

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
    /// Do the tasks of every team.
    DoAnyTask,
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
    /// Search every source for a person, and file a request for them.
    FileRequests,
    /// Narrow who may see a request, and see those that were narrowed.
    Narrow,
    /// Open a request again, take it as another kind, part it, answer it together with another.
    Reshape,
    /// Set a request aside as spam, and take that back.
    MarkSpam,
    /// Enter time worked on a request.
    LogTime,
    /// See legal holds.
    SeeHolds,
    /// Place legal holds and lift them.
    ManageHolds,
    /// Write the blocks of text that replies are put together from.
    ManageSnippets,
    /// See reports and take them along as files.
    SeeReports,
    /// See data sources and their health.
    SeeSources,
    /// Read the log.
    SeeLog,
    /// Read outgoing mails.
    SeeOutbox,
    /// See activities, flows, laws, calendars and other definitions.
    SeeDefinitions,
    /// Write drafts of definitions.
    EditDefinitions,
    /// Publish and retire definitions: what requests are answered by.
    PublishDefinitions,
    /// Manage users and roles.
    ManageUsers,
    /// Manage the lists that choices come from, and who answers for new requests.
    ManageLists,
}

/// A part of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// Requests and the people behind them.
    Requests,
    /// What was found about people.
    Records,
    /// Work in flows.
    Tasks,
    /// Data sources, the log, mails.
    Running,
    /// How the installation is set up.
    Setup,
}

impl Area {
    /// All parts, in the order they are shown in.
    pub const ALL: &'static [Self] =
        &[Self::Requests, Self::Records, Self::Tasks, Self::Running, Self::Setup];

    /// Returns what people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Requests => "Requests",
            Self::Records => "Records",
            Self::Tasks => "Tasks",
            Self::Running => "Sources, log and mails",
            Self::Setup => "Setting up",
        }
    }
}

impl Action {
    /// All actions, in the order they are shown in.
    pub const ALL: &'static [Self] = &[
        Self::SeeRequests,
        Self::SeeSubjects,
        Self::Converse,
        Self::Extend,
        Self::Refuse,
        Self::Assign,
        Self::FileRequests,
        Self::Narrow,
        Self::Reshape,
        Self::MarkSpam,
        Self::LogTime,
        Self::SeeHolds,
        Self::ManageHolds,
        Self::SeeRecords,
        Self::Review,
        Self::DoTasks,
        Self::DoAnyTask,
        Self::RetryTask,
        Self::SeeReports,
        Self::SeeSources,
        Self::SeeLog,
        Self::SeeOutbox,
        Self::SeeDefinitions,
        Self::EditDefinitions,
        Self::PublishDefinitions,
        Self::ManageUsers,
        Self::ManageLists,
        Self::ManageSnippets,
    ];

    /// Returns the action's name in role files.
    pub fn as_str(self) -> &'static str {
        self.about().0
    }

    /// Returns the part of the console it belongs to.
    pub fn area(self) -> Area {
        self.about().1
    }

    /// Returns what it allows, for people.
    pub fn title(self) -> &'static str {
        self.about().2
    }

    /// Returns the action of that name.
    pub fn lookup(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.as_str() == name)
    }

    fn about(self) -> (&'static str, Area, &'static str) {
        match self {
            Self::SeeRequests => ("see_requests", Area::Requests, "See requests, without what was found"),
            Self::SeeSubjects => ("see_subjects", Area::Requests, "See who asks; without it they are masked"),
            Self::Converse => ("converse", Area::Requests, "Write to the person, add notes"),
            Self::Extend => ("extend", Area::Requests, "Prolong the legal date"),
            Self::Refuse => ("refuse", Area::Requests, "Refuse or close against the person's wish"),
            Self::Assign => ("assign", Area::Requests, "Name case owners, take tasks from others"),
            Self::FileRequests => ("file_requests", Area::Requests, "Find people and file requests for them"),
            Self::Narrow => ("narrow", Area::Requests, "Narrow who may see a request"),
            Self::Reshape => ("reshape", Area::Requests, "Reopen, reclassify, split and merge requests"),
            Self::MarkSpam => ("mark_spam", Area::Requests, "Mark requests as spam, and take it back"),
            Self::LogTime => ("log_time", Area::Requests, "Enter time worked"),
            Self::SeeHolds => ("see_holds", Area::Requests, "See legal holds"),
            Self::ManageHolds => ("manage_holds", Area::Requests, "Place and lift legal holds"),
            Self::SeeRecords => ("see_records", Area::Records, "Look through what was found"),
            Self::Review => ("review", Area::Records, "Decide what is given and finish the review"),
            Self::DoTasks => ("do_tasks", Area::Tasks, "Do the tasks of their roles"),
            Self::DoAnyTask => ("do_any_task", Area::Tasks, "Do the tasks of every role"),
            Self::RetryTask => ("retry_task", Area::Tasks, "Try failed tasks again, explain gaps"),
            Self::SeeReports => ("see_reports", Area::Running, "See reports and export them"),
            Self::SeeSources => ("see_sources", Area::Running, "See data sources and how they are"),
            Self::SeeLog => ("see_log", Area::Running, "Read the log"),
            Self::SeeOutbox => ("see_outbox", Area::Running, "Read outgoing mails"),
            Self::SeeDefinitions => {
                ("see_definitions", Area::Setup, "See activities, flows, laws and calendars")
            }
            Self::EditDefinitions => {
                ("edit_definitions", Area::Setup, "Write drafts of activities and flows")
            }
            Self::PublishDefinitions => {
                ("publish_definitions", Area::Setup, "Publish and retire activities and flows")
            }
            Self::ManageUsers => ("manage_users", Area::Setup, "Manage users and roles"),
            Self::ManageSnippets => ("manage_snippets", Area::Setup, "Write the text blocks of replies"),
            Self::ManageLists => ("manage_lists", Area::Setup, "Manage lists and how requests are assigned"),
        }
    }
}
