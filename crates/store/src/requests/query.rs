//! Conditions over requests, put together from our own words.

use super::{Scope, Sight};
use crate::db::Arg;

/// No more than so many values of one filter are looked at.
const VALUES_LIMIT: usize = 100;

/// A condition put together from our own words, with the values it binds.
pub(crate) struct Query {
    pub(crate) condition: String,
    pub(crate) values: Vec<Arg>,
}

impl Query {
    /// Begins with what the scope allows of `requests r`.
    pub(crate) fn new(scope: &Scope) -> Self {
        let mut query = Self { condition: "1 = 1".to_owned(), values: Vec::new() };
        match scope {
            Scope::Everything => {}
            Scope::Staff(sight) => query.seen_by(sight),
            Scope::Request(id) => query.equal("r.id", id.to_string()),
        }
        query
    }

    fn seen_by(&mut self, sight: &Sight) {
        if let Some(entities) = &sight.entities {
            self.any_of("r.entity", entities);
        }
        if let Some(activities) = &sight.activities {
            self.any_of("r.activity", activities);
        }
        // Ids hold nothing that LIKE reads as a pattern.
        let named = self.place(format!("%,{},%", sight.user));
        let of_few = if sight.sees_narrowed { "1 = 1".to_owned() } else { format!("r.readers LIKE {named}") };
        self.and(&format!(
            "(r.readers IS NULL OR (r.readers LIKE '-%' AND r.readers NOT LIKE {named})
                OR (r.readers LIKE '+%' AND {of_few}))"
        ));
    }

    pub(crate) fn and(&mut self, condition: &str) {
        self.condition.push_str(" AND ");
        self.condition.push_str(condition);
    }

    pub(crate) fn place(&mut self, value: impl Into<Arg>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    pub(crate) fn compare(&mut self, left: &str, value: impl Into<Arg>) {
        let place = self.place(value);
        self.and(&format!("{left} {place}"));
    }

    pub(crate) fn equal(&mut self, column: &str, value: impl Into<Arg>) {
        self.compare(&format!("{column} ="), value);
    }

    /// An empty set matches nothing: who may see no entity sees no request.
    pub(super) fn any_of(&mut self, column: &str, values: &[String]) {
        let places: Vec<_> = values.iter().take(VALUES_LIMIT).map(|v| self.place(v.as_str())).collect();
        if places.is_empty() {
            self.and("1 = 0");
        } else {
            self.and(&format!("{column} IN ({})", places.join(", ")));
        }
    }
}
