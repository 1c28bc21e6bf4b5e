//! `referloop vault`: whether every stored document is there and opens.

use super::answer::Answer;
use crate::app::App;
use crate::domain::ids::ObjectId;
use crate::store;
use crate::vault::VaultError;
use crate::vault::objects::ObjectError;
use clap::{Args, Subcommand};
use serde::Serialize;
use std::collections::BTreeSet;
use std::io::Write;
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum VaultCommand {
    /// Open every stored document, and look for files that no row knows. Exit code 0 when all is well, 1 when not.
    ///
    /// Reads all that there is. May run beside `serve`.
    Verify(Verify),
}

#[derive(Debug, Args)]
pub struct Verify {
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

const AT_A_TIME: i64 = 500;

/// What is wrong with one object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Fault {
    /// There is a row and no object.
    Missing,
    /// Its bytes are not those that were written.
    Damaged,
    /// The key that it was sealed with is not among the master keys, or does not open its data key.
    Key,
    /// The store could not be read there.
    Unreadable,
}

impl Fault {
    fn of(error: &VaultError) -> Self {
        match error {
            VaultError::Object(ObjectError::Missing(_)) => Self::Missing,
            VaultError::Object(_) => Self::Unreadable,
            VaultError::Key(_) => Self::Key,
            VaultError::Open { .. } | VaultError::Shredded { .. } => Self::Damaged,
        }
    }

    fn told(self) -> &'static str {
        match self {
            Self::Missing => "is not in the object store: take it from a backup",
            Self::Damaged => "is damaged: take it from a backup",
            Self::Key => "was sealed with a key that is not in the key file",
            Self::Unreadable => "could not be read from the object store",
        }
    }
}

#[derive(Debug, Default)]
struct Found {
    objects: u64,
    bytes: u64,
    wrong: Vec<(ObjectId, Fault)>,
    orphans: BTreeSet<ObjectId>,
}

pub async fn run(app: &App, command: VaultCommand, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let VaultCommand::Verify(arguments) = command;
    let found = verify(app).await?;
    let mut lines: Vec<String> = found
        .wrong
        .iter()
        .map(|(id, fault)| format!("{id} {}", fault.told()))
        .collect();
    lines.push(format!(
        "{} objects with {} bytes, {} of them wrong; {} files without a row",
        found.objects,
        found.bytes,
        found.wrong.len(),
        found.orphans.len(),
    ));
    let wrong = found
        .wrong
        .iter()
        .map(|(id, fault)| serde_json::json!({ "object": id, "fault": fault }));
    let json = serde_json::json!({
        "whole": found.wrong.is_empty(),
        "objects": found.objects,
        "bytes": found.bytes,
        "wrong": wrong.collect::<Vec<_>>(),
        "orphans": found.orphans,
    });
    Answer {
        json: &json,
        lines: &lines,
    }
    .write(arguments.json, out)?;
    // A file without a row is what a crash between file and commit leaves: never acknowledged, and no loss.
    Ok(if found.wrong.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn verify(app: &App) -> anyhow::Result<Found> {
    let mut found = Found {
        // Listed before the rows are read, so that what is written meanwhile has its row by then.
        orphans: app.vault.list().await?.into_iter().collect(),
        ..Found::default()
    };
    let mut after: Option<ObjectId> = None;
    loop {
        let mut tx = app.db.read().await?;
        let page = store::objects::page(&mut tx, after.as_ref(), AT_A_TIME).await?;
        drop(tx);
        let Some(last) = page.last() else { return Ok(found) };
        after = Some(last.id.clone());
        for object in &page {
            // Its bytes may still be waiting to be removed: noise by now.
            if object.shredded_at.is_some() {
                found.orphans.remove(&object.id);
                continue;
            }
            found.objects += 1;
            found.bytes += object.stored_bytes;
            found.orphans.remove(&object.id);
            if let Err(error) = app.vault.get(object).await {
                found.wrong.push((object.id.clone(), Fault::of(&error)));
            }
        }
    }
}
