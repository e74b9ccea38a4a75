//! Which tasks are a member of staff's, and which they could take.
//!
//! Tasks stand in the requests' logs. Only requests that wait on somebody are read, the nearest date
//! first, up to a bound.

use habeas_core::access::{self, Action};
use habeas_core::request::{Request, TaskState};
use habeas_render::page::console::TaskRow;
use habeas_store::Read;
use habeas_store::requests::{Filter, PAGE_LIMIT, Paging};

use super::row;
use crate::App;
use crate::console::people::People;
use crate::error::Result;
use crate::guard::Staff;

/// No more lists of open requests are looked through, of [`PAGE_LIMIT`] each.
const MOST_PAGES: u32 = 5;

/// The open requests that wait on staff.
pub(in crate::console) struct Work(Vec<Request>);

/// Reads them.
pub(in crate::console) async fn read(app: &App, read: &mut Read, staff: &Staff) -> Result<Work> {
    let filter = Filter { is_closed: Some(false), ..Filter::default() };
    let mut requests = Vec::new();
    for number in 0..MOST_PAGES {
        let paging = Paging { offset: number * PAGE_LIMIT, limit: PAGE_LIMIT, ..Paging::default() };
        let page = read.list(&filter, paging, &staff.scope).await?;
        let is_last = page.rows.len() < PAGE_LIMIT as usize;
        for row in page.rows.iter().filter(|row| matches!(row.waits_on.as_str(), "staff" | "source")) {
            requests.extend(read.lookup_request(row.id, &staff.scope).await?);
        }
        if is_last {
            break;
        }
    }
    // Those of other versions of Habeas stay out.
    requests.retain(|request| app.catalog.flow(&request.terms.flow, request.terms.flow_version).is_some());
    Ok(Work(requests))
}

impl Work {
    /// Returns the tasks the reader has taken.
    pub(in crate::console) fn mine(&self, app: &App, staff: &Staff, people: &People) -> Vec<TaskRow> {
        self.rows(app, people, |_, run| run.state == TaskState::InProgress && run.taken_by == Some(staff.id))
    }

    /// Returns the tasks of the reader's roles that nobody has taken, and what failed where they may have
    /// it tried again.
    pub(in crate::console) fn free(&self, app: &App, staff: &Staff, people: &People) -> Vec<TaskRow> {
        let may_retry = access::may(&staff.roles, Action::RetryTask);
        self.rows(app, people, |task, run| match run.state {
            TaskState::InProgress => {
                let role = task.manual().map(|manual| &manual.role);
                run.taken_by.is_none() && role.is_some_and(|role| access::belongs(&staff.roles, role))
            }
            TaskState::Failed | TaskState::Stopped => may_retry,
            TaskState::Again
            | TaskState::Planned
            | TaskState::Done
            | TaskState::Rejected
            | TaskState::Waived
            | TaskState::Skipped => false,
        })
    }

    fn rows(
        &self,
        app: &App,
        people: &People,
        is_wanted: impl Fn(&habeas_core::flow::Task, &habeas_core::request::TaskRun) -> bool,
    ) -> Vec<TaskRow> {
        let mut rows = Vec::new();
        for request in &self.0 {
            let flow = app.catalog.flow(&request.terms.flow, request.terms.flow_version);
            for task in flow.iter().flat_map(|flow| flow.tasks()) {
                let run = request.tasks.get(&task.key).filter(|run| is_wanted(task, run));
                rows.extend(run.map(|run| row::of(app, request, task, Some(run), people)));
            }
        }
        rows
    }
}
