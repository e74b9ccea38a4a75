//! Dataset files, the identity graph, traversal and policies: pure.
//!
//! The way through: [`read::read`] reads files, [`check::check`] says what is wrong with them together,
//! [`graph::Graph`] joins them, [`graph::Graph::plan`] plans what is read, and `habeas-connect` executes
//! the [`plan::Plan`].

pub mod check;
pub mod diff;
pub mod drift;
pub mod filter;
pub mod graph;
mod index;
pub mod masking;
pub mod model;
pub mod normalise;
pub mod path;
pub mod plan;
pub mod policy;
pub mod read;
pub mod taxonomy;
#[cfg(test)]
mod testing;
