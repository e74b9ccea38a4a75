//! Reading pages: hidden fields, attributes, links, words.

use std::collections::BTreeMap;

/// Returns the hidden fields of all forms on a page, the last of a name.
pub(crate) fn hidden(page: &str) -> BTreeMap<String, String> {
    let inputs = page.split("<input type=\"hidden\" ").skip(1).filter_map(|rest| rest.split('>').next());
    inputs
        .filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value").unwrap_or_default())))
        .collect()
}

/// Returns the value of the first attribute of this name.
pub(crate) fn attribute(text: &str, name: &str) -> Option<String> {
    between(text, &format!("{name}=\""), "\"").map(plain)
}

/// Returns what stands between the first of two marks and the next of the other.
pub(crate) fn between<'a>(text: &'a str, from: &str, to: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(from)?;
    Some(rest.split_once(to)?.0)
}

/// Returns the addresses of all links that start so, each once, in order.
pub(crate) fn links(page: &str, start: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for href in page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).map(plain) {
        if href.starts_with(start) && !found.contains(&href) {
            found.push(href);
        }
    }
    found
}

/// Returns the first number of exactly so many digits.
pub(crate) fn number(text: &str, digits: usize) -> Option<&str> {
    text.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == digits)
}

/// Returns the words of a page without its marks, for what went wrong with it.
pub(crate) fn words(page: &str) -> String {
    let body = page.split_once("<main").map_or(page, |(_, body)| body);
    let texts = body.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text.trim());
    let text: Vec<&str> = texts.filter(|text| !text.is_empty()).collect();
    plain(&text.join(" ")).chars().take(600).collect()
}

fn plain(text: &str) -> String {
    let mut out = text.to_owned();
    for (from, to) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ] {
        out = out.replace(from, to);
    }
    out
}
