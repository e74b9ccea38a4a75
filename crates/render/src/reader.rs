//! A strict little HTML reader: it knows just enough to find what a lenient browser would repair.

use std::collections::BTreeMap;

const VOID: &[&str] = &["meta", "link", "input", "br", "hr", "img", "path", "rect", "circle", "line"];

/// An element with its attributes, its own text and the names of the elements around it.
pub(crate) struct Element {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    pub parents: Vec<usize>,
    pub text: String,
}

impl Element {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        self.name == name
    }
}

/// A document as a flat list in document order; `parents` are indices, the nearest last.
pub(crate) struct Document {
    pub elements: Vec<Element>,
    /// Text with the element it stands in.
    pub texts: Vec<(usize, String)>,
}

impl Document {
    pub(crate) fn all(&self, name: &str) -> Vec<&Element> {
        self.elements.iter().filter(|element| element.is(name)).collect()
    }

    pub(crate) fn with_id(&self, id: &str) -> Option<&Element> {
        self.elements.iter().find(|element| element.attribute("id") == Some(id))
    }

    /// Whether an element is inside one of the given names, itself included.
    pub(crate) fn is_within(&self, place: usize, names: &[&str]) -> bool {
        let own = &self.elements[place];
        names.contains(&own.name.as_str())
            || own.parents.iter().any(|parent| names.contains(&self.elements[*parent].name.as_str()))
    }

    /// All text in an element, nested included.
    pub(crate) fn text_of(&self, place: usize) -> String {
        let inside = |at: &usize| *at == place || self.elements[*at].parents.contains(&place);
        self.texts
            .iter()
            .filter(|(at, _)| inside(at))
            .map(|(_, text)| text.as_str())
            .collect::<String>()
            .trim()
            .to_owned()
    }
}

fn unescape(text: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        let end = rest[start..].find(';').ok_or_else(|| format!("bare ampersand in {text:?}"))? + start;
        let entity = &rest[start + 1..end];
        out.push(match entity {
            "amp" | "#38" => '&',
            "lt" | "#60" => '<',
            "gt" | "#62" => '>',
            "quot" | "#34" => '"',
            "#39" => '\'',
            other => return Err(format!("unexpected entity {other:?}")),
        });
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    Ok(out)
}

/// Reads a document, or says what is not well-formed.
pub(crate) fn read(html: &str) -> Result<Document, String> {
    let mut rest = html.trim_start().strip_prefix("<!doctype html>").ok_or("no doctype")?;
    let mut document = Document { elements: Vec::new(), texts: Vec::new() };
    let mut open: Vec<usize> = Vec::new();
    while !rest.is_empty() {
        let next = rest.find('<').unwrap_or(rest.len());
        let text = &rest[..next];
        if text.contains('>') {
            return Err(format!("bare > in {text:?}"));
        }
        if let Some(at) = open.last() {
            if !text.trim().is_empty() {
                let text = unescape(text)?;
                document.elements[*at].text.push_str(&text);
                document.texts.push((*at, text));
            }
        } else if !text.trim().is_empty() {
            return Err(format!("text outside: {text:?}"));
        }
        rest = &rest[next..];
        if let Some(after) = rest.strip_prefix("</") {
            let end = after.find('>').ok_or("unclosed end tag")?;
            let at = open.pop().ok_or("end tag without start")?;
            if document.elements[at].name != after[..end] {
                return Err(format!("</{}> closes <{}>", &after[..end], document.elements[at].name));
            }
            rest = &after[end + 1..];
        } else if let Some(after) = rest.strip_prefix('<') {
            let (element, is_closed, remaining) = start_tag(after, &open)?;
            let is_void = is_closed || VOID.contains(&element.name.as_str());
            document.elements.push(element);
            if !is_void {
                open.push(document.elements.len() - 1);
            }
            rest = remaining;
        }
    }
    match open.last() {
        Some(at) => Err(format!("<{}> is never closed", document.elements[*at].name)),
        None => Ok(document),
    }
}

fn start_tag<'a>(text: &'a str, open: &[usize]) -> Result<(Element, bool, &'a str), String> {
    let end = text.find([' ', '>', '/', '\n']).ok_or("unclosed start tag")?;
    let name = text[..end].to_owned();
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()) {
        return Err(format!("odd tag {name:?}"));
    }
    let mut attributes = BTreeMap::new();
    let mut rest = text[end..].trim_start();
    loop {
        if let Some(after) = rest.strip_prefix("/>") {
            return Ok((
                Element { name, attributes, parents: open.to_vec(), text: String::new() },
                true,
                after,
            ));
        }
        if let Some(after) = rest.strip_prefix('>') {
            return Ok((
                Element { name, attributes, parents: open.to_vec(), text: String::new() },
                false,
                after,
            ));
        }
        let end = rest.find(['=', ' ', '>', '\n', '/']).ok_or("unclosed attribute")?;
        let key = rest[..end].to_owned();
        if key.is_empty() || key.contains(['"', '\'', '<']) {
            return Err(format!("odd attribute {key:?} in <{name}>"));
        }
        rest = &rest[end..];
        let value = if let Some(after) = rest.strip_prefix("=\"") {
            let end = after.find('"').ok_or("unclosed value")?;
            rest = &after[end + 1..];
            unescape(&after[..end])?
        } else if rest.starts_with('=') {
            return Err(format!("value of {key} in <{name}> is not quoted"));
        } else {
            String::new()
        };
        if !rest.starts_with([' ', '\n', '>', '/']) {
            return Err(format!("no space after {key} in <{name}>"));
        }
        if attributes.insert(key.clone(), value).is_some() {
            return Err(format!("{key} twice in <{name}>"));
        }
        rest = rest.trim_start();
    }
}
