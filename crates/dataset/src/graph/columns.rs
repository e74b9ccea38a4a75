//! Which columns of a collection are read.

use crate::filter::Selection;
use crate::model::Collection;
use crate::path::FieldPath;
use crate::plan::Column;

/// Returns the columns that keys stand in and those something is given of, in the order of the dataset.
pub(super) fn columns(collection: &Collection, keys: &[FieldPath], selection: &Selection) -> Vec<Column> {
    let is_given = |name: &str| match selection {
        Selection::All => true,
        Selection::Fields { named, others } => match named.iter().find(|(known, _)| &**known == name) {
            Some((_, inner)) => !inner.is_empty(),
            None => *others,
        },
    };
    collection
        .fields
        .iter()
        .filter(|field| is_given(&field.name) || keys.iter().any(|key| *key.top() == field.name))
        .map(|field| Column {
            name: field.name.clone(),
            data_type: field.data_type,
            is_json: field.is_json || !field.fields.is_empty(),
        })
        .collect()
}
