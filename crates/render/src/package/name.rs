//! File names made from names of data sources.
//!
//! A dataset may call a table anything. What comes out of here is lower-case ASCII letters, digits, `-`,
//! `_` and inner dots, at most 60 of them, never a name Windows reserves, never twice in one folder: so it
//! opens on every system and can't leave its folder.

use std::collections::BTreeSet;

const LONGEST: usize = 60;

const RESERVED: &[&str] = &["con", "prn", "aux", "nul", "com", "lpt"];

/// Hands out names that differ within one folder.
#[derive(Default)]
pub(super) struct Folder(BTreeSet<String>);

impl Folder {
    /// Returns a safe name for this one, numbered if another took it already.
    pub(super) fn name(&mut self, wanted: &str) -> String {
        let base = safe(wanted);
        let mut name = base.clone();
        let mut number = 2_u32;
        while !self.0.insert(name.clone()) {
            name = format!("{base}-{number}");
            number += 1;
        }
        name
    }
}

fn safe(wanted: &str) -> String {
    let mut name = String::new();
    for c in wanted.chars().take(LONGEST * 4) {
        let kept = match c {
            'a'..='z' | '0'..='9' | '_' => c,
            'A'..='Z' => c.to_ascii_lowercase(),
            '.' if !name.ends_with(['.', '-']) => '.',
            _ if name.ends_with(['.', '-']) => continue,
            _ => '-',
        };
        name.push(kept);
        if name.len() == LONGEST {
            break;
        }
    }
    let name = name.trim_matches(['.', '-']);
    let stem = name.split('.').next().unwrap_or_default();
    if name.is_empty() {
        "unnamed".to_owned()
    } else if RESERVED.contains(&stem.trim_end_matches(|c: char| c.is_ascii_digit())) {
        format!("table-{name}")
    } else {
        name.to_owned()
    }
}
