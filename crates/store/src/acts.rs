//! Acts on requests: load, decide, append, in the caller's transaction.
//!
//! What may happen is core's; this is the one place where its events become log, row and jobs together.

use habeas_core::id::RequestId;
use habeas_core::job::NewJob;
use habeas_core::request::{self, Broken, Command, Context, Decision, Denied, Received, Request};

use crate::db::args;
use crate::error::{Error, Result};
use crate::log::Append;
use crate::requests::Scope;
use crate::store::{Read, Tx};

/// Why an act came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// Law, flow, role or state don't allow it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The store failed, or somebody else was first.
    #[error(transparent)]
    Store(#[from] Error),
}

impl Read {
    /// Returns a request within the scope, folded from its log.
    ///
    /// # Errors
    /// [`Error::Inconsistent`] where the log holds events this version can't read.
    pub async fn lookup_request(&mut self, id: RequestId, scope: &Scope) -> Result<Option<Request>> {
        if self.lookup_row(id, scope).await?.is_none() {
            return Ok(None);
        }
        let Some(entries) = self.lookup_entries(id).await? else { return Ok(None) };
        let broken = |_: Broken| Error::inconsistent("entries", &id);
        Request::replay(id, &entries).map(Some).map_err(broken)
    }
}

impl Tx {
    /// Takes a new request in.
    ///
    /// # Errors
    /// [`ActError::Denied`] where its legal date can't be computed.
    pub async fn receive(
        &mut self,
        id: RequestId,
        received: Received,
        ctx: &Context<'_>,
    ) -> Result<Request, ActError> {
        let decision = request::receive(id, received, ctx)?;
        let append = Prepared::new(&decision, 0, ctx)?;
        self.create_request(append.as_append(ctx, 0)).await?;
        Ok(decision.request)
    }

    /// Decides on an act and appends what follows; the request as it is afterwards is returned.
    ///
    /// # Errors
    /// [`ActError::Denied`] where it may not be; [`Error::Conflict`] where the request has moved on.
    pub async fn act(
        &mut self,
        before: &Request,
        command: Command,
        ctx: &Context<'_>,
    ) -> Result<Request, ActError> {
        let decision = before.decide(command, ctx)?;
        if decision.events.is_empty() {
            return Ok(decision.request);
        }
        let append = Prepared::new(&decision, before.seq, ctx)?;
        let request = decision.request;
        self.append(append.as_append(ctx, before.seq)).await?;
        if request.status.is_closed() && !before.status.is_closed() {
            self.withdraw_challenges(request.id).await?;
        }
        Ok(request)
    }
}

impl Tx {
    /// Makes the derived rows of a request anew from its log: a release may have brought rows that requests of
    /// an earlier one lack. The answer is no where there is no such request.
    ///
    /// # Errors
    /// [`Error::Inconsistent`] where the log holds events this version can't read.
    pub async fn refresh_row(&mut self, id: RequestId) -> Result<bool> {
        // Holds off whoever is about to append: the row must not fall behind the log.
        self.conn.execute("UPDATE chains SET seq = seq WHERE id = $1", args![id.to_string()]).await?;
        let Some(request) = self.lookup_request(id, &Scope::Everything).await? else { return Ok(false) };
        let keys = self.keys_if_alive(id).await?;
        self.put_row(&request.project(), keys.as_ref()).await?;
        Ok(true)
    }
}

/// Events in the form they are kept in, with row and jobs.
struct Prepared {
    records: Vec<habeas_core::event::Record>,
    follow_count: usize,
    row: request::RequestRow,
    jobs: Vec<NewJob>,
}

impl Prepared {
    fn new(decision: &Decision, seq: u64, ctx: &Context<'_>) -> Result<Self> {
        let Decision { request, events, follow_count } = decision;
        let unwritable = |_| Error::inconsistent("entries", &request.id);
        let records: Result<_> = events.iter().map(|event| event.to_record().map_err(unwritable)).collect();
        let days = ctx.settings.verification_days;
        let numbered = events.iter().zip(seq + 1..);
        let jobs =
            numbered.flat_map(|(event, seq)| request::react(request, event, seq, ctx.now, days)).collect();
        Ok(Self { records: records?, follow_count: *follow_count, row: request.project(), jobs })
    }

    fn as_append(&self, ctx: &Context<'_>, expected_seq: u64) -> Append<'_> {
        Append {
            actor: ctx.actor,
            at: ctx.now,
            expected_seq,
            records: &self.records,
            follow_count: self.follow_count,
            row: &self.row,
            jobs: &self.jobs,
        }
    }
}
