//! What was corrected and who was told, in words.

use habeas_core::request::{Event, NoticeState};
use habeas_render::page::part::Tone;
use habeas_render::text;

use super::Told;
use crate::names::words;

/// Returns the event in words; none where it is of another kind.
pub(super) fn tell(event: &Event) -> Option<Told> {
    Some(match event {
        Event::CorrectionPlanned(planned) => {
            let fields = text::count(u64::from(planned.change_count), "field", "fields");
            let systems = text::count(u64::from(planned.source_count), "system", "systems");
            let by_hand = match planned.open_count {
                0 => String::new(),
                count => format!(", {count} by hand"),
            };
            Told::new(Tone::Neutral, format!("Corrections planned: {fields} in {systems}{by_hand}"))
        }
        Event::Corrected(corrected) => {
            let sources = corrected.sources.iter().map(|source| {
                let fields = text::count(u64::from(source.field_count), "field", "fields");
                format!("{}: {fields}", words(&source.source))
            });
            let sources: Vec<String> = sources.collect();
            Told::new(Tone::Good, "Corrected and read back").detail(sources.join(", "))
        }
        Event::RecipientsListed(listed) => {
            let recipients = text::count(u64::from(listed.count), "recipient", "recipients");
            Told::new(Tone::Neutral, format!("{recipients} to be told"))
        }
        Event::RecipientNoted(noted) => {
            let said = match noted.state {
                NoticeState::Sent => "was told",
                NoticeState::Answered => "answered",
                NoticeState::Impossible => "can't be told",
                NoticeState::Disproportionate => "isn't told: the effort would be disproportionate",
            };
            let tone = if noted.state.wants_reason() { Tone::Warn } else { Tone::Good };
            Told::new(tone, format!("Recipient {} {said}", noted.number)).detail(noted.note.reveal())
        }
        _ => return None,
    })
}
