//! Made-up content for samples, and the hostile kind that pages must survive.

use std::collections::BTreeMap;

use jiff::Zoned;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use super::part::{
    Choice, Coverage, CoverageRow, Due, Entry, ExplainStep, Explained, Field, FieldKind, Group, Message,
    MessageFile, Search, Step, StepState, Steps, Timeline, Tone, Writer, about_you,
};
use super::{Brand, Chrome, Counts, Language, LanguageLink, Place, Section, Staff};
use crate::text::{Day, Moment};

/// Markup, quotes, template signs, a direction override and a very long word in one value.
pub const HOSTILE: &str = "<script>planted()</script>\"'><img src=x onerror=planted()>{{7*7}}{% raw %}\u{202e}gnp.exe &amp; Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsverzeichnis";

/// Returns an owned [`HOSTILE`].
pub fn hostile() -> String {
    HOSTILE.to_owned()
}

/// Returns an instant in London.
pub fn at(day: Date, hour: i8, minute: i8) -> Moment {
    let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    Moment(
        day.at(hour, minute, 0, 0)
            .to_zoned(zone)
            .unwrap_or_else(|_| Zoned::new(jiff::Timestamp::UNIX_EPOCH, TimeZone::UTC)),
    )
}

/// Returns the day the samples' request came in.
pub fn received() -> Date {
    date(2026, 11, 12)
}

/// Returns the samples' due date.
pub fn due_on() -> Day {
    Day(date(2026, 12, 14))
}

/// Returns a due date some days off.
pub fn due(days_left: i64) -> Due {
    let on =
        date(2026, 12, 14).checked_add(jiff::Span::new().days(days_left - 12)).unwrap_or(date(2026, 12, 14));
    Due { on: Day(on), days_left }
}

/// Returns how the samples' due date came about.
pub fn explained() -> Explained {
    let step = |text: &str, rule: Option<&str>, on: Option<Date>| ExplainStep {
        text: text.to_owned(),
        rule: rule.map(str::to_owned),
        on: on.map(Day),
    };
    Explained {
        on: due_on(),
        steps: vec![
            step(
                "Received on Thursday 12 November 2026 at 10:30; the day of receipt does not count",
                None,
                None,
            ),
            step("One month from receipt", Some("Art. 12(3) UK GDPR"), Some(date(2026, 12, 12))),
            step(
                "That is a Saturday; the period ends on the next working day in England",
                Some("ICO guidance on time limits"),
                Some(date(2026, 12, 14)),
            ),
        ],
    }
}

/// Returns the steps a person sees.
pub fn steps() -> Steps {
    Steps {
        label: "Progress of your request".to_owned(),
        steps: vec![
            Step::new("Received", StepState::Done, Some("12 Nov 2026".to_owned())),
            Step::new("Identity checked", StepState::Done, Some("12 Nov 2026".to_owned())),
            Step::new("Collecting your data", StepState::Current, Some("since 13 Nov 2026".to_owned())),
            Step::new("Review", StepState::Todo, None),
            Step::new("Reply", StepState::Todo, Some("by 14 Dec 2026".to_owned())),
        ],
    }
}

/// Returns a coverage statement with every kind of row.
pub fn coverage() -> Coverage {
    let row = |source: &str, search: Search, record_count: u64, note: Option<&str>| CoverageRow {
        source: source.to_owned(),
        search,
        searched_with: (search == Search::Searched).then(|| "e-mail, customer number".to_owned()),
        record_count,
        as_of: (search == Search::Searched).then(|| at(date(2026, 11, 13), 8, 5)),
        note: note.map(str::to_owned),
    };
    Coverage {
        rows: vec![
            row("Web shop", Search::Searched, 412, None),
            row("Customer service desk", Search::Searched, 38, None),
            row("Newsletter", Search::Searched, 0, None),
            row("Warehouse archive", Search::Failed, 0, Some("The system did not answer; we will try again")),
            row("Backups", Search::Skipped, 0, Some("Overwritten every 30 days and not searched by person")),
        ],
    }
}

/// Returns a conversation; the person's words are given.
pub fn messages(words: &str) -> Vec<Message> {
    vec![
        Message {
            writer: Writer::Staff,
            from: "Privacy team".to_owned(),
            at: at(date(2026, 11, 14), 9, 20),
            text: "You wrote that you also ordered by phone. Which number did you call from?\nWith it we can find those orders too.".to_owned(),
            files: Vec::new(),
        },
        Message {
            writer: Writer::Subject,
            from: "You".to_owned(),
            at: at(date(2026, 11, 14), 18, 2),
            text: words.to_owned(),
            files: vec![MessageFile {
                name: "bill.pdf".to_owned(),
                href: "/my/files/1".to_owned(),
                size: 182_400,
            }],
        },
    ]
}

/// Returns what happened to the samples' request; one actor's words are given.
pub fn timeline(words: &str) -> Timeline {
    let entry = |day, hour, title: &str, who: &str, detail: Option<&str>, tone| Entry {
        at: at(date(2026, 11, day), hour, 12),
        title: title.to_owned(),
        who: who.to_owned(),
        detail: detail.map(str::to_owned),
        tone,
    };
    Timeline {
        entries: vec![
            entry(14, 18, "The person answered", words, Some(words), Tone::Info),
            entry(
                14,
                9,
                "Question asked",
                "Grace Hopper",
                Some("Which number did you call from?"),
                Tone::Warn,
            ),
            entry(
                13,
                8,
                "Warehouse archive failed",
                "Habeas",
                Some("The server refused the connection. Next try at 09:05."),
                Tone::Bad,
            ),
            entry(13, 8, "Web shop searched: 412 records", "Habeas", None, Tone::Good),
            entry(12, 10, "Identity checked by a code sent by e-mail", "The person", None, Tone::Good),
            entry(12, 10, "Request received on the portal", "The person", None, Tone::Neutral),
        ],
    }
}

/// Returns the fields of a request form with one value everywhere, and errors on two of them if asked.
pub fn groups(value: &str, with_errors: bool) -> Vec<Group> {
    let names = ["given_name", "family_name", "email", "phone", "description"];
    let answers: BTreeMap<String, String> =
        names.iter().map(|name| ((*name).to_owned(), value.to_owned())).collect();
    let mut errors = BTreeMap::new();
    if with_errors {
        errors.insert("email".to_owned(), "Enter an e-mail address like name@example.org".to_owned());
        errors.insert("relation".to_owned(), "Choose what you are to us".to_owned());
    }
    let mut groups =
        about_you(&answers, &errors, vec![Choice::new("en", "English"), Choice::new("de", "Deutsch")]);
    groups.push(Group {
        title: "For this request".to_owned(),
        hint: Some("These help us to find everything.".to_owned()),
        fields: vec![
            Field::new(FieldKind::Checkboxes, "scope", "Which data")
                .hint("Leave all empty for everything.")
                .optional()
                .options(vec![
                    Choice::new("orders", "Orders and invoices"),
                    Choice::new("service", "Messages with our service"),
                ]),
            Field::new(FieldKind::Date, "since", "Since when").optional(),
        ],
    });
    groups
}

/// Returns the surroundings of a portal page.
pub fn portal(reference: Option<&str>) -> Chrome {
    let language = |tag: &str, name: &str, is_current| LanguageLink {
        tag: tag.to_owned(),
        name: name.to_owned(),
        href: format!("?lang={tag}"),
        is_current,
    };
    Chrome {
        brand: Brand {
            name: "Northwind Trading".to_owned(),
            home_url: Some("https://northwind.example/".to_owned()),
            privacy_url: Some("https://northwind.example/privacy".to_owned()),
            contact_email: Some("privacy@northwind.example".to_owned()),
            address: Some("Northwind Trading Ltd, 1 Quay Street, Bristol BS1 4DJ, United Kingdom".to_owned()),
        },
        language: Language::english(),
        languages: vec![language("en", "English", true), language("de", "Deutsch", false)],
        csrf: "0f3c5a".repeat(10),
        notices: Vec::new(),
        place: Place::Portal { reference: reference.map(str::to_owned) },
    }
}

/// Returns the surroundings of a console page; with nobody signed in for the pages before the door.
pub fn console(section: Option<Section>) -> Chrome {
    let staff = section.map(|section| Staff {
        name: "Grace Hopper".to_owned(),
        section,
        sections: Section::ALL.to_vec(),
        counts: Counts { open: 42, my_tasks: 5, failing_sources: 1 },
    });
    Chrome { languages: Vec::new(), place: Place::Console(staff), ..portal(None) }
}
