//! A part of a page read again, because somebody looks for something in particular there. Runs in the child.

use image::ImageFormat;
use serde::{Deserialize, Serialize};

use crate::domain::page::{PixelBox, REVIEW_DPI};
use crate::reading::alphabet::Alphabet;
use crate::reading::clean;
use crate::reading::document::{Limits, Refusal};
use crate::reading::raster::{Gray, Raster};
use crate::reading::recognize::{Ask, Layout, Model, Recognizer, mean_confidence};
use crate::reading::second_reading::{ENLARGED, enlarged, with_margin};

/// A box on the review image, and what is expected in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    pub bounds: PixelBox,
    pub alphabet: Alphabet,
}

/// What was read in a region.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RegionText {
    /// Empty where nothing could be read.
    pub text: String,
    /// 0 to 1, as the recogniser says.
    pub confidence: f32,
    /// Two ways of reading gave the same, which is nearly always right, whatever the confidence.
    pub agreed: bool,
}

/// The review image as it was stored. Only a child decodes it again: it was made of untrusted pixels.
pub fn picture(png: &[u8], limits: &Limits) -> Result<Gray, Refusal> {
    let mut reader = image::ImageReader::with_format(std::io::Cursor::new(png), ImageFormat::Png);
    let mut bounds = image::Limits::default();
    bounds.max_alloc = Some(u64::from(limits.megapixels_a_page) * 4_000_000);
    reader.limits(bounds);
    let gray = reader.decode().map_err(|_| Refusal::Unreadable)?.into_luma8();
    let (width, height) = (gray.width() as usize, gray.height() as usize);
    limits.admit(width as u64, height as u64)?;
    Ok(Gray {
        width,
        height,
        pixels: gray.into_raw(),
    })
}

pub fn read(recognizer: &mut impl Recognizer, page: &Gray, regions: &[Region]) -> Vec<RegionText> {
    let dpi = f64::from(REVIEW_DPI);
    let page = clean::despeckled(&Raster {
        bilevel: page.is_bilevel(),
        gray: page.clone(),
        dpi_x: dpi,
        dpi_y: dpi,
    })
    .page;
    regions
        .iter()
        .map(|region| one(recognizer, &page.gray, *region))
        .collect()
}

/// What is higher than this, a third of an inch, holds more than one line.
const ONE_LINE_MAX: u32 = REVIEW_DPI / 3;

/// Reads in two ways. Without the second model they still differ by the size of the letters.
fn one(recognizer: &mut impl Recognizer, page: &Gray, region: Region) -> RegionText {
    let b = region.bounds;
    if b.x as usize >= page.width || b.y as usize >= page.height {
        return RegionText::default();
    }
    let part = with_margin(page, b);
    let dpi = f64::from(REVIEW_DPI);
    let mut text = |picture: &Gray, dpi: f64, model: Model| {
        let layout = if b.height > ONE_LINE_MAX {
            Layout::Columns
        } else {
            Layout::Line
        };
        let alphabet = region.alphabet;
        let words = recognizer.read(
            picture,
            dpi,
            Ask {
                layout,
                alphabet,
                model,
            },
        );
        let parts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        (
            alphabet.repair(&parts.join(alphabet.between_words())),
            mean_confidence(&words),
        )
    };
    let as_it_is = text(&part, dpi, Model::Fast);
    let larger = text(&enlarged(&part), dpi * ENLARGED, Model::Best);
    let agreed = !larger.0.is_empty() && larger.0 == as_it_is.0;
    let (text, confidence) = if as_it_is.1 > larger.1 { as_it_is } else { larger };
    RegionText {
        text,
        confidence,
        agreed,
    }
}
