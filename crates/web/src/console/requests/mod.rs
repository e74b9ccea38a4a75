//! Requests: the list, one request's tabs, and the acts on it.

pub(super) mod approve;
pub(super) mod ask;
pub(super) mod assign;
pub(super) mod close;
pub(super) mod data;
pub(super) mod decisions;
pub(super) mod documents;
pub(super) mod extend;
mod grounds;
mod letter;
pub(super) mod list;
pub(super) mod log;
pub(super) mod mark;
pub(super) mod messages;
pub(super) mod narrow;
pub(super) mod new;
pub(super) mod notes;
pub(super) mod overview;
mod record;
pub(super) mod records;
pub(super) mod refuse;
pub(super) mod reveal;
pub(super) mod row;
mod tab;
pub(super) mod tasks;
