//! Requests, flows, laws and the clock: pure functions, no I/O.
//!
//! Everything here takes time and chance as parameters and returns values; the crates around it
//! load, call and save. If a rule needs a mock to be tested, it is in the wrong crate.
#![warn(missing_docs)]

pub mod access;
pub mod assignment;
pub mod calendar;
pub mod clock;
pub mod context;
pub mod definition;
pub mod digest;
pub mod event;
pub mod find;
pub mod flow;
pub mod hold;
pub mod id;
pub mod job;
pub mod law;
pub mod list;
pub mod pii;
pub mod record;
pub mod register;
pub mod report;
pub mod request;
pub mod simulate;
pub mod snippet;
pub mod target;
pub mod upload;
pub mod value;
pub mod yaml;
