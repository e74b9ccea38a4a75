//! The machine's clock, by which everything here is measured, and the pauses between two looks.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::bail;

/// Microseconds since 1970, as the database keeps instants.
#[expect(clippy::disallowed_methods, reason = "time is what is measured here")]
pub(crate) fn now_us() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

/// Seconds since 1970.
pub(crate) fn now_s() -> u64 {
    u64::try_from(now_us() / 1_000_000).unwrap_or(0)
}

/// Milliseconds between two instants.
pub(crate) fn ms(from_us: i64, to_us: i64) -> f64 {
    let span = Duration::from_micros(to_us.abs_diff(from_us)).as_secs_f64() * 1_000.0;
    if to_us < from_us { -span } else { span }
}

/// Waits without doing anything.
#[expect(
    clippy::disallowed_methods,
    reason = "another process is waited for; nothing tells when it is ready"
)]
pub(crate) fn pause(span: Duration) {
    std::thread::sleep(span);
}

/// Looks again and again until there is something to see, for half a minute at most.
pub(crate) fn wait_for<T>(
    what: &str,
    every: Duration,
    mut look: impl FnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let until = now_us() + 30_000_000;
    loop {
        if let Some(seen) = look()? {
            return Ok(seen);
        }
        if now_us() > until {
            bail!("waited half a minute for {what}");
        }
        pause(every);
    }
}
