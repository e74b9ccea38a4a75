//! The root key and what hangs from it.
//!
//! The root wraps one random secret a request; from that secret come the key of its sealed fields and
//! the age identity of its files, so that destroying the secret makes both unreadable. The blind
//! index, the signing key and what belongs to no request hang from the root itself.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use age::secrecy::SecretString;
use age::x25519;
use bech32::{Bech32, Hrp};
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::{Zeroize as _, Zeroizing};

use habeas_core::context::{Chance, SharedChance, random};

use crate::error::{Error, Result};

type Bytes32 = Zeroizing<[u8; 32]>;

/// How hard a passphrase is to guess: scrypt with N = 2^16, 64 MiB a guess.
const WORK_FACTOR: u8 = 16;

/// The key everything else hangs from; in memory only while the process runs.
#[derive(Clone)]
pub struct RootKey(Bytes32);

/// Where a root key comes from, once at start.
pub trait KeyWrap {
    /// Unseals the root key, making it where there is none yet.
    fn unseal(&self) -> Result<RootKey>;
}

/// A root key in a file only its owner may read.
pub struct KeyFile {
    path: PathBuf,
    chance: SharedChance,
    passphrase: Option<SecretString>,
}

const PLAIN_HEAD: &str = "habeas-root-key-1 ";

/// No key file is longer than this.
const FILE_LIMIT: u64 = 4096;

impl KeyFile {
    /// Names the file; it is made with mode 0600 at the first [`KeyWrap::unseal`].
    pub fn new(path: impl Into<PathBuf>, chance: SharedChance) -> Self {
        Self { path: path.into(), chance, passphrase: None }
    }

    /// Seals the file with a passphrase (age, scrypt), so that a copy of the disk alone opens nothing.
    pub fn with_passphrase(mut self, passphrase: SecretString) -> Self {
        self.passphrase = Some(passphrase);
        self
    }

    fn make(&self) -> Result<RootKey> {
        let key = RootKey(Zeroizing::new(random(&*self.chance)));
        let plain = Zeroizing::new(format!("{PLAIN_HEAD}{}\n", hex::encode(*key.0)));
        let bytes = match &self.passphrase {
            None => plain.as_bytes().to_vec(),
            Some(passphrase) => {
                let mut recipient = age::scrypt::Recipient::new(passphrase.clone());
                recipient.set_work_factor(WORK_FACTOR);
                age::encrypt(&recipient, plain.as_bytes()).map_err(|_| bad("sealing it failed"))?
            }
        };
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        // The key is complete under its name or not there at all: a half-written one would lose everything.
        let draft = self.path.with_extension(format!("{}.new", hex::encode(random::<8>(&*self.chance))));
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        let named = std::fs::hard_link(&draft, &self.path);
        std::fs::remove_file(&draft)?;
        match named {
            // Another process was first: its key is the one.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return self.read(File::open(&self.path)?);
            }
            other => other?,
        }
        if let Some(folder) = self.path.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(key)
    }

    fn read(&self, file: File) -> Result<RootKey> {
        let mode = file.metadata()?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(bad("others may read the file: set its mode to 0600"));
        }
        let mut bytes = Zeroizing::new(Vec::new());
        file.take(FILE_LIMIT).read_to_end(&mut bytes)?;
        let plain = match &self.passphrase {
            None => bytes,
            Some(passphrase) => {
                let mut identity = age::scrypt::Identity::new(passphrase.clone());
                // The file is ours: a slower or busier machine must open what a faster one made.
                identity.set_max_work_factor(WORK_FACTOR);
                let opened =
                    age::decrypt(&identity, &bytes).map_err(|_| bad("the passphrase does not open it"))?;
                Zeroizing::new(opened)
            }
        };
        let text = std::str::from_utf8(&plain).map_err(|_| bad("not a root key file"))?;
        let digits = text.trim_end().strip_prefix(PLAIN_HEAD).ok_or_else(|| bad("not a root key file"))?;
        let mut key = Zeroizing::new([0; 32]);
        hex::decode_to_slice(digits, &mut *key).map_err(|_| bad("not a root key file"))?;
        Ok(RootKey(key))
    }
}

impl KeyWrap for KeyFile {
    fn unseal(&self) -> Result<RootKey> {
        match File::open(&self.path) {
            Ok(file) => self.read(file),
            Err(error) if error.kind() == ErrorKind::NotFound => self.make(),
            Err(error) => Err(Error::File(error)),
        }
    }
}

fn bad(reason: &str) -> Error {
    Error::Key { reason: reason.to_owned() }
}

impl RootKey {
    /// Takes a root key from elsewhere, such as a key service.
    pub fn from_bytes(mut bytes: [u8; 32]) -> Self {
        let key = Self(Zeroizing::new(bytes));
        bytes.zeroize();
        key
    }

    /// Reads or makes the key file at the path.
    pub fn open_or_create(path: &Path, chance: SharedChance) -> Result<Self> {
        KeyFile::new(path, chance).unseal()
    }

    /// Wraps a new random secret for a request.
    pub(crate) fn wrap_new(&self, owner: &[u8], chance: &dyn Chance) -> (RequestKeys, Vec<u8>) {
        let secret = Zeroizing::new(random(chance));
        let wrapped = self.wrap(owner, &*secret, chance);
        (RequestKeys { secret }, wrapped)
    }

    pub(crate) fn wrap(&self, owner: &[u8], secret: &[u8], chance: &dyn Chance) -> Vec<u8> {
        seal(&derive(&self.0, b"wrap"), owner, secret, chance)
    }

    pub(crate) fn unwrap(&self, owner: &[u8], wrapped: &[u8]) -> Result<Bytes32> {
        let opened = open(&derive(&self.0, b"wrap"), owner, wrapped)?;
        let secret: [u8; 32] = opened.as_slice().try_into().map_err(|_| Error::Sealed("wrapped secret"))?;
        Ok(Zeroizing::new(secret))
    }

    pub(crate) fn request_keys(&self, owner: &[u8], wrapped: &[u8]) -> Result<RequestKeys> {
        Ok(RequestKeys { secret: self.unwrap(owner, wrapped)? })
    }

    /// Seals what belongs to no request: staff's e-mail addresses, sessions, mails of the system.
    pub(crate) fn seal(&self, place: &str, content: &[u8], chance: &dyn Chance) -> Vec<u8> {
        seal(&derive(&self.0, b"field"), place.as_bytes(), content, chance)
    }

    pub(crate) fn open(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        open(&derive(&self.0, b"field"), place.as_bytes(), sealed)
    }

    /// Returns a keyed fingerprint: equal for equal values, and useless to whoever lacks the root.
    pub(crate) fn fingerprint(&self, kind: &str, value: &[u8]) -> Vec<u8> {
        let key = derive(&self.0, b"index");
        // HMAC takes keys of any length.
        let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&*key) else { return Vec::new() };
        mac.update(&(kind.len() as u64).to_be_bytes());
        mac.update(kind.as_bytes());
        mac.update(value);
        mac.finalize().into_bytes().to_vec()
    }
}

/// The keys of one request.
#[derive(Clone)]
pub struct RequestKeys {
    secret: Bytes32,
}

impl RequestKeys {
    /// Returns the age identity that opens the request's files.
    pub fn identity(&self) -> Result<x25519::Identity> {
        let key = derive(&self.secret, b"file");
        let hrp = Hrp::parse("age-secret-key-").map_err(|_| Error::Sealed("file key"))?;
        let text = bech32::encode_upper::<Bech32>(hrp, &*key).map_err(|_| Error::Sealed("file key"))?;
        let text = Zeroizing::new(text);
        text.parse().map_err(|_| Error::Sealed("file key"))
    }

    /// Returns whom the request's files are sealed to.
    pub fn recipient(&self) -> Result<x25519::Recipient> {
        Ok(self.identity()?.to_public())
    }

    pub(crate) fn seal(&self, place: &str, content: &[u8], chance: &dyn Chance) -> Vec<u8> {
        seal(&derive(&self.secret, b"field"), place.as_bytes(), content, chance)
    }

    pub(crate) fn open(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        open(&derive(&self.secret, b"field"), place.as_bytes(), sealed)
    }
}

fn derive(secret: &Bytes32, purpose: &[u8]) -> Bytes32 {
    let mut key = Zeroizing::new([0; 32]);
    // 32 bytes are far below the limit of HKDF, so that expanding never fails.
    let _ = Hkdf::<Sha256>::new(Some(b"habeas keys v1"), &**secret).expand(purpose, &mut *key);
    key
}

const NONCE: usize = 24;

fn seal(key: &Bytes32, aad: &[u8], content: &[u8], chance: &dyn Chance) -> Vec<u8> {
    let nonce: [u8; NONCE] = random(chance);
    let cipher = XChaCha20Poly1305::new((&**key).into());
    // Sealing fails only above 256 GB; an empty text would then fail to open rather than leak.
    let sealed = cipher.encrypt(&XNonce::from(nonce), Payload { msg: content, aad }).unwrap_or_default();
    let mut bytes = Vec::with_capacity(NONCE + sealed.len());
    bytes.extend_from_slice(&nonce);
    bytes.extend_from_slice(&sealed);
    bytes
}

fn open(key: &Bytes32, aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(Error::Sealed("too short"))?;
    let cipher = XChaCha20Poly1305::new((&**key).into());
    let opened = cipher.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad });
    opened.map(Zeroizing::new).map_err(|_| Error::Sealed("wrong key or changed bytes"))
}

#[cfg(test)]
mod tests;
