//! Writing the file: one frame open for each collection, the largest written out when they grow.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use habeas_core::record::{Coverage, Record};

use super::frame::{Builder, FULL};
use super::{CollectionCount, FrameRef, HEAD, Index, SealTarget, Summary, TAIL};
use crate::error::{Error, Result};
use crate::seal::Sealer;

/// All open frames together are no longer than this, one record aside.
const OPEN_LIMIT: usize = 4 * 1024 * 1024;

/// Writes records to a sealed local file.
pub struct Writer {
    path: PathBuf,
    output: Sealer<BufWriter<File>>,
    offset: u64,
    places: HashMap<(Arc<str>, Arc<str>), u32>,
    open: Vec<Builder>,
    open_length: usize,
    index: Index,
}

impl Writer {
    /// Makes the file, which only its owner may read; one that is there already is an error.
    pub fn create(path: impl Into<PathBuf>, target: &SealTarget) -> Result<Self> {
        let path = path.into();
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        let mut output = target.seal(BufWriter::with_capacity(128 * 1024, file))?;
        output.write_all(HEAD)?;
        let summary = Summary { records: 0, collections: Vec::new(), coverage: Vec::new() };
        Ok(Self {
            path,
            output,
            offset: HEAD.len() as u64,
            places: HashMap::new(),
            open: Vec::new(),
            open_length: 0,
            index: Index { summary, frames: Vec::new() },
        })
    }

    /// Adds a record.
    pub fn push(&mut self, record: &Record) -> Result<()> {
        let place = self.place_of(&record.dataset, &record.collection)?;
        let broken = || Error::inconsistent("records", &record.id);
        let frame = self.open.get_mut(place as usize).ok_or_else(broken)?;
        let before = frame.len();
        frame.push(record)?;
        let is_full = frame.len() >= FULL;
        self.open_length += frame.len() - before;
        let counts = self.index.summary.collections.get_mut(place as usize).ok_or_else(broken)?;
        counts.records += 1;
        counts.third_party += u64::from(record.third_party);
        self.index.summary.records += 1;
        if is_full {
            self.write_frame(place)?;
        }
        while self.open_length > OPEN_LIMIT {
            let longest = self.open.iter().enumerate().max_by_key(|(_, frame)| frame.len());
            let place = longest.map_or(0, |(place, _)| place);
            self.write_frame(u32::try_from(place).map_err(|_| broken())?)?;
        }
        Ok(())
    }

    /// Notes what was searched and how it ended.
    pub fn cover(&mut self, coverage: Coverage) {
        self.index.summary.coverage.push(coverage);
    }

    /// Writes what is open, the index and the end. Nothing is flushed to the disk: what a crash leaves half
    /// written nobody reads, and [`crate::Store::store_sealed`] flushes what is kept.
    pub fn finish(mut self) -> Result<(PathBuf, Summary)> {
        for place in 0..self.open.len() {
            self.write_frame(u32::try_from(place).unwrap_or(u32::MAX))?;
        }
        let index = postcard::to_stdvec(&self.index).map_err(|_| Error::inconsistent("records", &"index"))?;
        self.output.write_all(&index)?;
        self.output.write_all(&self.offset.to_le_bytes())?;
        self.output.write_all(&(index.len() as u64).to_le_bytes())?;
        self.output.write_all(TAIL)?;
        self.output.finish()?.into_inner().map_err(|error| Error::from(error.into_error()))?;
        Ok((self.path, self.index.summary))
    }

    /// Returns where the file is being written.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn place_of(&mut self, dataset: &Arc<str>, collection: &Arc<str>) -> Result<u32> {
        let key = (Arc::clone(dataset), Arc::clone(collection));
        if let Some(place) = self.places.get(&key) {
            return Ok(*place);
        }
        let place =
            u32::try_from(self.open.len()).map_err(|_| Error::inconsistent("records", &"collections"))?;
        self.places.insert(key, place);
        self.open.push(Builder::default());
        self.index.summary.collections.push(CollectionCount {
            dataset: Arc::clone(dataset),
            collection: Arc::clone(collection),
            records: 0,
            third_party: 0,
        });
        Ok(place)
    }

    fn write_frame(&mut self, place: u32) -> Result<()> {
        let Some(frame) = self.open.get_mut(place as usize).map(std::mem::take) else { return Ok(()) };
        if frame.records == 0 {
            return Ok(());
        }
        self.open_length -= frame.len();
        let (records, first_id, last_id) = (frame.records, frame.first_id, frame.last_id);
        let bytes = frame.into_bytes()?;
        self.output.write_all(&bytes)?;
        let length = bytes.len() as u64;
        let offset = self.offset;
        self.index.frames.push(FrameRef { collection: place, offset, length, records, first_id, last_id });
        self.offset += length;
        Ok(())
    }
}
