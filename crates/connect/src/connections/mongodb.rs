//! Addresses of MongoDB, which may name several hosts and so are no urls.

use super::is_local;

/// What an address says that must be known before the driver reads it.
pub(super) struct Parts {
    /// The hosts, without name and password.
    pub(super) address: String,
    pub(super) database: String,
    /// Whether all hosts are this machine.
    pub(super) is_this_machine: bool,
}

/// Options that would weaken what the connections file says of TLS, or keep a password in the url's place.
const REFUSED: [&str; 6] =
    ["tls", "ssl", "tlsinsecure", "tlsallowinvalidcertificates", "tlsallowinvalidhostnames", "tlscafile"];

pub(super) fn parts(text: &str) -> Result<Parts, &'static str> {
    let (scheme, rest) = text.split_once("://").ok_or("url must begin with mongodb:// or mongodb+srv://")?;
    let (rest, options) = rest.split_once('?').unwrap_or((rest, ""));
    let names = options.split('&').filter_map(|option| option.split('=').next());
    if names.map(str::to_ascii_lowercase).any(|name| REFUSED.contains(&&*name)) {
        return Err("url must say nothing of TLS: use tls and tls_ca_file");
    }
    let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
    if database.is_empty() {
        return Err("url must name a database, as mongodb://user@host/database");
    }
    if database.contains('%') || database.contains(['/', '\\', '.', ' ', '"', '$']) {
        return Err("url must name its database without special characters");
    }
    let hosts = authority.rsplit_once('@').map_or(authority, |(_, hosts)| hosts);
    if hosts.is_empty() {
        return Err("url must name a host, as mongodb://user@host/database");
    }
    let hosts_apart = hosts.split(',').map(|host| match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    });
    let is_this_machine = scheme == "mongodb"
        && hosts_apart.map(|host| host.replace("%2F", "/").replace("%2f", "/")).all(|host| is_local(&host));
    Ok(Parts { address: hosts.to_owned(), database: database.to_owned(), is_this_machine })
}
