//! Whether the roles and lists a flow names exist. Apart from [`super::check()`], since only an installation
//! knows which it has.

use super::{Flow, Issue, Place, Recipient, Task};
use crate::access::RoleName;

/// Returns what is wrong with the roles that a flow's tasks and reminders name, given which there are.
pub fn check_roles(flow: &Flow, is_known: impl Fn(&RoleName) -> bool) -> Vec<Issue> {
    let named = flow.tasks().flat_map(|task| roles(task).map(move |role| (task, role)));
    let unknown = named.filter(|(_, role)| !is_known(role));
    unknown.map(|(task, role)| issue(task, format!("there is no role {role}"))).collect()
}

/// Returns what is wrong with the custom lists that a flow's choices are made from, given which there are.
pub fn check_lists(flow: &Flow, is_known: impl Fn(&str) -> bool) -> Vec<Issue> {
    let missing: Vec<&str> = flow.lists().into_iter().filter(|list| !is_known(list)).collect();
    let mut issues = Vec::new();
    for task in flow.tasks() {
        let lists = task.lists().into_iter().filter(|list| missing.contains(list));
        issues.extend(lists.map(|list| issue(task, format!("there is no list {list}"))));
    }
    issues
}

fn roles(task: &Task) -> impl Iterator<Item = &RoleName> {
    let reminded = task.reminders.iter().filter_map(|reminder| match &reminder.to {
        Recipient::Role(role) => Some(role),
        Recipient::Holder | Recipient::CaseOwner | Recipient::User(_) => None,
    });
    task.team().into_iter().chain(reminded)
}

fn issue(task: &Task, text: String) -> Issue {
    Issue { place: Place::Task(task.key.clone()), text }
}
