//! `referloop ingest`: documents from files, as if they had come by fax.

use super::answer::Answer;
use crate::app::App;
use crate::crypto::mac;
use crate::domain::people::Actor;
use crate::domain::site::SiteKey;
use crate::domain::transmission::TransmissionDetails;
use crate::pipeline::receive::{self, Received};
use anyhow::Context;
use clap::Args;
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub struct Ingest {
    /// Documents, or folders of them (not searched deeper): PDF, TIFF, PNG or JPEG, told apart by content.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Print JSON, one line a document, for programs.
    #[arg(long)]
    json: bool,
}

/// Stores each document durably with its first job. `serve` or `work` then reads it.
pub async fn run(app: &App, arguments: Ingest, out: &mut impl Write) -> anyhow::Result<()> {
    for file in files(&arguments.paths)? {
        let document = std::fs::read(&file).with_context(|| format!("{} could not be read", file.display()))?;
        // The same file again is the same document.
        let fax_id = format!("sha256:{}", hex::encode(mac::sha256(&document)));
        let received = Received {
            site: SiteKey::main(),
            door: "cli".to_owned(),
            actor: Actor::Operator,
            fax_id,
            document,
            details: TransmissionDetails {
                file_name: name(&file),
                ..TransmissionDetails::default()
            },
            partial: false,
            malformed: false,
            received_at: app.clock.now(),
        };
        let outcome = receive::receive(app, received)
            .await
            .with_context(|| format!("{} could not be stored", file.display()))?;
        let json = serde_json::json!({
            "file": file.display().to_string(),
            "transmission": outcome.transmission,
            "status": outcome.status,
        });
        let lines = [format!(
            "{}  {:<9}  {}",
            outcome.transmission,
            outcome.status.as_str(),
            file.display()
        )];
        Answer {
            json: &json,
            lines: &lines,
        }
        .write(arguments.json, out)?;
    }
    Ok(())
}

fn name(file: &Path) -> Option<String> {
    file.file_name().map(|name| name.to_string_lossy().into_owned())
}

/// The files named, and those in the folders named, by name.
fn files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(in_folder(path).with_context(|| format!("{} could not be listed", path.display()))?);
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn in_folder(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if !hidden && entry.path().is_file() {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}
