//! Reads a field with its references and nested fields.

use std::sync::Arc;

use habeas_core::yaml::{Cursor, Mapping};

use super::{Context, categories, condition, fides_meta, flag, let_pass, owned, place, redacts_name, twice};
use crate::masking::{self, Pseudonym};
use crate::model::{Direction, Field, Reference};
use crate::normalise::Normaliser;
use crate::plan::{DataKind, DataType};

const KINDS: [(&str, DataKind); 6] = [
    ("string", DataKind::String),
    ("integer", DataKind::Integer),
    ("float", DataKind::Float),
    ("boolean", DataKind::Boolean),
    ("object_id", DataKind::ObjectId),
    ("object", DataKind::Object),
];

const DIRECTIONS: [(&str, Direction); 3] =
    [("from", Direction::From), ("to", Direction::To), ("none", Direction::Either)];

pub(super) fn read(at: &Cursor<'_>, context: &Context) -> Option<Field> {
    let mut map = at.mapping()?;
    let name = map.require("name").and_then(|at| {
        let name = at.name()?;
        if name.contains('.') {
            at.mismatch("a name without dots; what is inside a field is listed in its fields")
        } else {
            Some(Arc::from(name))
        }
    });
    let mut field = Field {
        name: name.clone().unwrap_or_else(|| Arc::from("")),
        description: owned(map.take("description")),
        categories: categories(map.take("data_categories"), context),
        data_type: None,
        fields: Vec::new(),
        references: Vec::new(),
        identity: None,
        is_primary_key: false,
        length: None,
        returns_all_elements: false,
        is_read_only: false,
        custom_request_field: None,
        masking: None,
        redacts_name: false,
        normaliser: None,
        credential: None,
        feeds_back: None,
        fact: None,
        derived_from: Vec::new(),
        pseudonym: None,
        is_json: false,
        at: place(at),
    };
    meta(&mut map, &mut field);
    additions(&mut map, &mut field);
    let fields = map.take("fields").and_then(|at| at.sequence()).unwrap_or_default();
    field.fields = fields.iter().filter_map(|at| read(at, context)).collect();
    let_pass(&mut map);
    map.finish();
    twice("field", field.fields.iter().map(|f| (&*f.name, &f.at)), at);
    fits(&field, at);
    name.map(|_| field)
}

fn meta(map: &mut Mapping<'_>, field: &mut Field) {
    let Some(mut meta) = fides_meta(map) else { return };
    field.data_type = meta.take("data_type").and_then(|at| data_type(&at));
    field.identity = meta.take("identity").and_then(|at| at.name().map(Arc::from));
    field.is_primary_key = flag(&mut meta, "primary_key");
    field.length = meta
        .take("length")
        .and_then(|at| at.count().filter(|n| *n > 0).or_else(|| at.mismatch("a length of one or more")));
    field.is_read_only = flag(&mut meta, "read_only");
    field.custom_request_field = meta.take("custom_request_field").and_then(|at| at.name().map(Arc::from));
    field.masking = meta.take("masking_strategy_override").and_then(|at| masking::read(&at));
    field.redacts_name = redacts_name(&mut meta);
    if let Some(at) = meta.take("return_all_elements") {
        field.returns_all_elements = at.boolean().unwrap_or(false);
        if !field.is_array() {
            at.report("return_all_elements is for lists: the data_type must end in []");
        }
    }
    let references = meta.take("references").and_then(|at| at.sequence()).unwrap_or_default();
    field.references = references.iter().filter_map(reference).collect();
    meta.finish();
}

fn data_type(at: &Cursor<'_>) -> Option<DataType> {
    let text = at.text()?;
    let (name, is_array) = match text.strip_suffix("[]") {
        Some(name) => (name, true),
        None => (text, false),
    };
    if let Some((_, kind)) = KINDS.iter().find(|(known, _)| *known == name) {
        return Some(DataType { kind: *kind, is_array });
    }
    let names = KINDS.map(|(known, _)| known);
    let message =
        format!("unknown data_type '{text}': it is one of {}, with [] for a list", names.join(", "));
    at.push(at.problem(message).with_nearest(name, names));
    None
}

fn reference(at: &Cursor<'_>) -> Option<Reference> {
    let mut map = at.mapping()?;
    let dataset = map.require("dataset").and_then(|at| at.name().map(Arc::from));
    let field = map.require("field").and_then(|at| at.name().map(Arc::from));
    let direction = map.take("direction").and_then(|at| at.one_of(&DIRECTIONS)).unwrap_or(Direction::Either);
    let (mut third_party, mut when) = (false, Vec::new());
    if let Some(mut own) = map.take("habeas").and_then(|at| at.mapping()) {
        third_party = flag(&mut own, "third_party");
        when = condition::read_all(own.take("when"));
        own.finish();
    }
    map.finish();
    Some(Reference { dataset: dataset?, field: field?, direction, third_party, when, at: place(at) })
}

fn additions(map: &mut Mapping<'_>, field: &mut Field) {
    let Some(mut own) = map.take("habeas").and_then(|at| at.mapping()) else { return };
    let normalisers =
        [("email", Normaliser::Email), ("phone", Normaliser::Phone), ("name", Normaliser::Name)];
    field.normaliser = own.take("normalise").and_then(|at| at.one_of(&normalisers));
    field.credential = own.take("credential").and_then(|at| at.boolean());
    field.feeds_back = own.take("feeds_back").and_then(|at| {
        let feeds_back = at.boolean();
        if field.identity.is_none() {
            at.report("feeds_back is for fields with an identity");
        }
        feeds_back
    });
    field.fact = own.take("fact").and_then(|at| at.name().map(Arc::from));
    field.derived_from = own
        .take("derived_from")
        .map(|at| at.one_or_more())
        .unwrap_or_default()
        .iter()
        .filter_map(condition::path)
        .collect();
    field.pseudonym = own.take("pseudonym").and_then(|at| at.one_of(&Pseudonym::NAMES));
    field.is_json = flag(&mut own, "json");
    own.finish();
}

/// Reports what the field's own type does not allow.
fn fits(field: &Field, at: &Cursor<'_>) {
    let Some(data_type) = field.data_type else { return };
    let is_object = data_type.kind == DataKind::Object;
    if !field.fields.is_empty() && !is_object && !field.is_json {
        at.report(format!("'{}' has fields inside, so its data_type must be object", field.name));
    }
    if field.is_json && data_type.kind != DataKind::String && !is_object {
        at.report(format!("'{}' holds JSON, so its data_type must be string or object", field.name));
    }
    if field.identity.is_some() && (is_object || data_type.kind == DataKind::Boolean) {
        at.report(format!("'{}' can't be an identity: its data_type is object or boolean", field.name));
    }
    if field.is_primary_key && is_object {
        at.report(format!("'{}' can't be a primary key: its data_type is object", field.name));
    }
    if field.length.is_some() && matches!(data_type.kind, DataKind::Boolean | DataKind::Object) {
        at.report(format!("'{}' can't have a length: its data_type is boolean or object", field.name));
    }
}
