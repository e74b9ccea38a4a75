//! Length, head and forbidden marks of source files.

#[cfg(test)]
mod tests;

use std::path::Path;
use std::process::Command;

use super::Findings;
use crate::process;

const WARN_AT: usize = 500;
const FAIL_AT: usize = 800;

/// Marks of unfinished or silenced code, written in two halves so that this file passes its own check.
const FORBIDDEN: [(&str, &str, &str); 4] = [
    ("TO", "DO", "unfinished work belongs in the tracker"),
    ("FIX", "ME", "unfinished work belongs in the tracker"),
    ("#[al", "low(", "use #[expect(lint, reason = \"…\")]"),
    ("#![al", "low(", "use #![expect(lint, reason = \"…\")]"),
];

/// Checks all source files.
pub(super) fn check(root: &Path, findings: &mut Findings) -> anyhow::Result<()> {
    for (path, text) in sources(root)? {
        check_file(&path, &text, findings);
    }
    Ok(())
}

/// Returns path and text of all Rust files that git knows or would add.
pub(super) fn sources(root: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let mut git = Command::new("git");
    git.current_dir(root).args(["ls-files", "--cached", "--others", "--exclude-standard", "--", "*.rs"]);
    let listed = process::read(&mut git)?;
    // A file may be deleted and not yet committed so.
    let read = |path: &str| Some((path.to_owned(), std::fs::read_to_string(root.join(path)).ok()?));
    Ok(listed.lines().filter_map(read).collect())
}

fn check_file(path: &str, text: &str, findings: &mut Findings) {
    if !text.starts_with("//!") {
        findings.complaints.push(format!("{path}: starts without saying what it is (//!)"));
    }
    for (number, line) in text.lines().enumerate() {
        for (first, second, advice) in FORBIDDEN {
            if line.contains(&[first, second].concat()) {
                findings.complaints.push(format!("{path}:{}: {first}{second}: {advice}", number + 1));
            }
        }
    }
    let length = text.lines().count();
    if is_test(path) || length < WARN_AT {
        return;
    }
    let complaint = format!("{path}: {length} lines; split it along what it does");
    if length < FAIL_AT { findings.warnings.push(complaint) } else { findings.complaints.push(complaint) }
}

fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}
