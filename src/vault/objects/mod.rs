//! Where sealed bytes lie: a folder on disk, or a bucket, with a folder before it for when the bucket is away.
//!
//! An object is written once and never changed.

mod disk;
mod s3;
mod spool;

use crate::crypto::mac::sha256;
use crate::domain::ids::ObjectId;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

pub use disk::{DiskObjects, path_of};
pub use s3::S3Objects;
pub use spool::SpooledObjects;

#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    #[error("{0} is not in the object store")]
    Missing(ObjectId),
    #[error("{0} is there already with other bytes")]
    Conflict(ObjectId),
    /// After a failed fsync the kernel may have dropped the pages and reports success the next time.
    #[error(
        "the disk failed to confirm a write: nothing more is accepted until it is checked and the service restarted"
    )]
    Stopped,
    #[error("could not {action} in the object folder")]
    Io { action: &'static str, source: io::Error },
    /// No answer from the bucket, or one that an operator can change: throttled, denied, no such bucket.
    #[error("could not {action} in the bucket: {code}")]
    Bucket { action: &'static str, code: String },
}

impl ObjectError {
    /// Whether it may be over later, and says nothing about the object.
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Bucket { .. } | Self::Stopped | Self::Io { .. } => true,
            Self::Missing(_) | Self::Conflict(_) => false,
        }
    }
}

/// What the configuration names: `disk:PATH` or `s3://BUCKET/PREFIX`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObjectsAt {
    Disk(PathBuf),
    S3 {
        bucket: String,
        /// Empty, or what stands before each object's name, without a slash at its end.
        prefix: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("objects lie at `disk:PATH` or `s3://BUCKET/PREFIX`, and `{0}` is not of that form")]
pub struct InvalidObjectsAt(String);

impl FromStr for ObjectsAt {
    type Err = InvalidObjectsAt;

    fn from_str(text: &str) -> Result<Self, InvalidObjectsAt> {
        let invalid = || InvalidObjectsAt(text.to_owned());
        if let Some(path) = text.strip_prefix("disk:").filter(|path| !path.is_empty()) {
            return Ok(Self::Disk(PathBuf::from(path)));
        }
        let place = text.strip_prefix("s3://").ok_or_else(invalid)?;
        let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
        if bucket.is_empty() {
            return Err(invalid());
        }
        Ok(Self::S3 {
            bucket: bucket.to_owned(),
            prefix: prefix.trim_end_matches('/').to_owned(),
        })
    }
}

/// The `s3` section: what a bucket needs besides its name. Region, credentials and endpoint come by the SDK's own variables.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct S3Config {
    /// The bucket's name in the path and not in the host, as most servers besides AWS want it.
    pub path_style: bool,
    /// The bucket encrypts once more, under this key of KMS.
    pub sse_kms_key: Option<String>,
    pub when_away: WhenAway,
    /// Where objects wait while the bucket is away.
    pub spool: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenAway {
    /// Sealed objects wait on this machine's disk.
    #[default]
    Spool,
    /// Nothing is accepted; gateways keep their copies and try again.
    Refuse,
}

/// Everything that says where objects lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectPlaces {
    pub at: ObjectsAt,
    pub s3: S3Config,
}

#[derive(Clone, Debug)]
pub enum Objects {
    Disk(DiskObjects),
    S3(Arc<S3Objects>),
    Spooled(Arc<SpooledObjects>),
}

impl Objects {
    pub async fn open(places: &ObjectPlaces) -> Result<Self, ObjectError> {
        match &places.at {
            ObjectsAt::Disk(root) => Ok(Self::Disk(DiskObjects::open(root)?)),
            ObjectsAt::S3 { bucket, prefix } => {
                let bucket = S3Objects::connect(bucket, prefix, &places.s3).await;
                match (places.s3.when_away, &places.s3.spool) {
                    (WhenAway::Spool, Some(folder)) => {
                        let spool = DiskObjects::open(folder)?;
                        Ok(Self::Spooled(Arc::new(SpooledObjects::new(bucket, spool))))
                    }
                    (WhenAway::Spool, None) | (WhenAway::Refuse, _) => Ok(Self::S3(Arc::new(bucket))),
                }
            }
        }
    }

    /// Returns once the bytes are durable. The same bytes again under the same id are no error.
    pub async fn put(&self, id: &ObjectId, stored: Vec<u8>) -> Result<(), ObjectError> {
        match self {
            Self::Disk(disk) => disk.put(id, stored).await,
            Self::S3(bucket) => bucket.put(id, stored.into()).await,
            Self::Spooled(spooled) => spooled.put(id, stored).await,
        }
    }

    pub async fn get(&self, id: &ObjectId) -> Result<Vec<u8>, ObjectError> {
        match self {
            Self::Disk(disk) => disk.get(id).await,
            Self::S3(bucket) => bucket.get(id).await,
            Self::Spooled(spooled) => spooled.get(id).await,
        }
    }

    /// Makes room where the key was destroyed. One that is not there is no error.
    pub async fn delete(&self, id: &ObjectId) -> Result<(), ObjectError> {
        match self {
            Self::Disk(disk) => disk.delete(id).await,
            Self::S3(bucket) => bucket.delete(id).await,
            Self::Spooled(spooled) => spooled.delete(id).await,
        }
    }

    /// What lies there, in no order.
    pub async fn list(&self) -> Result<Vec<ObjectId>, ObjectError> {
        match self {
            Self::Disk(disk) => disk.list().await,
            Self::S3(bucket) => bucket.list().await,
            Self::Spooled(spooled) => spooled.list().await,
        }
    }

    /// Whether an object could be written now.
    pub async fn check(&self) -> Result<(), ObjectError> {
        match self {
            Self::Disk(disk) => disk.check().await,
            Self::S3(bucket) => bucket.check().await,
            Self::Spooled(spooled) => spooled.check().await,
        }
    }

    /// Moves what waits on disk into the bucket until `stop`.
    pub async fn drain(&self, stop: &CancellationToken) {
        match self {
            Self::Disk(_) | Self::S3(_) => stop.cancelled().await,
            Self::Spooled(spooled) => spooled.drain(stop).await,
        }
    }
}

/// Whether what is there already is what should have been written.
fn same_or_conflict(id: &ObjectId, present: &[u8], stored: &[u8]) -> Result<(), ObjectError> {
    if sha256(present) == sha256(stored) {
        Ok(())
    } else {
        Err(ObjectError::Conflict(id.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_names_a_folder_or_a_bucket() {
        assert_eq!("disk:/a/b".parse(), Ok(ObjectsAt::Disk(PathBuf::from("/a/b"))));
        let s3 = |bucket: &str, prefix: &str| ObjectsAt::S3 {
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
        };
        assert_eq!("s3://clinic".parse(), Ok(s3("clinic", "")));
        assert_eq!("s3://clinic/".parse(), Ok(s3("clinic", "")));
        assert_eq!("s3://clinic/a/b/".parse(), Ok(s3("clinic", "a/b")));
        for wrong in ["disk:", "/a/b", "s3://", "s3:///a", "s3:clinic"] {
            assert!(wrong.parse::<ObjectsAt>().is_err(), "{wrong}");
        }
    }
}
