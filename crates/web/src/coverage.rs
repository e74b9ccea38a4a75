//! What was searched, one line a source: what failed or was left out is never shown as empty.

use habeas_core::record::{Coverage as Entry, Origin, Outcome};
use habeas_core::request::Request;
use habeas_render::page::part::{CoverageRow, Search};
use habeas_render::text::Moment;
use habeas_store::records::Summary;
use jiff::tz::TimeZone;

use crate::names::{Names, identity};

/// A line with the source it is about.
pub(crate) struct Line<'a> {
    /// The source's key.
    pub(crate) source: &'a str,
    /// The line; its note is the reason of who left the source out, if anybody did.
    pub(crate) row: CoverageRow,
}

/// Returns what was found, with what the owners of sources answered by hand.
pub(crate) fn whole(summary: &Summary, request: &Request) -> Summary {
    Summary { coverage: request.cover(&summary.coverage), ..summary.clone() }
}

/// Returns the lines, sources in the order they were searched and then those that weren't.
pub(crate) fn lines<'a>(summary: &'a Summary, request: &'a Request, names: &Names) -> Vec<Line<'a>> {
    let mut sources: Vec<&str> = Vec::new();
    let known = summary.coverage.iter().map(|entry| &*entry.dataset);
    for source in known.chain(request.excuses.iter().map(|excuse| excuse.source.as_str())) {
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    sources
        .into_iter()
        .map(|source| Line { source, row: row(&of_source(summary, source), request, names, source) })
        .collect()
}

/// Returns the entries of a source.
pub(crate) fn of_source<'a>(summary: &'a Summary, source: &str) -> Vec<&'a Entry> {
    summary.coverage.iter().filter(|entry| &*entry.dataset == source).collect()
}

fn row(entries: &[&Entry], request: &Request, names: &Names, source: &str) -> CoverageRow {
    let excuse = request.excuses.iter().find(|excuse| excuse.source == source);
    let has_failed = entries.iter().any(|entry| matches!(entry.outcome, Outcome::Failed { .. }));
    let was_searched = entries.iter().any(|entry| entry.outcome == Outcome::Searched);
    // Where only a link from a source that was left out couldn't be followed, the rest was searched.
    let was_read = was_searched || (excuse.is_none() && entries.iter().any(|entry| entry.rows > 0));
    let is_by_hand = |entry: &Entry| matches!(entry.outcome, Outcome::ByHand { .. });
    let was_by_hand = entries.iter().any(|entry| is_by_hand(entry));
    let search = match (has_failed, excuse, was_read) {
        _ if was_by_hand && !was_searched => Search::ByHand,
        (true, None, _) => Search::Failed,
        (true, Some(_), _) | (false, _, false) => Search::Skipped,
        (false, _, true) => Search::Searched,
    };
    let mut kinds: Vec<String> = Vec::new();
    for hop in entries.iter().flat_map(|entry| &entry.reached_by) {
        let kind = match &hop.from {
            Origin::Identity(kind) => identity(kind),
            Origin::Field { .. } => "links between records".to_owned(),
        };
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let counted = entries.iter().filter(|entry| was_searched != is_by_hand(entry) || !was_by_hand);
    let zone = TimeZone::get(&request.terms.zone).unwrap_or(TimeZone::UTC);
    CoverageRow {
        source: names.source(source),
        search,
        searched_with: (!kinds.is_empty()).then(|| kinds.join(", ")),
        record_count: counted.map(|entry| entry.rows).sum(),
        as_of: entries.iter().filter_map(|entry| entry.as_of).min().map(|at| Moment(at.to_zoned(zone))),
        note: excuse.map(|excuse| excuse.reason.reveal().clone()),
    }
}
