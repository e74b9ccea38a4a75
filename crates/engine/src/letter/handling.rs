//! The letter about a change of how a request is handled.

use habeas_core::request::{Context, Occasion, Request};
use habeas_render::mail::told::explained;
use habeas_render::mail::{About, Change, Handling, Letter};

/// Returns the letter of an occasion; none where what it would tell is no longer so.
pub(super) fn letter(
    request: &Request,
    occasion: Occasion,
    about: About,
    ctx: &Context<'_>,
) -> Option<Letter> {
    let why = || request.shape.told.reveal().clone();
    let main = || request.shape.merged_into.as_ref().map(|(_, reference)| reference.to_string());
    let change = match occasion {
        Occasion::Reopened => Change::Reopened { why: why() },
        Occasion::Reclassified => Change::Reclassified { law: ctx.law.title(), why: why() },
        Occasion::SplitOff => {
            let (_, other) = request.shape.split_into.last()?;
            Change::SplitOff { other: other.to_string() }
        }
        Occasion::Merged => Change::Merged { other: main()? },
        Occasion::Unmerged if request.shape.merged_into.is_none() => Change::Unmerged,
        Occasion::AnsweredTogether => Change::AnsweredTogether { other: main()? },
        _ => return None,
    };
    let due = if request.status.is_closed() { None } else { explained(request, ctx) };
    Some(Letter::Handling(Handling { about, change, due }))
}
