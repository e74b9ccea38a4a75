//! Checks a package offline: whether it is what was handed over, and if not, what is different.
//!
//! Works on the archive, given its password, and on an unpacked folder, which needs none. Whatever is
//! read is bounded: by the sizes in the signed manifest and by fixed limits before that is known.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use ed25519_dalek::VerifyingKey;
use habeas_core::pii::Pii;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use zip::ZipArchive;
use zip::result::ZipError;

use super::manifest::{self, Manifest};
use super::seal::{self, Seal};

const LARGEST_MANIFEST: u64 = 64 << 20;
const MOST_FILES: usize = 100_000;
const DEEPEST: usize = 16;

/// Why a package could not be checked at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It could not be read.
    #[error("failed to read the package")]
    Read(#[from] io::Error),
    /// It is neither a ZIP archive nor a folder.
    #[error("not a package: neither a ZIP archive nor a folder")]
    NotAPackage,
    /// The archive is damaged so that its list of files can't be read.
    #[error("the archive is damaged and can't be opened")]
    Damaged,
    /// The archive is encrypted and there is no password.
    #[error("the archive is encrypted: its password is needed")]
    PasswordNeeded,
    /// The password doesn't open it.
    #[error("the password doesn't open this archive, or the archive is damaged")]
    WrongPassword,
    /// There is no manifest.
    #[error("there is no manifest.json in it")]
    NoManifest,
    /// The manifest can't be read as one.
    #[error("manifest.json is damaged or not of a package")]
    BadManifest,
    /// There is more in it than any package has.
    #[error("there is more in it than in any package")]
    TooMuch,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The reference of the request, as the manifest says.
    pub reference: String,
    /// Who made it, as the manifest says.
    pub controller: String,
    /// The instant it was made, as the manifest says.
    pub made_at: String,
    /// The public key it was signed with, in hexadecimal.
    pub public_key: String,
    /// Whether that key is the one given to compare; `None` if none was.
    pub is_expected_key: Option<bool>,
    /// Whether the manifest is as it was signed.
    pub is_signed: bool,
    /// Whether the archive is, every byte of it.
    pub seal: Seal,
    /// How many files are as the manifest says.
    pub intact_count: usize,
    /// Files whose content is another one.
    pub changed: Vec<String>,
    /// Files that are gone.
    pub missing: Vec<String>,
    /// Files that the manifest doesn't list.
    pub added: Vec<String>,
}

impl Report {
    /// Returns whether all is as it was handed over.
    pub fn is_intact(&self) -> bool {
        self.is_signed
            && self.is_expected_key != Some(false)
            && self.seal != Seal::Broken
            && self.changed.is_empty()
            && self.missing.is_empty()
            && self.added.is_empty()
    }
}

/// Checks a package against the key it names, or against one given.
///
/// Without a key to compare, the check proves that nothing was changed since someone signed it, not who.
///
/// # Errors
/// See [`Error`]: what could not be checked at all.
pub fn verify(
    path: &Path,
    password: Option<&Pii<String>>,
    expected: Option<&VerifyingKey>,
) -> Result<Report, Error> {
    if path.is_dir() {
        return check(&mut Folder::open(path)?, expected);
    }
    let mut file = File::open(path)?;
    let mut magic = [0; 2];
    let read = file.read(&mut magic)?;
    if magic.get(..read) != Some(b"PK".as_slice()) {
        return Err(Error::NotAPackage);
    }
    check(&mut Archive::open(file, password)?, expected)
}

/// Something files can be read from by their paths.
trait Files {
    /// Returns the paths of everything in it.
    fn paths(&self) -> Vec<String>;
    /// Hands the content of a file over, up to a limit; `None` if it isn't there or can't be read whole.
    fn digest(&mut self, path: &str, limit: u64) -> Result<Option<Digest>, Error>;
    /// Returns the manifest's bytes.
    fn manifest(&mut self) -> Result<Vec<u8>, Error>;
    /// Checks the seal around it.
    fn seal(&mut self, key: &VerifyingKey) -> Result<Seal, Error>;
}

/// Size and SHA-256 of what could be read.
struct Digest {
    size: u64,
    sha256: String,
}

fn check(files: &mut dyn Files, expected: Option<&VerifyingKey>) -> Result<Report, Error> {
    let manifest: Manifest = serde_json::from_slice(&files.manifest()?).map_err(|_| Error::BadManifest)?;
    let key = manifest.key().ok_or(Error::BadManifest)?;
    let mut report = Report {
        reference: manifest.reference.clone(),
        controller: manifest.controller.clone(),
        made_at: manifest.made_at.clone(),
        public_key: manifest.signature.public_key.clone(),
        is_expected_key: expected.map(|expected| *expected == key),
        is_signed: manifest.is_signed_by(&key),
        seal: files.seal(&key)?,
        intact_count: 0,
        changed: Vec::new(),
        missing: Vec::new(),
        added: Vec::new(),
    };
    let mut unlisted: BTreeMap<String, u32> = BTreeMap::new();
    for path in files.paths() {
        *unlisted.entry(path).or_default() += 1;
    }
    // Two entries of one name are one too many, whichever of them an unpacker takes.
    unlisted.retain(|path, count| !(path == manifest::PATH && *count == 1));
    for file in &manifest.files {
        let present = unlisted.get_mut(&file.path);
        let Some(count) = present.filter(|count| **count > 0) else {
            report.missing.push(file.path.clone());
            continue;
        };
        *count -= 1;
        match files.digest(&file.path, file.size)? {
            Some(read) if read.size == file.size && read.sha256 == file.sha256 => report.intact_count += 1,
            _ => report.changed.push(file.path.clone()),
        }
    }
    report.added = unlisted.into_iter().filter(|(_, count)| *count > 0).map(|(path, _)| path).collect();
    Ok(report)
}

/// Reads one byte more than the limit, so that a longer file is seen as such without reading it whole.
fn digest(mut from: impl Read, limit: u64) -> io::Result<Digest> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 << 10];
    let mut size = 0;
    let mut from = from.by_ref().take(limit.saturating_add(1));
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            return Ok(Digest { size, sha256: hex::encode(hash.finalize()) });
        }
        hash.update(buffer.get(..read).unwrap_or_default());
        size += read as u64;
    }
}

struct Archive<'a> {
    file: File,
    zip: ZipArchive<File>,
    password: Option<&'a Pii<String>>,
}

impl<'a> Archive<'a> {
    fn open(file: File, password: Option<&'a Pii<String>>) -> Result<Self, Error> {
        let zip = ZipArchive::new(file.try_clone()?).map_err(|_| Error::Damaged)?;
        if zip.len() > MOST_FILES {
            return Err(Error::TooMuch);
        }
        Ok(Self { file, zip, password })
    }

    fn read<T>(
        &mut self,
        path: &str,
        read: impl FnOnce(&mut dyn Read) -> io::Result<T>,
    ) -> Result<T, Failure> {
        let opened = match self.password {
            Some(password) => self.zip.by_name_decrypt(path, password.reveal().as_bytes()),
            None => self.zip.by_name(path),
        };
        let mut file = opened.map_err(|problem| match problem {
            ZipError::InvalidPassword => Failure::Password,
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Failure::NoPassword,
            ZipError::FileNotFound => Failure::Absent,
            _ => Failure::Unreadable,
        })?;
        read(&mut file).map_err(|_| Failure::Unreadable)
    }
}

/// Why an entry could not be read.
enum Failure {
    Password,
    NoPassword,
    Absent,
    Unreadable,
}

impl Files for Archive<'_> {
    fn paths(&self) -> Vec<String> {
        let name = |raw: &[u8]| String::from_utf8_lossy(raw).into_owned();
        let mut paths: Vec<String> = self.zip.file_names_raw().map(name).collect();
        if self.zip.has_duplicate_names() {
            paths.push("(two entries of the same name)".to_owned());
        }
        paths
    }

    fn digest(&mut self, path: &str, limit: u64) -> Result<Option<Digest>, Error> {
        match self.read(path, |file| digest(file, limit)) {
            Ok(read) => Ok(Some(read)),
            Err(Failure::NoPassword) => Err(Error::PasswordNeeded),
            // The manifest opened with this password, so it is the entry that was changed.
            Err(Failure::Password | Failure::Absent | Failure::Unreadable) => Ok(None),
        }
    }

    fn manifest(&mut self) -> Result<Vec<u8>, Error> {
        let read = self.read(manifest::PATH, |file| {
            let mut bytes = Vec::new();
            file.take(LARGEST_MANIFEST + 1).read_to_end(&mut bytes)?;
            Ok(bytes)
        });
        match read {
            Ok(bytes) if bytes.len() as u64 > LARGEST_MANIFEST => Err(Error::TooMuch),
            Ok(bytes) => Ok(bytes),
            Err(Failure::NoPassword) => Err(Error::PasswordNeeded),
            Err(Failure::Absent) => Err(Error::NoManifest),
            Err(Failure::Password | Failure::Unreadable) => Err(Error::WrongPassword),
        }
    }

    fn seal(&mut self, key: &VerifyingKey) -> Result<Seal, Error> {
        Ok(seal::check(&mut self.file, key)?)
    }
}

struct Folder {
    root: PathBuf,
    paths: Vec<String>,
}

impl Folder {
    fn open(root: &Path) -> Result<Self, Error> {
        let mut paths = Vec::new();
        walk(root, "", 0, &mut paths)?;
        paths.sort();
        Ok(Self { root: root.to_owned(), paths })
    }

    /// Opens a listed file; only paths met while walking are, so none leads out of the folder.
    fn file(&self, path: &str) -> Result<Option<File>, Error> {
        if self.paths.binary_search_by(|known| known.as_str().cmp(path)).is_err() {
            return Ok(None);
        }
        let full = self.root.join(path);
        // A link could show content that isn't in the folder at all.
        if !full.symlink_metadata()?.is_file() {
            return Ok(None);
        }
        Ok(Some(File::open(full)?))
    }
}

fn walk(folder: &Path, prefix: &str, depth: usize, paths: &mut Vec<String>) -> Result<(), Error> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if paths.len() >= MOST_FILES || depth >= DEEPEST {
            return Err(Error::TooMuch);
        }
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), &format!("{path}/"), depth + 1, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}

impl Files for Folder {
    fn paths(&self) -> Vec<String> {
        self.paths.clone()
    }

    fn digest(&mut self, path: &str, limit: u64) -> Result<Option<Digest>, Error> {
        let file = self.file(path)?;
        Ok(file.map(|file| digest(file, limit)).transpose()?)
    }

    fn manifest(&mut self) -> Result<Vec<u8>, Error> {
        let file = self.file(manifest::PATH)?.ok_or(Error::NoManifest)?;
        let mut bytes = Vec::new();
        file.take(LARGEST_MANIFEST + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LARGEST_MANIFEST { Err(Error::TooMuch) } else { Ok(bytes) }
    }

    fn seal(&mut self, _: &VerifyingKey) -> Result<Seal, Error> {
        Ok(Seal::Absent)
    }
}
