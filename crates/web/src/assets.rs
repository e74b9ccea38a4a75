//! Styles and scripts under names that carry their hash: cached for ever.

use axum::Router;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use habeas_render::asset;

use crate::Server;

pub(crate) fn router() -> Router<Server> {
    Router::new().route("/assets/{name}", get(serve))
}

async fn serve(uri: Uri) -> Response {
    let Some(asset) = asset::lookup(uri.path()) else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [
        (header::CONTENT_TYPE, asset.content_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::ETAG, asset.etag),
    ];
    (headers, asset.bytes).into_response()
}
