//! Reports that are mailed on set days: who gets which, and a form to plan one.

use crate::page::part::{Empty, Field, FieldError, Tabs, errors_of};
use crate::page::{Page, Width, sample, view};
use crate::text::Day;

/// A report that is mailed.
#[derive(Clone)]
pub struct PlanRow {
    /// Its id.
    pub id: String,
    /// Which report.
    pub report: String,
    /// How often, in words.
    pub cadence: String,
    /// To whom, by name.
    pub recipients: Vec<String>,
    /// The day it is mailed next.
    pub next_on: Day,
    /// Who planned it.
    pub by: String,
}

/// The page. The form posts `report`, `cadence` and `recipient`, the last as often as there are people.
#[derive(Clone)]
pub struct Plans {
    /// The reports.
    pub tabs: Tabs,
    /// What is planned.
    pub plans: Vec<PlanRow>,
    /// What is asked to plan one.
    pub fields: Vec<Field>,
}

impl Plans {
    fn none() -> Empty {
        Empty {
            title: "No report is mailed yet".to_owned(),
            text: "Plan one below: its readers get a link on the day, and sign in to see it.".to_owned(),
            action: None,
        }
    }
}

impl Page for Plans {
    fn title(&self) -> String {
        "Mailed reports".to_owned()
    }

    view!(Plans, "console/plans.html");

    fn errors(&self) -> Vec<FieldError> {
        errors_of(&self.fields)
    }

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        use crate::page::part::{Choice, FieldKind, Tab};
        let tabs = Tabs {
            label: "Reports".to_owned(),
            tabs: vec![Tab {
                label: "Mailed".to_owned(),
                href: "/console/reports/plans".to_owned(),
                count: None,
                is_current: true,
            }],
        };
        let field = |kind, name: &'static str, label: &str, words: &str| {
            Field::new(kind, name, label)
                .options(vec![Choice::new("a", "Grace Hopper"), Choice::new("b", words)])
        };
        let page = |words: &str| Self {
            tabs: tabs.clone(),
            plans: vec![PlanRow {
                id: "01900000-0000-7000-8000-000000000001".to_owned(),
                report: "How it goes".to_owned(),
                cadence: "on Mondays, over the week before".to_owned(),
                recipients: vec!["Grace Hopper".to_owned(), words.to_owned()],
                next_on: Day(jiff::civil::date(2026, 11, 23)),
                by: words.to_owned(),
            }],
            fields: vec![
                field(FieldKind::Radios, "report", "Report", "By law and month"),
                field(FieldKind::Checkboxes, "recipient", "To", words),
            ],
        };
        let empty = Self { plans: Vec::new(), ..page("Somebody") };
        vec![page("Ada Lovelace"), empty, page(sample::HOSTILE)]
    }
}
