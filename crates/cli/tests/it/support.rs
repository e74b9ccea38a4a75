//! What integration tests share.

pub mod app;
pub mod browser;
pub mod command;
pub mod keyboard;
pub mod visitor;
