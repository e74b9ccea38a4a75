//! Whether the roles a flow names exist. Apart from [`super::check`], since only an installation knows its
//! roles.

use super::Flow;
use crate::access::RoleName;

/// Returns what is wrong with the roles that a flow's manual tasks name, given which there are.
pub fn check_roles(flow: &Flow, is_known: impl Fn(&RoleName) -> bool) -> Vec<String> {
    let manual = flow.tasks().filter_map(|task| Some((task, task.manual()?)));
    manual
        .filter(|(_, manual)| !is_known(&manual.role))
        .map(|(task, manual)| {
            format!("flow {}: task {}: there is no role {}", flow.name, task.key, manual.role)
        })
        .collect()
}
