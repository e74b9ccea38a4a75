//! `GET /console/requests/{reference}/tasks`: the flow with its tasks.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_render::page::console::{RequestTab, RequestTasks, Stage, TaskTable};
use habeas_render::page::part::{Badge, StepState};

use super::tab;
use crate::App;
use crate::console::people::People;
use crate::console::{case, tasks};
use crate::error::Result;
use crate::guard::Staff;
use crate::visit::Visit;

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let case = case::load(&mut read, &staff, &reference).await?;
    let people = People::read(&mut read).await?;
    drop(read);
    let request = &case.request;
    let ctx = case::context(&app, request, &staff)?;
    let steps = case::steps(request, ctx.flow).steps;
    let stages = ctx.flow.stages.iter().zip(&steps).map(|(stage, step)| {
        let rows = stage.tasks.iter().flat_map(|task| {
            let own = tasks::row::of(&app, request, task, request.tasks.get(&task.key), &people);
            let asked = request.owner_asks.values().filter(|ask| ask.task == task.key);
            std::iter::once(own).chain(asked.map(|ask| tasks::row::of_ask(&app, request, ask, &people)))
        });
        let word = match step.state {
            StepState::Done => "Done",
            StepState::Current => "In progress",
            StepState::Todo => "To come",
            StepState::Skipped => "Left out",
            StepState::Stuck => "Needs a person",
        };
        Stage {
            name: stage.title.clone(),
            state: Badge::new(step.tone(), word),
            tasks: TaskTable::of_request(&stage.title, rows.collect()),
        }
    });
    let page = RequestTasks {
        head: case.head(&app, &staff, &people, RequestTab::Tasks)?,
        flow: format!("{}, version {}", ctx.flow.title, request.terms.flow_version),
        stages: stages.collect(),
    };
    tab::show(&app, &visit, &staff, None, &page).await
}
