//! `referloop user`: the accounts of people.

use super::answer::Answer;
use crate::app::App;
use crate::auth::accounts;
use crate::domain::people::Role;
use anyhow::Context;
use clap::{Args, Subcommand};
use std::io::{IsTerminal, Write};
use std::process::Command;
use zeroize::Zeroizing;

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Make an account. The password is read from standard input: its first line.
    Add(Add),
    /// Set another password, read from standard input, and end all of the account's sessions.
    Passwd(Named),
    /// Close an account and end all of its sessions. Its history stays.
    Disable(Named),
}

#[derive(Debug, Args)]
pub struct Add {
    /// The name to sign in with.
    name: String,
    /// What the person does: reviewer (checks what was read), coordinator (schedules), clinician (sees the patient and
    /// writes the note), referrer (sent the patient), auditor (reads the log) or admin (all of it).
    #[arg(long)]
    role: Role,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Named {
    /// The account's name.
    name: String,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn run(app: &App, command: UserCommand, out: &mut impl Write) -> anyhow::Result<()> {
    let now = app.clock.now();
    match command {
        UserCommand::Add(Add { name, role, json }) => {
            let user = accounts::add(&app.db, &name, role, &password()?, now).await?;
            let lines = [format!("Made the account {name} with the role {role}.")];
            let answer = serde_json::json!({ "user": user.id, "name": name, "role": role });
            Answer {
                json: &answer,
                lines: &lines,
            }
            .write(json, out)
        }
        UserCommand::Passwd(Named { name, json }) => {
            accounts::set_password(&app.db, &name, &password()?, now).await?;
            let lines = [format!("{name} has another password; all sessions are ended.")];
            Answer {
                json: &serde_json::json!({ "name": name }),
                lines: &lines,
            }
            .write(json, out)
        }
        UserCommand::Disable(Named { name, json }) => {
            accounts::disable(&app.db, &name, now).await?;
            let lines = [format!("Closed the account {name}; all sessions are ended.")];
            Answer {
                json: &serde_json::json!({ "name": name }),
                lines: &lines,
            }
            .write(json, out)
        }
    }
}

/// Not an argument, since other users of the machine can read those.
fn password() -> anyhow::Result<Zeroizing<String>> {
    let terminal = std::io::stdin().is_terminal();
    if terminal {
        write!(std::io::stderr(), "Password: ")?;
        echo("-echo");
    }
    let mut line = Zeroizing::new(String::new());
    let read = std::io::stdin().read_line(&mut line);
    if terminal {
        echo("echo");
        writeln!(std::io::stderr())?;
    }
    read.context("the password could not be read from standard input")?;
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}

/// Where the terminal can't be told, the password shows: better than none.
fn echo(setting: &str) {
    let _ = Command::new("stty").arg(setting).status();
}
