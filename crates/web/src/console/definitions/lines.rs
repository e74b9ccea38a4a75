//! Texts line by line, and what differs between two.

use habeas_render::page::console::{DefinitionLine, LineChange};

/// A page shows no more lines.
const MOST_LINES: usize = 3_000;
/// Beyond so many pairs of differing lines no common part is looked for: all is shown as removed and added.
const MOST_PAIRS: usize = 4_000_000;
/// So many lines that are the same are shown around a difference.
const AROUND: usize = 3;

/// Returns the lines of a text, and whether some were left out.
pub(super) fn plain(text: &str) -> (Vec<DefinitionLine>, bool) {
    let mut lines = text.lines().map(|line| of(LineChange::Same, line));
    let shown: Vec<DefinitionLine> = lines.by_ref().take(MOST_LINES).collect();
    let is_cut = lines.next().is_some();
    (shown, is_cut)
}

/// Returns what differs, with a few lines around it, and whether some of it was left out.
pub(super) fn differing(old: &str, new: &str) -> (Vec<DefinitionLine>, bool) {
    let all = compare(&old.lines().collect::<Vec<_>>(), &new.lines().collect::<Vec<_>>());
    let is_near = |place: usize| {
        let from = place.saturating_sub(AROUND);
        let near = all.iter().skip(from).take(place + AROUND + 1 - from);
        near.into_iter().any(|line| line.change != LineChange::Same)
    };
    let mut shown = Vec::new();
    let mut was_left_out = false;
    for (place, line) in all.iter().enumerate() {
        if is_near(place) {
            shown.push(line.clone());
            was_left_out = false;
        } else if !was_left_out {
            shown.push(of(LineChange::Same, "…"));
            was_left_out = true;
        }
    }
    let is_cut = shown.len() > MOST_LINES;
    shown.truncate(MOST_LINES);
    (shown, is_cut)
}

/// Finds the longest common lines between two texts whose equal beginnings and ends are set aside first.
fn compare(old: &[&str], new: &[&str]) -> Vec<DefinitionLine> {
    let head = old.iter().zip(new).take_while(|(one, other)| one == other).count();
    let (old, new, same) = (rest(old, head), rest(new, head), old.iter().take(head));
    let mut lines: Vec<DefinitionLine> = same.map(|line| of(LineChange::Same, line)).collect();
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(one, other)| one == other).count();
    let end: Vec<DefinitionLine> =
        old.iter().skip(old.len() - tail).map(|line| of(LineChange::Same, line)).collect();
    let old: Vec<&str> = old.iter().take(old.len() - tail).copied().collect();
    let new: Vec<&str> = new.iter().take(new.len() - tail).copied().collect();
    if old.len().saturating_mul(new.len()) > MOST_PAIRS {
        lines.extend(old.iter().map(|line| of(LineChange::Removed, line)));
        lines.extend(new.iter().map(|line| of(LineChange::Added, line)));
    } else {
        walk(&old, &new, &mut lines);
    }
    lines.extend(end);
    lines
}

fn rest<'a, 'b>(lines: &'a [&'b str], from: usize) -> &'a [&'b str] {
    lines.get(from..).unwrap_or_default()
}

fn walk(old: &[&str], new: &[&str], lines: &mut Vec<DefinitionLine>) {
    let common = lengths(old, new);
    let at = |i: usize, j: usize| common.get(i * (new.len() + 1) + j).copied().unwrap_or(0);
    let (mut i, mut j) = (0, 0);
    loop {
        match (old.get(i), new.get(j)) {
            (Some(one), Some(other)) if one == other => {
                lines.push(of(LineChange::Same, one));
                (i, j) = (i + 1, j + 1);
            }
            (Some(_), Some(other)) if at(i + 1, j) < at(i, j + 1) => {
                lines.push(of(LineChange::Added, other));
                j += 1;
            }
            (Some(one), _) => {
                lines.push(of(LineChange::Removed, one));
                i += 1;
            }
            (None, Some(other)) => {
                lines.push(of(LineChange::Added, other));
                j += 1;
            }
            (None, None) => return,
        }
    }
}

/// Returns, for each pair of places, how many lines the rests have in common.
fn lengths(old: &[&str], new: &[&str]) -> Vec<u32> {
    let width = new.len() + 1;
    let mut common = vec![0_u32; (old.len() + 1) * width];
    for (i, one) in old.iter().enumerate().rev() {
        for (j, other) in new.iter().enumerate().rev() {
            let get = |place: usize| common.get(place).copied().unwrap_or(0);
            let value = if one == other {
                get((i + 1) * width + j + 1) + 1
            } else {
                get((i + 1) * width + j).max(get(i * width + j + 1))
            };
            if let Some(place) = common.get_mut(i * width + j) {
                *place = value;
            }
        }
    }
    common
}

fn of(change: LineChange, text: &str) -> DefinitionLine {
    DefinitionLine { change, text: text.to_owned() }
}

#[cfg(test)]
mod tests;
