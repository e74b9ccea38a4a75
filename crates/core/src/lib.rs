//! Requests, flows, laws and the clock: pure functions, no I/O.
//!
//! Everything here takes time and chance as parameters and returns values; the crates around it
//! load, call and save. If a rule needs a mock to be tested, it is in the wrong crate.
#![warn(missing_docs)]

pub mod access;
pub mod context;
pub mod event;
pub mod id;
pub mod job;
pub mod pii;
pub mod record;
pub mod request;
pub mod value;
pub mod yaml;
