//! Whoever asks: fills in the portal's form, enters the code, waits for the reply.

use anyhow::{Context as _, ensure};

use crate::browser::Browser;
use crate::clock::now_us;
use crate::page;

/// A person with a browser of their own.
pub(crate) struct Person {
    browser: Browser,
    /// The reference of their request.
    pub(crate) reference: String,
    /// When the form was sent.
    pub(crate) sent_us: i64,
    /// When the answer to it was here.
    pub(crate) answered_us: i64,
}

impl Person {
    /// Asks for a copy of their data.
    pub(crate) fn ask(host: &str, number: u8, email: &str) -> anyhow::Result<Self> {
        let mut browser = Browser::new(host, &format!("198.51.100.{number}"));
        let start = browser.open("/")?;
        let form = page::links(start, "/ask/").into_iter().next().context("nothing is offered")?;
        browser.open(&form)?;
        let answers = [
            ("given_name", "Sam"),
            ("family_name", "Sample"),
            ("email", email),
            ("country", "GB"),
            ("relation", "customer"),
            ("format", "html"),
            ("language", "en"),
            ("step", "review"),
        ];
        browser.send(&form, &answers)?.is(200)?;
        let filled = browser.fill(&[("step", "send")]);
        let sent_us = now_us();
        let answer = browser.post(&form, &filled)?;
        let answered_us = now_us();
        ensure!(answer.location == "/sent", "the form was not taken: {}", page::words(&browser.page));
        let sent = browser.open("/sent")?;
        let place = sent.find("HB-").context("no reference on the page")?;
        let reference = sent.get(place..place + 12).context("no whole reference")?.to_owned();
        Ok(Self { browser, reference, sent_us, answered_us })
    }

    /// Proves to be who they are; returns when the code was sent.
    pub(crate) fn enter(&mut self, code: &str) -> anyhow::Result<i64> {
        self.browser.open("/verify")?;
        let filled = self.browser.fill(&[("code", code)]);
        let sent_us = now_us();
        let answer = self.browser.post("/verify", &filled)?;
        ensure!(answer.location == "/my", "the code was not taken: {}", page::words(&self.browser.page));
        Ok(sent_us)
    }
}
