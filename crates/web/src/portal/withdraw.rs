//! `GET, POST /my/withdraw`: the person takes the request back.

use axum::extract::State;
use axum::response::Response;
use habeas_core::request::Command;
use habeas_render::page::portal::Withdraw;

use super::{case, my};
use crate::error::{Error, Result};
use crate::guard::Subject;
use crate::visit::Visit;
use crate::{App, respond};

pub(super) async fn get(State(app): State<App>, visit: Visit, subject: Subject) -> Result<Response> {
    let request = case::load(&mut app.store.read().await?, subject.id).await?;
    if request.status.is_closed() {
        return Err(Error::NotFound);
    }
    let consequences = [
        "We stop searching, and what we have collected for you so far is not used.",
        "Your data in our systems stays as it is.",
        "You can ask again at any time. A new request has a new date.",
    ];
    let page = Withdraw {
        reference: request.reference.to_string(),
        title: case::title(&app, &request),
        consequences: consequences.map(str::to_owned).to_vec(),
    };
    respond::page(&my::chrome_of(&app, &visit, &request), &page)
}

pub(super) async fn post(State(app): State<App>, subject: Subject) -> Result<Response> {
    let mut tx = app.store.begin().await?;
    let request = case::load(&mut tx, subject.id).await?;
    // Sent twice, it is withdrawn once.
    if !request.status.is_closed() {
        let ctx = case::context(&app, &request)?;
        tx.act(&request, Command::Withdraw, &ctx).await?;
        tx.withdraw_challenges(subject.id).await?;
        tx.commit().await?;
    }
    Ok(respond::see("/my?told=withdrawn"))
}
