//! How the list of tasks is narrowed and ordered: the words in its address and the chips that set them.
//!
//! The team of a task stands in its flow and not in the database, so that lines are sifted here; there
//! are at most as many as the store gives.

use habeas_core::request::TaskState;
use habeas_render::page::part::{Chip, Column, Direction, FilterGroup};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use super::work::Line;
use crate::App;
use crate::console::chrome;

/// What stands in the address.
#[derive(Deserialize, Default, Clone, PartialEq)]
#[serde(default)]
pub(in crate::console) struct Narrowed {
    whose: String,
    team: String,
    state: String,
    due: String,
    sort: String,
    pub(super) page: usize,
}

impl Narrowed {
    /// Reads the words of a query that a form carried; what can't be read narrows nothing.
    pub(in crate::console) fn parse(query: &str) -> Self {
        let mut narrowed = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()).take(30) {
            if let Some(text) = narrowed.word(&name).filter(|_| value.len() <= 100) {
                *text = value.into_owned();
            }
        }
        narrowed
    }

    fn word(&mut self, name: &str) -> Option<&mut String> {
        self.words().into_iter().find(|(known, _)| *known == name).map(|(_, text)| text)
    }

    fn words(&mut self) -> [(&'static str, &mut String); 5] {
        [
            ("whose", &mut self.whose),
            ("team", &mut self.team),
            ("state", &mut self.state),
            ("due", &mut self.due),
            ("sort", &mut self.sort),
        ]
    }

    /// Says whether everybody's tasks are asked for.
    pub(super) fn is_everybodys(&self) -> bool {
        self.whose == "all"
    }

    /// Says whether anything but the order is set.
    pub(super) fn is_narrowed(&self) -> bool {
        Self { sort: String::new(), page: 0, ..self.clone() } != Self::default()
    }

    /// Returns the words as they stand in an address, without the page.
    pub(in crate::console) fn query(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, text) in self.clone().words().into_iter().filter(|(_, text)| !text.is_empty()) {
            query.append_pair(name, text);
        }
        query.finish()
    }

    /// Returns the address of the list with something changed.
    pub(super) fn link(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut to = Self { page: 0, ..self.clone() };
        change(&mut to);
        let query = to.query();
        let page = if to.page > 1 { format!("&page={}", to.page) } else { String::new() };
        format!("/console/tasks?{query}{page}")
    }

    /// Says whether a line is in the list.
    pub(super) fn holds(&self, app: &App, line: &Line<'_>) -> bool {
        let now = app.now();
        let fits_team = self.team.is_empty() || line.team.is_some_and(|team| team.as_str() == self.team);
        let fits_state = match self.state.as_str() {
            "failed" => matches!(line.open.task.state, TaskState::Failed | TaskState::Stopped),
            "free" => line.is_in_progress() && line.open.task.taken_by.is_none(),
            "taken" => line.open.task.taken_by.is_some(),
            _ => true,
        };
        fits_team && fits_state && self.fits_date(app, line.open.task.due_at, now)
    }

    fn fits_date(&self, app: &App, due_at: Option<Timestamp>, now: Timestamp) -> bool {
        let day = |at: Timestamp| -> Date { at.to_zoned(chrome::zone(app)).date() };
        match (self.due.as_str(), due_at) {
            ("overdue", at) => at.is_some_and(|at| at < now),
            ("today", at) => at.is_some_and(|at| day(at) == day(now)),
            _ => true,
        }
    }

    /// Puts lines in the order asked for; they come by their dates.
    pub(super) fn order(&self, lines: &mut [Line<'_>]) {
        let (name, is_descending) = match self.sort.strip_prefix('-') {
            Some(name) => (name, true),
            None => (self.sort.as_str(), false),
        };
        match name {
            "request" => lines.sort_by(|a, b| a.open.reference.as_str().cmp(b.open.reference.as_str())),
            "name" => lines.sort_by(|a, b| a.task.title.cmp(&b.task.title)),
            _ => {}
        }
        if is_descending {
            lines.reverse();
        }
    }

    /// Returns the heads of the columns.
    pub(super) fn columns(&self) -> Vec<Column> {
        let column = |label: &str, name: &str| {
            let current = if self.sort.is_empty() { "due" } else { self.sort.as_str() };
            let sorted = match current.strip_prefix('-') {
                Some(by) if by == name => Some(Direction::Descending),
                None if current == name => Some(Direction::Ascending),
                _ => None,
            };
            let next =
                if sorted == Some(Direction::Ascending) { format!("-{name}") } else { name.to_owned() };
            Column::sortable(label, self.link(|to| to.sort = next), sorted)
        };
        vec![
            column("Task", "name"),
            column("Request", "request"),
            Column::plain("For"),
            Column::plain("State"),
            column("By", "due"),
        ]
    }

    /// Returns the chips; whose tasks are shown is a choice for those who assign work.
    pub(super) fn chips(&self, may_see_all: bool, teams: &[(String, String)]) -> Vec<FilterGroup> {
        let group = |label: &str, chips| FilterGroup { label: label.to_owned(), chips };
        let mut groups = Vec::new();
        if may_see_all {
            let whose = vec![self.chip("Everybody's", "whose", "all")];
            groups.push(group("Whose", whose));
        }
        let due = [("Overdue", "overdue"), ("Today", "today")];
        groups.push(group("Due", due.map(|(label, value)| self.chip(label, "due", value)).into()));
        let states = [("Failed", "failed"), ("Free", "free"), ("Taken", "taken")];
        groups.push(group("State", states.map(|(label, value)| self.chip(label, "state", value)).into()));
        if teams.len() > 1 {
            let chips = teams.iter().map(|(name, title)| self.chip(title, "team", name));
            groups.push(group("Team", chips.collect()));
        }
        groups
    }

    fn chip(&self, label: &str, word: &str, value: &str) -> Chip {
        let is_active = self.clone().word(word).is_some_and(|text| text == value);
        let next = if is_active { "" } else { value };
        let href = self.link(|to| {
            if let Some(text) = to.word(word) {
                next.clone_into(text);
            }
        });
        Chip { label: label.to_owned(), href, count: None, is_active }
    }
}
