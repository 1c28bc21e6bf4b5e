//! `referloop deliveries`: what went back to referrers, and what proves it.

use super::answer::Answer;
use crate::app::App;
use crate::domain::ids::DeliveryId;
use crate::domain::people::Actor;
use crate::referrals::delivery;
use crate::store::audit::{self, Outcome};
use anyhow::Context;
use clap::{Args, Subcommand};
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum DeliveriesCommand {
    /// Print what proves a delivery as a PDF: addresses, times, digest, certificates, and the partner's notifications.
    ///
    /// The delivery's id stands on its referral's page and in the API, as `dlv_…`.
    Certificate(Certificate),
}

#[derive(Debug, Args)]
pub struct Certificate {
    /// The delivery's id.
    id: String,
    /// The file to write, `ID.pdf` here unless given.
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn run(app: &App, command: DeliveriesCommand, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        DeliveriesCommand::Certificate(arguments) => certificate(app, arguments, out).await,
    }
}

async fn certificate(app: &App, arguments: Certificate, out: &mut impl Write) -> anyhow::Result<()> {
    let unknown = || {
        format!(
            "there is no delivery `{}`; its referral's page shows its id",
            arguments.id
        )
    };
    let id: DeliveryId = arguments.id.parse().ok().with_context(unknown)?;
    let (referral, pdf) = delivery::certificate(app, &id).await?.with_context(unknown)?;
    let entry = audit::Entry {
        actor: &Actor::Operator,
        action: "view",
        resource_kind: "delivery",
        resource_id: id.as_str(),
        outcome: Outcome::Allowed,
        detail: serde_json::json!({}),
    };
    let mut tx = app.db.begin().await?;
    audit::insert(&mut tx, &entry, app.clock.now()).await?;
    tx.commit().await?;
    let file = arguments.to.unwrap_or_else(|| PathBuf::from(format!("{id}.pdf")));
    let mut written = std::fs::File::create(&file).with_context(|| format!("{} could not be made", file.display()))?;
    written
        .write_all(&pdf)
        .with_context(|| format!("{} could not be written", file.display()))?;
    let json = serde_json::json!({ "delivery": id, "referral": referral, "file": file });
    let lines = [format!("{} certifies {id}, of {referral}.", file.display())];
    Answer {
        json: &json,
        lines: &lines,
    }
    .write(arguments.json, out)
}
