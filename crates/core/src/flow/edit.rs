//! What an editor does to a draft: add, insert, move, delete, rename.
//!
//! Numbers stay dense: the tasks of a stage are groups that follow one another, numbered from 1. Whatever
//! names a task (links, four eyes, rework, lateness, conditions) follows it when it moves or is renamed. What
//! named a deleted task is left as it is, so that [`super::check()`] tells of it and nothing is lost silently.

use super::check::{fits, precedes};
use super::{
    Condition, Flow, Input, Kind, Manual, OnReject, Operation, Source, Stage, Start, Task, TaskKey, Work,
};
use crate::access::RoleName;

/// No name in a key is longer.
const LONGEST_KEY: usize = 64;

/// A place for a task in a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// By itself, before the group of this index; behind all groups where there is none of it.
    Before(usize),
    /// At once with the group of this index.
    With(usize),
}

/// A step of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Sooner: out of its group, or into the group before.
    Earlier,
    /// Later: out of its group, or into the group behind.
    Later,
    /// To the end of the stage before.
    StageBefore,
    /// To the beginning of the stage behind.
    StageAfter,
}

impl Step {
    /// All steps, by their names in forms.
    pub const ALL: [(&'static str, Self); 4] = [
        ("earlier", Self::Earlier),
        ("later", Self::Later),
        ("stage_before", Self::StageBefore),
        ("stage_after", Self::StageAfter),
    ];
}

impl Stage {
    /// Returns the tasks in groups: those of a group run at once, the groups one after the other.
    pub fn groups(&self) -> Vec<Vec<&Task>> {
        let mut tasks: Vec<&Task> = self.tasks.iter().collect();
        tasks.sort_by_key(|task| task.order);
        tasks.chunk_by(|one, other| one.order == other.order).map(<[&Task]>::to_vec).collect()
    }

    /// Returns the index of the group a task is in.
    pub fn group_of(&self, key: &TaskKey) -> Option<usize> {
        self.groups().iter().position(|group| group.iter().any(|task| task.key == *key))
    }

    fn take_groups(&mut self) -> Vec<Vec<Task>> {
        let mut groups: Vec<Vec<Task>> = Vec::new();
        let mut tasks = std::mem::take(&mut self.tasks);
        tasks.sort_by_key(|task| task.order);
        for task in tasks {
            match groups.last_mut() {
                Some(group) if group.first().is_some_and(|first| first.order == task.order) => {
                    group.push(task);
                }
                Some(_) | None => groups.push(vec![task]),
            }
        }
        groups
    }

    fn put_groups(&mut self, groups: Vec<Vec<Task>>) {
        let full = groups.into_iter().filter(|group| !group.is_empty());
        for (order, group) in (1_u32..).zip(full) {
            self.tasks.extend(group.into_iter().map(|task| Task { order, ..task }));
        }
    }
}

impl Task {
    /// Returns a task of a person with nothing but a name and a team.
    pub fn manual_of(key: TaskKey, title: &str, role: RoleName) -> Self {
        let work = Work::Manual(Manual {
            role,
            is_data_review: false,
            on_reject: None,
            four_eyes: None,
            asks: Vec::new(),
            shows: Vec::new(),
        });
        Self::bare(key, title, work)
    }

    /// Returns a task that Habeas does.
    pub fn automatic_of(key: TaskKey, title: &str, operation: Operation) -> Self {
        Self::bare(key, title, Work::Automatic(operation))
    }

    fn bare(key: TaskKey, title: &str, work: Work) -> Self {
        Self {
            key,
            title: title.to_owned(),
            description: String::new(),
            work,
            told: None,
            order: 1,
            is_mandatory: true,
            start: Start::AtOnce,
            deadline: None,
            condition: None,
            late: None,
            reminders: Vec::new(),
            inputs: Vec::new(),
        }
    }
}

impl Flow {
    /// Returns the stage of that key.
    pub fn stage(&self, key: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.key == key)
    }

    /// Adds a stage before the one of that index, or behind all. Returns its key.
    pub fn add_stage(&mut self, place: usize, title: &str) -> String {
        let key = unused(&slug(title, "stage"), |key| self.stage(key).is_some());
        let place = place.min(self.stages.len());
        self.stages.insert(place, Stage { key: key.clone(), title: title.to_owned(), tasks: Vec::new() });
        key
    }

    /// Names a stage anew, with its key where another is given; what names its tasks follows. Returns its key.
    pub fn rename_stage(&mut self, key: &str, new_key: &str, title: &str) -> Option<String> {
        let place = self.stages.iter().position(|stage| stage.key == key)?;
        let wanted = slug(new_key, key);
        let taken = |wanted: &str| {
            self.stages.iter().enumerate().any(|(at, stage)| at != place && stage.key == wanted)
        };
        let new_key = unused(&wanted, taken);
        let stage = self.stages.get_mut(place)?;
        title.clone_into(&mut stage.title);
        let tasks: Vec<TaskKey> = stage.tasks.iter().map(|task| task.key.clone()).collect();
        new_key.clone_into(&mut stage.key);
        for old in tasks {
            self.follow(&old, &TaskKey::new(&new_key, old.name()));
        }
        Some(new_key)
    }

    /// Moves a stage one place on or back; says whether it moved.
    pub fn move_stage(&mut self, key: &str, is_later: bool) -> bool {
        let Some(from) = self.stages.iter().position(|stage| stage.key == key) else { return false };
        let to = if is_later { from.checked_add(1) } else { from.checked_sub(1) };
        let Some(to) = to.filter(|to| *to < self.stages.len()) else { return false };
        self.stages.swap(from, to);
        true
    }

    /// Deletes a stage with its tasks; says whether there was one.
    pub fn delete_stage(&mut self, key: &str) -> bool {
        let before = self.stages.len();
        self.stages.retain(|stage| stage.key != key);
        self.stages.len() < before
    }

    /// Returns a key that no task of the stage has, made from a title.
    pub fn free_key(&self, stage: &str, title: &str) -> TaskKey {
        let taken = |name: &str| self.task(&TaskKey::new(stage, name)).is_some();
        TaskKey::new(stage, &unused(&slug(title, "task"), taken))
    }

    /// Puts a task into its stage and links what its operation needs to earlier outputs that fit; says whether
    /// there is such a stage.
    pub fn insert_task(&mut self, slot: Slot, task: Task) -> bool {
        let key = task.key.clone();
        let Some(stage) = self.stages.iter_mut().find(|stage| stage.key == key.stage()) else { return false };
        let mut groups = stage.take_groups();
        put(&mut groups, slot, task);
        stage.put_groups(groups);
        self.link_inputs(&key);
        true
    }

    /// Moves a task to a place in a stage; what names it follows. Returns its key there.
    pub fn move_task(&mut self, key: &TaskKey, stage: &str, slot: Slot) -> Option<TaskKey> {
        let home = self.stage_of(key)?.key.clone();
        self.stage(stage)?;
        let new_key = if home == stage { key.clone() } else { self.free_key(stage, key.name()) };
        let mut taken = None;
        let home = self.stages.iter_mut().find(|found| found.key == home)?;
        let mut groups = home.take_groups();
        for group in &mut groups {
            if let Some(at) = group.iter().position(|task| task.key == *key) {
                taken = Some(group.remove(at));
            }
        }
        let is_same = home.key == stage;
        if is_same {
            put(&mut groups, slot, taken.take()?);
        }
        home.put_groups(groups);
        if let Some(task) = taken {
            let target = self.stages.iter_mut().find(|found| found.key == stage)?;
            let mut groups = target.take_groups();
            put(&mut groups, slot, task);
            target.put_groups(groups);
        }
        self.follow(key, &new_key);
        Some(new_key)
    }

    /// Moves a task one step. Returns its key there; none where it can go no further.
    pub fn step_task(&mut self, key: &TaskKey, step: Step) -> Option<TaskKey> {
        let place = self.stages.iter().position(|stage| stage.tasks.iter().any(|task| task.key == *key))?;
        let stage = self.stages.get(place)?;
        let group = stage.group_of(key)?;
        let groups = stage.groups();
        let is_alone = groups.get(group).is_some_and(|group| group.len() == 1);
        let (target, slot) = match step {
            Step::Earlier if is_alone => (place, Slot::With(group.checked_sub(1)?)),
            Step::Earlier => (place, Slot::Before(group)),
            Step::Later if is_alone => (place, Slot::With(Some(group + 1).filter(|at| *at < groups.len())?)),
            Step::Later => (place, Slot::Before(group + 1)),
            Step::StageBefore => (place.checked_sub(1)?, Slot::Before(usize::MAX)),
            Step::StageAfter => (place + 1, Slot::Before(0)),
        };
        let target = self.stages.get(target)?.key.clone();
        self.move_task(key, &target, slot)
    }

    /// Deletes a task; says whether there was one.
    pub fn delete_task(&mut self, key: &TaskKey) -> bool {
        let Some(stage) = self.stages.iter_mut().find(|s| s.tasks.iter().any(|t| t.key == *key)) else {
            return false;
        };
        let mut groups = stage.take_groups();
        for group in &mut groups {
            group.retain(|task| task.key != *key);
        }
        stage.put_groups(groups);
        true
    }

    /// Puts a changed task in the place of the one of that key. A name another task of the stage has gets a
    /// number; what names the task follows. Returns its key.
    pub fn change_task(&mut self, key: &TaskKey, name: &str, changed: Task) -> Option<TaskKey> {
        let stage = self.stage_of(key)?.key.clone();
        let is_taken = |name: &str| {
            let other = TaskKey::new(&stage, name);
            other != *key && self.task(&other).is_some()
        };
        let new_key = TaskKey::new(&stage, &unused(&slug(name, key.name()), is_taken));
        let place =
            self.stages.iter_mut().flat_map(|stage| &mut stage.tasks).find(|task| task.key == *key)?;
        *place = Task { key: key.clone(), order: place.order, ..changed };
        self.follow(key, &new_key);
        Some(new_key)
    }

    /// Says whether one task is over before another starts.
    pub fn precedes(&self, first: &TaskKey, second: &TaskKey) -> bool {
        precedes(self, first, second)
    }

    /// Returns the outputs of earlier tasks that a task may link to; only those that fit where a type is wanted.
    pub fn linkable(&self, key: &TaskKey, wanted: Option<Kind>) -> Vec<(&Task, &str, Kind)> {
        let earlier = self.tasks().filter(|task| precedes(self, &task.key, key));
        let outputs =
            earlier.flat_map(|task| task.outputs().into_iter().map(move |(name, kind)| (task, name, kind)));
        outputs.filter(|(_, _, kind)| wanted.is_none_or(|wanted| fits(*kind, wanted))).collect()
    }

    /// Links the inputs of an operation that only a task can give, and that are not given yet, to the nearest
    /// earlier output that fits.
    pub fn link_inputs(&mut self, key: &TaskKey) {
        let Some(task) = self.task(key) else { return };
        let Some(operation) = task.operation() else { return };
        let lacking = operation
            .inputs()
            .iter()
            .filter(|(name, kind, _)| !kind.can_be_asked() && task.inputs.iter().all(|i| i.name != *name));
        let found: Vec<Input> = lacking
            .filter_map(|(name, kind, _)| {
                let (task, output, _) = self.linkable(key, Some(*kind)).pop()?;
                let source = Source::Link { task: task.key.clone(), output: output.to_owned() };
                Some(Input { name: (*name).to_owned(), source })
            })
            .collect();
        if let Some(task) = self.stages.iter_mut().flat_map(|s| &mut s.tasks).find(|t| t.key == *key) {
            task.inputs.extend(found);
        }
    }

    /// Gives a task its new key wherever the old one stands.
    fn follow(&mut self, old: &TaskKey, new: &TaskKey) {
        if old == new {
            return;
        }
        for task in self.stages.iter_mut().flat_map(|stage| &mut stage.tasks) {
            follow_in(task, old, new);
        }
    }
}

fn follow_in(task: &mut Task, old: &TaskKey, new: &TaskKey) {
    let follow = |key: &mut TaskKey| {
        if key == old {
            key.clone_from(new);
        }
    };
    follow(&mut task.key);
    if let Some(late) = &mut task.late {
        follow(&mut late.task);
    }
    let mut sources: Vec<&mut Source> = task.inputs.iter_mut().map(|input| &mut input.source).collect();
    if let Work::Manual(manual) = &mut task.work {
        sources.extend(manual.shows.iter_mut().map(|show| &mut show.source));
        if let Some(key) = &mut manual.four_eyes {
            follow(key);
        }
        if let Some(OnReject::Rework(key)) = &mut manual.on_reject {
            follow(key);
        }
    }
    for source in sources {
        if let Source::Link { task, .. } = source {
            follow(task);
        }
    }
    if let Some(condition) = &mut task.condition {
        let mut text = condition.as_str().to_owned();
        for quote in ['"', '\''] {
            text = text
                .replace(&format!("outputs[{quote}{old}{quote}]"), &format!("outputs[{quote}{new}{quote}]"));
        }
        if let Ok(renamed) = Condition::parse(&text) {
            *condition = renamed;
        }
    }
}

fn put(groups: &mut Vec<Vec<Task>>, slot: Slot, task: Task) {
    match slot {
        Slot::With(at) => match groups.get_mut(at) {
            Some(group) => group.push(task),
            None => groups.push(vec![task]),
        },
        Slot::Before(at) => groups.insert(at.min(groups.len()), vec![task]),
    }
}

/// Makes a name for keys from what people call something.
pub fn slug(title: &str, otherwise: &str) -> String {
    let mut name = String::new();
    for c in title.trim().chars().map(|c| c.to_ascii_lowercase()) {
        match c {
            'a'..='z' | '0'..='9' | '_' => name.push(c),
            _ if name.is_empty() || name.ends_with('-') => {}
            _ => name.push('-'),
        }
        if name.len() >= 40 {
            break;
        }
    }
    let name = name.trim_end_matches('-');
    if name.is_empty() { otherwise.to_owned() } else { name.to_owned() }
}

/// Returns the name, with a number behind it where it is taken.
fn unused(name: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut candidate = name.to_owned();
    let mut number = 2_u32;
    while is_taken(&candidate) {
        let end = format!("-{number}");
        let keep = name.len().min(LONGEST_KEY.saturating_sub(end.len()));
        candidate = format!("{}{end}", name.get(..keep).unwrap_or(name));
        number += 1;
    }
    candidate
}

#[cfg(test)]
mod tests;
