//! Dataset files, the identity graph, traversal and policies: pure.
//!
//! The way through: [`read::read`] reads files, [`check::check`] says what is wrong with them together,
//! [`graph::Graph`] joins them, [`graph::Graph::plan`] plans what is read, and `habeas-connect` executes
//! the [`plan::Plan`].
//!
//! ```
//! use habeas_core::yaml::Problems;
//! use habeas_dataset::{graph::Graph, policy::Policy, read::read};
//!
//! let text = "
//! fides_key: shop
//! collections:
//! - name: customer
//!   fields:
//!   - {name: id, data_categories: [user.unique_id]}
//!   - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
//! - name: orders
//!   fields:
//!   - name: customer_id
//!     data_categories: [user.unique_id]
//!     fides_meta: {references: [{dataset: shop, field: customer.id, direction: from}]}
//! ";
//! let problems = Problems::new();
//! let graph = Graph::new(read("shop.yml", text, &problems)).unwrap();
//! let plan = graph.plan(&["email"], &Policy::default()).unwrap();
//! let order: Vec<&str> = plan.nodes.iter().map(|node| &*node.collection).collect();
//! assert_eq!(order, ["customer", "orders"]);
//! ```

pub mod check;
pub mod diff;
pub mod drift;
pub mod erasure;
pub mod filter;
pub mod graph;
mod index;
pub mod masking;
pub mod model;
pub mod normalise;
pub mod path;
pub mod plan;
pub mod policy;
pub mod read;
pub mod rectify;
pub mod retention;
pub mod taxonomy;
#[cfg(test)]
mod testing;
