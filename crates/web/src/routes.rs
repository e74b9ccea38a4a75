//! The one table of routes: method, path, audience, action.
//!
//! The server serves exactly these (and assets and health), the guard admits by them, and a test walks
//! them with every role, another person and a stranger. Each side lists its own in its `mod` file.

use axum::Router;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::MethodRouter;
use habeas_core::access::Action;
use habeas_render::page::Audience;

use crate::{Server, console, guard, portal};

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
    service: fn() -> MethodRouter<Server>,
}

impl Route {
    /// Lists a page.
    pub(crate) const fn get(
        path: &'static str,
        audience: Audience,
        service: fn() -> MethodRouter<Server>,
    ) -> Self {
        Self { method: Method::GET, path, audience, action: None, service }
    }

    /// Lists an act.
    pub(crate) const fn post(
        path: &'static str,
        audience: Audience,
        service: fn() -> MethodRouter<Server>,
    ) -> Self {
        Self { method: Method::POST, path, audience, action: None, service }
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

pub(crate) fn router(server: &Server) -> Router<Server> {
    all().fold(Router::new(), |router, route| {
        let guard = from_fn_with_state((server.clone(), route), guard::admit);
        router.route(route.path, (route.service)().route_layer(guard))
    })
}
