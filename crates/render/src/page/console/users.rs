//! Staff who may sign in.

use crate::page::part::Badge;
use crate::page::part::Tone;
use crate::page::{Page, Width, sample, view};
use crate::text::Moment;

/// One member of staff.
#[derive(Clone)]
pub struct UserRow {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their roles, in words.
    pub roles: String,
    /// "Away until …", where they are.
    pub away: Option<String>,
    /// When they were last here.
    pub last_seen_at: Option<Moment>,
    /// "Active", "Invited", "Disabled".
    pub state: Badge,
}

/// The page.
#[derive(Clone)]
pub struct Users {
    /// The staff.
    pub rows: Vec<UserRow>,
    /// Whether the reader may add and change.
    pub can_change: bool,
}

impl Page for Users {
    fn title(&self) -> String {
        "Users".to_owned()
    }

    view!(Users, "console/users.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str, can_change| Self {
            rows: vec![
                UserRow {
                    id: "u1".to_owned(),
                    name: words.to_owned(),
                    email: "grace@northwind.example".to_owned(),
                    roles: "Administrator, privacy officer".to_owned(),
                    away: Some("Away until Friday 4 December 2026".to_owned()),
                    last_seen_at: Some(sample::at(jiff::civil::date(2026, 11, 22), 8, 0)),
                    state: Badge::new(Tone::Good, "Active"),
                },
                UserRow {
                    id: "u2".to_owned(),
                    name: "Barbara Liskov".to_owned(),
                    email: words.to_owned(),
                    roles: "Steward".to_owned(),
                    away: None,
                    last_seen_at: None,
                    state: Badge::new(Tone::Neutral, "Invited"),
                },
            ],
            can_change,
        };
        vec![page("Grace Hopper", true), page(sample::HOSTILE, false)]
    }
}
