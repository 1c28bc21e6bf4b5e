//! The end of the audit log's chain, signed, outside the database.

use super::bucket::CheckpointBucket;
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
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::OnceCell;

/// Why a checkpoint was not kept, or can't be believed.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    #[error("could not {action} the checkpoints of the audit log in {}", path.display())]
    Io {
        action: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error("could not {action} the checkpoints of the audit log in the bucket: {code}")]
    Bucket { action: &'static str, code: String },
    #[error("`{name}` in the bucket is no checkpoint of this installation")]
    NamedByAnother { name: String },
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

    /// All of it, so that one listing reads a thousand of them.
    fn name(&self) -> String {
        let micros = self.at.timestamp_micros();
        format!("{:012}-{}-{micros}-{}", self.seq, self.hash, self.mac)
    }

    fn named(name: &str) -> Option<Self> {
        let [seq, hash, micros, mac] = name.split('-').collect::<Vec<_>>().try_into().ok()?;
        Some(Self {
            seq: seq.parse().ok()?,
            hash: hash.to_owned(),
            at: DateTime::from_timestamp_micros(micros.parse().ok()?)?,
            mac: mac.to_owned(),
        })
    }

    fn checkpoint(self) -> Option<Checkpoint> {
        Some(Checkpoint {
            seq: self.seq,
            hash: hex::decode(&self.hash).ok()?,
        })
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
    path_style: bool,
    /// Made when it is needed first.
    bucket: OnceCell<CheckpointBucket>,
    keys: Arc<TenantKeys>,
}

impl Checkpoints {
    pub fn of(app: &App) -> Self {
        Self {
            at: app.config.checkpoints(),
            path_style: app.config.s3.path_style,
            bucket: OnceCell::new(),
            keys: Arc::clone(&app.keys),
        }
    }

    async fn bucket(&self, bucket: &str, prefix: &str) -> &CheckpointBucket {
        self.bucket
            .get_or_init(|| CheckpointBucket::connect(bucket, prefix, self.path_style))
            .await
    }

    /// Returns once it is kept; in a file, once it is on disk.
    pub async fn keep(&self, head: &Head, now: DateTime<Utc>) -> Result<(), CheckpointError> {
        let line = Line::signed(head.seq, hex::encode(&head.hash), now, &self.keys);
        let mut text = serde_json::to_string(&line).expect("a checkpoint is JSON");
        text.push('\n');
        match &self.at {
            CheckpointsAt::Nowhere => Ok(()),
            CheckpointsAt::S3 { bucket, prefix } => self.bucket(bucket, prefix).await.keep(&line.name(), text).await,
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

    /// All that were kept, where they can be read again.
    pub async fn read(&self) -> Result<Vec<Checkpoint>, CheckpointError> {
        match &self.at {
            CheckpointsAt::Nowhere | CheckpointsAt::Output => Ok(Vec::new()),
            CheckpointsAt::File(path) => self.read_file(path),
            CheckpointsAt::S3 { bucket, prefix } => {
                let names = self.bucket(bucket, prefix).await.names().await?;
                let known = names.into_iter().map(|name| {
                    let line = Line::named(&name).filter(|line| line.is_genuine(&self.keys));
                    let checkpoint = line.and_then(Line::checkpoint);
                    checkpoint.ok_or(CheckpointError::NamedByAnother { name })
                });
                known.collect()
            }
        }
    }

    /// A line that a crash cut off at the end is none.
    fn read_file(&self, path: &Path) -> Result<Vec<Checkpoint>, CheckpointError> {
        let text = match std::fs::read_to_string(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            read => read.map_err(|source| CheckpointError::Io {
                action: "read",
                path: path.to_owned(),
                source,
            })?,
        };
        let whole = text.rfind('\n').map_or("", |end| &text[..=end]);
        let lines = whole.lines().enumerate().filter(|(_, text)| !text.is_empty());
        lines
            .map(|(at, text)| {
                let line: Option<Line> = serde_json::from_str(text).ok();
                let genuine = line.filter(|line| line.is_genuine(&self.keys));
                genuine
                    .and_then(Line::checkpoint)
                    .ok_or_else(|| CheckpointError::NotOurs {
                        path: path.to_owned(),
                        line: at + 1,
                    })
            })
            .collect()
    }
}
