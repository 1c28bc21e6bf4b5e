//! An opened document of any kind, from which one page at a time is decoded. Runs in the child.

use pdfium_render::prelude::{PdfDocument, Pdfium};

use crate::reading::detect::{self, MediaType};
use crate::reading::document::{Limits, PageContent, Refusal};
use crate::reading::fax_tiff::TiffPages;
use crate::reading::pdf;
use crate::reading::picture;

pub enum Source<'a> {
    Pdf(PdfDocument<'a>),
    Tiff(TiffPages<'a>),
    Picture(&'a [u8], MediaType),
}

impl<'a> Source<'a> {
    /// Looks no further than it must to know how many pages there are. What fails here costs the whole document.
    pub fn open(pdfium: &'a Pdfium, bytes: &'a [u8], limits: &Limits) -> Result<Self, Refusal> {
        match detect::sniff(bytes).ok_or(Refusal::NotADocument)? {
            MediaType::Pdf => Ok(Self::Pdf(pdf::open(pdfium, bytes, limits)?)),
            MediaType::Tiff => Ok(Self::Tiff(TiffPages::open(bytes, limits)?)),
            media @ (MediaType::Png | MediaType::Jpeg) => Ok(Self::Picture(bytes, media)),
        }
    }

    pub fn pages(&self) -> u32 {
        match self {
            Self::Pdf(document) => document.pages().len().max(0) as u32,
            Self::Tiff(tiff) => tiff.directories.len() as u32,
            Self::Picture(..) => 1,
        }
    }

    /// Decodes the page of this number, counted from 1. What fails here costs this page alone.
    pub fn page(&self, number: u32, limits: &Limits) -> Result<PageContent, Refusal> {
        if number == 0 || number > self.pages() {
            return Err(Refusal::NoPages);
        }
        let index = number as usize - 1;
        match self {
            Self::Pdf(document) => pdf::page(document, index, limits),
            Self::Tiff(tiff) => tiff.page(index, limits),
            Self::Picture(bytes, media) => picture::page(bytes, *media, limits).map(PageContent::picture),
        }
    }
}
