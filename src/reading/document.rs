//! What the decoders give to the child: pages as pixels, or the reason why there are none.

use serde::{Deserialize, Serialize};

use crate::domain::page::Unreadable;
use crate::domain::page_facts::FaxFacts;
use crate::domain::transmission::QuarantineReason;
use crate::reading::text_layer::Character;
use referloop_pixels::raster::Raster;

/// Of a page's width or height, in pixels.
const LENGTH_MAX: u64 = 60_000;

/// What a document may take up. Sent to its children by the parent, and enforced on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Of the file.
    pub megabytes: u32,
    pub pages: u32,
    /// Of one page.
    pub megapixels_a_page: u32,
    /// Of all pages together.
    pub megapixels_a_document: u32,
    pub cpu_seconds_a_page: u32,
    /// Of all its children together.
    pub cpu_seconds_a_document: u32,
    pub wall_seconds_a_page: u32,
    pub wall_seconds_a_document: u32,
    /// Address space of each child.
    pub memory_mebibytes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            megabytes: 100,
            pages: 500,
            megapixels_a_page: 40,
            // So many sheets of legal size.
            megapixels_a_document: 2500,
            cpu_seconds_a_page: 20,
            // Dense and bad pages take up to 2 s.
            cpu_seconds_a_document: 1800,
            // Of the clock, since a busy machine is no fault of the page; a page that only waits is ended by it.
            wall_seconds_a_page: 120,
            wall_seconds_a_document: 3600,
            memory_mebibytes: 2048,
        }
    }
}

impl Limits {
    /// Refuses a page before anything is allocated for it.
    pub fn admit(&self, width: u64, height: u64) -> Result<(), Refusal> {
        if width == 0 || height == 0 {
            return Err(Refusal::Unreadable);
        }
        let pixels = width.saturating_mul(height);
        // A page of one pixel's width may still be absurdly long.
        if pixels > u64::from(self.megapixels_a_page) * 1_000_000 || width.max(height) > LENGTH_MAX {
            return Err(Refusal::PixelLimit);
        }
        Ok(())
    }

    /// The most lines that a page of this width may have.
    pub fn lines_of(&self, width: u64) -> u64 {
        (u64::from(self.megapixels_a_page) * 1_000_000 / width.max(1)).min(LENGTH_MAX)
    }
}

/// Why a document cannot be read, as the child's exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[repr(u8)]
pub enum Refusal {
    #[error("locked with a password")]
    Encrypted = 10,
    #[error("damaged")]
    Unreadable = 11,
    #[error("no pages")]
    NoPages = 12,
    #[error("too many pages")]
    TooManyPages = 13,
    #[error("a page has too many pixels")]
    PixelLimit = 14,
    #[error("neither PDF, TIFF, PNG nor JPEG")]
    NotADocument = 15,
    #[error("too many bytes")]
    TooLarge = 16,
}

impl Refusal {
    pub const ALL: [Self; 7] = [
        Self::Encrypted,
        Self::Unreadable,
        Self::NoPages,
        Self::TooManyPages,
        Self::PixelLimit,
        Self::NotADocument,
        Self::TooLarge,
    ];

    pub fn exit_code(self) -> i32 {
        i32::from(self as u8)
    }

    pub fn from_exit_code(code: i32) -> Option<Self> {
        Self::ALL.into_iter().find(|refusal| refusal.exit_code() == code)
    }

    /// What it says of a page, where only one page could not be decoded.
    pub fn of_page(self) -> Unreadable {
        match self {
            Self::PixelLimit => Unreadable::PixelLimit,
            Self::Encrypted
            | Self::Unreadable
            | Self::NoPages
            | Self::TooManyPages
            | Self::NotADocument
            | Self::TooLarge => Unreadable::Damaged,
        }
    }

    pub fn reason(self) -> QuarantineReason {
        match self {
            Self::Encrypted => QuarantineReason::Encrypted,
            Self::Unreadable => QuarantineReason::Unreadable,
            Self::NoPages => QuarantineReason::NoPages,
            Self::TooManyPages => QuarantineReason::TooManyPages,
            Self::PixelLimit => QuarantineReason::PixelLimit,
            Self::NotADocument => QuarantineReason::NotADocument,
            Self::TooLarge => QuarantineReason::TooLarge,
        }
    }
}

/// What one page shows.
pub struct PageContent {
    pub raster: Raster,
    /// The characters of the text layer in pixels of the raster, unless something speaks against it from the start.
    pub characters: Option<Vec<Character>>,
    /// What a fax machine noted in the file.
    pub fax: Option<FaxFacts>,
}

impl PageContent {
    /// A page that is only a picture.
    pub fn picture(raster: Raster) -> Self {
        Self {
            raster,
            characters: None,
            fax: None,
        }
    }
}
