//! `referloop direct edge`: by which accounts our HISP hands messages over.

use crate::app::App;
use crate::auth::edge;
use crate::cli::answer::Answer;
use crate::domain::people::Actor;
use crate::store;
use clap::{Args, Subcommand};
use std::io::Write;

#[derive(Debug, Subcommand)]
pub enum EdgeCommand {
    /// Make an account by which the HISP signs in at our mail listener. Its password is shown this once: write it down.
    Add(Named),
    /// List the accounts, without their passwords.
    List(List),
    /// Close an account: who signs in by it is refused from now on.
    Remove(Named),
}

#[derive(Debug, Args)]
pub struct Named {
    /// The name that the HISP signs in with: letters, digits, `-`, `_`, `.`, `@`.
    name: String,
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

pub async fn run(app: &App, command: EdgeCommand, out: &mut impl Write) -> anyhow::Result<()> {
    let now = app.clock.now();
    match command {
        EdgeCommand::Add(Named { name, json }) => {
            let password = edge::add(&app.db, &Actor::Operator, &name, now).await?;
            let lines = [
                format!("Made the account {name}. Its password is shown only now:"),
                format!("  {password}"),
            ];
            let made = serde_json::json!({ "name": name, "password": password });
            Answer {
                json: &made,
                lines: &lines,
            }
            .write(json, out)
        }
        EdgeCommand::Remove(Named { name, json }) => {
            edge::remove(&app.db, &Actor::Operator, &name, now).await?;
            let lines = [format!("{name} can't sign in any more.")];
            Answer {
                json: &serde_json::json!({ "name": name }),
                lines: &lines,
            }
            .write(json, out)
        }
        EdgeCommand::List(List { json }) => {
            let mut tx = app.db.read().await?;
            let accounts = store::edge_accounts::list(&mut tx).await?;
            let lines: Vec<String> = accounts
                .iter()
                .map(|account| format!("{}  since {}", account.name, account.created_at.format("%Y-%m-%d")))
                .collect();
            let items: Vec<_> = accounts
                .iter()
                .map(|account| serde_json::json!({ "name": account.name, "created_at": account.created_at }))
                .collect();
            Answer {
                json: &serde_json::json!({ "items": items }),
                lines: &lines,
            }
            .write(json, out)
        }
    }
}
