//! `GET, POST /console/requests/{reference}/refuse`: the refusal gate. A ground of the law, an explanation
//! to the person, and the name of who decides.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::pii::Pii;
use habeas_core::request::Command;
use habeas_render::page::console::{Ground, Refuse};

use super::{grounds, tab};
use crate::console::case;
use crate::console::told::capitalised;
use crate::error::Result;
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

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
    let ground = page.grounds.iter().find(|ground| ground.is_selected).map(|ground| ground.id.clone());
    page.ground_error = ground.is_none().then(|| "Choose a ground".to_owned());
    page.explanation_error = tab::text_problem(form.text("explanation"), "Explain it in a few sentences");
    let (Some(ground), None) = (ground, &page.explanation_error) else {
        return tab::show_again(&app, &visit, &staff, None, &page).await;
    };
    let explanation = Pii::new(form.text("explanation").to_owned());
    match tab::act(&app, &staff, &reference, Command::Refuse { grounds: vec![ground], explanation }).await? {
        Ok(()) => Ok(respond::see(&format!("/console/requests/{}?told=refused", page.subject.reference))),
        Err(why) => tab::show_again(&app, &visit, &staff, Some(why), &page).await,
    }
}

async fn page(app: &App, staff: &Staff, reference: &str, form: &Form) -> Result<Refuse> {
    let case = case::load(&mut app.store.read().await?, staff, reference).await?;
    let request = &case.request;
    let ctx = case::context(app, request, staff)?;
    let shown = grounds::of(request, &ctx).into_iter().map(|ground| Ground {
        id: ground.id.clone(),
        label: capitalised(&ground.id.replace('_', " ")),
        article: ground.article.clone(),
        hint: hint(&ground.words, &ground.must_tell),
        is_selected: form.text("ground") == ground.id,
    });
    Ok(Refuse {
        subject: case.subject(app),
        grounds: shown.collect(),
        ground_error: None,
        explanation: form.text("explanation").to_owned(),
        explanation_error: None,
        remedies: grounds::remedies(request, &ctx),
        authority: grounds::authority(request, &ctx),
        consequence: format!(
            "The letter is sent now, decided by {}, and the request is closed as refused. It can't be taken back.",
            staff.profile.name
        ),
    })
}

/// Returns the words the person reads, and what the explanation must say.
fn hint(words: &str, must_tell: &[String]) -> String {
    if must_tell.is_empty() {
        return words.to_owned();
    }
    format!("{words} Say in the explanation: {}.", must_tell.join("; "))
}
