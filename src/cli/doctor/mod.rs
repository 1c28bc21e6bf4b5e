//! `referloop doctor`: what Referloop stands on, checked one by one, each problem with the command that mends it.

mod checks;
mod mail;
mod reader;
mod tls;

use crate::config::{Config, ConfigError};
use clap::Args;
use serde::Serialize;
use std::io::Write;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Doctor {
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Check {
    name: &'static str,
    /// Null where it could not be looked at, since something before it is broken.
    ok: Option<bool>,
    detail: String,
    /// A shell command. Run it, then run doctor again.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<String>,
}

impl Check {
    pub(super) fn good(name: &'static str, detail: impl Into<String>) -> Self {
        Self {
            name,
            ok: Some(true),
            detail: detail.into(),
            fix: None,
        }
    }

    pub(super) fn bad(name: &'static str, detail: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            name,
            ok: Some(false),
            detail: detail.into(),
            fix: Some(fix.into()),
        }
    }

    pub(super) fn skipped(name: &'static str, detail: impl Into<String>) -> Self {
        Self {
            name,
            ok: None,
            detail: detail.into(),
            fix: None,
        }
    }
}

#[derive(Serialize)]
struct Report<'a> {
    healthy: bool,
    checks: &'a [Check],
}

pub async fn run(
    config: Result<Config, ConfigError>,
    arguments: Doctor,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    report(&Box::pin(checks::all(config)).await, arguments.json, out)
}

/// Prints what was looked at.
pub(super) fn report(checks: &[Check], as_json: bool, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let healthy = checks.iter().all(|check| check.ok != Some(false));
    if as_json {
        writeln!(out, "{}", serde_json::to_string(&Report { healthy, checks })?)?;
    } else {
        print(checks, healthy, out)?;
    }
    Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(checks: &[Check], healthy: bool, out: &mut impl Write) -> anyhow::Result<()> {
    for check in checks {
        let mark = match check.ok {
            Some(true) => "ok  ",
            Some(false) => "BAD ",
            None => "  - ",
        };
        writeln!(out, "{mark} {:<14} {}", check.name, check.detail)?;
        if let Some(fix) = &check.fix {
            writeln!(out, "     to mend it:   {fix}")?;
        }
    }
    let end = if healthy {
        "All is well."
    } else {
        "Mend what is BAD from the top, and run doctor again."
    };
    writeln!(out, "{end}")?;
    Ok(())
}
