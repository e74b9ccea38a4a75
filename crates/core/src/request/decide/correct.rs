//! Corrections: planned, carried out only as they were approved, planned again where the records have changed.

use std::collections::BTreeMap;

use super::{Context, Denied};
use crate::flow::TaskKey;
use crate::pii::Pii;
use crate::request::advance::from_task_on;
use crate::request::correct::{Corrected, CorrectionPlan, CorrectionPlanned, SourceCorrected};
use crate::request::event::{Event, TaskRejected, Then};
use crate::request::state::Request;

/// What a person reads where the records changed after the plan was approved.
const STALE: &str =
    "the records changed after this was planned: it is planned again, and must be approved again";

pub(super) fn plan(
    key: &TaskKey,
    attempt: u32,
    hash: String,
    plan: CorrectionPlan,
) -> (Vec<Event>, BTreeMap<String, String>) {
    let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let sources: std::collections::BTreeSet<&str> =
        plan.changes.iter().map(|change| change.source.as_str()).collect();
    let planned = CorrectionPlanned {
        task: key.clone(),
        attempt,
        hash,
        change_count: count(plan.changes.len()),
        source_count: count(sources.len()),
        open_count: count(plan.open.len()),
        plan: Pii::new(plan),
    };
    let outputs = BTreeMap::from([
        ("count".to_owned(), planned.change_count.to_string()),
        ("open".to_owned(), planned.open_count.to_string()),
    ]);
    (vec![Event::CorrectionPlanned(Box::new(planned))], outputs)
}

/// Notes what was done. What was carried out must be the plan as it stands: there is no other that was approved.
pub(super) fn correct(
    request: &Request,
    key: &TaskKey,
    attempt: u32,
    hash: String,
    sources: Vec<SourceCorrected>,
) -> Result<(Vec<Event>, BTreeMap<String, String>), Denied> {
    let is_planned = request.correction.as_ref().is_some_and(|known| known.planned.hash == hash);
    if !is_planned {
        return Err(Denied::NotWaiting);
    }
    let count: u32 = sources.iter().map(|source| source.field_count).sum();
    let outputs = BTreeMap::from([("count".to_owned(), count.to_string())]);
    Ok((vec![Event::Corrected(Corrected { task: key.clone(), attempt, hash, sources })], outputs))
}

/// Goes back to the planning: nothing is written over that nobody has seen.
pub(super) fn plan_again(request: &Request, key: &TaskKey, ctx: &Context<'_>) -> Result<Vec<Event>, Denied> {
    let planned = request.correction.as_ref().ok_or(Denied::NotWaiting)?;
    let again = from_task_on(request, ctx, &planned.planned.task);
    let (answers, reason) = (Pii::default(), Pii::new(STALE.to_owned()));
    let then = Then::Rework(again);
    Ok(vec![Event::TaskRejected(TaskRejected { task: key.clone(), answers, reason, then })])
}
