//! The report of a period: numbers that lead to their lists, charts, and how well in time.

use habeas_core::report::{Count, Day, Figures, Period};
use habeas_render::page::console::{Figure, Tile};
use habeas_render::page::part::{Bar, Chart, Plot, Point, Tone};
use habeas_render::text::{self, Day as Shown};
use jiff::civil::Date;

use crate::App;
use crate::console::case;

/// From so many days on, a point of the chart is a week.
const DAYS_DRAWN: i32 = 92;

/// Returns the numbers, each with its list.
pub(super) fn tiles(figures: &Figures, period: &Period, is_present: bool) -> Vec<Tile> {
    let tile = |label: &str, count, href: String| Tile {
        label: label.to_owned(),
        count,
        href: format!("/console/requests?{href}"),
        tone: Tone::Neutral,
        hint: None,
    };
    let (from, to) = (period.from, period.to);
    let mut tiles = vec![
        tile("Came in", figures.received, format!("closed=all&received_from={from}&received_to={to}")),
        tile("Closed", figures.closed, format!("closed_from={from}&closed_to={to}")),
    ];
    if is_present {
        tiles.insert(0, tile("Open", figures.open, String::new()));
    }
    tiles
}

/// Returns the figures that have no list.
pub(super) fn figures(figures: &Figures, is_present: bool) -> Vec<Figure> {
    let figure =
        |label: &str, value: String, hint: Option<String>| Figure { label: label.to_owned(), value, hint };
    let in_time = figures.in_time_percent().map_or_else(|| "–".to_owned(), |share| format!("{share:.0} %"));
    let answered = figures.in_time + figures.late;
    let hint = (answered > 0).then(|| format!("{} of {}", figures.in_time, text::thousands(answered)));
    let median = figures.median_days.map_or_else(|| "–".to_owned(), days);
    let mut shown = vec![
        figure("Answered in time", in_time, hint),
        figure("Median to an answer", median, Some("from receipt".to_owned())),
    ];
    if !is_present {
        shown.insert(0, figure("Open at the end", text::thousands(figures.open), None));
    }
    shown
}

/// Returns a number of days in words, with a half where there is one.
pub(super) fn days(days: f64) -> String {
    match format!("{days:.1}").trim_end_matches(".0") {
        "1" => "1 day".to_owned(),
        number => format!("{number} days"),
    }
}

/// Returns the charts.
pub(super) fn charts(app: &App, figures: &Figures, period: &Period, is_present: bool) -> Vec<Chart> {
    let bars = |counts: &[Count], word: &str, name: &dyn Fn(&str) -> String| -> Vec<Bar> {
        let bar = |count: &Count| Bar {
            label: name(&count.of),
            value: count.count,
            href: is_present.then(|| format!("/console/requests?{word}={}", encoded(&count.of))),
        };
        counts.iter().map(bar).collect()
    };
    let when = if is_present { "Open" } else { "Open at the end" };
    let laws = bars(&figures.open_by_law, "law", &|id| case::law_name(app, id));
    let activities = bars(&figures.open_by_activity, "activity", &|name| case::title(app, name));
    let (of, points) = points(&figures.days, period);
    vec![
        Chart {
            id: "open-by-law",
            title: format!("{when}, by law"),
            summary: most(&laws, figures.open),
            plot: Plot::Bars { of: "Law".to_owned(), bars: laws },
        },
        Chart {
            id: "open-by-activity",
            title: format!("{when}, by what was asked for"),
            summary: most(&activities, figures.open),
            plot: Plot::Bars { of: "Asked for".to_owned(), bars: activities },
        },
        Chart {
            id: "days",
            title: "Came in and closed".to_owned(),
            summary: format!("{} came in, {} were closed", figures.received, figures.closed),
            plot: Plot::Lines { of, names: ["Came in".to_owned(), "Closed".to_owned()], points },
        },
    ]
}

fn most(bars: &[Bar], all: u64) -> String {
    match bars.first() {
        Some(first) => format!("{} in all; the most: {} with {}", all, first.label, first.value),
        None => "None".to_owned(),
    }
}

/// Returns the points of the chart over time, and what a point is.
fn points(days: &[Day], period: &Period) -> (String, Vec<Point>) {
    let point = |on: Date, chunk: &[Day]| Point {
        label: Shown(on).short(),
        values: [chunk.iter().map(|day| day.received).sum(), chunk.iter().map(|day| day.closed).sum()],
    };
    let (of, size) = if period.day_count() > DAYS_DRAWN { ("Week from", 7) } else { ("Day", 1) };
    let points = days.chunks(size).filter_map(|chunk| Some(point(chunk.first()?.on, chunk))).collect();
    (of.to_owned(), points)
}

pub(super) fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
