//! What differs between texts.

use habeas_render::page::console::LineChange;

use super::{differing, plain};

fn said(old: &str, new: &str) -> Vec<String> {
    let sign = |change| match change {
        LineChange::Same => ' ',
        LineChange::Added => '+',
        LineChange::Removed => '-',
    };
    differing(old, new).0.iter().map(|line| format!("{}{}", sign(line.change), line.text)).collect()
}

#[test]
fn changed_lines_are_told_with_a_few_around_them() {
    let old = "a\nb\nc\nd\ne\nf\ng\nh\n";
    assert_eq!(said(old, old), [" …"]);
    let expected = [" …", " d", " e", " f", "-g", "+G", "+i", " h"];
    assert_eq!(said(old, "a\nb\nc\nd\ne\nf\nG\ni\nh\n"), expected);
    assert_eq!(said("", "a"), ["+a"]);
    assert_eq!(said("a\nb", "b"), ["-a", " b"]);
}

#[test]
fn a_long_text_is_cut_and_says_so() {
    let (lines, is_cut) = plain(&"x\n".repeat(5_000));
    assert_eq!((lines.len(), is_cut), (3_000, true));
}
