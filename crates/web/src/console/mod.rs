//! What staff see: one file a route.
//!
//! The routes table says which action a route needs; what an act is allowed on a request, core decides.
//! What a reader may not see isn't there for them.

mod case;
mod chrome;
mod limit;
mod outbox;
mod outbox_mail;
mod password;
mod people;
mod requests;
mod second_factor;
mod sign_in;
mod sign_out;
mod state;
mod system;
mod tasks;
mod today;
mod told;
mod welcome;
mod words;

use axum::routing;
use habeas_core::access::Action;
use habeas_render::page::Audience::{Anyone, Staff};
use habeas_render::page::Chrome;

use crate::App;
use crate::routes::Route;

/// The purpose of the one-time token by which the first member of staff signs in.
pub const FIRST_USER: &str = "first_user";

/// The purpose of the one-time token by which somebody who was invited sets up their access.
pub(crate) const INVITATION: &str = "invitation";

/// The console's routes.
pub(crate) static ROUTES: &[Route] = &[
    Route::get("/console/first/{token}", Anyone, || routing::get(welcome::get)),
    Route::post("/console/welcome", Anyone, || routing::post(welcome::post)),
    Route::get("/console/sign-in", Anyone, || routing::get(sign_in::get)),
    Route::post("/console/sign-in", Anyone, || routing::post(sign_in::post)),
    Route::get("/console/sign-in/code", Anyone, || routing::get(sign_in::get_code)),
    Route::post("/console/sign-in/code", Anyone, || routing::post(sign_in::post_code)),
    Route::post("/console/sign-out", Staff, || routing::post(sign_out::post)),
    Route::get("/console", Staff, || routing::get(today::get)),
    Route::get("/console/requests", Staff, || routing::get(requests::list::get)).needs(Action::SeeRequests),
    Route::post("/console/requests", Staff, || routing::post(requests::list::post))
        .needs(Action::SeeRequests),
    Route::get("/console/requests/{reference}", Staff, || routing::get(requests::overview::get))
        .needs(Action::SeeRequests),
    Route::post("/console/requests/{reference}/reveal", Staff, || routing::post(requests::reveal::post))
        .needs(Action::SeeRequests),
    Route::get("/console/requests/{reference}/data", Staff, || routing::get(requests::data::get))
        .needs(Action::SeeRecords),
    Route::post("/console/requests/{reference}/data", Staff, || routing::post(requests::data::post))
        .needs(Action::SeeRecords),
    Route::post("/console/requests/{reference}/data/mark", Staff, || routing::post(requests::mark::post))
        .needs(Action::Review),
    Route::get("/console/requests/{reference}/data/approve", Staff, || routing::get(requests::approve::get))
        .needs(Action::Review),
    Route::post("/console/requests/{reference}/data/approve", Staff, || {
        routing::post(requests::approve::post)
    })
    .needs(Action::Review),
    Route::get("/console/tasks", Staff, || routing::get(tasks::list::get)).needs(Action::DoTasks),
    Route::get("/console/tasks/{task}", Staff, || routing::get(tasks::page::get)).needs(Action::DoTasks),
    Route::post("/console/tasks/{task}/take", Staff, || routing::post(tasks::take::post))
        .needs(Action::DoTasks),
    Route::post("/console/tasks/{task}/release", Staff, || routing::post(tasks::release::post))
        .needs(Action::DoTasks),
    Route::post("/console/tasks/{task}/save", Staff, || routing::post(tasks::save::post))
        .needs(Action::DoTasks),
    Route::post("/console/tasks/{task}/complete", Staff, || routing::post(tasks::complete::post))
        .needs(Action::DoTasks),
    Route::post("/console/tasks/{task}/reject", Staff, || routing::post(tasks::reject::post))
        .needs(Action::DoTasks),
    Route::post("/console/tasks/{task}/retry", Staff, || routing::post(tasks::retry::post))
        .needs(Action::RetryTask),
    Route::post("/console/tasks/{task}/excuse", Staff, || routing::post(tasks::excuse::post))
        .needs(Action::RetryTask),
    Route::post("/console/tasks/{task}/notes", Staff, || routing::post(tasks::notes::post))
        .needs(Action::Converse),
    Route::get("/console/outbox", Staff, || routing::get(outbox::get)).needs(Action::SeeOutbox),
    Route::get("/console/outbox/{mail}", Staff, || routing::get(outbox_mail::get)).needs(Action::SeeOutbox),
];

/// Returns what surrounds a page for nobody in particular: before the door, and where something went wrong.
pub(crate) fn plain_chrome(app: &App) -> Chrome {
    chrome::plain(app)
}

/// Says whether a text looks like an e-mail address.
fn is_email(text: &str) -> bool {
    let is_clean = text.len() <= 254 && !text.contains(|c: char| c.is_whitespace() || c.is_control());
    is_clean
        && text.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
        })
}
