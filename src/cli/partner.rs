//! `referloop partner`: whom we exchange Direct messages with.

use super::answer::Answer;
use crate::app::App;
use crate::direct::certificate::{Certificate, CertificateProblem, Use};
use crate::domain::people::Actor;
use crate::store;
use crate::store::audit::{self, Outcome};
use crate::store::partners::PartnerCertificate;
use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum PartnerCommand {
    /// Trust a partner's certificate: messages to its address are encrypted to it, and its signature is accepted.
    ///
    /// Only add a certificate whose fingerprint you confirmed with the partner by another way, as by phone.
    Add(Add),
}

#[derive(Debug, Args)]
pub struct Add {
    /// The certificate, PEM or DER. It must name a Direct address or a domain.
    certificate: PathBuf,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn run(app: &App, command: PartnerCommand, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        PartnerCommand::Add(arguments) => add(app, &arguments, out).await,
    }
}

async fn add(app: &App, arguments: &Add, out: &mut impl Write) -> anyhow::Result<()> {
    let file = &arguments.certificate;
    let bytes = std::fs::read(file).with_context(|| format!("{} could not be read", file.display()))?;
    let now = app.clock.now();
    let row = usable(&bytes, now).with_context(|| format!("{} can't be used", file.display()))?;
    let mut tx = app.db.begin().await?;
    let is_new = store::partners::insert(&mut tx, &row).await?;
    if is_new {
        let entry = audit::Entry {
            actor: &Actor::Operator,
            action: "add_partner_certificate",
            resource_kind: "partner_certificate",
            resource_id: &row.fingerprint,
            outcome: Outcome::Allowed,
            detail: serde_json::json!({}),
        };
        audit::insert(&mut tx, &entry, now).await?;
    }
    tx.commit().await?;
    let json = serde_json::json!({
        "fingerprint": row.fingerprint,
        "bound_to": row.bound_to,
        "not_after": row.not_after,
        "added": is_new,
    });
    let what = if is_new { "Added" } else { "Already known:" };
    let lines = [
        format!(
            "{what} the certificate of {}, good until {}.",
            row.bound_to,
            row.not_after.format("%Y-%m-%d")
        ),
        format!("SHA-256 {}", row.fingerprint),
    ];
    Answer {
        json: &json,
        lines: &lines,
    }
    .write(arguments.json, out)
}

/// The certificate as a row, if messages may be encrypted to it.
fn usable(bytes: &[u8], now: DateTime<Utc>) -> Result<PartnerCertificate, CertificateProblem> {
    let certificate = Certificate::parse(bytes)?;
    certificate.check(Use::Encrypting, now)?;
    let bound_to = certificate.bound_to().ok_or(CertificateProblem::Unbound)?.to_owned();
    let not_after = certificate.not_after().ok_or(CertificateProblem::Malformed)?;
    Ok(PartnerCertificate {
        fingerprint: certificate.fingerprint(),
        bound_to,
        der: certificate.to_der(),
        not_after,
        created_at: now,
    })
}
