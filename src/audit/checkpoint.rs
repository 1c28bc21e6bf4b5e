//! The end of the audit log's chain, signed, outside the database.

use crate::app::App;
use crate::config::CheckpointsAt;
use crate::crypto::TenantKeys;
use crate::store;
use crate::store::audit_chain::{Checkpoint, Head};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::Arc;

/// Why a checkpoint was not kept, or can't be believed.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    #[error("could not {action} the checkpoints of the audit log in {}", path.display())]
    Io {
        action: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error("standard output takes no checkpoint")]
    Output(#[source] io::Error),
    #[error("line {line} of {} is no checkpoint of this installation", path.display())]
    NotOurs { path: PathBuf, line: usize },
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// A line of the file, JSON. `mac` covers the rest under the audit log's key.
#[derive(Debug, Serialize, Deserialize)]
struct Line {
    seq: i64,
    hash: String,
    at: DateTime<Utc>,
    mac: String,
}

impl Line {
    fn signed(seq: i64, hash: String, at: DateTime<Utc>, keys: &TenantKeys) -> Self {
        let mac = keys.audit.mac(&canonical(seq, &hash, at));
        Self {
            seq,
            hash,
            at,
            mac: hex::encode(mac),
        }
    }

    fn is_genuine(&self, keys: &TenantKeys) -> bool {
        let mac = hex::decode(&self.mac).unwrap_or_default();
        keys.audit.verify(&canonical(self.seq, &self.hash, self.at), &mac)
    }
}

fn canonical(seq: i64, hash: &str, at: DateTime<Utc>) -> Vec<u8> {
    let parts = [
        "audit-checkpoint",
        &seq.to_string(),
        hash,
        &at.timestamp_micros().to_string(),
    ];
    serde_json::to_vec(&parts).expect("texts are JSON")
}

pub struct Checkpoints {
    at: CheckpointsAt,
    keys: Arc<TenantKeys>,
}

impl Checkpoints {
    pub fn of(app: &App) -> Self {
        Self {
            at: app.config.checkpoints(),
            keys: Arc::clone(&app.keys),
        }
    }

    /// Returns once it is kept; in a file, once it is on disk.
    pub fn keep(&self, head: &Head, now: DateTime<Utc>) -> Result<(), CheckpointError> {
        let line = Line::signed(head.seq, hex::encode(&head.hash), now, &self.keys);
        let mut text = serde_json::to_string(&line).expect("a checkpoint is JSON");
        text.push('\n');
        match &self.at {
            CheckpointsAt::Nowhere => Ok(()),
            CheckpointsAt::Output => io::stdout().write_all(text.as_bytes()).map_err(CheckpointError::Output),
            CheckpointsAt::File(path) => {
                let file = OpenOptions::new().append(true).create(true).mode(0o600).open(path);
                file.and_then(|mut file| {
                    file.write_all(text.as_bytes())?;
                    file.sync_all()
                })
                .map_err(|source| CheckpointError::Io {
                    action: "keep",
                    path: path.clone(),
                    source,
                })
            }
        }
    }

    /// All that were kept, where they were kept in a file. A line that a crash cut off at the end is none.
    pub fn read(&self) -> Result<Vec<Checkpoint>, CheckpointError> {
        let CheckpointsAt::File(path) = &self.at else {
            return Ok(Vec::new());
        };
        let text = match std::fs::read_to_string(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            read => read.map_err(|source| CheckpointError::Io {
                action: "read",
                path: path.clone(),
                source,
            })?,
        };
        let whole = text.rfind('\n').map_or("", |end| &text[..=end]);
        let lines = whole.lines().enumerate().filter(|(_, text)| !text.is_empty());
        lines
            .map(|(at, text)| {
                let line: Option<Line> = serde_json::from_str(text).ok();
                let genuine = line.filter(|line| line.is_genuine(&self.keys));
                let known = genuine.and_then(|line| {
                    Some(Checkpoint {
                        seq: line.seq,
                        hash: hex::decode(&line.hash).ok()?,
                    })
                });
                known.ok_or_else(|| CheckpointError::NotOurs {
                    path: path.clone(),
                    line: at + 1,
                })
            })
            .collect()
    }
}
