//! What staff see: one file a route.
//!
//! The routes table says which action a route needs; what an act is allowed on a request, core decides.
//! What a reader may not see isn't there for them.

mod activities;
mod asked;
mod assignment;
mod case;
mod checklist;
mod chrome;
mod definition;
mod definitions;
mod door;
mod feed;
mod find;
mod flows;
mod health;
mod holds;
mod laws;
mod limit;
mod list;
mod lists;
mod log;
mod outbox;
mod outbox_mail;
mod password;
mod people;
mod reports;
mod requests;
mod role;
mod roles;
mod second_factor;
mod sign_in;
mod sign_out;
mod snippets;
mod source;
mod source_test;
mod sources;
mod state;
mod system;
mod tasks;
mod today;
mod told;
mod user;
mod user_new;
mod users;
mod views;
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
    Route::post("/console/requests/bulk", Staff, || routing::post(requests::bulk::post))
        .needs(Action::SeeRequests),
    Route::get("/console/requests/{reference}", Staff, || routing::get(requests::overview::get))
        .needs(Action::SeeRequests),
    Route::post("/console/requests/{reference}/reveal", Staff, || routing::post(requests::reveal::post))
        .needs(Action::SeeRequests),
    Route::get("/console/requests/{reference}/reopen", Staff, || routing::get(requests::reopen::get))
        .needs(Action::Reshape),
    Route::post("/console/requests/{reference}/reopen", Staff, || routing::post(requests::reopen::post))
        .needs(Action::Reshape),
    Route::get("/console/requests/{reference}/reclassify", Staff, || routing::get(requests::reclassify::get))
        .needs(Action::Reshape),
    Route::post("/console/requests/{reference}/reclassify", Staff, || {
        routing::post(requests::reclassify::post)
    })
    .needs(Action::Reshape),
    Route::get("/console/requests/{reference}/split", Staff, || routing::get(requests::split::get))
        .needs(Action::Reshape),
    Route::post("/console/requests/{reference}/split", Staff, || routing::post(requests::split::post))
        .needs(Action::Reshape),
    Route::get("/console/requests/{reference}/merge", Staff, || routing::get(requests::merge::get))
        .needs(Action::Reshape),
    Route::post("/console/requests/{reference}/merge", Staff, || routing::post(requests::merge::post))
        .needs(Action::Reshape),
    Route::get("/console/requests/{reference}/unmerge", Staff, || routing::get(requests::unmerge::get))
        .needs(Action::Reshape),
    Route::post("/console/requests/{reference}/unmerge", Staff, || routing::post(requests::unmerge::post))
        .needs(Action::Reshape),
    Route::get("/console/requests/{reference}/spam", Staff, || routing::get(requests::spam::get))
        .needs(Action::MarkSpam),
    Route::post("/console/requests/{reference}/spam", Staff, || routing::post(requests::spam::post))
        .needs(Action::MarkSpam),
    Route::get("/console/requests/{reference}/correction", Staff, || routing::get(requests::correction::get))
        .needs(Action::SeeRequests),
    Route::get("/console/requests/{reference}/recipients", Staff, || routing::get(requests::recipients::get))
        .needs(Action::SeeRequests),
    Route::post("/console/requests/{reference}/recipients", Staff, || {
        routing::post(requests::recipients::post)
    })
    .needs(Action::DoTasks),
    Route::get("/console/requests/{reference}/recipients/{number}", Staff, || {
        routing::get(requests::recipients::letter)
    })
    .needs(Action::SeeSubjects),
    Route::get("/console/requests/{reference}/hours", Staff, || routing::get(requests::hours::get))
        .needs(Action::SeeRequests),
    Route::post("/console/requests/{reference}/hours", Staff, || routing::post(requests::hours::post))
        .needs(Action::LogTime),
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
    Route::get("/console/requests/{reference}/tasks", Staff, || routing::get(requests::tasks::get))
        .needs(Action::SeeRequests),
    Route::get("/console/requests/{reference}/messages", Staff, || routing::get(requests::messages::get))
        .needs(Action::SeeRequests),
    Route::get("/console/requests/{reference}/decisions", Staff, || routing::get(requests::decisions::get))
        .needs(Action::SeeRequests),
    Route::get("/console/requests/{reference}/documents", Staff, || routing::get(requests::documents::get))
        .needs(Action::SeeRequests),
    Route::get("/console/requests/{reference}/log", Staff, || routing::get(requests::log::get))
        .needs(Action::SeeRequests),
    Route::post("/console/requests/{reference}/messages", Staff, || routing::post(requests::messages::post))
        .needs(Action::Converse),
    Route::post("/console/requests/{reference}/notes", Staff, || routing::post(requests::notes::post))
        .needs(Action::Converse),
    Route::get("/console/requests/{reference}/assign", Staff, || routing::get(requests::assign::get))
        .needs(Action::SeeRequests),
    Route::post("/console/requests/{reference}/assign", Staff, || routing::post(requests::assign::post))
        .needs(Action::SeeRequests),
    Route::get("/console/requests/{reference}/ask", Staff, || routing::get(requests::ask::get))
        .needs(Action::Converse),
    Route::post("/console/requests/{reference}/ask", Staff, || routing::post(requests::ask::post))
        .needs(Action::Converse),
    Route::post("/console/requests/{reference}/answer", Staff, || routing::post(requests::ask::answer))
        .needs(Action::Converse),
    Route::get("/console/requests/{reference}/extend", Staff, || routing::get(requests::extend::get))
        .needs(Action::Extend),
    Route::post("/console/requests/{reference}/extend", Staff, || routing::post(requests::extend::post))
        .needs(Action::Extend),
    Route::get("/console/requests/{reference}/refuse", Staff, || routing::get(requests::refuse::get))
        .needs(Action::Refuse),
    Route::post("/console/requests/{reference}/refuse", Staff, || routing::post(requests::refuse::post))
        .needs(Action::Refuse),
    Route::get("/console/requests/{reference}/close", Staff, || routing::get(requests::close::get))
        .needs(Action::Refuse),
    Route::post("/console/requests/{reference}/close", Staff, || routing::post(requests::close::post))
        .needs(Action::Refuse),
    Route::get("/console/reports", Staff, || routing::get(reports::show::get_index))
        .needs(Action::SeeReports),
    Route::get("/console/reports/plans", Staff, || routing::get(reports::plans::get))
        .needs(Action::SeeReports),
    Route::post("/console/reports/plans", Staff, || routing::post(reports::plans::post))
        .needs(Action::SeeReports),
    Route::post("/console/reports/plans/{plan}/drop", Staff, || routing::post(reports::plans::post_drop))
        .needs(Action::SeeReports),
    Route::get("/console/reports/{report}/{period}", Staff, || routing::get(reports::show::get))
        .needs(Action::SeeReports),
    Route::post("/console/reports/{report}/{period}/export", Staff, || routing::post(reports::export::post))
        .needs(Action::SeeReports),
    Route::post("/console/requests/export", Staff, || routing::post(requests::export::post))
        .needs(Action::SeeRequests),
    Route::post("/console/tasks/export", Staff, || routing::post(tasks::export::post)).needs(Action::DoTasks),
    Route::post("/console/views", Staff, || routing::post(views::post)),
    Route::post("/console/views/{view}/forget", Staff, || routing::post(views::post_forget)),
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
    Route::get("/console/asked/{ask}", Staff, || routing::get(asked::page::get)).needs(Action::DoTasks),
    Route::post("/console/asked/{ask}", Staff, || routing::post(asked::act::post)).needs(Action::DoTasks),
    Route::post("/console/asked/{ask}/files", Staff, || routing::post(asked::add::post))
        .needs(Action::DoTasks)
        .takes_files(),
    Route::get("/console/asked/{ask}/files/{file}", Staff, || routing::get(asked::file::get))
        .needs(Action::DoTasks),
    Route::get("/console/sources", Staff, || routing::get(sources::get)).needs(Action::SeeSources),
    Route::get("/console/sources/{source}", Staff, || routing::get(source::get)).needs(Action::SeeSources),
    Route::post("/console/sources/{source}/test", Staff, || routing::post(source_test::post))
        .needs(Action::RetryTask),
    Route::get("/console/outbox", Staff, || routing::get(outbox::get)).needs(Action::SeeOutbox),
    Route::get("/console/outbox/{mail}", Staff, || routing::get(outbox_mail::get)).needs(Action::SeeOutbox),
    Route::get("/console/holds", Staff, || routing::get(holds::list::get)).needs(Action::SeeHolds),
    Route::get("/console/holds/new", Staff, || routing::get(holds::new::get)).needs(Action::ManageHolds),
    Route::post("/console/holds/new", Staff, || routing::post(holds::new::post)).needs(Action::ManageHolds),
    Route::get("/console/holds/{hold}", Staff, || routing::get(holds::hold::get)).needs(Action::SeeHolds),
    Route::post("/console/holds/{hold}", Staff, || routing::post(holds::hold::post))
        .needs(Action::ManageHolds),
    Route::get("/console/snippets", Staff, || routing::get(snippets::list::get))
        .needs(Action::ManageSnippets),
    Route::get("/console/snippets/new", Staff, || routing::get(snippets::snippet::get_new))
        .needs(Action::ManageSnippets),
    Route::post("/console/snippets/new", Staff, || routing::post(snippets::snippet::post_new))
        .needs(Action::ManageSnippets),
    Route::get("/console/snippets/{snippet}", Staff, || routing::get(snippets::snippet::get))
        .needs(Action::ManageSnippets),
    Route::post("/console/snippets/{snippet}", Staff, || routing::post(snippets::snippet::post))
        .needs(Action::ManageSnippets),
    Route::get("/console/feed", Staff, || routing::get(feed::get)).needs(Action::SeeRequests),
    Route::post("/console/feed", Staff, || routing::post(feed::post)).needs(Action::SeeRequests),
    Route::get("/console/feed/{token}", Anyone, || routing::get(feed::calendar)),
    Route::get("/console/log", Staff, || routing::get(log::get)).needs(Action::SeeLog),
    Route::get("/console/requests/{reference}/narrow", Staff, || routing::get(requests::narrow::get))
        .needs(Action::Narrow),
    Route::post("/console/requests/{reference}/narrow", Staff, || routing::post(requests::narrow::post))
        .needs(Action::Narrow),
    Route::get("/console/tasks/{task}/hand-over", Staff, || routing::get(tasks::hand_over::get))
        .needs(Action::Assign),
    Route::post("/console/tasks/{task}/hand-over", Staff, || routing::post(tasks::hand_over::post))
        .needs(Action::Assign),
    Route::get("/console/lists", Staff, || routing::get(lists::get)).needs(Action::ManageLists),
    Route::get("/console/lists/new", Staff, || routing::get(list::get_new)).needs(Action::ManageLists),
    Route::post("/console/lists/new", Staff, || routing::post(list::post_new)).needs(Action::ManageLists),
    Route::get("/console/lists/{list}", Staff, || routing::get(list::get)).needs(Action::ManageLists),
    Route::post("/console/lists/{list}", Staff, || routing::post(list::post)).needs(Action::ManageLists),
    Route::get("/console/assignment", Staff, || routing::get(assignment::get)).needs(Action::ManageLists),
    Route::post("/console/assignment", Staff, || routing::post(assignment::post)).needs(Action::ManageLists),
    Route::get("/console/find", Staff, || routing::get(find::get)).needs(Action::FileRequests),
    Route::post("/console/find", Staff, || routing::post(find::post)).needs(Action::FileRequests),
    Route::get("/console/find/{search}", Staff, || routing::get(find::get_found)).needs(Action::FileRequests),
    Route::get("/console/requests/new", Staff, || routing::get(requests::new::get))
        .needs(Action::FileRequests),
    Route::post("/console/requests/new", Staff, || routing::post(requests::new::post))
        .needs(Action::FileRequests),
    Route::get("/console/roles", Staff, || routing::get(roles::get)).needs(Action::ManageUsers),
    Route::get("/console/roles/new", Staff, || routing::get(role::get_new)).needs(Action::ManageUsers),
    Route::post("/console/roles/new", Staff, || routing::post(role::post_new)).needs(Action::ManageUsers),
    Route::get("/console/roles/{role}", Staff, || routing::get(role::get)).needs(Action::ManageUsers),
    Route::post("/console/roles/{role}", Staff, || routing::post(role::post)).needs(Action::ManageUsers),
    Route::get("/console/users", Staff, || routing::get(users::get)).needs(Action::ManageUsers),
    Route::get("/console/users/new", Staff, || routing::get(user_new::get)).needs(Action::ManageUsers),
    Route::post("/console/users/new", Staff, || routing::post(user_new::post)).needs(Action::ManageUsers),
    Route::get("/console/users/{user}", Staff, || routing::get(user::get)).needs(Action::ManageUsers),
    Route::post("/console/users/{user}", Staff, || routing::post(user::post)).needs(Action::ManageUsers),
    Route::get("/console/flows", Staff, || routing::get(flows::list::get)).needs(Action::SeeDefinitions),
    Route::get("/console/flows/new", Staff, || routing::get(flows::new::get)).needs(Action::EditDefinitions),
    Route::post("/console/flows/new", Staff, || routing::post(flows::new::post))
        .needs(Action::EditDefinitions),
    Route::get("/console/flows/import", Staff, || routing::get(flows::import::get))
        .needs(Action::EditDefinitions),
    Route::post("/console/flows/import", Staff, || routing::post(flows::import::post))
        .needs(Action::EditDefinitions),
    Route::get("/console/flows/{flow}", Staff, || routing::get(flows::version::get))
        .needs(Action::SeeDefinitions),
    Route::post("/console/flows/{flow}", Staff, || routing::post(flows::version::post))
        .needs(Action::EditDefinitions),
    Route::get("/console/flows/{flow}/copy", Staff, || routing::get(flows::copy::get))
        .needs(Action::EditDefinitions),
    Route::post("/console/flows/{flow}/copy", Staff, || routing::post(flows::copy::post))
        .needs(Action::EditDefinitions),
    Route::get("/console/flows/{flow}/edit", Staff, || routing::get(flows::edit::get))
        .needs(Action::EditDefinitions),
    Route::post("/console/flows/{flow}/edit", Staff, || routing::post(flows::edit::post))
        .needs(Action::EditDefinitions),
    Route::get("/console/flows/{flow}/try", Staff, || routing::get(flows::trial::get))
        .needs(Action::SeeDefinitions),
    Route::post("/console/flows/{flow}/try", Staff, || routing::post(flows::trial::post))
        .needs(Action::SeeDefinitions),
    Route::get("/console/flows/{flow}/publish", Staff, || routing::get(flows::publish::get))
        .needs(Action::PublishDefinitions),
    Route::post("/console/flows/{flow}/publish", Staff, || routing::post(flows::publish::post))
        .needs(Action::PublishDefinitions),
    Route::get("/console/flows/{flow}/compare", Staff, || routing::get(flows::compare::get))
        .needs(Action::SeeDefinitions),
    Route::get("/console/flows/{flow}/file", Staff, || routing::get(flows::file::get))
        .needs(Action::SeeDefinitions),
    Route::get("/console/activities", Staff, || routing::get(activities::list::get))
        .needs(Action::SeeDefinitions),
    Route::get("/console/activities/new", Staff, || routing::get(activities::activity::get_new))
        .needs(Action::PublishDefinitions),
    Route::post("/console/activities/new", Staff, || routing::post(activities::activity::post_new))
        .needs(Action::PublishDefinitions),
    Route::get("/console/activities/{activity}", Staff, || routing::get(activities::activity::get))
        .needs(Action::SeeDefinitions),
    Route::post("/console/activities/{activity}", Staff, || routing::post(activities::activity::post))
        .needs(Action::PublishDefinitions),
    Route::get("/console/activities/{activity}/form", Staff, || routing::get(activities::form::get))
        .needs(Action::SeeDefinitions),
    Route::get("/console/regulations/new", Staff, || routing::get(activities::regulation::get_new))
        .needs(Action::PublishDefinitions),
    Route::post("/console/regulations/new", Staff, || routing::post(activities::regulation::post_new))
        .needs(Action::PublishDefinitions),
    Route::get("/console/regulations/{regulation}", Staff, || routing::get(activities::regulation::get))
        .needs(Action::SeeDefinitions),
    Route::post("/console/regulations/{regulation}", Staff, || routing::post(activities::regulation::post))
        .needs(Action::PublishDefinitions),
    Route::get("/console/laws", Staff, || routing::get(laws::list::get)).needs(Action::SeeDefinitions),
    Route::get("/console/laws/new", Staff, || routing::get(laws::own::get_new))
        .needs(Action::EditDefinitions),
    Route::post("/console/laws/new", Staff, || routing::post(laws::own::post_new))
        .needs(Action::EditDefinitions),
    Route::get("/console/laws/{law}/edit", Staff, || routing::get(laws::own::get))
        .needs(Action::EditDefinitions),
    Route::post("/console/laws/{law}/edit", Staff, || routing::post(laws::own::post))
        .needs(Action::EditDefinitions),
    Route::get("/console/laws/{law}", Staff, || routing::get(laws::law::get)).needs(Action::SeeDefinitions),
    Route::get("/console/calendars/{calendar}", Staff, || routing::get(laws::calendar::get))
        .needs(Action::SeeDefinitions),
    Route::get("/console/definitions", Staff, || routing::get(definitions::list::get))
        .needs(Action::SeeDefinitions),
    Route::get("/console/definitions/{kind}/{name}", Staff, || routing::get(definitions::definition::get))
        .needs(Action::SeeDefinitions),
    Route::get("/console/checklist", Staff, || routing::get(checklist::get)).needs(Action::ManageUsers),
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
