//! Helpers of this crate's tests: datasets from text, and from recorded cases.

use habeas_core::yaml::Problems;
use serde_json::{Value, json};

use crate::model::Dataset;
use crate::read::read;

/// Reads datasets that must be free of mistakes.
pub(crate) fn datasets(text: &str) -> Vec<Dataset> {
    let problems = Problems::new();
    let datasets = read("d.yml", text, &problems);
    let problems = problems.into_vec();
    assert!(problems.is_empty(), "{problems:#?}");
    datasets
}

/// Reads the cases of a recorded file.
pub(crate) fn cases(text: &str) -> Vec<Value> {
    serde_json::from_str(text).unwrap()
}

/// Reads the datasets of a recorded case, which are written in a form of their own. Its categories are
/// made up, so problems with the files are left aside.
pub(crate) fn recorded(datasets: &Value) -> Vec<Dataset> {
    let list: Vec<Value> = array(datasets).map(dataset).collect();
    read("case", &json!({ "dataset": list }).to_string(), &Problems::new())
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn dataset(from: &Value) -> Value {
    json!({
        "fides_key": from["name"],
        "fides_meta": {"after": from["after"]},
        "collections": array(&from["collections"]).map(collection).collect::<Vec<_>>(),
    })
}

fn collection(from: &Value) -> Value {
    let after: Vec<String> = array(&from["after"]).map(dotted).collect();
    json!({
        "name": from["name"],
        "data_categories": from["data_categories"],
        "fides_meta": {"after": after},
        "fields": array(&from["fields"]).map(field).collect::<Vec<_>>(),
    })
}

fn field(from: &Value) -> Value {
    json!({
        "name": from["name"],
        "data_categories": from["data_categories"],
        "fides_meta": {
            "identity": from["identity"],
            "data_type": from["data_type"],
            "references": array(&from["references"]).map(reference).collect::<Vec<_>>(),
        },
        "fields": array(&from["fields"]).map(field).collect::<Vec<_>>(),
    })
}

fn reference(from: &Value) -> Value {
    let to = from["to"].as_str().unwrap();
    let (dataset, field) = to.split_once(':').unwrap();
    json!({"dataset": dataset, "field": field.replace(':', "."), "direction": from["direction"]})
}

fn dotted(name: &Value) -> String {
    name.as_str().unwrap().replace(':', ".")
}
