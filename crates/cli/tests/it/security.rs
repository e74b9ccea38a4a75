//! What must hold of every route, whoever calls and whatever is sent.

mod access;
mod closed;
mod codes;
mod forms;
mod headers;
mod hosts;
mod leaks;
