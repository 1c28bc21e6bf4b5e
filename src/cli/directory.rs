//! `referloop directory`: referrers and partners.

use super::answer::Answer;
use crate::app::App;
use crate::domain::contact::{ContactAct, ContactKind};
use crate::domain::ids::{DirectoryId, MergeId};
use crate::domain::people::Actor;
use crate::referrals::directory::{self, Merged, NewEntry};
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
    /// List entries that may be one, the likeliest first. Whether they are, a person says.
    Duplicates(Duplicates),
    /// Make two entries one: the first stays, with what it lacked and all numbers and addresses of the second. Referrals follow.
    Merge(Merge),
    /// Undo a merge: both entries are again as they were, with their referrals.
    Undo(Undo),
    /// Say that a number or address was verified, as by phone. Without an entry: check every Direct address against the
    /// certificates that we hold, and take those with one of their own for verified.
    Verify(Verify),
}

#[derive(Debug, Args)]
pub struct Import {
    /// The CSV file.
    file: PathBuf,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Duplicates {
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Merge {
    /// The entry that stays.
    survivor: DirectoryId,
    /// The entry that is merged into it.
    loser: DirectoryId,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Undo {
    /// As `merge` printed it.
    merge: MergeId,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Verify {
    /// The entry.
    #[arg(requires = "value")]
    entry: Option<DirectoryId>,
    /// Its Direct address or fax number.
    value: Option<String>,
    /// It is doubtful again.
    #[arg(long, requires = "value")]
    not: bool,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn run(app: &App, command: DirectoryCommand, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        DirectoryCommand::Import(arguments) => import(app, &arguments, out).await,
        DirectoryCommand::Duplicates(arguments) => duplicates(app, &arguments, out).await,
        DirectoryCommand::Merge(arguments) => merge(app, &arguments, out).await,
        DirectoryCommand::Undo(arguments) => undo(app, &arguments, out).await,
        DirectoryCommand::Verify(arguments) => verify(app, &arguments, out).await,
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

async fn duplicates(app: &App, arguments: &Duplicates, out: &mut impl Write) -> anyhow::Result<()> {
    let mut tx = app.db.read().await?;
    let pairs = directory::duplicates(&mut tx).await?;
    drop(tx);
    let lines: Vec<String> = pairs
        .iter()
        .map(|pair| {
            let [one, other] = &pair.entries;
            let alike: Vec<_> = pair.alike.iter().map(|likeness| likeness.label()).collect();
            let practices = if pair.two_practices { "; at two practices" } else { "" };
            format!(
                "{}  {}\n{}  {}\n  {}{practices}",
                one.id,
                one.title(),
                other.id,
                other.title(),
                alike.join("; ")
            )
        })
        .collect();
    let items: Vec<_> = pairs
        .iter()
        .map(|pair| {
            serde_json::json!({
                "entries": pair.entries,
                "alike": pair.alike,
                "two_practices": pair.two_practices,
            })
        })
        .collect();
    Answer {
        json: &serde_json::json!({ "items": items }),
        lines: &lines,
    }
    .write(arguments.json, out)
}

async fn merge(app: &App, arguments: &Merge, out: &mut impl Write) -> anyhow::Result<()> {
    let two = (&arguments.survivor, &arguments.loser);
    let merged = directory::merge(&app.db, &Actor::Operator, two, None, app.clock.now()).await?;
    let lines = [
        format!(
            "Merged {} into {}; referrals that followed: {}.",
            merged.loser, merged.survivor, merged.referrals
        ),
        format!("To undo it: referloop directory undo {}", merged.id),
    ];
    told(&merged, &lines, arguments.json, out)
}

async fn undo(app: &App, arguments: &Undo, out: &mut impl Write) -> anyhow::Result<()> {
    let undone = directory::undo(&app.db, &Actor::Operator, &arguments.merge, app.clock.now()).await?;
    let lines = [format!(
        "{} and {} are two again; referrals that went back: {}.",
        undone.survivor, undone.loser, undone.referrals
    )];
    told(&undone, &lines, arguments.json, out)
}

fn told(merged: &Merged, lines: &[String], as_json: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let json = serde_json::json!({
        "merge": merged.id,
        "survivor": merged.survivor,
        "loser": merged.loser,
        "referrals": merged.referrals,
    });
    Answer { json: &json, lines }.write(as_json, out)
}

async fn verify(app: &App, arguments: &Verify, out: &mut impl Write) -> anyhow::Result<()> {
    let now = app.clock.now();
    let verified = match (&arguments.entry, &arguments.value) {
        (Some(entry), Some(value)) => {
            let act = if arguments.not {
                ContactAct::Unverify
            } else {
                ContactAct::Verify
            };
            let kind = if value.contains('@') {
                ContactKind::Direct
            } else {
                ContactKind::Fax
            };
            directory::change_contact(&app.db, &Actor::Operator, entry, act, (kind, value), now).await?;
            vec![(entry.clone(), value.clone())]
        }
        _ => directory::verify_addresses(&app.db, &Actor::Operator, now)
            .await?
            .into_iter()
            .map(|contact| (contact.entry, contact.value))
            .collect(),
    };
    let state = if arguments.not { "unverified" } else { "verified" };
    let mut lines: Vec<String> = verified
        .iter()
        .map(|(entry, value)| format!("{entry}  {value}  {state}"))
        .collect();
    if lines.is_empty() {
        lines.push("No further Direct address has a certificate of its own here.".to_owned());
    }
    let items: Vec<_> = verified
        .iter()
        .map(|(entry, value)| serde_json::json!({ "entry": entry, "value": value, "verified": !arguments.not }))
        .collect();
    Answer {
        json: &serde_json::json!({ "items": items }),
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
