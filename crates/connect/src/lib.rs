//! Connectors, and the executors that collect, erase and correct.
//!
//! A connector reads and changes one kind of source; the executor walks the plan made by `habeas-dataset` over all
//! of them and hands records to whoever keeps them. Neither knows the law, and neither needs a store:
//! the command line runs them on two files.
#![warn(missing_docs)]

mod catalogue;
pub mod collect;
pub mod connections;
pub mod erase;
pub mod error;
pub mod key;
#[cfg(feature = "mongodb")]
mod mongo;
mod mysql;
mod narrow;
pub mod nested;
mod postgres;
pub mod rectify;
pub mod source;
pub mod sources;
mod sqlite;
mod statement;
#[cfg(test)]
mod testing;
pub mod write;

pub use error::{Error, Kind, Problem};
