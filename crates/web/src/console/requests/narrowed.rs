//! How the list of requests is narrowed and ordered: the words in its address, the chips that set them,
//! and the filter they come to. Words we don't know are left out.

use habeas_core::id::UserId;
use habeas_core::request::Status;
use habeas_render::page::part::{Chip, Column, Direction, FilterGroup};
use habeas_store::requests::{Filter, Owner, Sort};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::App;
use crate::console::people::People;
use crate::console::{case, chrome, words};
use crate::guard::Staff;

/// What stands in the address.
#[derive(Deserialize, Serialize, Default, Clone, PartialEq)]
#[serde(default)]
pub(in crate::console) struct Narrowed {
    status: String,
    law: String,
    right: String,
    activity: String,
    entity: String,
    owner: String,
    waits: String,
    risk: String,
    attention: String,
    closed: String,
    spam: String,
    due: String,
    received_from: String,
    received_to: String,
    closed_from: String,
    closed_to: String,
    sort: String,
    /// The page, from 1; not part of what a view keeps.
    #[serde(skip_serializing)]
    pub(super) page: u32,
}

/// No word in the address is longer.
const LONGEST_WORD: usize = 100;

impl Narrowed {
    /// Reads the words of a query that a form carried; what can't be read narrows nothing.
    pub(in crate::console) fn parse(query: &str) -> Self {
        let mut narrowed = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()).take(30) {
            if let Some(text) = narrowed.word(&name).filter(|_| value.len() <= LONGEST_WORD) {
                *text = value.into_owned();
            }
        }
        narrowed
    }

    fn word(&mut self, name: &str) -> Option<&mut String> {
        self.words().into_iter().find(|(known, _)| *known == name).map(|(_, text)| text)
    }

    fn words(&mut self) -> [(&'static str, &mut String); 17] {
        [
            ("status", &mut self.status),
            ("law", &mut self.law),
            ("right", &mut self.right),
            ("activity", &mut self.activity),
            ("entity", &mut self.entity),
            ("owner", &mut self.owner),
            ("waits", &mut self.waits),
            ("risk", &mut self.risk),
            ("attention", &mut self.attention),
            ("closed", &mut self.closed),
            ("spam", &mut self.spam),
            ("due", &mut self.due),
            ("received_from", &mut self.received_from),
            ("received_to", &mut self.received_to),
            ("closed_from", &mut self.closed_from),
            ("closed_to", &mut self.closed_to),
            ("sort", &mut self.sort),
        ]
    }

    /// Says whether anything but the order is set.
    pub(in crate::console) fn is_narrowed(&self) -> bool {
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

    /// Returns the address of the list with something changed, back on its first page.
    pub(in crate::console) fn link(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut to = Self { page: 0, ..self.clone() };
        change(&mut to);
        let (query, page) = (to.query(), to.page);
        match (query.is_empty(), page > 1) {
            (_, false) => format!("/console/requests?{query}"),
            (true, true) => format!("/console/requests?page={page}"),
            (false, true) => format!("/console/requests?{query}&page={page}"),
        }
    }

    /// Returns the filter the words come to.
    pub(in crate::console) fn filter(&self, app: &App, staff: &Staff) -> Filter {
        let today = chrome::today(app);
        let named = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let status = Status::ALL.into_iter().find(|status| status.as_str() == self.status);
        let (due_from, due_before) = match self.due.as_str() {
            "overdue" => (None, Some(today)),
            "week" => (Some(today), Some(today.saturating_add(8.days()))),
            _ => (None, None),
        };
        let start = |text: &String, days: i64| {
            let day: Date = text.parse().ok()?;
            day.saturating_add(days.days()).to_zoned(chrome::zone(app)).ok().map(|at| at.timestamp())
        };
        let closed_from = start(&self.closed_from, 0);
        let closed_before = start(&self.closed_to, 1);
        let names_closing = closed_from.is_some() || closed_before.is_some();
        Filter {
            statuses: status.map(|status| status.as_str().to_owned()).into_iter().collect(),
            law: named(&self.law),
            right: named(&self.right),
            activity: named(&self.activity),
            entity: named(&self.entity),
            waits_on: matches!(self.waits.as_str(), "subject" | "staff" | "source")
                .then(|| self.waits.clone()),
            is_at_risk: (self.risk == "yes").then_some(true),
            owner: match self.owner.as_str() {
                "me" => Some(Owner::User(staff.id)),
                "nobody" => Some(Owner::Nobody),
                other => other.parse::<UserId>().ok().map(Owner::User),
            },
            needs_attention: (self.attention == "yes").then_some(true),
            is_spam: Some(self.spam == "yes"),
            is_closed: match self.closed.as_str() {
                "yes" => Some(true),
                "all" => None,
                _ if self.spam == "yes" => None,
                _ if names_closing => Some(true),
                _ if status.is_some_and(Status::is_closed) => None,
                _ => Some(false),
            },
            due_from,
            due_before,
            received_from: start(&self.received_from, 0),
            received_before: start(&self.received_to, 1),
            closed_from,
            closed_before,
            search: None,
        }
    }

    /// Returns the order and whether the last comes first.
    pub(in crate::console) fn sort(&self) -> (Sort, bool) {
        let (name, is_descending) = match self.sort.strip_prefix('-') {
            Some(name) => (name, true),
            None => (self.sort.as_str(), false),
        };
        let sort = match name {
            "received" => Sort::Received,
            "reference" => Sort::Reference,
            "status" => Sort::Status,
            "what" => Sort::Activity,
            _ => Sort::Due,
        };
        (sort, is_descending)
    }

    /// Returns the heads of the columns.
    pub(super) fn columns(&self) -> Vec<Column> {
        let (sort, is_descending) = self.sort();
        let column = |label: &str, name: &str, by: Sort| {
            let direction = if is_descending { Direction::Descending } else { Direction::Ascending };
            let sorted = (sort == by).then_some(direction);
            let next =
                if sorted == Some(Direction::Ascending) { format!("-{name}") } else { name.to_owned() };
            Column::sortable(label, self.link(|to| to.sort = next), sorted)
        };
        vec![
            column("Request", "reference", Sort::Reference),
            Column::plain("Person"),
            column("What", "what", Sort::Activity),
            column("Stage", "status", Sort::Status),
            column("Due", "due", Sort::Due),
            Column::plain("Owner"),
        ]
    }

    /// Returns the chips, what can be switched on and what is on.
    pub(super) fn chips(
        &self,
        app: &App,
        people: &People,
        entities: &[(String, String)],
    ) -> Vec<FilterGroup> {
        let mut groups = vec![
            self.group("State", self.states()),
            self.group(
                "Due",
                [("Overdue", "overdue"), ("In 7 days", "week")]
                    .map(|(label, value)| self.chip(label, "due", value))
                    .into(),
            ),
            self.group("Owner", self.owners(people)),
            self.group(
                "Waits for",
                [("The person", "subject"), ("Staff", "staff"), ("A data source", "source")]
                    .map(|(label, value)| self.chip(label, "waits", value))
                    .into(),
            ),
        ];
        let mut laws: Vec<&str> = app.catalog.offered().map(|activity| activity.law.as_str()).collect();
        laws.sort_unstable();
        laws.dedup();
        let laws: Vec<_> = laws.iter().map(|law| self.chip(case::law_name(app, law), "law", law)).collect();
        let mut offered: Vec<_> =
            app.catalog.offered().map(|it| (it.title.clone(), it.name.clone())).collect();
        offered.sort();
        let offered: Vec<_> =
            offered.into_iter().map(|(title, name)| self.chip(title, "activity", &name)).collect();
        let entities: Vec<_> =
            entities.iter().map(|(name, title)| self.chip(title.as_str(), "entity", name)).collect();
        groups.extend(
            [("Law", laws), ("What", offered), ("Organisation", entities)]
                .into_iter()
                .filter(|(_, chips)| chips.len() > 1)
                .map(|(label, chips)| self.group(label, chips)),
        );
        let dates = self.dates();
        groups.extend((!dates.is_empty()).then(|| self.group("When", dates)));
        groups
    }

    #[expect(clippy::unused_self, reason = "reads as one of the list's groups where it is called")]
    fn group(&self, label: &str, chips: Vec<Chip>) -> FilterGroup {
        FilterGroup { label: label.to_owned(), chips }
    }

    /// Returns the chip that sets a word to a value, or clears it where it is set to it.
    fn chip(&self, label: impl Into<String>, word: &str, value: &str) -> Chip {
        let mut to = self.clone();
        let is_active = to.word(word).is_some_and(|text| text == value);
        let next = if is_active { "" } else { value };
        let href = self.link(|to| {
            if let Some(text) = to.word(word) {
                next.clone_into(text);
            }
        });
        Chip { label: label.into(), href, count: None, is_active }
    }

    fn states(&self) -> Vec<Chip> {
        let open = Status::ALL.into_iter().filter(|status| !status.is_closed());
        let mut chips: Vec<Chip> =
            open.map(|status| self.chip(words::status(status.as_str()), "status", status.as_str())).collect();
        chips.push(self.chip("Needs a person", "attention", "yes"));
        chips.push(self.chip("At risk", "risk", "yes"));
        chips.push(self.chip("Closed", "closed", "yes"));
        chips.push(self.chip("Spam", "spam", "yes"));
        chips
    }

    fn owners(&self, people: &People) -> Vec<Chip> {
        let mut chips = vec![self.chip("Mine", "owner", "me"), self.chip("Nobody's", "owner", "nobody")];
        if let Ok(user) = self.owner.parse::<UserId>() {
            chips.push(self.chip(people.name(user), "owner", &self.owner));
        }
        chips
    }

    /// Returns the dates that a report's link set, each to be taken off.
    fn dates(&self) -> Vec<Chip> {
        [
            ("Received from", "received_from", &self.received_from),
            ("Received until", "received_to", &self.received_to),
            ("Closed from", "closed_from", &self.closed_from),
            ("Closed until", "closed_to", &self.closed_to),
        ]
        .into_iter()
        .filter_map(|(label, word, value)| {
            let day: Date = value.parse().ok()?;
            Some(self.chip(format!("{label} {day}"), word, value))
        })
        .collect()
    }
}

#[cfg(test)]
mod tests;
