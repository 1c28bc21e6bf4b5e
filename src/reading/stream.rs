//! What goes over the pipe from child to parent: frames of a kind, a length and that many bytes.
//!
//! The parent believes nothing: each length is checked before memory is taken for it, each page against the limits.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncReadExt};

use crate::domain::page::{PageText, PixelBox};
use crate::reading::document::Limits;
use crate::reading::raster::Gray;
use crate::reading::sandbox::Level;

const PAGE: u8 = b'P';
const PIXELS: u8 = b'G';
const REPORT: u8 = b'R';
const END: u8 = b'Z';

/// A page's words and marks as JSON; a full page of small print has about a tenth of it.
const TEXT_BYTES_MAX: u32 = 8 << 20;
const SMALL_BYTES_MAX: u32 = 64 << 10;

/// The child's last word, so that a stream cut short is not taken for a short document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Trailer {
    pages: u32,
}

/// What the child says about itself when asked by `check` or a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub level: Level,
    /// The probe was refused without ending the process.
    pub refused: bool,
}

/// One frame, checked.
#[derive(Debug)]
pub enum Frame {
    Page(PageText, Gray),
    Report(Report),
    End,
}

/// Why a stream is not believed.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    #[error("the stream broke off")]
    Cut(#[from] io::Error),
    #[error("the stream says {0}")]
    Unbelievable(&'static str),
}

fn write_frame(out: &mut impl Write, kind: u8, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(|_| io::Error::other("frame too long"))?;
    out.write_all(&[kind])?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(bytes)
}

pub fn write_page(out: &mut impl Write, text: &PageText, pixels: &Gray) -> io::Result<()> {
    write_frame(out, PAGE, &serde_json::to_vec(text)?)?;
    write_frame(out, PIXELS, &pixels.pixels)?;
    out.flush()
}

pub fn write_report(out: &mut impl Write, report: Report) -> io::Result<()> {
    write_frame(out, REPORT, &serde_json::to_vec(&report)?)?;
    out.flush()
}

pub fn write_end(out: &mut impl Write, pages: u32) -> io::Result<()> {
    write_frame(out, END, &serde_json::to_vec(&Trailer { pages })?)?;
    out.flush()
}

/// Reads frames and holds them against the limits and against one another.
pub struct FrameReader<R> {
    from: R,
    limits: Limits,
    pages: u32,
    pixels: u64,
}

impl<R: AsyncRead + Unpin> FrameReader<R> {
    pub fn new(from: R, limits: Limits) -> Self {
        Self {
            from,
            limits,
            pages: 0,
            pixels: 0,
        }
    }

    pub async fn next(&mut self) -> Result<Frame, StreamError> {
        match self.head().await? {
            (PAGE, length) if length <= TEXT_BYTES_MAX => self.page(length).await,
            (REPORT, length) if length <= SMALL_BYTES_MAX => {
                let bytes = self.bytes(length).await?;
                let report = serde_json::from_slice(&bytes);
                report
                    .map(Frame::Report)
                    .map_err(|_| StreamError::Unbelievable("a report that is none"))
            }
            (END, length) if length <= SMALL_BYTES_MAX => {
                let bytes = self.bytes(length).await?;
                match serde_json::from_slice::<Trailer>(&bytes) {
                    Ok(trailer) if trailer.pages == self.pages => Ok(Frame::End),
                    _ => Err(StreamError::Unbelievable("another number of pages")),
                }
            }
            _ => Err(StreamError::Unbelievable("an unknown or oversized frame")),
        }
    }

    async fn page(&mut self, length: u32) -> Result<Frame, StreamError> {
        let bytes = self.bytes(length).await?;
        let text: PageText =
            serde_json::from_slice(&bytes).map_err(|_| StreamError::Unbelievable("a page that is none"))?;
        self.pages += 1;
        if text.number != self.pages || self.pages > self.limits.pages {
            return Err(StreamError::Unbelievable("a page out of order"));
        }
        let pixels = u64::from(text.width) * u64::from(text.height);
        self.pixels = self.pixels.saturating_add(pixels);
        if pixels == 0
            || pixels > u64::from(self.limits.megapixels_a_page) * 1_000_000
            || self.pixels > u64::from(self.limits.megapixels_a_document) * 1_000_000
        {
            return Err(StreamError::Unbelievable("a page beyond the pixel limit"));
        }
        if !boxes(&text).all(|b| b.right() <= text.width && b.bottom() <= text.height) {
            return Err(StreamError::Unbelievable("a box outside the page"));
        }
        match self.head().await? {
            (PIXELS, length) if u64::from(length) == pixels => {
                let pixels = self.bytes(length).await?;
                let gray = Gray {
                    width: text.width as usize,
                    height: text.height as usize,
                    pixels,
                };
                Ok(Frame::Page(text, gray))
            }
            _ => Err(StreamError::Unbelievable("pixels that don't fit the page")),
        }
    }

    async fn head(&mut self) -> Result<(u8, u32), StreamError> {
        let kind = self.from.read_u8().await?;
        Ok((kind, self.from.read_u32_le().await?))
    }

    async fn bytes(&mut self, length: u32) -> Result<Vec<u8>, StreamError> {
        let mut bytes = vec![0; length as usize];
        self.from.read_exact(&mut bytes).await?;
        Ok(bytes)
    }
}

fn boxes(text: &PageText) -> impl Iterator<Item = PixelBox> {
    let words = text.words.iter().map(|word| word.bounds);
    let check_boxes = text.check_boxes.iter().map(|check_box| check_box.bounds);
    words
        .chain(check_boxes)
        .chain(text.ruled_lines.iter().map(|line| line.bounds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::page::{Rotation, TextSource, Word};

    fn page(number: u32, width: u32, height: u32) -> PageText {
        PageText {
            number,
            rotation: Rotation::Upright,
            blank: false,
            text_source: TextSource::Ocr,
            width,
            height,
            words: vec![Word {
                text: "Ada".to_owned(),
                bounds: PixelBox {
                    x: 0,
                    y: 0,
                    width: 3,
                    height: 1,
                },
                confidence: 0.9,
                line: 0,
            }],
            check_boxes: Vec::new(),
            ruled_lines: Vec::new(),
        }
    }

    async fn first_two(bytes: &[u8]) -> (Result<Frame, StreamError>, Option<Result<Frame, StreamError>>) {
        let mut reader = FrameReader::new(bytes, Limits::default());
        let first = reader.next().await;
        let second = if first.is_ok() { Some(reader.next().await) } else { None };
        (first, second)
    }

    #[tokio::test]
    async fn a_page_comes_through() {
        let mut bytes = Vec::new();
        write_page(&mut bytes, &page(1, 4, 2), &Gray::white(4, 2)).unwrap();
        write_end(&mut bytes, 1).unwrap();
        let (first, second) = first_two(&bytes).await;
        assert!(matches!(first, Ok(Frame::Page(text, gray)) if text.words.len() == 1 && gray.pixels.len() == 8));
        assert!(matches!(second, Some(Ok(Frame::End))));
    }

    #[tokio::test]
    async fn lies_are_not_believed() {
        let told = |text: PageText, gray: Gray| {
            let mut bytes = Vec::new();
            write_page(&mut bytes, &text, &gray).unwrap();
            bytes
        };
        let lies = [
            told(page(2, 4, 2), Gray::white(4, 2)),
            told(page(1, 4, 2), Gray::white(4, 3)),
            told(page(1, 2, 2), Gray::white(2, 2)),
            told(page(1, 100_000, 100_000), Gray::white(1, 1)),
            b"P\xff\xff\xff\xff".to_vec(),
            b"?\0\0\0\0".to_vec(),
            b"Z\x0b\0\0\0{\"pages\":9}".to_vec(),
        ];
        for lie in lies {
            assert!(first_two(&lie).await.0.is_err());
        }
    }
}
