//! `GET, POST /console/requests/{reference}/assign`: who answers for a request.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_core::id::UserId;
use habeas_core::request::Command;
use habeas_render::page::console::Assign;
use habeas_render::page::part::Choice;
use habeas_render::text;
use habeas_store::Read;
use habeas_store::requests::{Filter, Owner, Paging};
use habeas_store::users::User;

use super::tab;
use crate::console::case::{self, Case};
use crate::console::people::People;
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
    let page = page(&app, &staff, &reference, None).await?;
    tab::show(&app, &visit, &staff, None, &page).await
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
    form: Form,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let case = case::load(&mut read, &staff, &reference).await?;
    let chosen = form.text("owner");
    let owner =
        people_for(&app, &case, &staff, &mut read).await?.into_keys().find(|id| id.to_string() == chosen);
    drop(read);
    let owner = match (owner, chosen) {
        (Some(owner), _) => Some(owner),
        (None, "nobody") => None,
        (None, _) => {
            let page = page(&app, &staff, &reference, Some("Choose somebody".to_owned())).await?;
            return tab::show_again(&app, &visit, &staff, None, &page).await;
        }
    };
    match tab::act(&app, &staff, &reference, Command::Assign(owner)).await? {
        Ok(()) => Ok(respond::see(&format!("/console/requests/{}?told=assigned", case.request.reference))),
        Err(why) => {
            let page = page(&app, &staff, &reference, None).await?;
            tab::show_again(&app, &visit, &staff, Some(why), &page).await
        }
    }
}

/// Returns who may answer for the request: everybody who may refuse or do tasks and sees it; for those
/// who may not assign, only themselves.
pub(super) async fn people_for(
    app: &App,
    case: &Case,
    staff: &Staff,
    read: &mut Read,
) -> Result<BTreeMap<UserId, String>> {
    let people = People::read(read).await?;
    let may_assign = access::may(&staff.roles, Action::Assign);
    let fits = |user: &&User| {
        let roles = app.catalog.roles_of(&user.roles);
        let sees = user.may_see(&case.request, &roles);
        let may = access::may(&roles, Action::SeeRequests) && access::may(&roles, Action::Converse);
        sees && may && (may_assign || user.id == staff.id)
    };
    Ok(people.users().filter(fits).map(|user| (user.id, user.profile.name.clone())).collect())
}

async fn page(app: &App, staff: &Staff, reference: &str, error: Option<String>) -> Result<Assign> {
    let mut read = app.store.read().await?;
    let case = case::load(&mut read, staff, reference).await?;
    let mut people = Vec::new();
    for (id, name) in people_for(app, &case, staff, &mut read).await? {
        let filter = Filter { is_closed: Some(false), owner: Some(Owner::User(id)), ..Filter::default() };
        let paging = Paging { limit: 0, ..Paging::default() };
        let open = read.list(&filter, paging, &staff.scope).await?.total;
        let hint = text::count(open, "open request", "open requests");
        people.push(Choice::new(id.to_string(), name).hint(hint).selected(case.request.owner == Some(id)));
    }
    if access::may(&staff.roles, Action::Assign) {
        people.push(Choice::new("nobody", "Nobody").selected(case.request.owner.is_none()));
    }
    Ok(Assign { subject: case.subject(app), people, error })
}
