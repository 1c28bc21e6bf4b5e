//! `referloop direct verify`: why a message is or is not accepted.

use super::explained::Explained;
use crate::app::App;
use crate::cli::answer::Answer;
use crate::direct::address::Address;
use crate::direct::identity::Identity;
use crate::direct::incoming::{Envelope, explain};
use crate::pipeline::message::grounds;
use crate::referrals::trust::lacking;
use anyhow::Context;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Verify {
    /// The message as it came, headers and all.
    message: PathBuf,
    /// Who sent it by the SMTP envelope, or `<>`; without it the outer From.
    #[arg(long, value_name = "ADDRESS")]
    from: Option<String>,
    /// Whom it came to by the SMTP envelope, once each; without it those of the outer To and Cc that are ours.
    #[arg(long, value_name = "ADDRESS")]
    to: Vec<Address>,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn run(app: &App, arguments: &Verify, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let file = &arguments.message;
    let raw = std::fs::read(file).with_context(|| format!("{} could not be read", file.display()))?;
    let mut tx = app.db.read().await?;
    let grounds = grounds(app, &mut tx).await?;
    drop(tx);
    let envelope = envelope(&raw, arguments, &grounds.identities)?;
    let mut explanation = explain(&raw, &envelope, &grounds.judge(app.clock.now()));
    if lacking::fetch(app, &grounds.trust).await? {
        let mut tx = app.db.read().await?;
        let grounds = self::grounds(app, &mut tx).await?;
        drop(tx);
        explanation = explain(&raw, &envelope, &grounds.judge(app.clock.now()));
    }
    let explained = Explained::new(&explanation);
    Answer {
        json: &explained.json,
        lines: &explained.lines,
    }
    .write(arguments.json, out)?;
    Ok(if explanation.outcome.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The envelope that was told; what was not is guessed from the outer headers, which a real judgement never believes.
fn envelope(raw: &[u8], arguments: &Verify, identities: &[Identity]) -> anyhow::Result<Envelope> {
    let mut envelope = Envelope::guessed(raw);
    let is_ours = |address: &Address| identities.iter().any(|ours| ours.certificate().binds(address));
    if envelope.rcpt_to.iter().any(is_ours) {
        envelope.rcpt_to.retain(is_ours);
    }
    if !arguments.to.is_empty() {
        envelope.rcpt_to.clone_from(&arguments.to);
    }
    match arguments.from.as_deref() {
        None => {}
        Some("" | "<>") => envelope.mail_from = None,
        Some(from) => envelope.mail_from = Some(from.parse().context("--from")?),
    }
    Ok(envelope)
}
