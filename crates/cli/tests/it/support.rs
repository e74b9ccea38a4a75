//! What integration tests share.

pub mod browser;
pub mod command;
