//! `POST /console/requests/{reference}/notes`: a note that the person never sees.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::pii::Pii;
use habeas_core::request::Command;

use super::{messages, tab};
use crate::error::Result;
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
    form: Form,
) -> Result<Response> {
    let text = form.text("note");
    let why = if let Some(problem) = tab::text_problem(text, "Write the note before you add it") {
        problem
    } else {
        let command = Command::Say { text: Pii::new(text.to_owned()), is_internal: true };
        match tab::act(&app, &staff, &reference, command).await? {
            Ok(()) => {
                let reference = messages::page(&app, &staff, &reference).await?.head.reference;
                return Ok(respond::see(&format!("/console/requests/{reference}/messages?told=noted")));
            }
            Err(why) => why,
        }
    };
    let page = messages::page(&app, &staff, &reference).await?;
    tab::show_again(&app, &visit, &staff, Some(why), &page).await
}
