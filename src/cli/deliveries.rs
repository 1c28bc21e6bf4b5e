//! `referloop door reconcile` and `door account`: what a gateway says it delivered, by hand and by the carrier's API.

use super::answer::Answer;
use crate::app::App;
use crate::domain::people::Actor;
use crate::doors::delivered::Delivered;
use crate::doors::{self, history};
use crate::pipeline::reconcile;
use crate::store;
use crate::store::audit::{self, Outcome};
use crate::store::door_checks::ApiAccount;
use crate::store::doors::Door;
use anyhow::Context;
use clap::Args;
use std::io::{Read, Write};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct Reconcile {
    /// The door's name.
    name: String,
    /// What the gateway says it delivered: JSON as a gateway posts it, or CSV (`.csv`) with the columns `fax_id` and, where
    /// known, `received_at`.
    file: PathBuf,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Account {
    /// The door's name.
    name: String,
    /// Where the carrier's API is, when not at its usual address.
    #[arg(long, value_name = "URL")]
    base: Option<String>,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

async fn find(app: &App, name: &str) -> anyhow::Result<Door> {
    let mut tx = app.db.read().await?;
    let door = store::doors::find_by_name(&mut tx, name).await?;
    door.with_context(|| format!("there is no door called `{name}`; `referloop door list` shows those there are"))
}

pub async fn check(app: &App, arguments: Reconcile, out: &mut impl Write) -> anyhow::Result<()> {
    let door = find(app, &arguments.name).await?;
    let file = arguments.file;
    let bytes = std::fs::read(&file).with_context(|| format!("{} could not be read", file.display()))?;
    let is_csv = file
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    let list = if is_csv {
        Delivered::from_csv(&bytes)
    } else {
        Delivered::from_json(&bytes)
    };
    let list = list.with_context(|| format!("{} can't be used", file.display()))?;
    let found = reconcile::reconcile(app, &Actor::Operator, &door.id, &list).await?;
    let mut lines = vec![format!(
        "{} listed, {} here, {} missing ({} of them new)",
        found.listed, found.held, found.missing, found.new
    )];
    if found.missing > 0 {
        lines.push("The missing ones stand on the desk, under `Delivered, but not here`.".to_owned());
    }
    if found.unusable > 0 {
        lines.push(format!(
            "{} entries have no usable fax_id and were not looked for.",
            found.unusable
        ));
    }
    Answer {
        json: &found,
        lines: &lines,
    }
    .write(arguments.json, out)
}

/// The key comes from standard input: other users of the machine can read arguments.
pub async fn set_account(app: &App, arguments: Account, out: &mut impl Write) -> anyhow::Result<()> {
    let door = find(app, &arguments.name).await?;
    let carrier = doors::carrier(&door.kind).and_then(doors::Carrier::history);
    let carrier = carrier.with_context(|| {
        format!(
            "a gateway of the kind `{}` can't be asked; have its list posted, or use `door reconcile`",
            door.kind
        )
    })?;
    let mut key = String::new();
    std::io::stdin()
        .read_to_string(&mut key)
        .context("the API key could not be read from standard input")?;
    let key = key.trim().to_owned();
    anyhow::ensure!(
        key.split_once(':')
            .is_some_and(|(key, secret)| !key.is_empty() && !secret.is_empty()),
        "standard input must hold the API key and its secret as `key:secret`"
    );
    let base = arguments.base.unwrap_or_else(|| carrier.usual_base().to_owned());
    history::base(&base)?;
    let account = ApiAccount { base, key };
    let now = app.clock.now();
    let entry = audit::Entry {
        actor: &Actor::Operator,
        action: "set_door_account",
        resource_kind: "door",
        resource_id: door.id.as_str(),
        outcome: Outcome::Allowed,
        detail: serde_json::json!({}),
    };
    let mut tx = app.db.begin().await?;
    store::door_checks::set_account(&mut tx, &door.id, &account).await?;
    audit::insert(&mut tx, &entry, now).await?;
    tx.commit().await?;
    reconcile::ask_soon(app).await?;
    let lines = [format!(
        "{} is asked at {} what it delivered, every hour and now.",
        door.name, account.base
    )];
    Answer {
        json: &serde_json::json!({ "door": door.id, "base": account.base }),
        lines: &lines,
    }
    .write(arguments.json, out)
}
