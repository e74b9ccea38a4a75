//! Reads `retention.yml`.

use std::sync::Arc;

use habeas_core::pii::Pii;
use habeas_core::yaml::{Cursor, Problems, parse};
use jiff::civil::Date;

use super::{Condition, HoldScope, LegalHold, Retention, RetentionRule, TaxYear};
use crate::model::{Dataset, Place};
use crate::taxonomy::Category;

/// Reads a file of retention rules and legal holds; what it names must exist in the datasets.
pub fn read(file: &str, text: &str, datasets: &[Dataset], problems: &Problems) -> Retention {
    let mut retention = Retention::default();
    let Some(document) = parse(file, text, problems) else { return retention };
    let Some(mut map) = document.root(problems).mapping() else { return retention };
    if let Some(at) = map.take("tax_year_ends") {
        retention.tax_year_ends = tax_year(&at).unwrap_or_default();
    }
    let rules = map.take("retention").and_then(|at| at.sequence()).unwrap_or_default();
    retention.rules = rules.iter().filter_map(|at| rule(at, datasets)).collect();
    let holds = map.take("holds").and_then(|at| at.sequence()).unwrap_or_default();
    retention.holds = holds.iter().filter_map(|at| hold(at, datasets)).collect();
    map.finish();
    retention
}

fn tax_year(at: &Cursor<'_>) -> Option<TaxYear> {
    let parts = at.text()?.split_once('-').and_then(|(month, day)| {
        let (month, day) = (month.parse().ok()?, day.parse().ok()?);
        // A year without the 29th of February: the day must be there every year.
        Date::new(2025, month, day).ok().map(|_| TaxYear { month, day })
    });
    parts.or_else(|| at.mismatch("a month and a day such as 04-05"))
}

fn place(at: &Cursor<'_>) -> Place {
    Place { file: at.file().clone(), line: at.line(), path: at.path().to_owned() }
}

fn rule(at: &Cursor<'_>, datasets: &[Dataset]) -> Option<RetentionRule> {
    let mut map = at.mapping()?;
    let name = map.require("name").and_then(|at| at.name().map(Arc::from));
    let (mut dataset, mut collection, mut categories) = (None, None, Vec::new());
    if let Some(mut about) = map.take("match").and_then(|at| at.mapping()) {
        dataset = about.take("dataset").and_then(|at| known_dataset(&at, datasets));
        collection =
            about.take("collection").and_then(|at| known_collection(&at, dataset.as_ref(), datasets));
        if let Some(at) = about.take_either(&["categories", "category"]) {
            categories = at.one_or_more().iter().filter_map(category).collect();
        }
        about.finish();
    }
    let when = map.take("when").and_then(|at| condition(&at));
    let until = map.take("until").and_then(|at| condition(&at));
    let law = map.require("law").and_then(|at| at.text()).map(str::to_owned);
    let reason = map.require("reason").and_then(|at| at.text()).map(str::to_owned);
    map.finish();
    Some(RetentionRule {
        name: name?,
        dataset,
        collection,
        categories,
        when,
        until,
        law: law?,
        reason: reason?,
        at: place(at),
    })
}

fn condition(at: &Cursor<'_>) -> Option<Condition> {
    match Condition::compile(at.text()?) {
        Ok(condition) => Some(condition),
        Err(problem) => {
            at.report(problem);
            None
        }
    }
}

fn category(at: &Cursor<'_>) -> Option<Category> {
    let key = at.name()?;
    if !crate::taxonomy::is_known(key) {
        let problem = at.problem(format!("unknown data category '{key}'"));
        at.push(match crate::taxonomy::nearest(key) {
            Some(near) => problem.with_hint(format!("did you mean '{near}'?")),
            None => problem,
        });
    }
    Some(Category::new(key))
}

fn known_dataset(at: &Cursor<'_>, datasets: &[Dataset]) -> Option<Arc<str>> {
    let name = at.name()?;
    if !datasets.iter().any(|dataset| *dataset.key == *name) {
        let problem = at.problem(format!("there is no dataset '{name}'"));
        at.push(problem.with_nearest(name, datasets.iter().map(|dataset| &*dataset.key)));
    }
    Some(Arc::from(name))
}

fn known_collection(at: &Cursor<'_>, dataset: Option<&Arc<str>>, datasets: &[Dataset]) -> Option<Arc<str>> {
    let name = at.name()?;
    let here = || datasets.iter().filter(|known| dataset.is_none_or(|key| known.key == *key));
    let names = || here().flat_map(|known| known.collections.iter().map(|collection| &*collection.name));
    if !names().any(|known| known == name) {
        let problem = at.problem(format!("there is no collection '{name}'"));
        at.push(problem.with_nearest(name, names()));
    }
    Some(Arc::from(name))
}

fn hold(at: &Cursor<'_>, datasets: &[Dataset]) -> Option<LegalHold> {
    let mut map = at.mapping()?;
    let name = map.require("name").and_then(|at| at.name().map(Arc::from));
    let subject = map.take("subject").and_then(|at| at.mapping()).map(|identities| {
        let read =
            |(kind, value): (&str, Cursor<'_>)| Some((Arc::from(kind), Pii::new(value.text()?.to_owned())));
        HoldScope::Subject(identities.entries().filter_map(read).collect())
    });
    let dataset = map.take("dataset").and_then(|at| known_dataset(&at, datasets));
    let collection = map.take("collection").and_then(|at| known_collection(&at, dataset.as_ref(), datasets));
    let ground = map.require("ground").and_then(|at| at.text()).map(str::to_owned);
    let review_on = map.take("review_on").and_then(|at| {
        let day = at.text()?.parse::<Date>().ok();
        day.or_else(|| at.mismatch("a date such as 2027-01-31"))
    });
    map.finish();
    let scope = match (subject, dataset) {
        (Some(subject), None) => subject,
        (None, Some(dataset)) => HoldScope::Collection { dataset, collection },
        (None, None) | (Some(_), Some(_)) => {
            return at.mismatch("either a subject or a dataset, with or without a collection");
        }
    };
    Some(LegalHold { name: name?, scope, ground: ground?, review_on, at: place(at) })
}
