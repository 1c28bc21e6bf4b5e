//! One document over its children: pages are handed out one by one, to one child and to more where cores are free; a page
//! that ends its child is tried once more alone and costs no other page.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

use crate::reading::outcome::ReadError;
use crate::reading::pool::{Inner, ReadPage};
use crate::reading::running::Busy;
use crate::reading::sharing::{Lane, Work};

/// What is told of a document while it is read.
#[derive(Clone, Debug)]
pub enum Event {
    /// First of all: how many pages it has.
    Opened { pages: u32 },
    /// Mostly in the order of their numbers.
    Page(Box<ReadPage>),
}

/// A document that is being read. Dropping it ends its children.
#[derive(Debug)]
pub struct Reading {
    /// Holds one page, so that children wait for whoever stores what they read.
    events: mpsc::Receiver<Result<Event, ReadError>>,
    _work: AbortOnDropHandle<()>,
}

impl Reading {
    /// All pages but those in `done`.
    pub(super) fn start(pool: Arc<Inner>, document: Bytes, done: BTreeSet<u32>) -> Self {
        let (sender, events) = mpsc::channel(1);
        let work = tokio::spawn(async move {
            let outcome = read(pool, document, done, sender.clone()).await;
            if let Err(error) = outcome {
                let _ = sender.send(Err(error)).await;
            }
        });
        Self {
            events,
            _work: AbortOnDropHandle::new(work),
        }
    }

    /// What comes next; `None` when every page was told.
    pub async fn next(&mut self) -> Result<Option<Event>, ReadError> {
        self.events.recv().await.transpose()
    }
}

async fn read(
    pool: Arc<Inner>,
    document: Bytes,
    done: BTreeSet<u32>,
    events: mpsc::Sender<Result<Event, ReadError>>,
) -> Result<(), ReadError> {
    let permit = pool.permit().await?;
    let work = Arc::new(Work::new(pool, document, events));
    let (child, pages) = work.open().await?;
    work.begin(pages, &done);
    work.tell(Event::Opened { pages }).await?;
    let mut lanes = JoinSet::new();
    lanes.spawn(lane(Arc::clone(&work), Lane::First, permit, Some(child)));
    loop {
        tokio::select! {
            ended = lanes.join_next() => match ended {
                Some(ended) => ended.map_err(ReadError::ours)??,
                // The last further lane gave its core back and left pages.
                None if work.has_left() => {
                    let permit = work.pool.permit().await?;
                    lanes.spawn(lane(Arc::clone(&work), Lane::First, permit, None));
                }
                None => return Ok(()),
            },
            // A core that no other document waits for.
            permit = work.pool.spare_permit(), if work.has_pending() => {
                lanes.spawn(lane(Arc::clone(&work), Lane::Further, permit?, None));
            }
        }
    }
}

/// One child after another, for as long as there are pages.
async fn lane(
    work: Arc<Work>,
    lane: Lane,
    _permit: OwnedSemaphorePermit,
    mut opened: Option<Busy>,
) -> Result<(), ReadError> {
    loop {
        if let Some(number) = work.next_page(lane) {
            work.read_on(lane, opened.take(), number).await?;
        } else if let Some(number) = work.next_doubtful(lane) {
            opened = None;
            work.read_alone(number).await?;
        } else {
            return Ok(());
        }
    }
}
