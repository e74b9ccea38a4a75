//! What stands in front of every handler: that a form comes from a page of ours, and that the route is
//! open to who asks.

use axum::body::Body;
use axum::extract::{FromRef as _, FromRequestParts, Request, State};
use axum::http::header::{self, HeaderName};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use habeas_core::access::{self, Action, Role};
use habeas_core::id::{RequestId, UserId};
use habeas_render::page::Audience;
use habeas_store::requests::{Scope, Sight};
use habeas_store::sessions;
use habeas_store::users::Profile;
use subtle::ConstantTimeEq as _;

use crate::error::{Error, Result};
use crate::form::Form;
use crate::routes::Route;
use crate::visit::Visit;
use crate::{App, Server, hosts, limit, routes};

/// No form is longer.
pub(crate) const FORM_LIMIT: usize = 64 * 1024;

/// A person signed in to their request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject {
    /// The request.
    pub(crate) id: RequestId,
}

/// A signed-in member of staff, as the account is now.
#[derive(Clone)]
pub(crate) struct Staff {
    /// The account.
    pub(crate) id: UserId,
    /// Name and address.
    pub(crate) profile: Profile,
    /// What they are.
    pub(crate) roles: Vec<Role>,
    /// What they may see.
    pub(crate) scope: Scope,
}

/// Lets a POST through that a page of ours sent: the token in the form is the one this browser was given,
/// and the browser doesn't say that another site sent it.
pub(crate) async fn check_form(State(app): State<App>, request: Request, next: Next) -> Result<Response> {
    if request.method() != Method::POST {
        return Ok(next.run(request).await);
    }
    let is_parted = routes::takes_files(&request) && is_multipart(request.headers());
    let (mut parts, body) = request.into_parts();
    let visit = parts.extensions.get::<Visit>().cloned().ok_or(Error::Broken("no visit"))?;
    if !is_own_site(&parts.headers, hosts::origin(visit.side, &app.options).as_deref()) {
        return Err(Error::StaleForm);
    }
    if is_parted {
        // The token is the first part: whoever takes the file reads it before anything else.
        return Ok(next.run(Request::from_parts(parts, body)).await);
    }
    let form = read(&parts.headers, body).await?;
    let is_own = form.text("csrf").as_bytes().ct_eq(visit.csrf(&app).as_bytes());
    if !bool::from(is_own) {
        return Err(Error::StaleForm);
    }
    parts.extensions.insert(form);
    Ok(next.run(Request::from_parts(parts, Body::empty())).await)
}

/// A form sent under `Referrer-Policy: no-referrer` has the origin `null`, so that only another site's
/// name speaks against it; where the browser tells of the site itself, that decides.
fn is_own_site(headers: &HeaderMap, own: Option<&str>) -> bool {
    let value = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    match value(HeaderName::from_static("sec-fetch-site")) {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => value(header::ORIGIN).is_none_or(|origin| origin == "null" || Some(origin) == own),
    }
}

fn is_multipart(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.to_ascii_lowercase().starts_with("multipart/form-data")
}

async fn read(headers: &HeaderMap, body: Body) -> Result<Form> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        return Err(Error::StaleForm);
    }
    let bytes = axum::body::to_bytes(body, FORM_LIMIT).await.map_err(|_| Error::TooLarge)?;
    Form::parse(&bytes)
}

/// Lets a request through to a route that is open to who asks. A stranger is sent to the sign-in, the same
/// for what exists and what doesn't; who lacks the role finds nothing.
pub(crate) async fn admit(
    State((server, route)): State<(Server, &'static Route)>,
    visit: Visit,
    mut request: Request,
    next: Next,
) -> Result<Response> {
    let app = App::from_ref(&server);
    match route.audience {
        Audience::Anyone => {}
        Audience::Subject => match subject(&visit) {
            Some(subject) => {
                request.extensions_mut().insert(subject);
            }
            None => return Ok(Redirect::to("/sign-in").into_response()),
        },
        Audience::Staff => match staff(&app, &visit).await? {
            Some(staff) => {
                let may = route.action.is_none_or(|action| access::may(&staff.roles, action));
                if !may {
                    let (user, route) = (staff.id, route.path);
                    tracing::warn!(target: "habeas_web::refused", %user, route, "not granted");
                    return Err(Error::NotFound);
                }
                request.extensions_mut().insert(staff);
            }
            None => return Ok(Redirect::to("/console/sign-in").into_response()),
        },
    }
    let response = next.run(request).await;
    if route.audience != Audience::Anyone && response.status() == StatusCode::NOT_FOUND {
        tracing::warn!(target: "habeas_web::refused", route = route.path, "nothing there for this visitor");
        app.limit_address(limit::REFUSED_ADDRESS, visit.address).await?;
    }
    Ok(response)
}

/// Returns the request a visit is signed in to.
pub(crate) fn subject(visit: &Visit) -> Option<Subject> {
    let session = visit.session.as_ref().filter(|_| visit.side == sessions::Audience::Portal)?;
    session.request_id.map(|id| Subject { id })
}

/// Returns the member of staff a visit is signed in as, read anew: what changes about an account counts at
/// once.
async fn staff(app: &App, visit: &Visit) -> Result<Option<Staff>> {
    let session = visit.session.as_ref().filter(|_| visit.side == sessions::Audience::Console);
    let Some(id) = session.and_then(|session| session.user_id) else { return Ok(None) };
    let user = app.store.read().await?.lookup_user(id).await?.filter(|user| !user.is_disabled);
    Ok(user.map(|user| {
        let roles = app.catalog.roles_of(&user.roles);
        let sight = Sight {
            user: user.id,
            entities: user.entities,
            activities: user.activities,
            sees_narrowed: access::may(&roles, Action::Narrow),
        };
        Staff { id: user.id, roles, scope: Scope::Staff(sight), profile: user.profile }
    }))
}

impl<S: Sync> FromRequestParts<S> for Subject {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        parts.extensions.get::<Self>().copied().ok_or(Error::NotFound)
    }
}

impl<S: Sync> FromRequestParts<S> for Staff {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        parts.extensions.get::<Self>().cloned().ok_or(Error::NotFound)
    }
}

#[cfg(test)]
mod tests;
