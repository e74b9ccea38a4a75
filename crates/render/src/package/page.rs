//! The pages of a package, streamed record by record.

use askama::Template;
use habeas_core::record::{Hop, Origin};
use habeas_core::register::is_within;
use jiff::tz::TimeZone;

use super::archive::Archive;
use super::coverage::{self, Statement};
use super::data::for_each;
use super::given::Given;
use super::manifest::Role;
use super::original;
use super::plan::{self, Group, Layout, PER_PAGE, Plan, Table};
use super::shown::{self, Kind, MOST_FIELDS, Shown};
use super::survey::Survey;
use super::{Error, Input, Open};
use crate::text::{self, Day, Moment};

/// Up to this many records of a collection stand open on the first page.
const OPEN: u64 = 3;

/// What every page looks like: the tokens and elements all our pages share, and what packages need.
const STYLE: &str = concat!(
    include_str!("../assets/css/tokens.css"),
    include_str!("../assets/css/base.css"),
    include_str!("../../templates/package/style.css"),
);

#[derive(Template)]
#[template(path = "package/head.html")]
pub(super) struct Head<'a> {
    pub(super) title: &'a str,
    /// The way back to the package's root: empty, or `../../`.
    pub(super) root: &'a str,
    pub(super) controller: &'a str,
    pub(super) here: Here,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Here {
    Index,
    Information,
    Page,
}

#[derive(Template)]
#[template(path = "package/foot.html")]
pub(super) struct Foot<'a> {
    pub(super) reference: &'a str,
    pub(super) made: Moment,
    pub(super) controller: &'a str,
}

#[derive(Template)]
#[template(path = "package/index.html")]
struct Index<'a> {
    name: &'a str,
    reference: &'a str,
    received: Day,
    made: Moment,
    found: String,
    systems: &'a [&'a str],
    groups: &'a [Group<'a>],
    /// Files that are in it as they are.
    files: &'a [original::Line<'a>],
    /// What could not be searched.
    problems: Vec<String>,
}

#[derive(Template)]
#[template(path = "package/table.html")]
struct TableTop<'a> {
    /// The group's heading, before its first collection.
    group: Option<&'a Group<'a>>,
    table: &'a Table<'a>,
}

#[derive(Template)]
#[template(path = "package/record.html")]
struct Part<'a> {
    number: u64,
    hint: String,
    /// Whether it can be folded, and how it is at first.
    is_folded: Option<bool>,
    source: &'a str,
    reached: String,
    fields: Vec<(String, Shown)>,
    technical: Vec<(String, Shown)>,
    technical_title: String,
    empty: Option<String>,
    unshown: Option<String>,
    root: &'a str,
    json: &'a str,
}

#[derive(Template)]
#[template(path = "package/searched.html")]
struct Searched<'a> {
    statement: &'a Statement,
    files: &'a [original::Line<'a>],
    identities: String,
    zone: &'a TimeZone,
    controller: &'a super::Controller,
}

#[derive(Template)]
#[template(path = "package/page.html")]
struct PageTop<'a> {
    table: &'a Table<'a>,
    number: usize,
    of: usize,
    first: String,
    last: String,
    beyond: Option<String>,
    before: Option<&'a str>,
    after: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "package/readme.txt", escape = "none")]
struct Readme<'a> {
    controller: &'a str,
    reference: &'a str,
    made: Moment,
    contact: Vec<String>,
}

/// Writes the read-me, the style, the first page and all pages of records.
pub(super) fn write_all(
    input: &Input,
    survey: &Survey<'_>,
    plan: &Plan<'_>,
    open: &Open<'_>,
    archive: &mut Archive<'_>,
) -> Result<(), Error> {
    let readme = Readme {
        controller: &text::single_line(&input.controller.name),
        reference: input.reference.as_str(),
        made: Moment(input.made_at.clone()),
        contact: input.controller.contact.iter().map(|line| text::single_line(line)).collect(),
    };
    archive.start("README.txt", Role::Readme, 0)?;
    put(&readme, "package/readme.txt", archive)?;
    write_index(input, survey, plan, open, archive)?;
    archive.add("style.css", Role::Style, STYLE.as_bytes())?;
    for table in plan.tables() {
        if let Layout::Paged { paths, .. } = &table.layout {
            write_pages(input, table, paths, open, archive)?;
        }
    }
    Ok(())
}

/// Renders a template into the file that is open.
pub(super) fn put(part: &impl Template, name: &'static str, archive: &mut Archive<'_>) -> Result<(), Error> {
    let rendered = part.render().map_err(|cause| crate::Error::new(name, cause))?;
    std::io::Write::write_all(archive, rendered.as_bytes())?;
    Ok(())
}

fn write_index(
    input: &Input,
    survey: &Survey<'_>,
    plan: &Plan<'_>,
    open: &Open<'_>,
    archive: &mut Archive<'_>,
) -> Result<(), Error> {
    let statement = coverage::statement(input, survey);
    let name = shown::readable(input.name.reveal()).0;
    let controller = input.controller.name.as_str();
    archive.start("index.html", Role::Page, 0)?;
    let title = "Your personal data";
    put(&Head { title, root: "", controller, here: Here::Index }, "package/head.html", archive)?;
    let index = Index {
        name: &name,
        reference: input.reference.as_str(),
        received: Day(input.received_on),
        made: Moment(input.made_at.clone()),
        found: text::count(plan.given(), "record", "records"),
        systems: &plan::systems(plan),
        groups: &plan.groups,
        files: &original::lines(input),
        problems: problems(&statement),
    };
    put(&index, "package/index.html", archive)?;
    for group in &plan.groups {
        for (place, table) in group.tables.iter().enumerate() {
            let top = TableTop { group: (place == 0).then_some(group), table };
            put(&top, "package/table.html", archive)?;
            if matches!(table.layout, Layout::Inline) {
                for_each(input, table, open, |place, given| {
                    let folded = (table.surveyed.given > 1).then_some(place >= OPEN);
                    put(&part(input, table, &given, (place + 1, folded, "")), "package/record.html", archive)
                })?;
            }
        }
    }
    let identities: Vec<String> = statement.identities.iter().map(|kind| identity(kind)).collect();
    let searched = Searched {
        statement: &statement,
        files: &original::lines(input),
        identities: and(&identities),
        zone: input.made_at.time_zone(),
        controller: &input.controller,
    };
    put(&searched, "package/searched.html", archive)?;
    write_foot(input, archive)
}

fn write_foot(input: &Input, archive: &mut Archive<'_>) -> Result<(), Error> {
    let made = Moment(input.made_at.clone());
    let foot = Foot { reference: input.reference.as_str(), made, controller: &input.controller.name };
    put(&foot, "package/foot.html", archive)
}

/// Writes the pages of one collection in one reading of its records.
fn write_pages(
    input: &Input,
    table: &Table<'_>,
    paths: &[String],
    open: &Open<'_>,
    archive: &mut Archive<'_>,
) -> Result<(), Error> {
    for_each(input, table, open, |place, given| {
        let page = usize::try_from(place / PER_PAGE).unwrap_or(usize::MAX);
        let Some(path) = paths.get(page) else { return Ok(()) };
        if place % PER_PAGE == 0 {
            if page > 0 {
                put(&PageEnd::default(), "package/page_end.html", archive)?;
                write_foot(input, archive)?;
            }
            archive.start(path, Role::Page, 0)?;
            start_page(input, table, paths, page, archive)?;
        }
        put(&part(input, table, &given, (place + 1, None, "../../")), "package/record.html", archive)
    })?;
    put(&PageEnd::default(), "package/page_end.html", archive)?;
    write_foot(input, archive)
}

#[derive(Template, Default)]
#[template(path = "package/page_end.html")]
struct PageEnd {}

fn start_page(
    input: &Input,
    table: &Table<'_>,
    paths: &[String],
    page: usize,
    archive: &mut Archive<'_>,
) -> Result<(), Error> {
    let controller = input.controller.name.as_str();
    let title = format!("{}, page {} of {}", table.name, page + 1, paths.len());
    let head = Head { title: &title, root: "../../", controller, here: Here::Page };
    put(&head, "package/head.html", archive)?;

    let file = |place: Option<usize>| {
        place.and_then(|place| paths.get(place)).and_then(|path| path.rsplit('/').next())
    };
    let first = page as u64 * PER_PAGE + 1;
    let top = PageTop {
        table,
        number: page + 1,
        of: paths.len(),
        first: text::thousands(first),
        last: text::thousands((first + PER_PAGE - 1).min(table.surveyed.given)),
        beyond: table.beyond().filter(|_| page + 1 == paths.len()),
        before: file(page.checked_sub(1)),
        after: file(page.checked_add(1)),
    };
    put(&top, "package/page.html", archive)
}

fn part<'a>(
    input: &Input,
    table: &'a Table<'a>,
    given: &Given,
    (number, is_folded, root): (u64, Option<bool>, &'a str),
) -> Part<'a> {
    let (mut fields, mut technical) = (Vec::new(), Vec::new());
    let (mut empty, mut unshown) = (0, 0);
    for (name, value) in given.row.fields() {
        let described = table.surveyed.fields.lookup(name);
        let Some(mut shown) = shown::value(value) else {
            empty += 1;
            continue;
        };
        if fields.len() + technical.len() >= MOST_FIELDS {
            unshown += 1;
            continue;
        }
        if given.removed.contains(name) {
            shown.kind = Kind::Removed;
        }
        let label = described.and_then(|field| field.label.clone()).unwrap_or_else(|| shown::label(name));
        let is_technical = described.is_some_and(|field| {
            !field.categories.is_empty() && field.categories.iter().all(|c| is_within(c, "system"))
        });
        if is_technical { technical.push((label, shown)) } else { fields.push((label, shown)) }
    }
    let some = |number: u64, one: &str, many: &str| (number > 0).then(|| text::count(number, one, many));
    Part {
        number,
        hint: hint(&fields),
        is_folded,
        source: &table.source_name,
        reached: reached(input, &given.reached_by),
        fields,
        technical_title: text::count(technical.len() as u64, "technical field", "technical fields"),
        technical,
        empty: some(empty, "empty field", "empty fields"),
        unshown: some(unshown, "further field is", "further fields are"),
        root,
        json: &table.json,
    }
}

/// Returns what tells a record from the others at a glance: its first two short values.
fn hint(fields: &[(String, Shown)]) -> String {
    let is_short = |shown: &&Shown| shown.kind == Kind::Plain && shown.text.chars().count() <= 40;
    let words: Vec<&str> =
        fields.iter().map(|(_, shown)| shown).filter(is_short).take(2).map(|s| s.text.as_str()).collect();
    words.join(" · ")
}

/// Returns the way from the person to a record: "your e-mail address → Clients → Invoices".
pub(super) fn reached(input: &Input, hops: &[Hop]) -> String {
    let mut steps = Vec::new();
    for hop in hops {
        if let Origin::Identity(kind) = &hop.from {
            steps.push(identity(kind));
        }
        let key = super::Key { dataset: hop.dataset.clone(), collection: hop.collection.clone() };
        let described = super::survey::Fields::of(input, &key).collection();
        steps.push(described.map_or_else(|| shown::label(&hop.collection), |one| one.name.clone()));
    }
    steps.join(" → ")
}

/// Returns what people call a kind of identifier.
fn identity(kind: &str) -> String {
    match kind {
        "email" => "your e-mail address".to_owned(),
        "phone" | "phone_number" => "your phone number".to_owned(),
        other => format!("your {}", shown::label(other).to_lowercase()),
    }
}

/// Joins words as a sentence does: "a, b and c".
pub(super) fn and(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// Returns what a person must know first: what was not searched, and why.
fn problems(statement: &Statement) -> Vec<String> {
    let mut problems = Vec::new();
    for system in &statement.systems {
        for line in system.collections.iter().filter(|line| line.outcome != "searched") {
            let what = match line.outcome {
                "failed" => "could not be searched to the end",
                "skipped" => "was left out",
                _ => "could not be searched with what we know of you",
            };
            let reason = line.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
            problems.push(format!("{} in {} {what}{reason}", line.name, system.name));
        }
    }
    problems
}
