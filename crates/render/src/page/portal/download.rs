//! The reply: what is in it, its parts, its password, how to open it, how long it stays.

use super::Authority;
use crate::page::part::Coverage;
use crate::page::{Page, sample, view};
use crate::text::{self, Day, Moment};

/// One archive of the reply.
#[derive(Clone)]
pub struct Part {
    /// Its file name.
    pub name: String,
    /// Where it is fetched.
    pub href: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
}

/// One category of what is in it.
#[derive(Clone)]
pub struct Content {
    /// The category: "Orders and invoices".
    pub category: String,
    /// Where from: "Web shop".
    pub source: String,
    /// How many records.
    pub record_count: u64,
}

/// The archive's password.
#[derive(Clone)]
pub enum Password {
    /// Shown after a click, which the log keeps; posts to `/my/reply/password`.
    Hidden,
    /// Here it is.
    Shown(String),
    /// It reaches the person another way, in words: "by phone".
    Elsewhere(String),
    /// The archive has none.
    None,
}

/// The page.
#[derive(Clone)]
pub struct Download {
    /// The request's reference.
    pub reference: String,
    /// What was asked for.
    pub title: String,
    /// When the reply was made.
    pub made_at: Moment,
    /// The formats in it: "pages to read, JSON, CSV".
    pub formats: String,
    /// The archives; more than one when it is large.
    pub parts: Vec<Part>,
    /// What is in it.
    pub contents: Vec<Content>,
    /// The password.
    pub password: Password,
    /// How long it can be downloaded; none when that time is over.
    pub valid_until: Option<Moment>,
    /// How often it can still be downloaded.
    pub downloads_left: Option<u32>,
    /// When our copy is deleted; until then the time can be renewed at `/my/reply/renew`.
    pub kept_until: Day,
    /// What was searched.
    pub coverage: Option<Coverage>,
    /// Who hears complaints.
    pub authority: Option<Authority>,
}

impl Download {
    fn is_open(&self) -> bool {
        self.valid_until.is_some() && self.downloads_left != Some(0)
    }

    fn total_size(&self) -> u64 {
        self.parts.iter().map(|part| part.size).sum()
    }
}

impl Page for Download {
    fn title(&self) -> String {
        "Our reply".to_owned()
    }

    view!(Download, "portal/download.html");

    fn scripts(&self) -> &'static [&'static str] {
        &["copy.js"]
    }

    fn samples() -> Vec<Self> {
        let content = |category: &str, source: &str, record_count| Content {
            category: category.to_owned(),
            source: source.to_owned(),
            record_count,
        };
        let part = |number: u32, size| Part {
            name: format!("HB-7K3M-9QXD-{number}.zip"),
            href: format!("/my/reply/{number}"),
            size,
            sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        };
        let typical = Self {
            reference: "HB-7K3M-9QXD".to_owned(),
            title: "Get a copy of my data".to_owned(),
            made_at: sample::at(jiff::civil::date(2026, 12, 2), 15, 0),
            formats: "pages to read, JSON and CSV".to_owned(),
            parts: vec![part(1, 14_260_000)],
            contents: vec![
                content("Account and profile", "Web shop", 3),
                content("Orders and invoices", "Web shop", 409),
                content("Messages", "Customer service desk", 38),
            ],
            password: Password::Shown("k7Wm-2RtX-9pGv-4HsN".to_owned()),
            valid_until: Some(sample::at(jiff::civil::date(2026, 12, 4), 15, 0)),
            downloads_left: Some(5),
            kept_until: Day(jiff::civil::date(2027, 1, 1)),
            coverage: Some(sample::coverage()),
            authority: Some(Authority::sample()),
        };
        let hidden = Self {
            password: Password::Hidden,
            parts: vec![part(1, 49_000_000), part(2, 31_400_000)],
            ..typical.clone()
        };
        let over = Self {
            password: Password::None,
            valid_until: None,
            coverage: None,
            authority: None,
            contents: Vec::new(),
            ..typical.clone()
        };
        let hostile = Self {
            title: sample::hostile(),
            formats: sample::hostile(),
            contents: vec![content(sample::HOSTILE, sample::HOSTILE, 1)],
            password: Password::Elsewhere(sample::hostile()),
            ..typical.clone()
        };
        vec![typical, hidden, over, hostile]
    }
}
