//! Every sample of every page, as the browser shows it: accessible, and never wider than the window.
//!
//! The samples hold what is typical, what is empty and what is hostile; pages with real data behind them
//! are visited by the journeys.

use std::fs;
use std::path::Path;

use habeas_render::asset;
use habeas_render::page::{Page, Place, Problem, Section, console, document, portal, sample};
use tempfile::TempDir;

use crate::support::browser::Browser;

/// The pages of one place, written as files that open without a server.
struct Pages {
    folder: TempDir,
    names: Vec<String>,
}

impl Pages {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in asset::NAMES {
            let path = asset::url(name);
            let file = folder.path().join(path.trim_start_matches('/'));
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, asset::lookup(path).unwrap().bytes).unwrap();
        }
        Self { folder, names: Vec::new() }
    }

    fn add<P: Page>(&mut self, name: &str, place: &Place) {
        for (number, page) in P::samples().iter().enumerate() {
            let mut chrome = sample::portal(None);
            chrome.place = place.clone();
            let html = document(&chrome, page).unwrap().replace("\"/assets/", "\"assets/");
            let name = format!("{name}-{number}");
            fs::write(self.file(&name), html).unwrap();
            self.names.push(name);
        }
    }

    fn file(&self, name: &str) -> impl AsRef<Path> {
        self.folder.path().join(format!("{name}.html"))
    }

    /// Visits all pages and fails with everything that is wrong with any of them.
    async fn check(&self) {
        let browser = Browser::start().await;
        let mut complaints = Vec::new();
        for name in &self.names {
            let url = format!("file://{}", self.file(name).as_ref().display());
            browser.driver.goto(url).await.unwrap();
            complaints.extend(browser.complaints(name).await);
            complaints.extend(browser.faint_in_the_dark(name).await);
        }
        browser.close().await;
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    }
}

#[tokio::test]
async fn every_page_of_the_portal_is_accessible() {
    let stranger = Place::Portal { reference: None };
    let subject = Place::Portal { reference: Some("HB-7K3M-9QXD".to_owned()) };
    let mut pages = Pages::new();
    pages.add::<portal::Start>("portal-start", &stranger);
    pages.add::<portal::Ask>("portal-ask", &stranger);
    pages.add::<portal::Review>("portal-review", &stranger);
    pages.add::<portal::Sent>("portal-sent", &stranger);
    pages.add::<portal::Verify>("portal-verify", &stranger);
    pages.add::<portal::SignIn>("portal-sign-in", &stranger);
    pages.add::<portal::MyRequest>("portal-my-request", &subject);
    pages.add::<portal::Withdraw>("portal-withdraw", &subject);
    pages.add::<portal::Complain>("portal-complain", &subject);
    pages.add::<portal::Download>("portal-download", &subject);
    pages.add::<Problem>("portal-problem", &stranger);
    pages.check().await;
}

#[tokio::test]
async fn every_page_of_the_console_is_accessible() {
    let door = Place::Console(None);
    let mut pages = Pages::new();
    pages.add::<console::SignIn>("sign-in", &door);
    pages.add::<console::SignInCode>("sign-in-code", &door);
    pages.add::<console::Welcome>("welcome", &door);
    pages.add::<console::Today>("today", &at(Section::Today));
    pages.add::<console::Checklist>("checklist", &at(Section::Checklist));
    pages.add::<console::Tasks>("tasks", &at(Section::Tasks));
    pages.add::<console::Task>("task", &at(Section::Tasks));
    pages.add::<console::Source>("source", &at(Section::Sources));
    pages.add::<console::Sources>("sources", &at(Section::Sources));
    pages.add::<console::Outbox>("outbox", &at(Section::Outbox));
    pages.add::<console::OutboxMail>("outbox-mail", &at(Section::Outbox));
    pages.add::<console::Log>("log", &at(Section::Log));
    pages.add::<console::Reports>("reports", &at(Section::Reports));
    pages.add::<console::Plans>("report-plans", &at(Section::Reports));
    pages.add::<console::User>("user", &at(Section::Users));
    pages.add::<console::Users>("users", &at(Section::Users));
    pages.add::<Problem>("problem", &at(Section::Today));
    pages.check().await;
}

#[tokio::test]
async fn every_page_about_requests_is_accessible() {
    let requests = at(Section::Requests);
    let mut pages = Pages::new();
    pages.add::<console::Requests>("requests", &requests);
    pages.add::<console::NewRequest>("new-request", &requests);
    pages.add::<console::RequestOverview>("request-overview", &requests);
    pages.add::<console::RequestTasks>("request-tasks", &requests);
    pages.add::<console::RequestMessages>("request-messages", &requests);
    pages.add::<console::RequestDecisions>("request-decisions", &requests);
    pages.add::<console::RequestDocuments>("request-documents", &requests);
    pages.add::<console::RequestLog>("request-log", &requests);
    pages.add::<console::DataReview>("data-review", &requests);
    pages.add::<console::DataApprove>("data-approve", &requests);
    pages.add::<console::Assign>("assign", &requests);
    pages.add::<console::Extend>("extend", &requests);
    pages.add::<console::Refuse>("refuse", &requests);
    pages.add::<console::Close>("close", &requests);
    pages.check().await;
}

#[tokio::test]
async fn every_page_about_definitions_is_accessible() {
    let flows = at(Section::Flows);
    let mut pages = Pages::new();
    pages.add::<console::Flows>("flows", &flows);
    pages.add::<console::FlowVersion>("flow-version", &flows);
    pages.add::<console::FlowEditor>("flow-editor", &flows);
    pages.add::<console::FlowCompare>("flow-compare", &flows);
    pages.add::<console::FlowTrial>("flow-trial", &flows);
    pages.add::<console::FlowPublish>("flow-publish", &flows);
    pages.add::<console::EditForm>("edit-form", &at(Section::Activities));
    pages.add::<console::Listing>("listing", &at(Section::Activities));
    pages.add::<console::Law>("law", &at(Section::Laws));
    pages.add::<console::Definition>("definition", &at(Section::Definitions));
    pages.check().await;
}

/// Returns a place in the console as a member of staff sees it.
fn at(section: Section) -> Place {
    sample::console(Some(section)).place
}
