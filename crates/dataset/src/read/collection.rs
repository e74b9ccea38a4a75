//! Reads a collection.

use std::sync::Arc;

use habeas_core::yaml::{Content, Cursor, Mapping};

use super::{
    Context, categories, condition, fides_meta, field, flag, let_pass, named, owned, place, redacts_name,
    twice,
};
use crate::masking;
use crate::model::{Collection, CompositeKey, ErasureAction};
use crate::plan::{Condition, Test};

const ERASURE: [(&str, ErasureAction); 3] =
    [("delete", ErasureAction::Delete), ("mask", ErasureAction::Mask), ("keep", ErasureAction::Keep)];

pub(super) fn read(at: &Cursor<'_>, context: &Context) -> Option<Collection> {
    let mut map = at.mapping()?;
    let name = map.require("name").and_then(|at| at.name().map(Arc::from));
    let mut collection = Collection {
        name: name.clone().unwrap_or_else(|| Arc::from("")),
        description: owned(map.take("description")),
        categories: categories(map.take("data_categories"), context),
        fields: Vec::new(),
        after: Vec::new(),
        erase_after: Vec::new(),
        skips_processing: false,
        deletes_rows: false,
        partitioning: None,
        redacts_name: false,
        third_party: false,
        one_person: false,
        filter: Vec::new(),
        composite_keys: Vec::new(),
        soft_delete: None,
        erasure: None,
        at: place(at),
    };
    meta(&mut map, &mut collection);
    additions(&mut map, &mut collection);
    let fields = map.require("fields").and_then(|at| at.sequence()).unwrap_or_default();
    collection.fields = fields.iter().filter_map(|at| field::read(at, context)).collect();
    let_pass(&mut map);
    map.finish();
    twice("field", collection.fields.iter().map(|f| (&*f.name, &f.at)), at);
    name.map(|_| collection)
}

fn meta(map: &mut Mapping<'_>, collection: &mut Collection) {
    let Some(mut meta) = fides_meta(map) else { return };
    collection.after = named(meta.take("after"));
    collection.erase_after = named(meta.take("erase_after"));
    collection.skips_processing = flag(&mut meta, "skip_processing");
    collection.deletes_rows =
        meta.take("masking_strategy_override").is_some_and(|at| masking::read_delete(&at));
    collection.partitioning = meta.take("partitioning").map(|at| at.to_json());
    collection.redacts_name = redacts_name(&mut meta);
    meta.finish();
}

fn additions(map: &mut Mapping<'_>, collection: &mut Collection) {
    let Some(mut own) = map.take("habeas").and_then(|at| at.mapping()) else { return };
    collection.third_party = flag(&mut own, "third_party");
    collection.one_person = flag(&mut own, "one_person");
    collection.filter = condition::read_all(own.take("filter"));
    collection.soft_delete = own.take("soft_delete").and_then(|at| soft_delete(&at));
    collection.erasure = own.take("erasure").and_then(|at| at.one_of(&ERASURE));
    let keys = own.take("composite_keys").map(|at| at.sequence().unwrap_or_default()).unwrap_or_default();
    for key in keys {
        let names = key.sequence().unwrap_or_default();
        let fields: Vec<_> = names.iter().filter_map(condition::path).collect();
        if fields.len() < 2 {
            key.report("a composite key is a list of two fields or more");
        } else {
            collection.composite_keys.push(CompositeKey { fields, at: place(&key) });
        }
    }
    own.finish();
}

/// Reads a column that holds a value once the row is deleted, or a condition true for deleted rows.
fn soft_delete(at: &Cursor<'_>) -> Option<Condition> {
    match at.node().content() {
        Content::Mapping(_) => condition::read(at),
        Content::Null | Content::Scalar { .. } | Content::Sequence(_) => {
            Some(Condition { field: condition::path(at)?, test: Test::IsNotNull })
        }
    }
}
