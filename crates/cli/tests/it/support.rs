//! What integration tests share.

pub(crate) mod app;
pub(crate) mod browser;
pub(crate) mod business;
pub(crate) mod command;
pub(crate) mod keyboard;
pub(crate) mod served;
pub(crate) mod source;
pub(crate) mod visitor;
