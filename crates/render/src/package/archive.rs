//! The archive a package is written to: a ZIP whose entries are AES-256 (AE-2), written front to back.
//!
//! The writer below is never sought in, so an archive can stream into any store, and that mode is also
//! what makes the ZIP library write AE-2: AE-1 would tell the plain text's CRC to whoever holds the file.
//! Names and sizes stand in clear in every ZIP; the names come from [`super::name`], never from data.

use std::io::{self, Write};

use habeas_core::context::random;
use jiff::civil::DateTime;
use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;
use zip::{AesMode, AesSalt, CompressionMethod, ZipWriter};

use super::manifest::{File, Role};
use super::seal::Sealing;
use super::{Error, Keys};

/// How many files a package may hold. Reached only by sources with thousands of tables.
const MOST_FILES: usize = 50_000;

/// From this size on, an entry is written with 64-bit lengths.
const LARGE: u64 = 1 << 30;

/// An archive being written.
pub(super) struct Archive<'a> {
    zip: ZipWriter<zip::write::StreamWriter<Sealing<'a>>>,
    keys: &'a Keys<'a>,
    modified: zip::DateTime,
    files: Vec<File>,
    open: Option<Open>,
}

struct Open {
    path: String,
    role: Role,
    digest: Sha256,
    size: u64,
}

impl<'a> Archive<'a> {
    pub(super) fn new(out: &'a mut dyn Write, keys: &'a Keys<'a>, at: DateTime) -> Self {
        let modified = zip_time(at);
        Self { zip: ZipWriter::new_stream(Sealing::new(out)), keys, modified, files: Vec::new(), open: None }
    }

    /// Starts the next file; what is written from here on is its content.
    pub(super) fn start(&mut self, path: &str, role: Role, expected: u64) -> Result<(), Error> {
        self.end_file();
        if self.files.len() >= MOST_FILES {
            return Err(Error::TooMany("files"));
        }
        let salt = AesSalt::try_new(AesMode::Aes256, &random::<16>(self.keys.chance))?;
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(self.modified)
            .unix_permissions(0o600)
            .large_file(expected > LARGE)
            .with_aes_encryption_and_salt(self.keys.password.reveal().as_bytes(), salt);
        self.zip.start_file(path, options)?;
        self.open = Some(Open { path: path.to_owned(), role, digest: Sha256::new(), size: 0 });
        Ok(())
    }

    /// Writes a whole file.
    pub(super) fn add(&mut self, path: &str, role: Role, content: &[u8]) -> Result<(), Error> {
        self.start(path, role, content.len() as u64)?;
        self.write_all(content)?;
        Ok(())
    }

    /// Returns the files written so far, the open one included.
    pub(super) fn files(&mut self) -> &[File] {
        self.end_file();
        &self.files
    }

    /// Ends the archive and seals it; returns its size and SHA-256.
    pub(super) fn finish(mut self) -> Result<(u64, [u8; 32]), Error> {
        self.end_file();
        let sealing = self.zip.finish()?.into_inner();
        Ok(sealing.finish(self.keys.signer)?)
    }

    fn end_file(&mut self) {
        if let Some(open) = self.open.take() {
            let sha256 = hex::encode(open.digest.finalize());
            self.files.push(File { path: open.path, size: open.size, sha256, role: open.role });
        }
    }
}

impl Write for Archive<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.zip.write_all(bytes)?;
        if let Some(open) = &mut self.open {
            open.digest.update(bytes);
            open.size += bytes.len() as u64;
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(()) // the ZIP ends each file by itself; flushing the compressor early only costs size
    }
}

/// ZIP knows the years 1980 to 2107 only; other times fall back to its first day.
fn zip_time(at: DateTime) -> zip::DateTime {
    let part = |number: i8| u8::try_from(number).unwrap_or_default();
    let year = u16::try_from(at.year()).unwrap_or_default();
    zip::DateTime::from_date_and_time(
        year,
        part(at.month()),
        part(at.day()),
        part(at.hour()),
        part(at.minute()),
        part(at.second()),
    )
    .unwrap_or_default()
}
