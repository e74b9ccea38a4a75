//! `GET /console/tasks`: mine and those I could take; everybody's for those who assign work.

use axum::extract::{Query, State};
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_render::page::Section;
use habeas_render::page::console::{TaskTable, Tasks};
use habeas_render::page::part::{Pagination, Tone};

use super::narrowed::Narrowed;
use super::row;
use super::work::{self, Line, Work};
use crate::console::chrome;
use crate::console::people::People;
use crate::console::told::Told;
use crate::console::views::{self, List};
use crate::error::Result;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// Tasks on one page, those the reader has taken aside.
const PER_PAGE: usize = 50;

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Query(narrowed): Query<Narrowed>,
    Query(told): Query<Told>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let people = People::read(&mut read).await?;
    let work = work::read(&mut read, &staff).await?;
    let may_see_all = access::may(&staff.roles, Action::Assign);
    let is_own = !(may_see_all && narrowed.is_everybodys());
    let (mine, others) = parted(&app, &staff, &work, &narrowed);
    let number = narrowed.page.clamp(1, 1_000);
    let skipped = (number - 1) * PER_PAGE;
    let rows = |lines: &[Line<'_>]| lines.iter().map(|line| row::of_line(&app, &people, line)).collect();
    let shown: Vec<Line<'_>> = others.iter().skip(skipped).take(PER_PAGE).copied().collect();
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let link = |number: usize| narrowed.link(|to| to.page = number);
    let table =
        |caption: &str, rows| TaskTable { columns: narrowed.columns(), ..TaskTable::plain(caption, rows) };
    let page = Tasks {
        is_own,
        filters: narrowed.chips(may_see_all, &teams(&app, &work)),
        is_narrowed: narrowed.is_narrowed(),
        mine: table("My tasks", rows(&mine)),
        others: table(if is_own { "Free tasks" } else { "Tasks" }, rows(&shown)),
        pagination: (others.len() > PER_PAGE).then(|| Pagination {
            first: count(skipped + 1),
            last: count(skipped + shown.len()),
            total: Some(count(others.len())),
            previous_href: (number > 1).then(|| link(number - 1)),
            next_href: (skipped + shown.len() < others.len()).then(|| link(number + 1)),
        }),
        views: views::of(&mut read, &staff, List::Tasks, &narrowed.query()).await?,
    };
    let chrome = chrome::of(&app, &visit, &staff, Section::Tasks, &mut read).await?;
    respond::page(&chrome::tell(chrome, Tone::Good, told.sentence()), &page)
}

/// Parts the tasks of the list in those the reader has taken and the others, in the order asked for. Where
/// everybody's are shown there is one list.
pub(super) fn parted<'a>(
    app: &'a App,
    staff: &Staff,
    work: &'a Work,
    narrowed: &Narrowed,
) -> (Vec<Line<'a>>, Vec<Line<'a>>) {
    let is_all = narrowed.is_everybodys() && access::may(&staff.roles, Action::Assign);
    let mut lines: Vec<Line<'_>> = work.lines(app).filter(|line| narrowed.holds(app, line)).collect();
    narrowed.order(&mut lines);
    if is_all {
        return (Vec::new(), lines);
    }
    let (mine, others): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.is_of(staff));
    (mine, others.into_iter().filter(|line| line.is_free_for(staff)).collect())
}

/// Returns the teams that have something to do, by name and title.
fn teams(app: &App, work: &Work) -> Vec<(String, String)> {
    let mut teams: Vec<_> = work.lines(app).filter_map(|line| line.team).collect();
    teams.sort_unstable();
    teams.dedup();
    teams.into_iter().map(|team| (team.to_string(), app.catalog.role_title(team))).collect()
}
