//! Automatic tasks: one try of an operation.

use habeas_core::flow::{Operation, TaskKey};
use habeas_core::id::RequestId;
use habeas_core::pii::Pii;
use habeas_core::request::{
    Command, Failure, IndexKind, IndexTerm, Outcome, Request, VerificationAsked, kind, normal_email,
};
use habeas_store::jobs::Claimed;
use habeas_store::requests::{Filter, Paging, Scope, Search};

use crate::code::MAIL_CODE;
use crate::error::Error;
use crate::worker::field;
use crate::{Engine, mailbox};

/// One try of a task.
pub(crate) struct Try {
    pub(crate) request: Request,
    pub(crate) task: TaskKey,
    pub(crate) attempt: u32,
}

impl Try {
    /// Returns the command that ends this try.
    pub(crate) fn end(&self, outcome: Outcome) -> Command {
        Command::Finish { task: self.task.clone(), attempt: self.attempt, outcome }
    }
}

impl Engine {
    /// Runs a try of a task, unless it is over or another try has begun.
    pub(crate) async fn run_task(&self, job: &Claimed) -> Result<(), Error> {
        let id: RequestId = field(job, kind::RUN_TASK, "request")?;
        let task: TaskKey = field(job, kind::RUN_TASK, "task")?;
        let attempt: u32 = field(job, kind::RUN_TASK, "attempt")?;
        let Some(request) = self.load(id).await? else { return self.finish(job).await };
        let is_wanted = request.running(&task).is_some_and(|run| run.attempt == attempt);
        let operation =
            self.inner.context(&request)?.flow.task(&task).and_then(habeas_core::flow::Task::operation);
        let (true, Some(operation)) = (is_wanted && !request.status.is_closed(), operation) else {
            return self.finish(job).await;
        };
        let this = Try { request, task, attempt };
        let outcome = self.run_operation(job, &this, operation).await;
        match outcome {
            Err(error) if error.is_lasting() || job.attempt >= job.max_attempts => {
                self.give_up(job, &this, &error).await
            }
            other => other,
        }
    }

    async fn run_operation(&self, job: &Claimed, this: &Try, operation: Operation) -> Result<(), Error> {
        match operation {
            Operation::Acknowledge => self.acknowledge(job, this).await,
            Operation::CheckDuplicates => self.check_duplicates(job, this).await,
            Operation::VerifyIdentity => self.verify_identity(job, this).await,
            Operation::Collect => self.collect(job, this).await,
            Operation::BuildPackage => self.build_package(job, this).await,
            Operation::Deliver => {
                self.conclude(job, this.request.id, this.end(Outcome::Delivered)).await?;
                Ok(())
            }
        }
    }

    /// After the last try the task waits for a person, with the reason.
    async fn give_up(&self, job: &Claimed, this: &Try, error: &Error) -> Result<(), Error> {
        tracing::error!(request.id = %this.request.id, task = %this.task, %error, "task waits for a person");
        let failure = Failure { code: "internal".to_owned(), source: None, message: error.to_string() };
        self.conclude(job, this.request.id, this.end(Outcome::Failed(failure))).await?;
        Ok(())
    }

    async fn acknowledge(&self, job: &Claimed, this: &Try) -> Result<(), Error> {
        let content = self.inner.receipt(&this.request)?;
        let is_held_back = self.count_mail(mailbox::RECEIPTS, &this.request).await?.is_some();
        let mut tx = self.inner.store.begin().await?;
        if is_held_back {
            self.note_held_back(&mut tx, &this.request, "receipt").await?;
        } else {
            let key = format!("receipt.{}", this.request.id);
            self.queue(&mut tx, Some(this.request.id), "receipt", &key, &content).await?;
        }
        self.conclude_in(tx, job, this.request.id, this.end(Outcome::Acknowledged)).await?;
        Ok(())
    }

    /// Finds open requests of the same address and activity; they are linked, never merged or dropped.
    async fn check_duplicates(&self, job: &Claimed, this: &Try) -> Result<(), Error> {
        let email = normal_email(&this.request.subject.reveal().email);
        let term = IndexTerm { kind: IndexKind::Email, value: Pii::new(email) };
        let filter = Filter { search: Some(Search::Term(term)), is_closed: Some(false), ..Filter::default() };
        let mut tx = self.inner.store.begin().await?;
        let page = tx.list(&filter, Paging { limit: 100, ..Paging::default() }, &Scope::Everything).await?;
        let same = |row: &habeas_core::request::RequestRow| {
            row.activity == this.request.terms.activity && row.entity == this.request.terms.entity
        };
        let found = page.rows.into_iter().filter(same).map(|row| row.id).filter(|id| *id != this.request.id);
        let outcome = Outcome::DuplicatesFound(found.collect());
        self.conclude_in(tx, job, this.request.id, this.end(outcome)).await?;
        Ok(())
    }

    /// Sends the first code; the task ends when the right one is entered.
    async fn verify_identity(&self, job: &Claimed, this: &Try) -> Result<(), Error> {
        if this.request.verified_at.is_some() {
            let proven = Command::Verify { rung: MAIL_CODE.to_owned() };
            self.conclude(job, this.request.id, proven).await?;
            return Ok(());
        }
        if self.count_mail(mailbox::FIRST_CODES, &this.request).await?.is_some() {
            // The task waits for a code as it would have; the person has one sent.
            return self.finish(job).await;
        }
        let code = self.make_code().await?;
        let mut tx = self.inner.store.begin().await?;
        let key = format!("code.{}", job.id);
        let expires_at = self.ask_code(&mut tx, &this.request, "verify", &code, &key).await?;
        let asked = VerificationAsked { rung: MAIL_CODE.to_owned(), expires_at };
        self.conclude_in(tx, job, this.request.id, Command::AskVerification(asked)).await?;
        Ok(())
    }
}
