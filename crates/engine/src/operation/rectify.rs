//! Correcting: planned from a fresh look at every source, carried out only as a person approved it, read back.
//!
//! A plan that is run again finds what an earlier try has written already right: it goes on with the rest. Anything
//! else than what was approved is never written: it is planned, shown and approved anew.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use habeas_connect::collect::{Failure as Unsearched, Identity, Subject};
use habeas_connect::erase::{Outcome as Written, Residue, SourceOutcome};
use habeas_connect::rectify::{self, Correction, Rectification};
use habeas_core::pii::Pii;
use habeas_core::request::{
    CHANGES_MAX, CorrectionPlan, Failure, FieldChange, LeftOpen, Outcome, Request, RightFact,
    SourceCorrected, normal_email,
};
use habeas_dataset::rectify::{Wanted, unknown_facts};
use habeas_store::jobs::Claimed;
use sha2::{Digest as _, Sha256};

use super::Operate;
use crate::error::Error;
use crate::task::Try;
use crate::{Engine, Finder};

/// Plans what is to be corrected.
pub(super) struct PlanRectification;

/// Corrects.
pub(super) struct Rectify;

/// The facts a form asks for; `changes` is the steward's word.
const CHANGES: &str = "changes";

#[async_trait::async_trait]
impl Operate for PlanRectification {
    async fn run(&self, engine: &Engine, job: &Claimed, this: &Try) -> Result<(), Error> {
        let plan = match asked(engine, this)? {
            Ok(plan) => plan,
            Err(failure) => return end(engine, job, this, Outcome::Failed(failure)).await,
        };
        let wanted = wanted(&plan.facts);
        let subjects = subjects(&this.request);
        let work = work(engine, &wanted, &subjects);
        let mut correction = match rectify::plan(&work).await {
            Ok(correction) => correction,
            Err(unsearched) => return unreadable(engine, job, this, unsearched).await,
        };
        let open = ease(engine, &mut correction, &wanted);
        let changes = changes(&correction);
        if changes.len() > CHANGES_MAX {
            let message = format!(
                "{} fields would change, more than {CHANGES_MAX}: that is not one person's data; look at the datasets' links",
                changes.len()
            );
            let failure = Failure { code: "too_many".to_owned(), source: None, message };
            return end(engine, job, this, Outcome::Failed(failure)).await;
        }
        let plan = CorrectionPlan { changes: changes.into_iter().collect(), open, ..plan };
        let hash = hash(&plan);
        end(engine, job, this, Outcome::CorrectionPlanned { hash, plan }).await
    }
}

#[async_trait::async_trait]
impl Operate for Rectify {
    async fn run(&self, engine: &Engine, job: &Claimed, this: &Try) -> Result<(), Error> {
        let Some(known) = &this.request.correction else { return Err(Error::Input("plan".to_owned())) };
        let (plan, hash) = (known.planned.plan.reveal(), known.planned.hash.clone());
        let approved: BTreeSet<&FieldChange> = plan.changes.iter().collect();
        if approved.is_empty() {
            return end(engine, job, this, Outcome::Corrected { hash, sources: Vec::new() }).await;
        }
        let wanted = wanted(&plan.facts);
        let subjects = subjects(&this.request);
        let work = work(engine, &wanted, &subjects);
        let mut correction = match rectify::plan(&work).await {
            Ok(correction) => correction,
            Err(unsearched) => return unreadable(engine, job, this, unsearched).await,
        };
        let open = ease(engine, &mut correction, &wanted);
        // What was to be written and can't be any more is not passed over: whoever approved it has to know.
        let is_new = open.iter().any(|one| !plan.open.contains(one));
        if is_new || changes(&correction).iter().any(|change| !approved.contains(change)) {
            return end(engine, job, this, Outcome::PlanAgain).await;
        }
        let (outcomes, residue) = match rectify::run(&work, &correction).await {
            Ok(done) => done,
            Err(error) => return engine.wait_for_source(job, this, &error).await,
        };
        if let Some(outcome) = outcomes.into_iter().find(|one| !is_done(one)) {
            return unwritten(engine, job, this, outcome).await;
        }
        if !residue.is_empty() {
            return end(engine, job, this, Outcome::Failed(left(&residue))).await;
        }
        end(engine, job, this, Outcome::Corrected { hash, sources: counts(plan) }).await
    }
}

async fn end(engine: &Engine, job: &Claimed, this: &Try, outcome: Outcome) -> Result<(), Error> {
    engine.conclude(job, this.request.id, this.end(outcome)).await?;
    Ok(())
}

/// Returns the facts the form and the steward ask for, or what is wrong with the steward's lines.
fn asked(engine: &Engine, this: &Try) -> Result<Result<CorrectionPlan, Failure>, Error> {
    let ctx = engine.inner.context(&this.request)?;
    let mut inputs = this.request.inputs(ctx.flow, &this.task);
    let lines = inputs.remove(CHANGES).unwrap_or_default();
    let facts = inputs.into_iter().map(|(fact, value)| RightFact {
        fact,
        value: Some(value.trim().to_owned()),
        was: None,
    });
    let asked = match CorrectionPlan::read_facts(&lines) {
        Ok(asked) => asked,
        Err(number) => {
            let message = format!(
                "line {number} of what is to be corrected can't be read: write it as city: Paris, or city: Rome -> Paris"
            );
            return Ok(Err(Failure { code: "input".to_owned(), source: None, message }));
        }
    };
    Ok(Ok(CorrectionPlan::merge(facts.collect(), asked)))
}

fn wanted(facts: &[RightFact]) -> Vec<Wanted> {
    let wanted = facts.iter().map(|right| Wanted {
        fact: Arc::from(right.fact.as_str()),
        value: right.value.clone(),
        was: right.was.clone(),
    });
    wanted.collect()
}

fn subjects(request: &Request) -> [Subject; 1] {
    let email = normal_email(&request.subject.reveal().email);
    [Subject { identities: vec![Identity { kind: Arc::from("email"), value: Pii::new(email) }] }]
}

fn work<'a>(engine: &'a Engine, wanted: &'a [Wanted], subjects: &'a [Subject]) -> Rectification<'a> {
    let finder: &Finder = &engine.inner.finder;
    Rectification {
        graph: &finder.graph,
        plan: &finder.whole_plan,
        whole: &finder.every_plan,
        wanted,
        sources: &finder.sources,
        subjects,
        chance: &*engine.inner.chance,
    }
}

/// Takes out of a plan what can't be done by itself, and returns it as work for people: a table is corrected as a
/// whole or by hand, never half.
fn ease(engine: &Engine, correction: &mut Correction, wanted: &[Wanted]) -> Vec<LeftOpen> {
    let place = |dataset: &str, collection: &str| {
        let finder = &engine.inner.finder;
        let known = finder
            .collections
            .iter()
            .find(|known| *known.dataset == *dataset && *known.collection == *collection);
        let name = known.map_or(collection, |known| known.name.as_str());
        format!("{}: {name}", engine.inner.source_name(dataset))
    };
    let mut open: Vec<LeftOpen> = Vec::new();
    let mut add = |place: String, reason: String| {
        let one = LeftOpen { place, reason };
        if !open.contains(&one) {
            open.push(one);
        }
    };
    let troubles = std::mem::take(&mut correction.planned.troubles);
    for trouble in &troubles {
        let field = trouble.field.as_deref().map(|field| format!("{field}: ")).unwrap_or_default();
        add(place(&trouble.dataset, &trouble.collection), format!("{field}{}", trouble.message));
    }
    let is_troubled = |dataset: &str, collection: &str| {
        troubles.iter().any(|one| *one.dataset == *dataset && *one.collection == *collection)
    };
    correction.changes.retain(|change| !is_troubled(&change.dataset, &change.collection));
    for source in &mut correction.planned.sources {
        source.collections.retain(|one| !is_troubled(&one.dataset, &one.collection));
    }
    correction.planned.sources.retain(|source| !source.collections.is_empty());
    for one in correction.left.iter().chain(&correction.elsewhere) {
        add(place(&one.dataset, &one.collection), one.reason.clone());
    }
    let finder = &engine.inner.finder;
    for fact in unmapped(wanted, finder) {
        add(fact.to_string(), "no dataset says which field holds it".to_owned());
    }
    for owned in finder.owned.iter().filter(|owned| !owned.confirms) {
        add(owned.name.clone(), "it has no connection: ask whoever looks after it".to_owned());
    }
    open
}

/// Returns the facts no field holds. A name in two parts is one where only whole names are kept.
fn unmapped(wanted: &[Wanted], finder: &Finder) -> Vec<Arc<str>> {
    let has = |name: &str| wanted.iter().any(|one| *one.fact == *name);
    let is_whole_name = has("first_name") && has("last_name");
    let mut unknown = unknown_facts(wanted, finder.graph.datasets());
    unknown.retain(|fact| !(is_whole_name && matches!(&**fact, "first_name" | "last_name")));
    unknown
}

fn changes(correction: &Correction) -> BTreeSet<FieldChange> {
    let changes = correction.changes.iter().map(|change| FieldChange {
        source: change.source.to_string(),
        dataset: change.dataset.to_string(),
        collection: change.collection.to_string(),
        key: change.key.to_json(),
        field: change.corrected.path.to_string(),
        fact: change.corrected.fact.as_ref().map(ToString::to_string),
        before: change.corrected.before.to_text(),
        after: change.corrected.after.to_text(),
    });
    changes.collect()
}

/// Names a plan by what it says, whatever the order it was found in.
fn hash(plan: &CorrectionPlan) -> String {
    let text = serde_json::to_vec(plan).unwrap_or_default();
    hex::encode(Sha256::digest(&text))
}

fn counts(plan: &CorrectionPlan) -> Vec<SourceCorrected> {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for change in &plan.changes {
        *counts.entry(&change.source).or_default() += 1;
    }
    let counts = counts.into_iter();
    counts.map(|(source, field_count)| SourceCorrected { source: source.to_owned(), field_count }).collect()
}

fn is_done(one: &SourceOutcome) -> bool {
    matches!(one.outcome, Written::Done { .. } | Written::Nothing)
}

async fn unreadable(engine: &Engine, job: &Claimed, this: &Try, unsearched: Unsearched) -> Result<(), Error> {
    match unsearched.errors.into_iter().next() {
        Some(error) => engine.wait_for_source(job, this, &error).await,
        None => Err(Error::Lost),
    }
}

/// A source that wasn't written to: what others took stays, and the next try finds it right.
async fn unwritten(engine: &Engine, job: &Claimed, this: &Try, one: SourceOutcome) -> Result<(), Error> {
    match one.outcome {
        Written::Failed(error) | Written::Unknown(error) => engine.wait_for_source(job, this, &error).await,
        // Somebody wrote to the row between the look and the change: look again.
        Written::Changed { .. } => {
            let mut tx = engine.inner.store.begin().await?;
            let why = format!("source {}: rows changed while they were being corrected", one.source);
            tx.retry(job, &why).await?;
            Ok(tx.commit().await?)
        }
        Written::Unrecorded(_) | Written::Done { .. } | Written::Nothing => Err(Error::Lost),
    }
}

fn left(residue: &[Residue]) -> Failure {
    let places: Vec<String> = residue
        .iter()
        .map(|one| format!("{}:{}: {} {}", one.dataset, one.collection, one.rows, one.what))
        .collect();
    let message =
        format!("read back, not all is as it should be ({}): look there, then try again", places.join("; "));
    Failure { code: "residue".to_owned(), source: None, message }
}
