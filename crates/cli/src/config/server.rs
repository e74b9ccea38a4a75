//! `[server]`: addresses and what visitors may do.

use serde::{Deserialize, Serialize};

/// Addresses and what visitors may do.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// The address and port to listen on. Default: `127.0.0.1:8080`. Since 0.1.
    pub listen: String,
    /// Where people reach the portal. Default: `http://` and the address listened on. Since 0.1.
    pub portal_url: Option<String>,
    /// Where staff reach the console. Default: the portal's address. Since 0.1.
    pub console_url: Option<String>,
    /// The proxies whose `X-Forwarded-For` is believed: addresses or networks such as `10.0.0.0/8`. Default: none. Since 0.1.
    pub trusted_proxies: Vec<String>,
    /// Leading zero bits of the form's proof of work; 0 switches it off. Default: 16. Since 0.1.
    pub proof_of_work_bits: u8,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            portal_url: None,
            console_url: None,
            trusted_proxies: Vec::new(),
            proof_of_work_bits: 16,
        }
    }
}
