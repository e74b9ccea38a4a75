//! Automatic tasks: one try of an operation.

use habeas_core::flow::TaskKey;
use habeas_core::id::RequestId;
use habeas_core::request::{Command, Failure, Outcome, Request, kind};
use habeas_store::jobs::Claimed;

use crate::Engine;
use crate::error::Error;
use crate::operation;
use crate::worker::field;

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

    /// Returns an input of the operation.
    ///
    /// # Errors
    /// When what it links to isn't there: the task then waits for a person.
    pub(crate) fn input(&self, engine: &Engine, name: &str) -> Result<String, Error> {
        let ctx = engine.inner.context(&self.request)?;
        let mut inputs = self.request.inputs(ctx.flow, &self.task);
        inputs.remove(name).ok_or_else(|| Error::Input(name.to_owned()))
    }

    /// Names a mail of this task for ever: each try sends its own, once.
    pub(crate) fn key(&self, occasion: &str) -> String {
        format!("{occasion}.{}.{}.{}", self.request.id, self.task, self.attempt)
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
        let outcome = operation::of(operation).run(self, job, &this).await;
        match outcome {
            Err(error) if error.is_lasting() || job.attempt >= job.max_attempts => {
                self.give_up(job, &this, &error).await
            }
            other => other,
        }
    }

    /// After the last try the task waits for a person, with the reason.
    async fn give_up(&self, job: &Claimed, this: &Try, error: &Error) -> Result<(), Error> {
        tracing::error!(request.id = %this.request.id, task = %this.task, %error, "task waits for a person");
        let code = if matches!(error, Error::Input(_)) { "input" } else { "internal" };
        let failure = Failure { code: code.to_owned(), source: None, message: error.to_string() };
        self.conclude(job, this.request.id, this.end(Outcome::Failed(failure))).await?;
        Ok(())
    }
}
