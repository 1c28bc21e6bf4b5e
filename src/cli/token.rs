//! `referloop token`: API tokens for programs.

use super::answer::Answer;
use crate::app::App;
use crate::auth::bearer::{self, NewToken};
use crate::domain::ids::TokenId;
use crate::domain::people::{Actor, Scope};
use crate::domain::site::{SiteKey, Sites};
use crate::store;
use chrono::TimeDelta;
use clap::{Args, Subcommand};
use std::io::Write;

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token for the API. It is shown this once: write it down.
    Add(Add),
    /// List the tokens, without their secrets.
    List(List),
    /// End a token at once.
    Revoke(Revoke),
}

#[derive(Debug, Args)]
pub struct Add {
    /// What the token may do: `read`, `intake` (bring documents in), `act` (read, correct and move referrals) or
    /// `admin` (everything).
    #[arg(long)]
    scope: Scope,
    /// A name, so that you know later whose it is.
    #[arg(long, default_value = "token")]
    name: String,
    /// A site that it reaches, by its short name; give it again for more. Without it, it reaches every site.
    #[arg(long = "site", value_name = "SITE")]
    sites: Vec<SiteKey>,
    /// After how many days it ends. Without it, it lasts until it is revoked.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16).range(1..))]
    days: Option<u16>,
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

#[derive(Debug, Args)]
pub struct Revoke {
    /// The token's id, as `referloop token list` shows it.
    id: TokenId,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn run(app: &App, command: TokenCommand, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        TokenCommand::Add(arguments) => add(app, arguments, out).await,
        TokenCommand::List(arguments) => list(app, &arguments, out).await,
        TokenCommand::Revoke(Revoke { id, json }) => {
            bearer::revoke(&app.db, &Actor::Operator, &id, app.clock.now()).await?;
            let lines = [format!("{id} is worth nothing any more.")];
            Answer {
                json: &serde_json::json!({ "id": id }),
                lines: &lines,
            }
            .write(json, out)
        }
    }
}

async fn add(app: &App, arguments: Add, out: &mut impl Write) -> anyhow::Result<()> {
    let now = app.clock.now();
    let expires_at = arguments.days.map(|days| now + TimeDelta::days(i64::from(days)));
    let new = NewToken {
        name: &arguments.name,
        scope: arguments.scope,
        sites: Sites::of(arguments.sites),
        expires_at,
    };
    let (token, secret) = bearer::add(&app.db, &Actor::Operator, new, now).await?;
    let json = serde_json::json!({
        "token": secret,
        "id": token.id,
        "scope": token.scope,
        "sites": token.sites.chosen(),
        "expires_at": expires_at,
    });
    let lines = [
        secret.clone(),
        format!("This is shown only now. Its id is {}.", token.id),
    ];
    Answer {
        json: &json,
        lines: &lines,
    }
    .write(arguments.json, out)
}

async fn list(app: &App, arguments: &List, out: &mut impl Write) -> anyhow::Result<()> {
    let mut tx = app.db.read().await?;
    let tokens = store::tokens::list(&mut tx).await?;
    let lines: Vec<String> = tokens
        .iter()
        .map(|token| {
            let state = if token.revoked_at.is_some() { "revoked" } else { "live" };
            let sites = token.sites.chosen().map_or_else(|| "every site".to_owned(), joined);
            format!("{}  {:<8} {:<20} {state:<8} {sites}", token.id, token.scope, token.name)
        })
        .collect();
    let items: Vec<_> = tokens
        .iter()
        .map(|token| {
            serde_json::json!({
                "id": token.id,
                "name": token.name,
                "scope": token.scope,
                "sites": token.sites.chosen(),
                "created_at": token.created_at,
                "expires_at": token.expires_at,
                "revoked_at": token.revoked_at,
                "last_used_at": token.last_used_at,
            })
        })
        .collect();
    Answer {
        json: &serde_json::json!({ "items": items }),
        lines: &lines,
    }
    .write(arguments.json, out)
}

fn joined(sites: &[SiteKey]) -> String {
    sites.iter().map(SiteKey::as_str).collect::<Vec<_>>().join(", ")
}
