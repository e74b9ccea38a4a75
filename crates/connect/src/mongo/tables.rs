//! What collections hold, found out by looking at some documents.
//!
//! A collection has no columns: its fields are those of its oldest and its newest documents, and whatever else a
//! document has is kept together in one further field. So nothing is lost, whatever the sample missed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use mongodb::bson::{Bson, Document};

use crate::key::Class;
use crate::postgres::Decode;
use crate::source::{Column, Table, TableName};

use super::values::type_name;

/// How many documents from each end are looked at.
pub(super) const SAMPLE: i64 = 500;

/// How deep nested fields are described.
const DEEPEST: usize = 8;

/// How many different names of fields inside one other are described: beyond, they are values themselves.
const MOST_NAMES: usize = 200;

/// What a collection is, as `listCollections` tells it.
#[derive(Default)]
pub(super) struct Listed {
    /// What its validator demands, by field.
    pub(super) demands: BTreeMap<String, Demand>,
}

/// What a validator demands of a field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Demand {
    pub(super) is_required: bool,
    /// The types it takes; empty where it says nothing.
    pub(super) types: Vec<String>,
    pub(super) max_length: Option<u32>,
}

/// Reads the answer of `listCollections` for one collection.
pub(super) fn listed(from: &Document) -> Listed {
    let mut listed = Listed::default();
    let schema = from
        .get_document("options")
        .and_then(|options| options.get_document("validator"))
        .and_then(|validator| validator.get_document("$jsonSchema"));
    let Ok(schema) = schema else { return listed };
    let required = schema.get_array("required").into_iter().flatten().filter_map(Bson::as_str);
    for name in required {
        listed.demands.entry(name.to_owned()).or_default().is_required = true;
    }
    for (name, inner) in schema.get_document("properties").into_iter().flatten() {
        let Some(inner) = inner.as_document() else { continue };
        let demand = listed.demands.entry(name.clone()).or_default();
        demand.types = match inner.get("bsonType").or_else(|| inner.get("type")) {
            Some(Bson::String(one)) => vec![one.clone()],
            Some(Bson::Array(many)) => many.iter().filter_map(Bson::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        };
        let length = inner.get("maxLength").and_then(|length| match length {
            Bson::Int32(length) => u32::try_from(*length).ok(),
            Bson::Int64(length) => u32::try_from(*length).ok(),
            _ => None,
        });
        demand.max_length = length;
    }
    listed
}

/// Describes a collection from what is listed of it and some of its documents.
pub(super) fn describe(name: &TableName, database: &str, listed: &Listed, sample: &[Document]) -> Table {
    let mut names: Vec<String> = vec!["_id".to_owned()];
    let mut seen: BTreeSet<String> = names.iter().cloned().collect();
    let mut shapes: BTreeMap<String, Shape> = BTreeMap::new();
    for document in sample {
        for (name, value) in document {
            if seen.insert(name.clone()) {
                names.push(name.clone());
            }
            shapes.entry(name.clone()).or_default().see(value, DEEPEST);
        }
    }
    let mut columns: Vec<Column> =
        names.iter().map(|name| column(name, shapes.get(name), listed.demands.get(name))).collect();
    columns.push(Column {
        name: Arc::from(Table::FURTHER_FIELDS),
        type_name: "object".to_owned(),
        decode: Decode::BsonRest,
        ..column(Table::FURTHER_FIELDS, None, None)
    });
    Table {
        name: Arc::from(name.to_string()),
        full_name: TableName { schema: Some(database.to_owned()), table: name.table.clone() },
        columns,
        primary_key: vec![0],
        hides_rows: false,
        sql: String::new(),
    }
}

fn column(name: &str, shape: Option<&Shape>, demand: Option<&Demand>) -> Column {
    let types = demand.map(|demand| demand.types.as_slice()).unwrap_or_default();
    let refuses_null = !types.is_empty() && !types.iter().any(|name| name == "null");
    let is_required = demand.is_some_and(|demand| demand.is_required);
    let only = match types.iter().filter(|name| *name != "null").collect::<Vec<_>>().as_slice() {
        [one] => (*one).clone(),
        _ => String::new(),
    };
    Column {
        name: Arc::from(name),
        type_name: shape.map_or_else(|| "absent".to_owned(), Shape::to_string),
        is_readable: true,
        is_not_null: name == "_id" || (is_required && refuses_null),
        max_length: demand.and_then(|demand| demand.max_length),
        class: Class::Document,
        decode: Decode::Bson { unsets: refuses_null && !is_required },
        sql: String::new(),
        cast: only,
    }
}

/// What values of a field look like.
#[derive(Debug, Default)]
pub(super) struct Shape {
    types: BTreeSet<&'static str>,
    fields: BTreeMap<String, Shape>,
    items: Option<Box<Shape>>,
}

impl Shape {
    fn see(&mut self, value: &Bson, depth: usize) {
        self.types.insert(type_name(value));
        if depth == 0 {
            return;
        }
        match value {
            Bson::Document(fields) => {
                for (name, inner) in fields {
                    if self.fields.len() < MOST_NAMES || self.fields.contains_key(name) {
                        self.fields.entry(name.clone()).or_default().see(inner, depth - 1);
                    }
                }
            }
            Bson::Array(items) => {
                let shape = self.items.get_or_insert_default();
                for item in items {
                    shape.see(item, depth - 1);
                }
            }
            _ => {}
        }
    }
}

impl std::fmt::Display for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = String::new();
        for (place, name) in self.types.iter().enumerate() {
            text.push_str(if place > 0 { " | " } else { "" });
            match *name {
                "object" if !self.fields.is_empty() => {
                    text.push_str("object {");
                    for (place, (name, shape)) in self.fields.iter().enumerate() {
                        let comma = if place > 0 { ", " } else { "" };
                        let _ = write!(text, "{comma}{name}: {shape}"); // a String takes everything
                    }
                    text.push('}');
                }
                "array" => match self.items.as_deref().filter(|items| !items.types.is_empty()) {
                    Some(items) => {
                        let _ = write!(text, "array [{items}]");
                    }
                    None => text.push_str("array"),
                },
                name => text.push_str(name),
            }
        }
        f.write_str(&text)
    }
}
