//! The portal, through its public routes: files mirror them.

mod ask;
mod my;
mod reply;
mod sign_in;
mod verify;
