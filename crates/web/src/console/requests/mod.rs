//! Requests: the list, one request's tabs, and the acts on it.

pub(super) mod approve;
pub(super) mod data;
pub(super) mod list;
pub(super) mod mark;
pub(super) mod overview;
pub(super) mod records;
pub(super) mod reveal;
pub(super) mod row;
