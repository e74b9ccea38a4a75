//! Reading the file: pages, single records, or all of it, one frame in memory at a time.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use habeas_core::record::Record;

use super::{FRAME_LIMIT, FrameRef, HEAD, Index, PAGE_LIMIT, SealTarget, Summary, TAIL, frame};
use crate::error::{Error, Result};
use crate::seal::Opened;

/// The index's place and length, and the mark of the end.
const TRAILER: i64 = 24;

/// No index is longer than this.
const INDEX_LIMIT: u64 = 1024 * 1024 * 1024;

/// Reads records from a sealed local file.
pub struct Reader {
    input: Opened<File>,
    index: Index,
}

impl Reader {
    /// Opens a file by its path.
    pub fn open_path(path: &Path, target: &SealTarget) -> Result<Self> {
        Self::open(File::open(path)?, target)
    }

    /// Opens a file.
    ///
    /// # Errors
    /// [`Error::Sealed`] where it was sealed to another key, changed, or cut.
    pub fn open(file: File, target: &SealTarget) -> Result<Self> {
        let mut input = target.open(file)?;
        let mut head = [0; 8];
        input.read_exact(&mut head).map_err(tampered)?;
        let end = input.seek(SeekFrom::End(-TRAILER)).map_err(tampered)?;
        let [mut offset, mut length, mut tail] = [[0; 8]; 3];
        for part in [&mut offset, &mut length, &mut tail] {
            input.read_exact(part).map_err(tampered)?;
        }
        let (offset, length) = (u64::from_le_bytes(offset), u64::from_le_bytes(length));
        let is_whole = head == *HEAD && tail == *TAIL && offset.checked_add(length) == Some(end);
        if !is_whole || length > INDEX_LIMIT {
            return Err(broken());
        }
        let bytes = read_at(&mut input, offset, length)?;
        let index = postcard::from_bytes(&bytes).map_err(|_| broken())?;
        Ok(Self { input, index })
    }

    /// Returns the counts and the coverage.
    pub fn summary(&self) -> &Summary {
        &self.index.summary
    }

    /// Returns records of a collection, leaving out the first `offset`, at most `limit` (and never more
    /// than [`PAGE_LIMIT`]), in the order they were found.
    pub fn page(
        &mut self,
        dataset: &str,
        collection: &str,
        offset: u64,
        limit: usize,
    ) -> Result<Vec<Record>> {
        let limit = limit.min(PAGE_LIMIT);
        let Some(place) = self.place_of(dataset, collection) else { return Ok(Vec::new()) };
        let frames: Vec<_> = self.frames_of(Some(place)).collect();
        let (mut to_skip, mut found) = (offset, Vec::new());
        for frame in frames {
            if found.len() >= limit {
                break;
            }
            if to_skip >= frame.records {
                to_skip -= frame.records;
                continue;
            }
            let skipped = usize::try_from(to_skip).unwrap_or(usize::MAX);
            to_skip = 0;
            let records = self.read_frame(frame)?;
            let wanted = limit - found.len();
            found.extend(records.into_iter().skip(skipped).take(wanted));
        }
        Ok(found)
    }

    /// Returns one record.
    pub fn record(&mut self, id: u64) -> Result<Option<Record>> {
        let near = |frame: &FrameRef| (frame.first_id..=frame.last_id).contains(&id);
        let frames: Vec<_> = self.frames_of(None).filter(near).collect();
        for frame in frames {
            let found = self.read_frame(frame)?.into_iter().find(|record| record.id == id);
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Returns every record, collection by collection.
    pub fn iter(&mut self) -> Iter<'_> {
        let mut frames: Vec<_> = self.frames_of(None).collect();
        frames.sort_by_key(|frame| (frame.collection, frame.offset));
        Iter { reader: self, frames: frames.into_iter(), records: Vec::new().into_iter() }
    }

    /// Returns every record of one collection.
    pub fn iter_collection(&mut self, dataset: &str, collection: &str) -> Iter<'_> {
        let place = self.place_of(dataset, collection);
        let frames: Vec<_> = match place {
            Some(place) => self.frames_of(Some(place)).collect(),
            None => Vec::new(),
        };
        Iter { reader: self, frames: frames.into_iter(), records: Vec::new().into_iter() }
    }

    fn place_of(&self, dataset: &str, collection: &str) -> Option<u32> {
        let is_it =
            |known: &super::CollectionCount| &*known.dataset == dataset && &*known.collection == collection;
        self.index.summary.collections.iter().position(is_it).and_then(|place| u32::try_from(place).ok())
    }

    fn frames_of(&self, collection: Option<u32>) -> impl Iterator<Item = FrameRef> {
        let is_wanted = move |frame: &&FrameRef| collection.is_none_or(|place| frame.collection == place);
        self.index.frames.iter().filter(is_wanted).copied()
    }

    fn read_frame(&mut self, frame: FrameRef) -> Result<Vec<Record>> {
        // A record may be as long as the limit; names and paths stand before it.
        if frame.length > 2 * FRAME_LIMIT as u64 {
            return Err(broken());
        }
        let bytes = read_at(&mut self.input, frame.offset, frame.length)?;
        let counts = self.index.summary.collections.get(frame.collection as usize).ok_or_else(broken)?;
        frame::read(&bytes, frame.records, &counts.dataset, &counts.collection)
    }
}

/// Walks over records; ends after the first error.
pub struct Iter<'a> {
    reader: &'a mut Reader,
    frames: std::vec::IntoIter<FrameRef>,
    records: std::vec::IntoIter<Record>,
}

impl Iterator for Iter<'_> {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(record) = self.records.next() {
                return Some(Ok(record));
            }
            match self.reader.read_frame(self.frames.next()?) {
                Ok(records) => self.records = records.into_iter(),
                Err(error) => {
                    self.frames = Vec::new().into_iter();
                    return Some(Err(error));
                }
            }
        }
    }
}

fn read_at(input: &mut Opened<File>, offset: u64, length: u64) -> Result<Vec<u8>> {
    input.seek(SeekFrom::Start(offset)).map_err(tampered)?;
    let mut bytes = vec![0; usize::try_from(length).map_err(|_| broken())?];
    input.read_exact(&mut bytes).map_err(tampered)?;
    Ok(bytes)
}

fn broken() -> Error {
    Error::Sealed("the record file does not hold together")
}

/// Failing to open a chunk is an I/O error of these kinds.
fn tampered(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::Other => broken(),
        _ => Error::from(error),
    }
}
