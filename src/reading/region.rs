//! A part of a page read again, because somebody looks for something in particular there. Runs in the child.

use image::ImageFormat;
use serde::{Deserialize, Serialize};

use crate::domain::page::REVIEW_DPI;
use crate::domain::region::{Region, SecondLook};
use crate::reading::clean;
use crate::reading::document::{Limits, Refusal};
use crate::reading::recognize::{Ask, Layout, Model, Recognizer, mean_confidence};
use crate::reading::second_reading::{ENLARGED, enlarged, with_margin};
use referloop_pixels::leaders;
use referloop_pixels::raster::{Gray, Raster};

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
    let page = without_specks(page.clone());
    regions.iter().map(|region| one(recognizer, &page, *region)).collect()
}

fn without_specks(gray: Gray) -> Gray {
    let dpi = f64::from(REVIEW_DPI);
    let raster = Raster {
        bilevel: gray.is_bilevel(),
        gray,
        dpi_x: dpi,
        dpi_y: dpi,
    };
    let page = clean::despeckled(&raster).page;
    leaders::without_leaders(&page).unwrap_or(page.gray)
}

/// Reads each region once, as the words of the page were not read: alone, larger, by the other model.
pub fn look_again(recognizer: &mut impl Recognizer, page: &Gray, regions: &[Region]) -> Vec<SecondLook> {
    let dpi = f64::from(REVIEW_DPI);
    let look = |region: &Region| {
        if !lies_on(page, region) {
            return SecondLook {
                region: *region,
                text: String::new(),
                confidence: 0.0,
            };
        }
        let picture = enlarged(&without_specks(with_margin(page, region.bounds)));
        let (text, confidence) = text(recognizer, &picture, dpi * ENLARGED, *region, Model::Best);
        SecondLook {
            region: *region,
            text,
            confidence,
        }
    };
    regions.iter().map(look).collect()
}

fn lies_on(page: &Gray, region: &Region) -> bool {
    let b = region.bounds;
    (b.x as usize) < page.width && (b.y as usize) < page.height
}

/// What is higher than this, a third of an inch, holds more than one line.
const ONE_LINE_MAX: u32 = REVIEW_DPI / 3;

/// Reads in two ways. Without the second model they still differ by the size of the letters.
fn one(recognizer: &mut impl Recognizer, page: &Gray, region: Region) -> RegionText {
    if !lies_on(page, &region) {
        return RegionText::default();
    }
    let part = with_margin(page, region.bounds);
    let dpi = f64::from(REVIEW_DPI);
    let as_it_is = text(recognizer, &part, dpi, region, Model::Fast);
    let larger = text(recognizer, &enlarged(&part), dpi * ENLARGED, region, Model::Best);
    let agreed = !larger.0.is_empty() && larger.0 == as_it_is.0;
    let (text, confidence) = if as_it_is.1 > larger.1 { as_it_is } else { larger };
    RegionText {
        text,
        confidence,
        agreed,
    }
}

/// What a picture of a region says, and how sure the recogniser is of it.
fn text(recognizer: &mut impl Recognizer, picture: &Gray, dpi: f64, region: Region, model: Model) -> (String, f32) {
    let layout = if region.bounds.height > ONE_LINE_MAX {
        Layout::Columns
    } else {
        Layout::Line
    };
    let alphabet = region.alphabet;
    let ask = Ask {
        layout,
        alphabet,
        model,
    };
    let words = recognizer.read(picture, dpi, ask);
    let parts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let text = alphabet.repair(&parts.join(alphabet.between_words()));
    (text, mean_confidence(&words))
}
