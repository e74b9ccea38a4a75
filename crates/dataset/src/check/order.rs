//! Checks `after` and `erase_after`: names that exist, and no circles.

use std::collections::{HashMap, HashSet};

use habeas_core::yaml::Problem;

use crate::index::{At, Index};
use crate::model::{Dataset, Named};

pub(super) fn check(index: &Index<'_>, datasets: &[Dataset], problems: &mut Vec<Problem>) {
    for dataset in datasets {
        for named in &dataset.after {
            if let Err(problem) = index.named_dataset(named) {
                problems.push(problem);
            }
        }
    }
    for (_, _, collection) in index.all() {
        for named in collection.after.iter().chain(&collection.erase_after) {
            match index.named_collection(named) {
                Err(problem) => problems.push(problem),
                Ok(at) => {
                    if index.collection(at).is_some_and(|other| other.skips_processing) {
                        let message =
                            format!("'{}' says skip_processing and can't be waited for", named.name);
                        problems.push(named.at.error(message));
                    }
                }
            }
        }
    }
    circles(
        index,
        "after",
        |at| {
            let dataset = datasets.get(at.0);
            let whole = places(dataset.map(|d| d.after.as_slice()), |named| index.named_dataset(named).ok());
            let mut before =
                places(index.collection(at).map(|c| c.after.as_slice()), |n| index.named_collection(n).ok());
            before.extend(index.all().map(|(other, _, _)| other).filter(|other| whole.contains(&other.0)));
            before
        },
        problems,
    );
    circles(
        index,
        "erase_after",
        |at| {
            places(index.collection(at).map(|c| c.erase_after.as_slice()), |n| index.named_collection(n).ok())
        },
        problems,
    );
}

fn places<T>(named: Option<&[Named]>, find: impl Fn(&Named) -> Option<T>) -> Vec<T> {
    named.unwrap_or_default().iter().filter_map(find).collect()
}

/// Reports every collection that comes before itself.
fn circles(index: &Index<'_>, key: &str, before: impl Fn(At) -> Vec<At>, problems: &mut Vec<Problem>) {
    let before: HashMap<At, Vec<At>> = index.all().map(|(at, _, _)| (at, before(at))).collect();
    let direct = |at: &At| before.get(at).into_iter().flatten().copied();
    for (start, dataset, collection) in index.all() {
        let mut seen: HashSet<At> = HashSet::new();
        let mut open: Vec<At> = direct(&start).collect();
        while let Some(at) = open.pop() {
            if at == start {
                let message = format!("'{}.{}' waits for itself ({key})", dataset.key, collection.name);
                problems.push(collection.at.error(message));
                break;
            }
            if seen.insert(at) {
                open.extend(direct(&at));
            }
        }
    }
}
