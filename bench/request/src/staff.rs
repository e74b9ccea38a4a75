//! A member of staff: makes the first account, reads the outbox, looks through what was found.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use totp_rs::{Builder, Secret};

use crate::browser::Browser;
use crate::clock::{now_s, pause, wait_for};
use crate::page;

const EMAIL: &str = "officer@example.org";
const PASSWORD: &str = "correct horse battery staple bench";

/// A signed-in member of staff.
pub(crate) struct Staff {
    browser: Browser,
}

impl Staff {
    /// Makes the first account by the link that was printed, and signs in.
    pub(crate) fn first(host: &str, link: &str) -> anyhow::Result<Self> {
        let mut browser = Browser::new(host, "203.0.113.1");
        let page = browser.open(link)?;
        let key = page::between(page, "secret-small\">", "</span>").context("no key on the page")?;
        let secret = Secret::try_from_base32(key.replace(' ', "")).context("the key is not one")?;
        let app = Builder::new().with_secret(secret).build_noncompliant();
        let code = app.generate(now_s()).to_string();
        let answers = [
            ("name", "Olive Officer"),
            ("email", EMAIL),
            ("password", PASSWORD),
            ("password_again", PASSWORD),
            ("code", &code),
        ];
        let mut answer = browser.send("/console/welcome", &answers)?;
        if answer.location.starts_with("/console/sign-in") {
            browser.open("/console/sign-in")?;
            answer = browser.send("/console/sign-in", &[("email", EMAIL), ("password", PASSWORD)])?;
            ensure!(answer.location == "/console/sign-in/code", "no sign-in: {}", page::words(&browser.page));
            browser.open("/console/sign-in/code")?;
            // A code works once: wait for the next.
            pause(Duration::from_secs(30 - now_s() % 30));
            let code = app.generate(now_s()).to_string();
            answer = browser.send("/console/sign-in/code", &[("code", &code)])?;
        }
        ensure!(answer.location.starts_with("/console"), "no sign-in: {}", page::words(&browser.page));
        Ok(Self { browser })
    }

    /// Returns the code that was mailed for a request.
    pub(crate) fn read_code(&mut self, reference: &str) -> anyhow::Result<String> {
        wait_for("the mail with the code", Duration::from_millis(5), || {
            let outbox = self.browser.open("/console/outbox")?;
            let row = format!("/console/requests/{reference}\"");
            let mails = outbox.split("<tr>").filter(|line| line.contains(&row));
            let mails: Vec<String> = mails.flat_map(|line| page::links(line, "/console/outbox/")).collect();
            for mail in mails {
                let text = self.browser.open(&mail)?;
                let text = page::between(text, "mail-text", "</div>").unwrap_or_default();
                if let Some(code) = page::number(text, 8) {
                    return Ok(Some(code.to_owned()));
                }
            }
            Ok(None)
        })
    }

    /// Looks through what was found: takes the task, gives what is about other people, too, approves.
    pub(crate) fn review(&mut self, reference: &str) -> anyhow::Result<()> {
        let task = format!("/console/tasks/{reference}.review.data");
        self.browser.open(&task)?;
        let answer = self.browser.send(&format!("{task}/take"), &[])?;
        ensure!(!answer.location.is_empty(), "not taken: {}", page::words(&self.browser.page));
        let data = format!("/console/requests/{reference}/data");
        self.decide(&data)?;
        let approve = format!("{data}/approve");
        self.browser.open(&approve)?;
        let answer = self.browser.send(&approve, &[])?;
        ensure!(!answer.location.is_empty(), "not approved: {}", page::words(&self.browser.page));
        Ok(())
    }

    /// Decides on every record that somebody else is in.
    fn decide(&mut self, data: &str) -> anyhow::Result<()> {
        let mut lists = vec![data.to_owned()];
        lists.extend(page::links(self.browser.open(data)?, &format!("{data}?")));
        for list in lists {
            let page = self.browser.open(&list)?;
            let lines =
                page.split("<li><a data-record").skip(1).filter_map(|line| line.split("</li>").next());
            let undecided = lines.filter(|line| line.contains(">Decide<"));
            let records: Vec<String> = undecided.filter_map(|line| page::attribute(line, "href")).collect();
            for record in records {
                let record = record.split('#').next().unwrap_or_default().to_owned();
                self.browser.open(&record)?;
                let answer = self.browser.send(&format!("{data}/mark"), &[("mark", "give")])?;
                ensure!(!answer.location.is_empty(), "no mark: {}", page::words(&self.browser.page));
            }
        }
        Ok(())
    }
}
