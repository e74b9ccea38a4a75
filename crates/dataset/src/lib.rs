//! Dataset files, the identity graph, traversal and policies: pure.

pub mod filter;
pub mod normalise;
pub mod path;
pub mod plan;
