//! Recognises people whose erasure a restored backup or an import has undone.

use std::collections::BTreeSet;
use std::sync::Arc;

use habeas_core::context::Chance;
use habeas_core::pii::Pii;
use habeas_core::value::{Row, Value};
use habeas_dataset::graph::Graph;

use crate::collect::{Identity, Subject};
use crate::error::Error;
use crate::source::TableName;
use crate::sources::Sources;

use super::found::values;
use super::sharing::{apart, form, plain};
use super::views::Views;

/// Returns an identity in the one form that is compared.
pub fn one_form(kind: &str, value: &str) -> String {
    form(kind, None, value)
}

/// Reads every field identities are looked up in, in every source, and returns those the test knows, each as a
/// person of its own.
///
/// # Errors
/// Returns the first source that could not be read: not knowing is not the same as nobody.
pub async fn recognise(
    graph: &Graph,
    sources: &Sources,
    chance: &dyn Chance,
    is_known: &(dyn Fn(&str, &str) -> bool + Sync),
) -> Result<Vec<Subject>, Error> {
    let mut views = Views::new(sources, chance);
    let mut found: BTreeSet<(Arc<str>, String)> = BTreeSet::new();
    for field in graph.identity_fields() {
        let source = sources.serving(&field.dataset)?;
        let table = views.table(source, &TableName::of(&field.namespace, &field.collection)).await?;
        let table = table.with(std::iter::once(&**field.path.top()));
        let place = table.ensure_column(views.name(source)?, field.path.top())?;
        views
            .scan(source, &table, &[place], &mut |row: Vec<Value>| {
                let value = row.into_iter().next().map_or(Value::Null, apart);
                let row = Row::new(vec![(field.path.top().clone(), value)]);
                values(&row, &field.path, &mut |value| {
                    let Some(text) = plain(value) else { return };
                    let form = form(&field.kind, None, &text);
                    if is_known(&field.kind, &form) {
                        found.insert((Arc::clone(&field.kind), text.trim().to_owned()));
                    }
                });
                true
            })
            .await?;
    }
    views.finish().await;
    let subject = |(kind, value)| Subject { identities: vec![Identity { kind, value: Pii::new(value) }] };
    Ok(found.into_iter().map(subject).collect())
}
