//! One definition: its text, its versions, what differs between them.

use crate::page::part::{Badge, Choice, Facts, Field, FieldKind, Row, Tone};
use crate::page::{Page, Width, sample, view};
use crate::text::Moment;

/// A line of a text, or of two texts side by side.
#[derive(Clone)]
pub struct DefinitionLine {
    /// Added, removed, or neither.
    pub change: LineChange,
    /// Its words.
    pub text: String,
}

/// How a line differs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum LineChange {
    /// It is in both texts.
    Same,
    /// It is in the newer one only.
    Added,
    /// It is in the older one only.
    Removed,
}

impl DefinitionLine {
    fn sign(&self) -> &'static str {
        match self.change {
            LineChange::Same => " ",
            LineChange::Added => "+",
            LineChange::Removed => "−",
        }
    }

    fn class(&self) -> &'static str {
        match self.change {
            LineChange::Same => "line",
            LineChange::Added => "line line-added",
            LineChange::Removed => "line line-removed",
        }
    }
}

/// One version in the list beside the text.
#[derive(Clone)]
pub struct DefinitionVersion {
    /// Its number.
    pub version: u32,
    /// How far it is.
    pub state: Badge,
    /// Who changed it.
    pub by: String,
    /// When.
    pub at: Moment,
    /// Its page.
    pub href: String,
    /// Whether it is shown now.
    pub is_current: bool,
}

/// The page.
#[derive(Clone)]
pub struct Definition {
    /// Its kind, in words.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// How far the version shown is.
    pub state: Badge,
    /// Who owns it, its fingerprint and the like.
    pub facts: Facts,
    /// Where it can be changed, if here.
    pub edit_href: Option<String>,
    /// The versions, newest first.
    pub versions: Vec<DefinitionVersion>,
    /// The version that is compared with; none shows the text alone.
    pub since: Option<u32>,
    /// The version shown.
    pub version: u32,
    /// The text, or what differs.
    pub lines: Vec<DefinitionLine>,
    /// Whether lines were left out.
    pub is_cut: bool,
}

impl Definition {
    fn fields(&self) -> [Field; 2] {
        let options = || {
            let number = |row: &DefinitionVersion| row.version.to_string();
            self.versions.iter().map(|row| Choice::new(number(row), number(row))).collect()
        };
        let since = self.since.map(|since| since.to_string()).unwrap_or_default();
        [
            Field::new(FieldKind::Select, "since", "Compare with version")
                .options(options())
                .optional()
                .value(since),
            Field::new(FieldKind::Select, "version", "Version")
                .options(options())
                .value(self.version.to_string()),
        ]
    }
}

impl Page for Definition {
    fn title(&self) -> String {
        format!("{} {}", self.kind, self.name)
    }

    view!(Definition, "console/definition.html");

    fn width(&self) -> Width {
        Width::Wide
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str| {
            let line = |change, text: &str| DefinitionLine { change, text: text.to_owned() };
            let row = |version| DefinitionVersion {
                version,
                state: Badge::new(Tone::Good, "Published"),
                by: words.to_owned(),
                at: sample::at(jiff::civil::date(2026, 11, 22), 8, 0),
                href: format!("/console/definitions/role/legal?version={version}"),
                is_current: version == 2,
            };
            Self {
                kind: "Role".to_owned(),
                name: "legal".to_owned(),
                state: Badge::new(Tone::Good, "Published"),
                facts: Facts { rows: vec![Row::new("Owner", "The console"), Row::new("Changed by", words)] },
                edit_href: Some("/console/flows/access".to_owned()),
                versions: vec![row(2), row(1)],
                since: Some(1),
                version: 2,
                lines: vec![
                    line(LineChange::Same, "role: legal"),
                    line(LineChange::Removed, "title: Lawyers"),
                    line(LineChange::Added, words),
                ],
                is_cut: true,
            }
        };
        let plain = Self { since: None, edit_href: None, is_cut: false, ..page("title: Legal") };
        vec![page("title: Legal"), page(sample::HOSTILE), plain]
    }
}
