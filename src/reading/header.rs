//! The line that the sender's machine printed over the top of a page.
//!
//! It is straight where the page below it lies askew, so that straightening the page bends it. It is read by itself.

use crate::domain::page::Word;
use crate::reading::clean;
use crate::reading::recipe;
use crate::reading::recognize::Engine;
use referloop_pixels::raster::Raster;

/// Part of the page's height in which machines print it.
const PART: f64 = 0.032;
/// Less bent than this, the page's own reading is as good.
const BENT_DEGREES: f64 = 0.6;
/// A strip read worse holds no printed line.
const CONFIDENCE_MIN: f32 = 0.70;
const WORDS_MIN: usize = 3;

/// The page's words, with those at its top read again from unbent pixels where that reads better.
pub fn reread(engine: &mut Engine, upright: &Raster, skew_degrees: f64, words: Vec<Word>) -> Vec<Word> {
    if skew_degrees.abs() < BENT_DEGREES {
        return words;
    }
    let height = (upright.gray.height as f64 * PART) as usize;
    let strip = Raster {
        gray: upright.gray.cropped(0, 0, upright.gray.width, height),
        ..*upright
    };
    let cleaned = clean::clean_at(&strip, recipe::first(&strip), 0.0);
    let bottom = cleaned.review_height();
    let header = cleaned.on_review_image(engine.words(&cleaned.gray, cleaned.dpi));
    let (above, below): (Vec<Word>, Vec<Word>) = words
        .into_iter()
        .partition(|word| word.bounds.y + word.bounds.height / 2 < bottom);
    if header.len() < WORDS_MIN || mean(&header) < CONFIDENCE_MIN.max(mean(&above)) {
        return above.into_iter().chain(below).collect();
    }
    let first_below = header.iter().map(|word| word.line + 1).max().unwrap_or(0);
    let moved = below.into_iter().map(|word| Word {
        line: word.line + first_below,
        ..word
    });
    header.into_iter().chain(moved).collect()
}

fn mean(words: &[Word]) -> f32 {
    let letters = |word: &Word| word.text.chars().count() as f32;
    let sum: f32 = words.iter().map(|word| word.confidence * letters(word)).sum();
    sum / words.iter().map(letters).sum::<f32>().max(1.0)
}
