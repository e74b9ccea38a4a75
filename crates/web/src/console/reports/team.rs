//! Who has how much to do: open requests by owner, open tasks by team, and what is overdue.

use std::collections::BTreeMap;

use habeas_core::access::{self, Action};
use habeas_core::id::UserId;
use habeas_core::request::TaskState;
use habeas_render::page::console::{ReportCell, ReportTable};
use habeas_store::Read;
use habeas_store::reports::Span;
use habeas_store::requests::Scope;
use jiff::{Timestamp, ToSpan as _};

use super::tables::table;
use crate::App;
use crate::console::people::People;
use crate::console::tasks::work::{self, Line};
use crate::console::{chrome, tasks};
use crate::error::Result;
use crate::guard::Staff;

/// Overdue tasks that are listed.
const MOST_TASKS: usize = 50;

pub(super) const LOAD: [&str; 4] = ["Owner", "Open", "Overdue", "Due in 7 days"];
pub(super) const TEAMS: [&str; 5] = ["Team", "Open", "Free", "Overdue", "Failed"];
pub(super) const LATE: [&str; 5] = ["Task", "Request", "Team", "By", "Taken by"];

#[derive(Default)]
struct Load {
    open: u64,
    overdue: u64,
    soon: u64,
}

/// Returns open requests by owner, nobody's last.
pub(super) async fn load(app: &App, read: &mut Read, scope: &Scope, people: &People) -> Result<ReportTable> {
    let today = chrome::today(app);
    let week = today.saturating_add(8.days());
    let open = Span { open_from: Some(Timestamp::MAX), ..Span::default() };
    let mut loads: BTreeMap<Option<UserId>, Load> = BTreeMap::new();
    for one in read.list_counted(open, scope).await? {
        let load = loads.entry(one.owner).or_default();
        load.open += 1;
        load.overdue += u64::from(one.due_on.is_some_and(|on| on < today));
        load.soon += u64::from(one.due_on.is_some_and(|on| today <= on && on < week));
    }
    let mut rows: Vec<(bool, u64, Vec<ReportCell>)> =
        loads.into_iter().map(|(owner, load)| row(people, owner, &load)).collect();
    rows.sort_by_key(|(is_nobodys, open, _)| (*is_nobodys, std::cmp::Reverse(*open)));
    let rows = rows.into_iter().map(|(_, _, cells)| cells).collect();
    let mut table = table("Open requests by owner", &LOAD, LOAD.get(1..).unwrap_or_default(), rows);
    "No request is open.".clone_into(&mut table.none);
    Ok(table)
}

fn row(people: &People, owner: Option<UserId>, load: &Load) -> (bool, u64, Vec<ReportCell>) {
    let (name, word) = match owner {
        Some(user) => (people.name(user), user.to_string()),
        None => ("Nobody".to_owned(), "nobody".to_owned()),
    };
    let list = |query: &str| format!("/console/requests?owner={word}{query}");
    let cells = vec![
        ReportCell::text(name),
        ReportCell::number(load.open).link(list("")),
        ReportCell::number(load.overdue).link(list("&due=overdue")).bad(load.overdue > 0),
        ReportCell::number(load.soon).link(list("&due=week")),
    ];
    (owner.is_none(), load.open, cells)
}

#[derive(Default)]
struct Tally {
    title: String,
    open: u64,
    free: u64,
    overdue: u64,
    failed: u64,
}

/// Returns open tasks by team, and those that are overdue.
pub(super) async fn teams(
    app: &App,
    read: &mut Read,
    staff: &Staff,
    people: &People,
) -> Result<[ReportTable; 2]> {
    let work = work::read(read, staff).await?;
    let now = app.now();
    let is_late = |line: &Line<'_>| {
        let task = &line.open.task;
        task.state == TaskState::InProgress && (task.is_overdue || task.due_at.is_some_and(|at| at < now))
    };
    let mut teams: BTreeMap<String, Tally> = BTreeMap::new();
    let mut late = Vec::new();
    for line in work.lines(app) {
        let name = line.team.map(ToString::to_string).unwrap_or_default();
        let tally = teams.entry(name).or_default();
        tally.title = line.team.map_or_else(|| "Habeas".to_owned(), |team| app.catalog.role_title(team));
        tally.open += 1;
        tally.free += u64::from(line.open.task.taken_by.is_none());
        tally.failed += u64::from(line.open.task.state == TaskState::Failed);
        if is_late(&line) {
            tally.overdue += 1;
            late.push(late_row(app, people, staff, &line));
        }
    }
    late.truncate(MOST_TASKS);
    let rows = teams.iter().map(|(name, tally)| team_row(name, tally)).collect();
    let mut by_team = table("Open tasks by team", &TEAMS, TEAMS.get(1..).unwrap_or_default(), rows);
    "No task waits for anybody.".clone_into(&mut by_team.none);
    let mut late = table("Overdue tasks", &LATE, &[], late);
    "No task is overdue.".clone_into(&mut late.none);
    Ok([by_team, late])
}

fn team_row(name: &str, tally: &Tally) -> Vec<ReportCell> {
    let list = |query: &str| format!("/console/tasks?whose=all&team={name}{query}");
    vec![
        ReportCell::text(tally.title.as_str()),
        ReportCell::number(tally.open).link(list("")),
        ReportCell::number(tally.free).link(list("&state=free")),
        ReportCell::number(tally.overdue).link(list("&due=overdue")).bad(tally.overdue > 0),
        ReportCell::number(tally.failed).link(list("&state=failed")).bad(tally.failed > 0),
    ]
}

fn late_row(app: &App, people: &People, staff: &Staff, line: &Line<'_>) -> Vec<ReportCell> {
    let row = tasks::row::of_line(app, people, line);
    let assign = format!("/console/requests/{}/assign", row.reference);
    let who = row.taken_by.unwrap_or_else(|| "Nobody".to_owned());
    let who = ReportCell::text(who);
    vec![
        ReportCell::text(row.name).link(row.href),
        ReportCell::text(row.reference.as_str()).link(format!("/console/requests/{}", row.reference)),
        ReportCell::text(row.role),
        ReportCell::text(row.due_at.map(|at| at.short()).unwrap_or_default()).bad(true),
        if access::may(&staff.roles, Action::Assign) { who.link(assign) } else { who },
    ]
}
