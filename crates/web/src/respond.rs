//! Answers: pages, redirects after a form, redirects that also change the cookie.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use habeas_render::page::{self, Chrome, Page};

use crate::error::{Error, Result};

/// Returns a page.
pub(crate) fn page<P: Page>(chrome: &Chrome, content: &P) -> Result<Response> {
    page_with(StatusCode::OK, chrome, content)
}

/// Returns a page whose form has to be corrected.
pub(crate) fn page_again<P: Page>(chrome: &Chrome, content: &P) -> Result<Response> {
    page_with(StatusCode::UNPROCESSABLE_ENTITY, chrome, content)
}

/// Returns a page with a status.
pub(crate) fn page_with<P: Page>(status: StatusCode, chrome: &Chrome, content: &P) -> Result<Response> {
    Ok((status, Html(page::document(chrome, content)?)).into_response())
}

/// Returns a file to keep; it never renders in our origin.
pub(crate) fn file(name: &str, kind: &'static str, content: Vec<u8>) -> Result<Response> {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .map_err(|_| Error::Broken("a file name"))?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, disposition),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; sandbox; frame-ancestors 'none'"),
        ),
    ];
    Ok((headers, content).into_response())
}

/// Sends the browser on after a form, so that reloading doesn't send it again.
pub(crate) fn see(path: &str) -> Response {
    Redirect::to(path).into_response()
}

/// Sends the browser on with new cookies.
pub(crate) fn see_with(path: &str, cookies: impl IntoIterator<Item = HeaderValue>) -> Response {
    let mut response = see(path);
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
