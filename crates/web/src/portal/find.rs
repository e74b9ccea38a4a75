//! Finding a request by what people remember of it. Whoever calls must not let the answer show.

use habeas_core::id::Reference;
use habeas_core::request::{RequestRow, normal_email};
use habeas_store::requests::{Filter, Paging, Scope, Search};

use crate::App;
use crate::error::Result;

/// Returns the request of a reference.
pub(super) async fn by_reference(app: &App, reference: &Reference) -> Result<Option<RequestRow>> {
    let filter = Filter { search: Some(Search::Reference(reference.clone())), ..Filter::default() };
    let page = app.store.read().await?.list(&filter, Paging::default(), &Scope::Everything).await?;
    Ok(page.rows.into_iter().next())
}

/// Says whether a request was made from this e-mail address.
pub(super) fn is_from(row: &RequestRow, email: &str) -> bool {
    row.subject.as_ref().is_some_and(|card| normal_email(&card.reveal().email) == normal_email(email))
}
