//! `referloop audit`: whether the log of who did what is as it was written.

use super::answer::Answer;
use crate::app::App;
use crate::store;
use clap::{Args, Subcommand};
use std::io::Write;
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Check every row of the audit log against its MAC. Exit code 0 when the log is whole, 1 when a row was changed.
    Verify(Verify),
}

#[derive(Debug, Args)]
pub struct Verify {
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn run(app: &App, command: AuditCommand, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let AuditCommand::Verify(arguments) = command;
    let mut tx = app.db.read().await?;
    let found = store::audit::verify(&mut tx).await?;
    let whole = found.wrong.is_empty();
    let mut lines: Vec<String> = found
        .wrong
        .iter()
        .map(|id| format!("{id} is not as it was written"))
        .collect();
    lines.push(format!("{} rows, {} of them wrong", found.rows, found.wrong.len()));
    let json = serde_json::json!({ "whole": whole, "rows": found.rows, "wrong": found.wrong });
    Answer {
        json: &json,
        lines: &lines,
    }
    .write(arguments.json, out)?;
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
