//! `referloop shred` and `referloop hold`: destroying documents, and keeping them from it.

use super::answer::Answer;
use crate::app::App;
use crate::domain::ids::TransmissionId;
use crate::domain::people::Actor;
use crate::domain::retention::RetentionClass;
use crate::referrals::retention;
use crate::store;
use anyhow::Context;
use clap::{Args, Subcommand};
use std::collections::BTreeSet;
use std::io::Write;

#[derive(Debug, Args)]
pub struct Shred {
    /// What arrived, as `trn_…`.
    transmission: String,
    /// Why, as a word for the audit log: `misdirected`, `patient_request`. Never a name.
    #[arg(long, value_parser = code)]
    reason: String,
    /// Do it. Without this nothing happens: what is destroyed can't be brought back, from no backup either.
    #[arg(long)]
    yes: bool,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
pub enum HoldCommand {
    /// Keep what arrived, and its letters, beyond their time.
    Place(Place),
    /// End a hold: the usual times count again.
    Lift(Lift),
    /// The holds that stand.
    List(List),
}

#[derive(Debug, Args)]
pub struct Place {
    /// What arrived, as `trn_…`.
    transmission: String,
    /// Why. Kept sealed.
    #[arg(long)]
    reason: String,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Lift {
    /// What arrived, as `trn_…`.
    transmission: String,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct List {
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

/// The audit log holds codes alone.
fn code(text: &str) -> Result<String, String> {
    let is_code = !text.is_empty() && text.len() <= 40 && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if is_code {
        Ok(text.to_owned())
    } else {
        Err("a reason is a word of lower-case letters and underscores".to_owned())
    }
}

fn transmission(text: &str) -> anyhow::Result<TransmissionId> {
    text.parse::<TransmissionId>()
        .with_context(|| format!("`{text}` is no transmission; its id begins with trn_"))
}

pub async fn shred(app: &App, arguments: Shred, out: &mut impl Write) -> anyhow::Result<()> {
    let id = transmission(&arguments.transmission)?;
    anyhow::ensure!(
        arguments.yes,
        "nothing was done: add --yes to destroy all documents and letters of {id} for good"
    );
    let classes = BTreeSet::from(RetentionClass::ALL);
    let objects = retention::shred(app, &Actor::Operator, &id, &classes, &arguments.reason).await?;
    let lines = [format!(
        "The keys of {objects} objects of {id} are destroyed; their bytes are removed by the next `serve` or `work`."
    )];
    Answer {
        json: &serde_json::json!({ "transmission": id, "objects": objects }),
        lines: &lines,
    }
    .write(arguments.json, out)
}

pub async fn hold(app: &App, command: HoldCommand, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        HoldCommand::Place(Place {
            transmission: id,
            reason,
            json,
        }) => {
            let id = transmission(&id)?;
            let placed = retention::place_hold(app, &Actor::Operator, &id, &reason).await?;
            let line = if placed {
                "is under a legal hold now"
            } else {
                "was under one already"
            };
            answer(&id, "held", placed, line, json, out)
        }
        HoldCommand::Lift(Lift { transmission: id, json }) => {
            let id = transmission(&id)?;
            let lifted = retention::lift_hold(app, &Actor::Operator, &id).await?;
            let line = if lifted {
                "is under no hold any more"
            } else {
                "was under no hold"
            };
            answer(&id, "lifted", lifted, line, json, out)
        }
        HoldCommand::List(List { json }) => list(app, json, out).await,
    }
}

fn answer(
    id: &TransmissionId,
    key: &str,
    changed: bool,
    line: &str,
    json: bool,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    Answer {
        json: &serde_json::json!({ "transmission": id, key: changed }),
        lines: &[format!("{id} {line}.")],
    }
    .write(json, out)
}

async fn list(app: &App, json: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let mut tx = app.db.read().await?;
    let holds = store::retention::holds(&mut tx).await?;
    drop(tx);
    let lines: Vec<String> = holds
        .iter()
        .map(|hold| {
            format!(
                "{} since {}: {}",
                hold.transmission,
                hold.placed_at.format("%F"),
                hold.reason
            )
        })
        .collect();
    let all = holds.iter().map(|hold| {
        serde_json::json!({ "transmission": hold.transmission, "placed_at": hold.placed_at, "reason": hold.reason })
    });
    Answer {
        json: &all.collect::<Vec<_>>(),
        lines: &lines,
    }
    .write(json, out)
}
