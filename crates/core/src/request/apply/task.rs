//! What the tasks of a request are after an event.

use crate::event::Actor;
use crate::flow::TaskKey;
use crate::request::event::{Event, TaskStarted, Then, Turn};
use crate::request::state::{Request, TaskRun, TaskState};

impl Request {
    pub(super) fn apply_task(&mut self, event: &Event, actor: Actor, at: jiff::Timestamp) {
        match event {
            Event::TaskStarted(started) => self.start(started, at),
            Event::TaskPlanned(planned) => {
                let mut run = TaskRun::new(TaskState::Planned, Turn::System, planned.attempt, at);
                run.starts_at = Some(planned.starts_at);
                self.tasks.insert(planned.task.clone(), run);
            }
            Event::TaskSkipped(skipped) => {
                let mut run = TaskRun::new(TaskState::Skipped, Turn::System, skipped.attempt, at);
                run.ended = Some((actor, at));
                self.tasks.insert(skipped.task.clone(), run);
            }
            Event::TaskReminded(reminded) => {
                self.with(&reminded.task, |run| run.reminder_count = reminded.number);
            }
            Event::TaskOverdue(named) => self.with(&named.task, |run| run.is_overdue = true),
            Event::TaskWaived(named) => self.end(&named.task, TaskState::Waived, actor, at),
            Event::TaskTaken(taken) => self.with(&taken.task, |run| run.taken_by = Some(taken.user)),
            Event::TaskReleased(named) => self.with(&named.task, |run| run.taken_by = None),
            Event::TaskSaved(saved) => self.with(&saved.task, |run| run.answers = saved.answers.clone()),
            Event::TaskCompleted(done) => {
                self.with(&done.task, |run| run.answers = done.answers.clone());
                self.end(&done.task, TaskState::Done, actor, at);
            }
            Event::TaskRejected(rejected) => {
                self.with(&rejected.task, |run| {
                    run.answers = rejected.answers.clone();
                    run.rejection = Some(rejected.reason.clone());
                });
                match &rejected.then {
                    Then::Continue => self.end(&rejected.task, TaskState::Rejected, actor, at),
                    Then::Stop => self.end(&rejected.task, TaskState::Stopped, actor, at),
                    Then::Rework(tasks) => {
                        self.end(&rejected.task, TaskState::Again, actor, at);
                        for task in tasks {
                            self.end(task, TaskState::Again, actor, at);
                        }
                    }
                }
            }
            Event::TaskFailed(failed) => {
                // One that could not even start has no run yet.
                let is_known = self.tasks.get(&failed.task).is_some_and(|run| run.attempt == failed.attempt);
                if !is_known {
                    let run = TaskRun::new(TaskState::Failed, Turn::System, failed.attempt, at);
                    self.tasks.insert(failed.task.clone(), run);
                }
                self.with(&failed.task, |run| run.failure = Some(failed.failure.clone()));
                self.end(&failed.task, TaskState::Failed, actor, at);
            }
            _ => {}
        }
    }

    pub(super) fn start(&mut self, started: &TaskStarted, at: jiff::Timestamp) {
        let mut run = TaskRun::new(TaskState::InProgress, started.turn, started.attempt, at);
        run.due_at = started.due_at;
        self.tasks.insert(started.task.clone(), run);
    }

    pub(super) fn with(&mut self, task: &TaskKey, change: impl FnOnce(&mut TaskRun)) {
        if let Some(run) = self.tasks.get_mut(task) {
            change(run);
        }
    }

    pub(super) fn end(&mut self, task: &TaskKey, state: TaskState, actor: Actor, at: jiff::Timestamp) {
        self.with(task, |run| {
            run.state = state;
            run.ended = Some((actor, at));
        });
    }
}
