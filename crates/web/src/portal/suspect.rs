//! Requests that come in floods, or in the same words again and again: marked, never dropped.
//!
//! Whoever is meant by such a request and proves who they are takes the mark off by that, so a campaign whose
//! letters are alike loses nothing.

use std::net::IpAddr;

use habeas_core::event::Actor;
use habeas_core::pii::Pii;
use habeas_core::request::{Command, Request, Reshape, SpamCause};
use habeas_store::Tx;
use habeas_store::limits::{Limit, Throttle};

use crate::error::{Error, Result};
use crate::{App, limit};

/// Shorter words are alike by chance.
const SHORTEST: usize = 40;

/// Says whether a request that comes in now looks like one of many; counts it in any case.
pub(super) async fn cause(app: &App, address: IpAddr, words: Option<&str>) -> Result<Option<SpamCause>> {
    let network = match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => (address.to_bits() >> 64).to_be_bytes().to_vec(),
    };
    let is_flood = is_many(app, limit::FLOOD_ADDRESS, &network).await?;
    let alike = words.map(alike).filter(|words| words.chars().count() >= SHORTEST);
    let is_template = match alike {
        Some(words) => is_many(app, limit::SAME_WORDS, words.as_bytes()).await?,
        None => false,
    };
    Ok(match (is_flood, is_template) {
        (true, _) => Some(SpamCause::Flood),
        (false, true) => Some(SpamCause::Template),
        (false, false) => None,
    })
}

async fn is_many(app: &App, limit: Limit, what: &[u8]) -> Result<bool> {
    Ok(matches!(app.store.throttle(limit, what).await?, Throttle::Refused { .. }))
}

/// Returns what is the same in texts that differ by names, numbers and addresses only as far as case, marks and
/// white space go.
fn alike(text: &str) -> String {
    let words = text.split_whitespace().filter(|word| !word.contains(['@', '/']));
    let letters =
        |word: &str| word.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    let words: Vec<String> = words.map(letters).filter(|word: &String| !word.is_empty()).collect();
    words.join(" ")
}

/// Marks a request that has just come in.
pub(super) async fn mark(
    app: &App,
    tx: &mut Tx,
    request: Request,
    cause: Option<SpamCause>,
) -> Result<Request> {
    let Some(cause) = cause else { return Ok(request) };
    let ctx = app.catalog.context(&request.terms, app.now(), Actor::System, &[])?;
    let mark = Command::Reshape(Reshape::MarkSpam { cause, reason: Pii::default() });
    tracing::warn!(request.id = %request.id, ?cause, "a request was marked as spam");
    tx.act(&request, mark, &ctx).await.map_err(Error::from)
}
