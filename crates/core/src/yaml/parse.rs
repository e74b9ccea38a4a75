//! Builds the tree from parser events, within bounds.
//!
//! Aliases share nodes instead of copying them, and every use counts with the full size of what it stands
//! for: a file of a few hundred bytes that would unfold to billions of nodes is refused.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::node::{Content, Document, Key, Node};
use super::problem::{Problem, Problems};

/// The longest file read.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;
/// The deepest nesting read.
pub const MAX_DEPTH: usize = 64;
/// The most nodes of a file, every use of an alias counted in full.
pub const MAX_NODES: usize = 1_000_000;

/// Reads a file; `None` where it is no YAML at all or beyond the limits, with the problem reported.
pub fn parse(file: impl Into<Arc<str>>, text: &str, problems: &Problems) -> Option<Document> {
    let file = file.into();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > MAX_BYTES {
        problems.push(Problem::error(file, 0, "", format!("the file is longer than {MAX_BYTES} bytes")));
        return None;
    }
    let mut builder = Builder {
        file: file.clone(),
        problems,
        stack: Vec::new(),
        anchors: HashMap::new(),
        count: 0,
        documents: 0,
        root: None,
    };
    let mut parser = Parser::new_from_str(text);
    while let Some(next) = parser.next_event() {
        let stopped = match next {
            Ok((event, span)) => builder.accept(event, span),
            Err(problem) => Err(Stop::at(problem.marker().line(), format!("not YAML: {}", problem.info()))),
        };
        if let Err(stop) = stopped {
            problems.push(Problem::error(file, stop.line, "", stop.message));
            return None;
        }
    }
    if builder.root.is_none() {
        problems.push(Problem::error(file.clone(), 0, "", "the file is empty"));
    }
    builder.root.map(|root| Document { file, root })
}

/// Why reading can't go on.
struct Stop {
    line: usize,
    message: String,
}

impl Stop {
    fn at(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

enum Frame {
    Sequence { span: Span, anchor: usize, items: Vec<Arc<Node>> },
    Mapping(MappingFrame),
}

struct MappingFrame {
    span: Span,
    anchor: usize,
    entries: Vec<(Key, Arc<Node>)>,
    seen: HashSet<String>,
    key: Option<Key>,
    merged: Vec<Arc<Node>>,
}

struct Builder<'p> {
    file: Arc<str>,
    problems: &'p Problems,
    stack: Vec<Frame>,
    anchors: HashMap<usize, Arc<Node>>,
    count: usize,
    documents: usize,
    root: Option<Arc<Node>>,
}

impl Builder<'_> {
    fn accept(&mut self, event: Event<'_>, span: Span) -> Result<(), Stop> {
        let line = span.start.line();
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(Stop::at(line, "a file holds one document"));
                }
                Ok(())
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some(node) => self.place(node, line),
                None => Err(Stop::at(line, "an alias stands inside what it names")),
            },
            Event::Scalar(text, style, anchor, tag) => {
                let is_tagged = self.is_text_tag(tag.as_deref(), line);
                let is_plain = style == ScalarStyle::Plain && !is_tagged;
                let content = if is_plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL") {
                    Content::Null
                } else {
                    Content::Scalar { text: text.into_owned(), is_plain }
                };
                self.finish(span, anchor, content)
            }
            Event::SequenceStart(anchor, tag) => {
                self.is_text_tag(tag.as_deref(), line);
                self.open(Frame::Sequence { span, anchor, items: Vec::new() }, line)
            }
            Event::MappingStart(anchor, tag) => {
                self.is_text_tag(tag.as_deref(), line);
                let frame = MappingFrame {
                    span,
                    anchor,
                    entries: Vec::new(),
                    seen: HashSet::new(),
                    key: None,
                    merged: Vec::new(),
                };
                self.open(Frame::Mapping(frame), line)
            }
            Event::SequenceEnd | Event::MappingEnd => match self.stack.pop() {
                Some(Frame::Sequence { span, anchor, items }) => {
                    self.finish(span, anchor, Content::Sequence(items))
                }
                Some(Frame::Mapping(frame)) => {
                    let (span, anchor) = (frame.span, frame.anchor);
                    self.finish(span, anchor, Content::Mapping(frame.merge()))
                }
                None => Err(Stop::at(line, "not YAML: an end without a start")),
            },
        }
    }

    /// Reports tags we give no meaning to; tells whether one says that the scalar is text.
    fn is_text_tag(&self, tag: Option<&Tag>, line: usize) -> bool {
        let Some(tag) = tag else { return false };
        if !tag.is_yaml_core_schema() {
            self.report(line, format!("the tag {tag} has no meaning here"));
        }
        tag.is_yaml_core_schema() && tag.suffix == "str"
    }

    fn report(&self, line: usize, message: impl Into<String>) {
        self.problems.push(Problem::error(self.file.clone(), line, "", message));
    }

    fn open(&mut self, frame: Frame, line: usize) -> Result<(), Stop> {
        if let Some(Frame::Mapping(parent)) = self.stack.last()
            && parent.key.is_none()
        {
            return Err(Stop::at(line, "a key must be a word, not a list or mapping"));
        }
        if self.stack.len() >= MAX_DEPTH {
            return Err(Stop::at(line, format!("nested deeper than {MAX_DEPTH} levels")));
        }
        self.stack.push(frame);
        Ok(())
    }

    fn finish(&mut self, span: Span, anchor: usize, content: Content) -> Result<(), Stop> {
        let (size, depth) = match &content {
            Content::Null | Content::Scalar { .. } => (1, 1),
            Content::Sequence(items) => measure(items.iter()),
            Content::Mapping(entries) => measure(entries.iter().map(|(_, node)| node)),
        };
        let line = span.start.line();
        let node = Arc::new(Node { line, column: span.start.col() + 1, size, depth, content });
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        // What is inside was counted when it was placed.
        self.count = self.count.saturating_sub(size - 1);
        self.place(node, line)
    }

    fn place(&mut self, node: Arc<Node>, line: usize) -> Result<(), Stop> {
        self.count = self.count.saturating_add(node.size);
        if self.count > MAX_NODES {
            return Err(Stop::at(line, format!("more than {MAX_NODES} values, aliases followed")));
        }
        if self.stack.len() + node.depth > MAX_DEPTH + 1 {
            return Err(Stop::at(line, format!("nested deeper than {MAX_DEPTH} levels")));
        }
        match self.stack.last_mut() {
            None => self.root = Some(node),
            Some(Frame::Sequence { items, .. }) => items.push(node),
            Some(Frame::Mapping(frame)) => match frame.key.take() {
                None => frame.key = Some(as_key(&node, line)?),
                Some(key) => {
                    if let Err(problem) = frame.insert(key, node) {
                        self.report(problem.line, problem.message);
                    }
                }
            },
        }
        Ok(())
    }
}

impl MappingFrame {
    fn insert(&mut self, key: Key, node: Arc<Node>) -> Result<(), Stop> {
        if key.text == "<<" {
            return self.insert_merged(&key, node);
        }
        if !self.seen.insert(key.text.clone()) {
            return Err(Stop::at(key.line, format!("the key '{}' is given twice", key.text)));
        }
        self.entries.push((key, node));
        Ok(())
    }

    fn insert_merged(&mut self, key: &Key, node: Arc<Node>) -> Result<(), Stop> {
        let wrong = || Stop::at(key.line, "'<<' takes a mapping or a list of mappings");
        let is_mapping = |node: &Arc<Node>| matches!(node.content, Content::Mapping(_));
        match &node.content {
            Content::Mapping(_) => self.merged.push(node),
            Content::Sequence(items) if items.iter().all(is_mapping) => {
                self.merged.extend(items.iter().cloned());
            }
            Content::Null | Content::Scalar { .. } | Content::Sequence(_) => return Err(wrong()),
        }
        Ok(())
    }

    /// Returns the entries; what is merged in comes last and gives way to what stands here itself.
    fn merge(mut self) -> Vec<(Key, Arc<Node>)> {
        for node in &self.merged {
            let Content::Mapping(entries) = &node.content else { continue };
            for (key, value) in entries {
                if self.seen.insert(key.text.clone()) {
                    self.entries.push((key.clone(), value.clone()));
                }
            }
        }
        self.entries
    }
}

fn as_key(node: &Node, line: usize) -> Result<Key, Stop> {
    match &node.content {
        Content::Scalar { text, .. } => Ok(Key { text: text.clone(), line: node.line }),
        Content::Null => Ok(Key { text: "null".to_owned(), line: node.line }),
        Content::Sequence(_) | Content::Mapping(_) => {
            Err(Stop::at(line, "a key must be a word, not a list or mapping"))
        }
    }
}

fn measure<'n>(children: impl Iterator<Item = &'n Arc<Node>>) -> (usize, usize) {
    children
        .fold((1, 1), |(size, depth), child| (size.saturating_add(child.size), depth.max(child.depth + 1)))
}
