//! What goes over the pipe from child to parent: frames of a kind, a length and that many bytes.
//!
//! The parent believes nothing: each length is checked before memory is taken for it, each page against the limits.

use std::io::{self, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncReadExt};

use crate::domain::page::{PageText, PixelBox, Unreadable};
use crate::domain::region::SecondLook;
use crate::reading::document::Limits;
use crate::reading::region::RegionText;
use crate::reading::sandbox::Level;
use referloop_pixels::raster::Gray;

const READY: u8 = b'L';
const OPENED: u8 = b'O';
const PAGE: u8 = b'P';
const PIXELS: u8 = b'G';
const LOST: u8 = b'X';
const REGIONS: u8 = b'A';
const LOOKS: u8 = b'S';
const GLANCE: u8 = b'F';
const BOUND: u8 = b'B';
const PROBED: u8 = b'R';

/// A page's words and marks as JSON; a full page of small print has about a tenth of it.
const TEXT_BYTES_MAX: u32 = 8 << 20;
const SMALL_BYTES_MAX: u32 = 64 << 10;

/// A whole document as PDF. Faxes of 500 pages take a fifth of it.
const BOUND_BYTES_MAX: u32 = 128 << 20;

/// One frame, checked.
#[derive(Debug)]
pub enum Frame {
    /// Loaded, locked down so far, and waiting.
    Ready(Level),
    Opened {
        pages: u32,
    },
    Page(Box<PageText>, Gray),
    /// This page could not be decoded; others may.
    Lost {
        number: u32,
        why: Unreadable,
    },
    Regions(Vec<RegionText>),
    /// What parts of the last page say, read once more.
    Looks(Vec<SecondLook>),
    /// Lines of the first page.
    Glance(Vec<String>),
    /// A PDF. It holds what came from outside, so nothing of ours parses it.
    Bound(Vec<u8>),
    /// The probe was refused without ending the process, or was not.
    Probed {
        refused: bool,
    },
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

fn write_small(out: &mut impl Write, kind: u8, what: &impl Serialize) -> io::Result<()> {
    write_frame(out, kind, &serde_json::to_vec(what)?)?;
    out.flush()
}

pub fn write_ready(out: &mut impl Write, level: Level) -> io::Result<()> {
    write_small(out, READY, &level)
}

pub fn write_opened(out: &mut impl Write, pages: u32) -> io::Result<()> {
    write_small(out, OPENED, &pages)
}

pub fn write_lost(out: &mut impl Write, number: u32, why: Unreadable) -> io::Result<()> {
    write_small(out, LOST, &(number, why))
}

pub fn write_regions(out: &mut impl Write, texts: &[RegionText]) -> io::Result<()> {
    write_small(out, REGIONS, &texts)
}

pub fn write_looks(out: &mut impl Write, looks: &[SecondLook]) -> io::Result<()> {
    write_small(out, LOOKS, &looks)
}

pub fn write_glance(out: &mut impl Write, lines: &[String]) -> io::Result<()> {
    write_small(out, GLANCE, &lines)
}

pub fn write_bound(out: &mut impl Write, pdf: &[u8]) -> io::Result<()> {
    write_frame(out, BOUND, pdf)?;
    out.flush()
}

pub fn write_probed(out: &mut impl Write, refused: bool) -> io::Result<()> {
    write_small(out, PROBED, &refused)
}

/// Reads frames and holds each against the limits. Whether it answers what was asked is for the caller to see.
#[derive(Debug)]
pub struct FrameReader<R> {
    from: R,
    limits: Limits,
}

impl<R: AsyncRead + Unpin> FrameReader<R> {
    pub fn new(from: R, limits: Limits) -> Self {
        Self { from, limits }
    }

    pub async fn next(&mut self) -> Result<Frame, StreamError> {
        let (kind, length) = self.head().await?;
        match kind {
            PAGE if length <= TEXT_BYTES_MAX => self.page(length).await,
            READY if length <= SMALL_BYTES_MAX => Ok(Frame::Ready(self.small(length).await?)),
            OPENED if length <= SMALL_BYTES_MAX => match self.small(length).await? {
                pages if (1..=self.limits.pages).contains(&pages) => Ok(Frame::Opened { pages }),
                _ => Err(StreamError::Unbelievable("an impossible number of pages")),
            },
            LOST if length <= SMALL_BYTES_MAX => {
                let (number, why) = self.small(length).await?;
                Ok(Frame::Lost { number, why })
            }
            REGIONS if length <= TEXT_BYTES_MAX => Ok(Frame::Regions(self.small(length).await?)),
            LOOKS if length <= TEXT_BYTES_MAX => Ok(Frame::Looks(self.small(length).await?)),
            GLANCE if length <= TEXT_BYTES_MAX => Ok(Frame::Glance(self.small(length).await?)),
            BOUND if length <= BOUND_BYTES_MAX => Ok(Frame::Bound(self.bytes(length).await?)),
            PROBED if length <= SMALL_BYTES_MAX => Ok(Frame::Probed {
                refused: self.small(length).await?,
            }),
            _ => Err(StreamError::Unbelievable("an unknown or oversized frame")),
        }
    }

    async fn small<T: DeserializeOwned>(&mut self, length: u32) -> Result<T, StreamError> {
        let bytes = self.bytes(length).await?;
        serde_json::from_slice(&bytes).map_err(|_| StreamError::Unbelievable("something that is none"))
    }

    async fn page(&mut self, length: u32) -> Result<Frame, StreamError> {
        let bytes = self.bytes(length).await?;
        let text: PageText =
            serde_json::from_slice(&bytes).map_err(|_| StreamError::Unbelievable("a page that is none"))?;
        let pixels = u64::from(text.width) * u64::from(text.height);
        if pixels == 0 || pixels > u64::from(self.limits.megapixels_a_page) * 1_000_000 {
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
                Ok(Frame::Page(Box::new(text), gray))
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
        .chain(text.rings.iter().chain(&text.strikes).copied())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::page::{Rotation, TextSource, Word};
    use crate::domain::page_facts::PageFacts;
    use crate::domain::page_quality::{Quality, Recipe};

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
                second: None,
            }],
            check_boxes: Vec::new(),
            ruled_lines: Vec::new(),
            rings: Vec::new(),
            strikes: Vec::new(),
            looks: Vec::new(),
            unreadable: None,
            illegible: Vec::new(),
            quality: Quality::default(),
            recipe: Recipe::default(),
            facts: PageFacts::default(),
        }
    }

    async fn first(bytes: &[u8]) -> Result<Frame, StreamError> {
        FrameReader::new(bytes, Limits::default()).next().await
    }

    #[tokio::test]
    async fn pages_come_through() {
        let mut bytes = Vec::new();
        write_opened(&mut bytes, 2).unwrap();
        write_page(&mut bytes, &page(1, 4, 2), &Gray::white(4, 2)).unwrap();
        write_lost(&mut bytes, 2, Unreadable::Damaged).unwrap();
        let mut reader = FrameReader::new(bytes.as_slice(), Limits::default());
        assert!(matches!(reader.next().await, Ok(Frame::Opened { pages: 2 })));
        let page = reader.next().await;
        assert!(matches!(page, Ok(Frame::Page(text, gray)) if text.words.len() == 1 && gray.pixels.len() == 8));
        assert!(matches!(
            reader.next().await,
            Ok(Frame::Lost {
                number: 2,
                why: Unreadable::Damaged
            })
        ));
        assert!(matches!(reader.next().await, Err(StreamError::Cut(_))));
    }

    #[tokio::test]
    async fn lies_are_not_believed() {
        let told = |text: PageText, gray: Gray| {
            let mut bytes = Vec::new();
            write_page(&mut bytes, &text, &gray).unwrap();
            bytes
        };
        let lies = [
            told(page(1, 4, 2), Gray::white(4, 3)),
            told(page(1, 2, 2), Gray::white(2, 2)),
            told(page(1, 100_000, 100_000), Gray::white(1, 1)),
            b"P\xff\xff\xff\xff".to_vec(),
            b"B\xff\xff\xff\xff".to_vec(),
            b"?\0\0\0\0".to_vec(),
            b"O\x04\0\0\09999".to_vec(),
            b"O\x01\0\0\0\x30".to_vec(),
            b"L\x01\0\0\0{".to_vec(),
        ];
        for lie in lies {
            assert!(first(&lie).await.is_err());
        }
    }
}
