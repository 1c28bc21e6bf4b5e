//! `referloop direct anchors`: whom our addresses trust.

use super::listed;
use crate::app::App;
use crate::cli::answer::Answer;
use crate::direct::certificate::Certificate;
use crate::direct::trust::anchors::{Direction, HoldsFor};
use crate::domain::people::Actor;
use crate::referrals::trust::anchors::{self, Holding};
use crate::referrals::trust::holder;
use crate::store;
use anyhow::Context;
use clap::{Args, Subcommand};
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum AnchorsCommand {
    /// All anchors, with where they came from.
    List(List),
    /// Trust whoever's certificate leads to this one.
    ///
    /// Only add a certificate whose fingerprint you confirmed by another way.
    Add(Add),
    /// Cease to trust an anchor that was added by hand. What came with a bundle goes with the bundle.
    Remove(Remove),
}

/// For which of our addresses, and for which messages.
#[derive(Debug, Args)]
pub struct For {
    /// An address or a domain of ours; without it our Direct domain. An address that has anchors of its own trusts those alone.
    #[arg(long = "for", value_name = "NAME")]
    pub name: Option<HoldsFor>,
    /// For what comes to us alone; without either, for both ways.
    #[arg(long, conflicts_with = "outgoing")]
    pub incoming: bool,
    /// For what we send alone.
    #[arg(long)]
    pub outgoing: bool,
}

impl For {
    pub async fn holding(&self, app: &App) -> anyhow::Result<Holding> {
        let directions = match (self.incoming, self.outgoing) {
            (true, _) => vec![Direction::Incoming],
            (_, true) => vec![Direction::Outgoing],
            _ => Direction::BOTH.to_vec(),
        };
        Ok(Holding {
            holds_for: holder(app, self.name.as_ref()).await?,
            directions,
        })
    }
}

#[derive(Debug, Args)]
pub struct List {
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Add {
    /// The certificate, PEM or DER.
    certificate: PathBuf,
    #[command(flatten)]
    place: For,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Remove {
    /// SHA-256 of the certificate, as `list` shows it.
    fingerprint: String,
    #[command(flatten)]
    place: For,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn run(app: &App, command: AnchorsCommand, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        AnchorsCommand::List(arguments) => list(app, &arguments, out).await,
        AnchorsCommand::Add(arguments) => add(app, &arguments, out).await,
        AnchorsCommand::Remove(arguments) => remove(app, &arguments, out).await,
    }
}

async fn list(app: &App, arguments: &List, out: &mut impl Write) -> anyhow::Result<()> {
    let mut tx = app.db.read().await?;
    let anchors = store::anchors::list(&mut tx).await?;
    drop(tx);
    let mut items = Vec::new();
    let mut lines = Vec::new();
    for anchor in &anchors {
        let name = Certificate::from_der(&anchor.certificate).map_or_else(|_| String::new(), |read| read.subject());
        lines.push(format!(
            "{}  {:<8}  until {}  {}  {name}",
            anchor.holds_for,
            anchor.direction,
            anchor.not_after.format("%Y-%m-%d"),
            anchor.fingerprint
        ));
        items.push(json!({
            "for": anchor.holds_for,
            "direction": anchor.direction,
            "fingerprint": anchor.fingerprint,
            "subject": name,
            "source": anchor.source,
            "not_after": anchor.not_after,
            "added_by": anchor.added_by,
            "created_at": anchor.created_at,
        }));
    }
    let none = "No anchors: only partners whose certificates the directory holds are trusted.";
    listed(&items, lines, none, arguments.json, out)
}

async fn add(app: &App, arguments: &Add, out: &mut impl Write) -> anyhow::Result<()> {
    let file = &arguments.certificate;
    let bytes = std::fs::read(file).with_context(|| format!("{} could not be read", file.display()))?;
    let certificate = Certificate::parse(&bytes).with_context(|| format!("{} can't be used", file.display()))?;
    let holding = arguments.place.holding(app).await?;
    let is_new = anchors::add(app, &Actor::Operator, &certificate, &holding).await?;
    let (key, fingerprint) = (holding.holds_for.key(), certificate.fingerprint());
    let what = if is_new { "Added" } else { "Already there:" };
    let lines = [
        format!(
            "{what} {} for {key}, {}.",
            certificate.subject(),
            words(holding.direction())
        ),
        format!("SHA-256 {fingerprint}"),
    ];
    let json = json!({
        "fingerprint": fingerprint,
        "subject": certificate.subject(),
        "for": key,
        "direction": holding.direction(),
        "added": is_new,
    });
    Answer {
        json: &json,
        lines: &lines,
    }
    .write(arguments.json, out)
}

async fn remove(app: &App, arguments: &Remove, out: &mut impl Write) -> anyhow::Result<()> {
    let holding = arguments.place.holding(app).await?;
    let fingerprint = arguments.fingerprint.replace(':', "").to_ascii_lowercase();
    anchors::remove(app, &Actor::Operator, &fingerprint, &holding).await?;
    let key = holding.holds_for.key();
    Answer {
        json: &json!({ "fingerprint": fingerprint, "for": key, "direction": holding.direction(), "removed": true }),
        lines: &[format!("{key} no longer trusts it, {}.", words(holding.direction()))],
    }
    .write(arguments.json, out)
}

pub fn words(direction: &str) -> &'static str {
    match direction {
        "incoming" => "for what comes in",
        "outgoing" => "for what goes out",
        _ => "both ways",
    }
}
