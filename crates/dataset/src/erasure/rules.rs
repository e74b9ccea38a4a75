//! What a policy and a dataset together want of a collection.

use std::sync::Arc;

use super::{CollectionRules, FieldRule, RowRule, Spared};
use crate::masking::{Masking, Pseudonym};
use crate::model::{Collection, Dataset, ErasureAction, Field};
use crate::path::FieldPath;
use crate::plan::{DataKind, Test};
use crate::policy::{ErasureRule, Policy, RuleAction};
use crate::taxonomy::{self, Category};

/// Erasure without a policy: everything personal, credentials too. Keys that only link rows are spared.
pub fn everything() -> Policy {
    let rule = ErasureRule {
        categories: vec![Category::new("user")],
        action: RuleAction::Mask(Masking::NullRewrite),
    };
    Policy { erasure: vec![rule], ..Policy::default() }
}

/// Returns the erasure rules, by place, that are about no field of any dataset.
pub fn unused_rules(policy: &Policy, datasets: &[Dataset]) -> Vec<usize> {
    let mut used = vec![false; policy.erasure.len()];
    each_category(datasets, &mut |category| {
        for (rule, used) in policy.erasure.iter().zip(&mut used) {
            *used |= rule.categories.iter().any(|named| category.is_within(named));
        }
    });
    used.iter().enumerate().filter(|(_, used)| !**used).map(|(place, _)| place).collect()
}

/// Returns the categories of erasure rules that neither the taxonomy nor any dataset knows.
pub fn unknown_categories(policy: &Policy, datasets: &[Dataset]) -> Vec<Category> {
    let mut unknown: Vec<Category> = policy
        .erasure
        .iter()
        .flat_map(|rule| &rule.categories)
        .filter(|category| !taxonomy::is_known(category.as_str()))
        .cloned()
        .collect();
    each_category(datasets, &mut |known| unknown.retain(|category| !known.is_within(category)));
    unknown
}

fn each_category(datasets: &[Dataset], visit: &mut dyn FnMut(&Category)) {
    for dataset in datasets {
        dataset.categories.iter().for_each(&mut *visit);
        for collection in &dataset.collections {
            collection.categories.iter().for_each(&mut *visit);
            collection.each_field(|_, field| field.categories.iter().for_each(&mut *visit));
        }
    }
}

/// Returns what is to be done with the rows of a collection. With `spares_keys` fields that only tell rows apart
/// or link them are left alone: nobody named them.
pub fn rules(
    dataset: &Dataset,
    collection: &Collection,
    policy: &Policy,
    spares_keys: bool,
) -> CollectionRules {
    let around = if collection.categories.is_empty() { &dataset.categories } else { &collection.categories };
    let mut walk = Walk {
        policy,
        spares_keys,
        fields: Vec::new(),
        instead: Vec::new(),
        spared: Vec::new(),
        delete: None,
    };
    for field in &collection.fields {
        walk.field(field, &FieldPath::of(field.name.clone()), around);
    }
    let row = match (collection.erasure, collection.deletes_rows) {
        (Some(ErasureAction::Delete), _) => {
            RowRule::Delete { because: "the dataset says habeas.erasure: delete".to_owned() }
        }
        (Some(ErasureAction::Keep), _) => {
            RowRule::Keep { because: "the dataset says habeas.erasure: keep".to_owned() }
        }
        (Some(ErasureAction::Mask), _) => RowRule::Fields,
        (None, true) => {
            RowRule::Delete { because: "the dataset says masking_strategy_override: delete".to_owned() }
        }
        (None, false) => match walk.delete.take() {
            Some(because) => RowRule::Delete { because },
            None => RowRule::Fields,
        },
    };
    let others = policy.erasure_rule(around).and_then(|rule| match &rule.action {
        RuleAction::Mask(masking) => Some(FieldRule {
            path: FieldPath::of(""),
            masking: masking.clone(),
            kind: None,
            length: None,
            because: because(rule),
            categories: around.clone(),
            may_soften: spares_keys,
        }),
        RuleAction::Delete => None,
    });
    CollectionRules {
        dataset: dataset.key.clone(),
        collection: collection.name.clone(),
        row,
        fields: walk.fields,
        instead: walk.instead,
        spared: walk.spared,
        others,
        listed: collection.fields.iter().map(|field| field.name.clone()).collect(),
        soft_delete: collection.soft_delete.as_ref().and_then(|condition| match condition.test {
            Test::IsNotNull | Test::In(_) | Test::NotIn(_) => Some(condition.field.clone()),
            Test::IsNull => None,
        }),
    }
}

fn because(rule: &ErasureRule) -> String {
    let names: Vec<&str> = rule.categories.iter().map(Category::as_str).collect();
    format!("the policy's rule for {}", names.join(", "))
}

struct Walk<'p> {
    policy: &'p Policy,
    spares_keys: bool,
    fields: Vec<FieldRule>,
    instead: Vec<FieldRule>,
    spared: Vec<(FieldPath, Spared)>,
    delete: Option<String>,
}

impl Walk<'_> {
    fn field(&mut self, field: &Field, path: &FieldPath, around: &[Category]) {
        let categories = if field.categories.is_empty() { around } else { &field.categories };
        if !field.fields.is_empty() {
            for inner in &field.fields {
                self.field(inner, &path.join(inner.name.clone()), categories);
            }
            return;
        }
        let rule = self.policy.erasure_rule(categories);
        let is_personal = categories.iter().any(|category| category.is_within(&Category::new("user")));
        let is_key = field.is_primary_key || !field.references.is_empty();
        if field.is_read_only {
            if rule.is_some() {
                self.spared.push((path.clone(), Spared::ReadOnly));
            }
            return;
        }
        if self.spares_keys && is_key && field.masking.is_none() {
            if rule.is_some() {
                self.spared.push((path.clone(), Spared::Key));
            }
            return;
        }
        let made = |masking: Masking, because: String, may_soften: bool| FieldRule {
            path: path.clone(),
            masking,
            kind: field.pseudonym.or_else(|| pseudonym(categories)),
            length: field.length.filter(|_| holds_text(field)),
            because,
            categories: categories.to_vec(),
            may_soften,
        };
        let overridden = |masking: &Masking| {
            made(masking.clone(), "the field's masking_strategy_override".to_owned(), false)
        };
        match (rule.map(|rule| (&rule.action, because(rule))), &field.masking) {
            (Some(_), Some(masking)) => {
                self.instead.push(overridden(masking));
                self.fields.push(overridden(masking));
            }
            (Some((RuleAction::Mask(masking), because)), None) => {
                self.instead.push(made(masking.clone(), because.clone(), self.spares_keys));
                self.fields.push(made(masking.clone(), because, self.spares_keys));
            }
            (Some((RuleAction::Delete, because)), None) => {
                if !is_key {
                    let instead = format!("{because}; the row can't be deleted");
                    self.instead.push(made(Masking::NullRewrite, instead, true));
                }
                self.delete.get_or_insert(because);
            }
            (None, Some(masking)) if is_personal => self.instead.push(overridden(masking)),
            (None, _) if is_personal && !is_key => {
                let because = "it is personal, and the row can't be deleted".to_owned();
                self.instead.push(made(Masking::NullRewrite, because, true));
            }
            (None, _) => {}
        }
    }
}

fn holds_text(field: &Field) -> bool {
    field.data_type.is_none_or(|data_type| data_type.kind == DataKind::String)
}

/// The kind of value to invent where the field doesn't say.
fn pseudonym(categories: &[Category]) -> Option<Pseudonym> {
    const KINDS: [(&str, Pseudonym); 11] = [
        ("user.name.first", Pseudonym::FirstName),
        ("user.name.last", Pseudonym::LastName),
        ("user.name", Pseudonym::FullName),
        ("user.account.username", Pseudonym::Username),
        ("user.contact.email", Pseudonym::Email),
        ("user.contact.phone_number", Pseudonym::Phone),
        ("user.contact.address.street", Pseudonym::Street),
        ("user.contact.address.city", Pseudonym::City),
        ("user.contact.address.postal_code", Pseudonym::PostalCode),
        ("user.contact.organization", Pseudonym::Company),
        ("user.financial.bank_account", Pseudonym::Iban),
    ];
    let is_within =
        |name: &str| categories.iter().any(|category| category.is_within(&Category::new(Arc::from(name))));
    KINDS.iter().find(|(name, _)| is_within(name)).map(|(_, kind)| *kind)
}
