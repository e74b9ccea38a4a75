//! What rows of a collection are looked up by.
//!
//! Looked-up values stand only where the server expects values, never as operators or names. A name that has dots
//! or begins with a dollar sign can't stand in a path: it is read by `$getField`.

use mongodb::bson::{Bson, Document, Regex, doc};

use habeas_dataset::normalise::Normaliser;

use crate::error::Problem;
use crate::key::Key;
use crate::narrow;
use crate::source::{Column, Filter, Lookup, Part, Query, Table, Test};
use crate::statement;

use super::values::readings;

/// How large the values of one lookup may be: a command takes 16 MB.
const LARGEST: usize = 12_000_000;

/// How many patterns a lookup may have before all values are read and compared here.
const PATTERNS: usize = 200;

/// Returns whether a name may stand in a path.
pub(super) fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('$') && !name.contains(['.', '\0'])
}

/// Returns the filter of a query.
pub(super) fn filter(query: &Query<'_>) -> Result<Document, Problem> {
    let mut all: Vec<Document> = Vec::new();
    if !query.lookups.is_empty() {
        let mut any = Vec::with_capacity(query.lookups.len());
        for one in query.lookups {
            any.push(lookup(query.table, one)?);
        }
        all.push(doc! { "$or": any });
    }
    for condition in query.filters {
        all.push(test(query.table, condition)?);
    }
    Ok(if all.is_empty() {
        Document::new()
    } else {
        doc! { "$and": all }
    })
}

fn lookup(table: &Table, lookup: &Lookup) -> Result<Document, Problem> {
    let mut all = Vec::with_capacity(lookup.parts.len() + lookup.filters.len());
    for one in &lookup.parts {
        all.push(part(table, one)?);
    }
    for one in &lookup.filters {
        all.push(test(table, one)?);
    }
    Ok(doc! { "$and": all })
}

fn part(table: &Table, part: &Part) -> Result<Document, Problem> {
    let column = statement::column_of(table, part.column)?;
    if part.path.iter().any(|name| !is_plain(name)) {
        // Compared here: the source gives all that have the outer field.
        return Ok(if is_plain(&column.name) {
            doc! { &*column.name: { "$exists": true } }
        } else {
            doc! {}
        });
    }
    let path = part.path.iter().fold(column.name.to_string(), |path, name| format!("{path}.{name}"));
    if !is_plain(&column.name) {
        return Ok(if part.path.is_empty() && part.normaliser.is_none() {
            let values = values(table, column, &part.keys)?;
            doc! { "$expr": { "$gt": [{ "$size": { "$setIntersection": [listed(&column.name), { "$literal": values }] } }, 0] } }
        } else {
            doc! {}
        });
    }
    match part.normaliser {
        None => Ok(doc! { path: { "$in": values(table, column, &part.keys)? } }),
        Some(normaliser) => Ok(similar(&path, normaliser, &part.keys)),
    }
}

/// The value of a field with an impossible name, as a list.
fn listed(name: &str) -> Document {
    let value = doc! { "$getField": { "$literal": name } };
    doc! { "$cond": [{ "$isArray": [value.clone()] }, value.clone(), [value]] }
}

fn values(table: &Table, column: &Column, keys: &[Key]) -> Result<Vec<Bson>, Problem> {
    let size: usize = keys.iter().map(|key| key.len() + 48).sum();
    if size > LARGEST {
        return Err(statement::too_many(table, column));
    }
    let mut values = Vec::with_capacity(keys.len() * 2);
    for key in keys {
        readings(key, &mut values);
    }
    Ok(values)
}

/// All values that may be one of these once both are normalised.
fn similar(path: &str, normaliser: Normaliser, keys: &[Key]) -> Document {
    let patterns: Option<Vec<String>> =
        keys.iter().map(|key| pattern(normaliser, key)).take(PATTERNS + 1).collect();
    match patterns.filter(|patterns| patterns.len() <= PATTERNS) {
        None => doc! { path: { "$exists": true } },
        Some(patterns) => {
            let patterns: Vec<Bson> = patterns
                .into_iter()
                .filter_map(|pattern| {
                    let (pattern, options) = (pattern.try_into().ok()?, "i".to_owned().try_into().ok()?);
                    Some(Bson::RegularExpression(Regex { pattern, options }))
                })
                .collect();
            let mut any = vec![doc! { path: { "$in": patterns } }];
            if normaliser == Normaliser::Phone {
                any.push(doc! { path: { "$type": "number" } });
            }
            doc! { "$or": any }
        }
    }
}

/// `None` where the server might know upper and lower case differently from us.
fn pattern(normaliser: Normaliser, key: &str) -> Option<String> {
    if !key.is_ascii() || key.contains('\0') {
        return None;
    }
    match normaliser {
        Normaliser::Email => Some(format!("^\\s*{}\\s*$", quoted(key))),
        Normaliser::Name => {
            let words: Vec<String> = key.split_whitespace().map(quoted).collect();
            Some(format!("^\\s*{}\\s*$", words.join("\\s+")))
        }
        Normaliser::Phone => {
            let digits: Vec<String> = narrow::tail(key).chars().map(String::from).collect();
            Some(format!("{}[^0-9]*$", digits.join("[^0-9]*")))
        }
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for sign in text.chars() {
        if !sign.is_ascii_alphanumeric() {
            out.push('\\');
        }
        out.push(sign);
    }
    out
}

fn test(table: &Table, filter: &Filter) -> Result<Document, Problem> {
    let column = statement::column_of(table, filter.column)?;
    let name = &*column.name;
    if !is_plain(name) {
        return Err(Problem::Unsupported {
            table: table.name.to_string(),
            column: name.to_owned(),
            what: "a name no condition can be about".to_owned(),
        });
    }
    Ok(match &filter.test {
        Test::In(keys) => doc! { name: { "$in": values(table, column, keys)? } },
        Test::NotIn(keys) => doc! { name: { "$nin": values(table, column, keys)? } },
        Test::IsNull => doc! { name: Bson::Null },
        Test::IsNotNull => doc! { name: { "$ne": Bson::Null } },
    })
}
