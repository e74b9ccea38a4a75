//! Writes an organisation's process down from its definitions.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use habeas_core::definition::{Activity, Catalog, Entity, Kind};
use habeas_core::flow::{Flow, Operation, Work};
use habeas_core::law::Pack;
use habeas_core::register::{Item, Register};
use habeas_core::yaml::Problems;
use habeas_render::process::{Chapter, Part, Process};
use habeas_render::text::Day;
use jiff::civil::Date;

/// What a process is written from.
pub(crate) struct Source<'a> {
    /// The definitions.
    pub(crate) catalog: &'a Catalog,
    /// The organisation.
    pub(crate) entity: &'a Entity,
    /// Its version.
    pub(crate) version: String,
    /// When a definition was last changed.
    pub(crate) last_updated: Option<Date>,
    /// The day the process is written for: rules of law are those of requests received then.
    pub(crate) today: Date,
}

/// Returns the process.
pub(crate) fn write(source: &Source<'_>) -> Process {
    let entity = source.entity;
    let chapters = vec![
        chapter("channels", "How to ask", channels(source)),
        chapter("rights", "What can be asked, and by when it is answered", rights(source)),
        chapter("identity", "How identity is checked", identity(source)),
        chapter("timeline", "How a request is worked on", timeline(source)),
        chapter("contents", "What a reply holds", contents(source)),
        chapter("formats", "In which form it is given", formats(entity)),
        chapter("refusals", "When a request is refused or takes longer", refusals(source)),
        chapter("records", "What is kept of a request", records(source)),
        chapter("contacts", "Contacts and authority", contacts(source)),
    ];
    Process {
        organisation: entity.title.clone(),
        version: source.version.clone(),
        last_updated: source.last_updated.map(|on| Day(on).to_string()),
        chapters,
    }
}

fn chapter(key: &str, title: &str, parts: Vec<Part>) -> Chapter {
    Chapter { key: key.to_owned(), title: title.to_owned(), parts }
}

fn text(words: impl Into<String>) -> Part {
    Part::Text(words.into())
}

fn table<const N: usize>(heads: [&str; N], rows: Vec<[String; N]>) -> Part {
    Part::Table { heads: heads.map(str::to_owned).into(), rows: rows.into_iter().map(Vec::from).collect() }
}

impl Source<'_> {
    fn activities(&self) -> impl Iterator<Item = &Activity> {
        self.catalog.offered().filter(|activity| activity.entity == self.entity.name)
    }

    fn law(&self, id: &str) -> Option<&Pack> {
        self.catalog.law_on(id, self.today).map(|(pack, _)| pack)
    }

    /// Returns the laws of all activities, each once.
    fn laws(&self) -> Vec<&Pack> {
        let ids: BTreeSet<&str> = self.activities().map(|activity| activity.law.as_str()).collect();
        ids.into_iter().filter_map(|id| self.law(id)).collect()
    }

    /// Returns the flows of all activities, each once.
    fn flows(&self) -> Vec<&Flow> {
        let mut flows: BTreeMap<&str, &Flow> = BTreeMap::new();
        for (_, flow) in self.activities().filter_map(|activity| self.catalog.flow_of(activity)) {
            flows.insert(&flow.name, flow);
        }
        flows.into_values().collect()
    }
}

fn channels(source: &Source<'_>) -> Vec<Part> {
    let entity = source.entity;
    let mut ways = vec![
        "The privacy portal: a form for each kind of request, without an account.".to_owned(),
        format!("By e-mail to {}.", entity.contact_email),
    ];
    if !entity.address.is_empty() {
        ways.push(format!("By post to {}.", entity.address.replace('\n', ", ")));
    }
    ways.push(
        "By telephone or in person: staff write the request down, with the time it was truly made."
            .to_owned(),
    );
    vec![
        text(
            "A request needs no form, no reason and no fee. Whichever way it comes, it counts from the moment it \
             arrives, and the person gets a receipt with its reference and date.",
        ),
        Part::List(ways),
    ]
}

fn rights(source: &Source<'_>) -> Vec<Part> {
    let row = |activity: &Activity| {
        let law = source.law(&activity.law);
        let rule = law.and_then(|law| law.right(activity.right));
        let article = rule.map(|rule| rule.article.clone()).unwrap_or_default();
        let name = law.map_or_else(|| activity.law.clone(), Pack::title);
        let ours = format!("{} days before", activity.targets.target_days);
        [activity.title.clone(), format!("{article} {name}"), period(source, activity), ours]
    };
    let rows: Vec<[String; 4]> = source.activities().map(row).collect();
    let mut parts = if rows.is_empty() {
        vec![text("No kind of request is offered at the moment.")]
    } else {
        vec![table(["A person can ask to", "Right", "Answered within", "We mean to be ready"], rows)]
    };
    parts.push(text(format!("Days are counted in {}.", source.entity.zone.iana_name().unwrap_or("UTC"))));
    let targets = &source.entity.settings.targets;
    if !targets.is_empty() {
        let row = |target: &habeas_core::target::Target| {
            let right = target.right.map_or("any", habeas_core::law::Right::as_str);
            [right.replace('_', " "), target.stage.replace('_', " "), format!("day {}", target.days)]
        };
        parts.push(Part::Heading("Our own targets, counted from the day of receipt".to_owned()));
        parts.push(table(["Right", "Stage", "Over by"], targets.iter().map(row).collect()));
    }
    parts
}

/// Says within which time the law wants an answer, and by how much it may be prolonged.
fn period(source: &Source<'_>, activity: &Activity) -> String {
    let Some(law) = source.law(&activity.law) else { return String::new() };
    let duty = law.main_obligation(activity.right);
    let fits = |rights: &[habeas_core::law::Right]| rights.is_empty() || rights.contains(&activity.right);
    let mut periods = law.periods().iter().filter(|period| {
        period.obligations.contains(&duty) && fits(&period.rights) && period.versions.covers(source.today)
    });
    let Some(period) = periods.next() else {
        let mut undated = law.undated().iter();
        let found = undated.find(|rule| rule.obligations.contains(&duty) && fits(&rule.rights));
        return found.map_or_else(String::new, |rule| format!("{} ({})", rule.words, rule.article));
    };
    let mut words = format!("{} ({})", period.length, period.article);
    if let Some(extension) = &period.extension {
        let more = extension.length.map_or_else(|| "more".to_owned(), |length| length.to_string());
        let _ = write!(words, "; may be prolonged by {more} ({})", extension.article);
    }
    words
}

fn identity(source: &Source<'_>) -> Vec<Part> {
    let asks = source.flows().into_iter().flat_map(Flow::tasks);
    let proves =
        asks.filter_map(habeas_core::flow::Task::operation).any(|it| it == Operation::VerifyIdentity);
    let days = source.entity.settings.verification_days;
    let mut parts = vec![if proves {
        text(format!(
            "The least intrusive way first: a code is sent to the e-mail address the organisation knows, and works \
             for ten minutes. Whoever does not enter it is reminded after {} days; after {days} days a person \
             decides whether to close the request, with its ground and the remedies. It never closes by itself.",
            days / 2
        ))
    } else {
        text("No proof of identity is asked for.")
    }];
    parts.push(text(
        "The form answers the same whether or not a person is known. Evidence is not kept longer than checking it \
         takes; what was checked, how and with which outcome stands in the log.",
    ));
    for law in source.laws() {
        if let Some(rule) = law.identity() {
            parts.push(text(format!("{}: {} ({})", law.title(), rule.words, rule.article)));
        }
    }
    parts
}

fn timeline(source: &Source<'_>) -> Vec<Part> {
    let mut parts = Vec::new();
    for flow in source.flows() {
        parts.push(Part::Heading(flow.title.clone()));
        if !flow.description.is_empty() {
            parts.push(text(flow.description.clone()));
        }
        let mut rows = Vec::new();
        for stage in &flow.stages {
            for task in &stage.tasks {
                let who = match &task.work {
                    Work::Automatic(_) => "by itself".to_owned(),
                    Work::Manual(manual) => {
                        let role = source.catalog.role(&manual.role);
                        role.map_or_else(|| manual.role.to_string(), |role| role.title.clone())
                    }
                };
                let within = task.deadline.map_or_else(String::new, |span| {
                    format!("{} {}", span.amount, span.unit.as_str().replace('_', " "))
                });
                rows.push([stage.title.clone(), task.title.clone(), who, within]);
            }
        }
        parts.push(table(["Stage", "Step", "Done by", "Within"], rows));
    }
    parts.push(text(
        "Nothing leaves the organisation before identity is proven and a person has looked through what was found. \
         Records that may be about somebody else wait for a person's decision. A source that fails is never \
         reported as empty.",
    ));
    parts
}

fn contents(source: &Source<'_>) -> Vec<Part> {
    let mut parts = vec![text(
        "A reply says which systems were searched, with which identifiers and when; how many records were found in \
         each; and what was not searched or was left out, and why. Passwords, keys and other credentials are never \
         in it.",
    )];
    let texts = source.catalog.texts(Kind::Register);
    let problems = Problems::new();
    let register = texts.iter().find_map(|text| Register::parse(&text.name, &text.text, &problems));
    let Some(register) = register.filter(|register| !register.processing.is_empty()) else {
        return parts;
    };
    let said = |item: &Item<Vec<String>>| match item {
        Item::Filled(points) => points.join("; "),
        Item::None(reason) => reason.clone(),
        Item::Missing => "not said yet".to_owned(),
    };
    let rows = register.processing.iter().map(|group| [group.name.clone(), said(&group.purposes)]);
    parts.push(table(["Group of data", "What it is used for"], rows.collect()));
    parts
}

fn formats(entity: &Entity) -> Vec<Part> {
    let settings = &entity.settings;
    vec![
        text(
            "One archive, encrypted with a password of its own: pages to read without a network, the same as JSON and \
             CSV for machines, the information of the register of processing, and a signed list of all files.",
        ),
        text(format!(
            "It is fetched on the portal after signing in with a fresh code, for {} hours and up to {} times. It is \
             kept for {} days, in which the person can open it once more, and is then deleted.",
            settings.access_hours, settings.download_limit, settings.keep_days
        )),
    ]
}

fn refusals(source: &Source<'_>) -> Vec<Part> {
    let mut parts = vec![text(
        "A request is refused only by a person, with a ground of the law, in plain words, and with what the person can \
         do about it. Where it takes longer, the person is told in time, with the reason and the new date.",
    )];
    for law in source.laws() {
        let grounds = law.refusal_grounds().iter().filter(|ground| ground.versions.covers(source.today));
        let rows: Vec<[String; 2]> =
            grounds.map(|ground| [ground.words.clone(), ground.article.clone()]).collect();
        parts.push(Part::Heading(law.title()));
        if !rows.is_empty() {
            parts.push(table(["Ground", "Article"], rows));
        }
        if let Some(fees) = law.fees() {
            parts.push(text(format!("Fees: {} ({})", fees.words, fees.article)));
        }
    }
    parts
}

fn records(source: &Source<'_>) -> Vec<Part> {
    let mut parts = vec![text(
        "Each step of a request stands in a log that shows if it was changed: who did what, when and why. What is \
         personal in it is sealed under a key of the request's own; destroying that key makes it unreadable and leaves \
         dates, kinds and outcomes. A legal hold stops that, and two people lift it.",
    )];
    for law in source.laws() {
        if let Some(rule) = law.records() {
            parts.push(text(format!("{}: {} ({})", law.title(), rule.words, rule.article)));
        }
    }
    parts
}

fn contacts(source: &Source<'_>) -> Vec<Part> {
    let entity = source.entity;
    let mut lines = vec![format!("{}: {}", entity.title, entity.contact_email)];
    if !entity.address.is_empty() {
        lines.push(entity.address.replace('\n', ", "));
    }
    lines.extend(entity.officer.iter().map(|officer| format!("Data protection officer: {officer}")));
    let mut parts = vec![Part::List(lines)];
    for law in source.laws() {
        let remedies: Vec<String> = law
            .remedies(source.today)
            .map(|remedy| {
                let ways = [&remedy.words, &remedy.site, &remedy.phone, &remedy.email];
                let ways: Vec<&str> = ways.into_iter().flatten().map(String::as_str).collect();
                let ways = if ways.is_empty() { String::new() } else { format!(": {}", ways.join(", ")) };
                format!("{} ({}){ways}", remedy.name, remedy.article)
            })
            .collect();
        if !remedies.is_empty() {
            parts.push(Part::Heading(format!("What a person can do, {}", law.title())));
            parts.push(Part::List(remedies));
        }
    }
    parts
}
