//! Files that come in: part by part, sealed on their way to the disk, and the form's token before any of them.
//!
//! The guard leaves the body of such a form alone ([`crate::guard`]); whoever reads it begins with [`Parts::begin`].

use std::fs::File;
use std::io::{BufWriter, Write as _};

use axum::body::Bytes;
use axum::extract::multipart::{Field, Multipart};
use habeas_core::upload::HEAD;
use habeas_store::records::SealTarget;
use habeas_store::{Error as StoreError, Scratch};
use subtle::ConstantTimeEq as _;
use tokio::sync::mpsc;

use crate::App;
use crate::error::{Error, Result};
use crate::visit::Visit;

/// The largest body of a form with a file: the file and some room for what surrounds it.
pub(crate) const BODY_LIMIT: usize = 101 * 1024 * 1024;

/// No form with a file has more parts.
const MOST_PARTS: usize = 10;

/// The parts of a form that this browser was given.
pub(crate) struct Parts {
    body: Multipart,
    left: usize,
}

impl Parts {
    /// Begins to read: the first part must be this browser's token.
    pub(crate) async fn begin(app: &App, visit: &Visit, body: Multipart) -> Result<Self> {
        let mut parts = Self { body, left: MOST_PARTS };
        let first = parts.next().await?.filter(|part| part.name() == Some("csrf")).ok_or(Error::StaleForm)?;
        let token = read_short(first).await?;
        let is_own: bool = token.as_bytes().ct_eq(visit.csrf(app).as_bytes()).into();
        if is_own { Ok(parts) } else { Err(Error::StaleForm) }
    }

    /// Returns the next part.
    pub(crate) async fn next(&mut self) -> Result<Option<Field<'_>>> {
        let Some(left) = self.left.checked_sub(1) else { return Err(Error::TooLarge) };
        self.left = left;
        self.body.next_field().await.map_err(|_| Error::TooLarge)
    }
}

/// The longest text in a form with a file, in bytes.
const TEXT_LIMIT: usize = 1024;

pub(crate) async fn read_short(mut part: Field<'_>) -> Result<String> {
    let mut text = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(|_| Error::StaleForm)? {
        text.extend_from_slice(&chunk);
        if text.len() > TEXT_LIMIT {
            return Err(Error::StaleForm);
        }
    }
    String::from_utf8(text).map_err(|_| Error::StaleForm)
}

/// What came of a file.
pub(crate) enum Received {
    /// It is sealed in the scratch folder.
    Whole {
        /// Where.
        scratch: Scratch,
        /// Its length before.
        byte_count: u64,
        /// Its first bytes.
        head: Vec<u8>,
    },
    /// It is longer than is taken.
    TooLong,
}

/// Takes a file in: a thread of its own seals what comes, a few chunks behind the network.
pub(crate) async fn receive(
    scratch: Scratch,
    target: SealTarget,
    mut part: Field<'_>,
    limit: u64,
) -> Result<Received> {
    let (sender, mut receiver) = mpsc::channel::<Bytes>(4);
    let sealing = tokio::task::spawn_blocking(move || -> Result<Option<Scratch>, StoreError> {
        let mut sealer = target.seal(BufWriter::new(File::create_new(scratch.path())?))?;
        let mut is_whole = false;
        while let Some(chunk) = receiver.blocking_recv() {
            // An empty chunk says that all of it came: a connection that broke off says nothing.
            is_whole = chunk.is_empty();
            sealer.write_all(&chunk)?;
        }
        sealer.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        Ok(is_whole.then_some(scratch))
    });
    let (mut byte_count, mut head) = (0_u64, Vec::new());
    while let Some(chunk) = part.chunk().await.map_err(|_| Error::TooLarge)? {
        if chunk.is_empty() {
            continue;
        }
        byte_count += chunk.len() as u64;
        if byte_count > limit {
            return Ok(Received::TooLong);
        }
        head.extend(chunk.iter().take(HEAD.saturating_sub(head.len())));
        // Where the disk is full the thread has ended, and says so below.
        if sender.send(chunk).await.is_err() {
            break;
        }
    }
    drop(sender.send(Bytes::new()).await);
    drop(sender);
    let sealed = sealing.await.map_err(|_| Error::Broken("sealing a file ended"))??;
    let scratch = sealed.ok_or(Error::Broken("a file broke off"))?;
    Ok(Received::Whole { scratch, byte_count, head })
}
