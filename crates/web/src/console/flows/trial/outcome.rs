//! What came of a trial, as the page shows it.

use habeas_core::event::Actor;
use habeas_core::flow::{Flow, Task, TaskKey};
use habeas_core::request::{Context, Status, TaskState};
use habeas_core::simulate::{Life, Line, Setting, Stretch, violations};
use habeas_render::page::console::{TrialLine, TrialTask, Tried};
use habeas_render::page::part::{Badge, Course, CourseBar, CourseRow, Facts, Row, Tone};
use habeas_render::text::{self, Day};
use jiff::Timestamp;
use jiff::civil::Date;

use super::super::super::told::capitalised;
use super::super::picture::{self, At, Frame};
use super::{mails, moment};
use crate::{App, dates};

/// No more happenings, tries and mails are shown.
const MOST_SHOWN: usize = 400;

/// Returns what came of it.
pub(super) fn of(app: &App, setting: &Setting<'_>, life: &Life) -> Tried {
    let lines = life.timeline(setting.flow, &setting.zone);
    let stretches = life.stretches();
    let (ending, tone) = ending(setting, life);
    let violations = violations(life, setting).iter().map(|said| capitalised(said)).collect();
    Tried {
        ending,
        tone,
        violations,
        facts: facts(setting, life),
        picture: pictured(app, setting, life),
        course: course(setting, life, &stretches),
        tasks: tasks(app, setting, life, &stretches),
        more_count: u64::try_from(lines.len().saturating_sub(MOST_SHOWN)).unwrap_or(u64::MAX),
        lines: told(app, setting, lines),
        mails: life
            .mails
            .iter()
            .take(MOST_SHOWN)
            .map(|sent| mails::write(app, setting, life, sent))
            .collect(),
        dates: dates::dates(&life.request, &context(setting, life.until)),
    }
}

/// Returns what decisions are made on at an instant of the trial.
pub(super) fn context<'a>(setting: &'a Setting<'_>, now: Timestamp) -> Context<'a> {
    Context {
        now,
        zone: setting.zone.clone(),
        actor: Actor::System,
        roles: &[],
        flow: setting.flow,
        law: setting.law,
        also: Vec::new(),
        calendar: setting.calendar,
        settings: setting.settings.clone(),
    }
}

fn due_on(life: &Life) -> Option<Date> {
    life.request.due.as_ref()?.on
}

/// Says how it ended, when, and how that is to the legal date.
fn ending(setting: &Setting<'_>, life: &Life) -> (String, Tone) {
    let request = &life.request;
    let Some(closed_at) = request.closed_at else {
        let why = match request.waits_on() {
            _ if request.needs_attention() => "somebody of the staff must decide",
            "subject" => "it waits for the person",
            "staff" => "it waits for staff",
            _ if life.is_waiting => "something is still to come",
            _ => "it waits",
        };
        let on = Day(life.until.to_zoned(setting.zone.clone()).date());
        let text = format!("Still open when the trial ended on {on}: {why}{}", legal(life, on.0));
        return (text, Tone::Warn);
    };
    let (what, tone) = match request.status {
        Status::Completed => ("Answered in full", Tone::Good),
        Status::PartlyFulfilled => ("Answered in part", Tone::Warn),
        Status::Refused => ("Refused", Tone::Bad),
        Status::Withdrawn => ("Taken back by the person", Tone::Info),
        Status::Received | Status::AwaitingVerification | Status::InProgress | Status::AwaitingSubject => {
            ("Closed", Tone::Warn)
        }
    };
    let on = Day(closed_at.to_zoned(setting.zone.clone()).date());
    let is_late = due_on(life).is_some_and(|due| on.0 > due);
    (format!("{what} on {on}{}", legal(life, on.0)), if is_late { Tone::Bad } else { tone })
}

/// Returns how a day is to the legal date, in words that go on a sentence.
fn legal(life: &Life, on: Date) -> String {
    let Some(due) = due_on(life) else { return ". The law sets no date".to_owned() };
    let days = on.until(due).map_or(0, |span| i64::from(span.get_days()));
    let count = |days: u64| text::count(days, "day", "days");
    match days {
        0 => ", on the legal date".to_owned(),
        1.. => format!(", {} before the legal date", count(days.unsigned_abs())),
        ..0 => format!(", {} after the legal date", count(days.unsigned_abs())),
    }
}

fn facts(setting: &Setting<'_>, life: &Life) -> Facts {
    let day = |at: Timestamp| at.to_zoned(setting.zone.clone()).date();
    let mut rows = vec![
        Row::new("Law", setting.law.title()),
        Row::new("Came in", Day(day(setting.received_at)).to_string()),
        Row::new("Legal date", due_on(life).map_or_else(|| "none".to_owned(), |on| Day(on).to_string())),
    ];
    rows.extend(life.request.target_on().map(|on| Row::new("Own target", Day(on).to_string())));
    rows.extend(life.request.closed_at.map(|at| Row::new("Ended", Day(day(at)).to_string())));
    let (staff, person): (Vec<_>, Vec<_>) = life.mails.iter().partition(|mail| mail.is_for_staff);
    rows.push(Row::new("Mails", format!("{} to the person, {} to staff", person.len(), staff.len())));
    Facts { rows }
}

fn state(state: TaskState, is_late: bool) -> (Tone, &'static str) {
    match state {
        TaskState::Done if is_late => (Tone::Warn, "Done late"),
        TaskState::Done => (Tone::Good, "Done"),
        TaskState::Rejected => (Tone::Bad, "Rejected"),
        TaskState::Stopped => (Tone::Bad, "Rejected: the request stopped"),
        TaskState::Failed => (Tone::Bad, "Failed"),
        TaskState::Waived => (Tone::Warn, "Waived: its time passed"),
        TaskState::Skipped => (Tone::Neutral, "Left out"),
        TaskState::InProgress if is_late => (Tone::Warn, "Waits, past its time"),
        TaskState::InProgress => (Tone::Info, "Waits"),
        TaskState::Again | TaskState::Planned => (Tone::Info, "To begin"),
    }
}

fn pictured(app: &App, setting: &Setting<'_>, life: &Life) -> habeas_render::page::console::Picture {
    let frame = Frame { at: At::Elsewhere, issues: &[], query: address(setting), can_edit: false };
    let mut picture = picture::of(app, setting.flow, &frame);
    for task in
        picture.stages.iter_mut().flat_map(|stage| &mut stage.groups).flat_map(|group| &mut group.tasks)
    {
        let run = life.request.tasks.get(&TaskKey::from_text(&task.key));
        let (tone, words) =
            run.map_or((Tone::Neutral, "Never began"), |run| state(run.state, run.is_overdue));
        task.state = Some((tone, words.to_owned()));
    }
    picture
}

/// Returns where the version stands, up to the parameter of a task or stage.
fn address(setting: &Setting<'_>) -> String {
    let (name, version) = (&setting.terms.flow, setting.terms.flow_version);
    format!("/console/flows/{name}?version={version}&")
}

fn course(setting: &Setting<'_>, life: &Life, stretches: &[Stretch]) -> Course {
    let end = life.request.closed_at.unwrap_or(life.until);
    let last = stretches.iter().filter_map(|one| one.to).max().map_or(end, |to| to.max(end));
    let until = [Some(last), due_on(life).and_then(|on| end_of(setting, on))].into_iter().flatten().max();
    let until = until.unwrap_or(last);
    let rows = setting.flow.tasks().filter_map(|task| {
        let own = stretches.iter().filter(|one| one.task == task.key);
        let bars: Vec<CourseBar> = own.map(|one| bar(setting, one, until.min(life.until))).collect();
        (!bars.is_empty()).then(|| CourseRow { label: task.title.clone(), bars })
    });
    let day = |at: Timestamp| Day(at.to_zoned(setting.zone.clone()).date());
    let mut marks = Vec::new();
    marks.extend(life.request.closed_at.map(|at| (day(at), "Ended".to_owned())));
    marks.extend(due_on(life).map(|on| (Day(on), "Legal date".to_owned())));
    Course {
        summary: format!("Tasks from {} to {}", moment(setting, setting.received_at), moment(setting, last)),
        from: moment(setting, setting.received_at),
        until: moment(setting, until),
        rows: rows.collect(),
        marks,
    }
}

fn end_of(setting: &Setting<'_>, on: Date) -> Option<Timestamp> {
    Some(on.tomorrow().ok()?.to_zoned(setting.zone.clone()).ok()?.timestamp())
}

fn bar(setting: &Setting<'_>, one: &Stretch, until: Timestamp) -> CourseBar {
    let (tone, words) = state(one.state, one.overdue_at.is_some());
    CourseBar {
        from: moment(setting, one.from),
        to: moment(setting, one.to.unwrap_or(until).max(one.from)),
        tone,
        words: words.to_owned(),
    }
}

fn who(app: &App, task: &Task) -> String {
    task.manual().map_or_else(|| "Habeas".to_owned(), |manual| app.catalog.role_title(&manual.role))
}

fn tasks(app: &App, setting: &Setting<'_>, life: &Life, stretches: &[Stretch]) -> Vec<TrialTask> {
    let flow: &Flow = setting.flow;
    let began = stretches.iter().take(MOST_SHOWN).filter_map(|one| {
        let task = flow.task(&one.task)?;
        let (tone, words) = state(one.state, one.overdue_at.is_some());
        Some(TrialTask {
            title: task.title.clone(),
            who: who(app, task),
            from: Some(moment(setting, one.from)),
            to: one.to.map(|to| moment(setting, to)),
            state: Badge::new(tone, words),
        })
    });
    let rest = flow.tasks().filter(|task| stretches.iter().all(|one| one.task != task.key)).map(|task| {
        let run = life.request.tasks.get(&task.key);
        let (tone, words) = run.map_or((Tone::Neutral, "Never began"), |run| state(run.state, false));
        TrialTask {
            title: task.title.clone(),
            who: who(app, task),
            from: None,
            to: None,
            state: Badge::new(tone, words),
        }
    });
    began.chain(rest).collect()
}

/// Returns the lines, those of mails with where the mail stands. Mails stand in the order of time here and there.
fn told(app: &App, setting: &Setting<'_>, lines: Vec<Line>) -> Vec<TrialLine> {
    let mut mail_count = 0;
    let lines = lines.into_iter().take(MOST_SHOWN).map(|line| {
        if line.is_mail {
            mail_count += 1;
        }
        let task = line.task.as_ref().and_then(|key| setting.flow.task(key));
        let team = task.filter(|_| line.who == "staff").filter(|task| task.manual().is_some());
        TrialLine {
            at: text::Moment(line.at),
            who: team.map_or_else(|| capitalised(line.who), |task| who(app, task)),
            what: capitalised(&line.what),
            mail_href: (line.is_mail && mail_count <= MOST_SHOWN).then(|| format!("#mail-{mail_count}")),
        }
    });
    lines.collect()
}
