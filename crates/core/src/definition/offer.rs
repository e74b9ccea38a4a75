//! What people are offered: activities matched with the regulations, entities and flows they point to.

use std::sync::Arc;

use jiff::civil::Date;

use super::{Activity, Catalog, Entity, Kind, Missing, Regulation};
use crate::flow::Flow;
use crate::request::{AlsoLaw, Terms};

impl Catalog {
    /// Fills in what activities leave to their regulation: its law, and the entities that list it. One that
    /// names no entity is for each of them, unless that entity has an activity of its own for the same right.
    pub(super) fn resolve_offers(&mut self) {
        let mut found: Vec<Activity> = Vec::new();
        let written: Vec<Activity> = std::mem::take(&mut self.activities).into_values().collect();
        let with_law: Vec<Activity> = written.into_iter().map(|activity| self.with_law(activity)).collect();
        for activity in &with_law {
            if !activity.entity.is_empty() {
                found.push(activity.clone());
                continue;
            }
            let own = |entity: &Entity| {
                with_law.iter().any(|other| {
                    other.entity == entity.name && other.right == activity.right && other.law == activity.law
                })
            };
            let lists = |entity: &&Entity| {
                activity.regulation.as_ref().is_some_and(|it| entity.regulations.contains(it))
            };
            let entities: Vec<&Entity> = self.entities.values().filter(lists).collect();
            for (place, entity) in entities.iter().enumerate() {
                let mut bound = activity.clone();
                bound.entity.clone_from(&entity.name);
                bound.is_offered &= !own(entity);
                if place > 0 {
                    bound.name = format!("{}-{}", activity.name, entity.name);
                }
                found.push(bound);
            }
            if entities.is_empty() {
                found.push(Activity { is_offered: false, ..activity.clone() });
            }
        }
        self.activities = found.into_iter().map(|activity| (activity.name.clone(), activity)).collect();
    }

    fn with_law(&self, mut activity: Activity) -> Activity {
        let regulation = activity.regulation.as_ref().and_then(|name| self.regulations.get(name));
        if let Some(regulation) = regulation.filter(|_| activity.law.is_empty()) {
            activity.law.clone_from(&regulation.law);
        }
        activity
    }

    /// Says what activities, regulations and entities point to that isn't there.
    pub(super) fn loose_offers(&self) -> Vec<String> {
        let mut missing = Vec::new();
        let mut lack = |who: String, kind: Kind, name: &str| {
            missing.push(format!("{who}: {}", Missing { kind, name: name.to_owned() }));
        };
        for regulation in self.regulations.values().filter(|it| self.latest_law(&it.law).is_none()) {
            lack(format!("regulation {}", regulation.name), Kind::Law, &regulation.law);
        }
        for entity in self.entities.values() {
            for name in entity.regulations.iter().filter(|name| !self.regulations.contains_key(*name)) {
                lack(format!("entity {}", entity.name), Kind::Regulation, name);
            }
        }
        for activity in self.activities.values() {
            let who = || format!("activity {}", activity.name);
            let named = activity.regulation.as_ref();
            if let Some(name) = named.filter(|name| !self.regulations.contains_key(*name)) {
                lack(who(), Kind::Regulation, name);
                continue;
            }
            if !activity.entity.is_empty() && !self.entities.contains_key(&activity.entity) {
                lack(who(), Kind::Entity, &activity.entity);
            }
            if self.latest_law(&activity.law).is_none() {
                lack(who(), Kind::Law, &activity.law);
            }
            if self.flow_of(activity).is_none() {
                lack(who(), Kind::Flow, &activity.flow);
            }
        }
        let mute = |activity: &&Activity| {
            self.flow_of(activity).is_some_and(|(_, flow)| !activity.asks_contact(flow))
        };
        for activity in self.offered().filter(mute) {
            missing.push(format!(
                "activity {}: its form asks no e-mail address, so nobody could be answered: add email to fields, \
                 or a demanded field of type email to the flow {}",
                activity.name, activity.flow
            ));
        }
        missing
    }

    /// Returns all regulations.
    pub fn regulations(&self) -> impl Iterator<Item = &Regulation> {
        self.regulations.values()
    }

    /// Returns the regulation of that name.
    pub fn regulation(&self, name: &str) -> Option<&Regulation> {
        self.regulations.get(name)
    }

    /// Returns the activities people are offered: those whose regulation is active and whose flow is in force.
    pub fn offered(&self) -> impl Iterator<Item = &Activity> {
        self.activities.values().filter(|activity| self.is_offered(activity))
    }

    /// Says whether people are offered an activity now.
    pub fn is_offered(&self, activity: &Activity) -> bool {
        let regulation = activity.regulation.as_ref().and_then(|name| self.regulations.get(name));
        activity.is_offered
            && regulation.is_none_or(|regulation| regulation.is_active)
            && self.entities.contains_key(&activity.entity)
            && self.flow_of(activity).is_some()
    }

    /// Returns the version of a flow that new requests under an activity run: the one it names, or the latest
    /// in force.
    pub fn flow_of(&self, activity: &Activity) -> Option<(u32, &Arc<Flow>)> {
        match activity.flow_version {
            None => self.latest_flow(&activity.flow),
            Some(version) => {
                let (flow, is_retired) = self.flows.get(&(activity.flow.clone(), version))?;
                (!is_retired).then_some((version, flow))
            }
        }
    }

    /// Returns what a request made under an activity is made under, by the latest version of its law.
    ///
    /// [`Self::terms_on`] is for requests whose day of receipt and residence are known.
    ///
    /// # Errors
    /// When the activity or something it points to isn't there.
    pub fn terms(&self, activity: &str, language: &str) -> Result<Terms, Missing> {
        self.terms_on(activity, language, Date::MAX, None)
    }

    /// Returns what a request received on a day by a person living somewhere is made under: the law in force on
    /// that day, also where it lies in the past, and the other laws that protect the person.
    ///
    /// # Errors
    /// When the activity or something it points to isn't there.
    pub fn terms_on(
        &self,
        activity: &str,
        language: &str,
        received_on: Date,
        residence: Option<&str>,
    ) -> Result<Terms, Missing> {
        let missing = |kind, name: &str| Missing { kind, name: name.to_owned() };
        let activity = self.activity(activity).ok_or_else(|| missing(Kind::Activity, activity))?;
        let entity = self.entity(&activity.entity).ok_or_else(|| missing(Kind::Entity, &activity.entity))?;
        let (pack, law_hash) =
            self.law_on(&activity.law, received_on).ok_or_else(|| missing(Kind::Law, &activity.law))?;
        let (flow_version, _) = self.flow_of(activity).ok_or_else(|| missing(Kind::Flow, &activity.flow))?;
        Ok(Terms {
            entity: entity.name.clone(),
            activity: activity.name.clone(),
            right: activity.right,
            law: activity.law.clone(),
            law_hash: law_hash.to_owned(),
            calendar: entity.calendar.clone().or_else(|| pack.calendar().map(str::to_owned)),
            zone: entity.zone.iana_name().unwrap_or("UTC").to_owned(),
            flow: activity.flow.clone(),
            flow_version,
            language: language.to_owned(),
            reading: entity.reading,
            also: self.also(entity, activity, received_on, residence),
            targets: activity.targets.clone(),
        })
    }

    /// Returns the laws that bind beside the activity's own: those that protect the person, grant the right
    /// and were in force.
    fn also(
        &self,
        entity: &Entity,
        activity: &Activity,
        received_on: Date,
        residence: Option<&str>,
    ) -> Vec<AlsoLaw> {
        let binds =
            entity.laws.iter().filter(|binding| binding.law != activity.law && binding.protects(residence));
        binds
            .filter_map(|binding| self.law_on(&binding.law, received_on))
            .filter(|(pack, _)| pack.grants(activity.right, received_on))
            .map(|(pack, hash)| AlsoLaw { law: pack.id().to_owned(), law_hash: hash.to_owned() })
            .collect()
    }
}

#[cfg(test)]
mod tests;
