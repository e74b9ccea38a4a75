//! `[mail]`: outgoing mail.

use std::path::PathBuf;

use anyhow::{Context as _, anyhow};
use habeas_engine::{Mailer, SmtpOptions};
use serde::{Deserialize, Serialize};

/// Outgoing mail. Without a server mails stay in the outbox, which the console shows.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// The mail server, such as `smtps://mail.example.com`. Default: none, mails stay in the outbox. Since 0.1.
    pub url: Option<String>,
    /// The sender. Needed with a server. Since 0.1.
    pub from: Option<String>,
    /// The user at the mail server. Default: none. Since 0.1.
    pub user: Option<String>,
    /// The file that holds the password. Default: none. Since 0.1.
    pub password_file: Option<PathBuf>,
}

impl Mail {
    /// Makes the mailer.
    pub(crate) fn mailer(&self) -> anyhow::Result<Mailer> {
        let Some(url) = self.url.clone() else { return Ok(Mailer::Outbox) };
        let from = self.from.clone().context("mail.url is set, so mail.from must be, too")?;
        let password = match &self.password_file {
            Some(file) => {
                let read = std::fs::read_to_string(file);
                Some(
                    read.with_context(|| format!("failed to read {}", file.display()))?.trim_end().to_owned(),
                )
            }
            None => None,
        };
        Mailer::smtp(SmtpOptions { url, user: self.user.clone(), password, from })
            .map_err(|said| anyhow!(said))
    }
}
