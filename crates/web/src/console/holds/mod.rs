//! Legal holds: list, placing, lifting. What is decided is core's, who did what stands in the system's chain.

pub(super) mod hold;
pub(super) mod list;
pub(super) mod new;

use habeas_core::access::{self, Action};
use habeas_core::hold::{Hold, Scope};
use habeas_core::request::IndexKind;
use habeas_render::page::part::{Badge, Tone};
use habeas_render::text;
use habeas_store::requests::Scope as Sight;
use jiff::civil::Date;

use crate::guard::Staff;

/// Returns the entities whose holds the reader sees; none for all.
fn entities(staff: &Staff) -> Option<Vec<String>> {
    match &staff.scope {
        Sight::Everything => None,
        Sight::Staff(sight) => sight.entities.clone(),
        Sight::Request(_) => Some(Vec::new()),
    }
}

/// Returns what a hold freezes; a person's identity is masked where the reader may not see persons.
pub(super) fn what(staff: &Staff, hold: &Hold) -> String {
    match &hold.scope {
        Scope::Subject(term) => {
            let value = term.value.reveal();
            match term.kind {
                _ if access::may(&staff.roles, Action::SeeSubjects) => value.clone(),
                IndexKind::Email => text::masked_email(value),
                IndexKind::Phone => "a telephone number".to_owned(),
            }
        }
        Scope::Collection { dataset, collection: Some(collection) } => format!("{collection} in {dataset}"),
        Scope::Collection { dataset, collection: None } => format!("all of {dataset}"),
    }
}

fn state(hold: &Hold, today: Date) -> Badge {
    match (hold.lifted, hold.lift_asked) {
        (Some(_), _) => Badge::new(Tone::Neutral, "Lifted"),
        (None, Some(_)) => Badge::new(Tone::Warn, "To be lifted: a second person must agree"),
        (None, None) if hold.is_review_due(today) => Badge::new(Tone::Warn, "In force: look at it again"),
        (None, None) => Badge::new(Tone::Info, "In force"),
    }
}
