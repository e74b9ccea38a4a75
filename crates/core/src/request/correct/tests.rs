//! What a steward's lines mean, and whose word counts.

use super::{Asked, CorrectionPlan, RightFact};

fn right(fact: &str, value: Option<&str>, was: Option<&str>) -> RightFact {
    RightFact { fact: fact.to_owned(), value: value.map(str::to_owned), was: was.map(str::to_owned) }
}

#[test]
fn lines_name_facts_and_values() {
    let set = |fact, value, was| Ok(vec![Asked::Set(right(fact, value, was))]);
    let check = |text: &str, expected| assert_eq!(CorrectionPlan::read_facts(text), expected, "{text:?}");
    check("city: Paris", set("city", Some("Paris"), None));
    check("Postal code:  75001 ", set("postal_code", Some("75001"), None));
    check("city: Rome -> Paris", set("city", Some("Paris"), Some("Rome")));
    check("city: Rome ->", set("city", None, Some("Rome")));
    check("city:", set("city", None, None));
    check("note: 10:30", set("note", Some("10:30"), None));
    check("city: Leave", Ok(vec![Asked::Leave("city".to_owned())]));
    check("\n\n", Ok(Vec::new()));
    check("city: Paris\n\nParis, please", Err(3));
    check(": Paris", Err(1));
    check("ci.ty: Paris", Err(1));
}

#[test]
fn the_stewards_word_counts_more_than_the_persons() {
    let asked = CorrectionPlan::read_facts("city: leave\nphone: 2\nname: Ada\ncity: Oslo").expect("lines");
    let plan = CorrectionPlan::merge(
        vec![right("city", Some("Rome"), None), right("phone", Some("1"), None)],
        asked,
    );
    let values: Vec<(&str, Option<&str>)> =
        plan.facts.iter().map(|one| (one.fact.as_str(), one.value.as_deref())).collect();
    assert_eq!(values, [("phone", Some("2")), ("name", Some("Ada")), ("city", Some("Oslo"))]);
    let plan = CorrectionPlan::merge(
        vec![right("city", Some("Rome"), None)],
        CorrectionPlan::read_facts("city: leave").expect("lines"),
    );
    assert_eq!((plan.facts.len(), plan.disputed.as_slice()), (0, ["city".to_owned()].as_slice()));
}
