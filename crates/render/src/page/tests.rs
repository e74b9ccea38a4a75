//! What must hold of any page: all samples are rendered and read back strictly.

use std::collections::BTreeSet;

use super::part::{self, Choice, Field, FieldKind};
use super::{PATHS, document, every, portal, sample};
use crate::asset;
use crate::reader::{self, Document};

fn check(name: &str, markup: &str) {
    let read = reader::read(markup).unwrap_or_else(|fault| panic!("{name}: {fault}"));
    let mut faults = Vec::new();
    frame(&read, &mut faults);
    headings(&read, &mut faults);
    references(&read, &mut faults);
    controls(&read, &mut faults);
    forms(&read, &mut faults);
    links(&read, &mut faults);
    tables(&read, &mut faults);
    nothing_inline(&read, &mut faults);
    directions(&read, &mut faults);
    assert!(faults.is_empty(), "{name}:\n{}", faults.join("\n"));
}

fn frame(read: &Document, faults: &mut Vec<String>) {
    let html = read.all("html");
    if html.len() != 1 || html[0].attribute("lang").is_none() || html[0].attribute("dir").is_none() {
        faults.push("html needs lang and dir".to_owned());
    }
    if read.all("title").iter().all(|title| title.text.trim().is_empty()) {
        faults.push("no title".to_owned());
    }
    if read.all("main").len() != 1 {
        faults.push("one main is due".to_owned());
    }
    let mut seen = BTreeSet::new();
    for id in read.elements.iter().filter_map(|element| element.attribute("id")) {
        if !seen.insert(id) {
            faults.push(format!("id {id:?} twice"));
        }
    }
}

fn headings(read: &Document, faults: &mut Vec<String>) {
    if read.all("h1").len() != 1 {
        faults.push(format!("{} h1", read.all("h1").len()));
    }
    let mut last = 0;
    for (place, element) in read.elements.iter().enumerate() {
        let level = match element.name.as_str() {
            "h1" => 1,
            "h2" => 2,
            "h3" => 3,
            "h4" => 4,
            _ => continue,
        };
        // The error summary's heading stands above the page's.
        if level > last + 1 && last != 0 {
            faults.push(format!("h{level} after h{last}"));
        }
        if read.text_of(place).is_empty() {
            faults.push(format!("empty h{level}"));
        }
        last = level;
    }
}

fn references(read: &Document, faults: &mut Vec<String>) {
    for element in &read.elements {
        for name in ["aria-labelledby", "aria-describedby", "data-copy", "for"] {
            for id in element.attribute(name).unwrap_or_default().split_whitespace() {
                if read.with_id(id).is_none() {
                    faults.push(format!("{name} names {id:?}, which is not there"));
                }
            }
        }
    }
}

fn controls(read: &Document, faults: &mut Vec<String>) {
    let labelled: BTreeSet<&str> =
        read.all("label").iter().filter_map(|label| label.attribute("for")).collect();
    for (place, element) in read.elements.iter().enumerate() {
        let needs_label = match element.name.as_str() {
            "input" => element.attribute("type") != Some("hidden"),
            "select" | "textarea" => true,
            "button" | "a" | "summary" | "legend" | "label" | "th" => {
                if read.text_of(place).is_empty() && element.attribute("aria-label").is_none() {
                    faults.push(format!("<{}> says nothing", element.name));
                }
                false
            }
            _ => false,
        };
        let has_label = element.attribute("id").is_some_and(|id| labelled.contains(id))
            || element.attribute("aria-label").is_some();
        if needs_label && !has_label {
            faults.push(format!("no label for {:?}", element.attribute("name")));
        }
    }
}

fn forms(read: &Document, faults: &mut Vec<String>) {
    let token = sample::portal(None).csrf;
    for (place, form) in read.elements.iter().enumerate().filter(|(_, element)| element.is("form")) {
        if form.attribute("method") != Some("post") {
            if form.attribute("method") != Some("get") {
                faults.push("a form states its method".to_owned());
            }
            continue;
        }
        let tokens: Vec<_> = read
            .elements
            .iter()
            .filter(|element| element.parents.contains(&place) && element.attribute("name") == Some("csrf"))
            .map(|element| element.attribute("value").unwrap_or_default())
            .collect();
        if tokens != [token.as_str()] {
            faults.push(format!("form {:?} carries no token", form.attribute("action")));
        }
    }
}

fn matches(pattern: &str, path: &str) -> bool {
    let mut pattern = pattern.split('/');
    let mut path = path.split('/');
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(want), Some(have)) if want == have => {}
            (Some(want), Some(have)) if want.starts_with('{') && !have.is_empty() => {}
            _ => return false,
        }
    }
}

fn is_served(address: &str, by_post: bool) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    PATHS.iter().any(|route| (if by_post { route.post } else { route.get }) && matches(route.path, path))
}

fn links(read: &Document, faults: &mut Vec<String>) {
    for element in &read.elements {
        let by_post = element.is("form") && element.attribute("method") == Some("post");
        for name in ["href", "src", "action"] {
            let Some(address) = element.attribute(name) else { continue };
            let is_fine = match address {
                _ if address.starts_with(asset::PREFIX) => asset::lookup(address).is_some(),
                _ if address.starts_with('#') => read.with_id(&address[1..]).is_some(),
                _ if address.starts_with("https://")
                    || address.starts_with("mailto:")
                    || address.starts_with('?') =>
                {
                    element.is("a")
                }
                _ => is_served(address, by_post),
            };
            if !is_fine {
                faults.push(format!("<{}> leads to {address:?}", element.name));
            }
        }
    }
}

fn tables(read: &Document, faults: &mut Vec<String>) {
    for (place, _) in read.elements.iter().enumerate().filter(|(_, element)| element.is("table")) {
        let inside = |name: &str| {
            read.elements
                .iter()
                .filter(|element| element.is(name) && element.parents.contains(&place))
                .count()
        };
        if inside("caption") != 1 {
            faults.push("a table has a caption".to_owned());
        }
    }
    for head in read.all("th") {
        if !matches!(head.attribute("scope"), Some("col" | "row")) {
            faults.push("a table head has a scope".to_owned());
        }
    }
}

fn nothing_inline(read: &Document, faults: &mut Vec<String>) {
    for element in &read.elements {
        if element.is("script") && (element.attribute("src").is_none() || !element.text.is_empty()) {
            faults.push("inline script".to_owned());
        }
        if ["style", "img", "iframe", "object", "base"].contains(&element.name.as_str()) {
            faults.push(format!("<{}>", element.name));
        }
        for name in element.attributes.keys() {
            if name == "style" || name.starts_with("on") {
                faults.push(format!("attribute {name}"));
            }
        }
    }
}

/// A direction override in somebody's words may not reach what stands beside them.
fn directions(read: &Document, faults: &mut Vec<String>) {
    for (place, text) in &read.texts {
        if text.contains('\u{202e}') && !read.is_within(*place, &["bdi", "textarea", "option", "title"]) {
            faults.push(format!("not isolated: {text:?} in <{}>", read.elements[*place].name));
        }
    }
}

#[test]
fn every_page_is_sound() {
    let samples = every::samples().unwrap();
    assert!(samples.len() > 100, "{} samples", samples.len());
    for sample in samples {
        check(&sample.name, &sample.html);
    }
}

#[test]
fn the_reader_itself_finds_faults() {
    let cases = [
        ("<!doctype html><p>a", "never closed"),
        ("<!doctype html><p><b>a</p></b>", "closes"),
        ("<!doctype html><p class=a>b</p>", "not quoted"),
        ("<!doctype html><p>a & b</p>", "bare ampersand"),
        ("<p>a</p>", "no doctype"),
    ];
    for (markup, fault) in cases {
        let found = reader::read(markup).err().unwrap_or_default();
        assert!(found.contains(fault), "{markup}: {found:?}");
    }
}

#[test]
fn a_wrong_field_is_named_on_top_and_keeps_what_was_typed() {
    let page = portal::SignIn {
        reference: "HB-7K3M".to_owned(),
        reference_error: Some("That reference is too short".to_owned()),
        ..portal::SignIn::default()
    };
    let markup = document(&sample::portal(None), &page).unwrap();
    assert!(markup.contains("<title>Error: See your request – Northwind Trading</title>"));
    assert!(markup.contains("<a href=\"#reference\"><bdi>That reference is too short</bdi></a>"));
    assert!(markup.contains("value=\"HB-7K3M\""));
}

#[test]
fn secrets_are_not_shown_again() {
    for kind in [FieldKind::Password, FieldKind::NewPassword, FieldKind::Code, FieldKind::File] {
        let field = Field::new(kind, "secret", "Secret").value("hunter2");
        assert!(!field.to_string().contains("hunter2"));
    }
}

#[test]
fn a_value_chooses_its_option() {
    let field = Field::new(FieldKind::Select, "country", "Country")
        .options(vec![Choice::new("DE", "Germany"), Choice::new("GB", "United Kingdom")])
        .value("GB");
    assert!(field.to_string().contains("<option value=\"GB\" selected>"));
    assert!(!field.to_string().contains("<option value=\"DE\" selected>"));
}

#[test]
fn a_failed_source_never_reads_as_empty() {
    let sentence = sample::coverage().sentence();
    assert_eq!(sentence, "3 of 5 systems searched, 1 failed, 1 not searched");
    let row = part::CoverageRow {
        source: "Archive".to_owned(),
        search: part::Search::Failed,
        searched_with: None,
        record_count: 0,
        as_of: None,
        note: None,
    };
    assert_eq!(row.found(), "not known");
}
