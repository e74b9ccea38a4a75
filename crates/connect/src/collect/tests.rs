//! Collecting on real databases: who gets which rows, and what is said when not all could be read.

mod failing;
mod links;
mod others;
mod sharing;
