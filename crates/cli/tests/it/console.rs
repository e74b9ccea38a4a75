//! The console, through its routes, over the demonstration's two real databases.

mod bulk;
mod data;
mod door;
mod feed;
mod find;
mod flows;
mod holds;
pub(crate) mod house;
mod laws;
mod lists;
mod narrow;
mod pages;
mod reports;
mod requests;
mod reshape;
mod setup;
mod snippets;
mod tasks;
mod trial;
mod users;
