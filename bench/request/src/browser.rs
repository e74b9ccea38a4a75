//! A small browser: keeps cookies, fills in the forms of the page it is on, solves their puzzle.
//!
//! HTTP/1.0 with a connection a call: the end of the answer is the end of the stream.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use sha2::{Digest as _, Sha256};

use crate::page;

/// One browser.
pub(crate) struct Browser {
    host: String,
    address: String,
    cookies: BTreeMap<String, String>,
    /// The page it is on; its forms are what can be sent.
    pub(crate) page: String,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: String,
    body: String,
}

impl Answer {
    /// Fails unless the answer has this status.
    pub(crate) fn is(self, status: u16) -> anyhow::Result<Self> {
        ensure!(self.status == status, "{} instead of {status}: {}", self.status, page::words(&self.body));
        Ok(self)
    }
}

impl Browser {
    /// A fresh browser calling from an address, in front of a server at `host:port`.
    pub(crate) fn new(host: &str, address: &str) -> Self {
        Self {
            host: host.to_owned(),
            address: address.to_owned(),
            cookies: BTreeMap::new(),
            page: String::new(),
        }
    }

    /// Opens a page.
    pub(crate) fn get(&mut self, path: &str) -> anyhow::Result<Answer> {
        self.call(&format!("GET {path} HTTP/1.0\r\n"), "")
    }

    /// Opens a page that must be there.
    pub(crate) fn open(&mut self, path: &str) -> anyhow::Result<&str> {
        self.get(path)?.is(200).with_context(|| format!("failed to open {path}"))?;
        Ok(&self.page)
    }

    /// Solves the puzzle of the page, where it has one; returns what sends its forms.
    pub(crate) fn fill(&self, fields: &[(&str, &str)]) -> Filled {
        let mut all = page::hidden(&self.page);
        solve(&mut all, &self.page);
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        Filled(all)
    }

    /// Sends a form of the page it is on.
    pub(crate) fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<Answer> {
        let filled = self.fill(fields);
        self.post(path, &filled)
    }

    /// Sends a form that is filled in.
    pub(crate) fn post(&mut self, path: &str, filled: &Filled) -> anyhow::Result<Answer> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&filled.0).finish();
        let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
        self.call(&format!("POST {path} HTTP/1.0\r\n{kind}Content-Length: {}\r\n", body.len()), &body)
    }

    fn call(&mut self, head: &str, body: &str) -> anyhow::Result<Answer> {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies =
            if cookies.is_empty() { String::new() } else { format!("Cookie: {}\r\n", cookies.join("; ")) };
        let (host, address) = (&self.host, &self.address);
        let text = format!("{head}Host: {host}\r\nX-Forwarded-For: {address}\r\n{cookies}\r\n{body}");
        let mut stream = TcpStream::connect(&self.host).with_context(|| format!("failed to reach {host}"))?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        stream.set_nodelay(true)?;
        stream.write_all(text.as_bytes())?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        let answer = String::from_utf8_lossy(&bytes);
        let (head, body) = answer.split_once("\r\n\r\n").context("the answer has no end of its head")?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status: u16 = status.context("the answer has no status")?;
        let mut location = String::new();
        for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
            match name.to_ascii_lowercase().as_str() {
                "location" => value.clone_into(&mut location),
                "set-cookie" => {
                    let pair = value.split(';').next().and_then(|pair| pair.split_once('='));
                    let (name, value) = pair.context("a cookie without a value")?;
                    self.cookies.insert(name.to_owned(), value.to_owned());
                }
                _ => {}
            }
        }
        if location.is_empty() {
            body.clone_into(&mut self.page);
        }
        Ok(Answer { status, location, body: body.to_owned() })
    }
}

/// A form that is filled in and only has to be sent.
pub(crate) struct Filled(BTreeMap<String, String>);

/// Does what the page's script does: looks for a number whose hash starts with so many zero bits.
fn solve(fields: &mut BTreeMap<String, String>, page: &str) {
    let Some(challenge) = fields.get("pow_challenge").cloned() else { return };
    let bits: u32 = page::attribute(page, "data-pow-bits").and_then(|bits| bits.parse().ok()).unwrap_or(0);
    let is_solved = |nonce: &u64| {
        let digest = Sha256::digest(format!("{challenge}:{nonce}"));
        let head = digest.iter().take(4).fold(0_u32, |head, byte| head << 8 | u32::from(*byte));
        head.leading_zeros() >= bits
    };
    if let Some(nonce) = (0..u64::MAX).find(is_solved) {
        fields.insert("pow".to_owned(), nonce.to_string());
    }
}
