//! The portal and the console: one file per route.
