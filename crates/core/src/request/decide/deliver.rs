//! The archive once it is made: fetched, made available again, deleted.

use super::{Context, Denied, task};
use crate::event::Actor;
use crate::request::event::{Event, PackageDeleted, PackageDownloaded};
use crate::request::state::Request;

pub(super) fn download(request: &Request, ctx: &Context<'_>) -> Result<Vec<Event>, Denied> {
    if ctx.actor != Actor::Subject {
        return Err(Denied::NotAllowed);
    }
    let package = request.reply().ok_or(Denied::NothingToDownload)?;
    if package.available_until.is_none_or(|until| ctx.now >= until) {
        return Err(Denied::NothingToDownload);
    }
    if package.download_count >= ctx.settings.download_limit {
        return Err(Denied::TooManyDownloads);
    }
    Ok(vec![Event::PackageDownloaded(PackageDownloaded { number: package.download_count + 1 })])
}

pub(super) fn renew(request: &Request, ctx: &Context<'_>) -> Result<Vec<Event>, Denied> {
    if ctx.actor != Actor::Subject {
        return Err(Denied::NotAllowed);
    }
    let kept_until =
        request.reply().and_then(|package| package.kept_until).ok_or(Denied::NothingToDownload)?;
    if ctx.now >= kept_until {
        return Err(Denied::NothingToDownload);
    }
    let mut released = task::release_package(ctx);
    released.available_until = released.available_until.min(kept_until);
    released.kept_until = kept_until;
    Ok(vec![Event::PackageRenewed(released)])
}

pub(super) fn end(request: &Request, ctx: &Context<'_>) -> Vec<Event> {
    let package = request.package.as_ref().filter(|package| !package.is_deleted);
    let over = package.filter(|package| package.kept_until.is_some_and(|until| ctx.now >= until));
    over.map(|package| Event::PackageDeleted(PackageDeleted { blob: package.blob })).into_iter().collect()
}
