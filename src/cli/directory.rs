//! `referloop directory`: referrers and partners.

use super::answer::Answer;
use crate::app::App;
use crate::domain::people::Actor;
use crate::referrals::directory::{self, NewEntry};
use crate::store::directory::Entry;
use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use std::fmt::Write as _;
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub enum DirectoryCommand {
    /// Bring a CSV file of referrers and partners in: all of its lines, or none. Doing it again changes nothing.
    ///
    /// The first line names the columns, in any order: name, organization, npi, phone, fax, station_id, direct_address,
    /// specialty. An entry with the same NPI (else the same Direct address) at the same organization is brought up to
    /// date; what a line leaves empty stays as it was.
    Import(Import),
}

#[derive(Debug, Args)]
pub struct Import {
    /// The CSV file.
    file: PathBuf,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn run(app: &App, command: DirectoryCommand, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        DirectoryCommand::Import(arguments) => import(app, &arguments, out).await,
    }
}

async fn import(app: &App, arguments: &Import, out: &mut impl Write) -> anyhow::Result<()> {
    let now = app.clock.now();
    let entries = read(&arguments.file, now)?;
    let imported = directory::import(&app.db, &Actor::Operator, entries, now).await?;
    let lines = [format!(
        "{} added, {} updated, {} unchanged",
        imported.added, imported.updated, imported.unchanged
    )];
    Answer {
        json: &imported,
        lines: &lines,
    }
    .write(arguments.json, out)
}

/// Every line's entry, or what is wrong with each line that has a fault.
fn read(file: &Path, now: DateTime<Utc>) -> anyhow::Result<Vec<Entry>> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_path(file)
        .with_context(|| format!("{} could not be opened", file.display()))?;
    let (mut entries, mut faults) = (Vec::new(), String::new());
    for (index, record) in reader.deserialize::<NewEntry>().enumerate() {
        let fault = match record {
            Ok(new) => match directory::checked(new, now) {
                Ok(entry) => {
                    entries.push(entry);
                    continue;
                }
                Err(problem) => problem.to_string(),
            },
            Err(problem) => problem.to_string(),
        };
        // Line 1 holds the names of the columns.
        writeln!(faults, "  line {}: {fault}", index + 2).expect("writing to a string cannot fail");
    }
    if !faults.is_empty() {
        bail!("nothing was imported from {}:\n{}", file.display(), faults.trim_end());
    }
    Ok(entries)
}
