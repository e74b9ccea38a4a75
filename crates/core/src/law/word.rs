//! The fixed words of law: rights, obligations, events of the clock, marks.
//!
//! Each is one enum with one spelling, the same in packs, on the command line, in the log and in the API.
//! Names that laws and people use for the same right are taken as aliases when read from outside.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A word that isn't one of the known ones.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what} `{word}`{}", nearest.map(|near| format!(", did you mean `{near}`?")).unwrap_or_default())]
pub struct UnknownWord {
    /// What was expected: a right, an obligation, an event.
    pub what: &'static str,
    /// What was found.
    pub word: String,
    /// The known word most like it.
    pub nearest: Option<&'static str>,
}

/// What a person may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// A copy of the data.
    Access,
    /// The categories, purposes and recipients, without the data itself.
    Information,
    /// The data in a form another service can read.
    Portability,
    /// Correction of wrong or incomplete data.
    Rectification,
    /// Deletion.
    Erasure,
    /// Keeping the data without using it.
    Restriction,
    /// An end to a use of the data.
    Objection,
    /// An end to sale, sharing, targeted advertising or profiling.
    OptOut,
    /// Use of sensitive data only for what was asked for.
    LimitUse,
    /// Taking back a consent.
    ConsentWithdrawal,
    /// A person looking at an automated decision.
    HumanReview,
    /// A complaint to the organisation.
    Complaint,
    /// An appeal against a refusal.
    Appeal,
    /// Anything else.
    Other,
}

impl Right {
    /// All rights.
    pub const ALL: [Self; 14] = [
        Self::Access,
        Self::Information,
        Self::Portability,
        Self::Rectification,
        Self::Erasure,
        Self::Restriction,
        Self::Objection,
        Self::OptOut,
        Self::LimitUse,
        Self::ConsentWithdrawal,
        Self::HumanReview,
        Self::Complaint,
        Self::Appeal,
        Self::Other,
    ];

    /// Returns the word used in packs, URLs and the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Information => "information",
            Self::Portability => "portability",
            Self::Rectification => "rectification",
            Self::Erasure => "erasure",
            Self::Restriction => "restriction",
            Self::Objection => "objection",
            Self::OptOut => "opt_out",
            Self::LimitUse => "limit_use",
            Self::ConsentWithdrawal => "consent_withdrawal",
            Self::HumanReview => "human_review",
            Self::Complaint => "complaint",
            Self::Appeal => "appeal",
            Self::Other => "other",
        }
    }

    /// Names laws use for the same right.
    const ALIASES: [(&'static str, Self); 58] = [
        ("know", Self::Access),
        ("know_specific_pieces", Self::Access),
        ("disclosure", Self::Access),
        ("confirmation", Self::Access),
        ("know_categories", Self::Information),
        ("data_portability", Self::Portability),
        ("correct", Self::Rectification),
        ("correction", Self::Rectification),
        ("rectify", Self::Rectification),
        ("delete", Self::Erasure),
        ("deletion", Self::Erasure),
        ("erase", Self::Erasure),
        ("restrict", Self::Restriction),
        ("object", Self::Objection),
        ("objection_direct_marketing", Self::Objection),
        ("opt_out_sale", Self::OptOut),
        ("opt_out_sale_sharing", Self::OptOut),
        ("opt_out_targeted_advertising", Self::OptOut),
        ("do_not_sell", Self::OptOut),
        ("limit", Self::LimitUse),
        ("limit_sensitive", Self::LimitUse),
        ("withdraw_consent", Self::ConsentWithdrawal),
        ("consent_revocation", Self::ConsentWithdrawal),
        ("adm_human_review", Self::HumanReview),
        ("complain", Self::Complaint),
        ("grievance", Self::Complaint),
        ("recipient_notification", Self::Other),
        ("opt_in_after_opt_out", Self::Other),
        ("nomination", Self::Other),
        ("deceased", Self::Other),
        ("adm_safeguards", Self::HumanReview),
        ("adm_review", Self::HumanReview),
        ("adm_information", Self::HumanReview),
        ("adm_refusal_explanation", Self::HumanReview),
        ("admt_opt_out", Self::HumanReview),
        ("admt_access", Self::HumanReview),
        ("erasure_restriction", Self::Erasure),
        ("anonymise_block_delete", Self::Erasure),
        ("delete_consented", Self::Erasure),
        ("cease_use_delete", Self::Erasure),
        ("sharing_information", Self::Information),
        ("consent_refusal_information", Self::Information),
        ("third_party_record_disclosure", Self::Information),
        ("know_decide", Self::Information),
        ("explain", Self::Information),
        ("deindexing", Self::Objection),
        ("correction_deletion", Self::Rectification),
        ("correction_erasure", Self::Rectification),
        ("correction_completion_update_erasure", Self::Rectification),
        ("associate_statement", Self::Rectification),
        ("statement_of_correction", Self::Rectification),
        ("access_summary", Self::Access),
        ("access_copy_port", Self::Access),
        ("confirmation_access", Self::Access),
        ("transmission", Self::Portability),
        ("suspension", Self::Restriction),
        ("suspension_consent_withdrawal", Self::Restriction),
        ("opt_out_profiling", Self::OptOut),
    ];
}

impl FromStr for Right {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let word = fold(text);
        let alias = || Self::ALIASES.iter().find(|(name, _)| *name == word).map(|(_, right)| *right);
        let known = Self::ALL.into_iter().find(|right| right.as_str() == word).or_else(alias);
        known.ok_or_else(|| {
            let names = Self::ALL.iter().map(|right| right.as_str());
            unknown("right", text, names.chain(Self::ALIASES.iter().map(|(name, _)| *name)))
        })
    }
}

impl fmt::Display for Right {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A duty with a date of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obligation {
    /// Answering the request.
    Response,
    /// Confirming its receipt.
    Acknowledgement,
    /// Putting an opt-out into effect.
    OptOut,
    /// Telling why nothing is done.
    RefusalNotice,
    /// Telling that more time is taken.
    ExtensionNotice,
    /// Confirming the receipt of a complaint.
    ComplaintAcknowledgement,
    /// Answering an appeal.
    AppealResponse,
    /// Keeping the record of the request.
    RecordRetentionUntil,
    /// Asking a deletion platform for new requests.
    NextPoll,
    /// Settling a grievance.
    Grievance,
    /// Passing a request on to whoever holds the data.
    Transfer,
    /// Telling when the answer will come.
    DelayNotice,
    /// Putting a limit on sensitive data into effect.
    Limit,
    /// Ending what rested on a consent.
    ConsentRevocation,
}

impl Obligation {
    /// All obligations.
    pub const ALL: [Self; 14] = [
        Self::Response,
        Self::Acknowledgement,
        Self::OptOut,
        Self::RefusalNotice,
        Self::ExtensionNotice,
        Self::ComplaintAcknowledgement,
        Self::AppealResponse,
        Self::RecordRetentionUntil,
        Self::NextPoll,
        Self::Grievance,
        Self::Transfer,
        Self::DelayNotice,
        Self::Limit,
        Self::ConsentRevocation,
    ];

    /// Returns the word used in packs, on the command line and in the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Response => "response",
            Self::Acknowledgement => "acknowledgement",
            Self::OptOut => "opt_out",
            Self::RefusalNotice => "refusal_notice",
            Self::ExtensionNotice => "extension_notice",
            Self::ComplaintAcknowledgement => "complaint_acknowledgement",
            Self::AppealResponse => "appeal_response",
            Self::RecordRetentionUntil => "record_retention_until",
            Self::NextPoll => "next_poll",
            Self::Grievance => "grievance",
            Self::Transfer => "transfer",
            Self::DelayNotice => "delay_notice",
            Self::Limit => "limit",
            Self::ConsentRevocation => "consent_revocation",
        }
    }
}

impl FromStr for Obligation {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let word = fold(text);
        let known = Self::ALL.into_iter().find(|obligation| obligation.as_str() == word);
        known.ok_or_else(|| {
            unknown("obligation", text, Self::ALL.iter().map(|obligation| obligation.as_str()))
        })
    }
}

impl fmt::Display for Obligation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something that happened to a request and that a law may count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The person was asked who they are.
    IdentityRequested,
    /// What was asked for to prove it came in.
    IdentityReceived,
    /// A fee was demanded.
    FeeRequested,
    /// It was paid.
    FeePaid,
    /// The amount of a fee was announced, so that the person may think it over.
    FeeAnnounced,
    /// The person wants the request in spite of the fee.
    FeeConfirmed,
    /// The person was asked what the request is about.
    ClarificationRequested,
    /// They answered.
    ClarificationReceived,
    /// The person was told that more time is taken, and why.
    ExtensionNotified,
    /// The person was asked in which form they want the data.
    QuestionAboutFormat,
    /// They answered.
    AnswerAboutFormat,
    /// The request reached those who handle requests.
    ForwardedToPrivacyTeam,
    /// The request was answered.
    Answered,
    /// The person took the request back.
    Withdrawn,
}

impl EventKind {
    /// All kinds of events.
    pub const ALL: [Self; 14] = [
        Self::IdentityRequested,
        Self::IdentityReceived,
        Self::FeeRequested,
        Self::FeePaid,
        Self::FeeAnnounced,
        Self::FeeConfirmed,
        Self::ClarificationRequested,
        Self::ClarificationReceived,
        Self::ExtensionNotified,
        Self::QuestionAboutFormat,
        Self::AnswerAboutFormat,
        Self::ForwardedToPrivacyTeam,
        Self::Answered,
        Self::Withdrawn,
    ];

    /// Returns the word used in packs, on the command line and in the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IdentityRequested => "identity_requested",
            Self::IdentityReceived => "identity_received",
            Self::FeeRequested => "fee_requested",
            Self::FeePaid => "fee_paid",
            Self::FeeAnnounced => "fee_announced",
            Self::FeeConfirmed => "fee_confirmed",
            Self::ClarificationRequested => "clarification_requested",
            Self::ClarificationReceived => "clarification_received",
            Self::ExtensionNotified => "extension_notified",
            Self::QuestionAboutFormat => "question_about_format",
            Self::AnswerAboutFormat => "answer_about_format",
            Self::ForwardedToPrivacyTeam => "forwarded_to_privacy_team",
            Self::Answered => "answered",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl FromStr for EventKind {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let word = fold(text);
        let known = Self::ALL.into_iter().find(|kind| kind.as_str() == word);
        known.ok_or_else(|| unknown("event", text, Self::ALL.iter().map(|kind| kind.as_str())))
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a rule came into the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verified {
    /// The source was read.
    Seen,
    /// Written from knowledge: to be checked by counsel.
    Recalled,
}

/// Whether a law binds already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It binds.
    InForce,
    /// It is enacted and will bind.
    Future,
}

/// Takes `Opt-Out` for `opt_out`.
fn fold(text: &str) -> String {
    text.trim().to_ascii_lowercase().replace(['-', ' '], "_")
}

fn unknown(what: &'static str, word: &str, names: impl Iterator<Item = &'static str>) -> UnknownWord {
    UnknownWord { what, word: word.chars().take(60).collect(), nearest: nearest(&fold(word), names) }
}

/// Returns the name most like the word, if one is like it at all.
pub(crate) fn nearest<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    names
        .map(|name| (strsim::jaro_winkler(word, name), name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, name)| name)
}
