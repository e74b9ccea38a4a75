//! The product as its own process: started, watched by what the kernel tells of it, stopped.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use crate::clock::{ms, now_us, pause};

/// A running process.
pub(crate) struct Habeas {
    child: Child,
    /// Cargo, where it is in front, becomes the process it starts.
    pid: u32,
    /// `host:port` it listens on.
    pub(crate) host: String,
    seen: Arc<Mutex<Seen>>,
    started_us: i64,
}

/// What was read of what it prints and logs.
#[derive(Default)]
struct Seen {
    printed: String,
    /// When each job was begun, by its id.
    begun: HashMap<String, i64>,
    /// When cargo said that it had built everything.
    built_us: Option<i64>,
}

/// Memory in megabytes.
pub(crate) struct Memory {
    pub(crate) resident: f64,
    pub(crate) own: f64,
}

/// Returns the binary that was built beside this program.
pub(crate) fn binary() -> anyhow::Result<PathBuf> {
    let binary = std::env::current_exe()?.with_file_name("habeas");
    ensure!(binary.is_file(), "{} is not there: cargo build --release -p habeas-cli", binary.display());
    Ok(binary)
}

/// Returns an address nothing listens on.
pub(crate) fn free_host() -> anyhow::Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

impl Habeas {
    /// Starts `habeas serve` or `habeas demo` on a data folder.
    pub(crate) fn start(command: &str, folder: &Path, log: &str) -> anyhow::Result<Self> {
        let mut program = Command::new(binary()?);
        program.args([command, "--log", log, "--log-format", "json", "--data-dir"]).arg(folder);
        Self::run(program)
    }

    /// Starts a program that takes `--listen` and serves.
    pub(crate) fn run(mut program: Command) -> anyhow::Result<Self> {
        let host = free_host()?;
        program.args(["--listen", &host]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let started_us = now_us();
        let mut child = program.spawn().context("failed to start habeas")?;
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let kept = Arc::clone(&seen);
        let stdout = BufReader::new(stdout.context("no standard output")?);
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let mut seen = lock(&kept);
                seen.printed.push_str(&line);
                seen.printed.push('\n');
            }
        });
        let kept = Arc::clone(&seen);
        let stderr = BufReader::new(stderr.context("no standard error")?);
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                let mut seen = lock(&kept);
                if line.trim_start().starts_with("Finished ") {
                    seen.built_us = Some(now_us());
                } else if let Some((id, at)) = job_begun(&line) {
                    seen.begun.entry(id).or_insert(at);
                } else if !line.contains("\"DEBUG\"") {
                    drop(writeln!(std::io::stderr(), "{line}"));
                }
            }
        });
        let pid = child.id();
        Ok(Self { child, pid, host, seen, started_us })
    }

    /// Waits until a page answers 200; returns milliseconds since the start of the process.
    pub(crate) fn wait_for(&mut self, path: &str) -> anyhow::Result<f64> {
        loop {
            if let Some(status) = self.child.try_wait()? {
                anyhow::bail!("habeas ended with {status}");
            }
            if answers(&self.host, path) {
                return Ok(ms(self.started_us, now_us()));
            }
            ensure!(now_us() - self.started_us < 600_000_000, "{path} did not answer within ten minutes");
            pause(Duration::from_millis(1));
        }
    }

    /// Returns what it has printed so far.
    pub(crate) fn printed(&self) -> String {
        lock(&self.seen).printed.clone()
    }

    /// Returns when a job was begun, as its log line says.
    pub(crate) fn begun_us(&self, job: &str) -> Option<i64> {
        lock(&self.seen).begun.get(job).copied()
    }

    /// Returns milliseconds from the end of cargo's build until now.
    pub(crate) fn since_build_ms(&self) -> anyhow::Result<f64> {
        let built_us = lock(&self.seen).built_us.context("cargo did not say that it was done")?;
        Ok(ms(built_us, now_us()))
    }

    /// Returns its memory now.
    pub(crate) fn memory(&self) -> anyhow::Result<Memory> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let megabytes = |name: &str| -> anyhow::Result<f64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).context("no such line")?;
            let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse()?;
            Ok(kilobytes / 1024.0)
        };
        Ok(Memory { resident: megabytes("VmRSS:")?, own: megabytes("RssAnon:")? })
    }

    /// Returns the processor time it has used, in milliseconds, as exact as the kernel's ticks of ten.
    pub(crate) fn cpu_ms(&self) -> anyhow::Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid))?;
        // The name in parentheses may hold anything; the twelfth and thirteenth after it are the ticks.
        let (_, fields) = stat.rsplit_once(')').context("the kernel tells no processor time")?;
        let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
        Ok(ticks.sum::<Result<f64, _>>()? * 10.0)
    }

    /// Tells it to stop, as a service manager does, and waits for its end; returns milliseconds.
    pub(crate) fn stop(mut self) -> anyhow::Result<f64> {
        let told_us = now_us();
        let pid = self.pid.to_string();
        Command::new("kill").args(["-TERM", &pid]).status().context("failed to stop habeas")?;
        let status = self.child.wait()?;
        ensure!(status.success(), "habeas ended with {status}");
        Ok(ms(told_us, now_us()))
    }
}

impl Drop for Habeas {
    fn drop(&mut self) {
        // Only where something went wrong before it was told to stop.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn lock(seen: &Mutex<Seen>) -> std::sync::MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

fn answers(host: &str, path: &str) -> bool {
    let Ok(mut stream) = TcpStream::connect(host) else { return false };
    let asked = stream.write_all(format!("GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n").as_bytes());
    let mut answer = String::new();
    asked.is_ok() && stream.read_to_string(&mut answer).is_ok() && answer.starts_with("HTTP/1.0 200")
}

/// Reads the line that a worker logs as it begins a job: the job's id, and when.
fn job_begun(line: &str) -> Option<(String, i64)> {
    let line: Value = serde_json::from_str(line).ok()?;
    let is_begin = line.get("fields")?.get("message")?.as_str()? == "job begins";
    let id = line.get("span")?.get("job.id")?.as_str()?;
    is_begin.then_some((id.to_owned(), micros(line.get("timestamp")?.as_str()?)?))
}

/// Reads `2026-11-22T06:00:00.123456Z`; only the time of day counts, the day is today's.
fn micros(text: &str) -> Option<i64> {
    const DAY: i64 = 86_400_000_000;
    let time = text.split_once('T')?.1.strip_suffix('Z')?;
    let (whole, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut seconds = 0_i64;
    for part in whole.split(':') {
        seconds = seconds * 60 + part.parse::<i64>().ok()?;
    }
    let fraction: i64 = format!("{fraction:0<6}").get(..6)?.parse().ok()?;
    let now = now_us();
    let at = now - now % DAY + seconds * 1_000_000 + fraction;
    // Read just after midnight, written just before it.
    Some(if at > now + DAY / 2 { at - DAY } else { at })
}
