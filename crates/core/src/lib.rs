//! Requests, flows, laws and the clock: pure functions, no I/O.
