//! What breaks must break no promise: processes killed, databases and disks gone, clocks set, odd values.
//!
//! Every test here breaks something on purpose, lets the work go on, and then looks at the whole: each
//! event and each mail once, no file without its row, and `Store::verify` finds nothing.

mod clock;
mod correct;
mod database;
mod disk;
mod erasing;
mod jobs;
mod killed;
mod lives;
mod logs;
mod seen;
mod source;
mod values;
