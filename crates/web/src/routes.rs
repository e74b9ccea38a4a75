//! The one table of routes: method, path, audience, action.
//!
//! The server serves exactly these (and assets and health), the guard admits by them, and a test walks
//! them with every role, another person and a stranger. Each side lists its own in its `mod` file.

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::MethodRouter;
use habeas_core::access::Action;
use habeas_render::page::Audience;

use crate::{Server, console, guard, portal, upload};

/// One route.
pub struct Route {
    /// GET (which answers HEAD too) or POST.
    pub method: Method,
    /// The path; `{x}` stands for one segment.
    pub path: &'static str,
    /// Who it is for.
    pub audience: Audience,
    /// The action one of the visitor's roles must grant; none for people, and for what all staff may do.
    pub action: Option<Action>,
    /// Whether its form brings a file: longer than others, and sent in parts.
    pub takes_files: bool,
    service: fn() -> MethodRouter<Server>,
}

impl Route {
    /// Lists a page.
    pub(crate) const fn get(
        path: &'static str,
        audience: Audience,
        service: fn() -> MethodRouter<Server>,
    ) -> Self {
        Self { method: Method::GET, path, audience, action: None, takes_files: false, service }
    }

    /// Lists an act.
    pub(crate) const fn post(
        path: &'static str,
        audience: Audience,
        service: fn() -> MethodRouter<Server>,
    ) -> Self {
        Self { method: Method::POST, path, audience, action: None, takes_files: false, service }
    }

    /// Takes a file, in a form of several parts whose first is the token.
    pub(crate) const fn takes_files(mut self) -> Self {
        self.takes_files = true;
        self
    }

    /// Demands a role that grants the action.
    pub(crate) const fn needs(mut self, action: Action) -> Self {
        self.action = Some(action);
        self
    }
}

/// Returns every route of portal and console.
pub fn all() -> impl Iterator<Item = &'static Route> {
    portal::ROUTES.iter().chain(console::ROUTES)
}

/// Says whether a call goes to a route that takes a file.
pub(crate) fn takes_files(request: &Request) -> bool {
    let Some(path) = request.extensions().get::<MatchedPath>() else { return false };
    all().any(|route| route.takes_files && route.method == *request.method() && route.path == path.as_str())
}

pub(crate) fn router(server: &Server) -> Router<Server> {
    all().fold(Router::new(), |router, route| {
        let guard = from_fn_with_state((server.clone(), route), guard::admit);
        let limit = if route.takes_files { upload::BODY_LIMIT } else { guard::FORM_LIMIT };
        let service = (route.service)().route_layer(guard).layer(DefaultBodyLimit::max(limit));
        router.route(route.path, service)
    })
}
