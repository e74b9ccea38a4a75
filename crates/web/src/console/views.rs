//! `POST /console/views`, `POST /console/views/{view}/forget`: keeps and forgets views of lists.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_render::page::console::{ViewLink, Views};
use habeas_store::Read;
use habeas_store::views::{NAME_LIMIT, NewView};

use super::{requests, tasks};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::{App, respond};

/// A list that can be kept narrowed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Requests,
    Tasks,
}

impl List {
    fn parse(text: &str, staff: &Staff) -> Result<Self> {
        let (list, action) = match text {
            "requests" => (Self::Requests, Action::SeeRequests),
            "tasks" => (Self::Tasks, Action::DoTasks),
            _ => return Err(Error::NotFound),
        };
        if access::may(&staff.roles, action) { Ok(list) } else { Err(Error::NotFound) }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Tasks => "tasks",
        }
    }

    /// Returns a query with the words that the list knows and no others.
    fn clean(self, query: &str) -> String {
        match self {
            Self::Requests => requests::narrowed::Narrowed::parse(query).query(),
            Self::Tasks => tasks::narrowed::Narrowed::parse(query).query(),
        }
    }

    fn href(self, query: &str) -> String {
        format!("/console/{}?{query}", self.name())
    }
}

/// Returns the views of a list that the reader sees.
pub(super) async fn of(read: &mut Read, staff: &Staff, list: List, query: &str) -> Result<Views> {
    let kept = read.list_views(list.name(), staff.id).await?;
    let link = |view: habeas_store::views::View| ViewLink {
        id: view.id.to_string(),
        href: list.href(&view.query),
        is_current: view.query == query,
        is_own: view.user == staff.id,
        is_shared: view.is_shared,
        name: view.name,
    };
    let views = kept.into_iter().map(link).collect();
    Ok(Views { list: list.name().to_owned(), query: query.to_owned(), views })
}

pub(super) async fn post(State(app): State<App>, staff: Staff, form: Form) -> Result<Response> {
    let list = List::parse(form.text("list"), &staff)?;
    let query = list.clean(form.text("query"));
    let name: String = form.text("name").chars().take(NAME_LIMIT).collect();
    let is_shared = form.text("shared") == "yes";
    let told = if name.is_empty() {
        None
    } else {
        let new = NewView { list: list.name(), user: staff.id, name: &name, query: &query, is_shared };
        let mut tx = app.store.begin().await?;
        let is_kept = tx.save_view(&new).await?;
        tx.commit().await?;
        Some(if is_kept { "view_kept" } else { "view_full" })
    };
    let told = told.map(|told| format!("&told={told}")).unwrap_or_default();
    Ok(respond::see(&format!("{}{told}", list.href(&query))))
}

pub(super) async fn post_forget(
    State(app): State<App>,
    staff: Staff,
    Path(view): Path<String>,
    form: Form,
) -> Result<Response> {
    let list = List::parse(form.text("list"), &staff)?;
    let view = view.parse().map_err(|_| Error::NotFound)?;
    let mut tx = app.store.begin().await?;
    if !tx.forget_view(view, staff.id).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    Ok(respond::see(&list.href("told=view_forgotten")))
}
