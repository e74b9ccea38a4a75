//! What a refusal rests on and tells: grounds, remedies and authority of the law of the day of receipt.

use habeas_core::law::Ground;
use habeas_core::request::{Context, Request};
use habeas_render::page::portal::Authority;

/// Returns the grounds that can be held against the request.
pub(super) fn of<'a>(request: &Request, ctx: &Context<'a>) -> Vec<&'a Ground> {
    let received_on = request.received_on(ctx);
    let right = request.terms.right;
    let fits = |ground: &&Ground| {
        ground.versions.covers(received_on) && (ground.rights.is_empty() || ground.rights.contains(&right))
    };
    ctx.law.refusal_grounds().iter().filter(fits).collect()
}

/// Says whether a ground is about who asks: the ones for closing what was never verified.
pub(super) fn is_identity(ground: &Ground) -> bool {
    ground.id.contains("identity") || ground.id.contains("identify") || ground.id.contains("verif")
}

/// Returns what the letter says the person can do, a sentence each.
pub(super) fn remedies(request: &Request, ctx: &Context<'_>) -> Vec<String> {
    let told = ctx.law.refusal_must_tell(request.received_on(ctx));
    told.filter(|told| told.id != "reasons")
        .map(|told| format!("{} ({})", told.words, told.article))
        .collect()
}

/// Returns the authority the letter names: the one for the person's country where there are several.
pub(super) fn authority(request: &Request, ctx: &Context<'_>) -> Option<Authority> {
    let received_on = request.received_on(ctx);
    let country = request.subject.reveal().country.clone();
    let known =
        || ctx.law.remedies(received_on).filter(|remedy| remedy.kind == "authority" && remedy.site.is_some());
    let near = known().find(|remedy| remedy.region.is_some() && remedy.region == country);
    let remedy =
        near.or_else(|| known().find(|remedy| remedy.region.is_none())).or_else(|| known().next())?;
    Some(Authority {
        name: remedy.name.clone(),
        url: remedy.site.clone().filter(|url| url.starts_with("https://"))?,
        phone: remedy.phone.clone(),
    })
}
