//! The portal, through its public routes: files mirror them.

mod ask;
