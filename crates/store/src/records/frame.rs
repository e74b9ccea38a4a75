//! One frame: records of one collection, with names and paths written once.
//!
//! Rows of a table share their field names and the links they were reached by; writing those once a
//! frame makes the file about as small as the values alone.

use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

use habeas_core::record::{Hop, Record};
use habeas_core::value::{Row, Value};

use super::FRAME_LIMIT;
use crate::error::{Error, Result};

/// A frame is written once it is this long.
pub(super) const FULL: usize = 128 * 1024;

type Names = Vec<Arc<str>>;

#[derive(Default, Serialize, Deserialize)]
struct Head {
    names: Vec<Names>,
    paths: Vec<Arc<[Hop]>>,
}

#[derive(Serialize)]
struct PackedRef<'a> {
    id: u64,
    subject: u32,
    names: usize,
    path: usize,
    shared: bool,
    third_party: bool,
    values: Values<'a>,
}

#[derive(Deserialize)]
struct Packed {
    id: u64,
    subject: u32,
    names: usize,
    path: usize,
    shared: bool,
    third_party: bool,
    values: Vec<Value>,
}

/// The values of a row without their names.
struct Values<'a>(&'a Row);

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.collect_seq(self.0.fields().iter().map(|(_, value)| value))
    }
}

/// A frame being filled.
#[derive(Default)]
pub(super) struct Builder {
    head: Head,
    packed: Vec<u8>,
    pub(super) records: u64,
    pub(super) first_id: u64,
    pub(super) last_id: u64,
}

impl Builder {
    pub(super) fn len(&self) -> usize {
        self.packed.len()
    }

    pub(super) fn push(&mut self, record: &Record) -> Result<()> {
        let names = self.place_of_names(&record.row);
        let path = place_of(&mut self.head.paths, &record.reached_by);
        let packed = PackedRef {
            id: record.id,
            subject: record.subject,
            names,
            path,
            shared: record.shared,
            third_party: record.third_party,
            values: Values(&record.row),
        };
        let before = self.packed.len();
        let written = postcard::to_io(&packed, &mut self.packed).is_ok();
        if !written || self.packed.len() - before > FRAME_LIMIT {
            self.packed.truncate(before);
            return Err(Error::inconsistent("records", &record.id));
        }
        self.first_id = if self.records == 0 { record.id } else { self.first_id.min(record.id) };
        self.last_id = self.last_id.max(record.id);
        self.records += 1;
        Ok(())
    }

    /// Returns the frame's bytes.
    pub(super) fn into_bytes(self) -> Result<Vec<u8>> {
        let mut bytes =
            postcard::to_stdvec(&self.head).map_err(|_| Error::inconsistent("records", &"frame"))?;
        bytes.extend_from_slice(&self.packed);
        Ok(bytes)
    }

    /// Looks from the end: what follows one another mostly has the same shape.
    fn place_of_names(&mut self, row: &Row) -> usize {
        let fields = row.fields();
        let is_same = |names: &Names| {
            names.len() == fields.len() && names.iter().zip(fields).all(|(known, (name, _))| known == name)
        };
        if let Some(place) = self.head.names.iter().rposition(is_same) {
            return place;
        }
        self.head.names.push(fields.iter().map(|(name, _)| Arc::clone(name)).collect());
        self.head.names.len() - 1
    }
}

fn place_of(paths: &mut Vec<Arc<[Hop]>>, path: &Arc<[Hop]>) -> usize {
    if let Some(place) = paths.iter().rposition(|known| Arc::ptr_eq(known, path) || known == path) {
        return place;
    }
    paths.push(Arc::clone(path));
    paths.len() - 1
}

/// Reads a frame of so many records.
pub(super) fn read(
    bytes: &[u8],
    records: u64,
    dataset: &Arc<str>,
    collection: &Arc<str>,
) -> Result<Vec<Record>> {
    let broken = || Error::Sealed("the record file does not hold together");
    let (head, mut rest): (Head, &[u8]) = postcard::take_from_bytes(bytes).map_err(|_| broken())?;
    let mut found = Vec::with_capacity(usize::try_from(records).unwrap_or(0).min(bytes.len()));
    for _ in 0..records {
        let (packed, after): (Packed, &[u8]) = postcard::take_from_bytes(rest).map_err(|_| broken())?;
        rest = after;
        let names = head.names.get(packed.names).ok_or_else(broken)?;
        let path = head.paths.get(packed.path).ok_or_else(broken)?;
        if names.len() != packed.values.len() {
            return Err(broken());
        }
        found.push(Record {
            id: packed.id,
            subject: packed.subject,
            dataset: Arc::clone(dataset),
            collection: Arc::clone(collection),
            row: Row::new(names.iter().cloned().zip(packed.values).collect()),
            reached_by: Arc::clone(path),
            shared: packed.shared,
            third_party: packed.third_party,
        });
    }
    if rest.is_empty() { Ok(found) } else { Err(broken()) }
}
