//! Handing mails over: to a mail server, or to nobody where the outbox is looked at in the console.
//!
//! Each mail has a connection of its own. One that is kept for the next would go on in the middle of a mail whose
//! worker was stopped there, and the next mail would become part of that one.

use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// How long a mail server may take over one mail: without a bound, one that falls silent would hold a worker for
/// ever.
const LIMIT: Duration = Duration::from_mins(2);

/// A mail as it stands sealed in the outbox.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Content {
    /// The address it goes to.
    pub(crate) to: String,
    /// The subject: one line.
    pub(crate) subject: String,
    /// The text.
    pub(crate) text: String,
    /// The same as HTML.
    pub(crate) html: String,
}

/// Where mails go.
pub enum Mailer {
    /// They stay in the outbox, which the console shows: for demonstrations and first steps.
    Outbox,
    /// They go to a mail server.
    Smtp(Box<Smtp>),
}

/// A mail server to hand over to.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// How to reach a mail server.
pub struct SmtpOptions {
    /// `smtps://host`, `smtp://host:587?tls=required`, or `smtp://localhost:25` in the clear.
    pub url: String,
    /// The user, where the server wants one.
    pub user: Option<String>,
    /// The password, where the server wants one.
    pub password: Option<String>,
    /// The sender, such as `Example privacy team <privacy@example.com>`.
    pub from: String,
}

impl Mailer {
    /// Makes a mailer for a server; nothing is connected yet.
    ///
    /// # Errors
    /// A sentence that says which option is wrong.
    pub fn smtp(options: SmtpOptions) -> Result<Self, String> {
        let from = options.from.parse().map_err(|_| "mail.from is not a mail address".to_owned())?;
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&options.url).map_err(|_| {
            "mail.url is not the address of a mail server, such as smtps://mail.example.com".to_owned()
        })?;
        let builder = match (options.user, options.password) {
            (Some(user), Some(password)) => builder.credentials(Credentials::new(user, password)),
            (_, _) => builder,
        };
        Ok(Self::Smtp(Box::new(Smtp { transport: builder.build(), from })))
    }

    /// Hands a mail over.
    ///
    /// # Errors
    /// [`Error::MailRefused`] where trying again can't help, [`Error::Mail`] otherwise.
    pub(crate) async fn hand_over(&self, message_id: &str, content: Content) -> Result<(), Error> {
        let Self::Smtp(smtp) = self else { return Ok(()) };
        let refused = |what: &str| Error::MailRefused(what.to_owned());
        let to: Mailbox = content.to.parse().map_err(|_| refused("the address is not one"))?;
        let part = |kind, body| SinglePart::builder().header(kind).body(body);
        let message = Message::builder()
            .from(smtp.from.clone())
            .to(to)
            .subject(content.subject)
            .message_id(Some(format!("<{message_id}>")))
            .multipart(
                MultiPart::alternative()
                    .singlepart(part(ContentType::TEXT_PLAIN, content.text))
                    .singlepart(part(ContentType::TEXT_HTML, content.html)),
            )
            .map_err(|_| refused("it can't be put together"))?;
        let silent = || Err(Error::Mail("the mail server did not answer in time".to_owned()));
        let Ok(answer) = tokio::time::timeout(LIMIT, smtp.transport.send(message)).await else {
            return silent();
        };
        match answer {
            Ok(_) => Ok(()),
            // What a server says may repeat the address: only the kind of failure is told.
            Err(error) if error.is_permanent() => Err(refused("it answered with a lasting failure")),
            Err(error) if error.is_timeout() => silent(),
            Err(_) => Err(Error::Mail("the mail server can't be reached or asks to try later".to_owned())),
        }
    }
}
