//! `GET /console/roles`: teams and what their members may do.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Query, State};
use axum::response::Response;
use habeas_core::access::{Action, Role};
use habeas_core::definition::Kind;
use habeas_render::page::Section;
use habeas_render::page::console::{RoleRow, Roles};
use habeas_render::page::part::Tone;

use super::people::People;
use super::told::Told;
use super::{chrome, definition};
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
    let drafts = read.list_drafts(Kind::Role.as_str()).await?;
    let drafted: BTreeSet<&str> = drafts.iter().map(|draft| draft.name.as_str()).collect();
    let mut roles: BTreeMap<String, Role> = BTreeMap::new();
    for draft in &drafts {
        roles.extend(Role::parse("draft", &draft.text).ok().map(|role| (draft.name.clone(), role)));
    }
    // What counts is shown, not what is drafted beside it.
    roles.extend(app.catalog.roles().map(|role| (role.name.to_string(), role.clone())));
    let row = |(name, role): (String, Role)| {
        let members = people.users().filter(|user| !user.is_disabled && user.roles.contains(&name)).count();
        RoleRow {
            member_count: u64::try_from(members).unwrap_or(u64::MAX),
            grants: grants(&role),
            state: definition::badge(app.catalog.role(&role.name).is_some(), drafted.contains(name.as_str())),
            title: role.title,
            description: role.description,
            email: role.email,
            name,
        }
    };
    let page = Roles { rows: roles.into_iter().map(row).collect() };
    let chrome = chrome::of(&app, &visit, &staff, Section::Users, &mut read).await?;
    respond::page(&chrome::tell(chrome, Tone::Good, told.sentence()), &page)
}

fn grants(role: &Role) -> String {
    match role.grants.len() {
        0 => "Nothing".to_owned(),
        count if count == Action::ALL.len() => "Everything".to_owned(),
        count => format!("{count} of {} actions", Action::ALL.len()),
    }
}
