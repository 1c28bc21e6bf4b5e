//! `referloop keys`: the master keys that wrap the data keys.

use super::answer::Answer;
use crate::app::App;
use crate::domain::people::Actor;
use crate::store::audit::{self, Outcome};
use crate::store::{self, objects};
use crate::vault::rewrap;
use anyhow::Context;
use clap::{Args, Subcommand};
use std::io::Write;

#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Show which master key wraps how many documents, and which one wraps now.
    Status(Plain),
    /// Add a fresh master key to the key file; it wraps from now on, and a running service notices by itself.
    ///
    /// The keys before it stay in the file and still open what they wrapped. Copy the file to where its backup lies, then run
    /// `referloop keys rewrap`. A key service rotates its own keys; to go over to another one, name it in `keys`.
    Rotate(Plain),
    /// Put every document's data key under the master key that wraps now. The documents' bytes stay untouched.
    ///
    /// May run beside `serve`, and may be stopped and run again at any time: it goes on with what is left.
    Rewrap(Plain),
}

#[derive(Debug, Args)]
pub struct Plain {
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn run(app: &App, command: KeysCommand, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        KeysCommand::Status(Plain { json }) => status(app, json, out).await,
        KeysCommand::Rotate(Plain { json }) => rotate(app, json, out).await,
        KeysCommand::Rewrap(Plain { json }) => rewrap(app, json, out).await,
    }
}

async fn status(app: &App, json: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let current = app.vault.keys().current_id(&app.keys.tenant).await?;
    let mut tx = app.db.read().await?;
    let counts = objects::count_by_key(&mut tx).await?;
    drop(tx);
    let mut lines = vec![format!("{current} wraps now")];
    lines.extend(
        counts
            .iter()
            .map(|(key, count)| format!("{key} wraps the data keys of {count} objects")),
    );
    let wraps = counts
        .iter()
        .map(|(key, count)| serde_json::json!({ "key": key, "objects": count }));
    let answer = serde_json::json!({ "current": current, "wraps": wraps.collect::<Vec<_>>() });
    Answer {
        json: &answer,
        lines: &lines,
    }
    .write(json, out)
}

async fn rotate(app: &App, json: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let file = app.vault.keys().local().context(
        "a key service wraps: let it rotate its key there, or name another key in `keys` and run `referloop keys rewrap`",
    )?;
    let key = file.rotate()?;
    noted(app, "rotate_master_key", &key, serde_json::json!({})).await?;
    let lines = [
        format!("{key} wraps from now on."),
        "Copy the key file to where its backup lies; then run `referloop keys rewrap`.".to_owned(),
    ];
    Answer {
        json: &serde_json::json!({ "key": key }),
        lines: &lines,
    }
    .write(json, out)
}

async fn rewrap(app: &App, json: bool, out: &mut impl Write) -> anyhow::Result<()> {
    let current = app.vault.keys().current_id(&app.keys.tenant).await?;
    let progress = |done: u64| {
        if !json {
            let _ = writeln!(std::io::stderr(), "{done} objects");
        }
    };
    let done = rewrap::rewrap(&app.db, &app.vault, progress)
        .await
        .context("not all is done; run it again, and it goes on with what is left")?;
    noted(app, "rewrap_data_keys", &current, serde_json::json!(done)).await?;
    let mut lines = vec![format!(
        "The data keys of {} objects and {} inner keys are under {current} now.",
        done.objects, done.inner_keys
    )];
    if done.unopened > 0 {
        lines.push(format!(
            "{} did not open and were left as they are: `referloop vault verify` names them.",
            done.unopened
        ));
    }
    Answer {
        json: &done,
        lines: &lines,
    }
    .write(json, out)
}

async fn noted(app: &App, action: &str, key: &str, detail: serde_json::Value) -> store::Result<()> {
    let now = app.clock.now();
    let mut tx = app.db.begin().await?;
    let entry = audit::Entry {
        actor: &Actor::Operator,
        action,
        resource_kind: "master_key",
        resource_id: key,
        outcome: Outcome::Allowed,
        detail,
    };
    audit::insert(&mut tx, &entry, now).await?;
    tx.commit().await
}
