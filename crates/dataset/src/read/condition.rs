//! Reads conditions on rows: `{field: kind, is: customer}`, `{field: deleted_at, is: null}`,
//! `{field: state, in: [open, paid]}`, and their opposites `is_not` and `not_in`.

use habeas_core::value::Value;
use habeas_core::yaml::{Content, Cursor};

use crate::path::FieldPath;
use crate::plan::{Condition, Test};

/// Reads one condition or a list of them.
pub(super) fn read_all(at: Option<Cursor<'_>>) -> Vec<Condition> {
    at.map(|at| at.one_or_more()).unwrap_or_default().iter().filter_map(read).collect()
}

/// Reads one condition.
pub(super) fn read(at: &Cursor<'_>) -> Option<Condition> {
    let mut map = at.mapping()?;
    let field = map.require("field").and_then(|at| path(&at));
    for key in ["is", "is_not", "in", "not_in"] {
        map.take(key);
    }
    let tests: Vec<_> = map
        .entries()
        .filter_map(|(key, value)| match key {
            "is" => Some(one(&value).map(|v| if v.is_null() { Test::IsNull } else { Test::In(vec![v]) })),
            "is_not" => {
                Some(one(&value).map(|v| if v.is_null() { Test::IsNotNull } else { Test::NotIn(vec![v]) }))
            }
            "in" => Some(several(&value).map(Test::In)),
            "not_in" => Some(several(&value).map(Test::NotIn)),
            _ => None,
        })
        .collect();
    map.finish();
    match <[_; 1]>::try_from(tests) {
        Ok([test]) => Some(Condition { field: field?, test: test? }),
        Err(_) => at.mismatch("one of is, is_not, in, not_in"),
    }
}

/// Reads the path of a field.
pub(super) fn path(at: &Cursor<'_>) -> Option<FieldPath> {
    let text = at.name()?;
    FieldPath::parse(text).or_else(|| at.mismatch("the name of a field"))
}

fn several(at: &Cursor<'_>) -> Option<Vec<Value>> {
    let items = at.sequence()?;
    if items.is_empty() {
        return at.mismatch("at least one value");
    }
    let values: Vec<Value> = items.iter().map(one).collect::<Option<_>>()?;
    if values.iter().any(Value::is_null) {
        return at.mismatch("values; whether there is none is asked with is: null");
    }
    Some(values)
}

fn one(at: &Cursor<'_>) -> Option<Value> {
    match at.node().content() {
        Content::Null => Some(Value::Null),
        Content::Scalar { text, is_plain } => Some(match text.as_str() {
            "true" | "True" if *is_plain => Value::Bool(true),
            "false" | "False" if *is_plain => Value::Bool(false),
            whole if *is_plain => match whole.parse() {
                Ok(number) => Value::Int(number),
                Err(_) => Value::Text(text.clone()),
            },
            _ => Value::Text(text.clone()),
        }),
        Content::Sequence(_) | Content::Mapping(_) => at.mismatch("a value"),
    }
}
