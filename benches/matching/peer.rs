//! Splink on the same files, in a process of its own: `splink_peer.py`.

use anyhow::Context;
use serde::Deserialize;
use std::path::Path;
use std::process::{Command, Stdio};

#[derive(Deserialize)]
pub struct Peer {
    pub name: String,
    /// From the files to the scored pairs, without Python's start and without training.
    pub seconds: f64,
    /// The same of all cores together, on average.
    pub processor_seconds: f64,
    pub training_seconds: f64,
    /// Log2 weight, and whether the pair is one person.
    pub pairs: Vec<(f64, bool)>,
}

/// Each of its models.
pub fn run(venv: &Path, folder: &Path) -> anyhow::Result<Vec<Peer>> {
    let output = Command::new(venv.join("bin/python"))
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/matching/splink_peer.py"))
        .arg(folder)
        .stderr(Stdio::inherit())
        .output()
        .context("the environment's python does not start")?;
    anyhow::ensure!(output.status.success(), "splink failed; what it said stands above");
    let text = String::from_utf8(output.stdout)?;
    text.lines()
        .map(|line| serde_json::from_str(line).context("splink_peer.py printed something else"))
        .collect()
}
