//! Differences of versions, in words.

use super::{What, compare};
use crate::flow::{Flow, Slot, Task, TaskKey};

const ACCESS: &str = include_str!("../../../../../flows/access-second-review.yml");

fn said(change: impl FnOnce(&mut Flow)) -> Vec<String> {
    let old = Flow::parse("access.yml", ACCESS).expect("a flow");
    let mut new = old.clone();
    change(&mut new);
    let line = |difference: super::Difference| match difference.what {
        What::Added => format!("+ {}", difference.place),
        What::Removed => format!("- {}", difference.place),
        What::Changed { property, before, after } => {
            format!("{}: {property}: {before:?} to {after:?}", difference.place)
        }
    };
    compare(&old, &new).into_iter().map(line).collect()
}

#[test]
fn the_same_version_has_no_differences() {
    assert_eq!(said(|_| ()), Vec::<String>::new());
}

#[test]
fn what_changed_is_told_property_by_property() {
    let lines = said(|flow| {
        flow.title = "Access".to_owned();
        flow.add_stage(9, "Aftercare");
        let approval = TaskKey::new("review", "approval");
        let mut task = flow.task(&approval).expect("a task").clone();
        task.deadline = crate::flow::Span::parse("2 working_days");
        flow.change_task(&approval, "approval", task);
        let role = crate::access::RoleName::parse("legal").expect("a role");
        let key = flow.free_key("review", "Look");
        flow.insert_task(Slot::With(1), Task::manual_of(key, "Look", role));
        flow.delete_task(&TaskKey::new("opening", "duplicates"));
    });
    let expected = [
        "The flow: Name: \"Access to personal data, reviewed twice\" to \"Access\"",
        "The flow: Stages: \"Opening, Collection, Review and approval, Delivery\" to \
         \"Opening, Collection, Review and approval, Delivery, Aftercare\"",
        "Task Approve (review.approval): Deadline: \"24 hours\" to \"2 working days\"",
        "+ Task Look (review.look)",
        "+ Stage Aftercare",
        "- Task Look for open requests of the same person (opening.duplicates)",
    ];
    assert_eq!(lines, expected);
}
