//! `referloop audit`: whether the log of who did what is as it was written.

use super::answer::Answer;
use crate::app::App;
use crate::audit::checkpoint::Checkpoints;
use crate::audit::export::{self, Period};
use crate::domain::people::Actor;
use crate::store;
use crate::store::audit_chain::{self, Fault};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use clap::{Args, Subcommand};
use std::io::Write;
use std::process::ExitCode;

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Check every row of the audit log, the chain of all and its checkpoints. Exit code 0 when the log is whole, 1 when not.
    Verify(Verify),
    /// Print a stretch of the log as FHIR AuditEvents (IHE BALP), one a line. It leaves a row of its own.
    Export(Export),
}

#[derive(Debug, Args)]
pub struct Export {
    /// From this time on, as `2026-11-28` or `2026-11-28T08:00:00Z`; from the first row unless given.
    #[arg(long, value_parser = time)]
    since: Option<DateTime<Utc>>,
    /// Until before this time; until now unless given.
    #[arg(long, value_parser = time)]
    until: Option<DateTime<Utc>>,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = Format::FhirNdjson)]
    format: Format,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum Format {
    /// One AuditEvent a line.
    FhirNdjson,
}

/// A day begins at midnight UTC.
fn time(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Ok(day.and_time(NaiveTime::MIN).and_utc());
    }
    DateTime::parse_from_rfc3339(text)
        .map(|time| time.with_timezone(&Utc))
        .map_err(|_| "give a day as 2026-11-28, or a time as 2026-11-28T08:00:00Z".to_owned())
}

#[derive(Debug, Args)]
pub struct Verify {
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn run(app: &App, command: AuditCommand, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    match command {
        AuditCommand::Verify(arguments) => verify(app, &arguments, out).await,
        AuditCommand::Export(arguments) => export(app, &arguments, out).await,
    }
}

const EXPORTED_AT_A_TIME: u32 = 500;

async fn export(app: &App, arguments: &Export, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let Format::FhirNdjson = arguments.format;
    let period = Period::new(arguments.since, arguments.until, app.clock.now());
    export::begin(app, &Actor::Operator, period).await?;
    let mut after = None;
    loop {
        let rows = export::page(app, period, after.as_ref(), EXPORTED_AT_A_TIME).await?;
        for row in &rows {
            writeln!(out, "{}", export::event(app, row))?;
        }
        match rows.into_iter().next_back() {
            Some(last) => after = Some(last.id),
            None => return Ok(ExitCode::SUCCESS),
        }
    }
}

async fn verify(app: &App, arguments: &Verify, out: &mut impl Write) -> anyhow::Result<ExitCode> {
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
