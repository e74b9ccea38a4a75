//! `GET /console/flows/{flow}/file`: a version as a file of the form that stands in git.

use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};

use super::copy::Which;
use crate::App;
use crate::error::{Error, Result};
use crate::guard::Staff;

pub(in crate::console) async fn get(
    State(app): State<App>,
    _: Staff,
    Path(name): Path<String>,
    Query(which): Query<Which>,
) -> Result<Response> {
    let mut read = app.store.read().await?;
    let versions = super::versions(&mut read, &name).await?;
    let wanted = |version: u32| which.version.is_none_or(|wanted| wanted == version);
    let found = versions.into_iter().find(|found| wanted(found.version)).ok_or(Error::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, "application/yaml; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.yml\"", found.name)),
    ];
    Ok((headers, found.text).into_response())
}
