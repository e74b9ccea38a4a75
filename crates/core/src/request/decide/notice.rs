//! Telling recipients: listed once a try, noted one by one, over when nothing is open.

use std::collections::BTreeMap;

use super::{Context, Denied};
use crate::access::Action;
use crate::flow::TaskKey;
use crate::pii::Pii;
use crate::request::event::{Event, TaskAnswered};
use crate::request::notice::{NoticeState, RECIPIENTS_MAX, Recipient, RecipientNoted, RecipientsListed};
use crate::request::state::Request;

/// The longest note, in characters.
const LONGEST: usize = 5_000;

/// Lists recipients; the task ends at once where there is nobody to tell. Whoever the request has listed already is
/// not listed again.
pub(super) fn list(
    request: &Request,
    key: &TaskKey,
    attempt: u32,
    recipients: Vec<Recipient>,
) -> (Vec<Event>, Option<BTreeMap<String, String>>) {
    let is_listed =
        |one: &Recipient| request.notices.iter().any(|known| known.task == *key && known.recipient == *one);
    let mut new: Vec<Recipient> = recipients.into_iter().filter(|one| !is_listed(one)).collect();
    new.truncate(RECIPIENTS_MAX);
    let waits = !new.is_empty() || request.open_notices().any(|notice| notice.task == *key);
    let outputs = (!waits).then(|| outputs(request, key));
    let count = u32::try_from(new.len()).unwrap_or(u32::MAX);
    let listed = RecipientsListed { task: key.clone(), attempt, count, recipients: Pii::new(new) };
    ((count > 0).then_some(Event::RecipientsListed(listed)).into_iter().collect(), outputs)
}

/// Returns what the task gives: how many recipients there are, and how many were told.
fn outputs(request: &Request, key: &TaskKey) -> BTreeMap<String, String> {
    let of_task = || request.notices.iter().filter(|notice| notice.task == *key);
    let is_told = |state: NoticeState| !state.wants_reason();
    let told =
        of_task().filter(|notice| notice.noted.as_ref().is_some_and(|(noted, ..)| is_told(noted.state)));
    BTreeMap::from([
        ("count".to_owned(), of_task().count().to_string()),
        ("told".to_owned(), told.count().to_string()),
    ])
}

/// Notes that a recipient was told, answered, or why they aren't told. A note may be followed by a better one, also
/// once the task is over: answers come late.
pub(super) fn note(
    request: &Request,
    number: u32,
    state: NoticeState,
    note: Pii<String>,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Denied> {
    ctx.ensure(Action::DoTasks)?;
    let notice = request.notices.iter().find(|notice| notice.number == number).ok_or(Denied::NotWaiting)?;
    if state.wants_reason() && note.reveal().trim().is_empty() {
        return Err(Denied::ReasonMissing);
    }
    if note.reveal().chars().count() > LONGEST {
        return Err(Denied::AnswerWrong("the note".to_owned()));
    }
    let task = notice.task.clone();
    let mut events = vec![Event::RecipientNoted(RecipientNoted { number, state, note })];
    if request.running(&task).is_some() && !request.status.is_closed() {
        let mut after = request.clone();
        for event in &events {
            after.apply(event, ctx.actor, ctx.now);
        }
        if after.open_notices().all(|notice| notice.task != task) {
            let answers = Pii::new(outputs(&after, &task));
            events.push(Event::TaskCompleted(TaskAnswered { task, answers }));
        }
    }
    Ok(events)
}
