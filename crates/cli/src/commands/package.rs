//! `habeas package`: checks packages that were handed over.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;
use ed25519_dalek::VerifyingKey;
use habeas_core::pii::Pii;
use habeas_render::package::verify::Error;
use habeas_render::package::{Report, Seal, verify};

use crate::exit::usage;
use crate::output::{Output, Tone};

/// A password file is one short line; whatever is longer is another file given by mistake.
const LONGEST_PASSWORD: u64 = 1024;

/// Check packages that were handed over
#[derive(Debug, clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:\n  habeas package verify HB-7K3M-9QXD.zip --password-file password.txt\n  habeas package verify unpacked/ --key 3b6a…"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Tell whether a package is as it was handed over, and if not, what is different
    ///
    /// Ends with 0 if it is, with 1 if it isn't or can't be read, with 2 if the command makes no sense.
    Verify {
        /// The archive, or the folder it was unpacked to
        #[arg(value_name = "FILE|DIR")]
        path: PathBuf,
        /// The file whose first line is the archive's password
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
        /// The public key the organisation publishes, 64 hexadecimal digits
        #[arg(long, value_name = "PUBKEY")]
        key: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let Command::Verify { path, password_file, key, json } = args.command;
    if !path.exists() {
        return Err(usage(format!("there is no {}", path.display())));
    }
    let password = password_file.as_deref().map(read_password).transpose()?;
    let key = key.as_deref().map(parse_key).transpose()?;
    let report = match verify(&path, password.as_ref(), key.as_ref()) {
        Err(Error::PasswordNeeded) => {
            return Err(usage(format!("{}; give it with --password-file", Error::PasswordNeeded)));
        }
        other => other.with_context(|| format!("failed to check {}", path.display()))?,
    };
    let mut output = Output::stdout();
    if json {
        let mut value = serde_json::to_value(&report).context("failed to write the report")?;
        if let Some(fields) = value.as_object_mut() {
            fields.insert("is_intact".to_owned(), report.is_intact().into());
        }
        output.json(&value)?;
    } else {
        show(&report, &mut output)?;
    }
    Ok(if report.is_intact() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read_password(path: &Path) -> anyhow::Result<Pii<String>> {
    let failed = || format!("failed to read the password from {}", path.display());
    let mut text = String::new();
    File::open(path)
        .with_context(failed)?
        .take(LONGEST_PASSWORD)
        .read_to_string(&mut text)
        .with_context(failed)?;
    Ok(Pii::new(text.lines().next().unwrap_or_default().trim().to_owned()))
}

pub(super) fn parse_key(text: &str) -> anyhow::Result<VerifyingKey> {
    let bytes = hex::decode(text.trim()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    bytes
        .and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok())
        .ok_or_else(|| usage("--key is not a public key: 64 hexadecimal digits are expected"))
}

fn show(report: &Report, output: &mut Output) -> anyhow::Result<()> {
    if report.is_intact() {
        output.toned(Tone::Good, "The package is as it was handed over.")?;
    } else {
        output.toned(Tone::Bad, "The package is not as it was handed over.")?;
    }
    output.line(&format!(
        "Request {}, made by {} at {}",
        report.reference, report.controller, report.made_at
    ))?;
    output.line(&format!("{} files are as the manifest says", report.intact_count))?;
    for (what, paths) in
        [("changed", &report.changed), ("missing", &report.missing), ("added", &report.added)]
    {
        for path in paths {
            output.toned(Tone::Bad, &format!("  {what}: {path}"))?;
        }
    }
    if !report.is_signed {
        output.toned(Tone::Bad, "The manifest is not what was signed.")?;
    }
    match report.seal {
        Seal::Intact => output.line("The archive is the one that was sealed, byte by byte")?,
        Seal::Broken => output.toned(Tone::Bad, "The archive is not the one that was sealed.")?,
        Seal::Absent => output.line("It is unpacked, so there is no archive to check")?,
    }
    output.line(&format!("Signed with the key {}", report.public_key))?;
    match report.is_expected_key {
        Some(true) => output.line("which is the one you gave"),
        Some(false) => output.toned(Tone::Bad, "which is not the one you gave: someone else signed it."),
        None => output.toned(
            Tone::Warning,
            "Compare it with the one the organisation publishes, or give that with --key: without it, this only tells that nothing was changed since, not who signed.",
        ),
    }
}
