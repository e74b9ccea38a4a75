//! A private MariaDB server that lives as long as the test run, as [`crate::postgres`] has it.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use tempfile::TempDir;

use crate::{machine, process};

/// The variable the tests read the address from.
pub(crate) const ADDRESS: &str = "HABEAS_TEST_MARIADB_URL";

/// The one who runs it and owns its files where we are root.
const USER: &str = "mysql";

/// What makes a server fast that nobody will miss. Table names are told apart by case, as on servers of shops.
const SETTINGS: [&str; 9] = [
    "--no-defaults",
    "--skip-name-resolve",
    "--bind-address=127.0.0.1",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-flush-method=nosync",
    "--innodb-buffer-pool-size=64M",
    "--sync-binlog=0",
    "--max-connections=200",
    "--lower-case-table-names=0",
];

/// A running server, stopped and forgotten when dropped.
pub(crate) struct Server {
    child: Child,
    port: u16,
    folder: TempDir,
}

/// Returns where the server program is; Debian keeps it where only root looks.
pub(crate) fn program() -> Option<PathBuf> {
    process::lookup("mariadbd")
        .or_else(|| Some(PathBuf::from("/usr/sbin/mariadbd")).filter(|file| file.is_file()))
}

/// Starts a server on a free port and waits until it answers.
pub(crate) fn start() -> anyhow::Result<Server> {
    let program = program().context("MariaDB is not installed")?;
    let folder = tempfile::Builder::new().prefix("habeas-mariadb-").tempdir()?;
    let data = folder.path().join("data");
    let mut install = Command::new("mariadb-install-db");
    install.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]);
    install.arg(format!("--datadir={}", data.display()));
    if machine::is_root()? {
        process::read(Command::new("chown").arg(USER).arg(folder.path()))?;
        install.arg(format!("--user={USER}"));
    }
    process::read(&mut install)?;
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    let log = File::create(folder.path().join("log"))?;
    let mut command = process::unprivileged(&program, USER, "KILL")?;
    command
        .args(SETTINGS)
        .arg(format!("--datadir={}", data.display()))
        .arg(format!("--port={port}"))
        .arg(format!("--socket={}", folder.path().join("socket").display()))
        .arg(format!("--pid-file={}", folder.path().join("pid").display()));
    let child = command
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log)
        .spawn()
        .context("failed to start MariaDB")?;
    let mut server = Server { child, port, folder };
    server.wait_until_ready()?;
    Ok(server)
}

impl Server {
    /// Returns the address tests connect to.
    pub(crate) fn url(&self) -> String {
        format!("mysql://root@127.0.0.1:{}/mysql", self.port)
    }

    #[expect(clippy::disallowed_methods, reason = "waits for a real server to start")]
    fn wait_until_ready(&mut self) -> anyhow::Result<()> {
        let end = Instant::now() + Duration::from_mins(1);
        while Instant::now() < end {
            // It listens only once it can answer.
            if std::net::TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok() {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
                bail!("MariaDB ended with {status} instead of starting: {}", log.trim());
            }
            thread::sleep(Duration::from_millis(50));
        }
        bail!("MariaDB did not answer within a minute")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its data goes with it: there is nothing to shut down in order.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
