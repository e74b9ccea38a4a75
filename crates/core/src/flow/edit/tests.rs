//! Edits of drafts: what moves where, that names follow, and that whatever is done can be kept as text.

use proptest::prelude::*;

use super::{Slot, Step};
use crate::access::RoleName;
use crate::flow::{Flow, Operation, Source, Task, TaskKey, check};

const ACCESS: &str = include_str!("../../../../../flows/access-second-review.yml");

fn access() -> Flow {
    Flow::parse("access.yml", ACCESS).expect("a flow")
}

fn key(text: &str) -> TaskKey {
    TaskKey::from_text(text)
}

/// Returns the flow's shape: stages apart by `|`, groups by space, tasks at once by `+`.
fn shape(flow: &Flow) -> String {
    let group = |group: &Vec<&Task>| group.iter().map(|task| task.key.name()).collect::<Vec<_>>().join("+");
    let stage = |stage: &crate::flow::Stage| stage.groups().iter().map(group).collect::<Vec<_>>().join(" ");
    flow.stages.iter().map(stage).collect::<Vec<_>>().join(" | ")
}

fn steps(task: &str, steps: &[Step], expected: &str) {
    let mut flow = access();
    let mut at = key(task);
    for step in steps {
        at = flow.step_task(&at, *step).unwrap_or(at);
    }
    assert_eq!(shape(&flow), expected, "{task} {steps:?}");
    for stage in &flow.stages {
        let orders: Vec<u32> = stage.tasks.iter().map(|task| task.order).collect();
        assert_eq!(orders.first().copied().unwrap_or(1), 1, "numbers start at 1");
        assert!(orders.windows(2).all(|pair| pair[1] - pair[0] <= 1), "and have no holes: {orders:?}");
    }
}

#[test]
fn a_task_goes_through_every_place_of_its_stage_and_into_the_next() {
    use Step::{Earlier, Later, StageAfter, StageBefore};
    let rest = "| collect+owners | data approval | package deliver";
    steps("opening.identity", &[Earlier], &format!("acknowledge+duplicates+identity {rest}"));
    steps("opening.identity", &[Earlier, Earlier], &format!("identity acknowledge+duplicates {rest}"));
    steps("opening.identity", &[Later], &format!("acknowledge+duplicates identity {rest}"));
    steps("opening.acknowledge", &[Later], &format!("duplicates acknowledge identity {rest}"));
    steps("opening.acknowledge", &[Later, Later], &format!("duplicates identity+acknowledge {rest}"));
    steps("opening.acknowledge", &[Later; 4], &format!("duplicates identity acknowledge {rest}"));
    steps(
        "opening.identity",
        &[StageAfter],
        "acknowledge+duplicates | identity collect+owners | data approval | package deliver",
    );
    steps(
        "review.data",
        &[StageBefore, StageBefore],
        "acknowledge+duplicates identity data | collect+owners | approval | package deliver",
    );
    steps("opening.identity", &[StageBefore], &format!("acknowledge+duplicates identity {rest}"));
}

#[test]
fn whatever_names_a_task_follows_it() {
    let mut flow = access();
    let approval = TaskKey::new("review", "approval");
    let condition = crate::flow::Condition::parse("outputs['review.data'].note == 'x'").expect("a condition");
    flow.stages[2].tasks[1].condition = Some(condition);
    let data = flow.task(&key("review.data")).expect("a task").clone();
    let renamed = flow.change_task(&key("review.data"), "First look", data).expect("a task");
    assert_eq!(renamed.as_str(), "review.first-look");
    let moved = flow.move_task(&renamed, "collection", Slot::Before(9)).expect("a place");
    assert_eq!(moved.as_str(), "collection.first-look");
    flow.rename_stage("collection", "gathering", "Gathering").expect("a stage");
    let text = flow.to_yaml();
    assert!(!text.contains("review.data") && !text.contains("collection."), "{text}");
    let approval = flow.task(&approval).expect("a task");
    let manual = approval.manual().expect("a manual task");
    assert_eq!(manual.four_eyes, Some(key("gathering.first-look")));
    let shown = Source::Link { task: key("gathering.first-look"), output: "note".to_owned() };
    assert_eq!(manual.shows[0].source, shown);
    let condition = approval.condition.as_ref().expect("a condition");
    assert_eq!(condition.as_str(), "outputs['gathering.first-look'].note == 'x'");
    assert_eq!(check(&flow), Vec::new());
}

#[test]
fn names_stay_unique_and_a_deleted_task_is_missed() {
    let mut flow = access();
    assert_eq!(flow.add_stage(1, "Review"), "review-2");
    assert_eq!(flow.free_key("review", "Data!").as_str(), "review.data-2");
    assert_eq!(flow.rename_stage("review-2", "review", "Once more").as_deref(), Some("review-2"));
    assert!(flow.delete_stage("review-2"));
    assert!(flow.delete_task(&key("collection.collect")));
    let said: Vec<String> = check(&flow).iter().map(ToString::to_string).collect();
    assert!(
        said.iter().any(|said| said.contains("task delivery.package") && said.contains("no task collection")),
        "{said:?}"
    );
}

#[test]
fn an_operation_is_linked_to_the_nearest_outputs_that_fit() {
    let mut flow = access();
    assert!(flow.delete_task(&key("delivery.package")));
    let package =
        Task::automatic_of(flow.free_key("delivery", "Package"), "Make it", Operation::BuildPackage);
    assert!(flow.insert_task(Slot::Before(0), package));
    assert_eq!(
        shape(&flow),
        "acknowledge+duplicates identity | collect+owners | data approval | package deliver"
    );
    assert_eq!(check(&flow), Vec::new());
    let offered: Vec<String> = flow
        .linkable(&key("review.approval"), Some(crate::flow::Kind::Text))
        .iter()
        .map(|(task, output, _)| format!("{}.{output}", task.key))
        .collect();
    let owners = ["collection.owners.count", "collection.owners.holding"];
    assert_eq!(offered, ["opening.duplicates.count", owners[0], owners[1], "review.data.note"]);
}

#[derive(Debug, Clone)]
enum Edit {
    AddStage(usize, String),
    RenameStage(usize, String),
    MoveStage(usize, bool),
    DeleteStage(usize),
    Insert(usize, Slot, String, bool),
    Step(usize, Step),
    Move(usize, usize, Slot),
    Rename(usize, String),
    Delete(usize),
}

fn slots() -> impl Strategy<Value = Slot> {
    prop_oneof![(0..4_usize).prop_map(Slot::Before), (0..4_usize).prop_map(Slot::With)]
}

fn edits() -> impl Strategy<Value = Edit> {
    let words = "[ -~äÄ中\\n]{0,12}";
    prop_oneof![
        (0..6_usize, words).prop_map(|(at, title)| Edit::AddStage(at, title)),
        (0..6_usize, words).prop_map(|(at, title)| Edit::RenameStage(at, title)),
        (0..6_usize, any::<bool>()).prop_map(|(at, later)| Edit::MoveStage(at, later)),
        (0..9_usize).prop_map(Edit::DeleteStage),
        (0..6_usize, slots(), words, any::<bool>()).prop_map(|(at, s, t, m)| Edit::Insert(at, s, t, m)),
        (0..9_usize, prop::sample::select(Step::ALL.map(|(_, step)| step).to_vec()))
            .prop_map(|(at, step)| Edit::Step(at, step)),
        (0..9_usize, 0..6_usize, slots()).prop_map(|(at, to, slot)| Edit::Move(at, to, slot)),
        (0..9_usize, words).prop_map(|(at, title)| Edit::Rename(at, title)),
        (0..20_usize).prop_map(Edit::Delete),
    ]
}

fn apply(flow: &mut Flow, edit: &Edit) {
    let stage = |flow: &Flow, at: usize| flow.stages.get(at).map(|stage| stage.key.clone());
    let task = |flow: &Flow, at: usize| flow.tasks().nth(at).map(|task| task.key.clone());
    match edit {
        Edit::AddStage(at, title) => {
            flow.add_stage(*at, title);
        }
        Edit::RenameStage(at, title) => {
            stage(flow, *at).and_then(|key| flow.rename_stage(&key, title, title));
        }
        Edit::MoveStage(at, is_later) => {
            stage(flow, *at).map(|key| flow.move_stage(&key, *is_later));
        }
        Edit::DeleteStage(at) => {
            stage(flow, *at).map(|key| flow.delete_stage(&key));
        }
        Edit::Insert(at, slot, title, is_manual) => {
            let Some(stage) = stage(flow, *at) else { return };
            let key = flow.free_key(&stage, title);
            let role = RoleName::parse("steward").expect("a role");
            let task = if *is_manual {
                Task::manual_of(key, title, role)
            } else {
                Task::automatic_of(key, title, Operation::BuildPackage)
            };
            flow.insert_task(*slot, task);
        }
        Edit::Step(at, step) => {
            task(flow, *at).and_then(|key| flow.step_task(&key, *step));
        }
        Edit::Move(at, to, slot) => {
            if let (Some(key), Some(stage)) = (task(flow, *at), stage(flow, *to)) {
                flow.move_task(&key, &stage, *slot).expect("both are there");
            }
        }
        Edit::Rename(at, title) => {
            if let Some(key) = task(flow, *at) {
                let changed = flow.task(&key).expect("a task").clone();
                flow.change_task(&key, title, changed).expect("a task");
            }
        }
        Edit::Delete(at) => {
            task(flow, *at).map(|key| flow.delete_task(&key));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn whatever_is_edited_reads_back_and_keeps_its_keys_apart(
        edits in prop::collection::vec(edits(), 0..24)
    ) {
        let mut flow = access();
        for edit in &edits {
            apply(&mut flow, edit);
        }
        let text = flow.to_yaml();
        let again = Flow::parse_draft("edited.yml", &text);
        prop_assert_eq!(again.as_ref().ok(), Some(&flow), "{:?} of\n{}", again.as_ref().err(), text);
        let said: Vec<String> = check(&flow).iter().map(ToString::to_string).collect();
        prop_assert!(!said.iter().any(|said| said.contains("has this key")), "{:?}", said);
    }
}
