//! The parent's side: at most one child a core at work, some that stand by, and what can be asked of them.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use image::ImageEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use serde::{Deserialize, Serialize};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::domain::page::{PageText, Unreadable};
use crate::domain::region::Region;
use crate::reading::binding::{Order, OrderedPage};
use crate::reading::detect::{MediaType, sniff};
use crate::reading::document::{Limits, Refusal};
use crate::reading::outcome::ReadError;
use crate::reading::probe::Probe;
use crate::reading::region::RegionText;
use crate::reading::request::Request;
use crate::reading::running::{Ready, nonsense};
use crate::reading::sandbox::Level;
use crate::reading::spread::{Event, Reading};
use crate::reading::standby::Standby;
use crate::reading::stream::Frame;
use referloop_pixels::raster::Gray;

/// The section `reading` of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ReadingConfig {
    /// Children at the same time; none given means one a core.
    pub jobs: Option<usize>,
    /// Children besides that stand by, loaded and locked down, so that no document waits for a start.
    pub standby: usize,
    pub limits: Limits,
    /// Read although the kernel can't contain a hostile document. Only for machines where nothing else is possible.
    pub allow_unsandboxed: bool,
    /// `libpdfium.so`; else `REFERLOOP_PDFIUM`, beside the program, `/usr/local/lib/referloop`.
    pub pdfium: Option<PathBuf>,
    /// The folder with Tesseract's models; else `TESSDATA_PREFIX`, else where Debian has it.
    pub models: Option<PathBuf>,
    /// The program that has the `read-child` command; this one unless a test says otherwise.
    pub program: Option<PathBuf>,
}

impl Default for ReadingConfig {
    fn default() -> Self {
        Self {
            jobs: None,
            standby: 1,
            limits: Limits::default(),
            allow_unsandboxed: false,
            pdfium: None,
            models: None,
            program: None,
        }
    }
}

/// A document as read.
#[derive(Clone, Debug)]
pub struct ReadDocument {
    pub media_type: MediaType,
    pub pages: Vec<ReadPage>,
}

#[derive(Clone, Debug)]
pub struct ReadPage {
    pub text: PageText,
    /// The review image, 8-bit grey: [`PageText::width`] by [`PageText::height`].
    pub image_png: Vec<u8>,
}

impl ReadPage {
    pub(super) fn new(text: PageText, gray: &Gray) -> image::ImageResult<Self> {
        let image_png = png(gray)?;
        Ok(Self { text, image_png })
    }

    pub(super) fn unreadable(number: u32, why: Unreadable) -> image::ImageResult<Self> {
        let text = PageText::unreadable(number, why);
        let sheet = Gray::white(text.width as usize, text.height as usize);
        Self::new(text, &sheet)
    }
}

/// Who tells, of a page that was recognised, which parts of it to read once more.
#[derive(Clone)]
pub struct Doubts(Arc<WorthAnotherLook>);

type WorthAnotherLook = dyn Fn(&PageText) -> Vec<Region> + Send + Sync;

impl Doubts {
    pub fn new(regions: impl Fn(&PageText) -> Vec<Region> + Send + Sync + 'static) -> Self {
        Self(Arc::new(regions))
    }

    pub(super) fn regions(&self, page: &PageText) -> Vec<Region> {
        (self.0)(page)
    }
}

impl std::fmt::Debug for Doubts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Doubts")
    }
}

/// Reads documents in sandboxed children. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Pool(Arc<Inner>);

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) doubts: Option<Doubts>,
    pub(super) config: Arc<ReadingConfig>,
    pub(super) standby: Arc<Standby>,
    permits: Arc<Semaphore>,
    /// Documents that wait for a permit.
    wanted: AtomicUsize,
}

impl Pool {
    /// Starts nothing yet. A child that cannot be sandboxed refuses by itself; `reading::check` tells beforehand.
    pub fn new(config: ReadingConfig) -> Self {
        Self::build(config, None)
    }

    /// As [`Self::new`], and parts of each page are read once more, as somebody wants who knows what pages say.
    pub fn with_doubts(config: ReadingConfig, doubts: Doubts) -> Self {
        Self::build(config, Some(doubts))
    }

    fn build(config: ReadingConfig, doubts: Option<Doubts>) -> Self {
        let permits = Arc::new(Semaphore::new(config.jobs.unwrap_or_else(cores).max(1)));
        let config = Arc::new(config);
        Self(Arc::new(Inner {
            doubts,
            standby: Standby::new(Arc::clone(&config)),
            config,
            permits,
            wanted: AtomicUsize::new(0),
        }))
    }

    /// Has children stand by from now on, before the first document.
    pub fn warm_up(&self) {
        self.0.standby.fill();
    }

    /// How many children stand by, ready for a document.
    pub fn standing_by(&self) -> usize {
        self.0.standby.count()
    }

    /// Reads one document page by page, but for the pages in `done`; waits while all children are busy.
    pub fn open(&self, document: Bytes, done: BTreeSet<u32>) -> Result<Reading, ReadError> {
        sniff(&document).ok_or(Refusal::NotADocument)?;
        if document.len() as u64 > u64::from(self.0.config.limits.megabytes) * 1_000_000 {
            return Err(Refusal::TooLarge.into());
        }
        Ok(Reading::start(Arc::clone(&self.0), document, done))
    }

    /// Reads one document and keeps all its pages in memory. Fails where not one page can be read.
    pub async fn read(&self, document: &[u8]) -> Result<ReadDocument, ReadError> {
        let media_type = sniff(document).ok_or(Refusal::NotADocument)?;
        let mut reading = self.open(Bytes::copy_from_slice(document), BTreeSet::new())?;
        let mut pages: Vec<ReadPage> = Vec::new();
        while let Some(event) = reading.next().await? {
            match event {
                Event::Opened { .. } => {}
                Event::Page(page) => pages.push(*page),
            }
        }
        pages.sort_by_key(|page| page.text.number);
        match nothing_readable(pages.iter().map(|page| page.text.unreadable)) {
            Some(error) => Err(error),
            None => Ok(ReadDocument { media_type, pages }),
        }
    }

    /// Reads parts of a page again, from its review image as it was stored. Doesn't wait for documents where a child
    /// stands by: a person may wait for the answer.
    pub async fn regions(&self, image_png: Bytes, regions: Vec<Region>) -> Result<Vec<RegionText>, ReadError> {
        let count = regions.len();
        match self.ask_aside(&Request::Regions(regions), image_png).await? {
            Frame::Regions(texts) if texts.len() == count => Ok(texts),
            _ => Err(nonsense("it answered something else")),
        }
    }

    /// Lines of a document's first page, read once and roughly. Beside the documents that are read, as [`Self::regions`].
    pub async fn glance(&self, document: Bytes) -> Result<Vec<String>, ReadError> {
        sniff(&document).ok_or(Refusal::NotADocument)?;
        match self.ask_aside(&Request::Glance, document).await? {
            Frame::Glance(lines) => Ok(lines),
            _ => Err(nonsense("it answered something else")),
        }
    }

    /// Binds pages of an original into a PDF, with a PDF of ours laid over them that has a page of words for each.
    pub async fn bind(
        &self,
        pages: Vec<OrderedPage>,
        pages_of_original: u32,
        words: &[u8],
        original: &[u8],
    ) -> Result<Vec<u8>, ReadError> {
        let order = Order {
            pages,
            pages_of_original,
            words_bytes: words.len() as u64,
        };
        let bytes = Bytes::from([words, original].concat());
        match self.ask_aside(&Request::Bind(order), bytes).await? {
            Frame::Bound(pdf) => Ok(pdf),
            _ => Err(nonsense("it answered something else")),
        }
    }

    /// Asks a child that stands by, beside those that read; where none may stand by, waits for its turn.
    async fn ask_aside(&self, request: &Request, bytes: Bytes) -> Result<Frame, ReadError> {
        let (child, place) = if self.0.config.standby > 0 {
            self.0.standby.borrow().await?
        } else {
            let permit = self.0.permit().await?;
            (Ready::start(&self.0.config).await?, permit)
        };
        let answer = child.ask(request, bytes).next(self.page_end()).await;
        drop(place);
        self.0.standby.fill();
        answer
    }

    /// How many children are at work at a time.
    pub fn permits(&self) -> usize {
        self.0.config.jobs.unwrap_or_else(cores).max(1)
    }

    /// How far a child could lock itself down.
    pub async fn level(&self) -> Result<Level, ReadError> {
        let _permit = self.0.permit().await?;
        Ok(Ready::start(&self.0.config).await?.level)
    }

    /// Has a locked child try something instead of reading; `true` if it was refused and lived on.
    pub async fn probe(&self, probe: Probe) -> Result<bool, ReadError> {
        let _permit = self.0.permit().await?;
        let child = Ready::start(&self.0.config).await?;
        let mut child = child.ask(&Request::Probe(probe), Bytes::new());
        match child.next(self.page_end()).await? {
            Frame::Probed { refused } => Ok(refused),
            _ => Err(nonsense("it answered something else")),
        }
    }

    fn page_end(&self) -> Instant {
        Instant::now() + Duration::from_secs(u64::from(self.0.config.limits.wall_seconds_a_page))
    }
}

impl Inner {
    /// The right to run one child.
    pub(super) async fn permit(&self) -> Result<OwnedSemaphorePermit, ReadError> {
        let _waits = Waits::new(&self.wanted);
        Arc::clone(&self.permits).acquire_owned().await.map_err(ReadError::ours)
    }

    /// A permit that no document waits for.
    pub(super) async fn spare_permit(&self) -> Result<OwnedSemaphorePermit, ReadError> {
        loop {
            let permit = Arc::clone(&self.permits).acquire_owned().await;
            let permit = permit.map_err(ReadError::ours)?;
            if !self.is_wanted() {
                return Ok(permit);
            }
            drop(permit);
            tokio::task::yield_now().await;
        }
    }

    pub(super) fn is_wanted(&self) -> bool {
        self.wanted.load(Ordering::Relaxed) > 0
    }
}

/// Counts whoever waits, also one that gives up.
struct Waits<'a>(&'a AtomicUsize);

impl<'a> Waits<'a> {
    fn new(wanted: &'a AtomicUsize) -> Self {
        wanted.fetch_add(1, Ordering::Relaxed);
        Self(wanted)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The reason to set a document aside none of whose pages could be read: what is wrong with its first one.
pub fn nothing_readable(pages: impl IntoIterator<Item = Option<Unreadable>>) -> Option<ReadError> {
    let mut pages = pages.into_iter().peekable();
    let first = pages.peek().copied().flatten()?;
    pages
        .all(|page| page.is_some())
        .then(|| ReadError::new(first.into(), format!("no page can be read: {}", first.explanation())))
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn png(gray: &Gray) -> image::ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(Cursor::new(&mut bytes), CompressionType::Fast, FilterType::Adaptive).write_image(
        &gray.pixels,
        gray.width as u32,
        gray.height as u32,
        image::ExtendedColorType::L8,
    )?;
    Ok(bytes)
}
