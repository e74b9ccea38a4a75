//! What a reply says of a source that was left out.

use super::*;
use habeas_core::event::Actor;

fn ending(dataset: &str, outcome: Searched) -> Searched {
    let excuse = |source: &str, reason: &str| Excuse {
        source: source.to_owned(),
        reason: Pii::new(reason.to_owned()),
        by: Actor::System,
    };
    let coverage = Coverage {
        subject: 0,
        dataset: Arc::from(dataset),
        collection: Arc::from("customer"),
        rows: 0,
        as_of: None,
        reached_by: Vec::new(),
        outcome,
    };
    excused(coverage, &[excuse("billing", "shut down"), excuse("shop", "moving house")]).outcome
}

fn left_out(reason: &str) -> Searched {
    Searched::Skipped { reason: format!("left out of the search: {reason}") }
}

#[test]
fn only_what_failed_is_said_to_be_left_out() {
    let failed = || Searched::Failed { reason: "no answer".to_owned() };
    assert_eq!(ending("billing", failed()), left_out("shut down"));
    // What hangs on a source that failed goes with it.
    assert_eq!(ending("crm", failed()), left_out("moving house"));
    let unreached = || Searched::Unreached { reason: "no identity leads to it".to_owned() };
    assert_eq!(ending("crm", unreached()), unreached());
    assert_eq!(ending("billing", unreached()), unreached());
    assert_eq!(ending("crm", Searched::Searched), Searched::Searched);
}
