//! Where checkpoints of the audit log go.

use crate::vault::objects::ObjectsAt;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::str::FromStr;

/// The `audit` section.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuditConfig {
    /// `file:PATH`, `s3://BUCKET/PREFIX`, `stdout` or `off`.
    pub checkpoints: Option<CheckpointsAt>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum CheckpointsAt {
    /// Appended to, line by line.
    File(PathBuf),
    /// One object each, in a bucket whose object lock lets nobody take one back.
    S3 {
        bucket: String,
        prefix: String,
    },
    /// Standard output, for what collects it. Logs go to standard error.
    Output,
    Nowhere,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("checkpoints go to `file:PATH`, `s3://BUCKET/PREFIX`, `stdout` or `off`, and `{0}` is none of these")]
pub struct InvalidCheckpointsAt(String);

impl FromStr for CheckpointsAt {
    type Err = InvalidCheckpointsAt;

    fn from_str(text: &str) -> Result<Self, InvalidCheckpointsAt> {
        match text {
            "stdout" => Ok(Self::Output),
            "off" => Ok(Self::Nowhere),
            _ => {
                let file = text.strip_prefix("file:").filter(|path| !path.is_empty());
                if let Some(path) = file {
                    return Ok(Self::File(PathBuf::from(path)));
                }
                match text.starts_with("s3:").then(|| text.parse()) {
                    Some(Ok(ObjectsAt::S3 { bucket, prefix })) => Ok(Self::S3 { bucket, prefix }),
                    _ => Err(InvalidCheckpointsAt(text.to_owned())),
                }
            }
        }
    }
}

impl TryFrom<String> for CheckpointsAt {
    type Error = InvalidCheckpointsAt;

    fn try_from(text: String) -> Result<Self, InvalidCheckpointsAt> {
        text.parse()
    }
}

impl From<CheckpointsAt> for String {
    fn from(at: CheckpointsAt) -> Self {
        match at {
            CheckpointsAt::File(path) => format!("file:{}", path.display()),
            CheckpointsAt::S3 { bucket, prefix } => format!("s3://{bucket}/{prefix}"),
            CheckpointsAt::Output => "stdout".to_owned(),
            CheckpointsAt::Nowhere => "off".to_owned(),
        }
    }
}
