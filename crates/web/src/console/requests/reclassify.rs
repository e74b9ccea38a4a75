//! `GET, POST /console/requests/{reference}/reclassify`: the request is handled as another kind, from the day
//! of receipt on, with its date computed anew and the other flow begun.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::event::Actor;
use habeas_core::pii::Pii;
use habeas_core::request::{Command, Reshape};
use habeas_render::page::console::CaseAct;
use habeas_render::page::part::{Choice, Facts, Field, FieldKind, Row};

use super::{reshape, tab};
use crate::App;
use crate::console::case::{self, Case};
use crate::console::told;
use crate::error::Result;
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;

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
    let activity = form.text("activity");
    let known = page.fields.iter().any(|field| field.options.iter().any(|option| option.value == activity));
    reshape::complain(&mut page, "activity", (!known).then(|| "Choose a kind of request".to_owned()));
    reshape::complain(&mut page, "reason", reshape::reason_problem(&form));
    if reshape::is_wrong(&page) {
        return tab::show_again(&app, &visit, &staff, None, &page).await;
    }
    let reason = Pii::new(form.text("reason").to_owned());
    let done = act(&app, &staff, &reference, activity, reason).await?;
    reshape::answer(&app, &visit, &staff, &page, done, "reclassified").await
}

/// Decides under the new terms, since law and flow are theirs from here on.
async fn act(
    app: &App,
    staff: &Staff,
    reference: &str,
    activity: &str,
    reason: Pii<String>,
) -> Result<Result<(), String>> {
    let mut tx = app.store.begin().await?;
    let Case { request, .. } = case::load(&mut tx, staff, reference).await?;
    let ctx = case::context(app, &request, staff)?;
    let terms = reshape::terms(app, &request, &ctx, activity)?;
    let ctx = app.catalog.context(&terms, app.now(), Actor::Staff(staff.id), &staff.roles)?;
    let command = Command::Reshape(Reshape::Reclassify { terms: Box::new(terms.clone()), reason });
    match told::outcome(tx.act(&request, command, &ctx).await)? {
        Ok(_) => Ok(Ok(tx.commit().await?)),
        Err(why) => Ok(Err(why)),
    }
}

async fn page(app: &App, staff: &Staff, reference: &str, form: &Form) -> Result<CaseAct> {
    let case = case::load(&mut app.store.read().await?, staff, reference).await?;
    let request = &case.request;
    let ctx = case::context(app, request, staff)?;
    let mut choices = Vec::new();
    for activity in reshape::others(app, request) {
        let terms = reshape::terms(app, request, &ctx, &activity.name)?;
        let hint = reshape::promise(app, staff, request, &terms)?;
        choices.push(Choice::new(&activity.name, &activity.title).hint(hint));
    }
    let denied = match () {
        () if request.status.is_closed() => Some("The request is closed: open it again first."),
        () if request.is_merged() => Some("It is answered together with another request: take it out first."),
        () if choices.is_empty() => Some("Nothing else can be asked of this organisation."),
        () => None,
    };
    Ok(CaseAct {
        subject: case.subject(app),
        title: "Handle as another kind".to_owned(),
        segment: "reclassify",
        intro: vec![
            "For a request that asks for something else than what was chosen on the form.".to_owned(),
        ],
        facts: Facts {
            rows: vec![
                Row::new("Now", case.title(app)),
                Row::new("Received", case::moment(request, request.received_at).to_string()),
            ],
        },
        fields: vec![
            Field::new(FieldKind::Radios, "activity", "Handle it as")
                .options(choices)
                .value(form.text("activity")),
            reshape::reason("Reason, told to the person", form),
        ],
        consequences: vec![
            "The day of receipt stays; the legal date is computed anew from it.".to_owned(),
            "The work begins anew under the other flow. Proven identity counts, and what was done stays in the \
             log."
                .to_owned(),
            "The person is told at once: the kind, the law, the date, your reason.".to_owned(),
        ],
        button: "Handle it so, and tell the person".to_owned(),
        denied: denied.map(str::to_owned),
    })
}
