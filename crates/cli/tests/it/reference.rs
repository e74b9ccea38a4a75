//! The reference of the commands is what the binary says of itself.
//!
//! `cargo xtask docs` runs this with `HABEAS_WRITE_DOCS` set, which writes the page instead of comparing it.

use std::fmt::Write as _;
use std::path::Path;

const HEAD: &str = "# Commands\n\nWritten by `cargo xtask docs` from the binary's own help.\n\
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done, but something stays unexplained.\n";

fn describe(command: &mut clap::Command, path: &str, page: &mut String) {
    let help = command.render_long_help().to_string();
    let text: Vec<&str> = help.lines().map(str::trim_end).collect();
    write!(page, "\n## {path}\n\n```text\n{}\n```\n", text.join("\n").trim_end()).unwrap();
    for below in command.get_subcommands_mut().filter(|below| below.get_name() != "help") {
        let path = format!("{path} {}", below.get_name());
        describe(below, &path, page);
    }
}

#[test]
fn the_page_of_law_packs_is_up_to_date() {
    let page = crate::support::command::Shell::new().run(&["law", "page"]).stdout;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/law-packs.md");
    if std::env::var_os("HABEAS_WRITE_DOCS").is_some() {
        std::fs::write(&file, &page).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(written == page, "docs/reference/law-packs.md is behind; run `cargo xtask docs`");
}

#[test]
fn the_page_of_commands_is_up_to_date() {
    let mut command = habeas_cli::command();
    // Gives each subcommand its full name in the usage line.
    command.build();
    let mut page = HEAD.to_owned();
    describe(&mut command, "habeas", &mut page);

    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/commands.md");
    if std::env::var_os("HABEAS_WRITE_DOCS").is_some() {
        std::fs::write(&file, &page).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(written == page, "docs/reference/commands.md is behind; run `cargo xtask docs`");
}
