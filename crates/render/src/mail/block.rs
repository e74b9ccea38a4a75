//! What letters are made of, and how it reads as plain text.

use std::fmt::Write as _;

use super::House;
use crate::page::part::Explained;
use crate::text;

/// Columns of the text part.
const WIDTH: usize = 72;

/// A piece of a letter.
pub(super) enum Block {
    /// A paragraph.
    Paragraph(String),
    /// A heading.
    Heading(String),
    /// Points, one under the other.
    List(Vec<String>),
    /// Labels with values.
    Facts(Vec<(String, String)>),
    /// Something to type or paste, alone on its line.
    Code(String),
    /// An address to go to.
    Link { label: String, url: String },
    /// Somebody's own words.
    Quote(String),
}

impl Block {
    pub(super) fn text(words: impl Into<String>) -> Self {
        Self::Paragraph(words.into())
    }

    pub(super) fn heading(words: &str) -> Self {
        Self::Heading(words.to_owned())
    }

    pub(super) fn link(label: &str, url: String) -> Self {
        Self::Link { label: label.to_owned(), url }
    }
}

/// Returns the steps of a date's computation as a list.
pub(super) fn explain(date: &Explained) -> Block {
    let steps = date.steps.iter().map(|step| {
        let mut line = step.text.clone();
        if let Some(rule) = &step.rule {
            let _ = write!(line, " ({rule})");
        }
        if let Some(on) = step.on {
            let _ = write!(line, ": {on}");
        }
        line
    });
    Block::List(steps.collect())
}

/// Returns the text part.
pub(super) fn plain(house: &House, greeting: Option<&str>, blocks: &[Block]) -> String {
    let mut parts: Vec<String> = greeting.iter().map(|line| wrap(line, "")).collect();
    parts.extend(blocks.iter().map(plain_block));
    let mut foot = vec!["-- ".to_owned(), text::single_line(&house.organisation)];
    foot.extend(house.address.iter().map(|address| wrap(address, "")));
    foot.extend(house.contact_email.iter().map(|email| format!("Questions: {}", text::single_line(email))));
    parts.push(foot.join("\n"));
    let mut out = parts.join("\n\n");
    out.push('\n');
    out
}

fn plain_block(block: &Block) -> String {
    match block {
        Block::Paragraph(words) => wrap(words, ""),
        Block::Heading(words) => {
            let line = text::single_line(words);
            format!("{line}\n{}", "-".repeat(line.chars().count().min(WIDTH)))
        }
        Block::List(points) => points
            .iter()
            .map(|point| wrap(&format!("- {}", text::single_line(point)), "  "))
            .collect::<Vec<_>>()
            .join("\n"),
        Block::Facts(facts) => facts
            .iter()
            .map(|(label, value)| wrap(&format!("{label}: {}", text::single_line(value)), "  "))
            .collect::<Vec<_>>()
            .join("\n"),
        Block::Code(code) => format!("    {}", text::single_line(code)),
        Block::Link { label, url } => format!("{}:\n{}", text::single_line(label), text::single_line(url)),
        Block::Quote(words) => words
            .lines()
            .map(|line| wrap(&format!("> {}", text::single_line(line)), "> "))
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

/// Breaks lines between words at [`WIDTH`]; a longer word keeps its line. Lines after the first begin with
/// `indent`. Line breaks in the words stay.
fn wrap(words: &str, indent: &str) -> String {
    words.lines().map(|line| wrap_line(line, indent)).collect::<Vec<_>>().join("\n")
}

fn wrap_line(words: &str, indent: &str) -> String {
    let mut out = String::new();
    let mut width = 0;
    for word in words.split(' ').filter(|word| !word.is_empty()) {
        let clean = text::single_line(word);
        let length = clean.chars().count();
        if width > 0 && width + 1 + length > WIDTH {
            out.push('\n');
            out.push_str(indent);
            width = indent.chars().count();
        } else if width > 0 {
            out.push(' ');
            width += 1;
        }
        out.push_str(&clean);
        width += length;
    }
    out
}
