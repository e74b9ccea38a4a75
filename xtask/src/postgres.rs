//! A private PostgreSQL server that lives as long as the test run.
//!
//! Its data lies in a temporary folder, nothing is flushed to disk, and it listens on a free port of the
//! loopback address only. PostgreSQL refuses to run as root, so root starts it as the `postgres` user.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use tempfile::TempDir;

use crate::{machine, process};

/// The variable the tests read the address from.
pub(crate) const ADDRESS: &str = "HABEAS_TEST_POSTGRES_URL";

/// The one who runs it and owns its files where we are root.
const USER: &str = "postgres";

/// What makes a server fast that nobody will miss.
const SETTINGS: [&str; 7] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "max_connections=200",
    "shared_buffers=64MB",
    "log_min_messages=fatal",
];

/// A running server, stopped and forgotten when dropped.
pub(crate) struct Server {
    child: Child,
    port: u16,
    folder: TempDir,
}

/// Returns the folder of the newest server programs on this machine.
pub(crate) fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok().into_iter().flatten().flatten();
    let number = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    let newest = versions
        .map(|entry| entry.path())
        .filter(|path| path.join("bin/postgres").is_file())
        .filter_map(|path| Some((number(&path)?, path)))
        .max();
    match newest {
        Some((_, path)) => Some(path.join("bin")),
        None => process::lookup("postgres").and_then(|file| Some(file.parent()?.to_path_buf())),
    }
}

/// Starts a server on a free port and waits until it answers.
pub(crate) fn start() -> anyhow::Result<Server> {
    let programs = programs().context("PostgreSQL is not installed")?;
    let folder = tempfile::Builder::new().prefix("habeas-postgres-").tempdir()?;
    if machine::is_root()? {
        process::read(Command::new("chown").arg(USER).arg(folder.path()))?;
    }
    let data = folder.path().join("data");
    process::read(
        process::unprivileged(&programs.join("initdb"), USER, "INT")?
            .current_dir(folder.path())
            .arg("--pgdata")
            .arg(&data)
            .args(["--username", USER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]),
    )?;
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    let log = File::create(folder.path().join("log"))?;
    let child = process::unprivileged(&programs.join("postgres"), USER, "INT")?
        .current_dir(folder.path())
        .arg("-D")
        .arg(&data)
        .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-k", ""])
        .args(SETTINGS.iter().flat_map(|setting| ["-c", setting]))
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .context("failed to start PostgreSQL")?;
    let mut server = Server { child, port, folder };
    server.wait_until_ready(&programs)?;
    Ok(server)
}

impl Server {
    /// Returns the address tests connect to.
    pub(crate) fn url(&self) -> String {
        format!("postgres://{USER}@127.0.0.1:{}/postgres", self.port)
    }

    #[expect(clippy::disallowed_methods, reason = "waits for a real server to start")]
    fn wait_until_ready(&mut self, programs: &Path) -> anyhow::Result<()> {
        let end = Instant::now() + Duration::from_mins(1);
        let port = self.port.to_string();
        while Instant::now() < end {
            let mut asking = Command::new(programs.join("pg_isready"));
            if process::read(asking.args(["-q", "-h", "127.0.0.1", "-p", &port])).is_ok() {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                bail!("PostgreSQL ended with {status} instead of starting: {}", log.trim());
            }
            thread::sleep(Duration::from_millis(50));
        }
        bail!("PostgreSQL did not answer within a minute")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // An interrupt is PostgreSQL's fast shutdown. If it can't be sent, nothing better is left to do.
        let _ = process::read(Command::new("sh").args(["-c", &format!("kill -INT {}", self.child.id())]));
        let _ = self.child.wait();
    }
}
