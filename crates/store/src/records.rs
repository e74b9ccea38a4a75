//! The one file of a request's records: framed, sealed, read from any place.
//!
//! Records of one collection stand together in frames of bounded size; an index at the end says where.
//! So a page of one collection reads one or two frames, and neither writing nor reading holds more
//! than a few megabytes, however many records there are. Everything here blocks: call it off the
//! async threads.

mod frame;
mod reader;
mod writer;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use habeas_core::record::Coverage;

pub use crate::seal::SealTarget;
pub use reader::{Iter, Reader};
pub use writer::Writer;

/// The kind of blob such a file is kept as.
pub const BLOB_KIND: &str = "records";

/// How many records one page holds at most.
pub const PAGE_LIMIT: usize = 1_000;

/// What stands at the start and the end of the file, once opened.
const HEAD: &[u8; 8] = b"HABREC1\n";
const TAIL: &[u8; 8] = b"HABREC1.";

/// No frame, and so no record, is longer than this.
const FRAME_LIMIT: usize = 256 * 1024 * 1024;

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// How many records in all.
    pub records: u64,
    /// How many of each collection, in the order they were first found.
    pub collections: Vec<CollectionCount>,
    /// What was searched and how it ended.
    pub coverage: Vec<Coverage>,
}

/// How much of a collection a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionCount {
    /// The dataset.
    pub dataset: Arc<str>,
    /// The collection.
    pub collection: Arc<str>,
    /// How many records.
    pub records: u64,
    /// How many of them a person must decide on.
    pub third_party: u64,
}

/// Where everything is.
#[derive(Serialize, Deserialize)]
struct Index {
    summary: Summary,
    /// In the order of the file.
    frames: Vec<FrameRef>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct FrameRef {
    /// Its place among the summary's collections.
    collection: u32,
    offset: u64,
    length: u64,
    records: u64,
    first_id: u64,
    last_id: u64,
}

#[cfg(test)]
mod tests;
