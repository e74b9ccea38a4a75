//! Law packs: what a law grants, how long it gives, what stops its clock, what a refusal must tell.
//!
//! A pack is one TOML file, `laws/<id>.toml`, parsed once into a checked [`Pack`]; nothing that reads
//! wrongly gets through ([`Problem`] says where). A rule may stand in several versions: which one applies
//! follows from the day the request was received. Each rule keeps the mark of its source: `seen` was read,
//! `recalled` is to be checked by counsel. The arithmetic on a pack is [`crate::clock`].

mod builtin;
mod lines;
mod pack;
mod parse;
pub(crate) mod reader;
mod rule;
#[cfg(test)]
mod tests;
mod word;

pub use builtin::builtin;
pub use pack::Pack;
pub use reader::Problem;
pub use rule::{
    DaysOff, Effect, Extension, Ground, Length, Period, Provision, Remedy, RightRule, Told, Undated, Unit,
    Versions, Wait,
};
pub use word::{EventKind, Obligation, Right, Status, UnknownWord, Verified};
