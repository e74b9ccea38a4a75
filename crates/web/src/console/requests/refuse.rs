//! `GET, POST /console/requests/{reference}/refuse`: the refusal gate. A ground of the law, an explanation
//! to the person, and the name of who decides.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_render::page::console::Refuse;

use super::{grounds, letter, tab};
use crate::App;
use crate::console::case;
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
    let page = page(&app, &staff, &reference, &form).await?;
    letter::send(&app, &visit, &staff, page, grounds::refusal).await
}

async fn page(app: &App, staff: &Staff, reference: &str, form: &Form) -> Result<Refuse> {
    let case = case::load(&mut app.store.read().await?, staff, reference).await?;
    let request = &case.request;
    let ctx = case::context(app, request, staff)?;
    let shown = grounds::of(request, &ctx).into_iter().map(|ground| grounds::choice(ground, form));
    Ok(Refuse {
        subject: case.subject(app),
        grounds: shown.collect(),
        ground_error: None,
        explanation: form.text("explanation").to_owned(),
        explanation_error: None,
        remedies: grounds::remedies(request, &ctx),
        authority: grounds::authority(request, &ctx),
        consequence: format!(
            "The letter is sent now, decided by {}, and the request is closed as refused. It can't be taken back.{}",
            staff.profile.name,
            case::conflict(staff)
        ),
    })
}
