//! Which side an address belongs to, and the parting of the two where they have hosts of their own.

use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use habeas_store::sessions::Audience;
use url::Url;

use crate::{App, Error, Options};

/// Returns the side a path belongs to.
pub(crate) fn side(path: &str) -> Audience {
    match path.strip_prefix("/console") {
        Some("") => Audience::Console,
        Some(rest) if rest.starts_with('/') => Audience::Console,
        Some(_) | None => Audience::Portal,
    }
}

/// Returns host and port as a `Host` header has them.
fn authority(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// Returns the origin (scheme, host, port) a side is served from.
pub(crate) fn origin(side: Audience, options: &Options) -> Option<String> {
    let url = match side {
        Audience::Portal => &options.portal_url,
        Audience::Console => &options.console_url,
    };
    Url::parse(url).ok().map(|url| url.origin().ascii_serialization())
}

/// Where portal and console have hosts of their own, neither answers for the other.
pub(crate) async fn part(State(app): State<App>, request: Request, next: Next) -> Response {
    let console = authority(&app.options.console_url);
    if console == authority(&app.options.portal_url) {
        return next.run(request).await;
    }
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let is_console_host = host.is_some() && host == console.as_deref();
    match (is_console_host, side(request.uri().path())) {
        (true, Audience::Console) | (false, Audience::Portal) => next.run(request).await,
        (true, Audience::Portal) if request.uri().path() == "/" => Redirect::to("/console").into_response(),
        (true, Audience::Portal) | (false, Audience::Console) => Error::NotFound.into_response(),
    }
}

#[cfg(test)]
mod tests {
    //! Only the console's own paths are the console's.
    use super::*;

    #[test]
    fn paths_have_a_side() {
        for (path, expected) in [
            ("/", Audience::Portal),
            ("/console", Audience::Console),
            ("/console/requests", Audience::Console),
            ("/consoles", Audience::Portal),
            ("/my", Audience::Portal),
        ] {
            assert_eq!(side(path), expected, "{path}");
        }
    }
}
