//! What the owners of data sources are asked: the page, the acts, the files.

pub(super) mod act;
pub(super) mod add;
pub(super) mod file;
pub(super) mod page;
