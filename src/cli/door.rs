//! `referloop door`: the ways in for fax gateways.

use super::answer::Answer;
use super::deliveries;
use crate::app::App;
use crate::auth::doors::{self, NewDoor};
use crate::domain::people::Actor;
use crate::store;
use anyhow::Context;
use clap::{Args, Subcommand};
use std::io::{Read, Write};

#[derive(Debug, Subcommand)]
pub enum DoorCommand {
    /// Open a door for a fax gateway. Its path, token and secret are shown this once: write them down.
    Add(Add),
    /// List the doors, without their secrets.
    List(List),
    /// Hold a list of what the gateway delivered against what is here. What is missing stands on the desk.
    Reconcile(deliveries::Reconcile),
    /// Give the API key of a carrier that can be asked what it delivered (`phaxio`), as `key:secret` on standard input.
    Account(deliveries::Account),
}

#[derive(Debug, Args)]
pub struct Add {
    /// A name for the door, for people: letters, digits, `-`, `_`, `.`.
    name: String,
    /// What kind of gateway: `generic` (anything that can post a file) or `phaxio`.
    #[arg(long, default_value = "generic")]
    kind: String,
    /// How the gateway reaches this server, as `https://fax.clinic.example`. Phaxio needs it: it signs the URL.
    #[arg(long, value_name = "URL")]
    public_base: Option<String>,
    /// Read the secret from standard input. Phaxio makes it up itself: its callback token.
    #[arg(long)]
    secret_stdin: bool,
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

pub async fn run(app: &App, command: DoorCommand, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        DoorCommand::Add(arguments) => add(app, arguments, out).await,
        DoorCommand::List(arguments) => list(app, &arguments, out).await,
        DoorCommand::Reconcile(arguments) => deliveries::check(app, arguments, out).await,
        DoorCommand::Account(arguments) => deliveries::set_account(app, arguments, out).await,
    }
}

async fn add(app: &App, arguments: Add, out: &mut impl Write) -> anyhow::Result<()> {
    let secret = if arguments.secret_stdin {
        Some(secret_from_stdin()?)
    } else {
        None
    };
    let new = NewDoor {
        name: arguments.name,
        kind: arguments.kind,
        public_base: arguments.public_base,
        secret,
    };
    let opened = doors::add(&app.db, &Actor::Operator, new, app.clock.now()).await?;
    let mut lines = vec![
        format!("Opened {}. These are shown only now:", opened.door),
        format!("  path    {}", opened.path),
        format!("  token   {}   (send as `Authorization: Bearer …`)", opened.token),
        format!("  secret  {}   (signs `X-Signature`)", opened.secret),
    ];
    if let Some(url) = &opened.url {
        lines.push(format!("  url     {url}   (type it at the gateway exactly so)"));
    }
    Answer {
        json: &opened,
        lines: &lines,
    }
    .write(arguments.json, out)
}

/// Not an argument: other users of the machine can read those.
fn secret_from_stdin() -> anyhow::Result<String> {
    let mut secret = String::new();
    std::io::stdin()
        .read_to_string(&mut secret)
        .context("the secret could not be read from standard input")?;
    Ok(secret)
}

async fn list(app: &App, arguments: &List, out: &mut impl Write) -> anyhow::Result<()> {
    let mut tx = app.db.read().await?;
    let doors = store::doors::list(&mut tx).await?;
    let lines: Vec<String> = doors
        .iter()
        .map(|door| {
            let state = if door.disabled_at.is_some() { "closed" } else { "open" };
            format!("{}  {:<20} {:<10} {state}", door.id, door.name, door.kind)
        })
        .collect();
    let items: Vec<_> = doors
        .iter()
        .map(|door| {
            serde_json::json!({
                "door": door.id,
                "name": door.name,
                "kind": door.kind,
                "created_at": door.created_at,
                "disabled_at": door.disabled_at,
            })
        })
        .collect();
    Answer {
        json: &serde_json::json!({ "items": items }),
        lines: &lines,
    }
    .write(arguments.json, out)
}
