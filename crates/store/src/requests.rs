//! The derived rows: lists, search and counts.
//!
//! A row is written by an append and by nothing else. Everything web asks for passes a [`Scope`]: what
//! the actor may see; what is outside it does not exist for them.

mod query;

use jiff::Timestamp;
use jiff::civil::Date;

use habeas_core::id::{Reference, RequestId, UserId};
use habeas_core::pii::Pii;
use habeas_core::request::{IndexTerm, Readers, RequestRow, SubjectCard};

use crate::db::{Arg, Row, args};
use crate::error::{Error, Result};
use crate::keys::RequestKeys;
use crate::store::{Read, Tx};

pub(crate) use query::Query;

/// What an actor may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Every request: jobs, and staff who are not limited.
    Everything,
    /// What a member of staff may see.
    Staff(Sight),
    /// One request: the person who made it.
    Request(RequestId),
}

/// What a member of staff may see. The action that shows requests at all is the guard's to check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// Who looks.
    pub user: UserId,
    /// The entities whose requests they see; none for all.
    pub entities: Option<Vec<String>>,
    /// The activities whose requests they see; none for all.
    pub activities: Option<Vec<String>>,
    /// Whether they see requests of few readers without being one of them.
    pub sees_narrowed: bool,
}

/// Which requests a list shows; the default shows all.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// States by name; empty for any.
    pub statuses: Vec<String>,
    /// The law's id.
    pub law: Option<String>,
    /// The right exercised.
    pub right: Option<String>,
    /// The activity's name.
    pub activity: Option<String>,
    /// The entity's name.
    pub entity: Option<String>,
    /// What it waits for, such as `subject`.
    pub waits_on: Option<String>,
    /// Whether something endangers the date: a person must look, a source fails, a task is late.
    pub is_at_risk: Option<bool>,
    /// The case owner.
    pub owner: Option<Owner>,
    /// Whether a person must look.
    pub needs_attention: Option<bool>,
    /// Whether it is set aside as spam.
    pub is_spam: Option<bool>,
    /// Whether nothing more is to be done.
    pub is_closed: Option<bool>,
    /// A legal date on this one or later.
    pub due_from: Option<Date>,
    /// A legal date before this one.
    pub due_before: Option<Date>,
    /// Received at or after this instant.
    pub received_from: Option<Timestamp>,
    /// Received before this instant.
    pub received_before: Option<Timestamp>,
    /// Closed at or after this instant.
    pub closed_from: Option<Timestamp>,
    /// Closed before this instant.
    pub closed_before: Option<Timestamp>,
    /// A person or a reference, matched exactly.
    pub search: Option<Search>,
}

/// Whose cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// Nobody's.
    Nobody,
    /// One member of staff's.
    User(UserId),
}

/// What people are looked for by.
#[derive(Debug, Clone)]
pub enum Search {
    /// A normalised e-mail address or telephone number.
    Term(IndexTerm),
    /// A request's reference.
    Reference(Reference),
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// By legal date, requests without one last.
    #[default]
    Due,
    /// By receipt.
    Received,
    /// By reference.
    Reference,
    /// By state.
    Status,
    /// By what was asked for.
    Activity,
}

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    /// The order.
    pub sort: Sort,
    /// Whether the last comes first.
    pub is_descending: bool,
    /// How many to leave out.
    pub offset: u32,
    /// How many to give, at most [`PAGE_LIMIT`].
    pub limit: u32,
}

impl Default for Paging {
    fn default() -> Self {
        Self { sort: Sort::Due, is_descending: false, offset: 0, limit: 25 }
    }
}

/// No page is longer than this.
pub const PAGE_LIMIT: u32 = 100;

/// No file holds more requests.
pub const EXPORT_LIMIT: u32 = 50_000;

/// A part of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The rows; `index` is empty, as terms can't be read back.
    pub rows: Vec<RequestRow>,
    /// How many there are in all.
    pub total: u64,
}

/// What endangers an open request's date: a person must look, a source can't be searched, or a task is late.
const AT_RISK: &str = "(CASE WHEN r.is_closed = 0 AND (r.needs_attention = 1 OR r.waits_on = 'source'
    OR EXISTS (SELECT 1 FROM open_tasks o WHERE o.request_id = r.id
        AND (o.is_overdue = 1 OR o.state = 'failed'))) THEN 1 ELSE 0 END)";

/// The figures of the day's page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Counts {
    /// Not closed.
    pub open: u64,
    /// Open with a legal date before today.
    pub overdue: u64,
    /// Open with a legal date from today to seven days ahead.
    pub due_soon: u64,
    /// Open and nobody's.
    pub unassigned: u64,
    /// Waiting for a person to look.
    pub needs_attention: u64,
    /// Open with something that endangers the date: a person must look, a source fails, a task is late.
    pub at_risk: u64,
    /// Open and waiting for the person who asked.
    pub on_subject: u64,
    /// Open and waiting for a data source.
    pub on_source: u64,
    /// How many in each state, closed ones included, by the state's name.
    pub by_status: Vec<(String, u64)>,
}

impl Tx {
    /// Overwrites the derived row and what the person is searched by.
    pub(crate) async fn put_row(&mut self, row: &RequestRow, keys: Option<&RequestKeys>) -> Result<()> {
        let card = match (&row.subject, keys) {
            (None, _) => None,
            (Some(_), None) => return Err(Error::Sealed("the key is destroyed")),
            (Some(card), Some(keys)) => {
                let text = serde_json::to_string(card.reveal()).map_err(|_| Error::Sealed("card"))?;
                Some(keys.seal(&card_place(row.id), text.as_bytes(), &*self.inner.chance))
            }
        };
        let sql = "INSERT INTO requests (id, entity, reference, activity, right_name, law, status, stage,
                received_at, due_on, owner_id, waits_on, is_verified, is_closed, needs_attention,
                closed_at, seq, is_spam, readers, card)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
            ON CONFLICT (id) DO UPDATE SET entity = excluded.entity, activity = excluded.activity,
                right_name = excluded.right_name, law = excluded.law, status = excluded.status,
                stage = excluded.stage, received_at = excluded.received_at, due_on = excluded.due_on,
                owner_id = excluded.owner_id, waits_on = excluded.waits_on,
                is_verified = excluded.is_verified, is_closed = excluded.is_closed,
                needs_attention = excluded.needs_attention, closed_at = excluded.closed_at,
                seq = excluded.seq, is_spam = excluded.is_spam, readers = excluded.readers, card = excluded.card";
        let mut values = clear_values(row);
        values.push(card.into());
        self.conn.execute(sql, values).await?;
        let id = row.id.to_string();
        self.conn.execute("DELETE FROM request_terms WHERE request_id = $1", args![id.as_str()]).await?;
        // Terms die with the key: they would tell who asked.
        for term in row.index.iter().filter(|_| keys.is_some()) {
            let sql = "INSERT INTO request_terms (request_id, kind, fingerprint) VALUES ($1, $2, $3)
                ON CONFLICT DO NOTHING";
            let fingerprint = self.term_fingerprint(term);
            self.conn.execute(sql, args![id.as_str(), term.kind.as_str(), fingerprint]).await?;
        }
        self.put_open_tasks(row).await
    }
}

/// Returns the columns of a row that are kept in clear, in the order of the table.
pub(crate) fn clear_values(row: &RequestRow) -> Vec<Arg> {
    args![
        row.id.to_string(),
        row.entity.as_str(),
        row.reference.as_str(),
        row.activity.as_str(),
        row.right.as_str(),
        row.law.as_str(),
        row.status.as_str(),
        row.stage.clone(),
        row.received_at,
        row.due_on,
        row.owner.map(|owner| owner.to_string()),
        row.waits_on.as_str(),
        row.is_verified,
        row.is_closed,
        row.needs_attention,
        row.closed_at,
        row.seq,
        row.is_spam,
        row.readers.to_text(),
    ]
}

const SELECT: &str = "SELECT r.id, r.entity, r.reference, r.activity, r.right_name, r.law, r.status, r.stage,
    r.received_at, r.due_on, r.owner_id, r.waits_on, r.is_verified, r.is_closed, r.needs_attention,
    r.closed_at, r.seq, r.is_spam, r.readers, r.card, k.wrapped FROM requests r JOIN keys k ON k.request_id = r.id";

impl Read {
    /// Returns the row of a request within the scope.
    pub async fn lookup_row(&mut self, id: RequestId, scope: &Scope) -> Result<Option<RequestRow>> {
        let mut query = Query::new(scope);
        query.equal("r.id", id.to_string());
        let rows = self.rows(query, "").await?;
        Ok(rows.into_iter().next())
    }

    /// Returns a part of the requests within the scope that pass the filter.
    pub async fn list(&mut self, filter: &Filter, paging: Paging, scope: &Scope) -> Result<Page> {
        let total = self.count(filter, scope).await?;
        let query = self.filtered(filter, scope);
        let limit = paging.limit.min(PAGE_LIMIT);
        let tail = format!(" ORDER BY {} LIMIT {limit} OFFSET {}", order(paging), paging.offset);
        Ok(Page { rows: self.rows(query, &tail).await?, total })
    }

    /// Returns how many requests within the scope pass the filter.
    pub async fn count(&mut self, filter: &Filter, scope: &Scope) -> Result<u64> {
        let query = self.filtered(filter, scope);
        let sql = format!("SELECT COUNT(*) AS total FROM requests r WHERE {}", query.condition);
        let total = self.conn.all_built(sql, query.values).await?;
        total.first().map_or(Ok(0), |row| row.count("total"))
    }

    /// Returns every request within the scope that passes the filter, for a file, up to
    /// [`EXPORT_LIMIT`].
    pub async fn export(
        &mut self,
        filter: &Filter,
        paging: Paging,
        scope: &Scope,
    ) -> Result<Vec<RequestRow>> {
        let query = self.filtered(filter, scope);
        let tail = format!(" ORDER BY {} LIMIT {EXPORT_LIMIT}", order(paging));
        self.rows(query, &tail).await
    }

    /// Returns the figures of the day's page within the scope.
    pub async fn counts(&mut self, today: Date, scope: &Scope) -> Result<Counts> {
        let week = today.saturating_add(jiff::Span::new().days(8));
        let query = Query::new(scope);
        let next = query.values.len() + 1;
        let (soon, later) = (format!("${next}"), format!("${}", next + 1));
        let sql = format!(
            "SELECT r.status, COUNT(*) AS count,
                CAST(SUM(1 - r.is_closed) AS BIGINT) AS open,
                CAST(SUM(CASE WHEN r.is_closed = 0 AND r.due_on < {soon} THEN 1 ELSE 0 END) AS BIGINT)
                    AS overdue,
                CAST(SUM(CASE WHEN r.is_closed = 0 AND r.due_on >= {soon} AND r.due_on < {later}
                    THEN 1 ELSE 0 END) AS BIGINT) AS due_soon,
                CAST(SUM(CASE WHEN r.is_closed = 0 AND r.owner_id IS NULL THEN 1 ELSE 0 END) AS BIGINT)
                    AS unassigned,
                CAST(SUM(r.needs_attention) AS BIGINT) AS needs_attention,
                CAST(SUM({AT_RISK}) AS BIGINT) AS at_risk,
                CAST(SUM(CASE WHEN r.is_closed = 0 AND r.waits_on = 'subject' THEN 1 ELSE 0 END) AS BIGINT)
                    AS on_subject,
                CAST(SUM(CASE WHEN r.is_closed = 0 AND r.waits_on = 'source' THEN 1 ELSE 0 END) AS BIGINT)
                    AS on_source
            FROM requests r WHERE r.is_spam = 0 AND {} GROUP BY r.status ORDER BY r.status",
            query.condition
        );
        let mut values = query.values;
        values.extend(args![today, week]);
        let mut counts = Counts::default();
        for row in self.conn.all_built(sql, values).await? {
            counts.open += row.count("open")?;
            counts.overdue += row.count("overdue")?;
            counts.due_soon += row.count("due_soon")?;
            counts.unassigned += row.count("unassigned")?;
            counts.needs_attention += row.count("needs_attention")?;
            counts.at_risk += row.count("at_risk")?;
            counts.on_subject += row.count("on_subject")?;
            counts.on_source += row.count("on_source")?;
            counts.by_status.push((row.text("status")?, row.count("count")?));
        }
        Ok(counts)
    }

    async fn rows(&mut self, query: Query, tail: &str) -> Result<Vec<RequestRow>> {
        let sql = format!("{SELECT} WHERE {}{tail}", query.condition);
        let rows = self.conn.all_built(sql, query.values).await?;
        rows.iter().map(|row| self.open_row(row)).collect()
    }

    fn open_row(&self, row: &Row) -> Result<RequestRow> {
        let id: RequestId = row.parsed("id")?;
        let card = match (row.opt_bytes("card")?, row.opt_bytes("wrapped")?) {
            (Some(card), Some(wrapped)) => {
                let keys = self.inner.root.request_keys(id.as_bytes(), &wrapped)?;
                let text = keys.open(&card_place(id), &card)?;
                let card: SubjectCard =
                    serde_json::from_slice(&text).map_err(|_| Error::inconsistent("requests", &id))?;
                Some(Pii::new(card))
            }
            _ => None,
        };
        let readers = match row.opt_text("readers")? {
            Some(text) => Readers::from_text(&text).ok_or_else(|| Error::inconsistent("requests", &id))?,
            None => Readers::Everybody,
        };
        Ok(RequestRow {
            id,
            readers,
            entity: row.text("entity")?,
            reference: row.parsed("reference")?,
            activity: row.text("activity")?,
            right: row.text("right_name")?,
            law: row.text("law")?,
            status: row.text("status")?,
            stage: row.opt_text("stage")?,
            received_at: row.instant("received_at")?,
            due_on: row.opt_parsed("due_on")?,
            owner: row.opt_parsed("owner_id")?,
            waits_on: row.text("waits_on")?,
            is_verified: row.is("is_verified")?,
            is_spam: row.is("is_spam")?,
            is_closed: row.is("is_closed")?,
            needs_attention: row.is("needs_attention")?,
            closed_at: row.opt_instant("closed_at")?,
            seq: row.count("seq")?,
            subject: card,
            index: Vec::new(),
            tasks: Vec::new(),
        })
    }

    fn filtered(&self, filter: &Filter, scope: &Scope) -> Query {
        let mut query = Query::new(scope);
        if !filter.statuses.is_empty() {
            query.any_of("r.status", &filter.statuses);
        }
        for (column, value) in [
            ("r.law", &filter.law),
            ("r.right_name", &filter.right),
            ("r.activity", &filter.activity),
            ("r.entity", &filter.entity),
            ("r.waits_on", &filter.waits_on),
        ] {
            if let Some(value) = value {
                query.equal(column, value.as_str());
            }
        }
        match filter.owner {
            Some(Owner::Nobody) => query.and("r.owner_id IS NULL"),
            Some(Owner::User(id)) => query.equal("r.owner_id", id.to_string()),
            None => {}
        }
        if let Some(is) = filter.needs_attention {
            query.equal("r.needs_attention", is);
        }
        if let Some(is) = filter.is_spam {
            query.equal("r.is_spam", is);
        }
        if let Some(is) = filter.is_closed {
            query.equal("r.is_closed", is);
        }
        if let Some(is) = filter.is_at_risk {
            query.compare(&format!("{AT_RISK} ="), is);
        }
        if let Some(date) = filter.due_from {
            query.compare("r.due_on >=", date);
        }
        if let Some(date) = filter.due_before {
            query.compare("r.due_on <", date);
        }
        for (left, at) in [
            ("r.received_at >=", filter.received_from),
            ("r.received_at <", filter.received_before),
            ("r.closed_at >=", filter.closed_from),
            ("r.closed_at <", filter.closed_before),
        ] {
            if let Some(at) = at {
                query.compare(left, at);
            }
        }
        match &filter.search {
            Some(Search::Reference(reference)) => query.equal("r.reference", reference.as_str()),
            Some(Search::Term(term)) => {
                query.and("EXISTS (SELECT 1 FROM request_terms t WHERE t.request_id = r.id");
                query.equal("t.kind", term.kind.as_str());
                query.equal("t.fingerprint", self.term_fingerprint(term));
                query.condition.push(')');
            }
            None => {}
        }
        query
    }

    pub(crate) fn term_fingerprint(&self, term: &IndexTerm) -> Vec<u8> {
        self.inner.root.fingerprint(term.kind.as_str(), term.value.reveal().as_bytes())
    }
}

fn order(paging: Paging) -> String {
    let direction = if paging.is_descending { "DESC" } else { "ASC" };
    let order = match paging.sort {
        // A request without a date comes last either way: NULL sorts differently in the databases.
        Sort::Due => format!("(CASE WHEN r.due_on IS NULL THEN 1 ELSE 0 END), r.due_on {direction}"),
        Sort::Received => format!("r.received_at {direction}"),
        Sort::Reference => format!("r.reference {direction}"),
        Sort::Status => format!("r.status {direction}, r.received_at {direction}"),
        Sort::Activity => format!("r.activity {direction}"),
    };
    format!("{order}, r.id {direction}")
}

fn card_place(id: RequestId) -> String {
    format!("card {id}")
}

#[cfg(test)]
mod tests;
