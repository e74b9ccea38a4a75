//! What every command promises to the shell.

use crate::support::command::Shell;

#[test]
fn help_and_version_go_to_standard_output() {
    let shell = Shell::new();
    let help = shell.run(&["--help"]);
    assert_eq!((help.code, help.stderr.as_str()), (0, ""));
    assert!(help.stdout.contains("Usage: habeas"), "{}", help.stdout);

    let version = shell.run(&["--version"]);
    assert_eq!(version.code, 0);
    assert_eq!(version.stdout, format!("habeas {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_usage_is_told_on_standard_error_and_ends_with_two() {
    let shell = Shell::new();
    for args in [&["no-such-command"][..], &["--no-such-option"], &[]] {
        let ran = shell.run(args);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{args:?}: {}", ran.stderr);
        assert!(!ran.stderr.is_empty(), "{args:?}");
    }
}
