//! Which acts a request's pages offer the reader. Whether one is possible at all, its page says.

use habeas_core::access::{self, Action};
use habeas_core::request::Request;
use habeas_render::page::console::Act;

use crate::guard::Staff;

/// Returns what the reader may do to a request as it stands.
pub(super) fn of(request: &Request, staff: &Staff) -> Vec<Act> {
    let may = |action| access::may(&staff.roles, action);
    let (is_open, is_merged) = (!request.status.is_closed(), request.is_merged());
    let is_proven = request.verified_at.is_some();
    let is_answered_here = is_open && !is_merged;
    let assign = may(Action::Assign) || (request.owner.is_none() && may(Action::SeeRequests));
    let reshape = may(Action::Reshape);
    let spam = may(Action::MarkSpam);
    [
        (Act::Correction, request.correction.is_some() && may(Action::SeeRequests)),
        (Act::Recipients, !request.notices.is_empty() && may(Action::SeeRequests)),
        (Act::Assign, is_open && assign),
        (Act::Ask, is_answered_here && may(Action::Converse)),
        (Act::Extend, is_answered_here && may(Action::Extend)),
        (Act::Refuse, is_answered_here && may(Action::Refuse)),
        (Act::Close, is_answered_here && may(Action::Refuse) && !is_proven),
        (Act::Narrow, is_open && may(Action::Narrow)),
        (Act::Reopen, !is_open && reshape),
        (Act::Unmerge, is_merged && reshape),
        (Act::Unspam, request.is_spam() && spam),
        (Act::Reclassify, is_answered_here && reshape),
        (Act::Split, is_answered_here && reshape),
        (Act::Merge, is_answered_here && is_proven && reshape),
        (Act::Spam, !request.is_spam() && spam),
        (Act::Hours, may(Action::SeeRequests)),
    ]
    .into_iter()
    .filter(|(_, may)| *may)
    .map(|(act, _)| act)
    .collect()
}
