//! Everything a test run logs, kept as text to search for values that must not be there.
//!
//! Tests plant values (a name, an address, a token) in what they send, then look for them here.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

static INSTALLED: OnceLock<CapturedLogs> = OnceLock::new();

/// The log of this process at every level, spans and their fields included.
#[derive(Debug, Clone, Default)]
pub struct CapturedLogs(Arc<Mutex<Vec<u8>>>);

impl CapturedLogs {
    /// Captures what the whole process logs from now on, on all threads. Asked again, it returns the same
    /// capture; nextest runs each test in a process of its own, so tests don't see one another's.
    #[expect(clippy::panic, reason = "a test that can't see its log must fail")]
    pub fn install() -> Self {
        INSTALLED
            .get_or_init(|| {
                let logs = Self::default();
                let started = tracing_subscriber::fmt()
                    .with_max_level(LevelFilter::TRACE)
                    .with_span_events(FmtSpan::NEW)
                    .with_ansi(false)
                    .with_writer(logs.clone())
                    .try_init();
                if let Err(problem) = started {
                    panic!("the log is already taken by something else in this process: {problem}");
                }
                logs
            })
            .clone()
    }

    /// Returns everything logged so far.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }

    /// Returns the planted values that stand in the log, in any letter case, plain or percent-encoded.
    pub fn leaks<'a>(&self, planted: &[&'a str]) -> Vec<&'a str> {
        let log = self.text().to_lowercase();
        planted.iter().copied().filter(|value| stands_in(&log, value)).collect()
    }
}

fn stands_in(log: &str, value: &str) -> bool {
    let encoded: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
    let with_spaces = encoded.replace('+', "%20");
    [value, &encoded, &with_spaces].iter().any(|form| log.contains(&form.to_lowercase()))
}

impl Write for CapturedLogs {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for CapturedLogs {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    //! What is logged anywhere in the process is found again.
    use super::*;

    #[test]
    fn planted_values_are_found_wherever_they_were_logged() {
        let logs = CapturedLogs::install();
        let _span = tracing::trace_span!("work", person = "Ann Example").entered();
        let spawned =
            std::thread::spawn(|| tracing::debug!(address = "/x?mail=bo%2Bx%40example.org", "asked"));
        spawned.join().unwrap();
        assert_eq!(
            logs.leaks(&["ann example", "bo+x@example.org", "carla@example.org"]),
            ["ann example", "bo+x@example.org"]
        );
        assert_eq!(CapturedLogs::install().text(), logs.text());
    }
}
