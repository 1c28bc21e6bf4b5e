//! From the delivered pixels to the picture that is recognised, and the way back for boxes.
//!
//! The order was measured: remove specks by connected components, then square the pixels, smooth, straighten. Scaling
//! up first, or a median filter, destroys a standard fax.

use crate::domain::page::{PixelBox, REVIEW_DPI, Word};
use crate::reading::recipe::{self, Steps};
use crate::reading::recognize::Recognized;
use referloop_pixels::deskew::{self, Turn};
use referloop_pixels::raster::{Gray, Raster};
use referloop_pixels::{components, paper, specks, streaks};

/// Less than this is not worth the blur of turning.
const STRAIGHT_DEGREES: f64 = 0.1;

/// A picture for the recogniser.
pub struct Cleaned {
    pub gray: Gray,
    pub dpi: f64,
    pub skew_degrees: f64,
    turn: Option<Turn>,
    scale_x: f64,
    scale_y: f64,
    review: (usize, usize),
}

/// The upright page in the size that people see: squared to 200 dpi, neither cleaned nor straightened.
pub fn review_image(upright: &Raster) -> Gray {
    let (width, height) = upright.size_at(f64::from(REVIEW_DPI));
    upright.gray.resized(width, height)
}

/// The same at a tenth of its cost, for a page with nothing on it.
pub fn rough_review_image(upright: &Raster) -> Gray {
    let (width, height) = upright.size_at(f64::from(REVIEW_DPI));
    upright.gray.roughly_resized(width, height)
}

/// A page without its dirt, and how much of it there was.
pub struct Despeckled {
    pub page: Raster,
    pub specks_per_square_inch: f32,
}

/// Specks off a page of black and white; shadows and noise off the paper of a grey one.
pub fn despeckled(page: &Raster) -> Despeckled {
    let (gray, specks) = if page.bilevel {
        without_dirt(page)
    } else {
        (paper::whitened(&page.gray), 0)
    };
    let square_inches = page.gray.pixels.len() as f64 / (page.dpi_x * page.dpi_y);
    Despeckled {
        page: Raster { gray, ..*page },
        specks_per_square_inch: (specks as f64 / square_inches.max(0.01)) as f32,
    }
}

fn without_dirt(page: &Raster) -> (Gray, usize) {
    let sizes = recipe::speck_sizes(page);
    let runs = components::runs(&page.gray, specks::INK);
    let streaks = streaks::find(&runs, page.gray.width, page.gray.height);
    if streaks.is_empty() {
        return specks::without_specks(&page.gray, runs, sizes);
    }
    let rest = streaks::erased(&page.gray, &streaks, &runs);
    let runs = components::runs(&rest, specks::INK);
    specks::without_specks(&rest, runs, sizes)
}

/// Squares, smooths and straightens an upright, despeckled page.
pub fn clean(upright: &Raster, steps: Steps) -> Cleaned {
    let (width, height) = steps.size(upright);
    let squared = upright.gray.resized(width, height);
    let skew_degrees = deskew::angle_degrees(&squared);
    straightened(upright, squared, steps, skew_degrees)
}

/// The same for a page whose skew is known.
pub fn clean_at(upright: &Raster, steps: Steps, skew_degrees: f64) -> Cleaned {
    let (width, height) = steps.size(upright);
    straightened(upright, upright.gray.resized(width, height), steps, skew_degrees)
}

fn straightened(upright: &Raster, squared: Gray, steps: Steps, skew_degrees: f64) -> Cleaned {
    let (width, height) = (squared.width, squared.height);
    let smooth = if steps.smoothed { squared.smoothed() } else { squared };
    let turn = (skew_degrees.abs() >= STRAIGHT_DEGREES).then(|| Turn::new(skew_degrees, width, height));
    let gray = turn
        .as_ref()
        .map(|turn| deskew::straightened(&smooth, turn))
        .unwrap_or(smooth);
    let review = upright.size_at(f64::from(REVIEW_DPI));
    Cleaned {
        gray,
        dpi: height as f64 * upright.dpi_y / upright.gray.height.max(1) as f64,
        skew_degrees,
        turn,
        scale_x: review.0 as f64 / width as f64,
        scale_y: review.1 as f64 / height as f64,
        review,
    }
}

impl Cleaned {
    pub fn is_straightened(&self) -> bool {
        self.turn.is_some()
    }

    pub fn review_height(&self) -> u32 {
        self.review.1 as u32
    }

    /// What was read on the cleaned picture, with the places on the review image.
    pub fn on_review_image(&self, words: Vec<Recognized>) -> Vec<Word> {
        words
            .into_iter()
            .map(|word| Word {
                bounds: self.to_review(word.bounds),
                text: word.text,
                confidence: word.confidence,
                line: word.line,
                second: None,
            })
            .collect()
    }

    /// A box on the cleaned picture as the box on the review image that holds the same ink.
    pub fn to_review(&self, bounds: PixelBox) -> PixelBox {
        let sides = [
            (bounds.x, bounds.y),
            (bounds.right(), bounds.y),
            (bounds.x, bounds.bottom()),
            (bounds.right(), bounds.bottom()),
        ];
        let corners = sides.map(|(x, y)| {
            let (x, y) = (f64::from(x), f64::from(y));
            let (x, y) = self.turn.as_ref().map_or((x, y), |turn| turn.back(x, y));
            (x * self.scale_x, y * self.scale_y)
        });
        let within = |value: f64, most: usize| value.clamp(0.0, most as f64);
        let (mut left, mut top) = (f64::MAX, f64::MAX);
        let (mut right, mut bottom) = (0f64, 0f64);
        for (x, y) in corners {
            (left, right) = (left.min(x), right.max(x));
            (top, bottom) = (top.min(y), bottom.max(y));
        }
        let (x, y) = (
            within(left, self.review.0 - 1).floor() as u32,
            within(top, self.review.1 - 1).floor() as u32,
        );
        PixelBox {
            x,
            y,
            width: (within(right.ceil(), self.review.0) as u32).saturating_sub(x).max(1),
            height: (within(bottom.ceil(), self.review.1) as u32).saturating_sub(y).max(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_go_back_to_where_the_ink_was() {
        // A standard fax with a falling row of blocks, so that cleaning both squares and straightens it.
        let mut page = Raster {
            gray: Gray::white(1728, 1078),
            dpi_x: 204.0,
            dpi_y: 98.0,
            bilevel: true,
        };
        let mut blocks = Vec::new();
        for row in 0..30 {
            for column in 0..40 {
                let (x, y) = (100 + column * 38, 60 + row * 32 + column * 38 / 100);
                for dy in 0..9 {
                    page.gray.pixels[(y + dy) * 1728 + x..(y + dy) * 1728 + x + 20].fill(0);
                }
                blocks.push((x, y));
            }
        }
        let cleaned = clean(&page, recipe::first(&page));
        assert!(cleaned.turn.is_some());
        let review = review_image(&page);
        let found = components::components(components::runs(&cleaned.gray, 128)).boxes();
        assert!(found.len() > 1000);
        for bounds in found.iter().filter(|b| b.width > 10 && b.height > 8) {
            let back = cleaned.to_review(*bounds);
            let (x, y) = (back.x + back.width / 2, back.y + back.height / 2);
            assert!(review.at(x as usize, y as usize) < 100, "{back:?} holds no ink");
            assert!(back.width < bounds.width + 6 && back.height < bounds.height + 6);
        }
    }
}
