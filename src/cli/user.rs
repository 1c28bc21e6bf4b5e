//! `referloop user`: the accounts of people.

use super::answer::Answer;
use super::secret;
use crate::app::App;
use crate::auth::accounts;
use crate::domain::people::Role;
use clap::{Args, Subcommand};
use std::io::Write;

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
            let user = accounts::add(&app.db, &name, role, &secret::asked("Password")?, now).await?;
            let lines = [format!("Made the account {name} with the role {role}.")];
            let answer = serde_json::json!({ "user": user.id, "name": name, "role": role });
            Answer {
                json: &answer,
                lines: &lines,
            }
            .write(json, out)
        }
        UserCommand::Passwd(Named { name, json }) => {
            accounts::set_password(&app.db, &name, &secret::asked("Password")?, now).await?;
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
