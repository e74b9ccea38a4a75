//! The sample answers of a trial: as form fields, read from what was sent, and as a script.

use std::collections::BTreeMap;

use habeas_core::definition::FormField;
use habeas_core::flow::{Ask, Flow, Kind, Operation, Task};
use habeas_core::law::Right;
use habeas_core::list::List;
use habeas_core::request::Subject;
use habeas_core::simulate::{Decides, Script, Step};
use habeas_render::page::part::{Choice, Field, FieldKind, Group};
use jiff::civil::Date;

use super::super::super::laws;
use crate::App;
use crate::form::Form;
use crate::portal::entry::{self, Asked};

/// What of the person's form is asked beside the flow's own questions: what conditions can be about.
const FIELDS: [FormField; 2] = [FormField::Country, FormField::Relation];

/// Nobody looks further ahead.
const MOST_DAYS: u16 = 800;
/// No answer comes later, in hours.
const MOST_HOURS: u32 = 20_000;
/// The answers of so many tasks can be told; the others are done within a day.
const MOST_TASKS: usize = 30;
/// So many questions of each task can be answered: those with choices, which conditions are about.
const MOST_ASKS: usize = 2;

/// Under what the request is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Under {
    /// An activity.
    Activity(String),
    /// A law.
    Law(String),
}

/// The answers as sent, and what is wrong with them.
pub(super) struct Answers {
    values: BTreeMap<String, String>,
    wrong: BTreeMap<String, String>,
    subject: Subject,
}

impl Answers {
    /// Returns the answers a form begins with: all goes well, everybody takes a day.
    pub(super) fn usual(app: &App, flow: &Flow, today: Date) -> Self {
        let activity = app.catalog.activities().find(|activity| activity.flow == flow.name);
        let law = super::chrome::host(app)
            .and_then(|entity| entity.laws.first())
            .map_or_else(|| "eu-gdpr".to_owned(), |binding| binding.law.clone());
        let under = match activity {
            Some(activity) => format!("activity:{}", activity.name),
            None => format!("law:{law}"),
        };
        let mut values: BTreeMap<String, String> = [
            ("under", under.as_str()),
            ("right", activity.map_or("access", |activity| activity.right.as_str())),
            ("received", &today.to_string()),
            ("days", "120"),
            ("country", "GB"),
            ("relation", "customer"),
            ("proves_after", "1"),
            ("answers_after", "24"),
            ("withdraws_after", "never"),
            ("records", "12"),
            ("decides", "nothing"),
            ("decides_after", "24"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        for (place, field) in flow.form_fields().into_iter().enumerate() {
            let list = field.list.as_ref().and_then(|name| app.catalog.list(name));
            values.insert(format!("answer_{place}"), made_up(field.kind, list, today));
        }
        for (place, task) in manual(flow) {
            values.insert(format!("does_{place}"), "complete".to_owned());
            values.insert(format!("after_{place}"), "24".to_owned());
            for (number, ask) in choices(task) {
                let list = ask.list.as_ref().and_then(|name| app.catalog.list(name));
                values.insert(format!("ask_{place}_{number}"), made_up(ask.kind, list, today));
            }
        }
        Self { values, wrong: BTreeMap::new(), subject: Subject::default() }
    }

    /// Reads what was sent.
    pub(super) fn of(app: &App, flow: &Flow, form: &Form) -> Self {
        let mut answers = Self::usual(app, flow, super::chrome::today(app));
        let names: Vec<String> = answers.values.keys().cloned().collect();
        let sent = form.pick(names.iter().map(String::as_str));
        answers.values = sent;
        for (place, _) in searches(flow) {
            let name = format!("fails_{place}");
            answers.values.insert(name.clone(), form.text(&name).to_owned());
        }
        answers.check(app, flow);
        answers
    }

    fn check(&mut self, app: &App, flow: &Flow) {
        let mut wrong = BTreeMap::new();
        if self.received_on().is_none() {
            wrong.insert("received".to_owned(), "Enter a date such as 2027-01-31".to_owned());
        }
        let is_known = match self.under() {
            Under::Activity(name) => app.catalog.activity(&name).is_some(),
            Under::Law(law) => app.catalog.latest_law(&law).is_some(),
        };
        if !is_known {
            wrong.insert("under".to_owned(), "Choose an activity or a law".to_owned());
        }
        let numbers = self.values.iter().filter(|(name, _)| is_number(name));
        for (name, value) in numbers {
            let most = match name.as_str() {
                "days" => u32::from(MOST_DAYS),
                "records" => 1_000_000,
                _ => MOST_HOURS,
            };
            if value.parse::<u32>().is_ok_and(|number| number <= most) {
                continue;
            }
            wrong.insert(name.clone(), format!("Enter a whole number of at most {most}"));
        }
        let asked = Asked { flow, catalog: &app.catalog, fields: &FIELDS };
        match entry::read(asked, &self.values) {
            Ok(entry) => self.subject = entry.subject,
            Err(found) => wrong.extend(found),
        }
        self.wrong = wrong;
    }

    /// Says whether something is wrong.
    pub(super) fn is_wrong(&self) -> bool {
        !self.wrong.is_empty()
    }

    fn text(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// Returns the day the request comes in.
    pub(super) fn received_on(&self) -> Option<Date> {
        self.text("received").parse().ok()
    }

    /// Returns how many days are looked at.
    pub(super) fn days(&self) -> u16 {
        self.text("days").parse().unwrap_or(MOST_DAYS).min(MOST_DAYS)
    }

    /// Returns the right asked for where no activity says it.
    pub(super) fn right(&self) -> Right {
        self.text("right").parse().unwrap_or(Right::Access)
    }

    /// Returns under what the request is made.
    pub(super) fn under(&self) -> Under {
        match self.text("under").split_once(':') {
            Some(("activity", name)) => Under::Activity(name.to_owned()),
            Some((_, law)) => Under::Law(law.to_owned()),
            None => Under::Law(String::new()),
        }
    }

    /// Returns the person: made up where the form doesn't ask.
    pub(super) fn subject(&self) -> Subject {
        let made_up = Script::default().subject();
        let or = |given: &str, otherwise: String| {
            if given.is_empty() { otherwise } else { given.to_owned() }
        };
        Subject {
            given_name: made_up.given_name,
            family_name: made_up.family_name,
            email: or(&self.subject.email, made_up.email),
            ..self.subject.clone()
        }
    }

    /// Returns what people do.
    pub(super) fn script(&self, flow: &Flow) -> Script {
        let mut tasks: BTreeMap<String, Step> = BTreeMap::new();
        for (place, task) in manual(flow) {
            let is_never = self.text(&format!("does_{place}")) == "never";
            let is_rejected = self.text(&format!("does_{place}")) == "reject"
                && task.manual().is_some_and(|manual| manual.on_reject.is_some());
            let answers = choices(task).filter_map(|(number, ask)| {
                let answer = self.text(&format!("ask_{place}_{number}"));
                (!answer.is_empty()).then(|| (ask.name.clone(), answer.to_owned()))
            });
            let after = if is_never { NEVER.to_owned() } else { hours(self.text(&format!("after_{place}"))) };
            let step = Step {
                after: Some(after),
                answers: answers.collect(),
                reject: is_rejected.then(|| "This is a sample reason".to_owned()),
                fails: None,
            };
            tasks.insert(task.key.to_string(), step);
        }
        for (place, task) in searches(flow) {
            if self.text(&format!("fails_{place}")) == "yes" {
                let fails = Some("the server refused the connection".to_owned());
                tasks.insert(task.key.to_string(), Step { fails, ..Step::default() });
            }
        }
        Script {
            proves_after: Some(hours(self.text("proves_after"))),
            answers_after: Some(hours(self.text("answers_after"))),
            withdraws_after: Some(hours(self.text("withdraws_after"))),
            records: self.text("records").parse().ok(),
            decides: match self.text("decides") {
                "go_on" => Some(Decides::GoOn),
                "leave_out" => Some(Decides::LeaveOut),
                "refuse" => Some(Decides::Refuse),
                _ => None,
            },
            decides_after: Some(hours(self.text("decides_after"))),
            tasks,
            ..Script::default()
        }
    }

    /// Returns the form.
    pub(super) fn groups(&self, app: &App, flow: &Flow) -> Vec<Group> {
        let asked = Asked { flow, catalog: &app.catalog, fields: &FIELDS };
        let mut groups = vec![Group {
            title: "The request".to_owned(),
            hint: None,
            fields: self.about_the_request(app, flow),
        }];
        let person = entry::groups(asked, &self.values, &self.wrong).into_iter();
        let mut fields: Vec<Field> = person.flat_map(|group| group.fields).collect();
        fields.extend(self.about_the_person());
        groups.push(Group { title: "The person".to_owned(), hint: None, fields });
        let tasks = self.about_tasks(app, flow);
        let hint = (flow.tasks().filter(|task| task.manual().is_some()).count() > MOST_TASKS)
            .then(|| format!("The first {MOST_TASKS} tasks can be told; the others are done within a day."));
        if !tasks.is_empty() {
            groups.push(Group { title: "People who do tasks".to_owned(), hint, fields: tasks });
        }
        groups.push(Group {
            title: "Sources and decisions".to_owned(),
            hint: None,
            fields: self.about_sources(flow),
        });
        groups
    }

    fn field(&self, kind: FieldKind, name: &str, label: impl Into<String>) -> Field {
        Field::new(kind, name, label).error(self.wrong.get(name).cloned()).value(self.text(name))
    }

    fn select(&self, name: &str, label: impl Into<String>, options: Vec<Choice>) -> Field {
        Field::new(FieldKind::Select, name, label)
            .options(options)
            .error(self.wrong.get(name).cloned())
            .value(self.text(name))
    }

    fn about_the_request(&self, app: &App, flow: &Flow) -> Vec<Field> {
        let law_name =
            |id: &str| app.catalog.latest_law(id).map_or_else(|| id.to_owned(), |(pack, _)| pack.title());
        let of_flow = app.catalog.activities().filter(|activity| activity.flow == flow.name);
        let mut under: Vec<Choice> = of_flow
            .map(|it| {
                let words = format!("Activity “{}” ({})", it.title, law_name(&it.law));
                Choice::new(format!("activity:{}", it.name), words)
            })
            .collect();
        let laws = app.catalog.laws().map(|pack| Choice::new(format!("law:{}", pack.id()), pack.title()));
        under.extend(laws);
        let rights = Right::ALL.iter().map(|right| Choice::new(right.as_str(), laws::right(*right)));
        vec![
            self.select("under", "Made under", under),
            self.select("right", "Right", rights.collect())
                .hint("Where a law is chosen; an activity has its own."),
            self.field(FieldKind::Date, "received", "Comes in on").hint("At ten in the morning."),
            self.field(FieldKind::Number, "days", "Looked at for so many days"),
        ]
    }

    fn about_the_person(&self) -> Vec<Field> {
        let after = || {
            vec![
                Choice::new("0", "at once"),
                Choice::new("1", "after an hour"),
                Choice::new("24", "after a day"),
                Choice::new("120", "after 5 days"),
                Choice::new("480", "after 20 days"),
                Choice::new(NEVER, "never"),
            ]
        };
        let withdraws = after().into_iter().rev().filter(|choice| choice.value != "0").collect();
        vec![
            self.select("proves_after", "Enters the code", after()),
            self.select("answers_after", "Answers our questions", after()),
            self.select("withdraws_after", "Takes the request back", withdraws)
                .hint("Nobody can before they have proven who they are."),
        ]
    }

    fn about_tasks(&self, app: &App, flow: &Flow) -> Vec<Field> {
        let mut fields = Vec::new();
        for (place, task) in manual(flow) {
            let mut does = vec![Choice::new("complete", "Complete it")];
            if task.manual().is_some_and(|manual| manual.on_reject.is_some()) {
                does.push(Choice::new("reject", "Reject it, with a reason"));
            }
            does.push(Choice::new(NEVER, "Never do it"));
            let role = task.manual().map(|manual| app.catalog.role_title(&manual.role)).unwrap_or_default();
            let title = &task.title;
            fields.push(self.select(&format!("does_{place}"), format!("{title} ({role})"), does));
            fields.push(self.field(
                FieldKind::Number,
                &format!("after_{place}"),
                format!("Hours until then: {title}"),
            ));
            for (number, ask) in choices(task) {
                let options = match (ask.kind, &ask.list) {
                    (Kind::Choice, Some(list)) => entries(app.catalog.list(list)),
                    _ => vec![Choice::new("yes", "Yes"), Choice::new("no", "No")],
                };
                let label = format!("{title}: {}", ask.label);
                fields.push(self.select(&format!("ask_{place}_{number}"), label, options).optional());
            }
        }
        fields
    }

    fn about_sources(&self, flow: &Flow) -> Vec<Field> {
        let mut fields = vec![self.field(FieldKind::Number, "records", "Records found")];
        for (place, task) in searches(flow) {
            let options = vec![
                Choice::new("no", "Every source answers"),
                Choice::new("yes", "A source can't be reached"),
            ];
            let name = format!("fails_{place}");
            let value = if self.text(&name) == "yes" { "yes" } else { "no" };
            fields
                .push(Field::new(FieldKind::Select, name, task.title.clone()).options(options).value(value));
        }
        let decides = vec![
            Choice::new("nothing", "Nobody does anything"),
            Choice::new("go_on", "It is mended and goes on"),
            Choice::new("leave_out", "The source is left out, with a reason"),
            Choice::new("refuse", "The request is refused, on a ground of the law"),
        ];
        fields.push(self.select("decides", "Where staff must decide", decides));
        fields.push(self.field(FieldKind::Number, "decides_after", "Hours until they decide"));
        fields
    }
}

/// In place of hours: it isn't done at all.
const NEVER: &str = "never";

fn hours(text: &str) -> String {
    match text {
        NEVER | "" => NEVER.to_owned(),
        "0" => "at once".to_owned(),
        hours => format!("{hours} hours"),
    }
}

fn is_number(name: &str) -> bool {
    matches!(name, "days" | "records" | "decides_after") || name.starts_with("after_")
}

/// Returns the manual tasks that can be told about, each with its place in names of fields.
fn manual(flow: &Flow) -> impl Iterator<Item = (usize, &Task)> {
    flow.tasks().filter(|task| task.manual().is_some()).take(MOST_TASKS).enumerate()
}

/// Returns the tasks that look into sources.
fn searches(flow: &Flow) -> impl Iterator<Item = (usize, &Task)> {
    let looks =
        |task: &&Task| matches!(task.operation(), Some(Operation::ResolveSubject | Operation::Collect));
    flow.tasks().filter(looks).take(10).enumerate()
}

/// Returns what a task asks that a condition may be about.
fn choices(task: &Task) -> impl Iterator<Item = (usize, &Ask)> {
    let asks = task.manual().into_iter().flat_map(|manual| &manual.asks);
    asks.filter(|ask| matches!(ask.kind, Kind::Choice | Kind::YesNo)).take(MOST_ASKS).enumerate()
}

fn entries(list: Option<&List>) -> Vec<Choice> {
    list.into_iter().flat_map(List::choices).map(|entry| Choice::new(&entry.key, &entry.value)).collect()
}

/// Returns an answer nobody gave.
fn made_up(kind: Kind, list: Option<&List>, today: Date) -> String {
    match kind {
        Kind::Email => "ada@example.org".to_owned(),
        Kind::Phone => "+44 117 496 0000".to_owned(),
        Kind::YesNo => "yes".to_owned(),
        Kind::Number => "1".to_owned(),
        Kind::Date => today.to_string(),
        Kind::DateRange => format!("{today}/{today}"),
        Kind::Country => "GB".to_owned(),
        Kind::Choice => {
            list.and_then(|list| list.choices().next()).map(|it| it.key.clone()).unwrap_or_default()
        }
        Kind::Text | Kind::LongText | Kind::Identifiers => "A sample answer".to_owned(),
        Kind::File | Kind::Records | Kind::Decisions | Kind::Package | Kind::Correction => String::new(),
    }
}
