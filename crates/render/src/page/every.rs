//! Every sample of every page as a whole document: for tests, previews and `habeas templates check`.
//! A page that is not listed here is not looked at by anything.

use super::{Page, Place, Problem, Section, console, document, portal, sample};
use crate::Error;

/// A rendered sample.
pub struct Sample {
    /// Its name, such as `portal-ask-0`.
    pub name: String,
    /// The document.
    pub html: String,
}

struct Samples(Vec<Sample>);

impl Samples {
    fn add<P: Page>(&mut self, name: &str, place: &Place) -> Result<(), Error> {
        let mut chrome = sample::portal(None);
        chrome.place = place.clone();
        for (number, page) in P::samples().iter().enumerate() {
            self.0.push(Sample { name: format!("{name}-{number}"), html: document(&chrome, page)? });
        }
        Ok(())
    }
}

/// Renders all samples of all pages.
pub fn samples() -> Result<Vec<Sample>, Error> {
    let mut all = Samples(Vec::new());
    add_portal(&mut all)?;
    add_doors(&mut all)?;
    add_sections(&mut all)?;
    add_requests(&mut all)?;
    add_definitions(&mut all)?;
    Ok(all.0)
}

fn add_portal(all: &mut Samples) -> Result<(), Error> {
    let stranger = Place::Portal { reference: None };
    let subject = Place::Portal { reference: Some("HB-7K3M-9QXD".to_owned()) };
    all.add::<portal::Start>("portal-start", &stranger)?;
    all.add::<portal::Ask>("portal-ask", &stranger)?;
    all.add::<portal::Review>("portal-review", &stranger)?;
    all.add::<portal::Sent>("portal-sent", &stranger)?;
    all.add::<portal::Verify>("portal-verify", &stranger)?;
    all.add::<portal::SignIn>("portal-sign-in", &stranger)?;
    all.add::<portal::MyRequest>("portal-my-request", &subject)?;
    all.add::<portal::AnswerQuestion>("portal-answer", &subject)?;
    all.add::<portal::Withdraw>("portal-withdraw", &subject)?;
    all.add::<portal::Complain>("portal-complain", &subject)?;
    all.add::<portal::Download>("portal-download", &subject)?;
    all.add::<Problem>("portal-problem", &subject)
}

fn add_doors(all: &mut Samples) -> Result<(), Error> {
    let door = Place::Console(None);
    all.add::<console::SignIn>("console-sign-in", &door)?;
    all.add::<console::SignInCode>("console-sign-in-code", &door)?;
    all.add::<console::Welcome>("console-welcome", &door)?;
    all.add::<Problem>("console-door-problem", &door)
}

fn at(section: Section) -> Place {
    sample::console(Some(section)).place
}

fn add_sections(all: &mut Samples) -> Result<(), Error> {
    all.add::<console::Today>("console-today", &at(Section::Today))?;
    all.add::<console::Feed>("console-feed", &at(Section::Today))?;
    all.add::<console::Checklist>("console-checklist", &at(Section::Checklist))?;
    all.add::<console::Tasks>("console-tasks", &at(Section::Tasks))?;
    all.add::<console::Task>("console-task", &at(Section::Tasks))?;
    all.add::<console::Sources>("console-sources", &at(Section::Sources))?;
    all.add::<console::Source>("console-source", &at(Section::Sources))?;
    all.add::<console::Outbox>("console-outbox", &at(Section::Outbox))?;
    all.add::<console::OutboxMail>("console-outbox-mail", &at(Section::Outbox))?;
    all.add::<console::Holds>("console-holds", &at(Section::Holds))?;
    all.add::<console::HoldNew>("console-hold-new", &at(Section::Holds))?;
    all.add::<console::HoldPage>("console-hold", &at(Section::Holds))?;
    all.add::<console::Snippets>("console-snippets", &at(Section::Snippets))?;
    all.add::<console::Snippet>("console-snippet", &at(Section::Snippets))?;
    all.add::<console::Log>("console-log", &at(Section::Log))?;
    all.add::<console::Reports>("console-reports", &at(Section::Reports))?;
    all.add::<console::Plans>("console-report-plans", &at(Section::Reports))?;
    all.add::<console::Users>("console-users", &at(Section::Users))?;
    all.add::<console::User>("console-user", &at(Section::Users))?;
    add_setup(all)?;
    all.add::<Problem>("console-problem", &at(Section::Today))
}

fn add_setup(all: &mut Samples) -> Result<(), Error> {
    all.add::<console::Roles>("console-roles", &at(Section::Users))?;
    all.add::<console::Role>("console-role", &at(Section::Users))?;
    all.add::<console::Lists>("console-lists", &at(Section::Lists))?;
    all.add::<console::List>("console-list", &at(Section::Lists))?;
    all.add::<console::Assignment>("console-assignment", &at(Section::Lists))?;
    all.add::<console::Asked>("console-asked", &at(Section::Tasks))?;
    all.add::<console::HandOver>("console-hand-over", &at(Section::Tasks))?;
    all.add::<console::Find>("console-find", &at(Section::Find))?;
    all.add::<console::FoundPeople>("console-found", &at(Section::Find))?;
    all.add::<console::Narrow>("console-narrow", &at(Section::Requests))
}

fn add_requests(all: &mut Samples) -> Result<(), Error> {
    let requests = at(Section::Requests);
    all.add::<console::Requests>("console-requests", &requests)?;
    all.add::<console::NewRequest>("console-new-request", &requests)?;
    all.add::<console::RequestOverview>("console-request-overview", &requests)?;
    all.add::<console::RequestTasks>("console-request-tasks", &requests)?;
    all.add::<console::RequestMessages>("console-request-messages", &requests)?;
    all.add::<console::RequestDecisions>("console-request-decisions", &requests)?;
    all.add::<console::RequestDocuments>("console-request-documents", &requests)?;
    all.add::<console::RequestLog>("console-request-log", &requests)?;
    all.add::<console::DataReview>("console-data-review", &requests)?;
    all.add::<console::DataApprove>("console-data-approve", &requests)?;
    all.add::<console::Assign>("console-assign", &requests)?;
    all.add::<console::AskPerson>("console-ask", &requests)?;
    all.add::<console::Extend>("console-extend", &requests)?;
    all.add::<console::Refuse>("console-refuse", &requests)?;
    all.add::<console::Bulk>("console-bulk", &requests)?;
    all.add::<console::CaseAct>("console-case-act", &requests)?;
    all.add::<console::Hours>("console-hours", &requests)?;
    all.add::<console::Correction>("console-correction", &requests)?;
    all.add::<console::Recipients>("console-recipients", &requests)?;
    all.add::<console::RecipientLetter>("console-recipient-letter", &requests)?;
    all.add::<console::Close>("console-close", &requests)
}

fn add_definitions(all: &mut Samples) -> Result<(), Error> {
    all.add::<console::Flows>("console-flows", &at(Section::Flows))?;
    all.add::<console::FlowVersion>("console-flow-version", &at(Section::Flows))?;
    all.add::<console::FlowEditor>("console-flow-editor", &at(Section::Flows))?;
    all.add::<console::FlowCompare>("console-flow-compare", &at(Section::Flows))?;
    all.add::<console::FlowTrial>("console-flow-trial", &at(Section::Flows))?;
    all.add::<console::FlowPublish>("console-flow-publish", &at(Section::Flows))?;
    all.add::<console::EditForm>("console-edit-form", &at(Section::Activities))?;
    all.add::<console::Listing>("console-listing", &at(Section::Activities))?;
    all.add::<console::Law>("console-law", &at(Section::Laws))?;
    all.add::<console::Definition>("console-definition", &at(Section::Definitions))
}
