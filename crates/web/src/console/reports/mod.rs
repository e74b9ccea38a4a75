//! Reports: what is counted over requests, shown, drawn and taken along as files.
#![expect(clippy::trivially_copy_pass_by_ref, reason = "periods are handed on as core takes them")]

pub(super) mod export;
mod facts;
mod overview;
pub(super) mod plans;
pub(super) mod show;
mod tables;
mod team;

use habeas_core::report::Report;
use habeas_render::page::part::{Tab, Tabs};
use jiff::civil::Date;

/// Returns what a report counts, in a sentence.
fn lead(report: Report) -> &'static str {
    match report {
        Report::Overview => "What came in, what was answered and how well in time.",
        Report::Metrics => {
            "By the month they came in or were closed. The median counts days from receipt to answer."
        }
        Report::Team => "Open requests by owner and open tasks by team, as of now.",
        Report::Register => {
            "A line for each request by its receipt, made from the log. Nobody is named in it."
        }
        Report::Ccpa => {
            "What Cal. Code Regs. tit. 11, § 7102 asks of businesses with the data of ten million consumers: \
                 the requests received in a calendar year and what became of them."
        }
    }
}

/// Returns the tabs of the reports, each over its usual period; none is current on the page of mailed ones.
fn tabs(current: Option<Report>, today: Date) -> Tabs {
    let mut tabs: Vec<Tab> = Report::ALL
        .into_iter()
        .map(|report| Tab {
            label: report.title().to_owned(),
            href: report.path(&report.usual(today)),
            count: None,
            is_current: current == Some(report),
        })
        .collect();
    tabs.push(Tab {
        label: "Mailed".to_owned(),
        href: "/console/reports/plans".to_owned(),
        count: None,
        is_current: current.is_none(),
    });
    Tabs { label: "Reports".to_owned(), tabs }
}
