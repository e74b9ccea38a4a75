//! `GET, POST /console/requests/{reference}/split`: one wish of a request becomes a request of its own, with
//! the same day of receipt.

use axum::extract::{Path, State};
use axum::response::Response;
use habeas_core::event::Actor;
use habeas_core::id::{Reference, RequestId};
use habeas_core::pii::Pii;
use habeas_core::request::{CARRIED_OVER, Command, Received, Request, Reshape, Terms};
use habeas_render::page::console::CaseAct;
use habeas_render::page::part::{Choice, Facts, Field, FieldKind, Row};
use habeas_store::Tx;
use habeas_store::acts::ActError;

use super::{reshape, tab};
use crate::App;
use crate::console::case::{self, Case};
use crate::console::told;
use crate::error::Result;
use crate::form::Form;
use crate::guard::Staff;
use crate::visit::Visit;

pub(in crate::console) async fn get(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
) -> Result<Response> {
    let page = page(&app, &staff, &reference, &Form::default()).await?;
    tab::show(&app, &visit, &staff, None, &page).await
}

pub(in crate::console) async fn post(
    State(app): State<App>,
    visit: Visit,
    staff: Staff,
    Path(reference): Path<String>,
    form: Form,
) -> Result<Response> {
    let mut page = page(&app, &staff, &reference, &form).await?;
    let activity = form.text("activity");
    let known = page.fields.iter().any(|field| field.options.iter().any(|option| option.value == activity));
    reshape::complain(&mut page, "activity", (!known).then(|| "Choose what the part asks for".to_owned()));
    let wish = tab::text_problem(form.text("wish"), "Write what the new request asks for");
    reshape::complain(&mut page, "wish", wish);
    reshape::complain(&mut page, "reason", reshape::reason_problem(&form));
    if reshape::is_wrong(&page) {
        return tab::show_again(&app, &visit, &staff, None, &page).await;
    }
    let done = act(&app, &staff, &reference, &form).await?;
    reshape::answer(&app, &visit, &staff, &page, done, "split").await
}

/// Makes the new request and ties both, in one transaction.
async fn act(app: &App, staff: &Staff, reference: &str, form: &Form) -> Result<Result<(), String>> {
    let mut tx = app.store.begin().await?;
    let Case { request, .. } = case::load(&mut tx, staff, reference).await?;
    let ctx = case::context(app, &request, staff)?;
    let terms = reshape::terms(app, &request, &ctx, form.text("activity"))?;
    let id = RequestId::new(app.now(), &*app.chance);
    let other = Reference::new(&*app.chance);
    let split = Reshape::SplitOff {
        request: id,
        reference: other.clone(),
        reason: Pii::new(form.text("reason").to_owned()),
    };
    // First what may be denied: nothing is made where the split isn't allowed.
    if let Err(why) = told::outcome(tx.act(&request, Command::Reshape(split), &ctx).await)? {
        return Ok(Err(why));
    }
    let born = Born { id, reference: other, terms, wish: form.text("wish").to_owned() };
    match told::outcome(born.file(app, staff, &mut tx, &request).await)? {
        Ok(()) => Ok(Ok(tx.commit().await?)),
        Err(why) => Ok(Err(why)),
    }
}

/// The request that is taken out.
struct Born {
    id: RequestId,
    reference: Reference,
    terms: Terms,
    wish: String,
}

impl Born {
    async fn file(self, app: &App, staff: &Staff, tx: &mut Tx, parent: &Request) -> Result<(), ActError> {
        let unknown = |_| habeas_core::request::Denied::NothingChanges;
        let by = Actor::Staff(staff.id);
        let ctx = app.catalog.context(&self.terms, app.now(), by, &staff.roles).map_err(unknown)?;
        let mut subject = parent.subject.reveal().clone();
        subject.description = Some(self.wish);
        let received = Received {
            reference: self.reference,
            terms: self.terms.clone(),
            channel: parent.channel,
            received_at: parent.received_at,
            subject: Pii::new(subject),
        };
        let born = tx.receive(self.id, received, &ctx).await?;
        let tie = Reshape::ComeFrom { from: parent.id, readers: parent.readers.clone() };
        let born = tx.act(&born, Command::Reshape(tie), &ctx).await?;
        if parent.verified_at.is_some() {
            tx.act(&born, Command::Verify { rung: CARRIED_OVER.to_owned() }, &ctx).await?;
        }
        Ok(())
    }
}

async fn page(app: &App, staff: &Staff, reference: &str, form: &Form) -> Result<CaseAct> {
    let case = case::load(&mut app.store.read().await?, staff, reference).await?;
    let request = &case.request;
    let ctx = case::context(app, request, staff)?;
    let mut choices = Vec::new();
    for activity in reshape::others(app, request) {
        let terms = reshape::terms(app, request, &ctx, &activity.name)?;
        let hint = reshape::promise(app, staff, request, &terms)?;
        choices.push(Choice::new(&activity.name, &activity.title).hint(hint));
    }
    let denied = match () {
        () if request.status.is_closed() => Some("The request is closed: open it again first."),
        () if request.is_merged() => Some("It is answered together with another request: take it out first."),
        () if choices.is_empty() => Some("Nothing else can be asked of this organisation."),
        () => None,
    };
    let wrote = request.subject.reveal().description.clone().filter(|_| case.is_seen).unwrap_or_default();
    let wish = if form.text("wish").is_empty() { wrote.clone() } else { form.text("wish").to_owned() };
    let identity = if request.verified_at.is_some() {
        "Identity is proven for both."
    } else {
        "Identity is still to be proven, for each."
    };
    Ok(CaseAct {
        subject: case.subject(app),
        title: "Split in two".to_owned(),
        segment: "split",
        intro: vec![
            "For a person who asked for two things at once: neither then waits for the other.".to_owned(),
        ],
        facts: Facts { rows: vec![Row::new("This request stays", case.title(app))] },
        fields: vec![
            Field::new(FieldKind::Radios, "activity", "The new request asks for")
                .options(choices)
                .value(form.text("activity")),
            Field::new(FieldKind::LongText, "wish", "In the person's words")
                .hint("What of this concerns the new request.")
                .max_length(5_000)
                .value(wish),
            reshape::reason("Reason, for colleagues", form),
        ],
        consequences: vec![
            "The new request has the day of receipt of this one, its own date and its own flow.".to_owned(),
            identity.to_owned(),
            "The person gets a receipt for it, and a mail that says why there are two.".to_owned(),
        ],
        button: "Split, and tell the person".to_owned(),
        denied: denied.map(str::to_owned),
    })
}
