//! Wall time, this process's CPU time and its peak of memory, as the kernel tells them.

use std::future::Future;
use std::time::Instant;

use anyhow::Context as _;

/// What a piece of work took.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) wall_ms: f64,
    pub(crate) cpu_ms: f64,
}

/// Runs a piece of work and tells what it took.
#[expect(clippy::disallowed_methods, reason = "time is what is measured here")]
pub(crate) async fn measure<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<(T, Cost)> {
    let (started, before) = (Instant::now(), cpu_ms()?);
    let done = work.await?;
    let cost = Cost { wall_ms: started.elapsed().as_secs_f64() * 1000.0, cpu_ms: cpu_ms()? - before };
    Ok((done, cost))
}

/// The time all threads of this process have run, in milliseconds.
fn cpu_ms() -> anyhow::Result<f64> {
    let mut nanos = 0_u64;
    for task in std::fs::read_dir("/proc/self/task")? {
        // A thread may end while the list is read.
        let Ok(text) = std::fs::read_to_string(task?.path().join("schedstat")) else { continue };
        nanos += text.split(' ').next().and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
    }
    Ok(std::time::Duration::from_nanos(nanos).as_secs_f64() * 1000.0)
}

/// The most memory this process has held, in megabytes.
pub(crate) fn peak_memory_mb() -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("the kernel tells no peak")?;
    let kilobytes: u64 =
        line.trim().trim_end_matches(" kB").parse().context("the kernel's peak is no number")?;
    Ok(kilobytes / 1024)
}
