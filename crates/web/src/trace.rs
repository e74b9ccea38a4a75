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

/// Gives the request its number, which the answer carries too, and writes the line once it is answered.
pub(crate) async fn note(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let symbol = || SYMBOLS.get(below(&*app.chance, 32) as usize).map_or('0', |byte| char::from(*byte));
    let mut number: String = (0..8).map(|_| symbol()).collect();
    number.insert(4, '-');
    let method = known(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    request.extensions_mut().insert(Number(number.clone()));
    let start = app.now();
    let mut response = next.run(request).await;
    let took_ms = i64::try_from(app.now().duration_since(start).as_millis()).unwrap_or(i64::MAX);
    if let Ok(header) = HeaderValue::from_str(&number) {
        response.headers_mut().insert("x-request-id", header);
    }
    let route = route.as_ref().map_or("unknown", MatchedPath::as_str);
    let status = response.status().as_u16();
    tracing::info!(target: "habeas_web::access", method, route, status, took_ms, number);
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
