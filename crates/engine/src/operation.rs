//! What automatic tasks do, a file for each operation.
//!
//! A new one is a row in core's list, a file here, and a line in [`of`]; the interpreter and the worker stay as
//! they are.

mod acknowledge;
mod ask_owner;
mod ask_subject;
mod check_duplicates;
mod close;
mod deliver;
mod extend;
mod found;
mod notify_recipients;
mod notify_role;
mod rectify;
mod reply;
mod resolve_subject;
mod send_mail;
mod verify_identity;

use habeas_core::flow::Operation;
use habeas_store::jobs::Claimed;

use crate::Engine;
use crate::error::Error;
use crate::task::Try;

/// Does one try of a task. It ends the job in the transaction of its effect, may be killed at any point and
/// run twice.
#[async_trait::async_trait]
pub(crate) trait Operate: Send + Sync {
    /// Runs the try to its end, or says why it can't be ended now.
    async fn run(&self, engine: &Engine, job: &Claimed, this: &Try) -> Result<(), Error>;
}

/// Returns what does an operation.
pub(crate) fn of(operation: Operation) -> &'static dyn Operate {
    match operation {
        Operation::Acknowledge => &acknowledge::Acknowledge,
        Operation::CheckDuplicates => &check_duplicates::CheckDuplicates,
        Operation::ResolveSubject => &resolve_subject::ResolveSubject,
        Operation::VerifyIdentity => &verify_identity::VerifyIdentity,
        Operation::AskOwner => &ask_owner::AskOwner,
        Operation::AskSubject => &ask_subject::AskSubject,
        Operation::Collect => &found::Collect,
        Operation::BuildPackage => &found::BuildPackage,
        Operation::Deliver => &deliver::Deliver,
        Operation::Reply => &reply::Reply,
        Operation::SendMail => &send_mail::SendMail,
        Operation::NotifyRole => &notify_role::NotifyRole,
        Operation::Extend => &extend::Extend,
        Operation::PlanRectification => &rectify::PlanRectification,
        Operation::Rectify => &rectify::Rectify,
        Operation::NotifyRecipients => &notify_recipients::NotifyRecipients,
        Operation::Close => &close::Close,
    }
}
