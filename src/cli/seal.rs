//! `referloop seal`: the keys of sealed columns and of what patients are found by, and bringing rows to new ones.

use super::answer::Answer;
use crate::app::App;
use crate::domain::people::Actor;
use crate::referrals::renewal;
use crate::store::audit::{self, Outcome};
use crate::vault::tenant;
use clap::{Args, Subcommand};
use serde_json::json;
use std::io::Write;

#[derive(Debug, Subcommand)]
pub enum SealCommand {
    /// Make new keys for sealed columns and for patient search. Stop every `serve` and `work` before, and start them after:
    /// one that runs on with the old keys can't open what is sealed with the new ones.
    ///
    /// Old keys stay, and open what they sealed. `serve` and `work` bring rows to the new keys by themselves within a day;
    /// `seal renew` does it at once.
    Rotate(Rotate),
    /// Bring every row to the newest keys. May run beside `serve`, and be interrupted: it goes on where it stopped.
    Renew(Renew),
}

#[derive(Debug, Args)]
pub struct Rotate {
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Renew {
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn run(app: &App, command: SealCommand, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        SealCommand::Rotate(arguments) => rotate(app, &arguments, out).await,
        SealCommand::Renew(arguments) => renew(app, &arguments, out).await,
    }
}

async fn rotate(app: &App, arguments: &Rotate, out: &mut impl Write) -> anyhow::Result<()> {
    let at = app.config.keys()?;
    let field = tenant::rotate(&app.db, &at, &app.keys, tenant::FIELD, app.clock.now()).await?;
    let search = tenant::rotate(&app.db, &at, &app.keys, tenant::SEARCH, app.clock.now()).await?;
    audited(app, "rotate", json!({ "field": field, "search": search })).await?;
    Answer {
        json: &json!({ "field": field, "search": search }),
        lines: &[
            format!("Sealed columns have key {field}, patient search has key {search}."),
            "Start `serve` and `work` again; then `referloop seal renew` brings all rows to these keys.".to_owned(),
        ],
    }
    .write(arguments.json, out)
}

async fn renew(app: &App, arguments: &Renew, out: &mut impl Write) -> anyhow::Result<()> {
    let renewed = renewal::renew(app).await?;
    audited(app, "renew", json!(renewed)).await?;
    Answer {
        json: &renewed,
        lines: &[format!(
            "Sealed anew: {} values. Made findable anew: {} referrals. Nothing older is left.",
            renewed.sealed, renewed.indexed
        )],
    }
    .write(arguments.json, out)
}

async fn audited(app: &App, action: &str, detail: serde_json::Value) -> anyhow::Result<()> {
    let entry = audit::Entry {
        actor: &Actor::Operator,
        action,
        resource_kind: "seal",
        resource_id: "keys",
        outcome: Outcome::Allowed,
        detail,
    };
    let mut tx = app.db.begin().await?;
    audit::insert(&mut tx, &entry, app.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}
