//! Erasure on real databases: what is planned, what is done, and how every refusal ends.

mod obstacles;
mod others;
mod outcomes;
mod rows;
mod several;
mod world;
