//! The cookies: for each side a random token that a session may stand behind, and for the console a
//! second one by which a browser is known again.
//!
//! Portal and console have cookies of their own. Over HTTPS the names start with `__Host-`: no
//! neighbouring host can then set or overwrite them.

use axum::http::{HeaderMap, HeaderValue, header};
use habeas_core::id::Token;
use habeas_store::sessions::Audience;
use jiff::SignedDuration;

use crate::Options;

/// No cookie header with more cookies than this is read to its end.
const MOST: usize = 64;

fn name(audience: Audience, options: &Options) -> &'static str {
    match (audience, options.is_secure) {
        (Audience::Portal, true) => "__Host-habeas",
        (Audience::Portal, false) => "habeas",
        (Audience::Console, true) => "__Host-habeas-console",
        (Audience::Console, false) => "habeas-console",
    }
}

fn device_name(options: &Options) -> &'static str {
    if options.is_secure { "__Host-habeas-device" } else { "habeas-device" }
}

/// Returns the token a browser sent.
pub(crate) fn read(headers: &HeaderMap, audience: Audience, options: &Options) -> Option<Token> {
    find(headers, name(audience, options))
}

/// Returns the token by which staff's browser is known again.
pub(crate) fn read_device(headers: &HeaderMap, options: &Options) -> Option<Token> {
    find(headers, device_name(options))
}

fn find(headers: &HeaderMap, wanted: &str) -> Option<Token> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .take(MOST)
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .and_then(|(_, value)| value.parse().ok())
}

/// Returns the `Set-Cookie` that gives a browser a token until it is closed.
pub(crate) fn set(token: &Token, audience: Audience, options: &Options) -> HeaderValue {
    let name = name(audience, options);
    let secure = if options.is_secure { "; Secure" } else { "" };
    // Lax lets the link in a mail find its session; staff come from nowhere else.
    let same_site = match audience {
        Audience::Portal => "Lax",
        Audience::Console => "Strict",
    };
    value(&format!("{name}={}; Path=/; HttpOnly; SameSite={same_site}{secure}", token.reveal()))
}

/// Returns the `Set-Cookie` by which staff's browser is known again for a time, also after it was closed.
pub(crate) fn set_device(token: &Token, life: SignedDuration, options: &Options) -> HeaderValue {
    let (name, seconds) = (device_name(options), life.as_secs());
    let secure = if options.is_secure { "; Secure" } else { "" };
    let token = token.reveal();
    value(&format!("{name}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"))
}

fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
