//! Who answers for new requests: the rule, and what it leads to today.

use super::Standing;
use crate::page::part::{Choice, Field, FieldError, FieldKind, errors_of};
use crate::page::{Page, Width, sample, view};
use crate::text;

/// What counts for the requests of one activity. Sent as `activity-by-N` and `activity-role-N`, from 1.
#[derive(Clone)]
pub struct AssignmentRow {
    /// What is asked for.
    pub title: String,
    /// How the owner is chosen; the first choice is "as in general".
    pub by: Vec<Choice>,
    /// Among the members of which role.
    pub roles: Vec<Choice>,
}

/// Somebody who can get requests.
#[derive(Clone)]
pub struct OwnerRow {
    /// Their name.
    pub name: String,
    /// How many open requests they answer for.
    pub open_count: u64,
    /// "Away until Friday 4 December 2026", where they are.
    pub away: Option<String>,
}

/// The page; posts to `/console/assignment`: `by` and `role` in general, then each row's.
#[derive(Clone)]
pub struct Assignment {
    /// How the owner is chosen in general.
    pub by: Vec<Choice>,
    /// Among the members of which role in general.
    pub roles: Vec<Choice>,
    /// What is wrong with the choice.
    pub error: Option<String>,
    /// What counts for each activity.
    pub rows: Vec<AssignmentRow>,
    /// Rules for laws, which stand in files only: in words.
    pub by_law: Vec<String>,
    /// Who can get requests by the general rule today.
    pub owners: Vec<OwnerRow>,
    /// How it stands.
    pub standing: Standing,
}

impl Assignment {
    fn fields(&self) -> [Field; 2] {
        [
            Field::new(FieldKind::Radios, "by", "How the case owner is chosen")
                .options(self.by.clone())
                .error(self.error.clone()),
            Field::new(FieldKind::Select, "role", "Among the members of").options(self.roles.clone()),
        ]
    }
}

impl Page for Assignment {
    fn title(&self) -> String {
        "Who answers for new requests".to_owned()
    }

    view!(Assignment, "console/assignment.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn errors(&self) -> Vec<FieldError> {
        errors_of(&self.fields())
    }

    fn samples() -> Vec<Self> {
        let ways = || {
            vec![
                Choice::new("turns", "By turns: whoever got none for longest"),
                Choice::new("load", "By load: whoever has the fewest open requests").selected(true),
                Choice::new("hand", "By hand: a supervisor names somebody"),
            ]
        };
        let roles = |words: &str| {
            vec![Choice::new("case_owner", "Case owner").selected(true), Choice::new("legal", words)]
        };
        let page = |words: &str| Self {
            by: ways(),
            roles: roles(words),
            error: None,
            rows: vec![AssignmentRow {
                title: words.to_owned(),
                by: [vec![Choice::new("", "As in general")], ways()].concat(),
                roles: roles(words),
            }],
            by_law: vec!["Requests under the UK GDPR: by turns among Legal".to_owned()],
            owners: vec![
                OwnerRow { name: words.to_owned(), open_count: 4, away: None },
                OwnerRow {
                    name: "Barbara Liskov".to_owned(),
                    open_count: 0,
                    away: Some("Away until Friday 4 December 2026".to_owned()),
                },
            ],
            standing: Standing::sample(words, true),
        };
        let wrong = Self {
            error: Some("Choose how".to_owned()),
            by_law: Vec::new(),
            owners: Vec::new(),
            standing: Standing::sample("Habeas", false),
            ..page(sample::HOSTILE)
        };
        vec![page("Get a copy of my data"), wrong]
    }
}
