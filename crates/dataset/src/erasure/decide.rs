//! The decision on a row.

use std::sync::Arc;

use habeas_core::value::{Row, Value};
use jiff::civil::Date;

use super::{
    CollectionRules, Decision, FieldRule, Found, KeptField, MaskedField, Masks, Obstacle, Own, RowRule,
    Spared,
};
use crate::masking::{Masking, Secrets, Unfit};
use crate::path::FieldPath;
use crate::retention::{Applied, Kept, Retention, Subjected};
use crate::taxonomy::Category;

/// Text in place of a value that has to be there.
pub const NEUTRAL: &str = "erased";

/// Makes decisions.
#[derive(Clone, Copy)]
pub struct Decider<'a> {
    /// What speaks for keeping.
    pub retention: &'a Retention,
    /// What masking draws on.
    pub secrets: &'a Secrets,
    /// The present day.
    pub today: Date,
}

/// Returns what is kept for a reason of our own.
pub fn neutral(rule: &str, reason: impl Into<String>) -> Kept {
    Kept { rule: Arc::from(rule), reason: reason.into(), law: None, until: None }
}

impl Decider<'_> {
    /// Decides on a row. Obstacles found on the way are appended: with any the plan can't run.
    /// `used` is told the places of retention rules that applied.
    pub fn decide(
        &self,
        rules: &CollectionRules,
        found: &Found<'_>,
        used: &mut dyn FnMut(usize),
        obstacles: &mut Vec<Obstacle>,
    ) -> Decision {
        let to = Subjected {
            dataset: &rules.dataset,
            collection: &rules.collection,
            row: found.row,
            identities: found.identities,
            today: self.today,
        };
        let applied = self.retention.applies(&to);
        applied.iter().filter_map(|applied| applied.rule).for_each(used);
        if let Some(whole) = applied.iter().find(|applied| applied.categories.is_empty()) {
            return Decision::Keep(whole.kept.clone());
        }
        if let RowRule::Keep { because } = &rules.row {
            return Decision::Keep(neutral("dataset", because.clone()));
        }
        if let Some(others) = found.others {
            return self.shared(rules, found, others, &applied, obstacles);
        }
        match &rules.row {
            RowRule::Delete { because } if applied.is_empty() => {
                Decision::Delete { because: because.clone() }
            }
            RowRule::Delete { .. } => self.mask(rules, &rules.instead, found, &applied, obstacles),
            RowRule::Keep { .. } | RowRule::Fields => {
                self.mask(rules, &rules.fields, found, &applied, obstacles)
            }
        }
    }

    /// Decides on a row that should be deleted and can't be.
    pub fn instead(
        &self,
        rules: &CollectionRules,
        found: &Found<'_>,
        obstacles: &mut Vec<Obstacle>,
    ) -> Decision {
        self.mask(rules, &rules.instead, found, &[], obstacles)
    }

    /// A row that is others' too is theirs; only what says that it is the subject's is taken out.
    fn shared(
        &self,
        rules: &CollectionRules,
        found: &Found<'_>,
        others: &str,
        applied: &[Applied<'_>],
        obstacles: &mut Vec<Obstacle>,
    ) -> Decision {
        let kept = neutral("shared", others);
        let links: Vec<FieldRule> =
            rules.fields.iter().filter(|rule| found.found_by.contains(&rule.path)).cloned().collect();
        if rules.fields.is_empty() && !matches!(rules.row, RowRule::Delete { .. }) {
            return Decision::Nothing;
        }
        match self.mask(rules, &links, found, applied, obstacles) {
            Decision::Mask(masks) if !masks.columns.is_empty() => Decision::Unlink(masks, kept),
            _ => Decision::Keep(kept),
        }
    }

    fn mask(
        &self,
        rules: &CollectionRules,
        fields: &[FieldRule],
        found: &Found<'_>,
        applied: &[Applied<'_>],
        obstacles: &mut Vec<Obstacle>,
    ) -> Decision {
        let mut masks = Masks::default();
        let mut columns: Vec<(Arc<str>, Value)> = Vec::new();
        let unlisted = unlisted(rules, found.row);
        for rule in fields.iter().chain(&unlisted) {
            let keeps = applied.iter().find(|applied| names(applied.categories, &rule.categories));
            if let Some(applied) = keeps {
                masks.kept.push(KeptField { field: rule.path.clone(), kept: applied.kept.clone() });
                continue;
            }
            let top = rule.path.top();
            let Some(before) = columns
                .iter()
                .find(|(name, _)| name == top)
                .map(|(_, value)| value)
                .or_else(|| found.row.lookup(top))
            else {
                continue;
            };
            match self.masked(rule, before, found) {
                Ok(after) => {
                    match columns.iter_mut().find(|(name, _)| name == top) {
                        Some((_, value)) => *value = after,
                        None => columns.push((top.clone(), after)),
                    }
                    masks.fields.push(MaskedField {
                        field: rule.path.clone(),
                        strategy: rule.masking.name(),
                        effect: rule.masking.effect(),
                        because: rule.because.clone(),
                    });
                }
                Err(unfit) => obstacles.push(Obstacle {
                    field: rule.path.clone(),
                    strategy: rule.masking.name(),
                    message: unfit.to_string(),
                }),
            }
        }
        for (path, spared) in &rules.spared {
            let reason = match spared {
                Spared::ReadOnly => "the dataset says that it can't be changed (read_only)",
                Spared::Key => "it only tells rows apart or links them, and no policy names it",
            };
            let rule = match spared {
                Spared::ReadOnly => "read_only",
                Spared::Key => "key",
            };
            masks.kept.push(KeptField { field: path.clone(), kept: neutral(rule, reason) });
        }
        columns.retain(|(name, after)| found.row.lookup(name) != Some(after));
        masks.columns = columns;
        if masks.fields.is_empty() && masks.kept.is_empty() {
            Decision::Nothing
        } else {
            Decision::Mask(masks)
        }
    }

    fn masked(&self, rule: &FieldRule, before: &Value, found: &Found<'_>) -> Result<Value, Unfit> {
        let place = format!("{}\u{0}{}", found.place, rule.path);
        let mut one = |value: &Value| {
            let masked = self.secrets.mask(&rule.masking, rule.kind, value, &place)?;
            Ok(match (masked, rule.length) {
                (Value::Text(text), Some(length)) => {
                    Value::Text(text.chars().take(usize::try_from(length).unwrap_or(usize::MAX)).collect())
                }
                (masked, _) => masked,
            })
        };
        // A list that is the subject's alone is emptied as a whole.
        let is_narrowed = found.own.iter().any(|own| own.path.top() == rule.path.top());
        if rule.masking == Masking::NullRewrite && !rule.path.is_nested() && !is_narrowed {
            return Ok(Value::Null);
        }
        Walk { own: found.own, path: &rule.path, one: &mut one }.walk(before, 1, &mut Vec::new())
    }
}

/// Rules for the columns the dataset doesn't list.
fn unlisted(rules: &CollectionRules, row: &Row) -> Vec<FieldRule> {
    let Some(rule) = &rules.others else { return Vec::new() };
    let names = row.fields().iter().map(|(name, _)| name).filter(|name| !rules.listed.contains(name));
    names.map(|name| FieldRule { path: FieldPath::of(name.clone()), ..rule.clone() }).collect()
}

fn names(kept: &[Category], categories: &[Category]) -> bool {
    categories.iter().any(|category| kept.iter().any(|kept| category.is_within(kept)))
}

struct Walk<'w> {
    own: &'w [Own],
    path: &'w FieldPath,
    one: &'w mut dyn FnMut(&Value) -> Result<Value, Unfit>,
}

impl Walk<'_> {
    /// Masks what is at the path below `depth` names, and leaves elements of lists that are others'.
    fn walk(&mut self, value: &Value, depth: usize, places: &mut Vec<usize>) -> Result<Value, Unfit> {
        match (value, self.path.names().get(depth)) {
            (Value::Array(items), _) => {
                let mut masked = Vec::with_capacity(items.len());
                for (place, item) in items.iter().enumerate() {
                    places.push(place);
                    let is_own = self.is_own(depth, places);
                    masked.push(if is_own { self.walk(item, depth, places)? } else { item.clone() });
                    places.pop();
                }
                Ok(Value::Array(masked))
            }
            (Value::Object(fields), Some(wanted)) => {
                let mut masked = Vec::with_capacity(fields.len());
                for (name, inner) in fields {
                    let inner =
                        if name == wanted { self.walk(inner, depth + 1, places)? } else { inner.clone() };
                    masked.push((name.clone(), inner));
                }
                Ok(Value::Object(masked))
            }
            (value, None) => (self.one)(value),
            (value, Some(_)) => Ok(value.clone()),
        }
    }

    fn is_own(&self, depth: usize, places: &[usize]) -> bool {
        let here = self.path.names().get(..depth).unwrap_or_default();
        let mut narrowing = self.own.iter().filter(|own| own.path.names().starts_with(here)).peekable();
        narrowing.peek().is_none()
            || narrowing.any(|own| own.places.iter().any(|matched| matched.starts_with(places)))
    }
}
