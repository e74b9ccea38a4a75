//! What became of a request as a case, and the time worked on it, in words.

use habeas_core::request::{Event, SpamCause};
use habeas_render::page::part::Tone;
use habeas_render::text::Day;

use super::Told;
use crate::console::people::People;

/// Returns an event in words.
pub(super) fn tell(event: &Event, people: &People) -> Told {
    match event {
        Event::Reopened(reopened) => Told::new(Tone::Info, "Opened again").detail(reopened.reason.reveal()),
        Event::Reclassified(to) => {
            Told::new(Tone::Warn, format!("Handled as another kind from now on: {}", to.terms.activity))
                .detail(to.reason.reveal())
        }
        Event::SplitOff(split) => {
            Told::new(Tone::Info, format!("A part became the request {}", split.reference))
                .detail(split.reason.reveal())
        }
        Event::SplitFrom(_) => Told::new(Tone::Info, "Taken out of another request, with its day of receipt"),
        Event::Merged(merged) => {
            Told::new(Tone::Info, format!("To be answered together with {}", merged.reference))
                .detail(merged.reason.reveal())
        }
        Event::MergedIn(_) => Told::new(Tone::Info, "Another request of the same person follows this one"),
        Event::Unmerged(unmerged) => {
            Told::new(Tone::Info, "To be answered by itself again").detail(unmerged.reason.reveal())
        }
        Event::LetGo(_) => Told::new(Tone::Neutral, "Another request no longer follows this one"),
        Event::AnsweredTogether(_) => Told::new(Tone::Good, "Answered together with the request it follows"),
        Event::SpamMarked(marked) => Told::new(Tone::Warn, spam(marked.cause)).detail(marked.reason.reveal()),
        Event::SpamCleared(cleared) => {
            Told::new(Tone::Neutral, "No longer marked as spam").detail(cleared.reason.reveal())
        }
        Event::TimeLogged(logged) => {
            let on = Day(logged.on).short();
            let who = people.name(logged.user);
            Told::new(
                Tone::Neutral,
                format!("{} worked by {who} on {on}", duration(u64::from(logged.minutes))),
            )
            .detail(logged.note.reveal())
        }
        Event::TimeStruck(struck) => {
            Told::new(Tone::Neutral, format!("Entry {} of the time worked was struck out", struck.entry))
        }
        _ => Told::new(Tone::Neutral, "Something happened"),
    }
}

/// Says why a request is marked as spam.
pub(in crate::console) fn spam(cause: SpamCause) -> &'static str {
    match cause {
        SpamCause::Person => "Marked as spam",
        SpamCause::Flood => "Marked as spam: many requests came from one place at once",
        SpamCause::Template => "Marked as spam: many requests came in the same words at once",
    }
}

/// Returns minutes as people say them.
pub(in crate::console) fn duration(minutes: u64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, rest) => format!("{rest} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, rest) => format!("{hours} h {rest} min"),
    }
}
