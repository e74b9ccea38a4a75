//! Reports mailed on set days: a link each, no figures. What is shown follows the rights of who opens it.

use habeas_core::access::{self, Action};
use habeas_core::digest;
use habeas_core::report::{Period, Report};
use habeas_render::mail::{Letter, ReportReady};
use habeas_render::text::Day;
use habeas_store::jobs::Claimed;
use habeas_store::reports::{Cadence, Plan};
use habeas_store::users::User;
use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::error::Error;
use crate::mailer::Content;
use crate::{Engine, Inner};

/// Mails the reports whose day has come.
pub(crate) const MAIL_REPORTS: &str = "mail_reports";

impl Engine {
    pub(crate) async fn mail_reports(&self, job: &Claimed) -> Result<(), Error> {
        let now = self.inner.clock.now();
        let host = self.inner.catalog.entities().next().filter(|host| digest::is_open(now, &host.zone));
        let mut mails = Vec::new();
        let mut put_off = Vec::new();
        if let Some(host) = host {
            let today = now.to_zoned(host.zone.clone()).date();
            let mut read = self.inner.store.read().await?;
            let users = read.list_users().await?;
            for plan in read.list_due_plans(today).await? {
                for user in users.iter().filter(|user| plan.recipients.contains(&user.id)) {
                    mails.extend(self.inner.report_mail(&plan, user)?);
                }
                let next_on = next_day(plan.cadence, plan.next_on, today);
                put_off.push((plan, next_on));
            }
        }
        let mut tx = self.inner.store.begin().await?;
        for (key, content) in &mails {
            self.queue(&mut tx, None, "staff_report", key, content).await?;
        }
        for (plan, next_on) in &put_off {
            tx.put_off_plan(plan, *next_on).await?;
        }
        tx.reschedule(job, self.inner.next_look(now)).await?;
        Ok(tx.commit().await?)
    }
}

impl Inner {
    /// Writes the mail of a plan to one of its readers; none to whoever may see reports no more.
    fn report_mail(&self, plan: &Plan, user: &User) -> Result<Option<(String, Content)>, Error> {
        let may_see = access::may(&self.catalog.roles_of(&user.roles), Action::SeeReports);
        let (Some(report), Some(entity)) = (Report::lookup(&plan.report), self.home(user)) else {
            return Ok(None);
        };
        if user.is_disabled || !may_see {
            return Ok(None);
        }
        let period = period(plan.cadence, plan.next_on);
        let letter = Letter::ReportReady(ReportReady {
            name: user.profile.name.clone(),
            title: report.title().to_owned(),
            from: Day(period.from),
            to: Day(period.to),
            path: report.path(&period),
        });
        let mail = letter.render(&self.house_of(entity)).map_err(|error| Error::Mail(error.to_string()))?;
        let to = user.profile.email.clone();
        let content = Content { to, subject: mail.subject, text: mail.text, html: mail.html };
        Ok(Some((format!("report.{}.{}.{}", plan.id, plan.next_on, user.id), content)))
    }
}

/// Returns what a report covers that is mailed on a day.
fn period(cadence: Cadence, on: Date) -> Period {
    match cadence {
        Cadence::Weekly => Period::last_week(on),
        Cadence::Monthly => Period::last_month(on),
    }
}

/// Returns the first of the set days that is after today: what was missed is mailed once.
fn next_day(cadence: Cadence, mut on: Date, today: Date) -> Date {
    while on <= today {
        let next = match cadence {
            Cadence::Weekly => on.saturating_add(7.days()),
            Cadence::Monthly => on.saturating_add(1.month()),
        };
        if next <= on {
            return next;
        }
        on = next;
    }
    on
}
