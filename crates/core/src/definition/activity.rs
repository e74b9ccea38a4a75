//! An activity: what a person may ask for, under which law, with which flow.

use crate::law::Right;
use crate::yaml::{self, Cursor, Problem, Problems};

/// What a person may ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// Its name in definitions and addresses.
    pub name: String,
    /// What the person sees as the kind of request.
    pub title: String,
    /// What it is, in a sentence or two.
    pub description: String,
    /// The entity it is asked of.
    pub entity: String,
    /// The right exercised.
    pub right: Right,
    /// The law pack that computes its dates.
    pub law: String,
    /// The flow that fulfils it.
    pub flow: String,
    /// Whether it is offered.
    pub is_offered: bool,
}

impl Activity {
    /// Reads an activity file.
    ///
    /// # Errors
    /// Every mistake with file, line and path.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let problems = Problems::new();
        let activity =
            yaml::parse(file, text, &problems).and_then(|document| read(&document.root(&problems)));
        match activity {
            Some(activity) if !problems.has_errors() => Ok(activity),
            Some(_) | None => Err(problems.into_vec()),
        }
    }
}

fn read(at: &Cursor<'_>) -> Option<Activity> {
    let mut map = at.mapping()?;
    let owned = |at: Cursor<'_>| at.name().map(str::to_owned);
    let name = map.require("activity").and_then(owned);
    let title = map.require("title").and_then(owned);
    let description = map.take("description").and_then(owned).unwrap_or_default();
    let entity = map.require("entity").and_then(owned);
    let right =
        map.require("right").and_then(|at| at.one_of(&Right::ALL.map(|right| (right.as_str(), right))));
    let law = map.require("law").and_then(owned);
    let flow = map.require("flow").and_then(owned);
    let is_offered = map.take("offered").and_then(|at| at.boolean()).unwrap_or(true);
    map.finish();
    Some(Activity {
        name: name?,
        title: title?,
        description,
        entity: entity?,
        right: right?,
        law: law?,
        flow: flow?,
        is_offered,
    })
}
