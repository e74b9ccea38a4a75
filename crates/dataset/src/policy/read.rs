//! Reads policies, ours and the peer's.

use habeas_core::yaml::{Content, Cursor, Mapping, Problems, parse};

use super::{ErasureRule, Inclusion, Policy, RuleAction};
use crate::masking;
use crate::taxonomy::{self, Category};

/// Reads a policy file, YAML or JSON; `None` where it is none at all.
pub fn read(file: &str, text: &str, problems: &Problems) -> Option<Policy> {
    let document = parse(file, text, problems)?;
    let mut map = document.root(problems).mapping()?;
    if let Some(inner) = map.take("policy") {
        // A recorded case stands around the policy with much else: only the policy is looked at.
        return policy(inner.mapping()?);
    }
    policy(map)
}

fn policy(mut map: Mapping<'_>) -> Option<Policy> {
    for key in ["name", "key", "description"] {
        map.take(key);
    }
    if let Some(rules) = map.take("rules") {
        let rules = rules.sequence()?;
        map.finish();
        return Some(from_rules(&rules));
    }
    let read = Policy {
        access: map.take("access").and_then(|at| inclusion(&at)).unwrap_or_default(),
        portability: map.take("portability").and_then(|at| inclusion(&at)).unwrap_or_default(),
        erasure: map
            .take("erasure")
            .and_then(|at| at.sequence())
            .unwrap_or_default()
            .iter()
            .filter_map(erasure)
            .collect(),
    };
    map.finish();
    Some(read)
}

fn inclusion(at: &Cursor<'_>) -> Option<Inclusion> {
    let mut map = at.mapping()?;
    let read = Inclusion {
        include: map.require("include").map(|at| categories(&at)).unwrap_or_default(),
        exclude: map.take("exclude").map(|at| categories(&at)).unwrap_or_default(),
        uncategorised: map.take("uncategorised").and_then(|at| at.boolean()).unwrap_or(false),
    };
    map.finish();
    Some(read)
}

fn erasure(at: &Cursor<'_>) -> Option<ErasureRule> {
    let mut map = at.mapping()?;
    let categories = map.require("categories").map(|at| categories(&at)).unwrap_or_default();
    let delete = map.take("delete").and_then(|at| at.boolean()).unwrap_or(false);
    let mask = map.take("mask");
    map.finish();
    let action = match (delete, mask) {
        (true, None) => RuleAction::Delete,
        (false, Some(mask)) => RuleAction::Mask(masking::read(&mask)?),
        (true, Some(_)) | (false, None) => return at.mismatch("either 'delete: true' or 'mask'"),
    };
    Some(ErasureRule { categories, action })
}

#[derive(Clone, Copy)]
enum Action {
    Access,
    Erasure,
    /// Consent and the like, which neither read nor erase.
    Other,
}

/// Reads the peer's rules. Portability, which they don't know apart, includes what access does.
fn from_rules(rules: &[Cursor<'_>]) -> Policy {
    let mut included = Inclusion::nothing();
    let mut erasure = Vec::new();
    for at in rules {
        let Some(mut map) = at.mapping() else { continue };
        for key in ["name", "key", "storage_destination", "storage_destination_key"] {
            map.take(key);
        }
        let actions = [
            ("access", Action::Access),
            ("erasure", Action::Erasure),
            ("consent", Action::Other),
            ("update", Action::Other),
        ];
        let action = map.require("action_type").and_then(|at| at.one_of(&actions));
        let targets = map.require("targets").map(|at| targets(&at)).unwrap_or_default();
        let masking = map.take("masking_strategy");
        map.finish();
        match (action, masking) {
            (Some(Action::Access), _) => included.include.extend(targets),
            (Some(Action::Erasure), Some(masking)) => {
                if let Some(masking) = masking::read(&masking) {
                    erasure.push(ErasureRule { categories: targets, action: RuleAction::Mask(masking) });
                }
            }
            (Some(Action::Erasure), None) => at.report("an erasure rule needs a masking_strategy"),
            (Some(Action::Other) | None, _) => {}
        }
    }
    Policy { access: included.clone(), portability: included, erasure }
}

fn categories(at: &Cursor<'_>) -> Vec<Category> {
    at.sequence().unwrap_or_default().iter().filter_map(category).collect()
}

/// Reads targets, which are categories or mappings with a `data_category`.
fn targets(at: &Cursor<'_>) -> Vec<Category> {
    let read = |item: &Cursor<'_>| match item.node().content() {
        Content::Mapping(_) => {
            let mut map = item.mapping()?;
            for key in ["name", "key"] {
                map.take(key);
            }
            let found = map.require("data_category").and_then(|at| category(&at));
            map.finish();
            found
        }
        Content::Null | Content::Scalar { .. } | Content::Sequence(_) => category(item),
    };
    at.sequence().unwrap_or_default().iter().filter_map(read).collect()
}

/// A category nothing is known of may be a dataset's own: that is for a person to see, so it is a warning.
fn category(at: &Cursor<'_>) -> Option<Category> {
    let key = at.name()?;
    if !taxonomy::is_known(key) {
        let problem = at.problem(format!("the taxonomy has no category '{key}'")).as_warning();
        at.push(match taxonomy::nearest(key) {
            Some(near) => problem.with_hint(format!("did you mean '{near}'?")),
            None => problem,
        });
    }
    Some(Category::new(key))
}
