//! `GET /console/activities/{activity}/form`: the form of an activity as a person sees it, to look at.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_render::page::Section;
use habeas_render::page::console::EditForm;

use super::super::chrome;
use crate::error::{Error, Result};
use crate::guard::Staff;
use crate::portal::entry;
use crate::visit::Visit;
use crate::{App, respond};

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(name): Path<String>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let activity = app.catalog.activity(&name).ok_or(Error::NotFound)?;
    let (version, flow) = app.catalog.flow_of(activity).ok_or(Error::NotFound)?;
    let asked = entry::Asked { flow, catalog: &app.catalog, fields: &activity.fields };
    let back = format!("/console/activities/{name}");
    let page = EditForm {
        crumbs: vec![
            ("Regulations and activities".to_owned(), "/console/activities".to_owned()),
            (activity.title.clone(), back.clone()),
        ],
        lead: Some(format!(
            "What a person is asked under “{}”, version {version} of its flow. Nothing is sent from here.",
            activity.title
        )),
        groups: entry::groups(asked, &entry::defaults(), &entry::Answers::new()),
        leave_href: back.clone(),
        links: if app.catalog.is_offered(activity) {
            vec![("Open it on the portal".to_owned(), format!("/ask/{name}"))]
        } else {
            Vec::new()
        },
        ..super::page("The form".to_owned(), back)
    };
    let chrome = chrome::of(&app, &visit, &staff, Section::Activities, &mut read).await?;
    respond::page(&chrome, &page)
}
