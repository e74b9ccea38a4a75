//! `GET, POST /console/flows/{flow}/copy`: saves a version as another flow's first draft.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use habeas_core::event::Actor;
use habeas_core::flow;
use habeas_render::page::Section;
use habeas_render::page::console::EditForm;
use habeas_render::page::part::{Group, Hidden};
use habeas_store::definitions::{NewText, Owner};
use serde::Deserialize;

use super::super::{chrome, user_new};
use super::new;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// Which version is meant.
#[derive(Deserialize)]
pub(in crate::console) struct Which {
    #[serde(default)]
    pub(super) version: Option<u32>,
}

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(name): Path<String>,
    Query(which): Query<Which>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let versions = super::versions(&mut read, &name).await?;
    let wanted = |version: u32| which.version.is_none_or(|wanted| wanted == version);
    let found = versions.iter().find(|found| wanted(found.version)).ok_or(Error::NotFound)?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Flows, &mut read).await?;
    respond::page(&chrome, &page(&name, found.version, &Form::default(), None, None))
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(from): Path<String>,
    form: Form,
) -> Result<Response> {
    let version = form.text("version").parse().unwrap_or(0);
    let title = form.text("title");
    let name = match form.text("name") {
        "" => flow::slug(title, "flow"),
        given => given.to_owned(),
    };
    let title_problem = user_new::name_problem(title);
    let mut tx = app.store.begin().await?;
    let found = tx.lookup_definition(super::KIND, &from, version).await?.ok_or(Error::NotFound)?;
    let name_problem = super::name_problem(&mut tx, &name).await?;
    if title_problem.is_none() && name_problem.is_none() {
        let mut flow = super::parse(&found)?;
        flow.name.clone_from(&name);
        title.clone_into(&mut flow.title);
        let said = form.text("description");
        if !said.is_empty() {
            flow.description = said.chars().take(2_000).collect();
        }
        let text = flow.to_yaml();
        let actor = Actor::Staff(staff.id);
        let new = NewText { kind: super::KIND, name: &name, text: &text, owner: Owner::Console, actor };
        tx.begin_draft(new).await?;
        tx.commit().await?;
        return Ok(respond::see(&format!("/console/flows/{name}/edit?told=copied")));
    }
    drop(tx);
    let mut read = app.store.read().await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Flows, &mut read).await?;
    respond::page_again(&chrome, &page(&from, version, &form, title_problem, name_problem))
}

fn page(
    from: &str,
    version: u32,
    form: &Form,
    title_problem: Option<String>,
    name_problem: Option<String>,
) -> EditForm {
    let back = format!("/console/flows/{from}");
    EditForm {
        heading: "Save as another flow".to_owned(),
        crumbs: vec![("Flows".to_owned(), "/console/flows".to_owned()), (from.to_owned(), back.clone())],
        lead: Some(format!("It begins as a draft with all that version {version} holds.")),
        problems: Vec::new(),
        action: format!("/console/flows/{from}/copy"),
        hidden: vec![Hidden::new("version", version.to_string())],
        groups: vec![Group {
            title: String::new(),
            hint: None,
            fields: new::fields(form, title_problem, name_problem),
        }],
        submit: Some(("copy".to_owned(), "Save as a draft".to_owned())),
        acts: Vec::new(),
        leave_href: back,
        links: Vec::new(),
        reads_file: false,
    }
}
