//! `GET, POST /console/flows/import`: takes a flow file in as a draft, or says line by line what is wrong with it.

use axum::extract::State;
use axum::response::Response;
use habeas_core::event::Actor;
use habeas_core::flow::Flow;
use habeas_render::page::Section;
use habeas_render::page::console::EditForm;
use habeas_render::page::part::{Field, FieldKind, Group};
use habeas_store::Error as StoreError;
use habeas_store::definitions::{NewText, Owner};

use super::super::chrome;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// No more mistakes are told at once.
const MOST_SAID: usize = 50;

pub(in crate::console) async fn get(State(app): State<App>, visit: Visit, staff: Staff) -> Result<Response> {
    let mut read = app.store.read().await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Flows, &mut read).await?;
    respond::page(&chrome, &page("", Vec::new()))
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    form: Form,
) -> Result<Response> {
    let text = form.text("text");
    let problems = match Flow::parse_draft("line", text) {
        Err(problems) => problems.iter().take(MOST_SAID).map(ToString::to_string).collect(),
        Ok(flow) => match keep(&app, &staff, &flow).await {
            Ok(()) => {
                return Ok(respond::see(&format!("/console/flows/{}/edit?told=imported", flow.name)));
            }
            Err(Error::Store(StoreError::Conflict)) => {
                vec![format!("{} has a draft already: publish or delete it first", flow.name)]
            }
            Err(error) => return Err(error),
        },
    };
    let mut read = app.store.read().await?;
    let chrome = chrome::of(&app, &visit, &staff, Section::Flows, &mut read).await?;
    respond::page_again(&chrome, &page(text, problems))
}

async fn keep(app: &App, staff: &Staff, flow: &Flow) -> Result<()> {
    let text = flow.to_yaml();
    let actor = Actor::Staff(staff.id);
    let new = NewText { kind: super::KIND, name: &flow.name, text: &text, owner: Owner::Console, actor };
    let mut tx = app.store.begin().await?;
    if super::is_of_git(&tx.list_versions(super::KIND, &flow.name).await?) {
        return Err(Error::NotFound);
    }
    tx.begin_draft(new).await?;
    tx.commit().await?;
    Ok(())
}

fn page(text: &str, problems: Vec<String>) -> EditForm {
    EditForm {
        heading: "Import a flow".to_owned(),
        crumbs: vec![("Flows".to_owned(), "/console/flows".to_owned())],
        lead: Some(
            "A file as it is exported here, or as it stands in git. It becomes a draft: of a new flow, or the next \
             version of the one it names."
                .to_owned(),
        ),
        problems,
        action: "/console/flows/import".to_owned(),
        hidden: Vec::new(),
        groups: vec![Group {
            title: String::new(),
            hint: None,
            fields: vec![
                Field::new(FieldKind::LongText, "text", "Text of the flow")
                    .hint("YAML, at most 60 kilobytes.")
                    .value(text),
            ],
        }],
        submit: Some(("import".to_owned(), "Take it in as a draft".to_owned())),
        acts: Vec::new(),
        leave_href: "/console/flows".to_owned(),
        links: Vec::new(),
        reads_file: true,
    }
}
