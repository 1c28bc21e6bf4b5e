//! A part of a page read again, because somebody looks for something in particular there. Runs in the child.

use image::ImageFormat;
use serde::{Deserialize, Serialize};

use crate::domain::page::{PixelBox, REVIEW_DPI};
use crate::reading::document::{Limits, Refusal};
use crate::reading::raster::Gray;
use crate::reading::recognize::{Engine, mean_confidence};

/// A box on the review image, and what is expected in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    pub bounds: PixelBox,
    pub alphabet: Alphabet,
}

/// The characters that may stand in a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alphabet {
    Any,
    Digits,
    /// Digits and what separates day, month and year.
    Date,
    /// Capitals, digits, dots and dashes: diagnosis codes, member ids.
    Code,
}

/// What was read in a region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RegionText {
    pub text: String,
    /// 0 to 1, as the recogniser says.
    pub confidence: f32,
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

/// White around the box, so that letters at its edge are not cut.
const MARGIN: u32 = 8;

pub fn read(engine: &mut Engine, page: &Gray, regions: &[Region]) -> Vec<RegionText> {
    regions.iter().map(|region| one(engine, page, region)).collect()
}

fn one(engine: &mut Engine, page: &Gray, region: &Region) -> RegionText {
    let b = region.bounds;
    let (left, top) = (b.x.saturating_sub(MARGIN) as usize, b.y.saturating_sub(MARGIN) as usize);
    let right = (b.right().saturating_add(MARGIN) as usize).min(page.width);
    let bottom = (b.bottom().saturating_add(MARGIN) as usize).min(page.height);
    if left >= right || top >= bottom {
        return RegionText {
            text: String::new(),
            confidence: 0.0,
        };
    }
    let words = engine.words(
        &page.cropped(left, top, right - left, bottom - top),
        f64::from(REVIEW_DPI),
    );
    let text: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    RegionText {
        text: text.join(" "),
        confidence: mean_confidence(&words),
    }
}
