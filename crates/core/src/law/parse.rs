//! Makes a [`Pack`] from TOML, or says everything that is wrong with it.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::pack::Pack;
use super::reader::{Problem, Problems, Reader};
use super::rule::{
    Closed, DayOff, DaysOff, Effect, Extension, Ground, Length, Period, Provision, Remedy, RightRule, Told,
    Undated, Unit, Versions, Wait,
};
use super::word::{EventKind, Obligation, Right, Status, Verified};

/// The duties whose date a question to the person moves, unless the pack says otherwise.
const MOVED: [Obligation; 3] = [Obligation::Response, Obligation::RefusalNotice, Obligation::ExtensionNotice];

/// The questions to a person, each with its answer.
const QUESTIONS: [(EventKind, EventKind); 5] = [
    (EventKind::IdentityRequested, EventKind::IdentityReceived),
    (EventKind::FeeRequested, EventKind::FeePaid),
    (EventKind::FeeAnnounced, EventKind::FeeConfirmed),
    (EventKind::ClarificationRequested, EventKind::ClarificationReceived),
    (EventKind::QuestionAboutFormat, EventKind::AnswerAboutFormat),
];

impl Pack {
    /// Parses and checks a pack.
    ///
    /// # Errors
    /// Everything that is wrong with the text, each problem with its path.
    ///
    /// # Examples
    /// ```
    /// use habeas_core::law::{builtin, Pack, Right};
    ///
    /// let (_, text) = builtin().iter().find(|(id, _)| *id == "eu-gdpr").unwrap();
    /// let pack = Pack::parse(text).unwrap();
    /// assert_eq!(pack.right(Right::Access).unwrap().article, "Art. 15");
    ///
    /// let problems = Pack::parse("id = \"x\"\nverison = 1").unwrap_err();
    /// assert!(problems.iter().any(|problem| problem.to_string() == "verison: unknown key, did you mean `version`?"));
    /// ```
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let problems = Problems::default();
        let table = problems.parse(text);
        if table.is_empty() {
            problems.note("", "there is nothing in it");
            return problems.settle(None);
        }
        let pack = read(&Reader::new(&table, "", &problems));
        if let Some(pack) = &pack {
            check(pack, &problems);
            check_sense(pack, &problems);
        }
        problems.settle(pack)
    }
}

fn read(reader: &Reader<'_>) -> Option<Pack> {
    let verified = required(reader, "verified", reader.word("verified"));
    let mark = verified.unwrap_or(Verified::Recalled);
    let provision = |key: &'static str| reader.table(key).map(|inner| provision(&inner, key, mark));
    let clock_start: Vec<Provision> = reader
        .tables("clock_start")
        .iter()
        .map(|inner| self::provision(inner, "clock_start", mark))
        .collect();
    if clock_start.is_empty() {
        reader.note("clock_start", "must say when the clock starts");
    }
    let version = required(reader, "version", reader.number("version", 1, 1_000_000));
    let dated = required(reader, "dated", reader.date("dated"));
    let status = required(reader, "status", reader.word::<Status>("status"));
    let all = |key, read: fn(&Reader<'_>, Verified) -> _| {
        reader.tables(key).iter().map(|r| read(r, mark)).collect()
    };
    let pack = Pack {
        id: id(reader, "id"),
        name: reader.text("name"),
        region: reader.text("region"),
        version: version.and_then(|version| u32::try_from(version).ok()).unwrap_or_default(),
        dated: dated.unwrap_or_default(),
        status: status.unwrap_or(Status::Future),
        verified: mark,
        effective_from: reader.date("effective_from"),
        requests_from: reader.date("requests_from"),
        zone: reader.text_opt("zone"),
        calendar: reader.text_opt("calendar"),
        sources: reader.texts("sources"),
        clock_start,
        counting: provision("counting"),
        rights: all("rights", right_rule),
        periods: reader.tables("periods").iter().filter_map(|r| period(r, mark)).collect(),
        undated: reader.tables("undated").iter().map(|r| undated(r, mark)).collect(),
        waits: reader.tables("waits").iter().filter_map(|r| wait(r, mark)).collect(),
        rolling: reader.table("rolling").map(|inner| days_off(&inner, mark)),
        business_days: reader.table("business_days").map(|inner| days_off(&inner, mark)),
        fees: provision("fees"),
        refusal_grounds: reader.tables("refusal_grounds").iter().map(|r| ground(r, mark)).collect(),
        refusal_must_tell: reader.tables("refusal_must_tell").iter().map(told).collect(),
        remedies: reader.tables("remedies").iter().map(|r| remedy(r, mark)).collect(),
        records: provision("records"),
        agents: provision("agents"),
        minors: provision("minors"),
        identity: provision("identity"),
        notes: reader
            .named("notes")
            .iter()
            .map(|(topic, inner)| self::provision(inner, topic, mark))
            .collect(),
    };
    (version.is_some() && dated.is_some() && status.is_some()).then_some(pack)
}

fn right_rule(reader: &Reader<'_>, mark: Verified) -> RightRule {
    let right = required(reader, "right", reader.word("right"));
    RightRule {
        right: right.unwrap_or(Right::Other),
        article: reader.text("article"),
        words: reader.text_opt("words"),
        obligation: reader.word("obligation").unwrap_or(Obligation::Response),
        verified: reader.word("verified").unwrap_or(mark),
        versions: versions(reader),
    }
}

fn period(reader: &Reader<'_>, mark: Verified) -> Option<Period> {
    let obligations = reader.words::<Obligation>("for");
    if obligations.is_empty() {
        reader.note("for", "must name at least one obligation");
    }
    let n = required(reader, "n", reader.number("n", 1, 3660));
    let unit = required(reader, "unit", reader.word::<Unit>("unit"));
    let verified = reader.word("verified").unwrap_or(mark);
    let read = (
        reader.words("rights"),
        reader.text("article"),
        reader.text_opt("words"),
        versions(reader),
        reader.flag("rolls").unwrap_or(true),
        reader.text_opt("deemed_refused"),
        reader.table("extension").map(|inner| extension(&inner, verified)),
    );
    let (rights, article, words, versions, rolls, deemed_refused, extension) = read;
    let length = length(n, unit)?;
    let other_unit = extension.as_ref().and_then(|ext| ext.length).filter(|ext| ext.unit != length.unit);
    if other_unit.is_some() {
        reader
            .note("extension.unit", "must be the unit of the period, since both are counted from the start");
    }
    Some(Period {
        obligations,
        rights,
        length,
        article,
        words,
        verified,
        versions,
        rolls,
        deemed_refused,
        extension,
    })
}

fn undated(reader: &Reader<'_>, mark: Verified) -> Undated {
    let obligations = reader.words::<Obligation>("for");
    if obligations.is_empty() {
        reader.note("for", "must name at least one obligation");
    }
    Undated {
        obligations,
        rights: reader.words("rights"),
        words: reader.text("words"),
        article: reader.text("article"),
        verified: reader.word("verified").unwrap_or(mark),
        versions: versions(reader),
    }
}

fn extension(reader: &Reader<'_>, mark: Verified) -> Extension {
    let unit = reader.word::<Unit>("unit");
    let n = reader.number("n", 1, 3660);
    if n.is_some() != unit.is_some() {
        reader.note("n", "n and unit stand together, or neither where the law leaves the date to the notice");
    }
    Extension {
        length: length(n, unit),
        times_max: reader.number("times_max", 1, 12).and_then(|n| u16::try_from(n).ok()).unwrap_or(1),
        needs_reason: reader.flag("needs_reason").unwrap_or(true),
        article: reader.text("article"),
        conditions: reader.texts("conditions"),
        verified: reader.word("verified").unwrap_or(mark),
    }
}

fn wait(reader: &Reader<'_>, mark: Verified) -> Option<Wait> {
    let asked = required(reader, "asked", reader.word::<EventKind>("asked"));
    let answered = required(reader, "answered", reader.word::<EventKind>("answered"));
    let usual = required(reader, "usual", reader.word::<Effect>("usual"));
    let strict = required(reader, "strict", reader.word::<Effect>("strict"));
    let days = |key| reader.number(key, 1, 365).and_then(|n| u16::try_from(n).ok());
    let reflection_days = days("reflection_days");
    let obligations = reader.words("for");
    let wait = Wait {
        id: id(reader, "id"),
        asked: asked?,
        answered: answered?,
        usual: usual?,
        strict: strict?,
        reflection_days,
        rights: reader.words("rights"),
        obligations: if obligations.is_empty() { MOVED.to_vec() } else { obligations },
        condition: reader.text_opt("condition"),
        prompt_days: days("prompt_days"),
        article: reader.text("article"),
        verified: reader.word("verified").unwrap_or(mark),
        versions: versions(reader),
    };
    let reflects = [wait.usual, wait.strict].contains(&Effect::StartsAfterReflection);
    if reflects != reflection_days.is_some() {
        reader.note("reflection_days", "stands with `starts_after_reflection`, and only with it");
    }
    Some(wait)
}

fn days_off(reader: &Reader<'_>, mark: Verified) -> DaysOff {
    let usual = reader.words::<DayOff>("usual");
    let strict = if reader.has("strict") { reader.words("strict") } else { usual.clone() };
    if strict.iter().any(|day| !usual.contains(day)) {
        // More days off would mean a later date, and strict is never later than usual.
        reader.note("strict", "may only name days that `usual` names");
    }
    DaysOff {
        article: reader.text("article"),
        words: reader.text_opt("words"),
        verified: reader.word("verified").unwrap_or(mark),
        usual,
        strict,
        closed: reader.tables("closed").iter().filter_map(closed).collect(),
    }
}

fn closed(reader: &Reader<'_>) -> Option<Closed> {
    let day = |key: &'static str| {
        let text = reader.text(key);
        let read =
            text.split_once('-').and_then(|(month, day)| Some((month.parse().ok()?, day.parse().ok()?)));
        let real = read.filter(|(month, day)| Date::new(2024, *month, *day).is_ok());
        if real.is_none() {
            reader.note(key, "must be month and day, such as 12-25");
        }
        real
    };
    let (from, until) = (day("from"), day("until"));
    Some(Closed { from: from?, until: until? })
}

fn ground(reader: &Reader<'_>, mark: Verified) -> Ground {
    Ground {
        id: id(reader, "id"),
        article: reader.text("article"),
        words: reader.text("words"),
        rights: reader.words("rights"),
        must_tell: reader.texts("must_tell"),
        verified: reader.word("verified").unwrap_or(mark),
        versions: versions(reader),
    }
}

fn told(reader: &Reader<'_>) -> Told {
    Told {
        id: id(reader, "id"),
        words: reader.text("words"),
        article: reader.text("article"),
        versions: versions(reader),
    }
}

fn remedy(reader: &Reader<'_>, mark: Verified) -> Remedy {
    let kind = reader.text("kind");
    if !["controller", "appeal", "authority", "court"].contains(&kind.as_str()) {
        reader.note("kind", "must be controller, appeal, authority or court");
    }
    let site = reader.text_opt("site");
    if site.as_ref().is_some_and(|site| !site.starts_with("https://")) {
        reader.note("site", "must start with https://");
    }
    Remedy {
        kind,
        name: reader.text("name"),
        region: reader.text_opt("region"),
        article: reader.text("article"),
        words: reader.text_opt("words"),
        site,
        phone: reader.text_opt("phone"),
        email: reader.text_opt("email"),
        verified: reader.word("verified").unwrap_or(mark),
        versions: versions(reader),
    }
}

fn provision(reader: &Reader<'_>, topic: &str, mark: Verified) -> Provision {
    Provision {
        topic: topic.to_owned(),
        article: reader.text("article"),
        words: reader.text("words"),
        items: reader.texts("items"),
        verified: reader.word("verified").unwrap_or(mark),
        versions: versions(reader),
    }
}

fn versions(reader: &Reader<'_>) -> Versions {
    let versions = Versions { from: reader.date("from"), before: reader.date("before") };
    if let (Some(from), Some(before)) = (versions.from, versions.before)
        && before <= from
    {
        reader.note("before", "must be later than `from`");
    }
    versions
}

fn length(n: Option<i64>, unit: Option<Unit>) -> Option<Length> {
    Some(Length { n: u16::try_from(n?).ok()?, unit: unit? })
}

fn id(reader: &Reader<'_>, key: &'static str) -> String {
    let id = reader.text(key);
    let is_plain = id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'));
    if !is_plain || id.len() > 60 {
        reader.note(key, "must be at most 60 lower-case letters, digits, hyphens and underscores");
    }
    id
}

fn required<T>(reader: &Reader<'_>, key: &'static str, value: Option<T>) -> Option<T> {
    if value.is_none() && !reader.has(key) {
        reader.note(key, "is missing");
    }
    value
}

/// Notes what only the whole pack can show.
fn check(pack: &Pack, problems: &Problems) {
    let counts_business_days = pack.periods.iter().any(|period| period.length.unit == Unit::BusinessDay);
    if counts_business_days && pack.business_days.is_none() {
        problems.note("business_days", "is missing, but a period counts business days");
    }
    if let Some(zone) = &pack.zone
        && jiff::tz::TimeZone::get(zone).is_err()
    {
        problems.note("zone", format!("unknown time zone `{zone}`"));
    }
    for (i, rule) in pack.rights.iter().enumerate() {
        if rule.obligation != Obligation::Response
            && !pack.periods.iter().any(|p| p.obligations.contains(&rule.obligation))
        {
            problems.note(&format!("rights[{i}].obligation"), "no period is for this obligation");
        }
    }
    for (i, a) in pack.periods.iter().enumerate() {
        for (j, b) in pack.periods.iter().enumerate().skip(i + 1) {
            if overlap(a, b) {
                problems.note(
                    &format!("periods[{j}]"),
                    format!("says the same as periods[{i}] for some requests"),
                );
            }
        }
    }
    let mut names = BTreeSet::new();
    for (i, ground) in pack.refusal_grounds.iter().enumerate() {
        if !names.insert(&ground.id) {
            problems.note(&format!("refusal_grounds[{i}].id"), "is used twice");
        }
    }
}

/// Notes rules that no law can have: a question that is none, a strict reading that waits longer than the usual
/// one, a rule for a right the law doesn't grant, a law in force before it binds.
fn check_sense(pack: &Pack, problems: &Problems) {
    for (i, wait) in pack.waits.iter().enumerate() {
        if !QUESTIONS.iter().any(|(asked, _)| *asked == wait.asked) {
            problems.note(&format!("waits[{i}].asked"), "is no question to the person");
        } else if !QUESTIONS.contains(&(wait.asked, wait.answered)) {
            problems.note(&format!("waits[{i}].answered"), "is not the answer to `asked`");
        }
        let is_earlier = match (wait.strict, wait.usual) {
            (Effect::None, _) | (Effect::ExcludesDaysBetween, Effect::ExcludesBothDays) => true,
            (strict, usual) => strict == usual,
        };
        if !is_earlier {
            problems.note(&format!("waits[{i}].strict"), "must not move the date further than `usual`");
        }
    }
    let named = (pack.periods.iter().enumerate().map(|(i, rule)| (format!("periods[{i}]"), &rule.rights)))
        .chain(pack.waits.iter().enumerate().map(|(i, rule)| (format!("waits[{i}]"), &rule.rights)))
        .chain(pack.undated.iter().enumerate().map(|(i, rule)| (format!("undated[{i}]"), &rule.rights)));
    for (path, rights) in named {
        for right in rights.iter().filter(|right| pack.right(**right).is_none()) {
            problems.note(&format!("{path}.rights"), format!("names {right}, which this law doesn't grant"));
        }
    }
    let binds = pack.effective_from.map(|from| from <= pack.dated);
    match (pack.status, binds) {
        (Status::InForce, Some(false)) => {
            problems.note("effective_from", "is later than `dated`, but the law is said to be in force");
        }
        (Status::Future, Some(true)) => {
            problems.note("effective_from", "is not later than `dated`, but the law is said not to bind yet");
        }
        (_, _) => {}
    }
}

/// Tells whether two periods give two answers to one question.
fn overlap(a: &Period, b: &Period) -> bool {
    let duties = a.obligations.iter().any(|obligation| b.obligations.contains(obligation));
    let rights =
        if a.rights.is_empty() { b.rights.is_empty() } else { a.rights.iter().any(|r| b.rights.contains(r)) };
    let before = |x: Versions, y: Versions| x.before.zip(y.from).is_some_and(|(before, from)| before <= from);
    duties && rights && !before(a.versions, b.versions) && !before(b.versions, a.versions)
}
