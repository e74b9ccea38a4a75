//! All published definitions, parsed: what decisions, pages and jobs are made from.
//!
//! A request follows the versions of the day it came in, so every published version is kept, and a law
//! pack is looked up by the hash of its text.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Activity, Entity, Kind, Regulation};
use crate::access::{Role, RoleName};
use crate::assignment::Assignment;
use crate::calendar::Calendar;
use crate::event::Actor;
use crate::flow::{self, Flow};
use crate::law::Pack;
use crate::list::List;
use crate::request::{Context, Terms};
use crate::snippet::Snippet;

/// A published version of a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// Its text.
    pub text: String,
    /// The SHA-256 of its text, hexadecimal.
    pub hash: String,
    /// Whether it is no longer in force: only what was begun under it still reads it.
    pub is_retired: bool,
}

/// How many versions a catalog was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    /// Ever published.
    pub published: u64,
    /// Of these, retired since.
    pub retired: u64,
}

/// A definition something points to isn't there.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("there is no published {} {name}", kind.as_str())]
pub struct Missing {
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: String,
}

/// All published definitions.
#[derive(Debug, Default)]
pub struct Catalog {
    laws: BTreeMap<String, Vec<(Text, Pack)>>,
    calendars: BTreeMap<String, Calendar>,
    pub(super) regulations: BTreeMap<String, Regulation>,
    pub(super) entities: BTreeMap<String, Entity>,
    pub(super) activities: BTreeMap<String, Activity>,
    /// With whether they are retired.
    pub(super) flows: BTreeMap<(String, u32), (Arc<Flow>, bool)>,
    roles: BTreeMap<RoleName, Role>,
    lists: BTreeMap<String, List>,
    snippets: BTreeMap<String, Snippet>,
    assignment: Assignment,
    others: Vec<Text>,
    size: Size,
}

impl Catalog {
    /// Parses all published versions, in any order.
    ///
    /// # Errors
    /// What is wrong with texts that can't be read, and pointers to definitions that aren't there.
    pub fn new(texts: Vec<Text>) -> Result<Self, Vec<String>> {
        let mut catalog = Self::default();
        let mut problems = Vec::new();
        let mut texts = texts;
        texts.sort_by_key(|text| text.version);
        for text in texts {
            if let Err(said) = catalog.add(text) {
                problems.extend(said);
            }
        }
        catalog.resolve_offers();
        problems.extend(catalog.loose_ends());
        if problems.is_empty() { Ok(catalog) } else { Err(problems) }
    }

    /// Takes a text in; a later version takes the place of an earlier where only the latest counts.
    fn add(&mut self, text: Text) -> Result<(), Vec<String>> {
        let file = format!("{} {}", text.kind.as_str(), text.name);
        self.size.published += 1;
        self.size.retired += u64::from(text.is_retired);
        // What was begun points to a version of a flow or a law; of all else only what is in force counts.
        if text.is_retired && !matches!(text.kind, Kind::Law | Kind::Flow) {
            return Ok(());
        }
        match text.kind {
            Kind::Law => {
                let pack = Pack::parse(&text.text).map_err(|problems| said(&file, &problems))?;
                self.laws.entry(pack.id().to_owned()).or_default().push((text, pack));
            }
            Kind::Calendar => {
                let calendar = Calendar::parse(&text.text).map_err(|problems| said(&file, &problems))?;
                self.calendars.insert(calendar.id().to_owned(), calendar);
            }
            Kind::Regulation => {
                let regulation =
                    Regulation::parse(&file, &text.text).map_err(|problems| said(&file, &problems))?;
                self.regulations.insert(regulation.name.clone(), regulation);
            }
            Kind::Entity => {
                let entity = Entity::parse(&file, &text.text).map_err(|problems| said(&file, &problems))?;
                self.entities.insert(entity.name.clone(), entity);
            }
            Kind::Activity => {
                let activity =
                    Activity::parse(&file, &text.text).map_err(|problems| said(&file, &problems))?;
                self.activities.insert(activity.name.clone(), activity);
            }
            Kind::Flow => {
                let flow = Flow::parse(&file, &text.text).map_err(|problems| said(&file, &problems))?;
                self.flows.insert((flow.name.clone(), text.version), (Arc::new(flow), text.is_retired));
            }
            Kind::Role => {
                let role = Role::parse(&file, &text.text).map_err(|problems| said(&file, &problems))?;
                self.roles.insert(role.name.clone(), role);
            }
            Kind::List => {
                let list = List::parse(&file, &text.text).map_err(|problems| said(&file, &problems))?;
                self.lists.insert(list.name.clone(), list);
            }
            Kind::Snippet => {
                let snippet = Snippet::parse(&file, &text.text).map_err(|problems| said(&file, &problems))?;
                self.snippets.insert(snippet.name.clone(), snippet);
            }
            Kind::Assignment => {
                self.assignment =
                    Assignment::parse(&file, &text.text).map_err(|problems| said(&file, &problems))?;
            }
            Kind::Dataset | Kind::Policy | Kind::Register => self.others.push(text),
        }
        Ok(())
    }

    fn loose_ends(&self) -> Vec<String> {
        let mut missing = self.loose_offers();
        for entity in self.entities.values() {
            for binding in entity.laws.iter().filter(|binding| !self.laws.contains_key(&binding.law)) {
                let lack = Missing { kind: Kind::Law, name: binding.law.clone() };
                missing.push(format!("entity {}: {lack}", entity.name));
            }
            if let Some(name) = entity.calendar.as_ref().filter(|name| !self.calendars.contains_key(*name)) {
                let lack = Missing { kind: Kind::Calendar, name: name.clone() };
                missing.push(format!("entity {}: {lack}", entity.name));
            }
        }
        for flow in self.latest_flows() {
            let mut issues = flow::check_roles(flow, |name| self.roles.contains_key(name));
            issues.extend(flow::check_lists(flow, |name| self.lists.contains_key(name)));
            missing.extend(issues.iter().map(|issue| format!("flow {}: {issue}", flow.name)));
        }
        missing
    }

    /// Returns from how many versions it was made.
    pub fn size(&self) -> Size {
        self.size
    }

    /// Returns all roles.
    pub fn roles(&self) -> impl Iterator<Item = &Role> {
        self.roles.values()
    }

    /// Returns the role of that name.
    pub fn role(&self, name: &RoleName) -> Option<&Role> {
        self.roles.get(name)
    }

    /// Returns all snippets.
    pub fn snippets(&self) -> impl Iterator<Item = &Snippet> {
        self.snippets.values()
    }

    /// Returns the snippet of that name.
    pub fn snippet(&self, name: &str) -> Option<&Snippet> {
        self.snippets.get(name)
    }

    /// Returns all lists.
    pub fn lists(&self) -> impl Iterator<Item = &List> {
        self.lists.values()
    }

    /// Returns the list of that name.
    pub fn list(&self, name: &str) -> Option<&List> {
        self.lists.get(name)
    }

    /// Returns how the case owner of a new request is chosen.
    pub fn assignment(&self) -> &Assignment {
        &self.assignment
    }

    /// Returns what people call a role; its name where there is none any more.
    pub fn role_title(&self, name: &RoleName) -> String {
        self.role(name).map_or_else(|| name.to_string(), |role| role.title.clone())
    }

    /// Returns the roles an account names. One that is no longer there grants nothing.
    pub fn roles_of(&self, names: &[String]) -> Vec<Role> {
        let known = names.iter().filter_map(|name| self.role(&RoleName::parse(name).ok()?));
        known.cloned().collect()
    }

    /// Returns all activities, offered or not.
    pub fn activities(&self) -> impl Iterator<Item = &Activity> {
        self.activities.values()
    }

    /// Returns the activity of that name.
    pub fn activity(&self, name: &str) -> Option<&Activity> {
        self.activities.get(name)
    }

    /// Returns all entities.
    pub fn entities(&self) -> impl Iterator<Item = &Entity> {
        self.entities.values()
    }

    /// Returns the entity of that name.
    pub fn entity(&self, name: &str) -> Option<&Entity> {
        self.entities.get(name)
    }

    /// Returns the latest version of a flow.
    pub fn latest_flow(&self, name: &str) -> Option<(u32, &Arc<Flow>)> {
        let of_name = self.flows.range((name.to_owned(), 0)..=(name.to_owned(), u32::MAX));
        let mut in_force = of_name.filter(|(_, (_, is_retired))| !is_retired);
        in_force.next_back().map(|((_, version), (flow, _))| (*version, flow))
    }

    /// Returns the flows in force, each in its latest version.
    pub fn latest_flows(&self) -> impl Iterator<Item = &Arc<Flow>> {
        let names: BTreeSet<&str> = self.flows.keys().map(|(name, _)| name.as_str()).collect();
        names.into_iter().filter_map(|name| self.latest_flow(name)).map(|(_, flow)| flow)
    }

    /// Returns a version of a flow.
    pub fn flow(&self, name: &str, version: u32) -> Option<&Arc<Flow>> {
        self.flows.get(&(name.to_owned(), version)).map(|(flow, _)| flow)
    }

    /// Returns the law packs in force, each in its latest version.
    pub fn laws(&self) -> impl Iterator<Item = &Pack> {
        self.laws.keys().filter_map(|id| self.latest_law(id)).map(|(pack, _)| pack)
    }

    /// Returns the latest version of a law pack, and the hash of its text.
    pub fn latest_law(&self, id: &str) -> Option<(&Pack, &str)> {
        let mut in_force = self.laws.get(id)?.iter().filter(|(text, _)| !text.is_retired);
        in_force.next_back().map(|(text, pack)| (pack, text.hash.as_str()))
    }

    /// Returns the version of a law pack for requests received on a day, and the hash of its text.
    ///
    /// A later version that says from which day of receipt on it applies leaves older requests to the version
    /// before it; one that doesn't say so corrects it for all. A day before every version gets the oldest.
    pub fn law_on(&self, id: &str, received_on: Date) -> Option<(&Pack, &str)> {
        let all = self.laws.get(id)?;
        // What was retired counts for older requests only, and only where a version came after it.
        let newest = all.iter().rposition(|(text, _)| !text.is_retired)?;
        let versions = all.get(..=newest)?;
        let fits = |pack: &Pack| pack.requests_from().is_none_or(|from| from <= received_on);
        let found = versions.iter().rev().find(|(_, pack)| fits(pack)).or_else(|| versions.first());
        found.map(|(text, pack)| (pack, text.hash.as_str()))
    }

    /// Returns the version of a law pack whose text has this hash.
    pub fn law(&self, id: &str, hash: &str) -> Option<&Pack> {
        self.laws.get(id)?.iter().find(|(text, _)| text.hash == hash).map(|(_, pack)| pack)
    }

    /// Returns the calendar of that id.
    pub fn calendar(&self, id: &str) -> Option<&Calendar> {
        self.calendars.get(id)
    }

    /// Returns the latest version of each definition of a kind that other crates parse.
    pub fn texts(&self, kind: Kind) -> Vec<&Text> {
        let mut latest: BTreeMap<&str, &Text> = BTreeMap::new();
        for text in self.others.iter().filter(|text| text.kind == kind) {
            latest.insert(&text.name, text);
        }
        latest.into_values().collect()
    }

    /// Returns what decisions on a request under these terms are made on.
    ///
    /// # Errors
    /// When something the request was made under isn't there.
    pub fn context<'a>(
        &'a self,
        terms: &Terms,
        now: Timestamp,
        actor: Actor,
        roles: &'a [Role],
    ) -> Result<Context<'a>, Missing> {
        let missing = |kind, name: &str| Missing { kind, name: name.to_owned() };
        let flow =
            self.flow(&terms.flow, terms.flow_version).ok_or_else(|| missing(Kind::Flow, &terms.flow))?;
        let law = self.law(&terms.law, &terms.law_hash).ok_or_else(|| missing(Kind::Law, &terms.law))?;
        let also = terms
            .also
            .iter()
            .map(|also| self.law(&also.law, &also.law_hash).ok_or_else(|| missing(Kind::Law, &also.law)));
        let also = also.collect::<Result<Vec<_>, _>>()?;
        let entity = self.entity(&terms.entity).ok_or_else(|| missing(Kind::Entity, &terms.entity))?;
        let zone = TimeZone::get(&terms.zone).map_err(|_| missing(Kind::Entity, &terms.entity))?;
        Ok(Context {
            now,
            zone,
            actor,
            roles,
            flow,
            law,
            also,
            calendar: terms.calendar.as_ref().and_then(|id| self.calendars.get(id)),
            settings: entity.settings.clone(),
        })
    }
}

fn said(file: &str, problems: &[impl ToString]) -> Vec<String> {
    problems
        .iter()
        .map(|problem| {
            let problem = problem.to_string();
            if problem.starts_with(file) { problem } else { format!("{file}: {problem}") }
        })
        .collect()
}
