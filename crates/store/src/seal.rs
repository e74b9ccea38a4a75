//! Files sealed with age: to one request's key, or to a key of the moment.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, Write};
use std::iter;

use age::stream::{StreamReader, StreamWriter};
use age::{Decryptor, Encryptor, x25519};

use habeas_core::context::{Chance, random};

use crate::error::{Error, Result};
use crate::keys::{RequestKeys, RootKey};

/// Whose key a file is sealed to and opened with.
#[derive(Clone)]
pub struct SealTarget {
    identity: x25519::Identity,
}

impl SealTarget {
    /// Returns the target of a request's files.
    pub fn of(keys: &RequestKeys) -> Result<Self> {
        Ok(Self { identity: keys.identity()? })
    }

    /// Makes a target of the moment, which nobody can open once it is dropped: for measuring and for
    /// collecting without a database.
    pub fn of_the_moment(chance: &dyn Chance) -> Result<Self> {
        let root = RootKey::from_bytes(random(chance));
        let (keys, _) = root.wrap_new(b"moment", chance);
        Self::of(&keys)
    }

    /// Begins a sealed file; it is whole only after [`Sealer::finish`].
    pub fn seal<W: Write>(&self, output: W) -> Result<Sealer<W>> {
        let recipient = self.identity.to_public();
        let recipients = iter::once(&recipient as &dyn age::Recipient);
        let encryptor = Encryptor::with_recipients(recipients).map_err(|_| Error::Sealed("no recipient"))?;
        Ok(Sealer(encryptor.wrap_output(output)?))
    }

    /// Opens a sealed file for reading and seeking.
    ///
    /// # Errors
    /// [`Error::Sealed`] where it was sealed to another key or its head was changed. Changes further on
    /// show when they are read.
    pub fn open<R: Read>(&self, input: R) -> Result<Opened<R>> {
        let decryptor = Decryptor::new_buffered(BufReader::with_capacity(80 * 1024, input));
        let identities = iter::once(&self.identity as &dyn age::Identity);
        let opened = decryptor.and_then(|decryptor| decryptor.decrypt(identities));
        opened.map(Opened).map_err(|_| Error::Sealed("wrong key or changed bytes"))
    }
}

/// A sealed file being written.
pub struct Sealer<W: Write>(StreamWriter<W>);

impl<W: Write> Sealer<W> {
    /// Writes the end, without which the file is taken for cut.
    pub fn finish(self) -> Result<W> {
        Ok(self.0.finish()?)
    }
}

impl<W: Write> Write for Sealer<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A sealed file being read. Bytes that were changed or cut are errors, never shown.
pub struct Opened<R: Read = File>(StreamReader<BufReader<R>>);

impl<R: Read> Read for Opened<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl<R: Read + Seek> Seek for Opened<R> {
    fn seek(&mut self, position: io::SeekFrom) -> io::Result<u64> {
        self.0.seek(position)
    }
}
