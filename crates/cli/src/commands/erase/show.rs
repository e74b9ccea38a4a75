//! What people are shown of a plan: counts, places and reasons, no values.

use std::collections::BTreeMap;
use std::process::ExitCode;

use habeas_connect::erase::{Planned, Trouble};
use habeas_dataset::erasure::Decision;

use super::args::Loaded;
use super::{ended, in_the_way};
use crate::commands::dataset::files::counted;
use crate::exit;
use crate::output::{self, Output, Table, Tone};

/// Shows a plan.
pub(super) fn plan(planned: &Planned, out: &mut Output) -> anyhow::Result<()> {
    let mut table = Table::new(["COLLECTION", "DELETE", "MASK", "UNLINK", "KEEP", "UNCHANGED"]);
    let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
    for (_, collection) in planned.collections() {
        let name = format!("{}:{}", collection.dataset, collection.collection);
        let count = |word: &str| {
            let rows = collection.rows.iter().filter(|row| row.action() == word);
            rows.map(|row| row.copies.max(1)).sum::<usize>()
        };
        let cell = |word: &str, tone: Tone| match count(word) {
            0 => (Tone::Quiet, "0".to_owned()),
            number => (tone, number.to_string()),
        };
        table.toned_row([
            (Tone::Plain, name.clone()),
            cell("delete", Tone::Bad),
            cell("mask", Tone::Warning),
            cell("unlink", Tone::Warning),
            cell("keep", Tone::Strong),
            cell("unchanged", Tone::Plain),
        ]);
        for row in &collection.rows {
            for reason in reasons_of(&row.decision, row.note.as_deref()) {
                *reasons.entry(format!("{name}{reason}")).or_default() += 1;
            }
        }
    }
    out.table(&table)?;
    for (reason, rows) in reasons {
        out.line(&format!("{reason} ({})", counted(usize::try_from(rows).unwrap_or(usize::MAX), "row")))?;
    }
    let changes = planned.changes();
    out.line(&format!("{} would be changed or deleted", counted(changes, "row")))
}

fn reasons_of(decision: &Decision, note: Option<&str>) -> Vec<String> {
    let mut reasons = Vec::new();
    let kept = |what: &str, kept: &habeas_dataset::retention::Kept| {
        let law = kept.law.as_ref().map(|law| format!(", {law}")).unwrap_or_default();
        let until = kept.until.as_ref().map(|until| format!(", until {until}")).unwrap_or_default();
        format!("{what} kept ({}{law}{until}): {}", kept.rule, kept.reason)
    };
    match decision {
        Decision::Keep(why) => reasons.push(kept(" is", why)),
        Decision::Unlink(masks, why) => {
            reasons.push(kept(" is", why));
            reasons.extend(masks.kept.iter().map(|one| kept(&format!(".{} is", one.field), &one.kept)));
        }
        Decision::Mask(masks) => {
            reasons.extend(masks.kept.iter().map(|one| kept(&format!(".{} is", one.field), &one.kept)));
        }
        Decision::Delete { .. } | Decision::Nothing => {}
    }
    reasons.extend(note.map(|note| format!(": {note}")));
    reasons
}

/// Returns a problem as a line.
pub(super) fn trouble(trouble: &Trouble) -> String {
    let field = trouble.field.as_ref().map(|field| format!(".{field}")).unwrap_or_default();
    let strategy = trouble.strategy.map(|strategy| format!(" can't take {strategy}")).unwrap_or_default();
    format!("{}:{}{field}{strategy}: {}", trouble.dataset, trouble.collection, trouble.message)
}

/// Says what is worth knowing and what stays unexplained, and how the command ends.
pub(super) fn explain(loaded: &Loaded, planned: &Planned) -> ExitCode {
    for note in loaded.notes.iter().chain(&planned.warnings) {
        output::note(&format!("note: {note}"));
    }
    if !planned.troubles.is_empty() {
        return exit::failed(&in_the_way(planned));
    }
    ended(is_explained(loaded, planned))
}

/// Tells what no dataset knows, what nothing leads to, and which fields should be masked and can't be.
pub(super) fn is_explained(loaded: &Loaded, planned: &Planned) -> bool {
    use habeas_core::record::Outcome;
    for kind in &loaded.plan.unknown_identities {
        output::note(&format!("no dataset knows the identity {kind}"));
    }
    for left in &loaded.plan.unreached {
        output::note(&format!("{}:{} was not searched: {}", left.dataset, left.collection, left.reason));
    }
    let is_left = |outcome: &Outcome| matches!(outcome, Outcome::Unreached { .. });
    let is_gap = planned.collected.coverage.iter().any(|coverage| is_left(&coverage.outcome));
    let mut is_whole = true;
    for (_, collection) in planned.collections() {
        let fields = collection.rows.iter().filter_map(|row| match &row.decision {
            Decision::Mask(masks) | Decision::Unlink(masks, _) => Some(&masks.kept),
            Decision::Delete { .. } | Decision::Keep(_) | Decision::Nothing => None,
        });
        let stuck = fields.flatten().find(|field| ["read_only", "column"].contains(&&*field.kept.rule));
        if let Some(field) = stuck {
            is_whole = false;
            output::note(&format!(
                "{}:{}.{} should be masked and stays: {}",
                collection.dataset, collection.collection, field.field, field.kept.reason
            ));
        }
    }
    loaded.plan.unknown_identities.is_empty() && !is_gap && is_whole
}
