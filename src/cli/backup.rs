//! `referloop backup` and `referloop restore`: an installation that lies in a folder, into another folder and back.

use super::answer::Answer;
use super::secret;
use crate::app::App;
use crate::backup;
use crate::clock::Clock;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Backup {
    /// The folder of the backup: a new one, or one of an earlier backup, which then only gets what is new.
    folder: PathBuf,
    /// A file whose first line is the passphrase; without it, the first line of standard input.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Restore {
    /// The folder of the backup.
    folder: PathBuf,
    /// Where the installation goes: a folder that is empty or not there.
    #[arg(long)]
    data: PathBuf,
    /// A file whose first line is the passphrase; without it, the first line of standard input.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn back_up(app: &App, arguments: Backup, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let passphrase = secret::new_passphrase(arguments.passphrase_file.as_deref())?;
    let taken = backup::take(app, &arguments.folder, &passphrase).await?;
    let mut lines: Vec<String> = taken
        .lacking
        .iter()
        .map(|id| format!("{id} is missing or damaged in the installation itself: see `referloop vault verify`"))
        .collect();
    lines.push(format!(
        "Backed up as of {}: {} objects with {} bytes, {} of them new, in {}. Nothing of it opens without the passphrase.",
        taken.begun_at.format("%Y-%m-%d %H:%M:%SZ"),
        taken.objects,
        taken.bytes,
        taken.copied,
        arguments.folder.display(),
    ));
    let json = serde_json::json!({
        "begun_at": taken.begun_at,
        "objects": taken.objects,
        "bytes": taken.bytes,
        "copied": taken.copied,
        "lacking": taken.lacking,
    });
    Answer {
        json: &json,
        lines: &lines,
    }
    .write(arguments.json, out)?;
    Ok(if taken.lacking.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

pub async fn restore(arguments: Restore, out: &mut impl Write) -> anyhow::Result<()> {
    let passphrase = secret::passphrase(arguments.passphrase_file.as_deref())?;
    let (from, data) = (&arguments.folder, &arguments.data);
    let restored = backup::restore(from, data, &passphrase, Clock::System).await?;
    let mut lines: Vec<String> = restored
        .lacking
        .iter()
        .map(|id| format!("{id} was missing or damaged already when the backup was made"))
        .collect();
    let moment = restored.begun_at.format("%Y-%m-%d %H:%M:%SZ");
    lines.push(format!(
        "Restored as of {moment} into {}: {} objects with {} bytes, each of them opened.",
        data.display(),
        restored.objects,
        restored.bytes,
    ));
    lines.push("What to do next:".to_owned());
    lines.push(format!(
        "  1. Start it: REFERLOOP_DATA={} referloop serve, with the settings that the old one had.",
        data.display()
    ));
    lines.push(format!(
        "  2. Have every fax gateway send again what it delivered since {moment}; what is there already counts once."
    ));
    lines.push(format!(
        "  3. Notes that went out since {moment} may go out again: tell the referrers, or cancel them on the desk first."
    ));
    let json = serde_json::json!({
        "data": data,
        "begun_at": restored.begun_at,
        "objects": restored.objects,
        "bytes": restored.bytes,
        "lacking": restored.lacking,
    });
    Answer {
        json: &json,
        lines: &lines,
    }
    .write(arguments.json, out)
}
