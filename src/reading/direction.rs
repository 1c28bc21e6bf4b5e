//! Which way up a page is when its letters left it open: a strip is read both ways.

use crate::domain::page::Rotation;
use crate::reading::clean;
use crate::reading::recipe;
use crate::reading::recognize::{Engine, mean_confidence};
use referloop_pixels::raster::{Gray, Raster};

/// Below this mean the page may lie another way than its letters seemed to say.
pub const DOUBTFUL_CONFIDENCE: f32 = 0.60;
/// Part of the page's height that is read to compare directions.
const STRIP_PART: f64 = 0.18;

/// Reads a strip of text both ways up and takes the better; the other two ways only where neither reads.
///
/// Tesseract reads lines that stand upright on their side too, so its confidence can't tell a quarter turn.
pub fn best_by_strip(engine: &mut Engine, despeckled: &Raster, order: [Rotation; 4]) -> Rotation {
    let mut best = (f32::MIN, order[0]);
    for (tried, rotation) in order.into_iter().enumerate() {
        if tried == 2 && best.0 >= DOUBTFUL_CONFIDENCE {
            break;
        }
        let turned = despeckled.turned(rotation);
        let cleaned = clean::clean(&turned, recipe::first(&turned));
        let strip = densest_strip(&cleaned.gray);
        let confidence = mean_confidence(&engine.words(&strip, cleaned.dpi));
        if confidence > best.0 {
            best = (confidence, rotation);
        }
    }
    best.1
}

/// The horizontal strip with the most ink.
fn densest_strip(gray: &Gray) -> Gray {
    let height = ((gray.height as f64 * STRIP_PART) as usize).clamp(1, gray.height);
    let ink: Vec<usize> = (0..gray.height)
        .map(|y| gray.row(y).iter().filter(|&&p| p < 128).count())
        .collect();
    let mut sum: usize = ink[..height].iter().sum();
    let mut best = (sum, 0);
    for y in height..gray.height {
        sum = sum + ink[y] - ink[y - height];
        if sum > best.0 {
            best = (sum, y + 1 - height);
        }
    }
    gray.cropped(0, best.1, gray.width, height)
}
