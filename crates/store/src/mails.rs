//! The outbox: every mail to be sent, once per occasion.
//!
//! A mail is queued in the transaction that asks for it and handed over by a job. Its Message-ID is
//! stable per occasion, so that a mail handed over twice after a crash is seen as one. Content is
//! sealed under the request's key and dies with it.

use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use habeas_core::context::random;
use habeas_core::id::RequestId;

use crate::db::{Row, args};
use crate::error::{Error, Result};
use crate::store::{Read, Tx};

/// A mail to be queued.
#[derive(Debug, Clone)]
pub struct NewMail<'a> {
    /// The request it belongs to; none for mails to staff.
    pub request_id: Option<RequestId>,
    /// What it is about, such as `receipt`.
    pub occasion: &'a str,
    /// The stable Message-ID, without angle brackets.
    pub message_id: &'a str,
    /// Address, subject and bodies as the mailer reads them; sealed here.
    pub content: &'a Value,
}

/// How far a mail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailState {
    /// Waits to be sent.
    Queued,
    /// The mail server took it.
    HandedOver,
    /// The mail server refused it for good.
    Failed,
}

/// A mail of the outbox.
#[derive(Clone, PartialEq)]
pub struct Mail {
    /// The mail's id.
    pub id: Uuid,
    /// The request it belongs to, if any.
    pub request_id: Option<RequestId>,
    /// What it is about.
    pub occasion: String,
    /// The stable Message-ID.
    pub message_id: String,
    /// Address, subject and bodies; none once the request's keys are destroyed.
    pub content: Option<Value>,
    /// How far it is.
    pub state: MailState,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When the mail server took it.
    pub handed_over_at: Option<Timestamp>,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mail({} {:?})", self.message_id, self.state)
    }
}

/// No list of mails is longer than this.
const LIST_LIMIT: u32 = 200;

const SELECT: &str = "SELECT m.id, m.request_id, m.occasion, m.message_id, m.content, m.state, m.created_at,
    m.handed_over_at, k.wrapped FROM mails m LEFT JOIN keys k ON k.request_id = m.request_id";

impl Tx {
    /// Queues a mail; where its Message-ID is known already, nothing happens and the answer is `None`.
    pub async fn queue_mail(&mut self, mail: &NewMail<'_>) -> Result<Option<Uuid>> {
        let now = self.now();
        let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
        let id = uuid::Builder::from_unix_timestamp_millis(millis, &random(&*self.inner.chance)).into_uuid();
        let text = mail.content.to_string();
        let chance = std::sync::Arc::clone(&self.inner.chance);
        let place = place(mail.message_id);
        let sealed = match mail.request_id {
            Some(request) => {
                let keys = self.lookup_keys(request).await?;
                keys.ok_or_else(|| Error::inconsistent("mails", &request))?.seal(
                    &place,
                    text.as_bytes(),
                    &*chance,
                )
            }
            None => self.inner.root.seal(&place, text.as_bytes(), &*chance),
        };
        let sql = "INSERT INTO mails (id, request_id, occasion, message_id, content, state, created_at)
            VALUES ($1, $2, $3, $4, $5, 'queued', $6) ON CONFLICT (message_id) DO NOTHING";
        let values = args![
            id.to_string(),
            mail.request_id.map(|id| id.to_string()),
            mail.occasion,
            mail.message_id,
            sealed,
            now
        ];
        let is_new = self.conn.execute(sql, values).await? == 1;
        Ok(is_new.then_some(id))
    }

    /// Notes that the mail server took a mail.
    pub async fn mark_mail_handed_over(&mut self, id: Uuid, at: Timestamp) -> Result<()> {
        let sql = "UPDATE mails SET state = 'handed_over', handed_over_at = $2, last_error = NULL
            WHERE id = $1 AND state = 'queued'";
        match self.conn.execute(sql, args![id.to_string(), at]).await? {
            1 => Ok(()),
            _ => Err(Error::Conflict),
        }
    }

    /// Notes that the mail server refused a mail for good; the reason names no address.
    pub async fn mark_mail_failed(&mut self, id: Uuid, reason: &str) -> Result<()> {
        let sql = "UPDATE mails SET state = 'failed', last_error = $2 WHERE id = $1 AND state = 'queued'";
        match self.conn.execute(sql, args![id.to_string(), reason]).await? {
            1 => Ok(()),
            _ => Err(Error::Conflict),
        }
    }
}

impl Read {
    /// Returns a mail with its content.
    pub async fn lookup_mail(&mut self, id: Uuid) -> Result<Option<Mail>> {
        let sql = format!("{SELECT} WHERE m.id = $1");
        let rows = self.conn.all_built(sql, args![id.to_string()]).await?;
        rows.first().map(|row| self.open_mail(row)).transpose()
    }

    /// Returns the mails of a request, newest first.
    pub async fn list_mails_of(&mut self, id: RequestId, limit: u32) -> Result<Vec<Mail>> {
        let sql = format!("{SELECT} WHERE m.request_id = $1 ORDER BY m.id DESC LIMIT $2");
        let rows = self.conn.all_built(sql, args![id.to_string(), limit.min(LIST_LIMIT)]).await?;
        rows.iter().map(|row| self.open_mail(row)).collect()
    }

    /// Returns the newest mails of the whole installation: the demonstration's outbox.
    pub async fn list_mails(&mut self, limit: u32) -> Result<Vec<Mail>> {
        let sql = format!("{SELECT} ORDER BY m.id DESC LIMIT $1");
        let rows = self.conn.all_built(sql, args![limit.min(LIST_LIMIT)]).await?;
        rows.iter().map(|row| self.open_mail(row)).collect()
    }

    fn open_mail(&self, row: &Row) -> Result<Mail> {
        let message_id = row.text("message_id")?;
        let request_id: Option<RequestId> = row.opt_parsed("request_id")?;
        let place = place(&message_id);
        let opened = match (row.opt_bytes("content")?, request_id, row.opt_bytes("wrapped")?) {
            (None, ..) | (Some(_), Some(_), None) => None,
            (Some(content), None, _) => Some(self.inner.root.open(&place, &content)?),
            (Some(content), Some(request), Some(wrapped)) => {
                let keys = self.inner.root.request_keys(request.as_bytes(), &wrapped)?;
                Some(keys.open(&place, &content)?)
            }
        };
        let broken = || Error::inconsistent("mails", &message_id);
        let content = opened.map(|text| serde_json::from_slice(&text)).transpose().map_err(|_| broken())?;
        let state = match row.text("state")?.as_str() {
            "queued" => MailState::Queued,
            "handed_over" => MailState::HandedOver,
            "failed" => MailState::Failed,
            _ => return Err(broken()),
        };
        Ok(Mail {
            id: row.parsed("id")?,
            request_id,
            occasion: row.text("occasion")?,
            content,
            state,
            created_at: row.instant("created_at")?,
            handed_over_at: row.opt_instant("handed_over_at")?,
            message_id,
        })
    }
}

fn place(message_id: &str) -> String {
    format!("mail {message_id}")
}

#[cfg(test)]
mod tests;
