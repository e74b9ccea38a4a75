//! `GET, POST /console/requests/{reference}/spam`: marks a request as spam, or takes the mark back. Nothing of
//! it is dropped.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::pii::Pii;
use habeas_core::request::{Command, Reshape, SpamCause};
use habeas_render::page::console::CaseAct;
use habeas_render::page::part::{Facts, Row};

use super::{reshape, tab};
use crate::App;
use crate::console::{case, words};
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
    let (_, page) = page(&app, &staff, &reference, &Form::default()).await?;
    tab::show(&app, &visit, &staff, None, &page).await
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
    form: Form,
) -> Result<Response> {
    let (is_spam, mut page) = page(&app, &staff, &reference, &form).await?;
    reshape::complain(&mut page, "reason", reshape::reason_problem(&form));
    if reshape::is_wrong(&page) {
        return tab::show_again(&app, &visit, &staff, None, &page).await;
    }
    let reason = Pii::new(form.text("reason").to_owned());
    let (reshape, told) = if is_spam {
        (Reshape::ClearSpam { reason }, "unspam")
    } else {
        (Reshape::MarkSpam { cause: SpamCause::Person, reason }, "spam")
    };
    let done = tab::act(&app, &staff, &reference, Command::Reshape(reshape)).await?;
    reshape::answer(&app, &visit, &staff, &page, done, told).await
}

async fn page(app: &App, staff: &Staff, reference: &str, form: &Form) -> Result<(bool, CaseAct)> {
    let case = case::load(&mut app.store.read().await?, staff, reference).await?;
    let request = &case.request;
    let (title, button, lines): (_, _, &[&str]) = if request.is_spam() {
        ("Not spam", "Take the mark back", &["The request stands in the usual lists again."])
    } else {
        (
            "Mark as spam",
            "Mark as spam",
            &[
                "It leaves the usual lists and figures. The filter “Spam” shows it.",
                "It keeps its date and its way: who proves who they are is answered all the same.",
                "The person is not told.",
            ],
        )
    };
    let cause = request.shape.spam.map(|cause| Row::new("Now", words::spam(cause)));
    let page = CaseAct {
        subject: case.subject(app),
        title: title.to_owned(),
        segment: "spam",
        intro: Vec::new(),
        facts: Facts { rows: cause.into_iter().collect() },
        fields: vec![reshape::reason("Reason, for colleagues", form)],
        consequences: lines.iter().map(|line| (*line).to_owned()).collect(),
        button: button.to_owned(),
        denied: None,
    };
    Ok((request.is_spam(), page))
}
