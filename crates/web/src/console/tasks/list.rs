//! `GET /console/tasks`: mine, and those I could take.

use axum::extract::{Query, State};
use axum::response::Response;
use habeas_render::page::Section;
use habeas_render::page::console::{TaskTable, Tasks};
use habeas_render::page::part::Tone;

use super::work;
use crate::console::chrome;
use crate::console::people::People;
use crate::console::told::Told;
use crate::error::Result;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Query(told): Query<Told>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let people = People::read(&mut read).await?;
    let work = work::read(&app, &mut read, &staff).await?;
    let table = |caption: &str, rows| TaskTable { caption: caption.to_owned(), names_request: true, rows };
    let page = Tasks {
        mine: table("My tasks", work.mine(&app, &staff, &people)),
        free: table("Free tasks", work.free(&app, &staff, &people)),
    };
    let chrome = chrome::of(&app, &visit, &staff, Section::Tasks, &mut read).await?;
    respond::page(&chrome::tell(chrome, Tone::Good, told.sentence()), &page)
}
