//! One number a request, and one line a request in the log.
//!
//! The line holds the route's pattern, never the address itself: addresses, queries, cookies and bodies
//! may carry what belongs in no log. A page that says something went wrong shows the same number.

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use habeas_core::context::below;

use crate::App;

/// The number of a request, such as `4F7K-21QD`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Number(pub(crate) String);

const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Gives the request its number; the answer carries it too.
pub(crate) async fn number(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let symbol = || SYMBOLS.get(below(&*app.chance, 32) as usize).map_or('0', |byte| char::from(*byte));
    let mut text: String = (0..8).map(|_| symbol()).collect();
    text.insert(4, '-');
    let header = HeaderValue::from_str(&text);
    request.extensions_mut().insert(Number(text));
    let mut response = next.run(request).await;
    if let Ok(header) = header {
        response.headers_mut().insert("x-request-id", header);
    }
    response
}

/// Writes the line.
pub(crate) async fn note(request: Request, next: Next) -> Response {
    let method = known(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let number = request.extensions().get::<Number>().map(|number| number.0.clone()).unwrap_or_default();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("unknown", MatchedPath::as_str);
    tracing::info!(target: "habeas_web::access", method, route, status = response.status().as_u16(), number);
    response
}

/// A method is what the client says: only those we know are written down.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        _ => "other",
    }
}
