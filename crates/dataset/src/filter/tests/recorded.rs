//! The peer's recorded cases of filtering. One of them stands on a value of the peer's own language and is
//! left out; where the peer passes results of sources no dataset describes, so do we.

use std::collections::BTreeMap;

use habeas_core::value::Row;
use serde_json::{Value, json};

use super::{json_of, row};
use crate::filter::Selection;
use crate::graph::select;
use crate::path::FieldPath;
use crate::policy::Inclusion;
use crate::taxonomy::Category;
use crate::testing::{cases, recorded};

#[test]
fn recorded_results_are_the_same() {
    let all = cases(include_str!("../../../../cli/tests/fixtures/filter_results.json"));
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (place, case) in all.iter().enumerate() {
        if case.to_string().contains("\"repr\"") {
            continue;
        }
        let function = case["function"].as_str().unwrap();
        let got = match function {
            "select_and_save_field" => pick(&case["inputs"]),
            "remove_empty_containers" => without_empty(&case["inputs"]["row"]),
            "filter_data_categories" => filter(&case["inputs"]),
            other => panic!("unknown function {other}"),
        };
        assert_eq!(got, case["output"], "case {place}: {}", case["test"]);
        *seen.entry(function.to_owned()).or_default() += 1;
    }
    assert_eq!(seen.into_values().sum::<usize>(), 57);
}

/// Selects the fields saved before and the one now asked for.
fn pick(inputs: &Value) -> Value {
    let mut paths = Vec::new();
    leaves(&inputs["saved"], None, &mut paths);
    let names = inputs["target_path"]["path"].as_array().unwrap();
    let target = names.iter().map(|name| name.as_str().unwrap()).collect::<Vec<_>>().join(".");
    let selection = match FieldPath::parse(&target) {
        Some(path) => Selection::of(paths.iter().chain([&path])),
        None => Selection::All, // the path of the row itself
    };
    json_of(&Row::new(selection.pick_fields(row(&inputs["row"]).fields())))
}

fn leaves(saved: &Value, above: Option<&FieldPath>, paths: &mut Vec<FieldPath>) {
    match saved {
        Value::Object(fields) => {
            for (name, inner) in fields {
                let path =
                    above.map_or_else(|| FieldPath::of(name.as_str()), |above| above.join(name.as_str()));
                leaves(inner, Some(&path), paths);
            }
        }
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) => {
            for item in items {
                leaves(item, above, paths);
            }
        }
        _ => {
            if let Some(path) = above
                && !paths.contains(path)
            {
                paths.push(path.clone());
            }
        }
    }
}

/// The peer runs it on lists of rows too.
fn without_empty(from: &Value) -> Value {
    match from {
        Value::Array(rows) => {
            Value::Array(rows.iter().map(without_empty).filter(|row| *row != json!({})).collect())
        }
        _ => json_of(&Selection::All.select(&row(from))),
    }
}

fn filter(inputs: &Value) -> Value {
    let include = inputs["target_categories"]["set"].as_array().unwrap();
    let include = include.iter().map(|name| Category::new(name.as_str().unwrap())).collect();
    let included = Inclusion { include, exclude: Vec::new(), uncategorised: false };
    let datasets = recorded(&inputs["dataset_graph"]["datasets"]);
    let mut out = serde_json::Map::new();
    for (address, rows) in inputs["access_request_results"].as_object().unwrap() {
        let (key, name) = address.split_once(':').unwrap();
        let selection = datasets.iter().find(|dataset| &*dataset.key == key).map(|dataset| {
            let collection = dataset.collections.iter().find(|collection| &*collection.name == name);
            select::select(dataset, collection.unwrap(), &included).selection
        });
        let selection = selection.unwrap_or(Selection::All);
        let rows = rows.as_array().unwrap().iter().map(|from| json_of(&selection.select(&row(from))));
        let given: Vec<Value> = rows.filter(|given| *given != json!({})).collect();
        if !given.is_empty() {
            out.insert(address.clone(), Value::Array(given));
        }
    }
    Value::Object(out)
}
