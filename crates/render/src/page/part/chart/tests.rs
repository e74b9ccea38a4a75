//! Charts keep their proportions, survive odd data, and always bring their figures as a table.

use super::*;

fn bars(values: &[(&str, u64)]) -> Chart {
    let bar = |(label, value): &(&str, u64)| Bar { label: (*label).to_owned(), value: *value, href: None };
    Chart {
        id: "laws",
        title: "Open by law".to_owned(),
        summary: "Two".to_owned(),
        plot: Plot::Bars { of: "Law".to_owned(), bars: values.iter().map(bar).collect() },
    }
}

fn widths(markup: &str) -> Vec<u64> {
    let widths = markup.split("<rect").skip(1).filter_map(|rest| rest.split_once(" width=\""));
    widths.filter_map(|(_, rest)| rest.split_once('"')?.0.parse().ok()).collect()
}

#[test]
fn bars_are_as_long_as_their_values() {
    for (values, expected) in [
        (vec![("a", 100), ("b", 50), ("c", 0)], vec![310, 155, 0]),
        (vec![("a", 1_000_000), ("b", 1)], vec![310, 2]),
        (vec![("a", 0)], vec![0]),
    ] {
        let markup = bars(&values).figure().render().unwrap();
        assert_eq!(widths(&markup), expected, "{values:?}");
    }
}

#[test]
fn the_table_has_what_is_not_drawn() {
    let many: Vec<(String, u64)> = (0..20).map(|number| (format!("law {number}"), 20 - number)).collect();
    let many: Vec<(&str, u64)> = many.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let markup = bars(&many).figure().render().unwrap();
    assert_eq!(widths(&markup).len(), MOST_BARS);
    assert!(markup.contains("law 19"), "in the table");
    assert!(markup.contains("<title id=\"laws-title\">") && markup.contains("<desc id=\"laws-desc\">"));
}

#[test]
fn lines_stay_in_their_frame() {
    let point = |values| Point { label: "1 <Nov>".to_owned(), values };
    let names = ["Came in".to_owned(), "Closed".to_owned()];
    for points in [vec![], vec![point([0, 0])], vec![point([3, 1]), point([0, 9])]] {
        let plot = Plot::Lines { of: "Day".to_owned(), names: names.clone(), points };
        let chart = Chart { plot, ..bars(&[]) };
        let markup = chart.figure().render().unwrap();
        assert!(!markup.contains("<Nov>"));
        for place in markup.split(['M', 'L']).filter_map(|part| part.split_once(' ')?.0.parse::<u32>().ok()) {
            assert!(place <= WIDTH, "{markup}");
        }
    }
}
