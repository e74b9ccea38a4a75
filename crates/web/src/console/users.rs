//! `GET /console/users`: staff who may sign in.

use axum::extract::{Query, State};
use axum::response::Response;
use habeas_render::page::Section;
use habeas_render::page::console::{UserRow, Users};
use habeas_render::page::part::{Badge, Tone};
use habeas_store::users::User;

use super::chrome;
use super::people::People;
use super::told::Told;
use crate::error::Result;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

pub(super) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Query(told): Query<Told>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let people = People::read(&mut read).await?;
    let page = Users { rows: people.users().map(|user| row(&app, user)).collect(), can_change: true };
    let chrome = chrome::of(&app, &visit, &staff, Section::Users, &mut read).await?;
    respond::page(&chrome::tell(chrome, Tone::Good, told.sentence()), &page)
}

fn row(app: &App, user: &User) -> UserRow {
    let roles: Vec<String> = app.catalog.roles_of(&user.roles).into_iter().map(|role| role.title).collect();
    let state = match (user.is_disabled, user.password_hash.is_some() && user.totp_secret.is_some()) {
        (true, _) => Badge::new(Tone::Bad, "Disabled"),
        (false, true) => Badge::new(Tone::Good, "Active"),
        (false, false) => Badge::new(Tone::Neutral, "Invited"),
    };
    UserRow {
        id: user.id.to_string(),
        name: user.profile.name.clone(),
        email: user.profile.email.clone(),
        roles: roles.join(", "),
        away: People::away(user, chrome::today(app)),
        last_seen_at: None,
        state,
    }
}
