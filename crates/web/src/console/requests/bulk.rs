//! `POST /console/requests/bulk`: one act on the requests chosen in the list.
//!
//! First it is shown what would happen to which, then it is done: each request in a transaction of its own, so
//! that one that can't be done leaves the others done. Core decides each as if it were the only one.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use habeas_core::access::{self, Action};
use habeas_core::id::{Token, UserId};
use habeas_core::pii::Pii;
use habeas_core::request::{Command, Denied, Request, Reshape, SpamCause};
use habeas_render::page::Section;
use habeas_render::page::console::{Bulk, BulkRow};
use habeas_render::page::part::{Badge, Choice, Field, FieldKind, Hidden, Tone};
use habeas_render::text::{self, Day};
use jiff::SignedDuration;

use super::{assign, tab};
use crate::console::case::{self, Case};
use crate::console::{chrome, snippets, told};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// No more requests are done at once.
const MOST: usize = 100;
/// How long a form counts once.
const ONCE: SignedDuration = SignedDuration::from_hours(24);

/// What is done to each.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Assign,
    Reply,
    Extend,
    Spam,
}

impl Act {
    fn of(form: &Form) -> Option<Self> {
        match form.text("act") {
            "assign" => Some(Self::Assign),
            "reply" => Some(Self::Reply),
            "extend" => Some(Self::Extend),
            "spam" => Some(Self::Spam),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Assign => "assign",
            Self::Reply => "reply",
            Self::Extend => "extend",
            Self::Spam => "spam",
        }
    }

    fn verb(self) -> &'static str {
        match self {
            Self::Assign => "Assign",
            Self::Reply => "Write to",
            Self::Extend => "Extend",
            Self::Spam => "Mark as spam",
        }
    }

    /// Says what follows beside what is done to each.
    fn consequences(self) -> &'static [&'static str] {
        match self {
            Self::Assign => &["Each request has this owner from then on."],
            Self::Reply => {
                &["Each person is told by e-mail that a message is there, and reads it on the portal."]
            }
            Self::Extend => {
                &["Each person is told at once: the new date, the reason, and that they can complain."]
            }
            Self::Spam => &[
                "They leave the usual lists and figures, and keep their dates and their way.",
                "Nobody is told.",
            ],
        }
    }
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    form: Form,
) -> Result<Response> {
    let act = Act::of(&form).ok_or(Error::NotFound)?;
    let mut references: Vec<String> = form.all("request").map(str::to_owned).take(MOST).collect();
    references.sort_unstable();
    references.dedup();
    let bulk = BulkAct { app: &app, staff: &staff, act, references };
    let is_sent = form.text("step") == "do";
    let mut fields = bulk.fields(&form).await?;
    let is_wrong = is_sent && complain(&mut fields, &form);
    if !is_sent || is_wrong || bulk.references.is_empty() {
        let page = bulk.before(fields).await?;
        let status = if is_wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        return show(&app, &visit, &staff, status, &page).await;
    }
    let page = bulk.run(&form).await?;
    show(&app, &visit, &staff, StatusCode::OK, &page).await
}

async fn show(app: &App, visit: &Visit, staff: &Staff, status: StatusCode, page: &Bulk) -> Result<Response> {
    let mut read = app.store.read().await?;
    let chrome = chrome::of(app, visit, staff, Section::Requests, &mut read).await?;
    respond::page_with(status, &chrome, page)
}

/// Says at each field what is wrong with it; yes, where anything is.
fn complain(fields: &mut [Field], form: &Form) -> bool {
    for field in fields.iter_mut() {
        field.error = match field.name.as_str() {
            "owner" => {
                let known = field.options.iter().any(|option| option.value == form.text("owner"));
                (!known).then(|| "Choose somebody".to_owned())
            }
            "text" => tab::text_problem(form.text("text"), "Write something before you send it"),
            _ => tab::text_problem(form.text("reason"), "Give a reason in a sentence or two"),
        };
    }
    fields.iter().any(|field| field.error.is_some())
}

/// One act on many requests.
struct BulkAct<'a> {
    app: &'a App,
    staff: &'a Staff,
    act: Act,
    references: Vec<String>,
}

impl BulkAct<'_> {
    async fn fields(&self, form: &Form) -> Result<Vec<Field>> {
        Ok(match self.act {
            Act::Assign => {
                let mut owners: Vec<Choice> = self
                    .owners()
                    .await?
                    .into_iter()
                    .map(|(id, name)| Choice::new(id.to_string(), name))
                    .collect();
                if access::may(&self.staff.roles, Action::Assign) {
                    owners.push(Choice::new("nobody", "Nobody"));
                }
                vec![
                    Field::new(FieldKind::Radios, "owner", "Owner").options(owners).value(form.text("owner")),
                ]
            }
            Act::Reply => vec![
                Field::new(FieldKind::LongText, "text", "Message to each person")
                    .hint("{name}, {reference}, {asked}, {received_on} and {due_on} are filled in for each.")
                    .max_length(5_000)
                    .value(form.text("text")),
            ],
            Act::Extend => vec![
                Field::new(FieldKind::LongText, "reason", "Reason, told to each person")
                    .hint("The law demands a reason for each; write one that holds for all of them.")
                    .max_length(5_000)
                    .value(form.text("reason")),
            ],
            Act::Spam => vec![
                Field::new(FieldKind::LongText, "reason", "Reason, for colleagues")
                    .max_length(5_000)
                    .value(form.text("reason")),
            ],
        })
    }

    /// Returns who may own any of the requests chosen.
    async fn owners(&self) -> Result<BTreeMap<UserId, String>> {
        let mut read = self.app.store.read().await?;
        let mut owners = BTreeMap::new();
        for reference in &self.references {
            match case::load(&mut read, self.staff, reference).await {
                Ok(case) => owners.extend(assign::people_for(self.app, &case, self.staff, &mut read).await?),
                Err(Error::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(owners)
    }

    /// Returns what is to be done to a request, with what was filled in, or made up where nothing was yet.
    fn command(&self, case: &Case, form: Option<&Form>) -> Result<Command> {
        let said = |name: &str| form.map_or("…", |form| form.text(name)).to_owned();
        Ok(match self.act {
            Act::Assign => {
                let owner = form.and_then(|form| form.text("owner").parse().ok());
                Command::Assign(if form.is_some() { owner } else { Some(self.staff.id) })
            }
            Act::Reply => {
                let ctx = case::context(self.app, &case.request, self.staff)?;
                let text = snippets::fill(self.app, case, &ctx, &said("text"));
                Command::Say { text: Pii::new(text), is_internal: false }
            }
            Act::Extend => Command::Extend { reason: Pii::new(said("reason")), until: None },
            Act::Spam => Command::Reshape(Reshape::MarkSpam {
                cause: SpamCause::Person,
                reason: Pii::new(said("reason")),
            }),
        })
    }

    /// Shows what would happen to each.
    async fn before(&self, fields: Vec<Field>) -> Result<Bulk> {
        let mut read = self.app.store.read().await?;
        let (mut rows, mut hidden) = (Vec::new(), vec![Hidden::new("act", self.act.name())]);
        for reference in &self.references {
            let case = match case::load(&mut read, self.staff, reference).await {
                Ok(case) => case,
                Err(Error::NotFound) => {
                    rows.push(unknown(reference));
                    continue;
                }
                Err(error) => return Err(error),
            };
            let ctx = case::context(self.app, &case.request, self.staff)?;
            let decided = case.request.decide(self.command(&case, None)?, &ctx);
            let (outcome, note) = match decided {
                Ok(decision) => {
                    hidden.push(Hidden::new("request", case.request.reference.to_string()));
                    (Badge::new(Tone::Good, "Possible"), moved(&case.request, &decision.request))
                }
                Err(denied) => (Badge::new(Tone::Warn, "Not possible"), why(&denied)),
            };
            rows.push(BulkRow {
                reference: case.request.reference.to_string(),
                what: case.title(self.app),
                outcome,
                note,
            });
        }
        let possible = hidden.len().saturating_sub(1);
        hidden.push(Hidden::new("once", Token::new(&*self.app.chance).reveal()));
        Ok(Bulk {
            title: self.title(),
            summary: self.summary("It can be done to", possible),
            rows,
            hidden,
            fields: if possible == 0 { Vec::new() } else { fields },
            consequences: self.act.consequences().iter().map(|line| (*line).to_owned()).collect(),
            button: (possible > 0).then(|| format!("{} {}", self.act.verb(), requests(possible))),
        })
    }

    /// Does it to each; the same form sent twice is done once.
    async fn run(&self, form: &Form) -> Result<Bulk> {
        let mut tx = self.app.store.begin().await?;
        let until = self.app.now().saturating_add(ONCE).unwrap_or(jiff::Timestamp::MAX);
        let is_first = tx.use_nonce("bulk", form.text("once").as_bytes(), until).await?;
        tx.commit().await?;
        let mut rows = Vec::new();
        let mut done = 0;
        for reference in &self.references {
            if !is_first {
                rows.push(BulkRow {
                    outcome: Badge::new(Tone::Neutral, "Done before"),
                    note: "This form was sent already".to_owned(),
                    ..unknown(reference)
                });
                continue;
            }
            let row = self.run_one(reference, form).await?;
            done += usize::from(row.outcome.tone == Tone::Good);
            rows.push(row);
        }
        Ok(Bulk {
            title: self.title(),
            summary: self.summary("It was done to", done),
            rows,
            hidden: Vec::new(),
            fields: Vec::new(),
            consequences: Vec::new(),
            button: None,
        })
    }

    async fn run_one(&self, reference: &str, form: &Form) -> Result<BulkRow> {
        let mut tx = self.app.store.begin().await?;
        let case = match case::load(&mut tx, self.staff, reference).await {
            Ok(case) => case,
            Err(Error::NotFound) => return Ok(unknown(reference)),
            Err(error) => return Err(error),
        };
        let row = |outcome, note| BulkRow {
            reference: case.request.reference.to_string(),
            what: case.title(self.app),
            outcome,
            note,
        };
        let refused = |note| row(Badge::new(Tone::Bad, "Not done"), note);
        if let (Act::Assign, Ok(owner)) = (self.act, form.text("owner").parse::<UserId>()) {
            let fits = assign::people_for(self.app, &case, self.staff, &mut tx).await?;
            if !fits.contains_key(&owner) {
                return Ok(refused("They may not answer for this request".to_owned()));
            }
        }
        let ctx = case::context(self.app, &case.request, self.staff)?;
        let command = self.command(&case, Some(form))?;
        match tx.act(&case.request, command, &ctx).await.map_err(Error::from) {
            Ok(after) => {
                tx.commit().await?;
                Ok(row(Badge::new(Tone::Good, "Done"), moved(&case.request, &after)))
            }
            Err(Error::Denied(denied)) => Ok(refused(why(&denied))),
            Err(error) => Ok(refused(told::refusal(error)?)),
        }
    }

    fn title(&self) -> String {
        format!("{} {}", self.act.verb(), requests(self.references.len()))
    }

    fn summary(&self, done: &str, count: usize) -> String {
        match self.references.len() {
            0 => "Nothing was chosen: tick requests in the list first.".to_owned(),
            all => format!("{done} {count} of {}.", requests(all)),
        }
    }
}

fn requests(count: usize) -> String {
    text::count(u64::try_from(count).unwrap_or(u64::MAX), "request", "requests")
}

fn why(denied: &Denied) -> String {
    told::capitalised(&denied.to_string())
}

fn unknown(reference: &str) -> BulkRow {
    BulkRow {
        reference: reference.chars().take(20).collect(),
        what: String::new(),
        outcome: Badge::new(Tone::Warn, "Not there"),
        note: "There is no such request for you".to_owned(),
    }
}

/// Says how the legal date moves, where it does.
fn moved(before: &Request, after: &Request) -> String {
    let on = |request: &Request| request.due.as_ref().and_then(|due| due.on);
    match (on(before), on(after)) {
        (Some(old), Some(new)) if old != new => {
            format!("due {} instead of {}", Day(new).short(), Day(old).short())
        }
        _ => String::new(),
    }
}
