//! What a refusal rests on and tells: grounds, remedies and authority of the law of the day of receipt.

use habeas_core::law::Ground;
use habeas_core::pii::Pii;
use habeas_core::request::{Command, Context, Request};
use habeas_render::page::part::Choice;
use habeas_render::page::portal::Authority;

use crate::form::Form;

/// Returns the grounds that can be held against the request.
pub(super) fn of<'a>(request: &Request, ctx: &Context<'a>) -> Vec<&'a Ground> {
    let received_on = request.received_on(ctx);
    let right = request.terms.right;
    let fits = |ground: &&Ground| {
        ground.versions.covers(received_on) && (ground.rights.is_empty() || ground.rights.contains(&right))
    };
    ctx.law.refusal_grounds().iter().filter(fits).collect()
}

/// Returns a ground in the words of the law pack, which the letter repeats, and what the explanation must say.
pub(super) fn choice(ground: &Ground, form: &Form) -> Choice {
    let words = ground.words.trim_end_matches('.');
    let choice = Choice::new(&ground.id, format!("{words} ({})", ground.article))
        .selected(form.text("ground") == ground.id);
    if ground.must_tell.is_empty() {
        return choice;
    }
    choice.hint(format!("Say in the explanation: {}.", ground.must_tell.join("; ")))
}

/// Returns the act of refusing on a ground.
pub(super) fn refusal(ground: Option<String>, explanation: &str) -> Command {
    Command::Refuse { grounds: ground.into_iter().collect(), explanation: Pii::new(explanation.to_owned()) }
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
