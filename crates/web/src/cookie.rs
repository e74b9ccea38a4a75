//! The one cookie a side sets: a random token that a session may stand behind.
//!
//! Portal and console have cookies of their own. Over HTTPS the name starts with `__Host-`: no
//! neighbouring host can then set or overwrite it.

use axum::http::{HeaderMap, HeaderValue, header};
use habeas_core::id::Token;
use habeas_store::sessions::Audience;

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

/// Returns the token a browser sent.
pub(crate) fn read(headers: &HeaderMap, audience: Audience, options: &Options) -> Option<Token> {
    let wanted = name(audience, options);
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
    let text = format!("{name}={}; Path=/; HttpOnly; SameSite={same_site}{secure}", token.reveal());
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
