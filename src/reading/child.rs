//! The reading child: one process a document, one thread, locked down before the first untrusted byte.
//!
//! It loads its libraries and locks before it is asked for anything, so that it can stand by; then it answers one request and
//! ends.
#![expect(unsafe_code, reason = "whether a request waits is asked by a bare system call")]

use std::io::{self, BufWriter, Read, Write};
use std::mem::ManuallyDrop;
use std::time::Duration;

use crate::domain::page::REVIEW_DPI;
use crate::reading::document::{Limits, Refusal};
use crate::reading::reader::{Read as ReadPage, StopWatch, milliseconds};
use crate::reading::recognize::Engine;
use crate::reading::request::{Order, Request, Setup};
use crate::reading::source::Source;
use crate::reading::{binding, glance, last_words, pdf, probe, reader, region, sandbox, stream};
use referloop_pixels::raster::Gray;

/// The hidden command that starts the child: `referloop read-child SETUP`.
pub const COMMAND: &str = "read-child";

/// Why the child could not begin: our installation's fault, never the document's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[repr(u8)]
pub enum NotReady {
    #[error("the reading child was started wrongly")]
    Task = 20,
    #[error("libpdfium.so was not found or does not load")]
    Pdfium = 21,
    #[error("Tesseract's English model was not found, may not be read or does not load")]
    Model = 22,
    #[error("the kernel can't sandbox the reading child (Landlock and seccomp are needed)")]
    Sandbox = 23,
}

impl NotReady {
    pub const ALL: [Self; 4] = [Self::Task, Self::Pdfium, Self::Model, Self::Sandbox];

    pub fn from_exit_code(code: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| i32::from(*fault as u8) == code)
    }
}

/// A child that is asked for nothing for so long loads its models ahead. Under load none waits that long, and what needs no
/// model costs none.
const IDLE: Duration = Duration::from_millis(300);

/// How a child ends that did not finish.
enum Ending {
    NotReady(NotReady),
    Refused(Refusal),
    /// The parent no longer listens.
    Unheard,
}

impl From<Refusal> for Ending {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<io::Error> for Ending {
    fn from(_: io::Error) -> Self {
        Self::Unheard
    }
}

/// Runs the child and never returns. The first thing that the program does, before any thread.
pub fn main() -> ! {
    let code = match run() {
        Ok(()) => 0,
        Err(Ending::Refused(refusal)) => refusal.exit_code(),
        Err(Ending::NotReady(fault)) => i32::from(fault as u8),
        Err(Ending::Unheard) => 1,
    };
    std::process::exit(code)
}

fn run() -> Result<(), Ending> {
    sandbox::close_inherited();
    let argument = std::env::args().nth(2).unwrap_or_default();
    let setup: Setup = serde_json::from_str(&argument).map_err(|_| Ending::NotReady(NotReady::Task))?;
    if !sandbox::die_with(setup.parent) {
        return Err(Ending::Unheard);
    }
    // Never closed: an exception of pdfium's leaves the binding's lock held, and closing anything would wait for it forever.
    // The process ends soon enough.
    let pdfium = ManuallyDrop::new(pdf::load().ok_or(Ending::NotReady(NotReady::Pdfium))?);
    last_words::prepare();
    let mut engine = Engine::find().ok_or(Ending::NotReady(NotReady::Model))?;
    let level = sandbox::lock(&setup.limits, setup.parent, &engine.folders())?;
    if !level.is_sufficient() && !setup.allow_unsandboxed {
        return Err(Ending::NotReady(NotReady::Sandbox));
    }
    if !engine.can_load() {
        return Err(Ending::NotReady(NotReady::Model));
    }
    let limits = &setup.limits;
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    stream::write_ready(&mut out, level)?;
    // A standby waits here until a document comes, or until the parent needs it no longer.
    let mut orders = io::stdin().lock();
    if !is_asked_within(IDLE) {
        engine.load();
    }
    let (request, bytes) = Request::read_from(&mut orders)?;
    sandbox::allow_cpu_seconds(limits.cpu_seconds_a_page);
    match request {
        Request::Document => {
            let source = ManuallyDrop::new(Source::open(&pdfium, &bytes, limits)?);
            read_pages(&source, &mut engine, limits, &mut orders, &mut out)?;
        }
        Request::Glance => {
            let source = ManuallyDrop::new(Source::open(&pdfium, &bytes, limits)?);
            stream::write_glance(&mut out, &glance::first_page(&source, &mut engine, limits)?)?;
        }
        Request::Regions(regions) => {
            let page = region::picture(&bytes, limits)?;
            stream::write_regions(&mut out, &region::read(&mut engine, &page, &regions))?;
        }
        Request::Bind(order) => stream::write_bound(&mut out, &binding::bind(&order, &bytes, limits)?)?,
        Request::Probe(probe) => {
            // So that `doctor` finds a model that is there and doesn't load.
            engine.load();
            stream::write_probed(&mut out, probe::attempt(probe))?;
        }
    }
    Ok(())
}

/// Whether something comes over standard input, or it is closed, before that time is over.
fn is_asked_within(time: Duration) -> bool {
    let mut input = libc::pollfd {
        fd: libc::STDIN_FILENO,
        events: libc::POLLIN,
        revents: 0,
    };
    // SAFETY: one struct, which lives through the call.
    unsafe { libc::poll(&raw mut input, 1, time.as_millis() as libc::c_int) != 0 }
}

/// Reads the pages that are ordered until no more are.
fn read_pages(
    source: &Source,
    engine: &mut Engine,
    limits: &Limits,
    orders: &mut impl Read,
    out: &mut impl Write,
) -> io::Result<()> {
    stream::write_opened(out, source.pages())?;
    let mut last = Gray::white(0, 0);
    while let Some(order) = Order::read_from(orders) {
        sandbox::allow_cpu_seconds(limits.cpu_seconds_a_page);
        match order {
            Order::Page(number) => match read_page(source, number, engine, limits) {
                Ok(read) => {
                    stream::write_page(out, &read.text, &read.image)?;
                    last = read.image;
                }
                Err(refusal) => stream::write_lost(out, number, refusal.of_page())?,
            },
            Order::LookAgain(regions) => stream::write_looks(out, &region::look_again(engine, &last, &regions))?,
        }
    }
    Ok(())
}

fn read_page(source: &Source, number: u32, engine: &mut Engine, limits: &Limits) -> Result<ReadPage, Refusal> {
    let mut watch = StopWatch::start();
    let page = source.page(number, limits)?;
    let decoding = milliseconds(watch.lap());
    let (width, height) = page.raster.size_at(f64::from(REVIEW_DPI));
    limits.admit(width as u64, height as u64)?;
    let mut read = reader::read(engine, number, &page.raster, page.characters.as_deref());
    read.text.facts.fax = page.fax.map(Box::new);
    read.text.recipe.times.decoding = decoding;
    Ok(read)
}
