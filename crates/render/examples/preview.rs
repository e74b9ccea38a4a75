//! Writes every sample of every page and mail as a file, to look at: `cargo run -p habeas-render
//! --example preview -- DIR`.

use std::path::Path;
use std::{env, fs, io};

use habeas_render::asset;
use habeas_render::mail::{House, Letter};
use habeas_render::page::{Page, Place, Problem, Section, console, document, portal, sample};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let Some(folder) = env::args().nth(1) else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "name a folder to write to").into());
    };
    let folder = Path::new(&folder);
    fs::create_dir_all(folder.join("assets"))?;
    for name in asset::NAMES {
        let path = asset::url(name);
        let found = asset::lookup(path).ok_or_else(|| io::Error::other("asset without a path"))?;
        fs::write(folder.join(path.trim_start_matches('/')), found.bytes)?;
    }
    write_portal(folder)?;
    write_console(folder)?;
    write_mails(folder)
}

fn write<P: Page>(folder: &Path, name: &str, place: &Place) -> Result<(), Failure> {
    for (number, page) in P::samples().iter().enumerate() {
        let mut chrome = sample::portal(None);
        chrome.place = place.clone();
        let html = document(&chrome, page)?.replace("\"/assets/", "\"assets/");
        fs::write(folder.join(format!("{name}-{number}.html")), html)?;
    }
    Ok(())
}

fn write_portal(folder: &Path) -> Result<(), Failure> {
    let stranger = Place::Portal { reference: None };
    let subject = Place::Portal { reference: Some("HB-7K3M-9QXD".to_owned()) };
    write::<portal::Start>(folder, "portal-start", &stranger)?;
    write::<portal::Ask>(folder, "portal-ask", &stranger)?;
    write::<portal::Review>(folder, "portal-review", &stranger)?;
    write::<portal::Sent>(folder, "portal-sent", &stranger)?;
    write::<portal::Verify>(folder, "portal-verify", &stranger)?;
    write::<portal::SignIn>(folder, "portal-sign-in", &stranger)?;
    write::<portal::MyRequest>(folder, "portal-my", &subject)?;
    write::<portal::Withdraw>(folder, "portal-withdraw", &subject)?;
    write::<portal::Complain>(folder, "portal-complain", &subject)?;
    write::<portal::Download>(folder, "portal-download", &subject)?;
    write::<Problem>(folder, "portal-problem", &stranger)
}

fn write_console(folder: &Path) -> Result<(), Failure> {
    let at = |section| sample::console(Some(section)).place;
    let door = Place::Console(None);
    write::<console::SignIn>(folder, "console-sign-in", &door)?;
    write::<console::SignInCode>(folder, "console-sign-in-code", &door)?;
    write::<console::Welcome>(folder, "console-welcome", &door)?;
    write::<console::Assign>(folder, "console-assign", &at(Section::Requests))?;
    write::<console::Checklist>(folder, "console-checklist", &at(Section::Checklist))?;
    write::<console::Close>(folder, "console-close", &at(Section::Requests))?;
    write::<console::DataApprove>(folder, "console-data-approve", &at(Section::Requests))?;
    write::<console::DataReview>(folder, "console-data-review", &at(Section::Requests))?;
    write::<console::Extend>(folder, "console-extend", &at(Section::Requests))?;
    write::<console::Log>(folder, "console-log", &at(Section::Log))?;
    write::<console::NewRequest>(folder, "console-new-request", &at(Section::Requests))?;
    write::<console::Outbox>(folder, "console-outbox", &at(Section::Outbox))?;
    write::<console::OutboxMail>(folder, "console-outbox-mail", &at(Section::Outbox))?;
    write::<console::Refuse>(folder, "console-refuse", &at(Section::Requests))?;
    write::<console::RequestDecisions>(folder, "console-request-decisions", &at(Section::Requests))?;
    write::<console::RequestDocuments>(folder, "console-request-documents", &at(Section::Requests))?;
    write::<console::RequestLog>(folder, "console-request-log", &at(Section::Requests))?;
    write::<console::RequestMessages>(folder, "console-request-messages", &at(Section::Requests))?;
    write::<console::RequestOverview>(folder, "console-request-overview", &at(Section::Requests))?;
    write::<console::RequestTasks>(folder, "console-request-tasks", &at(Section::Requests))?;
    write::<console::Requests>(folder, "console-requests", &at(Section::Requests))?;
    write::<console::Source>(folder, "console-source", &at(Section::Sources))?;
    write::<console::Sources>(folder, "console-sources", &at(Section::Sources))?;
    write::<console::Task>(folder, "console-task", &at(Section::Tasks))?;
    write::<console::Tasks>(folder, "console-tasks", &at(Section::Tasks))?;
    write::<console::Today>(folder, "console-today", &at(Section::Today))?;
    write::<console::User>(folder, "console-user", &at(Section::Users))?;
    write::<console::Users>(folder, "console-users", &at(Section::Users))?;
    write::<Problem>(folder, "console-problem", &at(Section::Today))
}

fn write_mails(folder: &Path) -> Result<(), Failure> {
    for (number, letter) in Letter::samples().iter().enumerate() {
        let mail = letter.render(&House::sample())?;
        let name = format!("mail-{}-{number}", letter.kind());
        fs::write(folder.join(format!("{name}.html")), mail.html)?;
        fs::write(folder.join(format!("{name}.txt")), format!("Subject: {}\n\n{}", mail.subject, mail.text))?;
    }
    Ok(())
}
