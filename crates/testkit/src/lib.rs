//! What tests stand on: a manual clock, seeded chance, roles, captured logs, private servers, a mail server,
//! a network that breaks on demand.
//!
//! It knows only `core`, so that every crate can use it. It panics where a test could only panic anyway,
//! with a sentence that says what to do.

pub mod chance;
pub mod clock;
pub mod logs;
pub mod mariadb;
pub mod mongodb;
pub mod postgres;
pub mod proxy;
pub mod roles;
pub mod smtp;

pub use chance::SeededChance;
pub use clock::ManualClock;
pub use logs::CapturedLogs;
pub use roles::roles;
