//! Walks the events of a request: what starts the clock, what stops it, what is void.
//!
//! Events are taken one by one in order, so that each is judged by what was known on its day: a question
//! asked after the last day can't revive the period, and a notice of extension counts only within it.

use std::collections::VecDeque;

use jiff::civil::Date;

use super::compute::{ClockError, Plan};
use super::count::{self, Stretch};
use super::result::{ClockEvent, Query, Step};
use super::words::{self, day};
use crate::law::{Effect, EventKind, Extension, Length, Pack, Unit, Verified, Wait};

/// What has happened so far.
pub(super) struct Timeline {
    pub(super) start: Date,
    pub(super) steps: Vec<Step>,
    pub(super) warnings: Vec<String>,
    pub(super) answered_on: Option<Date>,
    questions: VecDeque<Question>,
    excluded: Vec<Stretch>,
    extended: Vec<Option<Date>>,
    is_withdrawn: bool,
}

/// A question without its answer.
struct Question {
    asked: EventKind,
    on: Date,
    effect: Effect,
    reflection_days: i64,
    is_void: bool,
    article: String,
    verified: Verified,
}

impl Timeline {
    pub(super) fn new(plan: &Plan<'_>) -> Self {
        let receipt = receipt(plan.pack, plan.received_on, plan.query);
        Self {
            start: plan.received_on,
            steps: vec![receipt],
            warnings: Vec::new(),
            answered_on: None,
            questions: VecDeque::new(),
            excluded: Vec::new(),
            extended: Vec::new(),
            is_withdrawn: false,
        }
    }

    /// Takes the next event.
    ///
    /// `later` is how many events of the same kind are still to come.
    pub(super) fn take(
        &mut self,
        plan: &Plan<'_>,
        on: Date,
        event: &ClockEvent,
        later: usize,
    ) -> Result<(), ClockError> {
        match event.kind {
            EventKind::Answered => self.answered_on = self.answered_on.or(Some(on)),
            EventKind::Withdrawn => self.withdraw(on),
            EventKind::ExtensionNotified => return self.extend(plan, on, event),
            kind => {
                // What came before the request can't stop a clock that wasn't there.
                let on = on.max(plan.received_on);
                for (wait, effect) in &plan.waits {
                    if wait.asked == kind {
                        self.ask(plan, wait, *effect, (on, event.is_unfounded))?;
                    } else if wait.answered == kind {
                        self.answer(wait, *effect, on)?;
                        self.settle_reminders(wait, *effect, on, later)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Decides what becomes of questions still open when all events are taken.
    pub(super) fn settle(&mut self, plan: &Plan<'_>) {
        let Some(open) =
            self.questions.iter().find(|q| !q.is_void && q.effect == Effect::StartsAfterReflection)
        else {
            return;
        };
        let until = count::add_days(open.on, open.reflection_days).unwrap_or(open.on);
        if plan.query.today.is_none_or(|today| today > until) {
            let words = words::not_confirmed(until);
            let step = Step {
                verified: open.verified,
                ..line("withdrawn", &open.article, Some(open.on), Some(until), words)
            };
            self.steps.push(step);
            self.is_withdrawn = true;
        }
    }

    pub(super) fn is_withdrawn(&self) -> bool {
        self.is_withdrawn
    }

    pub(super) fn is_extended(&self) -> bool {
        !self.extended.is_empty()
    }

    pub(super) fn excluded_days(&self) -> i64 {
        count::count_once(&self.excluded, self.start)
    }

    /// Returns what the clock waits for: the question's effect and its day.
    pub(super) fn waiting(&self) -> Option<(Effect, Date)> {
        let open = || self.questions.iter().filter(|question| !question.is_void);
        let starts = |q: &&Question| matches!(q.effect, Effect::StartsClock | Effect::StartsAfterReflection);
        open().find(starts).or_else(|| open().next()).map(|question| (question.effect, question.on))
    }

    /// Returns the last day as things stand, or nothing while the clock waits.
    fn due(&self, plan: &Plan<'_>, extended: &[Option<Date>]) -> Result<Option<Date>, ClockError> {
        if self.waiting().is_some() {
            return Ok(None);
        }
        let date = plan.counter.add(self.start, whole(plan, extended.len()))?;
        let date = count::add_days(date, self.excluded_days())?;
        let told = extended.iter().flatten().max().copied();
        let date = told.map_or(date, |told| told.max(date));
        Ok(Some(plan.counter.roll(date)?))
    }

    fn ask(
        &mut self,
        plan: &Plan<'_>,
        wait: &Wait,
        effect: Effect,
        (on, unfounded): (Date, bool),
    ) -> Result<(), ClockError> {
        let due = self.due(plan, &self.extended)?;
        let void = if effect == Effect::None {
            Some(words::left_open(wait.asked))
        } else if unfounded {
            Some(words::unfounded(wait.asked, wait.condition.as_deref()))
        } else {
            due.filter(|due| on > *due).map(|due| words::asked_late(wait.asked, on, due))
        };
        let days = count::days_between(plan.received_on, on);
        if void.is_none() && wait.prompt_days.is_some_and(|prompt| days > i64::from(prompt)) {
            self.warnings.push(words::not_prompt(wait.asked, days));
        }
        let is_void = void.is_some();
        if let Some(words) = void {
            self.steps
                .push(Step { verified: wait.verified, ..line("void", &wait.article, Some(on), None, words) });
        }
        self.questions.push_back(Question {
            asked: wait.asked,
            on,
            effect,
            reflection_days: wait.reflection_days.map_or(0, i64::from),
            is_void,
            article: wait.article.clone(),
            verified: wait.verified,
        });
        Ok(())
    }

    fn answer(&mut self, wait: &Wait, effect: Effect, on: Date) -> Result<(), ClockError> {
        let place = self.questions.iter().position(|question| question.asked == wait.asked);
        let question = place.and_then(|place| self.questions.remove(place));
        if question.as_ref().is_some_and(|question| question.is_void) {
            return Ok(());
        }
        match (effect, question) {
            (Effect::None, _) => {}
            // That the question was asked need not be on record: the law looks at the answer.
            (Effect::StartsClock, _) => self.start_on(wait, on, words::starts(wait.answered, on)),
            (Effect::StartsAfterReflection, Some(question)) => {
                let until = count::add_days(question.on, question.reflection_days)?;
                if on > until {
                    // Too late: the request stays taken back, as if nobody had answered.
                    self.questions.push_back(question);
                } else {
                    self.start_on(
                        wait,
                        until,
                        words::starts_after_reflection(until, question.reflection_days),
                    );
                }
            }
            (Effect::ExcludesDaysBetween, Some(question)) => self.exclude(wait, question.on, on, 0)?,
            (Effect::ExcludesBothDays, Some(question)) => self.exclude(wait, question.on, on, 1)?,
            (
                Effect::StartsAfterReflection | Effect::ExcludesDaysBetween | Effect::ExcludesBothDays,
                None,
            ) => {
                let words = words::no_question(wait.answered, wait.asked);
                self.steps.push(Step {
                    verified: wait.verified,
                    ..line("void", &wait.article, Some(on), None, words)
                });
            }
        }
        Ok(())
    }

    /// Who was asked twice answers once: a question left without an answer of its own is settled by the last
    /// answer after it.
    fn settle_reminders(
        &mut self,
        wait: &Wait,
        effect: Effect,
        on: Date,
        later: usize,
    ) -> Result<(), ClockError> {
        if effect == Effect::StartsAfterReflection {
            // Each announcement gives its own time to think.
            return Ok(());
        }
        let is_settled = |question: &Question| question.asked == wait.asked && question.on < on;
        while self.questions.iter().filter(|question| is_settled(question)).count() > later {
            let place = self.questions.iter().position(is_settled);
            let Some(question) = place.and_then(|place| self.questions.remove(place)) else { break };
            if question.is_void {
                continue;
            }
            let words = words::reminder(question.asked, question.on);
            self.steps.push(Step {
                verified: wait.verified,
                ..line("note", &wait.article, Some(question.on), None, words)
            });
            match effect {
                Effect::ExcludesDaysBetween => self.exclude(wait, question.on, on, 0)?,
                Effect::ExcludesBothDays => self.exclude(wait, question.on, on, 1)?,
                Effect::None | Effect::StartsClock | Effect::StartsAfterReflection => {}
            }
        }
        Ok(())
    }

    fn start_on(&mut self, wait: &Wait, on: Date, words: String) {
        if on > self.start {
            let step = line("start", &wait.article, Some(self.start), Some(on), words);
            self.steps.push(Step { verified: wait.verified, ..step });
            self.start = on;
        }
    }

    fn exclude(&mut self, wait: &Wait, asked: Date, answered: Date, last: i64) -> Result<(), ClockError> {
        let stretch = Stretch { from: asked, to: count::add_days(answered, last)? };
        let days = count::count_once(&[stretch], self.start);
        let words = words::excluded(asked, answered, days, last == 1);
        let step = line("excluded", &wait.article, Some(asked), Some(answered), words);
        self.steps.push(Step { n: Some(days), verified: wait.verified, ..step });
        self.excluded.push(stretch);
        Ok(())
    }

    fn extend(&mut self, plan: &Plan<'_>, on: Date, event: &ClockEvent) -> Result<(), ClockError> {
        let Some(extension) = plan.extension else {
            let words = words::not_extendable(plan.obligation);
            self.steps.push(Step {
                verified: plan.period.verified,
                ..line("note", &plan.period.article, Some(on), None, words)
            });
            return Ok(());
        };
        let void = self.why_extension_void(plan, extension, on, event)?;
        let step = if let Some(words) = void {
            line("void", &extension.article, Some(on), None, words)
        } else {
            self.extended.push(if extension.length.is_none() { event.until } else { None });
            line("extension", &extension.article, Some(on), None, words::extension_told(on))
        };
        self.steps.push(Step { verified: extension.verified, ..step });
        Ok(())
    }

    fn why_extension_void(
        &self,
        plan: &Plan<'_>,
        extension: &Extension,
        on: Date,
        event: &ClockEvent,
    ) -> Result<Option<String>, ClockError> {
        if self.extended.len() >= usize::from(extension.times_max) {
            return Ok(Some(words::extended_already(extension.times_max)));
        }
        if event.is_unfounded {
            return Ok(Some(words::extension_without_reason()));
        }
        if extension.length.is_none() && event.until.is_none() {
            return Ok(Some(words::extension_without_date()));
        }
        // The notice belongs into the period as it stands without this extension.
        let due = self.due(plan, &self.extended)?;
        Ok(due.filter(|due| on > *due).map(|due| words::extension_late(on, due)))
    }

    fn withdraw(&mut self, on: Date) {
        let words = format!("the request was taken back on {}", day(on));
        self.steps.push(line("withdrawn", "", Some(on), None, words));
        self.is_withdrawn = true;
    }

    /// Counts to the last day and writes down how; gives nothing while the clock waits.
    pub(super) fn explain(&mut self, plan: &Plan<'_>) -> Result<Option<Date>, ClockError> {
        if let Some((effect, since)) = self.waiting() {
            let step =
                line("waiting", &plan.period.article, Some(since), None, words::waiting(effect, since));
            self.steps.push(Step { verified: plan.period.verified, ..step });
            return Ok(None);
        }
        let period = plan.period;
        let article = match (&period.extension, plan.obligation) {
            (Some(extension), crate::law::Obligation::ExtensionNotice) => &extension.article,
            _ => &period.article,
        };
        let mut date = plan.counter.add(self.start, period.length)?;
        let words = words::period(period.length, self.start, date);
        let step = line("period", article, Some(self.start), Some(date), words);
        // A business day is no surer than the rule that says which days are.
        let verified = match (period.length.unit, plan.counter.business_days) {
            (Unit::BusinessDay, Some(days)) if days.verified == Verified::Recalled => Verified::Recalled,
            _ => period.verified,
        };
        self.steps.push(Step { n: Some(i64::from(period.length.n)), verified, ..step });
        date = self.explain_extension(plan, date)?;
        let excluded = self.excluded_days();
        if excluded > 0 {
            let later = count::add_days(date, excluded)?;
            let step = line(
                "excluded_in_all",
                article,
                Some(date),
                Some(later),
                words::excluded_in_all(excluded, later),
            );
            self.steps.push(Step { n: Some(excluded), verified: period.verified, ..step });
            date = later;
        }
        if let Some(told) = self.extended.iter().flatten().max().copied().filter(|told| *told > date) {
            let step = line("extension", article, Some(date), Some(told), words::date_told(told));
            self.steps.push(Step { verified: period.verified, ..step });
            date = told;
        }
        self.explain_roll(plan, date).map(Some)
    }

    fn explain_extension(&mut self, plan: &Plan<'_>, date: Date) -> Result<Date, ClockError> {
        let (Some(extension), true) = (plan.extension, self.is_extended()) else { return Ok(date) };
        if extension.length.is_none() {
            return Ok(date);
        }
        let length = whole(plan, self.extended.len());
        let later = plan.counter.add(self.start, length)?;
        let step = line(
            "extension",
            &extension.article,
            Some(date),
            Some(later),
            words::extended(length, self.start, later),
        );
        self.steps.push(Step { n: Some(i64::from(length.n)), verified: extension.verified, ..step });
        Ok(later)
    }

    fn explain_roll(&mut self, plan: &Plan<'_>, date: Date) -> Result<Date, ClockError> {
        let rolled = plan.counter.roll(date)?;
        if let (Some(why), Some(rolling)) = (plan.counter.why_rolled(date)?, plan.counter.rolling) {
            let words = words::rolled(date, rolled, &why);
            let step = line("roll", &rolling.article, Some(date), Some(rolled), words);
            self.steps.push(Step { verified: rolling.verified, ..step });
        }
        Ok(rolled)
    }
}

/// Returns the first line of an explanation.
pub(super) fn receipt(pack: &Pack, received_on: Date, query: &Query) -> Step {
    let start = pack.clock_start(received_on);
    let article = start.map_or("", |start| &start.article);
    Step {
        verified: start.map_or(Verified::Recalled, |start| start.verified),
        ..line("receipt", article, None, Some(received_on), words::received(received_on, query))
    }
}

/// Returns the period with its extensions, all measured from the start of the clock.
fn whole(plan: &Plan<'_>, times: usize) -> Length {
    let added = plan.extension.and_then(|extension| extension.length).map_or(0, |length| length.n);
    let times = u16::try_from(times).unwrap_or(u16::MAX);
    let n = plan.period.length.n.saturating_add(added.saturating_mul(times));
    Length { n, unit: plan.period.length.unit }
}

fn line(rule: &str, article: &str, from: Option<Date>, to: Option<Date>, words: String) -> Step {
    Step {
        rule: rule.to_owned(),
        article: article.to_owned(),
        date: to.or(from),
        from,
        to,
        n: None,
        words,
        verified: Verified::Seen,
    }
}
