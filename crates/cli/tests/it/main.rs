//! The one integration test binary: files mirror the routes and commands they drive.
