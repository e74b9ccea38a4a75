//! `GET, POST /console/requests/{reference}/reopen`: a closed request is worked on again.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::flow::TaskKey;
use habeas_core::pii::Pii;
use habeas_core::request::{Command, Context, Request, Reshape, can_go_on_from};
use habeas_render::page::console::CaseAct;
use habeas_render::page::part::{Choice, Facts, Field, FieldKind, Row};
use habeas_render::text::Day;

use super::{reshape, tab};
use crate::App;
use crate::console::{case, words};
use crate::error::Result;
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;

/// The choice that does nothing again which was done.
const CUT_OFF: &str = "cut_off";

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
) -> Result<Response> {
    let page = page(&app, &staff, &reference, &Form::default()).await?;
    tab::show(&app, &visit, &staff, None, &page).await
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
    form: Form,
) -> Result<Response> {
    let mut page = page(&app, &staff, &reference, &form).await?;
    let from = form.text("from").to_owned();
    let known = page.fields.iter().any(|field| field.options.iter().any(|option| option.value == from));
    reshape::complain(&mut page, "from", (!known).then(|| "Choose where the work goes on".to_owned()));
    reshape::complain(&mut page, "reason", reshape::reason_problem(&form));
    if reshape::is_wrong(&page) {
        return tab::show_again(&app, &visit, &staff, None, &page).await;
    }
    let from = (from != CUT_OFF).then(|| TaskKey::from_text(&from));
    let reason = Pii::new(form.text("reason").to_owned());
    let done = tab::act(&app, &staff, &reference, Command::Reshape(Reshape::Reopen { from, reason })).await?;
    reshape::answer(&app, &visit, &staff, &page, done, "reopened").await
}

async fn page(app: &App, staff: &Staff, reference: &str, form: &Form) -> Result<CaseAct> {
    let case = case::load(&mut app.store.read().await?, staff, reference).await?;
    let request = &case.request;
    let ctx = case::context(app, request, staff)?;
    let due = request.due.as_ref().and_then(|due| due.on);
    let date = match due {
        Some(on) if on < ctx.today() => format!("The legal date stays {}, and it has passed.", Day(on)),
        Some(on) => format!("The legal date stays {}.", Day(on)),
        None => "The legal date is computed from the day of receipt.".to_owned(),
    };
    Ok(CaseAct {
        subject: case.subject(app),
        title: "Open again".to_owned(),
        segment: "reopen",
        intro: vec!["What was done and decided so far stays in the log.".to_owned()],
        facts: Facts { rows: vec![Row::new("State", words::status(request.status.as_str()))] },
        fields: vec![
            Field::new(FieldKind::Radios, "from", "Where the work goes on")
                .options(starts(request, &ctx))
                .value(form.text("from")),
            reshape::reason("Reason, told to the person", form),
        ],
        consequences: vec![
            date,
            "An archive that was given stays open until its time is over.".to_owned(),
            "The person is told at once, with your reason.".to_owned(),
        ],
        button: "Open it again and tell the person".to_owned(),
        denied: (!request.status.is_closed()).then(|| "The request is open.".to_owned()),
    })
}

/// Returns where the work can go on, in the flow's order.
fn starts(request: &Request, ctx: &Context<'_>) -> Vec<Choice> {
    let can = |key: &TaskKey| can_go_on_from(request, key, ctx);
    let known = ctx.flow.tasks().filter(|task| can(&task.key));
    let mut starts: Vec<Choice> = known
        .map(|task| {
            Choice::new(task.key.as_str(), &task.title).hint("This and all that follows is done again")
        })
        .collect();
    let is_whole = ctx.flow.tasks().all(|task| {
        let run = request.tasks.get(&task.key);
        run.is_some_and(|run| !case::is_open(run))
    });
    if !is_whole {
        starts.insert(0, Choice::new(CUT_OFF, "Where it was cut off"));
    }
    starts
}
