//! A fresh database for each test in the private servers that speak MongoDB's protocol, as [`crate::postgres`] has it.

use std::sync::atomic::{AtomicU32, Ordering};

use mongodb::bson::{Bson, Document};
use mongodb::{Client, Collection};

/// The variable that holds the address of the private replica set.
pub const SERVER: &str = "HABEAS_TEST_MONGODB_URL";

/// The variable that holds the address of the private server that stands alone.
pub const STANDALONE: &str = "HABEAS_TEST_MONGODB_STANDALONE_URL";

/// An empty database of its own. It goes with the server.
#[derive(Debug, Clone)]
pub struct Database {
    name: String,
    server: String,
    client: Client,
}

impl Database {
    /// Returns the address to connect to.
    pub fn url(&self) -> String {
        self.url_through(self.port())
    }

    /// Returns the port of the private server, to put a [`crate::proxy::Proxy`] before it.
    pub fn port(&self) -> u16 {
        let digits = self.server.rsplit_once(':').map(|(_, rest)| rest).unwrap_or_default();
        digits.split('/').next().and_then(|port| port.parse().ok()).unwrap_or(27017)
    }

    /// Returns the address of the same database through another port of this machine.
    pub fn url_through(&self, port: u16) -> String {
        format!("mongodb://127.0.0.1:{port}/{}?directConnection=true", self.name)
    }

    /// Returns the database's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the database, to do anything with.
    pub fn database(&self) -> mongodb::Database {
        self.client.database(&self.name)
    }

    /// Returns a client of the same server.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Returns a collection.
    pub fn collection(&self, name: &str) -> Collection<Document> {
        self.database().collection(name)
    }

    /// Puts documents into a collection.
    pub async fn insert(&self, collection: &str, documents: Vec<Document>) {
        let done = self.collection(collection).insert_many(documents).await;
        #[expect(clippy::panic, reason = "a test without its data must fail")]
        if let Err(problem) = done {
            panic!("failed to insert: {problem}");
        }
    }

    /// Returns a document by its key.
    pub async fn lookup(&self, collection: &str, id: impl Into<Bson>) -> Option<Document> {
        let mut by_id = Document::new();
        by_id.insert("_id", id);
        let found = self.collection(collection).find_one(by_id).await;
        #[expect(clippy::panic, reason = "a test that can't look must fail")]
        found.unwrap_or_else(|problem| panic!("failed to look: {problem}"))
    }
}

/// Makes an empty database in the replica set.
pub async fn fresh_database() -> Database {
    fresh(SERVER).await
}

/// Makes an empty database in the server that stands alone.
pub async fn fresh_standalone_database() -> Database {
    fresh(STANDALONE).await
}

/// The process and a count make the name, so tests in different processes never meet.
async fn fresh(variable: &str) -> Database {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    #[expect(clippy::panic, reason = "a test without its server must fail, not be skipped")]
    let Ok(server) = std::env::var(variable) else {
        panic!("{variable} is not set: run `cargo xtask test`, which starts the database servers tests need");
    };
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("test_{}_{number}", std::process::id());
    let client = Client::with_uri_str(&server).await;
    #[expect(clippy::panic, reason = "a test without its server must fail")]
    let client = client.unwrap_or_else(|problem| panic!("{variable} is not an address: {problem}"));
    let database = Database { name, server, client };
    // A process of an earlier run may have had the same number.
    let _ = database.database().drop().await;
    database
}
