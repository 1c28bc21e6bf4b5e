//! Words that somebody drew a ring around, read once more without the ring: its line makes a recogniser lose them.

use crate::domain::alphabet::Alphabet;
use crate::domain::page::{PixelBox, REVIEW_DPI, Word};
use crate::reading::recognize::{Ask, Layout, Model, Recognizer};
use referloop_pixels::raster::Gray;

/// From this share of its radius on is the ring's line.
const INSIDE: f64 = 0.82;
const WHITE: usize = 10;

/// The words within the rings, with their places on the page.
pub fn read(recognizer: &mut impl Recognizer, page: &Gray, rings: &[PixelBox]) -> Vec<Word> {
    rings.iter().flat_map(|ring| within(recognizer, page, *ring)).collect()
}

fn within(recognizer: &mut impl Recognizer, page: &Gray, ring: PixelBox) -> Vec<Word> {
    let ask = Ask {
        layout: Layout::Line,
        alphabet: Alphabet::Any,
        model: Model::Fast,
    };
    let words = recognizer.read(&without_line(page, ring), f64::from(REVIEW_DPI), ask);
    let on_page = |bounds: PixelBox| PixelBox {
        x: (bounds.x + ring.x).saturating_sub(WHITE as u32),
        y: (bounds.y + ring.y).saturating_sub(WHITE as u32),
        ..bounds
    };
    words
        .into_iter()
        .map(|word| Word {
            bounds: on_page(word.bounds),
            text: word.text,
            confidence: word.confidence,
            line: word.line,
            second: None,
        })
        .collect()
}

/// The inside of a ring on white.
fn without_line(page: &Gray, ring: PixelBox) -> Gray {
    let part = page.cropped(
        ring.x as usize,
        ring.y as usize,
        ring.width as usize,
        ring.height as usize,
    );
    let mut framed = Gray::white(part.width + 2 * WHITE, part.height + 2 * WHITE);
    let (a, b) = (f64::from(ring.width) / 2.0, f64::from(ring.height) / 2.0);
    for y in 0..part.height {
        for (x, pixel) in part.row(y).iter().enumerate() {
            let radius = ((x as f64 + 0.5 - a) / a).hypot((y as f64 + 0.5 - b) / b);
            // Outside of the ring stands what was not chosen.
            if radius < INSIDE {
                framed.pixels[(y + WHITE) * framed.width + x + WHITE] = *pixel;
            }
        }
    }
    framed
}
