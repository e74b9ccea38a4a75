//! `GET /console/holds`: what is on hold.

use axum::extract::{Query, State};
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_render::page::Section;
use habeas_render::page::console::{HoldRow, Holds};
use habeas_render::page::part::Tone;
use habeas_render::text::Day;

use super::{entities, state, what};
use crate::console::chrome;
use crate::console::told::Told;
use crate::error::Result;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Query(told): Query<Told>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let today = chrome::today(&app);
    let is_seen = access::may(&staff.roles, Action::SeeSubjects);
    let holds = read.list_holds(entities(&staff).as_deref()).await?;
    let rows = holds.iter().map(|hold| HoldRow {
        id: hold.id.to_string(),
        what: what(&staff, hold),
        entity: app.catalog.entity(&hold.entity).map_or(&hold.entity, |entity| &entity.title).clone(),
        ground: if is_seen {
            hold.words.reveal().ground.clone()
        } else {
            "Not shown to your role".to_owned()
        },
        review_on: Day(hold.review_on),
        state: state(hold, today),
    });
    let page = Holds { rows: rows.collect(), can_place: access::may(&staff.roles, Action::ManageHolds) };
    let chrome = chrome::of(&app, &visit, &staff, Section::Holds, &mut read).await?;
    respond::page(&chrome::tell(chrome, Tone::Good, told.sentence()), &page)
}
