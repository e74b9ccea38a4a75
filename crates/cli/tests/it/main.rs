//! The one integration test binary: files mirror the routes and commands they drive.
//!
//! The modules are marked as tests although the whole binary is one: clippy's leave to unwrap in tests
//! goes by the mark.

#[cfg(test)]
mod access;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod calendar;
#[cfg(test)]
mod collect;
#[cfg(test)]
mod command;
#[cfg(test)]
mod console;
#[cfg(test)]
mod dataset;
#[cfg(test)]
mod deadline;
#[cfg(test)]
mod erase;
#[cfg(test)]
mod erasure_cases;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod flows;
#[cfg(test)]
mod graph_cases;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod log;
#[cfg(test)]
mod mongodb;
#[cfg(test)]
mod package;
#[cfg(test)]
mod portal;
#[cfg(test)]
mod process;
#[cfg(test)]
mod rectify;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod report;
#[cfg(test)]
mod s10;
#[cfg(test)]
mod s12;
#[cfg(test)]
mod s4;
#[cfg(test)]
mod s5_command;
#[cfg(test)]
mod s6_command;
#[cfg(test)]
mod security;
#[cfg(test)]
mod source;
#[cfg(test)]
mod support;
