//! What reports are counted from, and which of them are mailed on set days.

use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

use habeas_core::context::random;
use habeas_core::id::{RequestId, UserId};
use habeas_core::report::Entry;

use crate::db::{Row, args};
use crate::error::{Error, Result};
use crate::requests::{Query, Scope};
use crate::store::{Read, Tx};

/// What is counted of a request, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// The entity it was made to.
    pub entity: String,
    /// The law's id.
    pub law: String,
    /// The right exercised.
    pub right: String,
    /// The activity's name.
    pub activity: String,
    /// Its state's name.
    pub status: String,
    /// When it came in.
    pub received_at: Timestamp,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// The legal date.
    pub due_on: Option<Date>,
    /// The case owner.
    pub owner: Option<UserId>,
}

/// Which requests are counted; the default counts all.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span {
    /// Received at or after this instant.
    pub received_from: Option<Timestamp>,
    /// Received before this instant.
    pub received_before: Option<Timestamp>,
    /// Open, or closed at or after this instant.
    pub open_from: Option<Timestamp>,
}

/// Some lines of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterPage {
    /// The lines, oldest receipt first.
    pub entries: Vec<Entry>,
    /// What the next page comes after.
    pub last: (Timestamp, RequestId),
}

/// Lines of the register read at once.
const REGISTER_PAGE: u32 = 200;

/// No report counts more requests.
pub const FACTS_LIMIT: u32 = 500_000;

/// How often a report is mailed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cadence {
    /// On Mondays, over the week before.
    Weekly,
    /// On the first of a month, over the month before.
    Monthly,
}

impl Cadence {
    /// Returns its name in the database and in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
        }
    }

    /// Returns the cadence of that name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Weekly, Self::Monthly].into_iter().find(|cadence| cadence.as_str() == text)
    }
}

/// A report that is mailed on set days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Its id.
    pub id: Uuid,
    /// The report's name, such as `overview`.
    pub report: String,
    /// How often.
    pub cadence: Cadence,
    /// To whom.
    pub recipients: Vec<UserId>,
    /// Who planned it.
    pub created_by: UserId,
    /// The day it is mailed next.
    pub next_on: Date,
}

/// A plan to be kept.
#[derive(Debug, Clone, Copy)]
pub struct NewPlan<'a> {
    /// The report's name.
    pub report: &'a str,
    /// How often.
    pub cadence: Cadence,
    /// To whom.
    pub recipients: &'a [UserId],
    /// Who plans it.
    pub created_by: UserId,
    /// The day it is mailed first.
    pub next_on: Date,
}

/// There are no more plans than this.
pub const PLANS_LIMIT: u32 = 100;

const PLANS: &str = "SELECT id, report, cadence, recipients, created_by, next_on FROM report_plans";

impl Read {
    /// Returns what is counted of the requests of a span within the scope, oldest first.
    pub async fn list_counted(&mut self, span: Span, scope: &Scope) -> Result<Vec<Counted>> {
        let mut query = spanned(span, scope);
        query.and("r.is_spam = 0");
        let sql = format!(
            "SELECT r.entity, r.law, r.right_name, r.activity, r.status, r.received_at, r.closed_at, r.due_on,
                r.owner_id FROM requests r WHERE {} ORDER BY r.received_at, r.id LIMIT {FACTS_LIMIT}",
            query.condition
        );
        let rows = self.conn.all_built(sql, query.values).await?;
        rows.iter().map(counted).collect()
    }

    /// Returns the ids of the requests of a span within the scope that come after one in order of receipt, for
    /// what is read page by page; `after` is the receipt and id of the last one read.
    pub async fn list_ids(
        &mut self,
        span: Span,
        scope: &Scope,
        after: Option<(Timestamp, RequestId)>,
        limit: u32,
    ) -> Result<Vec<(Timestamp, RequestId)>> {
        let mut query = spanned(span, scope);
        if let Some((at, id)) = after {
            let at = query.place(at);
            let id = query.place(id.to_string());
            query.and(&format!("(r.received_at > {at} OR (r.received_at = {at} AND r.id > {id}))"));
        }
        let sql = format!(
            "SELECT r.received_at, r.id FROM requests r WHERE {} ORDER BY r.received_at, r.id LIMIT {}",
            query.condition,
            limit.min(1_000)
        );
        let rows = self.conn.all_built(sql, query.values).await?;
        rows.iter().map(|row| Ok((row.instant("received_at")?, row.parsed("id")?))).collect()
    }

    /// Returns lines of the register of requests that come after one in order of receipt, with what the next page
    /// comes after; none where there are no more. Requests whose log can't be read have no line.
    pub async fn list_register(
        &mut self,
        span: Span,
        scope: &Scope,
        after: Option<(Timestamp, RequestId)>,
    ) -> Result<Option<RegisterPage>> {
        let ids = self.list_ids(span, scope, after, REGISTER_PAGE).await?;
        let Some(last) = ids.last().copied() else { return Ok(None) };
        let mut entries = Vec::with_capacity(ids.len());
        for (_, id) in ids {
            let log = self.lookup_entries(id).await?.unwrap_or_default();
            entries.extend(Entry::of(&log));
        }
        Ok(Some(RegisterPage { entries, last }))
    }

    /// Returns every plan, oldest first.
    pub async fn list_report_plans(&mut self) -> Result<Vec<Plan>> {
        let rows = self.conn.all_built(format!("{PLANS} ORDER BY created_at, id"), Vec::new()).await?;
        rows.iter().map(plan).collect()
    }

    /// Returns the plans whose day has come.
    pub async fn list_due_plans(&mut self, today: Date) -> Result<Vec<Plan>> {
        let sql = format!("{PLANS} WHERE next_on <= $1 ORDER BY next_on, id");
        let rows = self.conn.all_built(sql, args![today]).await?;
        rows.iter().map(plan).collect()
    }
}

impl Tx {
    /// Keeps a plan; the answer is no where there are too many.
    pub async fn add_report_plan(&mut self, new: &NewPlan<'_>) -> Result<bool> {
        let sql = "SELECT COUNT(*) AS count FROM report_plans";
        if self.conn.one(sql, Vec::new()).await?.count("count")? >= u64::from(PLANS_LIMIT) {
            return Ok(false);
        }
        let now = self.now();
        let id = uuid::Builder::from_random_bytes(random(&*self.inner.chance)).into_uuid();
        let recipients: Vec<String> = new.recipients.iter().map(UserId::to_string).collect();
        let recipients = serde_json::Value::from(recipients).to_string();
        let sql =
            "INSERT INTO report_plans (id, report, cadence, recipients, created_by, created_at, next_on)
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let user = new.created_by.to_string();
        let values =
            args![id.to_string(), new.report, new.cadence.as_str(), recipients, user, now, new.next_on];
        self.conn.execute(sql, values).await?;
        Ok(true)
    }

    /// Drops a plan; the answer is no where there is none.
    pub async fn drop_report_plan(&mut self, id: Uuid) -> Result<bool> {
        let sql = "DELETE FROM report_plans WHERE id = $1";
        Ok(self.conn.execute(sql, args![id.to_string()]).await? == 1)
    }

    /// Sets the day a plan is mailed next, in the transaction that queues its mails.
    ///
    /// # Errors
    /// [`Error::Conflict`] where another worker was first, or the plan is gone.
    pub async fn put_off_plan(&mut self, plan: &Plan, next_on: Date) -> Result<()> {
        let sql = "UPDATE report_plans SET next_on = $3 WHERE id = $1 AND next_on = $2";
        match self.conn.execute(sql, args![plan.id.to_string(), plan.next_on, next_on]).await? {
            1 => Ok(()),
            _ => Err(Error::Conflict),
        }
    }
}

fn spanned(span: Span, scope: &Scope) -> Query {
    let mut query = Query::new(scope);
    if let Some(at) = span.received_from {
        query.compare("r.received_at >=", at);
    }
    if let Some(at) = span.received_before {
        query.compare("r.received_at <", at);
    }
    if let Some(at) = span.open_from {
        let at = query.place(at);
        query.and(&format!("(r.closed_at IS NULL OR r.closed_at >= {at})"));
    }
    query
}

fn counted(row: &Row) -> Result<Counted> {
    Ok(Counted {
        entity: row.text("entity")?,
        law: row.text("law")?,
        right: row.text("right_name")?,
        activity: row.text("activity")?,
        status: row.text("status")?,
        received_at: row.instant("received_at")?,
        closed_at: row.opt_instant("closed_at")?,
        due_on: row.opt_parsed("due_on")?,
        owner: row.opt_parsed("owner_id")?,
    })
}

fn plan(row: &Row) -> Result<Plan> {
    let id: Uuid = row.parsed("id")?;
    let broken = || Error::inconsistent("report_plans", &id);
    let recipients: Vec<UserId> = serde_json::from_value(row.json("recipients")?)
        .map_err(|_| Error::inconsistent("report_plans", &id))?;
    Ok(Plan {
        id,
        report: row.text("report")?,
        cadence: Cadence::parse(&row.text("cadence")?).ok_or_else(broken)?,
        recipients,
        created_by: row.parsed("created_by")?,
        next_on: row.parsed("next_on")?,
    })
}

#[cfg(test)]
mod tests;
