//! Timelines beside the law: by when an organisation means to reach each stage.
//!
//! A target may be earlier than the legal date and is never later: what is set beyond it counts as the legal
//! date itself. Missing a target breaks no law, it warns.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::law::Right;
use crate::request::{Context, Request};
use crate::yaml::Cursor;

/// The name of the targets that come with the product.
pub const SMALL_SAAS_UK: &str = "small_saas_uk";

/// By when a stage should be over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The right it is for; none: any.
    pub right: Option<Right>,
    /// The stage's key in flows.
    pub stage: String,
    /// Days from the day of receipt.
    pub days: u16,
}

/// Returns the targets of a small software company in the United Kingdom: receipt in a day, identity by day 5,
/// clarification by 10, compilation by 20, quality by 25, delivery by 30; corrections acknowledged by day 5,
/// investigated by 10, done by 30; a restriction acknowledged by day 10.
pub fn small_saas_uk() -> Vec<Target> {
    let target = |right, stage: &str, days| Target { right: Some(right), stage: stage.to_owned(), days };
    let access = [
        ("receipt", 1),
        ("identity", 5),
        ("clarification", 10),
        ("compilation", 20),
        ("quality", 25),
        ("delivery", 30),
    ];
    let rectification = [("receipt", 5), ("investigation", 10), ("correction", 30)];
    let access = access.into_iter().map(|(stage, days)| target(Right::Access, stage, days));
    let corrected = rectification.into_iter().map(|(stage, days)| target(Right::Rectification, stage, days));
    access.chain(corrected).chain([target(Right::Restriction, "receipt", 10)]).collect()
}

/// A stage and its target, as a request stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// The stage's title.
    pub title: String,
    /// By when it should be over.
    pub on: Date,
    /// When it was over.
    pub reached_on: Option<Date>,
    /// Whether it was or is late.
    pub is_late: bool,
}

/// Returns the day an answer should be ready by: some days before the legal date, and not before receipt.
pub fn ready_by(request: &Request, ctx: &Context<'_>) -> Option<Date> {
    let due = request.due.as_ref()?.on?;
    Some(request.target_on()?.max(request.received_on(ctx)).min(due))
}

/// Returns the stages of the request's flow that have a target, in the flow's order.
pub fn milestones(request: &Request, ctx: &Context<'_>) -> Vec<Milestone> {
    let (received_on, right) = (request.received_on(ctx), request.terms.right);
    let due = request.due.as_ref().and_then(|due| due.on);
    let mut milestones = Vec::new();
    for stage in &ctx.flow.stages {
        let fits =
            |target: &&Target| target.stage == stage.key && target.right.is_none_or(|wanted| wanted == right);
        let Some(target) = ctx.settings.targets.iter().find(fits) else { continue };
        let wanted = received_on.saturating_add(i64::from(target.days).days());
        let on = due.map_or(wanted, |due| wanted.min(due));
        let runs =
            stage.tasks.iter().map(|task| request.tasks.get(&task.key).filter(|run| run.state.is_over()));
        let over: Option<Vec<_>> = runs.map(|run| run.and_then(|run| run.ended)).collect();
        let reached = over.and_then(|ends| ends.into_iter().map(|(_, at)| at).max());
        let reached_on = reached.map(|at| at.to_zoned(ctx.zone.clone()).date());
        let is_late = reached_on.unwrap_or_else(|| ctx.today()) > on
            && (reached_on.is_some() || !request.status.is_closed());
        milestones.push(Milestone { title: stage.title.clone(), on, reached_on, is_late });
    }
    milestones
}

/// Reads the name of targets that come with the product.
pub(crate) fn read_timeline(at: &Cursor<'_>) -> Vec<Target> {
    at.one_of(&[(SMALL_SAAS_UK, ())]).map(|()| small_saas_uk()).unwrap_or_default()
}

/// Reads targets: a list of `{stage, days, right}`.
pub(crate) fn read(at: &Cursor<'_>) -> Vec<Target> {
    at.sequence().unwrap_or_default().iter().filter_map(read_one).collect()
}

fn read_one(at: &Cursor<'_>) -> Option<Target> {
    let mut map = at.mapping()?;
    let stage = map.require("stage").and_then(|at| at.name().map(str::to_owned));
    let right = map.take("right").and_then(|at| at.one_of(&Right::ALL.map(|right| (right.as_str(), right))));
    let days = map.require("days").and_then(|at| {
        let days =
            at.count().and_then(|days| u16::try_from(days).ok()).filter(|days| (1..=365).contains(days));
        days.or_else(|| at.mismatch("a number of days between 1 and 365"))
    });
    map.finish();
    Some(Target { right, stage: stage?, days: days? })
}
