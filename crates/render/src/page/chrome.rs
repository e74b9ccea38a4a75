//! What surrounds every page: brand, language, notices, who is signed in, the form token.

use crate::page::part::Notice;
use crate::text::Html;

/// What surrounds a page.
#[derive(Clone)]
pub struct Chrome {
    /// Whose pages these are.
    pub brand: Brand,
    /// The language the page is in.
    pub language: Language,
    /// The language switch; shown with two or more.
    pub languages: Vec<LanguageLink>,
    /// The token that every POST form sends back as `csrf`.
    pub csrf: String,
    /// Told once on top of the page, such as "Your message was sent".
    pub notices: Vec<Notice>,
    /// Portal or console, and who is there.
    pub place: Place,
}

/// The organisation as people know it.
#[derive(Clone)]
pub struct Brand {
    /// Its name.
    pub name: String,
    /// Its own web site.
    pub home_url: Option<String>,
    /// Where its privacy notice stands.
    pub privacy_url: Option<String>,
    /// Whom to write to.
    pub contact_email: Option<String>,
    /// Name and address, shown in the footer.
    pub address: Option<String>,
}

impl Brand {
    /// Returns the letter that stands for the brand.
    pub fn initial(&self) -> String {
        self.name
            .chars()
            .find(|c| c.is_alphanumeric())
            .map_or_else(String::new, |c| c.to_uppercase().collect())
    }
}

/// A language as the page declares it.
#[derive(Clone)]
pub struct Language {
    /// Its BCP 47 tag.
    pub tag: String,
    /// Whether it is written from right to left.
    pub is_rtl: bool,
}

impl Language {
    /// Returns English.
    pub fn english() -> Self {
        Self { tag: "en".to_owned(), is_rtl: false }
    }
}

/// One entry of the language switch.
#[derive(Clone)]
pub struct LanguageLink {
    /// The language's BCP 47 tag.
    pub tag: String,
    /// The language's name in itself.
    pub name: String,
    /// Where the switch leads.
    pub href: String,
    /// Whether the page is in it.
    pub is_current: bool,
}

/// Where a page stands.
#[derive(Clone)]
pub enum Place {
    /// What people see; with the reference of their request when they have signed in to it.
    Portal {
        /// The request signed in to.
        reference: Option<String>,
    },
    /// What staff see; nobody is signed in on the pages before the door.
    Console(Option<Staff>),
}

/// The member of staff who is signed in, and what the side of the page offers them.
#[derive(Clone)]
pub struct Staff {
    /// Their name.
    pub name: String,
    /// Where they are now.
    pub section: Section,
    /// Where they may go, in the order shown.
    pub sections: Vec<Section>,
    /// Numbers beside the sections.
    pub counts: Counts,
}

impl Staff {
    /// Returns the number beside a section, if there is something to say.
    pub fn count(&self, section: &Section) -> Option<u64> {
        let number = match section {
            Section::Requests => self.counts.open,
            Section::Tasks => self.counts.my_tasks,
            Section::Sources => self.counts.failing_sources,
            Section::Today
            | Section::Reports
            | Section::Activities
            | Section::Flows
            | Section::Laws
            | Section::Definitions
            | Section::Outbox
            | Section::Log
            | Section::Find
            | Section::Lists
            | Section::Snippets
            | Section::Users
            | Section::Holds
            | Section::Checklist => 0,
        };
        (number > 0).then_some(number)
    }

    /// Returns the heading that stands before a section: its group's, before the first of it that is shown.
    pub fn heading(&self, section: &Section) -> Option<&'static str> {
        let group = section.group()?;
        let first = self.sections.iter().find(|shown| shown.group() == Some(group));
        (first == Some(section)).then_some(group)
    }

    /// Whether a section is the present one.
    pub fn is_at(&self, section: &Section) -> bool {
        self.section == *section
    }
}

/// Numbers beside the console's sections.
#[derive(Clone, Copy, Default)]
pub struct Counts {
    /// Open requests.
    pub open: u64,
    /// Tasks the signed-in person has taken.
    pub my_tasks: u64,
    /// Data sources that fail.
    pub failing_sources: u64,
}

/// A section of the console.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// What matters now.
    Today,
    /// All requests.
    Requests,
    /// Tasks, mine and free ones.
    Tasks,
    /// Data sources.
    Sources,
    /// Charts and tables.
    Reports,
    /// What people can ask for, and under which law.
    Activities,
    /// How requests are fulfilled.
    Flows,
    /// Law packs and calendars of holidays.
    Laws,
    /// Every other definition.
    Definitions,
    /// Mails that left or wait.
    Outbox,
    /// Legal holds.
    Holds,
    /// The log.
    Log,
    /// Somebody looked for in every source.
    Find,
    /// Lists to choose from, and who answers for new requests.
    Lists,
    /// Blocks of text for messages.
    Snippets,
    /// Staff.
    Users,
    /// First steps.
    Checklist,
}

impl Section {
    /// Every section in the usual order.
    pub const ALL: &[Self] = &[
        Self::Today,
        Self::Requests,
        Self::Tasks,
        Self::Find,
        Self::Reports,
        Self::Holds,
        Self::Outbox,
        Self::Log,
        Self::Sources,
        Self::Activities,
        Self::Flows,
        Self::Laws,
        Self::Lists,
        Self::Snippets,
        Self::Definitions,
        Self::Users,
        Self::Checklist,
    ];

    /// Returns the section's name.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Today => "Today",
            Self::Requests => "Requests",
            Self::Tasks => "My tasks",
            Self::Sources => "Data sources",
            Self::Reports => "Reports",
            Self::Activities => "Regulations",
            Self::Flows => "Flows",
            Self::Laws => "Laws and calendars",
            Self::Definitions => "Definitions",
            Self::Outbox => "Outbox",
            Self::Holds => "Legal holds",
            Self::Log => "Log",
            Self::Find => "Find a person",
            Self::Lists => "Lists",
            Self::Snippets => "Snippets",
            Self::Users => "Users",
            Self::Checklist => "First steps",
        }
    }

    /// Returns the heading it stands under; none for the daily work on top.
    pub fn group(&self) -> Option<&'static str> {
        match self {
            Self::Today | Self::Requests | Self::Tasks | Self::Find => None,
            Self::Reports | Self::Holds | Self::Outbox | Self::Log => Some("Oversight"),
            Self::Sources
            | Self::Activities
            | Self::Flows
            | Self::Laws
            | Self::Lists
            | Self::Snippets
            | Self::Definitions
            | Self::Users
            | Self::Checklist => Some("Set up"),
        }
    }

    /// Returns where the section stands.
    pub fn href(&self) -> &'static str {
        match self {
            Self::Today => "/console",
            Self::Requests => "/console/requests",
            Self::Tasks => "/console/tasks",
            Self::Sources => "/console/sources",
            Self::Reports => "/console/reports",
            Self::Activities => "/console/activities",
            Self::Flows => "/console/flows",
            Self::Laws => "/console/laws",
            Self::Definitions => "/console/definitions",
            Self::Outbox => "/console/outbox",
            Self::Holds => "/console/holds",
            Self::Log => "/console/log",
            Self::Find => "/console/find",
            Self::Lists => "/console/lists",
            Self::Snippets => "/console/snippets",
            Self::Users => "/console/users",
            Self::Checklist => "/console/checklist",
        }
    }
}

impl Chrome {
    /// Returns the hidden field that every POST form carries.
    pub fn csrf_field(&self) -> Html {
        Html::new(format!("<input type=\"hidden\" name=\"csrf\" value=\"{}\">", attribute(&self.csrf)))
    }

    /// Returns the writing direction for the `dir` attribute.
    pub fn direction(&self) -> &'static str {
        if self.language.is_rtl { "rtl" } else { "ltr" }
    }
}

/// Keeps only what can't end an attribute; tokens are hexadecimal or base64 anyway.
fn attribute(token: &str) -> String {
    token
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '=' | '+' | '/'))
        .collect()
}
