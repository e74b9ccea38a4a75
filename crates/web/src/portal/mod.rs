//! What people see: one file a route.

mod answer;
mod ask;
mod case;
pub(crate) mod chrome;
mod complain;
mod done;
mod entered;
pub(crate) mod entry;
mod find;
mod found;
mod messages;
mod my;
mod receipt;
mod reply;
mod reply_part;
mod sent;
mod sign_in;
mod sign_out;
mod start;
mod state;
mod suspect;
mod verify;
mod withdraw;

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
    Route::post("/verify/resend", Anyone, || routing::post(verify::resend)),
    Route::get("/sign-in", Anyone, || routing::get(sign_in::get)),
    Route::post("/sign-in", Anyone, || routing::post(sign_in::post)),
    Route::get("/sign-in/code", Anyone, || routing::get(sign_in::get_code)),
    Route::post("/sign-in/code", Anyone, || routing::post(sign_in::post_code)),
    Route::post("/sign-in/resend", Anyone, || routing::post(sign_in::resend)),
    Route::post("/sign-out", Subject, || routing::post(sign_out::post)),
    Route::get("/my", Subject, || routing::get(my::get)),
    Route::post("/my/messages", Subject, || routing::post(messages::post)),
    Route::get("/my/receipt", Subject, || routing::get(receipt::get)),
    Route::get("/my/answer", Subject, || routing::get(answer::get)),
    Route::post("/my/answer", Subject, || routing::post(answer::post)),
    Route::get("/my/withdraw", Subject, || routing::get(withdraw::get)),
    Route::post("/my/withdraw", Subject, || routing::post(withdraw::post)),
    Route::get("/my/complain", Subject, || routing::get(complain::get)),
    Route::post("/my/complain", Subject, || routing::post(complain::post)),
    Route::get("/my/reply", Subject, || routing::get(reply::get)),
    Route::post("/my/reply/password", Subject, || routing::post(reply::password)),
    Route::post("/my/reply/renew", Subject, || routing::post(reply::renew)),
    Route::get("/my/reply/{part}", Subject, || routing::get(reply_part::get)),
];
