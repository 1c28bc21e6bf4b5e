//! What the children of one document share: the pages that are left, the limits of the whole, and where pages are told.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::time::Instant;

use crate::domain::page::{PageText, TextSource, Unreadable};
use crate::domain::region::{Region, SecondLook};
use crate::domain::transmission::QuarantineReason;
use crate::reading::document::{Limits, Refusal};
use crate::reading::outcome::ReadError;
use crate::reading::pool::{Inner, ReadPage};
use crate::reading::request::{Order, Request};
use crate::reading::running::{Busy, nonsense};
use crate::reading::spread::Event;
use crate::reading::stream::Frame;
use referloop_pixels::raster::Gray;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    First,
    /// Gives its core back as soon as another document waits for one.
    Further,
}

/// What all children of a document share.
pub(super) struct Work {
    pub(super) pool: Arc<Inner>,
    document: Bytes,
    limits: Limits,
    ends_at: Instant,
    events: mpsc::Sender<Result<Event, ReadError>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    pages: u32,
    pending: VecDeque<u32>,
    /// Pages that ended a child, to be tried once more with a child of their own.
    doubtful: VecDeque<u32>,
    cpu: Duration,
    pixels: u64,
}

/// What a child says of a page.
enum Answer {
    Read(Box<PageText>, Gray),
    Lost(Unreadable),
}

/// Whether parts of a page are read once more. On a page that has ended a child, none.
#[derive(Clone, Copy)]
enum Look {
    Again,
    Once,
}

/// Whether a child speaks of the places that it was asked about and no others: it may be its document that speaks.
fn answer_all(looks: &[SecondLook], regions: &[Region]) -> bool {
    looks.len() == regions.len() && looks.iter().zip(regions).all(|(look, region)| look.region == *region)
}

impl Work {
    pub(super) fn new(pool: Arc<Inner>, document: Bytes, events: mpsc::Sender<Result<Event, ReadError>>) -> Self {
        let limits = pool.config.limits;
        Self {
            ends_at: Instant::now() + Duration::from_secs(u64::from(limits.wall_seconds_a_document)),
            limits,
            pool,
            document,
            events,
            state: Mutex::default(),
        }
    }

    pub(super) fn begin(&self, pages: u32, done: &BTreeSet<u32>) {
        let mut state = self.state();
        state.pages = pages;
        state.pending = (1..=pages).filter(|number| !done.contains(number)).collect();
    }

    /// A child with the document open, and how many pages it found.
    pub(super) async fn open(&self) -> Result<(Busy, u32), ReadError> {
        let child = self.pool.standby.take().await?;
        let mut child = child.ask(&Request::Document, self.document.clone());
        match child.next(self.page_end()).await? {
            Frame::Opened { pages } => Ok((child, pages)),
            _ => Err(nonsense("it did not say how many pages there are")),
        }
    }

    async fn open_again(&self) -> Result<Busy, ReadError> {
        let (child, pages) = self.open().await?;
        if pages == self.state().pages {
            Ok(child)
        } else {
            Err(nonsense("it found another number of pages"))
        }
    }

    /// Reads this page and others after it, until none is left or one ends the child.
    pub(super) async fn read_on(&self, lane: Lane, opened: Option<Busy>, first: u32) -> Result<(), ReadError> {
        let mut child = match opened {
            Some(child) => child,
            None => self.open_again().await?,
        };
        let mut number = first;
        child.order(Order::Page(number));
        loop {
            let answer = match self.answer(&mut child, number, Look::Again).await {
                Ok(answer) => answer,
                Err(error) if self.is_of_page(&error).is_some() => {
                    self.state().doubtful.push_back(number);
                    return Ok(());
                }
                Err(error) => return Err(error),
            };
            // Ordered before this one is stored, so that the child does not wait.
            let following = self.next_page(lane);
            if let Some(following) = following {
                child.order(Order::Page(following));
            }
            self.deliver(number, answer).await?;
            match following {
                Some(following) => number = following,
                None => return Ok(()),
            }
        }
    }

    /// The last try: whatever this page does again, it does to itself.
    pub(super) async fn read_alone(&self, number: u32) -> Result<(), ReadError> {
        let mut child = self.open_again().await?;
        child.order(Order::Page(number));
        let answer = match self.answer(&mut child, number, Look::Once).await {
            Ok(answer) => answer,
            Err(error) => Answer::Lost(self.is_of_page(&error).ok_or(error)?),
        };
        drop(child);
        self.deliver(number, answer).await
    }

    async fn answer(&self, child: &mut Busy, number: u32, look: Look) -> Result<Answer, ReadError> {
        let answer = match self.next_frame(child).await? {
            Frame::Page(text, gray) if text.number == number => {
                let text = match look {
                    Look::Again => self.looked_again(child, text).await?,
                    Look::Once => text,
                };
                Answer::Read(text, gray)
            }
            Frame::Lost { number: lost, why } if lost == number => Answer::Lost(why),
            _ => return Err(nonsense("it answered something else")),
        };
        if self.is_over() {
            return Err(ReadError::new(
                QuarantineReason::Time,
                "reading the document took longer than the limit",
            ));
        }
        Ok(answer)
    }

    async fn next_frame(&self, child: &mut Busy) -> Result<Frame, ReadError> {
        let frame = child.next(self.page_end()).await;
        self.state().cpu += child.take_cpu();
        frame
    }

    /// The page with what the child says of the regions that the rules want to have read once more.
    async fn looked_again(&self, child: &mut Busy, text: Box<PageText>) -> Result<Box<PageText>, ReadError> {
        let Some(doubts) = self.pool.doubts.clone().filter(|_| text.text_source == TextSource::Ocr) else {
            return Ok(text);
        };
        let seen = text.clone();
        let asked = tokio::task::spawn_blocking(move || doubts.regions(&seen));
        // A page on which the rules themselves fail is still read: the stage after this one tells of it.
        let regions = asked.await.unwrap_or_default();
        if regions.is_empty() {
            return Ok(text);
        }
        child.order(Order::LookAgain(regions.clone()));
        let mut text = text;
        match self.next_frame(child).await? {
            Frame::Looks(looks) if answer_all(&looks, &regions) => text.looks = looks,
            _ => return Err(nonsense("it answered something else")),
        }
        Ok(text)
    }

    async fn deliver(&self, number: u32, answer: Answer) -> Result<(), ReadError> {
        if let Answer::Read(text, _) = &answer {
            let mut state = self.state();
            state.pixels += u64::from(text.width) * u64::from(text.height);
            if state.pixels > u64::from(self.limits.megapixels_a_document) * 1_000_000 {
                return Err(Refusal::PixelLimit.into());
            }
        }
        let encoded = tokio::task::spawn_blocking(move || match answer {
            Answer::Read(text, gray) => ReadPage::new(*text, &gray),
            Answer::Lost(why) => ReadPage::unreadable(number, why),
        });
        let page = encoded.await.map_err(ReadError::ours)?.map_err(ReadError::ours)?;
        self.tell(Event::Page(Box::new(page))).await
    }

    pub(super) async fn tell(&self, event: Event) -> Result<(), ReadError> {
        let heard = self.events.send(Ok(event)).await;
        heard.map_err(|_| ReadError::ours("nobody waits for its pages"))
    }

    pub(super) fn next_page(&self, lane: Lane) -> Option<u32> {
        self.may_go_on(lane).then(|| self.state().pending.pop_front()).flatten()
    }

    pub(super) fn next_doubtful(&self, lane: Lane) -> Option<u32> {
        self.may_go_on(lane)
            .then(|| self.state().doubtful.pop_front())
            .flatten()
    }

    fn may_go_on(&self, lane: Lane) -> bool {
        match lane {
            Lane::First => true,
            Lane::Further => !self.pool.is_wanted(),
        }
    }

    pub(super) fn has_pending(&self) -> bool {
        !self.state().pending.is_empty()
    }

    pub(super) fn has_left(&self) -> bool {
        let state = self.state();
        !state.pending.is_empty() || !state.doubtful.is_empty()
    }

    /// What an error says of the page alone. Past the document's own limits it is the document's.
    fn is_of_page(&self, error: &ReadError) -> Option<Unreadable> {
        if self.is_over() { None } else { error.of_page() }
    }

    fn is_over(&self) -> bool {
        let cpu = Duration::from_secs(u64::from(self.limits.cpu_seconds_a_document));
        Instant::now() >= self.ends_at || self.state().cpu > cpu
    }

    fn page_end(&self) -> Instant {
        let page = Duration::from_secs(u64::from(self.limits.wall_seconds_a_page));
        self.ends_at.min(Instant::now() + page)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::alphabet::Alphabet;
    use crate::domain::page::PixelBox;

    #[test]
    fn a_child_that_speaks_of_other_places_is_not_believed() {
        let region = |x| Region {
            bounds: PixelBox::from([x, 0, 10, 10]),
            alphabet: Alphabet::Any,
        };
        let look = |region| SecondLook {
            region,
            text: "Ada".to_owned(),
            confidence: 0.9,
        };
        let asked = [region(1), region(2)];
        assert!(answer_all(&asked.map(look), &asked));
        assert!(!answer_all(&[look(asked[0])], &asked));
        assert!(!answer_all(&[look(asked[0]), look(region(u32::MAX))], &asked));
        assert!(!answer_all(&[look(asked[0]), look(asked[1]), look(asked[1])], &asked));
    }
}
