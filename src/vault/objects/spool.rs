//! A bucket that may be away, and a folder of this machine where sealed objects wait for it.

use super::{DiskObjects, ObjectError, S3Objects};
use crate::domain::ids::ObjectId;
use bytes::Bytes;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// After a failure the bucket is left alone for so long: a gateway shall not wait for each time-out anew.
const LEFT_ALONE: Duration = Duration::from_secs(10);
/// Between looks into the folder, where nothing was put there.
const LOOK_EVERY: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub struct SpooledObjects {
    bucket: S3Objects,
    spool: DiskObjects,
    failed_at: Mutex<Option<Instant>>,
    put: Notify,
}

impl SpooledObjects {
    pub fn new(bucket: S3Objects, spool: DiskObjects) -> Self {
        Self {
            bucket,
            spool,
            failed_at: Mutex::default(),
            put: Notify::new(),
        }
    }

    pub async fn put(&self, id: &ObjectId, stored: Vec<u8>) -> Result<(), ObjectError> {
        let stored = Bytes::from(stored);
        if !self.is_left_alone() {
            match self.bucket.put(id, stored.clone()).await {
                Err(error) if error.is_outage() => self.note_failure(&error),
                other => return other,
            }
        }
        self.spool.put(id, stored.into()).await?;
        self.put.notify_one();
        Ok(())
    }

    /// The folder first: an object leaves it only once it is in the bucket.
    pub async fn get(&self, id: &ObjectId) -> Result<Vec<u8>, ObjectError> {
        match self.spool.get(id).await {
            Err(ObjectError::Missing(_)) => self.bucket.get(id).await,
            other => other,
        }
    }

    pub async fn delete(&self, id: &ObjectId) -> Result<(), ObjectError> {
        self.spool.delete(id).await?;
        self.bucket.delete(id).await
    }

    pub async fn list(&self) -> Result<Vec<ObjectId>, ObjectError> {
        let mut ids: BTreeSet<ObjectId> = self.spool.list().await?.into_iter().collect();
        ids.extend(self.bucket.list().await?);
        Ok(ids.into_iter().collect())
    }

    /// The folder alone is enough to accept.
    pub async fn check(&self) -> Result<(), ObjectError> {
        self.spool.check().await
    }

    pub async fn drain(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            let wait = match self.move_all(stop).await {
                Ok(()) => LOOK_EVERY,
                Err(error) => {
                    self.note_failure(&error);
                    LEFT_ALONE
                }
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.put.notified(), if wait == LOOK_EVERY => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// Into the bucket, the oldest first, and then out of the folder. Repeating a step is harmless: the bucket holds the second
    /// write against the first.
    async fn move_all(&self, stop: &CancellationToken) -> Result<(), ObjectError> {
        let mut waiting = self.spool.list().await?;
        waiting.sort();
        let count = waiting.len();
        metrics::gauge!("referloop_spooled_objects").set(count as f64);
        for (moved, id) in waiting.iter().enumerate() {
            if stop.is_cancelled() {
                return Ok(());
            }
            let stored = match self.spool.get(id).await {
                // Shredded meanwhile.
                Err(ObjectError::Missing(_)) => continue,
                other => other?,
            };
            match self.bucket.put(id, stored.into()).await {
                // Never throw away the one or the other: `vault verify` tells which of them opens.
                Err(ObjectError::Conflict(id)) => {
                    tracing::error!(object.id = %id, "the bucket holds other bytes under a waiting object's name");
                    continue;
                }
                other => other?,
            }
            self.spool.delete(id).await?;
            metrics::gauge!("referloop_spooled_objects").set((count - moved - 1) as f64);
        }
        if count > 0 {
            tracing::info!(count, "what waited on disk is in the bucket");
        }
        Ok(())
    }

    fn is_left_alone(&self) -> bool {
        let failed_at = *self.failed_at.lock().unwrap_or_else(PoisonError::into_inner);
        failed_at.is_some_and(|at| at.elapsed() < LEFT_ALONE)
    }

    fn note_failure(&self, error: &ObjectError) {
        tracing::error!(error.cause = %error, "the bucket is away: sealed objects wait on this machine's disk");
        *self.failed_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }
}
