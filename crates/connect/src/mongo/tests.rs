//! Tests against servers that speak MongoDB's protocol: one as a replica set, one standing alone.

mod erasing;
mod finding;
mod reading;
mod trouble;
mod world;
