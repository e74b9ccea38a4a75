//! What was found, record by record, before it leaves: sources on the left, records in the middle, one
//! record on the right. Every mark has a reason where it keeps something back; undecided third persons
//! block the approval.

use super::{RequestHead, RequestTab};
use crate::page::part::{Badge, Choice, Coverage, Empty, Field, FieldKind, Pagination, Search, Tone};
use crate::page::{Page, Width, sample, view};
use crate::text;

/// What becomes of a record.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It is given as it is.
    Give,
    /// It is given with parts blacked out.
    Redact,
    /// It is kept back.
    Exclude,
}

impl Mark {
    const ALL: [Self; 3] = [Self::Give, Self::Redact, Self::Exclude];

    /// Returns the value it is sent as.
    pub fn value(&self) -> &'static str {
        match self {
            Self::Give => "give",
            Self::Redact => "redact",
            Self::Exclude => "exclude",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Give => "Give",
            Self::Redact => "Redact",
            Self::Exclude => "Exclude",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Give => "g",
            Self::Redact => "r",
            Self::Exclude => "x",
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::Give => "All of it goes to the person",
            Self::Redact => "Without the fields ticked above",
            Self::Exclude => "None of it goes to the person",
        }
    }

    fn tone(self) -> Tone {
        match self {
            Self::Give => Tone::Good,
            Self::Redact => Tone::Info,
            Self::Exclude => Tone::Warn,
        }
    }
}

/// A category of data in a source.
#[derive(Clone)]
pub struct Category {
    /// Its name.
    pub name: String,
    /// How many records.
    pub record_count: u64,
    /// The list narrowed to it.
    pub href: String,
    /// Whether it is the present one.
    pub is_current: bool,
}

/// A source with its categories.
#[derive(Clone)]
pub struct SourceGroup {
    /// Its name.
    pub name: String,
    /// How its search ended.
    pub search: Search,
    /// Its categories.
    pub categories: Vec<Category>,
}

impl SourceGroup {
    fn problem(&self) -> Option<Badge> {
        match self.search {
            Search::Searched => None,
            Search::ByHand => Some(Badge::new(Tone::Info, "By hand")),
            Search::Failed => Some(Badge::new(Tone::Bad, "Failed")),
            Search::Skipped => Some(Badge::new(Tone::Warn, "Not searched")),
            Search::Waiting => Some(Badge::new(Tone::Neutral, "Waiting")),
            Search::Kept => Some(Badge::new(Tone::Info, "Kept back")),
        }
    }
}

/// A record in the list.
#[derive(Clone)]
pub struct RecordLine {
    /// What it is about: "Order 1042".
    pub title: String,
    /// Where it stands: "orders, Web shop".
    pub place: String,
    /// What becomes of it; given unless decided otherwise, where no third person is in it.
    pub mark: Option<Mark>,
    /// Whether a third person is in it and nothing is decided.
    pub is_undecided: bool,
    /// The page with it opened, ending in `#record` so that small windows go there.
    pub href: String,
    /// Whether it is the opened one.
    pub is_current: bool,
}

impl RecordLine {
    fn badge(&self) -> Option<Badge> {
        if self.is_undecided {
            return Some(Badge::new(Tone::Bad, "Decide"));
        }
        self.mark.filter(|mark| *mark != Mark::Give).map(|mark| Badge::new(mark.tone(), mark.label()))
    }
}

/// A field of the opened record.
#[derive(Clone)]
pub struct RecordField {
    /// Its path in the record.
    pub name: String,
    /// What it is called for people; the path where nothing better is known.
    pub label: String,
    /// Its value, cut where it is very long.
    pub value: String,
    /// What it is a category of: "contact".
    pub category: Option<String>,
    /// What was found in it: "another person's name".
    pub finding: Option<String>,
    /// Whether it is left out, and why: credentials never leave.
    pub never_given: Option<String>,
    /// Whether it is ticked for redaction.
    pub is_redacted: bool,
}

impl RecordField {
    fn is_renamed(&self) -> bool {
        self.name != self.label
    }
}

/// The opened record.
#[derive(Clone)]
pub struct Record {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// Source and collection.
    pub place: String,
    /// How it was reached, step by step.
    pub reached: Vec<String>,
    /// Its fields.
    pub fields: Vec<RecordField>,
    /// Who else it is about, as far as known.
    pub third_person: Option<String>,
    /// What is decided.
    pub mark: Option<Mark>,
    /// The grounds to keep something back on.
    pub grounds: Vec<Choice>,
    /// What is wrong with the ground.
    pub ground_error: Option<String>,
    /// Whether the person is told that there was such a record, where it is excluded.
    pub is_told: bool,
    /// What the mark can be given to beside this record: "all 409 records of orders".
    pub whole: Option<String>,
    /// Why.
    pub reason: String,
    /// What is wrong with the reason.
    pub reason_error: Option<String>,
    /// Who decided and when.
    pub decided: Option<String>,
}

impl Record {
    fn ground_field(&self) -> Field {
        Field::new(FieldKind::Select, "ground", "Ground")
            .hint("Needed to keep something back; the person is told it.")
            .options(self.grounds.clone())
            .optional()
            .error(self.ground_error.clone())
    }

    fn is_marked(&self, mark: Mark) -> bool {
        self.mark == Some(mark)
    }
}

/// The data tab. A mark posts `record`, `scope` (`record` or `collection`), `mark`, `redact` (any number),
/// `ground`, `untold` and `reason` to `…/data/mark`.
#[derive(Clone)]
pub struct DataReview {
    /// The head.
    pub head: RequestHead,
    /// What was searched.
    pub coverage: Coverage,
    /// Sources and categories.
    pub sources: Vec<SourceGroup>,
    /// What the records are searched for.
    pub search: String,
    /// The records of this page.
    pub records: Vec<RecordLine>,
    /// Where in the list this page is.
    pub pagination: Option<Pagination>,
    /// The opened record.
    pub record: Option<Record>,
    /// Records with third persons that wait for a decision.
    pub undecided_count: u64,
    /// Whether the reader may mark.
    pub can_mark: bool,
    /// Whether the reader may approve.
    pub can_approve: bool,
    /// The sources whose owners handed files in: label and address.
    pub handed_in: Vec<(String, String)>,
}

impl DataReview {
    fn empty() -> Empty {
        Empty {
            title: "No records".to_owned(),
            text: "Nothing was found here, or the search is still under way. The coverage above says which."
                .to_owned(),
            action: None,
        }
    }

    fn undecided(&self) -> Option<String> {
        (self.undecided_count > 0).then(|| {
            text::count(self.undecided_count, "record waits for a decision", "records wait for a decision")
        })
    }

    fn problems(&self) -> bool {
        self.coverage.count_of(Search::Failed) > 0
    }
}

fn sample_files(words: &str) -> Vec<(String, String)> {
    vec![(format!("{words}: 2 files"), "/console/asked/HB-7K3M-9QXD.personnel".to_owned())]
}

impl Page for DataReview {
    fn title(&self) -> String {
        self.head.page_title()
    }

    view!(DataReview, "console/data_review.html");

    fn width(&self) -> Width {
        Width::Full
    }

    fn scripts(&self) -> &'static [&'static str] {
        &["review.js"]
    }

    fn errors(&self) -> Vec<crate::page::part::FieldError> {
        let record = self.record.as_ref();
        let error = |name: &str, text: Option<String>| {
            text.map(|text| crate::page::part::FieldError { name: name.to_owned(), text })
        };
        let ground = error("ground", record.and_then(|record| record.ground_error.clone()));
        ground
            .into_iter()
            .chain(error("reason", record.and_then(|record| record.reason_error.clone())))
            .collect()
    }

    fn samples() -> Vec<Self> {
        let typical = Self {
            head: RequestHead::sample(RequestTab::Data, "Ada Lovelace"),
            coverage: sample::coverage(),
            sources: sample_sources("Orders and invoices"),
            search: String::new(),
            records: sample_lines("Order 1042: 3 items, £84.20"),
            pagination: Some(Pagination {
                first: 1,
                last: 6,
                total: Some(412),
                previous_href: None,
                next_href: Some("?page=2".to_owned()),
            }),
            record: Some(sample_record("Please hand it to my neighbour Mary Shelley, flat 4.")),
            undecided_count: 2,
            can_mark: true,
            can_approve: true,
            handed_in: sample_files("Paper files"),
        };
        let empty = Self {
            head: RequestHead::sample_bare(RequestTab::Data),
            sources: Vec::new(),
            records: Vec::new(),
            pagination: None,
            record: None,
            undecided_count: 0,
            can_mark: false,
            can_approve: false,
            handed_in: sample_files(sample::HOSTILE),
            coverage: Coverage { rows: Vec::new() },
            ..typical.clone()
        };
        let hostile = Self {
            head: RequestHead::sample(RequestTab::Data, sample::HOSTILE),
            sources: sample_sources(sample::HOSTILE),
            search: sample::hostile(),
            records: sample_lines(sample::HOSTILE),
            record: Some(Record {
                reason_error: Some("Say why".to_owned()),
                ..sample_record(sample::HOSTILE)
            }),
            ..typical.clone()
        };
        vec![typical, empty, hostile]
    }
}

fn sample_sources(words: &str) -> Vec<SourceGroup> {
    let category = |name: &str, record_count, is_current| Category {
        name: name.to_owned(),
        record_count,
        href: "?source=shop".to_owned(),
        is_current,
    };
    let group = |name: &str, search, categories| SourceGroup { name: name.to_owned(), search, categories };
    vec![
        group(
            "Web shop",
            Search::Searched,
            vec![category("Account and profile", 3, false), category(words, 409, true)],
        ),
        group("Customer service desk", Search::Searched, vec![category("Messages", 38, false)]),
        group("Warehouse archive", Search::Failed, Vec::new()),
        group("Backups", Search::Skipped, Vec::new()),
    ]
}

fn sample_lines(words: &str) -> Vec<RecordLine> {
    let line = |title: &str, mark, is_undecided, is_current| RecordLine {
        title: title.to_owned(),
        place: "orders, Web shop".to_owned(),
        mark,
        is_undecided,
        href: "?record=r1#record".to_owned(),
        is_current,
    };
    vec![
        line("Order 1041: 1 item, £12.00", Some(Mark::Give), false, false),
        line(words, None, true, true),
        line("Order 1043: 2 items, £31.50", Some(Mark::Redact), false, false),
        line("Order 1044: 1 item, £8.75", Some(Mark::Exclude), false, false),
        line("Order 1045: 7 items, £210.00", None, false, false),
        line("Order 1046: 1 item, £12.00", None, true, false),
    ]
}

fn sample_record(words: &str) -> Record {
    let field = |name: &str, value: &str, category: Option<&str>, finding: Option<&str>| RecordField {
        name: name.to_owned(),
        label: crate::package::label(name),
        value: value.to_owned(),
        category: category.map(str::to_owned),
        finding: finding.map(str::to_owned),
        never_given: None,
        is_redacted: finding.is_some(),
    };
    Record {
        id: "r1".to_owned(),
        title: "Order 1042".to_owned(),
        place: "orders, Web shop".to_owned(),
        reached: vec![
            "customers.email is the address of the request".to_owned(),
            "orders.customer_id is customers.id".to_owned(),
        ],
        fields: vec![
            field("id", "1042", None, None),
            field("placed_at", "2025-03-04T11:20:00Z", None, None),
            field("total", "84.20", Some("payment"), None),
            field("delivery_note", words, Some("contact"), Some("may name another person")),
            RecordField {
                never_given: Some("A credential; never in a reply".to_owned()),
                ..field("access_token", "•••", None, None)
            },
        ],
        third_person: Some("Somebody named in delivery_note".to_owned()),
        mark: None,
        grounds: vec![
            Choice::new("other_person", "About another person"),
            Choice::new("privilege", "Legal privilege"),
        ],
        ground_error: None,
        is_told: true,
        whole: Some("all 409 records of orders".to_owned()),
        reason: String::new(),
        reason_error: None,
        decided: None,
    }
}
