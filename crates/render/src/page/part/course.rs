//! The course of a request as a picture: a row for each task, with bars from when it began to when it ended, over
//! the days, and lines at the dates that matter.
//!
//! Drawn by us as inline SVG from plain data, as charts are; a table with the same stands beside it.

use std::fmt::Write as _;

use askama::Template;
use askama::filters::HtmlSafe;

use super::Tone;
use super::chart::label;
use crate::text::{Day, Html, Moment};

/// The width it is drawn at, with the names of the tasks on the left.
const WIDTH: i64 = 760;
/// Where the days begin and end.
const LEFT: i64 = 210;
const RIGHT: i64 = WIDTH - 16;
/// Where the first row begins, and how high one is.
const TOP: i64 = 40;
const ROW: i64 = 26;
/// No more rows and bars are drawn; the table has the rest.
const MOST_ROWS: usize = 60;
const MOST_BARS: usize = 100;
/// About so many days are named.
const TICKS: i64 = 7;
/// No name is drawn longer.
const NAME_LIMIT: usize = 30;

/// A course.
#[derive(Clone)]
pub struct Course {
    /// What it shows, in a sentence.
    pub summary: String,
    /// Where it begins.
    pub from: Moment,
    /// Where it ends.
    pub until: Moment,
    /// The tasks.
    pub rows: Vec<CourseRow>,
    /// The days that matter: "Legal date".
    pub marks: Vec<(Day, String)>,
}

/// One task.
#[derive(Clone)]
pub struct CourseRow {
    /// Its name.
    pub label: String,
    /// When it ran.
    pub bars: Vec<CourseBar>,
}

/// One try of it.
#[derive(Clone)]
pub struct CourseBar {
    /// When it began.
    pub from: Moment,
    /// When it ended.
    pub to: Moment,
    /// How it feels.
    pub tone: Tone,
    /// What it says: "done", "waits".
    pub words: String,
}

#[derive(Template)]
#[template(
    source = r#"<div class="course" tabindex="0" role="group" aria-label="The course as a picture">{{ svg }}</div>"#,
    ext = "html"
)]
struct Figure {
    svg: Html,
}

impl HtmlSafe for Figure {}

impl Course {
    pub(crate) fn figure(&self) -> impl Template + HtmlSafe {
        let rows: Vec<&CourseRow> = self.rows.iter().take(MOST_ROWS).collect();
        let bottom = TOP + ROW * i64::try_from(rows.len()).unwrap_or(0);
        let mut drawn = self.days(bottom);
        for (place, row) in (0_i64..).zip(rows) {
            self.row(&mut drawn, row, TOP + ROW * place);
        }
        for (place, (day, name)) in (0_i64..).zip(&self.marks) {
            let Some(x) = self.day_at(*day) else { continue };
            let y = bottom + 16 + 14 * place;
            // Words at the right edge run to the left.
            let (anchor, at) = if x > i64::midpoint(LEFT, RIGHT) { ("end", x + 4) } else { ("start", x - 4) };
            let _ = write!(
                drawn,
                "<path class=\"course-mark\" d=\"M{x} {TOP}V{}\"/><text class=\"chart-label\" text-anchor=\"{anchor}\" \
                 x=\"{at}\" y=\"{y}\">{}: {}</text>",
                y - 12,
                label(name, NAME_LIMIT),
                day.short(),
            );
        }
        let height = bottom + 24 + 14 * i64::try_from(self.marks.len()).unwrap_or(0);
        let summary = label(&self.summary, 400);
        let svg = format!(
            "<svg class=\"course-svg\" role=\"img\" aria-labelledby=\"course-desc\" viewBox=\"0 0 {WIDTH} {height}\">\
             <title id=\"course-desc\">{summary}</title>{drawn}</svg>"
        );
        Figure { svg: Html::new(svg) }
    }

    /// Returns names and lines of some of the days.
    fn days(&self, bottom: i64) -> String {
        let mut drawn = String::new();
        let (first, last) = (self.from.0.date(), self.until.0.date());
        let count = first.until(last).map_or(0, |span| i64::from(span.get_days())).max(1);
        let step = (count + TICKS - 1) / TICKS;
        for place in 0..=TICKS {
            let on = first.checked_add(jiff::Span::new().days(place * step));
            let Some((x, on)) = on.ok().and_then(|on| Some((self.day_at(Day(on))?, on))) else { continue };
            let _ = write!(
                drawn,
                "<path class=\"chart-grid\" d=\"M{x} {}V{bottom}\"/><text class=\"chart-tick\" text-anchor=\"middle\" \
                 x=\"{x}\" y=\"{}\">{}</text>",
                TOP - 6,
                TOP - 14,
                on.strftime("%-d %b"),
            );
        }
        drawn
    }

    fn row(&self, drawn: &mut String, row: &CourseRow, top: i64) {
        let name = label(&row.label, NAME_LIMIT);
        let _ = write!(drawn, "<text class=\"chart-label\" x=\"0\" y=\"{}\">{name}</text>", top + 17);
        for bar in row.bars.iter().take(MOST_BARS) {
            let (from, to) = (self.at(&bar.from), self.at(&bar.to));
            let _ = write!(
                drawn,
                "<g><title>{name}: {}, {} to {}</title><rect class=\"course-bar course-{}\" x=\"{from}\" y=\"{}\" \
                 width=\"{}\" height=\"16\" rx=\"3\"/></g>",
                label(&bar.words, NAME_LIMIT),
                bar.from.short(),
                bar.to.short(),
                bar.tone.class(),
                top + 5,
                (to - from).max(4),
            );
        }
    }

    /// Returns where a day begins; none outside the picture.
    fn day_at(&self, day: Day) -> Option<i64> {
        let start = day.0.to_zoned(self.from.0.time_zone().clone()).ok()?;
        let is_shown = day.0 >= self.from.0.date() && start <= self.until.0;
        is_shown.then(|| self.at(&Moment(start)))
    }

    fn at(&self, moment: &Moment) -> i64 {
        let second = |at: &Moment| at.0.timestamp().as_second();
        let (from, until) = (second(&self.from), second(&self.until));
        let whole = (until - from).max(1);
        let part = (second(moment) - from).clamp(0, whole);
        LEFT + part.saturating_mul(RIGHT - LEFT) / whole
    }

    /// Returns a course for samples.
    pub(crate) fn sample(words: &str) -> Self {
        use crate::page::sample::at;
        use jiff::civil::date;
        let bar = |from: i8, to: i8, tone, words: &str| CourseBar {
            from: at(date(2026, 11, from), 10, 0),
            to: at(date(2026, 11, to), 16, 0),
            tone,
            words: words.to_owned(),
        };
        let row = |label: &str, bars| CourseRow { label: label.to_owned(), bars };
        Self {
            summary: format!("From receipt to the answer in 12 days: {words}"),
            from: at(date(2026, 11, 2), 9, 0),
            until: at(date(2026, 11, 30), 9, 0),
            rows: vec![
                row("Acknowledge", vec![bar(2, 2, Tone::Good, "done")]),
                row(words, vec![bar(3, 9, Tone::Bad, "rejected"), bar(9, 20, Tone::Warn, words)]),
            ],
            marks: vec![
                (Day(date(2026, 11, 14)), "Answered".to_owned()),
                (Day(date(2026, 11, 29)), words.to_owned()),
            ],
        }
    }
}
