//! What happened to what owners of sources were asked, in words.

use habeas_core::request::Event;
use habeas_render::page::part::Tone;
use habeas_render::text;

use super::Told;
use crate::console::people::People;
use crate::names::words;

/// Returns the event in words; none where it is of another kind.
pub(super) fn tell(event: &Event, people: &People) -> Option<Told> {
    Some(match event {
        Event::OwnerAsked(asked) => {
            let whom = match asked.owner {
                Some(owner) => format!("{} was asked", people.name(owner)),
                None => "Nobody is there to be asked".to_owned(),
            };
            let tone = if asked.owner.is_some() { Tone::Neutral } else { Tone::Warn };
            Told::new(tone, format!("{whom} about {}", words(&asked.source)))
        }
        Event::OwnerNamed(named) => {
            let whose = named.owner.map_or_else(|| "nobody".to_owned(), |owner| people.name(owner));
            Told::new(Tone::Neutral, format!("{} was given to {whose}", words(&named.source)))
        }
        Event::FileAdded(added) => {
            let size = text::size(added.byte_count);
            Told::new(Tone::Neutral, format!("A file of {size} was handed in for {}", words(&added.source)))
                .detail(added.name.reveal())
        }
        Event::FileRemoved(removed) => {
            Told::new(Tone::Neutral, format!("A file for {} was removed", words(&removed.source)))
        }
        Event::OwnerAnswered(answered) if answered.file_count == 0 => {
            Told::new(Tone::Good, format!("Nothing is held: {}", words(&answered.source)))
                .detail(answered.note.reveal())
        }
        Event::OwnerAnswered(answered) => {
            let files = text::count(u64::from(answered.file_count), "file", "files");
            Told::new(Tone::Good, format!("{} answered with {files}", words(&answered.source)))
                .detail(answered.note.reveal())
        }
        Event::FileDecided(decided) if decided.is_given => {
            Told::new(Tone::Neutral, format!("To be given: a file of {}", words(&decided.source)))
        }
        Event::FileDecided(decided) => {
            Told::new(Tone::Neutral, format!("Left out: a file of {}", words(&decided.source)))
                .detail(decided.reason.reveal())
        }
        _ => return None,
    })
}
