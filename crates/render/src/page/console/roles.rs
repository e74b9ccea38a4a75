//! Roles: teams and what their members may do.

use crate::page::part::{Badge, Tone};
use crate::page::{Page, Width, sample, view};
use crate::text;

/// One role.
#[derive(Clone)]
pub struct RoleRow {
    /// Its name in addresses.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// The team's address.
    pub email: Option<String>,
    /// How many people have it.
    pub member_count: u64,
    /// What it grants, in words: "5 of 18 actions".
    pub grants: String,
    /// "In force", "Draft", "Draft beside it".
    pub state: Badge,
}

/// The page.
#[derive(Clone)]
pub struct Roles {
    /// The roles.
    pub rows: Vec<RoleRow>,
}

impl Page for Roles {
    fn title(&self) -> String {
        "Roles".to_owned()
    }

    view!(Roles, "console/roles.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        let row = |name: &str, title: &str, email: Option<&str>, member_count, state| RoleRow {
            name: name.to_owned(),
            title: title.to_owned(),
            description: "Does tasks and looks through what was found".to_owned(),
            email: email.map(str::to_owned),
            member_count,
            grants: "6 of 18 actions".to_owned(),
            state,
        };
        let page = |words: &str| Self {
            rows: vec![
                row("legal", words, Some("legal@northwind.example"), 4, Badge::new(Tone::Good, "In force")),
                row("steward", "Steward", None, 0, Badge::new(Tone::Info, "Draft beside it")),
                row("billing", "Billing", Some(words), 1, Badge::new(Tone::Info, "Draft")),
            ],
        };
        vec![page("Legal"), page(sample::HOSTILE)]
    }
}
