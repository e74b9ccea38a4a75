//! Laws and calendars: what the packs say, and dates to try them with.

pub(super) mod calendar;
pub(super) mod law;
pub(super) mod list;
pub(super) mod own;
mod tables;

use habeas_core::calendar::Calendar;
use habeas_core::law::{Pack, Right, Verified};
use habeas_render::page::console::Cell;
use habeas_render::page::part::{Badge, Tone};
use habeas_store::Read;

use crate::error::Result;

/// Returns the packs in force, by id.
pub(super) async fn packs(read: &mut Read) -> Result<Vec<Pack>> {
    let texts = read.list_definitions_in_force(Some("law")).await?;
    Ok(texts.iter().filter_map(|text| Pack::parse(&text.text).ok()).collect())
}

/// Returns the calendars in force, by id.
pub(super) async fn calendars(read: &mut Read) -> Result<Vec<Calendar>> {
    let texts = read.list_definitions_in_force(Some("calendar")).await?;
    Ok(texts.iter().filter_map(|text| Calendar::parse(&text.text).ok()).collect())
}

/// Marks what was written from memory and not read in the law itself.
pub(super) fn mark(verified: Verified) -> Option<Badge> {
    match verified {
        Verified::Seen => None,
        Verified::Recalled => Some(Badge::new(Tone::Warn, "To be checked by counsel")),
    }
}

/// Returns a cell with the mark, if there is one.
pub(super) fn mark_cell(verified: Verified) -> Cell {
    Cell::Badges(mark(verified).into_iter().collect())
}

/// Returns a right in words.
pub(super) fn right(right: Right) -> &'static str {
    match right {
        Right::Access => "Access",
        Right::Information => "Information",
        Right::Portability => "Portability",
        Right::Rectification => "Rectification",
        Right::Erasure => "Erasure",
        Right::Restriction => "Restriction",
        Right::Objection => "Objection",
        Right::OptOut => "Opt-out",
        Right::LimitUse => "Limiting use",
        Right::ConsentWithdrawal => "Withdrawal of consent",
        Right::HumanReview => "Review by a person",
        Right::Complaint => "Complaint",
        Right::Appeal => "Appeal",
        Right::Other => "Other",
    }
}

/// Returns rights in words.
pub(super) fn rights(rights: &[Right]) -> String {
    if rights.is_empty() {
        return "all rights".to_owned();
    }
    rights.iter().map(|known| right(*known)).collect::<Vec<_>>().join(", ")
}
