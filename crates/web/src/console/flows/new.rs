//! `GET, POST /console/flows/new`: begins a flow with a name and nothing in it.

use axum::extract::State;
use axum::response::Response;
use habeas_core::event::Actor;
use habeas_core::flow::{self, Flow};
use habeas_render::page::Section;
use habeas_render::page::console::EditForm;
use habeas_render::page::part::{Field, FieldKind, Group};
use habeas_store::definitions::{NewText, Owner};

use super::super::{chrome, user_new};
use crate::error::Result;
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

pub(in crate::console) async fn get(State(app): State<App>, visit: Visit, staff: Staff) -> Result<Response> {
    let mut read = app.store.read().await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Flows, &mut read).await?;
    respond::page(&chrome, &page(&Form::default(), None, None))
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    form: Form,
) -> Result<Response> {
    let title = form.text("title");
    let name = match form.text("name") {
        "" => flow::slug(title, "flow"),
        given => given.to_owned(),
    };
    let title_problem = user_new::name_problem(title);
    let mut tx = app.store.begin().await?;
    let name_problem = super::name_problem(&mut tx, &name).await?;
    if title_problem.is_none() && name_problem.is_none() {
        let flow = Flow {
            name: name.clone(),
            title: title.to_owned(),
            description: form.text("description").chars().take(2_000).collect(),
            stages: Vec::new(),
        };
        let text = flow.to_yaml();
        let actor = Actor::Staff(staff.id);
        let new = NewText { kind: super::KIND, name: &name, text: &text, owner: Owner::Console, actor };
        tx.begin_draft(new).await?;
        tx.commit().await?;
        return Ok(respond::see(&format!("/console/flows/{name}/edit?add=stage#panel")));
    }
    drop(tx);
    let mut read = app.store.read().await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Flows, &mut read).await?;
    respond::page_again(&chrome, &page(&form, title_problem, name_problem))
}

fn page(form: &Form, title_problem: Option<String>, name_problem: Option<String>) -> EditForm {
    EditForm {
        heading: "A new flow".to_owned(),
        crumbs: vec![("Flows".to_owned(), "/console/flows".to_owned())],
        lead: Some("It begins as a draft that nothing uses. Stages and tasks come next.".to_owned()),
        problems: Vec::new(),
        action: "/console/flows/new".to_owned(),
        hidden: Vec::new(),
        groups: vec![Group {
            title: String::new(),
            hint: None,
            fields: fields(form, title_problem, name_problem),
        }],
        submit: Some(("create".to_owned(), "Begin the draft".to_owned())),
        acts: Vec::new(),
        leave_href: "/console/flows".to_owned(),
        links: Vec::new(),
        reads_file: false,
    }
}

/// Returns the fields that name a flow.
pub(super) fn fields(form: &Form, title_problem: Option<String>, name_problem: Option<String>) -> Vec<Field> {
    vec![
        Field::new(FieldKind::Text, "title", "What people call it")
            .autocomplete("off")
            .max_length(100)
            .value(form.text("title"))
            .error(title_problem),
        Field::new(FieldKind::Text, "name", "Name in files and addresses")
            .hint("Small letters, digits, '_' and '-'. Left empty, it is made from the name above. It stays.")
            .optional()
            .autocomplete("off")
            .max_length(64)
            .value(form.text("name"))
            .error(name_problem),
        Field::new(FieldKind::LongText, "description", "What it is for")
            .optional()
            .max_length(2_000)
            .value(form.text("description")),
    ]
}
