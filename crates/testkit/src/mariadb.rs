//! A fresh database in the private MariaDB server for each test, as [`crate::postgres`] has it.

use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::{AssertSqlSafe, Connection as _, Row as _};
use url::Url;

/// The variable that holds the address of the private server, with the rights to create databases.
pub const SERVER: &str = "HABEAS_TEST_MARIADB_URL";

/// An empty database of its own, dropped with this value.
#[derive(Debug)]
pub struct Database {
    name: String,
    server: Url,
    url: Url,
}

impl Database {
    /// Returns the address to connect to.
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Returns the port of the private server, to put a [`crate::proxy::Proxy`] before it.
    pub fn port(&self) -> u16 {
        self.url.port().unwrap_or(3306)
    }

    /// Returns the address of the same database through another port of this machine.
    pub fn url_through(&self, port: u16) -> String {
        let mut url = self.url.clone();
        // Only addresses without a host have no port to set, and this one has a host.
        let _ = url.set_port(Some(port));
        url.into()
    }
}

/// Creates an empty database.
pub async fn fresh_database() -> Database {
    let server = server();
    let created = create(&server).await;
    #[expect(clippy::panic, reason = "a test without its database must fail")]
    let name = created.unwrap_or_else(|problem| panic!("failed to create a database: {problem}"));
    let mut url = server.clone();
    url.set_path(&name);
    Database { name, server, url }
}

#[expect(clippy::panic, reason = "a test without its server must fail, not be skipped")]
fn server() -> Url {
    let Ok(text) = std::env::var(SERVER) else {
        panic!("{SERVER} is not set: run `cargo xtask test`, which starts the database servers tests need");
    };
    text.parse().unwrap_or_else(|_| panic!("{SERVER} is not an address"))
}

async fn connect(server: &Url) -> sqlx::Result<MySqlConnection> {
    let options: MySqlConnectOptions = server.as_str().parse()?;
    MySqlConnection::connect_with(&options).await
}

/// The server draws the name, so tests in different processes never meet.
async fn create(server: &Url) -> sqlx::Result<String> {
    let mut connection = connect(server).await?;
    let row = sqlx::query("SELECT CAST(CONCAT('test_', REPLACE(UUID(), '-', '')) AS CHAR)")
        .fetch_one(&mut connection)
        .await?;
    let name: String = row.try_get_unchecked(0)?;
    let create = format!("CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci");
    sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut connection).await?;
    connection.close().await?;
    Ok(name)
}

async fn drop_by_name(server: &Url, name: &str) -> sqlx::Result<()> {
    let mut connection = connect(server).await?;
    sqlx::raw_sql(AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name}"))).execute(&mut connection).await?;
    connection.close().await
}

impl Drop for Database {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), std::mem::take(&mut self.name));
        // A thread of its own, since the test's runtime may be gone or busy with this very drop. A database
        // that stays behind goes with the server.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            if let Ok(runtime) = runtime {
                let _ = runtime.block_on(drop_by_name(&server, &name));
            }
        });
        let _ = dropping.join();
    }
}
