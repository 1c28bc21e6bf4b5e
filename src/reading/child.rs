//! The reading child: one process a document, one thread, locked down before the first untrusted byte.

use std::io::{self, BufWriter, Read, Write};

use pdfium_render::prelude::Pdfium;
use serde::{Deserialize, Serialize};

use crate::reading::detect::{self, MediaType};
use crate::reading::document::{Limits, Refusal};
use crate::reading::fax_tiff::TiffPages;
use crate::reading::probe::Probe;
use crate::reading::raster::Raster;
use crate::reading::recognize::Engine;
use crate::reading::stream::Report;
use crate::reading::text_layer::Character;
use crate::reading::{pdf, picture, probe, reader, sandbox, stream};

/// The hidden command that starts the child: `referloop read-child TASK`.
pub const COMMAND: &str = "read-child";

/// What the parent asks for, as JSON in the one argument. It holds nothing of the document.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    pub parent: u32,
    pub limits: Limits,
    pub allow_unsandboxed: bool,
    /// Instead of reading: say how well the sandbox holds, or try to break out of it.
    pub probe: Option<Probe>,
}

/// Why the child could not begin: our installation's fault, never the document's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[repr(u8)]
pub enum NotReady {
    #[error("the reading child was started wrongly")]
    Task = 20,
    #[error("libpdfium.so was not found or does not load")]
    Pdfium = 21,
    #[error("Tesseract's English model was not found or does not load")]
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
    let task: Task = serde_json::from_str(&argument).map_err(|_| Ending::NotReady(NotReady::Task))?;
    if !sandbox::die_with(task.parent) {
        return Err(Ending::Unheard);
    }
    let pdfium = pdf::load().ok_or(Ending::NotReady(NotReady::Pdfium))?;
    let mut engine = Engine::load().ok_or(Ending::NotReady(NotReady::Model))?;
    let level = sandbox::lock(&task.limits, task.parent)?;
    if !level.is_sufficient() && !task.allow_unsandboxed {
        return Err(Ending::NotReady(NotReady::Sandbox));
    }
    sandbox::allow_cpu_seconds(task.limits.cpu_seconds_a_page);
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    if let Some(probe) = task.probe {
        let refused = probe::attempt(probe);
        return Ok(stream::write_report(&mut out, Report { level, refused })?);
    }
    let mut document = Vec::new();
    io::stdin().lock().read_to_end(&mut document)?;
    let pages = read_document(&pdfium, &mut engine, &task.limits, &document, &mut out)?;
    Ok(stream::write_end(&mut out, pages)?)
}

fn read_document(
    pdfium: &Pdfium,
    engine: &mut Engine,
    limits: &Limits,
    document: &[u8],
    out: &mut impl Write,
) -> Result<u32, Ending> {
    let mut desk = Desk {
        engine,
        limits,
        out,
        pages: 0,
        pixels: 0,
    };
    match detect::sniff(document).ok_or(Refusal::NotADocument)? {
        MediaType::Pdf => {
            let pdf = pdf::open(pdfium, document, limits)?;
            for index in 0..pdf.pages().len() as usize {
                let page = pdf::page(&pdf, index, limits)?;
                desk.put(&page.raster, page.characters.as_deref())?;
            }
        }
        MediaType::Tiff => {
            let tiff = TiffPages::open(document, limits)?;
            for index in 0..tiff.directories.len() {
                desk.put(&tiff.page(index, limits)?, None)?;
            }
        }
        media @ (MediaType::Png | MediaType::Jpeg) => desk.put(&picture::page(document, media, limits)?, None)?,
    }
    Ok(desk.pages)
}

/// Takes decoded pages one at a time, reads each and sends it off.
struct Desk<'a, W> {
    engine: &'a mut Engine,
    limits: &'a Limits,
    out: &'a mut W,
    pages: u32,
    pixels: u64,
}

impl<W: Write> Desk<'_, W> {
    fn put(&mut self, page: &Raster, characters: Option<&[Character]>) -> Result<(), Ending> {
        self.pages += 1;
        let (width, height) = page.size_at(f64::from(crate::domain::page::REVIEW_DPI));
        self.limits.admit(width as u64, height as u64)?;
        self.pixels += (width * height) as u64;
        if self.pixels > u64::from(self.limits.megapixels_a_document) * 1_000_000 {
            return Err(Refusal::PixelLimit.into());
        }
        sandbox::allow_cpu_seconds(self.limits.cpu_seconds_a_page);
        let read = reader::read(self.engine, self.pages, page, characters);
        stream::write_page(self.out, &read.text, &read.image)?;
        // Decoding the next page has its own allowance.
        sandbox::allow_cpu_seconds(self.limits.cpu_seconds_a_page);
        Ok(())
    }
}
