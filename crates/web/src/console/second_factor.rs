//! The second factor: codes of an authenticator app (RFC 6238: SHA-1, six digits, 30 seconds).

use habeas_core::id::Token;
use jiff::Timestamp;
use totp_rs::{Builder, Totp};

use crate::App;
use crate::error::{Error, Result};

/// The secret's length: as many bytes as SHA-1 gives.
const BYTES: usize = 20;

/// Returns the secret that belongs to a one-time link. It follows from the link's token and the
/// installation's key, so that the page shows the same secret however often it is opened and nothing is
/// kept before the account is made.
pub(super) fn secret_of(app: &App, token: &Token) -> Vec<u8> {
    let mut secret = app.store.fingerprint("second factor", token.hash().as_bytes());
    secret.truncate(BYTES);
    secret
}

/// Returns the time step whose code was entered, at most one step off; whether it was used, the store tells.
pub(super) fn step(secret: &[u8], code: &str, now: Timestamp) -> Result<Option<u64>> {
    let digits: String = code.chars().filter(char::is_ascii_digit).take(12).collect();
    let now = u64::try_from(now.as_second()).unwrap_or(0);
    Ok(totp(secret)?.check(&digits, now))
}

fn totp(secret: &[u8]) -> Result<Totp> {
    Builder::new().with_secret(secret.to_vec()).build().map_err(|_| Error::Broken("a second factor's secret"))
}

/// Returns the secret as people type it: groups of four.
pub(super) fn typed(secret: &[u8]) -> String {
    let text = base32(secret);
    let groups: Vec<&str> = (0..text.len()).step_by(4).filter_map(|at| text.get(at..at + 4)).collect();
    groups.join(" ")
}

/// Returns the address an authenticator app reads from the QR code.
pub(super) fn url(secret: &[u8], issuer: &str, account: &str) -> String {
    let (issuer, account) = (encoded(issuer), encoded(account));
    format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", base32(secret))
}

fn base32(bytes: &[u8]) -> String {
    const SYMBOLS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::new();
    let (mut held, mut bits) = (0_u32, 0);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            let symbol = SYMBOLS.get(((held >> bits) & 31) as usize).copied().unwrap_or(b'A');
            text.push(char::from(symbol));
        }
    }
    text
}

/// Apps take `+` for itself, so that spaces must be written as `%20`.
fn encoded(text: &str) -> String {
    let text = text.replace(':', " ");
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

#[cfg(test)]
mod tests {
    //! Codes as RFC 6238 gives them, and the address apps read.
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (second, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            let now = Timestamp::from_second(second).unwrap();
            let expected = u64::try_from(second).unwrap() / 30;
            assert_eq!(step(secret, code, now).unwrap(), Some(expected), "at {second}");
            let late = Timestamp::from_second(second + 90).unwrap();
            assert_eq!(step(secret, code, late).unwrap(), None, "90 seconds after {second}");
        }
    }

    #[test]
    fn apps_read_the_address() {
        let secret = b"12345678901234567890";
        assert_eq!(typed(secret), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(
            url(secret, "North: wind", "a@b.example"),
            "otpauth://totp/North%20%20wind:a%40b.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=North%20%20wind"
        );
    }
}
