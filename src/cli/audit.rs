//! `referloop audit`: whether the log of who did what is as it was written.

use super::answer::Answer;
use crate::app::App;
use crate::audit::checkpoint::Checkpoints;
use crate::store;
use crate::store::audit_chain::{self, Fault};
use clap::{Args, Subcommand};
use std::io::Write;
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Check every row of the audit log, the chain of all and its checkpoints. Exit code 0 when the log is whole, 1 when not.
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
    let checkpoints = Checkpoints::of(app).read().await?;
    let mut tx = app.db.read().await?;
    let found = store::audit::verify(&mut tx).await?;
    let faults = audit_chain::verify(&mut tx, &checkpoints, app.clock.now()).await?;
    drop(tx);
    let whole = found.wrong.is_empty() && faults.is_empty();
    let mut lines: Vec<String> = found
        .wrong
        .iter()
        .map(|id| format!("{id} is not as it was written"))
        .collect();
    lines.extend(faults.iter().map(told));
    lines.push(format!(
        "{} rows, {} of them wrong; {} checkpoints; {} faults of the chain",
        found.rows,
        found.wrong.len(),
        checkpoints.len(),
        faults.len(),
    ));
    let json = serde_json::json!({
        "whole": whole,
        "rows": found.rows,
        "wrong": found.wrong,
        "checkpoints": checkpoints.len(),
        "faults": faults,
    });
    Answer {
        json: &json,
        lines: &lines,
    }
    .write(arguments.json, out)?;
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn told(fault: &Fault) -> String {
    match fault {
        Fault::Gap { seq } => format!("link {seq} is gone"),
        Fault::RowMissing { seq, audit } => format!("{audit}, the row of link {seq}, is gone"),
        Fault::Broken { seq, audit } => format!("link {seq} does not fit {audit} and the link before"),
        Fault::Unlinked { audit } => format!("{audit} has no link; is `referloop serve` or `work` running?"),
        Fault::Cut { seq } => {
            format!("the chain ends before link {seq}, of which there is a checkpoint: cut off, or an old backup")
        }
        Fault::Rewritten { seq } => format!("link {seq} is not the one that a checkpoint was made of"),
    }
}
