//! One table of the connections file: what stands there, and what is wrong with it.

use std::path::Path;
use std::sync::Arc;

use url::Url;

use super::{Connection, Invalid, Limits, Owner, Target, Tls, invalid, is_local, mongodb};
use crate::error::nearest_name;

const KEYS: [&str; 13] = [
    "url",
    "password_file",
    "grant",
    "datasets",
    "limits",
    "tls",
    "tls_ca_file",
    "row_level_security",
    "kind",
    "owner",
    "stand_in",
    "holds",
    "owner_confirms",
];
/// What a source without a connection can't have.
const OF_CONNECTED: [&str; 8] =
    ["url", "password_file", "grant", "limits", "tls", "tls_ca_file", "row_level_security", "owner_confirms"];
/// The longest description of what a source holds, in characters.
const HOLDS_MAX: usize = 500;
const LIMITS: [&str; 6] =
    ["concurrency", "connect_timeout_ms", "timeout_ms", "rows", "keys_per_statement", "retries"];

/// Reads one table of the file.
pub(super) struct Reader<'a> {
    pub(super) name: &'a str,
    pub(super) entry: &'a toml::Table,
    pub(super) folder: &'a Path,
}

impl Reader<'_> {
    pub(super) fn connection(&self) -> Result<Connection, Invalid> {
        self.ensure_known(self.entry, &KEYS)?;
        let (may_read, may_write) = self.grant()?;
        let datasets = self.texts("datasets")?.unwrap_or_else(|| vec![self.name.to_owned()]);
        Ok(Connection {
            name: Arc::from(self.name),
            target: self.target()?,
            datasets,
            may_read,
            may_write,
            limits: self.limits()?,
            owner: self.owner()?,
        })
    }

    fn ensure_known(&self, table: &toml::Table, known: &[&str]) -> Result<(), Invalid> {
        match table.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => Err(Invalid::UnknownKey {
                name: self.name.to_owned(),
                key: key.clone(),
                nearest: nearest_name(key, known.iter().copied()),
            }),
            None => Ok(()),
        }
    }

    fn error(&self, what: &str) -> Invalid {
        invalid(self.name, what)
    }

    fn text(&self, key: &str) -> Result<Option<&str>, Invalid> {
        match self.entry.get(key) {
            None => Ok(None),
            Some(toml::Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.error(&format!("{key} must be text"))),
        }
    }

    fn texts(&self, key: &str) -> Result<Option<Vec<String>>, Invalid> {
        let complaint = || self.error(&format!("{key} must be a list of texts"));
        match self.entry.get(key) {
            None => Ok(None),
            Some(toml::Value::Array(values)) => values
                .iter()
                .map(|value| value.as_str().map(str::to_owned).ok_or_else(complaint))
                .collect::<Result<_, _>>()
                .map(Some),
            Some(_) => Err(complaint()),
        }
    }

    fn grant(&self) -> Result<(bool, bool), Invalid> {
        let Some(words) = self.texts("grant")? else { return Ok((true, false)) };
        if words.is_empty() || words.iter().any(|word| word != "read" && word != "write") {
            return Err(self.error("grant must be [\"read\"], [\"write\"] or [\"read\", \"write\"]"));
        }
        let has = |word: &str| words.iter().any(|known| known == word);
        Ok((has("read"), has("write")))
    }

    fn limits(&self) -> Result<Limits, Invalid> {
        let mut limits = Limits::default();
        let table = match self.entry.get("limits") {
            None => return Ok(limits),
            Some(toml::Value::Table(table)) => table,
            Some(_) => return Err(self.error("limits must be a table such as { timeout_ms = 60000 }")),
        };
        self.ensure_known(table, &LIMITS)?;
        let number = |key: &str, least: u64, usual: u64| match table.get(key) {
            None => Ok(usual),
            Some(value) => value
                .as_integer()
                .and_then(|number| u64::try_from(number).ok())
                .filter(|number| *number >= least && u32::try_from(*number).is_ok())
                .ok_or_else(|| self.error(&format!("limits.{key} must be a whole number from {least}"))),
        };
        let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        limits.concurrency = small(number("concurrency", 1, limits.concurrency.into())?);
        limits.connect_timeout_ms = number("connect_timeout_ms", 1, limits.connect_timeout_ms)?;
        limits.timeout_ms = number("timeout_ms", 1, limits.timeout_ms)?;
        limits.rows = number("rows", 1, limits.rows)?;
        let keys = number("keys_per_statement", 1, limits.keys_per_statement as u64)?;
        limits.keys_per_statement = usize::try_from(keys).unwrap_or(usize::MAX);
        limits.retries = small(number("retries", 0, limits.retries.into())?);
        Ok(limits)
    }

    /// Reads who is asked: always of a source without a connection, of others where the owner has to confirm.
    fn owner(&self) -> Result<Option<Owner>, Invalid> {
        let confirms = match self.entry.get("owner_confirms") {
            None => false,
            Some(toml::Value::Boolean(confirms)) => *confirms,
            Some(_) => return Err(self.error("owner_confirms must be true or false")),
        };
        let is_manual = self.text("kind")?.is_some();
        let Some(email) = self.address("owner")? else {
            let dangling = ["stand_in", "holds"].into_iter().find(|key| self.entry.contains_key(*key));
            return match dangling {
                _ if is_manual => Err(self.error("owner is missing: the address somebody signs in with")),
                _ if confirms => Err(self.error("owner_confirms needs an owner")),
                Some(key) => Err(self.error(&format!("{key} needs an owner"))),
                None => Ok(None),
            };
        };
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if self.name.is_empty() || self.name.len() > 60 || !self.name.chars().all(is_name) {
            return Err(self.error("a source with an owner is named by letters, digits, - and _, 60 at most"));
        }
        let stand_in = self.address("stand_in")?;
        let holds = self.text("holds")?.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        if holds.as_ref().is_some_and(|text| text.chars().count() > HOLDS_MAX) {
            return Err(self.error(&format!("holds must be text of {HOLDS_MAX} characters at most")));
        }
        Ok((is_manual || confirms).then_some(Owner { email, stand_in, holds }))
    }

    fn address(&self, key: &str) -> Result<Option<String>, Invalid> {
        let Some(text) = self.text(key)?.map(str::trim) else { return Ok(None) };
        let is_address =
            text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
        if !is_address || text.contains(char::is_whitespace) {
            return Err(self.error(&format!("{key} must be the e-mail address somebody signs in with")));
        }
        Ok(Some(text.to_lowercase()))
    }

    fn target(&self) -> Result<Target, Invalid> {
        match self.text("kind")? {
            None => {}
            Some("manual") => {
                return match OF_CONNECTED.into_iter().find(|key| self.entry.contains_key(*key)) {
                    Some(key) => {
                        Err(self.error(&format!("{key} makes no sense for a source without a connection")))
                    }
                    None => Ok(Target::Manual),
                };
            }
            Some(_) => return Err(self.error("kind must be \"manual\"; the url says all other kinds")),
        }
        let text = self.text("url")?.ok_or_else(|| self.error("url is missing"))?;
        match text.split_once(':').map(|(scheme, _)| scheme) {
            Some("postgres" | "postgresql") => self.postgres(text),
            Some("mysql" | "mariadb") => self.mysql(text),
            Some("sqlite") => self.sqlite(text),
            Some("mongodb" | "mongodb+srv") => self.mongodb(text),
            Some(_) => Err(self.error("url must start with postgres://, mysql://, sqlite:// or mongodb://")),
            None => {
                Err(self
                    .error("url must be an address such as postgres://user@host/database or sqlite://file"))
            }
        }
    }

    fn postgres(&self, text: &str) -> Result<Target, Invalid> {
        let (url, password, tls) = self.server(text)?;
        let accepts_hidden_rows = match self.text("row_level_security")? {
            None | Some("refuse") => false,
            Some("accept") => true,
            Some(_) => return Err(self.error("row_level_security must be \"refuse\" or \"accept\"")),
        };
        Ok(Target::Postgres { url, password, tls, accepts_hidden_rows })
    }

    fn mysql(&self, text: &str) -> Result<Target, Invalid> {
        if self.entry.contains_key("row_level_security") {
            return Err(self.error("row_level_security makes no sense for MySQL or MariaDB"));
        }
        let (url, password, tls) = self.server(text)?;
        if url.path().trim_start_matches('/').is_empty() {
            return Err(self.error("url must name a database, as mysql://user@host/database"));
        }
        Ok(Target::Mysql { url, password, tls })
    }

    fn server(&self, text: &str) -> Result<(Url, Option<String>, Tls), Invalid> {
        let url = Url::parse(text).map_err(|_| {
            self.error("url can't be read: escape special characters in its parts, as %40 for @")
        })?;
        let password = self.password()?;
        let tls = self.tls(is_this_machine(&url))?;
        Ok((url, password, tls))
    }

    fn password(&self) -> Result<Option<String>, Invalid> {
        let Some(path) = self.text("password_file")? else { return Ok(None) };
        let path = self.folder.join(path);
        let text = std::fs::read_to_string(&path).map_err(|cause| Invalid::PasswordFile {
            name: self.name.to_owned(),
            path,
            cause,
        })?;
        Ok(Some(text.trim_end_matches(['\n', '\r']).to_owned()))
    }

    fn mongodb(&self, text: &str) -> Result<Target, Invalid> {
        if self.entry.contains_key("row_level_security") {
            return Err(self.error("row_level_security makes no sense for MongoDB"));
        }
        let parts = mongodb::parts(text).map_err(|what| self.error(what))?;
        let tls = self.tls(parts.is_this_machine)?;
        Ok(Target::Mongodb {
            url: text.to_owned(),
            address: parts.address,
            database: parts.database,
            password: self.password()?,
            tls,
        })
    }

    fn tls(&self, is_this_machine: bool) -> Result<Tls, Invalid> {
        let ca_file = self.text("tls_ca_file")?.map(|path| self.folder.join(path));
        match self.text("tls")? {
            Some("off") if ca_file.is_some() => Err(self.error("tls = \"off\" contradicts tls_ca_file")),
            Some("off") => Ok(Tls::Off),
            Some("on") => Ok(Tls::Verified { ca_file }),
            Some(_) => Err(self.error("tls must be \"on\" or \"off\"")),
            None if ca_file.is_none() && is_this_machine => Ok(Tls::Off),
            None => Ok(Tls::Verified { ca_file }),
        }
    }

    fn sqlite(&self, text: &str) -> Result<Target, Invalid> {
        for key in ["password_file", "tls", "tls_ca_file", "row_level_security"] {
            if self.entry.contains_key(key) {
                return Err(self.error(&format!("{key} makes no sense for a SQLite file")));
            }
        }
        let rest = text.strip_prefix("sqlite:").unwrap_or_default();
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        let path = rest.split('?').next().unwrap_or_default();
        if path.is_empty() || path.contains(":memory:") {
            return Err(self.error("url must name a file, as sqlite:///var/lib/shop.db"));
        }
        Ok(Target::Sqlite { path: self.folder.join(path) })
    }
}

/// Whether the url names this machine: a loopback address or a socket, also through its parameters.
fn is_this_machine(url: &Url) -> bool {
    let named: Vec<String> = url
        .query_pairs()
        .filter(|(key, _)| key == "host" || key == "hostaddr" || key == "socket")
        .map(|(_, value)| value.into_owned())
        .collect();
    let host = url.host_str().unwrap_or_default().replace("%2F", "/").replace("%2f", "/");
    match named.last() {
        Some(last) => named.iter().all(|host| is_local(host)) && is_local(last),
        None => is_local(&host),
    }
}
