//! Tells a team what the flow says, with the request's reference.

use habeas_core::access::RoleName;
use habeas_core::request::{Occasion, Outcome};
use habeas_render::mail::{Letter, StaffNote};
use habeas_store::jobs::Claimed;

use super::Operate;
use crate::Engine;
use crate::error::Error;
use crate::letter::{Team, recipients};
use crate::mailer::Content;
use crate::task::Try;

/// The operation.
pub(super) struct NotifyRole;

#[async_trait::async_trait]
impl Operate for NotifyRole {
    async fn run(&self, engine: &Engine, job: &Claimed, this: &Try) -> Result<(), Error> {
        let request = &this.request;
        let role =
            RoleName::parse(&this.input(engine, "role")?).map_err(|_| Error::Input("role".to_owned()))?;
        let text = this.input(engine, "text")?;
        let reference = request.reference.to_string();
        let letter = Letter::StaffNote(StaffNote { reference, title: engine.inner.title(request), text });
        let mail =
            letter.render(&engine.inner.house(request)?).map_err(|error| Error::Mail(error.to_string()))?;
        let occasion = Occasion::StaffNote.as_str();
        let key = this.key(occasion);
        let mut tx = engine.inner.store.begin().await?;
        let users = tx.list_users().await?;
        for (name, to) in recipients(&Team::Role(role), &users, request, &engine.inner.catalog) {
            let (subject, text, html) = (mail.subject.clone(), mail.text.clone(), mail.html.clone());
            let content = Content { to, subject, text, html };
            engine.queue(&mut tx, None, occasion, &format!("{key}.{name}"), &content).await?;
        }
        let done = this.end(Outcome::Done(std::collections::BTreeMap::new()));
        engine.conclude_in(tx, job, request.id, done).await?;
        Ok(())
    }
}
