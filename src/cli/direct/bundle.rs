//! `referloop direct bundle`: the anchors of a community in one file.

use super::anchors::{For, words};
use super::listed;
use crate::app::App;
use crate::cli::answer::Answer;
use crate::direct::certificate::Certificate;
use crate::domain::ids::BundleId;
use crate::domain::people::Actor;
use crate::referrals::trust::bundles::{self, Source};
use crate::store;
use crate::store::anchors::StoredBundle;
use anyhow::Context;
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub enum BundleCommand {
    /// All bundles, with when they were last read.
    List(List),
    /// Trust all anchors of a bundle (.p7b or .p7m), now and as it changes.
    Add(Add),
    /// Read bundles anew now; without a name, all that have a URL.
    Refresh(Refresh),
    /// Remove a bundle with the anchors that came by it alone.
    Remove(Remove),
}

#[derive(Debug, Args)]
pub struct List {
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Add {
    /// A URL, which is read anew every day, or a file, which is read this once. Unsigned ones need https.
    source: String,
    /// The certificate that must have signed it, PEM or DER. Without it, it must come by https or from a file, and
    /// whoever signed it now must do so ever after.
    #[arg(long, value_name = "FILE")]
    signer: Option<PathBuf>,
    #[command(flatten)]
    place: For,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Refresh {
    /// As `list` shows it: `bun_…`.
    bundle: Option<BundleId>,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Remove {
    /// As `list` shows it: `bun_…`.
    bundle: BundleId,
    /// Print JSON, for programs.
    #[arg(long)]
    json: bool,
}

pub async fn run(app: &App, command: BundleCommand, out: &mut impl Write) -> anyhow::Result<()> {
    match command {
        BundleCommand::List(arguments) => list(app, &arguments, out).await,
        BundleCommand::Add(arguments) => add(app, &arguments, out).await,
        BundleCommand::Refresh(arguments) => refresh(app, &arguments, out).await,
        BundleCommand::Remove(arguments) => remove(app, &arguments, out).await,
    }
}

async fn list(app: &App, arguments: &List, out: &mut impl Write) -> anyhow::Result<()> {
    let mut tx = app.db.read().await?;
    let bundles = store::anchors::bundles(&mut tx).await?;
    let (mut items, mut lines) = (Vec::new(), Vec::new());
    for bundle in &bundles {
        let anchors = store::anchors::of_bundle(&mut tx, &bundle.id).await?;
        lines.push(line(bundle));
        items.push(view(bundle, anchors.len()));
    }
    drop(tx);
    listed(&items, lines, "No trust bundles.", arguments.json, out)
}

async fn add(app: &App, arguments: &Add, out: &mut impl Write) -> anyhow::Result<()> {
    let read = |file: &Path| std::fs::read(file).with_context(|| format!("{} could not be read", file.display()));
    let signer = match &arguments.signer {
        Some(file) => Some(Certificate::parse(&read(file)?).with_context(|| format!("{}", file.display()))?),
        None => None,
    };
    let is_url = arguments.source.contains("://");
    let source = if is_url {
        Source::Url(arguments.source.clone())
    } else {
        let file = Path::new(&arguments.source);
        let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy();
        Source::File {
            name: name.into_owned(),
            bytes: read(file)?,
        }
    };
    let holding = arguments.place.holding(app).await?;
    let (bundle, anchors) = bundles::add(app, &Actor::Operator, source, &holding, signer.as_ref()).await?;
    let mut lines = vec![format!(
        "{} trusts {anchors} anchors of {}, {}.",
        bundle.holds_for,
        bundle.source,
        words(&bundle.direction)
    )];
    lines.push(match &bundle.signed_by {
        Some(signer) => format!("It must always be signed by {signer}."),
        None => "Nobody signed it.".to_owned(),
    });
    Answer {
        json: &view(&bundle, anchors),
        lines: &lines,
    }
    .write(arguments.json, out)
}

async fn refresh(app: &App, arguments: &Refresh, out: &mut impl Write) -> anyhow::Result<()> {
    let mut tx = app.db.read().await?;
    let mut bundles = store::anchors::bundles(&mut tx).await?;
    drop(tx);
    match &arguments.bundle {
        Some(id) => bundles.retain(|bundle| bundle.id == *id),
        None => bundles.retain(StoredBundle::is_from_url),
    }
    if bundles.is_empty() {
        anyhow::bail!("there is no such trust bundle");
    }
    let (mut items, mut lines) = (Vec::new(), Vec::new());
    let mut failed = None;
    for bundle in &bundles {
        match bundles::refresh(app, &Actor::Operator, &bundle.id).await {
            Ok(bundle) => {
                lines.push(line(&bundle));
                items.push(json!({ "bundle": bundle.id, "refreshed": true }));
            }
            Err(error) => {
                lines.push(format!("{}  {error}; its anchors stay as they are", bundle.source));
                items.push(json!({ "bundle": bundle.id, "refreshed": false, "reason": error.to_string() }));
                failed = Some(error);
            }
        }
    }
    Answer {
        json: &json!({ "items": items }),
        lines: &lines,
    }
    .write(arguments.json, out)?;
    failed.map_or(Ok(()), |error| Err(error.into()))
}

async fn remove(app: &App, arguments: &Remove, out: &mut impl Write) -> anyhow::Result<()> {
    let bundle = bundles::remove(app, &Actor::Operator, &arguments.bundle).await?;
    Answer {
        json: &json!({ "bundle": bundle.id, "removed": true }),
        lines: &[format!("{} no longer trusts by {}.", bundle.holds_for, bundle.source)],
    }
    .write(arguments.json, out)
}

fn line(bundle: &StoredBundle) -> String {
    let state = match &bundle.last_error {
        Some(code) => format!("last try failed: {code}"),
        None => "well".to_owned(),
    };
    format!(
        "{}  {}  {}, {}  read {}, {state}",
        bundle.id,
        bundle.source,
        bundle.holds_for,
        words(&bundle.direction),
        bundle.refreshed_at.format("%Y-%m-%d %H:%M")
    )
}

fn view(bundle: &StoredBundle, anchors: usize) -> Value {
    json!({
        "bundle": bundle.id,
        "source": bundle.source,
        "for": bundle.holds_for,
        "direction": bundle.direction,
        "signed_by": bundle.signed_by,
        "anchors": anchors,
        "refreshed_at": bundle.refreshed_at,
        "last_error": bundle.last_error,
    })
}
