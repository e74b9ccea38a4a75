//! Charts as inline SVG, drawn by us from plain data: no script, no inline style, readable in the dark and on paper.
//!
//! A chart never stands alone: it has a name, a sentence that says what it shows, and its figures as a
//! table beside it. Lines differ by their stroke as well as by colour.

use std::fmt::Write as _;

use askama::Template;
use askama::filters::HtmlSafe;

use crate::text::{self, Html};

/// The width all charts are drawn at; pages scale them.
const WIDTH: u32 = 360;

/// The height of one bar with its label.
const ROW: u32 = 38;

/// No more bars are drawn; the table has the rest.
const MOST_BARS: usize = 12;

/// No label is drawn longer.
const LABEL_LIMIT: usize = 44;

/// A chart with its figures.
#[derive(Clone)]
pub struct Chart {
    /// Its id on the page.
    pub id: &'static str,
    /// What it shows.
    pub title: String,
    /// The same in a sentence with the figures that matter.
    pub summary: String,
    /// What is drawn.
    pub plot: Plot,
}

/// What a chart draws.
#[derive(Clone)]
pub enum Plot {
    /// A bar for each thing counted, the first on top.
    Bars {
        /// What is counted, for the table's head: "Law".
        of: String,
        /// The bars.
        bars: Vec<Bar>,
    },
    /// Two lines over the same points in time.
    Lines {
        /// What a point is, for the table's head: "Day".
        of: String,
        /// The names of the two lines.
        names: [String; 2],
        /// The points, from the earliest.
        points: Vec<Point>,
    },
}

/// One bar.
#[derive(Clone)]
pub struct Bar {
    /// What is counted.
    pub label: String,
    /// How many.
    pub value: u64,
    /// Where they are listed.
    pub href: Option<String>,
}

/// One point in time.
#[derive(Clone)]
pub struct Point {
    /// When, as people read it.
    pub label: String,
    /// The values of the two lines.
    pub values: [u64; 2],
}

#[derive(Template)]
#[template(path = "part/chart.html")]
struct Figure<'a> {
    chart: &'a Chart,
    svg: Html,
}

impl Chart {
    /// Says whether there is anything to draw.
    pub fn is_empty(&self) -> bool {
        match &self.plot {
            Plot::Bars { bars, .. } => bars.is_empty(),
            Plot::Lines { points, .. } => points.is_empty(),
        }
    }

    pub(crate) fn figure(&self) -> impl Template + HtmlSafe {
        let (height, drawn) = match &self.plot {
            Plot::Bars { bars, .. } => bars_svg(bars),
            Plot::Lines { points, .. } => lines_svg(points),
        };
        let (id, title, summary) = (self.id, escaped(&self.title), escaped(&self.summary));
        let svg = format!(
            "<svg class=\"chart-svg\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" \
             viewBox=\"0 0 {WIDTH} {height}\"><title id=\"{id}-title\">{title}</title>\
             <desc id=\"{id}-desc\">{summary}</desc>{drawn}</svg>"
        );
        Figure { chart: self, svg: Html::new(svg) }
    }

    /// Returns charts for samples.
    pub(crate) fn samples(words: &str) -> Vec<Self> {
        let bar = |label: &str, value| Bar {
            label: label.to_owned(),
            value,
            href: Some("/console/requests?law=uk-gdpr".to_owned()),
        };
        let day = |number: u64| Point {
            label: format!("{} Nov", number + 1),
            values: [number * 7 % 11, number * 5 % 8],
        };
        let charts = |id, title: &str, plot| Self {
            id,
            title: title.to_owned(),
            summary: format!("{title}: the most are {words}"),
            plot,
        };
        let laws = vec![bar("UK GDPR", 28), bar(words, 9), bar("California (CCPA)", 1)];
        let names = ["Came in".to_owned(), "Closed".to_owned()];
        vec![
            charts("open-by-law", "Open by law", Plot::Bars { of: "Law".to_owned(), bars: laws }),
            charts(
                "days",
                "Came in and closed",
                Plot::Lines { of: "Day".to_owned(), names, points: (0..30).map(day).collect() },
            ),
        ]
    }
}

impl HtmlSafe for Figure<'_> {}

impl Figure<'_> {
    fn bars(&self) -> Option<(&String, &Vec<Bar>)> {
        match &self.chart.plot {
            Plot::Bars { of, bars } => Some((of, bars)),
            Plot::Lines { .. } => None,
        }
    }

    fn lines(&self) -> Option<(&String, &[String; 2], &Vec<Point>)> {
        match &self.chart.plot {
            Plot::Lines { of, names, points } => Some((of, names, points)),
            Plot::Bars { .. } => None,
        }
    }
}

/// Returns the height of a chart of bars, and what is in it.
fn bars_svg(bars: &[Bar]) -> (u32, String) {
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
    let mut drawn = String::new();
    let mut top = 0;
    for bar in bars.iter().take(MOST_BARS) {
        let room = u64::from(WIDTH - 50);
        let width = scaled(bar.value, most, room).max(u64::from(bar.value > 0) * 2);
        let _ = write!(
            drawn,
            "<text class=\"chart-label\" x=\"0\" y=\"{}\">{}</text>\
             <rect class=\"chart-bar\" x=\"0\" y=\"{}\" width=\"{width}\" height=\"14\" rx=\"2\"/>\
             <text class=\"chart-value\" x=\"{}\" y=\"{}\">{}</text>",
            top + 12,
            label(&bar.label, LABEL_LIMIT),
            top + 18,
            width + 6,
            top + 30,
            text::thousands(bar.value),
        );
        top += ROW;
    }
    (top.max(1), drawn)
}

/// The box that lines are drawn in: left, top, right, bottom.
const FRAME: [u32; 4] = [30, 8, WIDTH - 6, 140];

/// Returns the height of a chart of lines, and what is in it.
fn lines_svg(points: &[Point]) -> (u32, String) {
    let [left, top, right, bottom] = FRAME;
    let most = points.iter().flat_map(|point| point.values).max().unwrap_or(0).max(1);
    let mut drawn = String::new();
    for (value, y) in [(most, top), (0, bottom)] {
        let _ = write!(
            drawn,
            "<path class=\"chart-grid\" d=\"M{left} {y}H{right}\"/>\
             <text class=\"chart-tick\" text-anchor=\"end\" x=\"{}\" y=\"{}\">{}</text>",
            left - 5,
            y + 4,
            text::thousands(value),
        );
    }
    let last = u64::try_from(points.len().saturating_sub(1)).unwrap_or(0).max(1);
    for (number, class) in ["chart-first", "chart-second"].into_iter().enumerate() {
        let mut path = String::new();
        for (place, point) in (0_u64..).zip(points) {
            let value = point.values.get(number).copied().unwrap_or(0);
            let x = u64::from(left) + scaled(place, last, u64::from(right - left));
            let y = u64::from(bottom) - scaled(value, most, u64::from(bottom - top));
            let _ = write!(path, "{}{x} {y}", if place == 0 { "M" } else { "L" });
        }
        let _ = write!(drawn, "<path class=\"chart-line {class}\" d=\"{path}\"/>");
    }
    let ends = [(points.first(), "start", left), (points.last(), "end", right)];
    for (point, anchor, x) in ends.into_iter().filter_map(|(point, anchor, x)| Some((point?, anchor, x))) {
        let _ = write!(
            drawn,
            "<text class=\"chart-tick\" text-anchor=\"{anchor}\" x=\"{x}\" y=\"{}\">{}</text>",
            bottom + 18,
            label(&point.label, LABEL_LIMIT),
        );
    }
    (bottom + 24, drawn)
}

/// Returns a value's part of some room, rounded.
fn scaled(value: u64, most: u64, room: u64) -> u64 {
    let most = most.max(1);
    value.min(most).saturating_mul(room).saturating_add(most / 2) / most
}

/// Returns a label as SVG's text: one line of bounded length, without marks that would turn what is beside it.
pub(super) fn label(words: &str, limit: usize) -> String {
    let line = text::single_line(words);
    let short: String = if line.chars().count() > limit {
        line.chars().take(limit.saturating_sub(1)).chain(std::iter::once('…')).collect()
    } else {
        line
    };
    escaped(&short)
}

fn escaped(words: &str) -> String {
    let line = text::single_line(words);
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests;
