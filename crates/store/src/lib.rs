//! SQLite and PostgreSQL behind one face: log, rows, jobs, keys, blobs.
