//! Private servers that speak MongoDB's protocol, one as a replica set and one standing alone.
//!
//! MongoDB itself is in no registry tests may use. SecantusDB is (GPL-2.0): it keeps documents in the same storage
//! engine, has transactions and knows the same commands. It is a tool, like the browser: no part of it is in the
//! binary or in this repository.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use tempfile::TempDir;

use crate::process::{self, build_folder, say};

/// The server and all it needs, each in the version tests were written with.
const PACKAGES: [&str; 8] = [
    "SecantusDB==0.7.0b3",
    "pymongo==4.20.1",
    "dnspython==2.9.2",
    "s2sphere==0.2.5",
    "future==1.0.0",
    "shapely==2.2.0",
    "numpy==2.4.6",
    "python-dateutil==2.9.0.post0",
];

/// A running server, stopped and forgotten when dropped.
pub(crate) struct Server {
    child: Child,
    port: u16,
    folder: TempDir,
    address: &'static str,
}

/// Starts both servers.
pub(crate) fn start() -> anyhow::Result<[Server; 2]> {
    let program = ensure_program()?;
    let mut set = one(&program, "HABEAS_TEST_MONGODB_URL", &[])?;
    let mut alone = one(&program, "HABEAS_TEST_MONGODB_STANDALONE_URL", &["--standalone"])?;
    set.wait_until_ready()?;
    alone.wait_until_ready()?;
    Ok([set, alone])
}

/// Installs the server into the build folder when tests first need it.
fn ensure_program() -> anyhow::Result<PathBuf> {
    let folder = build_folder()?.join("tools").join("secantusdb-0.7.0b3");
    let program = folder.join("bin").join("secantusd-py");
    if folder.join("complete").is_file() && program.is_file() {
        return Ok(program);
    }
    say("The server tests take for MongoDB is missing and gets installed, once.");
    process::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    let mut pip = Command::new(folder.join("bin").join("pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check", "--no-deps"]).args(PACKAGES);
    process::run(&mut pip)?;
    ensure!(program.is_file(), "installed SecantusDB, and yet its program is not there");
    File::create(folder.join("complete"))?;
    Ok(program)
}

fn one(program: &PathBuf, address: &'static str, more: &[&str]) -> anyhow::Result<Server> {
    let folder = tempfile::Builder::new().prefix("habeas-mongodb-").tempdir()?;
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    let log = File::create(folder.path().join("log"))?;
    let child = Command::new("setpriv")
        .args(["--pdeathsig", "KILL"])
        .arg(program)
        .args(["--host", "127.0.0.1", "--port", &port.to_string(), "--log-level", "WARNING"])
        .args(["--cache-size", "64M", "--enable-test-commands"])
        .arg("--storage-path")
        .arg(folder.path().join("data"))
        .args(more)
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .context("failed to start SecantusDB")?;
    Ok(Server { child, port, folder, address })
}

impl Server {
    /// Returns the variable the tests read the address from.
    pub(crate) fn address(&self) -> &'static str {
        self.address
    }

    /// Returns the address tests connect to.
    pub(crate) fn url(&self) -> String {
        format!("mongodb://127.0.0.1:{}/test?directConnection=true", self.port)
    }

    #[expect(clippy::disallowed_methods, reason = "waits for a real server to start")]
    fn wait_until_ready(&mut self) -> anyhow::Result<()> {
        let end = Instant::now() + Duration::from_mins(1);
        while Instant::now() < end {
            // It listens only once it can answer.
            if TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok() {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                bail!("SecantusDB ended with {status} instead of starting: {}", log.trim());
            }
            thread::sleep(Duration::from_millis(50));
        }
        bail!("SecantusDB did not answer within a minute")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its data goes with it: there is nothing to shut down in order.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
