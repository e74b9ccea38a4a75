//! SQLite and PostgreSQL behind one face: log, rows, jobs, keys, blobs.
//!
//! A handler or task opens one transaction ([`Store::begin`]), reads, decides with core, appends
//! events together with the derived row and the jobs they ask for, and commits. Nothing outside the
//! database happens inside it. [`Read`] holds every query; [`Tx`] derefs to it and adds the writing.

mod db;
mod error;
mod keys;
mod migrate;
mod scratch;
mod seal;
mod store;
mod suppressions;

pub mod acts;
pub mod assignment;
pub mod blobs;
mod catalog;
pub mod challenges;
pub mod definitions;
pub mod digests;
mod feeds;
pub mod hashes;
pub mod holds;
pub mod jobs;
pub mod limits;
mod live;
pub mod log;
pub mod mails;
pub mod records;
pub mod reports;
pub mod requests;
pub mod sessions;
pub mod tasks;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod tokens;
pub mod users;
mod verify;
pub mod views;

pub use error::{Error, Result};
pub use keys::{KeyFile, KeyWrap, RequestKeys, RootKey};
pub use live::Live;
pub use scratch::Scratch;
pub use seal::{Opened, SealTarget, Sealer};
pub use store::{Options, Read, Store, Tx};
pub use verify::Problem;

#[cfg(test)]
mod bench;
