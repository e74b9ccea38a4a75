//! Flows: a file for each page, and what they share: how flows are read, shown as pictures and judged.

pub(super) mod compare;
pub(super) mod copy;
pub(super) mod edit;
pub(super) mod file;
pub(super) mod import;
pub(super) mod list;
pub(super) mod new;
mod panel;
mod picture;
pub(super) mod publish;
pub(super) mod trial;
pub(super) mod version;

use habeas_core::definition::Activity;
use habeas_core::flow::{self, Flow, Issue, Place};
use habeas_render::page::console::{FlowProblem, PanelAct};
use habeas_render::page::part::{Badge, Tone};
use habeas_store::definitions::{Definition, Owner, State};
use habeas_store::{Read, Tx};

use super::told;
use crate::App;
use crate::error::{Error, Result};

/// The kind of definitions these pages are about.
pub(super) const KIND: &str = "flow";
/// A flow that is edited here is not longer.
pub(super) const LONGEST: usize = 256 * 1024;

/// Why a draft isn't changed or published.
pub(super) const OF_GIT: &str = "This flow is kept in git now, so nothing was done here. To go on with the draft, \
                                 save it as another flow, or take it into the file";

/// Reads the text of a version.
pub(super) fn parse(definition: &Definition) -> Result<Flow> {
    Flow::parse_draft(KIND, &definition.text).map_err(|_| Error::Broken("a flow that can't be read was kept"))
}

/// Returns every version of a flow, newest first; nothing where there is none.
pub(super) async fn versions(read: &mut Read, name: &str) -> Result<Vec<Definition>> {
    let versions = read.list_versions(KIND, name).await?;
    if versions.is_empty() { Err(Error::NotFound) } else { Ok(versions) }
}

/// Says whether a file in git says what a flow is: then it is changed there.
pub(super) fn is_of_git(versions: &[Definition]) -> bool {
    let newest = versions.iter().find(|version| version.state != State::Draft);
    newest.is_some_and(|version| version.owner == Owner::Git)
}

/// Returns the draft, or says that there is none.
pub(super) async fn draft(tx: &mut Tx, name: &str) -> Result<Definition> {
    tx.lookup_draft(KIND, name).await?.ok_or(Error::NotFound)
}

/// Returns the activities in force.
pub(super) async fn activities(read: &mut Read) -> Result<Vec<Activity>> {
    let texts = read.list_definitions_in_force(Some("activity")).await?;
    Ok(texts.iter().filter_map(|text| Activity::parse("activity", &text.text).ok()).collect())
}

/// Returns names and addresses of the activities that use a flow.
pub(super) fn used_by(activities: &[Activity], flow: &str) -> Vec<(String, String)> {
    let using = activities.iter().filter(|activity| activity.flow == flow);
    using.map(|activity| (activity.title.clone(), format!("/console/activities/{}", activity.name))).collect()
}

/// Returns everything that keeps a flow from being published here.
pub(super) fn issues(app: &App, flow: &Flow) -> Vec<Issue> {
    let mut issues = flow::check(flow);
    issues.extend(flow::check_roles(flow, |name| app.catalog.role(name).is_some()));
    issues.extend(flow::check_lists(flow, |name| app.catalog.list(name).is_some()));
    issues
}

/// Returns the custom lists there are: name and title.
pub(super) fn lists(app: &App) -> Vec<(String, String)> {
    app.catalog.lists().map(|list| (list.name.clone(), list.title.clone())).collect()
}

/// Returns an issue with its place in words and where it can be mended.
pub(super) fn problem(flow: &Flow, issue: &Issue, editor: &str) -> FlowProblem {
    let (place, query) = match &issue.place {
        Place::Flow(_) => ("The flow".to_owned(), "about=flow".to_owned()),
        Place::Stage(key) => {
            let title = flow.stage(key).map_or(key.as_str(), |stage| stage.title.as_str());
            (format!("Stage {title}"), format!("stage={key}"))
        }
        Place::Task(key) => {
            let title = flow.task(key).map_or(key.as_str(), |task| task.title.as_str());
            let stage = flow.stage(key.stage()).map_or(key.stage(), |stage| stage.title.as_str());
            (format!("{title}, in {stage}"), format!("task={key}"))
        }
    };
    FlowProblem { place, text: told::capitalised(&issue.text), href: format!("{editor}?{query}#panel") }
}

/// Returns how long a flow takes.
pub(super) fn work(flow: &Flow) -> String {
    match flow.work_hours() {
        0 => "No task has a deadline yet".to_owned(),
        hours => {
            let days = flow.work_days();
            format!("{} = {}", hours_of(hours), counted(days, "working day", "working days"))
        }
    }
}

/// Returns hours of work in words.
pub(super) fn hours_of(hours: u32) -> String {
    counted(hours, "working hour", "working hours")
}

pub(super) fn counted(number: u32, one: &str, many: &str) -> String {
    habeas_render::text::count(number, one, many)
}

/// Returns how far a version is.
pub(super) fn badge(state: State) -> Badge {
    match state {
        State::Draft => Badge::new(Tone::Warn, "Draft"),
        State::Published => Badge::new(Tone::Good, "Published"),
        State::Retired => Badge::new(Tone::Neutral, "Retired"),
    }
}

/// Returns what can be done with a version.
pub(super) fn acts(definition: &Definition, may_edit: bool, may_publish: bool) -> Vec<PanelAct> {
    match definition.state {
        State::Draft if may_edit => vec![PanelAct::new("drop", "Delete", Tone::Bad)],
        State::Published if may_publish => vec![PanelAct::new("retire", "Retire", Tone::Neutral)],
        State::Draft | State::Published | State::Retired => Vec::new(),
    }
}

/// Says what is wrong with the name of a new flow.
pub(super) async fn name_problem(tx: &mut Tx, name: &str) -> Result<Option<String>> {
    if name.is_empty() || name.len() > 64 || flow::slug(name, "") != name {
        let text = "Use at most 64 small letters, digits, '_' and '-', beginning with a letter or a digit";
        return Ok(Some(text.to_owned()));
    }
    if matches!(name, "new" | "import") || !tx.list_versions(KIND, name).await?.is_empty() {
        return Ok(Some("Another flow has this name".to_owned()));
    }
    Ok(None)
}
