//! Children that stand by, loaded and locked down, so that no document waits for a start.
//!
//! Each stands on one of so many places, and a place is taken again only when its child is gone or at work on a permit of
//! the pool. So there are never more processes than permits and places together.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use crate::reading::outcome::ReadError;
use crate::reading::pool::ReadingConfig;
use crate::reading::running::Ready;

/// What keeps a process within the bound while it lives.
pub(super) type Place = OwnedSemaphorePermit;

#[derive(Debug)]
pub(super) struct Standby {
    config: Arc<ReadingConfig>,
    places: Arc<Semaphore>,
    waiting: Mutex<Vec<(Ready, Place)>>,
    arrived: Notify,
}

impl Standby {
    pub(super) fn new(config: Arc<ReadingConfig>) -> Arc<Self> {
        Arc::new(Self {
            places: Arc::new(Semaphore::new(config.standby)),
            config,
            waiting: Mutex::default(),
            arrived: Notify::new(),
        })
    }

    /// A child for somebody who holds a permit: one that stands by, else a new one. The place is taken again at once.
    pub(super) async fn take(self: &Arc<Self>) -> Result<Ready, ReadError> {
        let warm = self.pop().map(|(child, _place)| child);
        self.fill();
        match warm {
            Some(child) => Ok(child),
            None => Ready::start(&self.config).await,
        }
    }

    /// A child for somebody who holds no permit, with the place that it stands on until it is gone.
    pub(super) async fn borrow(self: &Arc<Self>) -> Result<(Ready, Place), ReadError> {
        loop {
            // Before looking, so that one which comes meanwhile is not missed.
            let arrived = self.arrived.notified();
            if let Some(warm) = self.pop() {
                return Ok(warm);
            }
            tokio::select! {
                () = arrived => {}
                place = self.places.clone().acquire_owned() => {
                    let place = place.map_err(ReadError::ours)?;
                    return Ok((Ready::start(&self.config).await?, place));
                }
            }
        }
    }

    /// Starts a child for each free place, in the background.
    pub(super) fn fill(self: &Arc<Self>) {
        while let Ok(place) = self.places.clone().try_acquire_owned() {
            let standby = Arc::downgrade(self);
            let config = Arc::clone(&self.config);
            tokio::spawn(async move {
                match Ready::start(&config).await {
                    Ok(child) => {
                        if let Some(standby) = standby.upgrade() {
                            standby.lock().push((child, place));
                            standby.arrived.notify_one();
                        }
                    }
                    // Whoever needs a child next starts one and learns the same.
                    Err(error) => tracing::warn!(%error, "no child could be made to stand by"),
                }
            });
        }
    }

    pub(super) fn count(&self) -> usize {
        self.lock().len()
    }

    /// One that died while it stood by is passed over.
    fn pop(&self) -> Option<(Ready, Place)> {
        let mut waiting = self.lock();
        while let Some((mut child, place)) = waiting.pop() {
            if child.is_alive() {
                return Some((child, place));
            }
        }
        None
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(Ready, Place)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
