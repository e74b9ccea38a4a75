//! Operations: what automatic tasks do, with the types of what they take and give.
//!
//! What is said of an operation stands in one place for each, so that a new one is a row here, its decision in
//! `request`, and a file in the engine.

use serde::{Deserialize, Serialize};

use super::Kind;

/// What an automatic task does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Sends the receipt with reference, date and next steps.
    Acknowledge,
    /// Links open requests of the same person and activity.
    CheckDuplicates,
    /// Tells which sources know the person.
    ResolveSubject,
    /// Sends a code and waits until it is entered.
    VerifyIdentity,
    /// Asks the person something and waits for the answer.
    AskSubject,
    /// Asks the owners of sources to look for themselves, and waits for their answers.
    AskOwner,
    /// Gathers the person's records from every source.
    Collect,
    /// Makes the archive.
    BuildPackage,
    /// Makes the archive available and tells the person.
    Deliver,
    /// Answers the person in a steward's words.
    Reply,
    /// Sends the person a mail.
    SendMail,
    /// Sends a team a mail.
    NotifyRole,
    /// Proposes more time to a person, where the law gives it.
    Extend,
    /// Plans what is to be corrected where, for a person to approve.
    PlanRectification,
    /// Corrects as planned and approved.
    Rectify,
    /// Lists the recipients of the data, and waits until each is told or left out with a reason.
    NotifyRecipients,
    /// Ends the request once it is answered.
    Close,
}

/// What is fixed about an operation.
struct Facts {
    operation: Operation,
    name: &'static str,
    title: &'static str,
    /// Name, type, and whether it must be given.
    inputs: &'static [(&'static str, Kind, bool)],
    outputs: &'static [(&'static str, Kind)],
}

const FACTS: [Facts; 17] = [
    Facts {
        operation: Operation::Acknowledge,
        name: "acknowledge",
        title: "Send the receipt",
        inputs: &[("address", Kind::Email, false)],
        outputs: &[],
    },
    Facts {
        operation: Operation::CheckDuplicates,
        name: "check_duplicates",
        title: "Look for open requests of the same person",
        inputs: &[],
        outputs: &[("count", Kind::Number)],
    },
    Facts {
        operation: Operation::ResolveSubject,
        name: "resolve_subject",
        title: "Find out which sources know the person",
        inputs: &[],
        outputs: &[("count", Kind::Number), ("sources", Kind::LongText)],
    },
    Facts {
        operation: Operation::VerifyIdentity,
        name: "verify_identity",
        title: "Prove identity",
        inputs: &[("address", Kind::Email, false)],
        outputs: &[],
    },
    Facts {
        operation: Operation::AskSubject,
        name: "ask_subject",
        title: "Ask the person and wait for the answer",
        inputs: &[("question", Kind::LongText, true), ("why", Kind::LongText, false)],
        outputs: &[("answer", Kind::LongText)],
    },
    Facts {
        operation: Operation::AskOwner,
        name: "ask_owner",
        title: "Ask the owners of sources without a connection",
        inputs: &[("sources", Kind::LongText, false)],
        outputs: &[("count", Kind::Number), ("holding", Kind::Number)],
    },
    Facts {
        operation: Operation::Collect,
        name: "collect",
        title: "Gather the data from every source",
        inputs: &[],
        outputs: &[("records", Kind::Records)],
    },
    Facts {
        operation: Operation::BuildPackage,
        name: "build_package",
        title: "Make the archive",
        inputs: &[("records", Kind::Records, true), ("decisions", Kind::Decisions, false)],
        outputs: &[("package", Kind::Package)],
    },
    Facts {
        operation: Operation::Deliver,
        name: "deliver",
        title: "Hand the archive over and tell the person",
        inputs: &[("package", Kind::Package, true)],
        outputs: &[],
    },
    Facts {
        operation: Operation::Reply,
        name: "reply",
        title: "Answer the person in a steward's words",
        inputs: &[("text", Kind::LongText, true)],
        outputs: &[],
    },
    Facts {
        operation: Operation::SendMail,
        name: "send_mail",
        title: "Send the person a mail",
        inputs: &[("subject", Kind::Text, true), ("text", Kind::LongText, true)],
        outputs: &[],
    },
    Facts {
        operation: Operation::NotifyRole,
        name: "notify_role",
        title: "Send a team a mail",
        inputs: &[("role", Kind::Text, true), ("text", Kind::LongText, true)],
        outputs: &[],
    },
    Facts {
        operation: Operation::Extend,
        name: "extend",
        title: "Propose more time to a person",
        inputs: &[],
        outputs: &[("proposed", Kind::YesNo)],
    },
    Facts {
        operation: Operation::PlanRectification,
        name: "plan_rectification",
        title: "Plan what is to be corrected in every source",
        inputs: &[
            ("first_name", Kind::Text, false),
            ("last_name", Kind::Text, false),
            ("name", Kind::Text, false),
            ("email", Kind::Email, false),
            ("phone", Kind::Phone, false),
            ("street", Kind::Text, false),
            ("postal_code", Kind::Text, false),
            ("city", Kind::Text, false),
            ("country", Kind::Text, false),
            ("date_of_birth", Kind::Date, false),
            ("changes", Kind::LongText, false),
        ],
        outputs: &[("plan", Kind::Correction), ("count", Kind::Number), ("open", Kind::Number)],
    },
    Facts {
        operation: Operation::Rectify,
        name: "rectify",
        title: "Correct as planned and read back",
        inputs: &[("plan", Kind::Correction, true)],
        outputs: &[("count", Kind::Number)],
    },
    Facts {
        operation: Operation::NotifyRecipients,
        name: "notify_recipients",
        title: "Tell the recipients of the data",
        inputs: &[("statement", Kind::LongText, false)],
        outputs: &[("count", Kind::Number), ("told", Kind::Number)],
    },
    Facts { operation: Operation::Close, name: "close", title: "End the request", inputs: &[], outputs: &[] },
];

impl Operation {
    /// All operations, in the order in which they are usually done.
    pub const ALL: [Self; 17] = [
        Self::Acknowledge,
        Self::CheckDuplicates,
        Self::ResolveSubject,
        Self::VerifyIdentity,
        Self::AskSubject,
        Self::AskOwner,
        Self::Collect,
        Self::BuildPackage,
        Self::Deliver,
        Self::Reply,
        Self::SendMail,
        Self::NotifyRole,
        Self::Extend,
        Self::PlanRectification,
        Self::Rectify,
        Self::NotifyRecipients,
        Self::Close,
    ];

    /// Returns the operation's name in flow files.
    pub fn as_str(self) -> &'static str {
        self.facts().map_or("", |facts| facts.name)
    }

    /// Returns the operation's name for people.
    pub fn title(self) -> &'static str {
        self.facts().map_or("", |facts| facts.title)
    }

    /// Returns the inputs it takes: name, type and whether it must be given.
    pub fn inputs(self) -> &'static [(&'static str, Kind, bool)] {
        self.facts().map_or(&[], |facts| facts.inputs)
    }

    /// Returns the outputs it gives: name and type.
    pub fn outputs(self) -> &'static [(&'static str, Kind)] {
        self.facts().map_or(&[], |facts| facts.outputs)
    }

    /// Says whether it answers the person: every flow has such an operation at its end.
    pub fn replies(self) -> bool {
        matches!(self, Self::Deliver | Self::Reply)
    }

    /// Says whether its texts go into mails, which hold no data about a person: they stand in the flow itself.
    pub fn mails_its_inputs(self) -> bool {
        matches!(self, Self::SendMail | Self::NotifyRole)
    }

    fn facts(self) -> Option<&'static Facts> {
        FACTS.iter().find(|facts| facts.operation == self)
    }
}
