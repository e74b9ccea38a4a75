//! Running other programs, and saying so.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context as _, bail, ensure};

/// Prints a line. Closed standard output is no reason to stop.
pub(crate) fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Returns the root of the checkout.
pub(crate) fn root() -> anyhow::Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(Path::to_path_buf).context("xtask has no parent folder")
}

/// Returns the folder of the build, where tools and reports may be kept.
pub(crate) fn build_folder() -> anyhow::Result<PathBuf> {
    let set = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    Ok(root()?.join(set.unwrap_or_else(|| PathBuf::from("target"))))
}

/// Starts the description of a cargo call in the root of the checkout.
///
/// Cargo tells the programs it runs about their package in variables. Handed on to another cargo they
/// make build scripts that watch them (ring's, for one) run again, and everything after them.
pub(crate) fn cargo() -> anyhow::Result<Command> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root()?);
    for (name, _) in std::env::vars_os() {
        let Some(text) = name.to_str() else { continue };
        let is_package = text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_");
        let is_build =
            matches!(text, "CARGO_BIN_NAME" | "CARGO_CRATE_NAME" | "CARGO_PRIMARY_PACKAGE" | "OUT_DIR");
        if is_package || is_build {
            cargo.env_remove(&name);
        }
    }
    Ok(cargo)
}

/// Runs a program to its end, showing what it prints; anything but success is an error.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let shown = shown(command);
    say(&format!("$ {shown}"));
    let status = command.status().with_context(|| format!("failed to start {shown}"))?;
    ensure!(status.success(), "{shown} ended with {status}");
    Ok(())
}

/// Runs a program to its end and returns what it printed on standard output.
pub(crate) fn read(command: &mut Command) -> anyhow::Result<String> {
    let shown = shown(command);
    let Output { status, stdout, stderr } =
        command.stdin(Stdio::null()).output().with_context(|| format!("failed to start {shown}"))?;
    if !status.success() {
        bail!("{shown} ended with {status}: {}", String::from_utf8_lossy(&stderr).trim());
    }
    String::from_utf8(stdout).with_context(|| format!("{shown} printed something that is not text"))
}

/// Returns where a program is, looking through `PATH`.
pub(crate) fn lookup(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Describes a call of a server's program as somebody it agrees to run as: as `user` where we are root. It gets
/// the signal also when this process dies without saying so.
pub(crate) fn unprivileged(program: &Path, user: &str, signal: &str) -> anyhow::Result<Command> {
    let mut command = Command::new("setpriv");
    if crate::machine::is_root()? {
        command.args(["--reuid", user, "--regid", user, "--clear-groups"]);
    }
    command.args(["--pdeathsig", signal]).arg(program);
    Ok(command)
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
