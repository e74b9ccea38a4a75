//! The demonstration's organisation.

mod sources;

pub(crate) use sources::{Sources, write_sources};
