//! Which tasks are a member of staff's, and which they could take.

use habeas_core::access::{self, Action, RoleName};
use habeas_core::flow::Task;
use habeas_core::request::TaskState;
use habeas_render::page::console::TaskRow;
use habeas_store::Read;
use habeas_store::tasks::{TaskFilter, TaskLine};

use super::row;
use crate::App;
use crate::console::people::People;
use crate::error::Result;
use crate::guard::Staff;

/// The open tasks that wait on staff, within what the reader may see.
pub(in crate::console) struct Work(Vec<TaskLine>);

/// An open task with its definition.
#[derive(Clone, Copy)]
pub(in crate::console) struct Line<'a> {
    /// As the store keeps it.
    pub(in crate::console) open: &'a TaskLine,
    /// What its flow says of it.
    pub(in crate::console) task: &'a Task,
    /// The team that does it; none: Habeas.
    pub(in crate::console) team: Option<&'a RoleName>,
}

/// Reads them.
pub(in crate::console) async fn read(read: &mut Read, staff: &Staff) -> Result<Work> {
    Ok(Work(read.list_open_tasks(&TaskFilter::default(), &staff.scope).await?))
}

impl Line<'_> {
    pub(super) fn is_in_progress(&self) -> bool {
        self.open.task.state == TaskState::InProgress
    }

    /// Says whether the reader has taken it.
    pub(super) fn is_of(&self, staff: &Staff) -> bool {
        self.is_in_progress() && self.open.task.taken_by == Some(staff.id)
    }

    /// Says whether the reader could take it or have it tried again.
    pub(super) fn is_free_for(&self, staff: &Staff) -> bool {
        match self.open.task.state {
            TaskState::InProgress => {
                let is_free = self.open.task.taken_by.is_none();
                // What is asked about a source that is nobody's is for those who assign work.
                let may_take = match self.team {
                    Some(role) => access::belongs(&staff.roles, role),
                    None => self.open.task.key.asked().is_some() && access::may(&staff.roles, Action::Assign),
                };
                is_free && may_take
            }
            TaskState::Failed | TaskState::Stopped => access::may(&staff.roles, Action::RetryTask),
            _ => false,
        }
    }
}

impl Work {
    /// Returns the lines, the nearest dates first; those of other versions of Habeas stay out.
    pub(in crate::console) fn lines<'a>(&'a self, app: &'a App) -> impl Iterator<Item = Line<'a>> {
        self.0.iter().filter_map(|open| {
            let flow = app.catalog.flow(&open.task.flow, open.task.flow_version)?;
            let asked = open.task.key.asked();
            let task = flow.task(asked.as_ref().map_or(&open.task.key, |(task, _)| task))?;
            Some(Line { open, task, team: task.manual().map(|manual| &manual.role) })
        })
    }

    /// Returns the tasks the reader has taken.
    pub(in crate::console) fn mine(&self, app: &App, staff: &Staff, people: &People) -> Vec<TaskRow> {
        let mine = self.lines(app).filter(|line| line.is_of(staff));
        mine.map(|line| row::of_line(app, people, &line)).collect()
    }
}
