//! YAML that remembers where it stood, and readers that say precisely what is wrong with it.
//!
//! Definitions are written by people, so a mistake is answered with file, line, path, what was expected
//! and the nearest thing that would have been right, and all mistakes of a file are told at once: readers
//! report to a shared [`Problems`] and go on. Input is bounded (bytes, depth, nodes after aliases are
//! followed), since a definition may come from outside.
//!
//! Scalars keep their text; what a word means is decided by who reads it. So a column may be called `no`,
//! and `True`, `yes` and `on` all read as true where a truth value is due. Merge keys (`<<`) are followed.
//!
//! ```
//! use habeas_core::yaml;
//!
//! let problems = yaml::Problems::new();
//! let document = yaml::parse("policy.yml", "name: access\nrigth: portability\n", &problems).unwrap();
//! let mut policy = document.root(&problems).mapping().unwrap();
//! assert_eq!(policy.require("name").and_then(|at| at.text()), Some("access"));
//! assert!(policy.take("right").is_none());
//! policy.finish();
//! assert_eq!(
//!     problems.into_vec()[0].to_string(),
//!     "policy.yml:2: rigth: unknown key 'rigth' (did you mean 'right'?)"
//! );
//! ```

mod cursor;
mod node;
mod parse;
mod problem;
#[cfg(test)]
mod tests;
mod write;

pub use cursor::{Cursor, Mapping};
pub use node::{Content, Document, Key, Node};
pub use parse::{MAX_BYTES, MAX_DEPTH, MAX_NODES, parse};
pub use problem::{Problem, Problems, Severity, nearest};
pub use write::quoted;
