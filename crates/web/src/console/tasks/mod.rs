//! Tasks: lists, one task, and the acts on it.

mod act;
pub(super) mod complete;
pub(super) mod excuse;
pub(super) mod export;
pub(super) mod hand_over;
pub(super) mod list;
pub(super) mod narrowed;
pub(super) mod notes;
pub(super) mod page;
pub(super) mod reject;
pub(super) mod release;
pub(super) mod retry;
pub(super) mod row;
pub(super) mod save;
pub(super) mod shown;
pub(super) mod take;
pub(super) mod work;
