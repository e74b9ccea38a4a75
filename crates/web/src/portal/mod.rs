//! What people see: one file a route.

mod ask;
mod case;
pub(crate) mod chrome;
mod entry;
mod my;
mod sent;
mod sign_out;
mod start;
mod state;
mod verify;

use axum::routing;
use habeas_render::page::Audience::{Anyone, Subject};

use crate::routes::Route;

/// The portal's routes.
pub(crate) static ROUTES: &[Route] = &[
    Route::get("/", Anyone, || routing::get(start::get)),
    Route::get("/ask/{activity}", Anyone, || routing::get(ask::get)),
    Route::post("/ask/{activity}", Anyone, || routing::post(ask::post)),
    Route::get("/sent", Anyone, || routing::get(sent::get)),
    Route::get("/verify", Anyone, || routing::get(verify::get)),
    Route::post("/verify", Anyone, || routing::post(verify::post)),
    Route::get("/my", Subject, || routing::get(my::get)),
    Route::post("/sign-out", Subject, || routing::post(sign_out::post)),
];
