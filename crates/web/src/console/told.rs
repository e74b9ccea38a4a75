//! What is said after an act: on the page it leads to, or on the page it came from where it wasn't done.

use habeas_core::request::Denied;
use habeas_store as store;
use habeas_store::acts::ActError;
use serde::Deserialize;

use crate::error::{Error, Result};

/// What was just done, by a word in the address.
#[derive(Deserialize)]
pub(super) struct Told {
    #[serde(default)]
    told: String,
}

impl Told {
    /// Returns the sentence; words we don't know say nothing.
    pub(super) fn sentence(&self) -> Option<String> {
        let sentence = match self.told.as_str() {
            "taken" => "The task is yours",
            "released" => "The task is free again",
            "saved" => "Saved for later",
            "completed" => "The task is completed",
            "rejected" => "The task is rejected",
            "retried" => "It is tried again now",
            "excused" => "The source is left out, and the search is done again",
            "skipped" => "The task is left out, and the flow goes on",
            "file_added" => "The file is handed in",
            "file_removed" => "The file is gone",
            "owner_answered" => "Thank you: your answer is part of the reply",
            "source_excused" => "The source is left out, and the flow goes on",
            "noted" => "The note was added",
            "sent" => "The message was sent",
            "assigned" => "The owner was changed",
            "asked" => "The question is on its way",
            "answered" => "The answer is written down",
            "extended" => "The date was moved, and the person is told",
            "refused" => "The request is refused, and the person is told",
            "reopened" => "The request is open again, and the person is told",
            "reclassified" => "It is handled as another kind now, and the person is told",
            "split" => "A part is a request of its own now, and the person is told",
            "merged" => "It follows the other request now, and the person is told",
            "unmerged" => "It is answered by itself again, and the person is told",
            "spam" => "The request is marked as spam",
            "unspam" => "The mark is taken back",
            "held" => "The hold is placed and counts from now on",
            "lift_asked" => "A second person must agree before it is lifted",
            "lifted" => "The hold is lifted",
            "hold_kept" => "The hold stands",
            "approved" => "Approved: the reply is being built",
            "marked" => "Kept",
            "view_kept" => "The view is kept",
            "view_full" => "It was not kept: you have as many views of this list as there can be; forget one",
            "view_forgotten" => "The view is forgotten",
            "planned" => "The report is planned",
            "plans_full" => "It was not planned: there are as many mailed reports as there can be",
            "plan_dropped" => "The report is mailed no more",
            "too_long" => "The list is too long for one file: narrow it, by law or by date, and export again",
            "changed" => "The user was changed",
            "filed" => "The request is filed, and the person gets a receipt",
            "narrowed" => "Who may see it was set",
            "handed_over" => "The task was given on",
            "drafted" => "The draft was kept; it counts once it is published",
            "published" => "Published: it counts from now on",
            "dropped" => "The draft was thrown away",
            "retired" => "Retired: it counts no more",
            "kept" => "Saved",
            "switched_off" => "Switched off: people are no longer offered it",
            "undone" => "The last change is taken back",
            "copied" | "imported" | "begun" => "Here is the draft. Nothing uses it before it is published",
            "task_deleted" => "The task is deleted",
            "stage_deleted" => "The stage is deleted",
            _ => return None,
        };
        Some(sentence.to_owned())
    }
}

/// Parts what is to be said on the page from what has no page: an act that law, state or somebody else's
/// act stood against is explained where it was tried, and nothing typed is lost.
pub(super) fn refusal(error: impl Into<Error>) -> Result<String> {
    match error.into() {
        Error::Denied(Denied::NotAllowed) => Err(Error::NotFound),
        Error::Denied(denied) => Ok(capitalised(&denied.to_string())),
        Error::Store(store::Error::Conflict) => Ok(
            "Somebody else changed this at the same moment. What you see is the new state; do it again if \
             it still fits"
                .to_owned(),
        ),
        other => Err(other),
    }
}

/// Returns the sentence of an act that wasn't done; `None` where it was.
pub(super) fn outcome<T>(result: Result<T, ActError>) -> Result<Result<T, String>> {
    match result {
        Ok(done) => Ok(Ok(done)),
        Err(error) => refusal(error).map(Err),
    }
}

pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
