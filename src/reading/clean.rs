//! From the delivered pixels to the picture that is recognised, and the way back for boxes.
//!
//! The order was measured: remove specks by connected components, then square the pixels, then straighten. Scaling up
//! first, or a median filter, destroys a standard fax.

use crate::domain::page::{PixelBox, REVIEW_DPI};
use crate::reading::deskew::{self, Turn};
use crate::reading::raster::{Gray, Raster};
use crate::reading::specks::{self, SpeckSizes};

/// Recognition is as good at this as at 300, and a third faster.
const RECOGNITION_DPI: f64 = 200.0;
/// A resolution so near is left as it is: resampling a fax costs more than a few percent of aspect.
const NEAR_ENOUGH: std::ops::Range<f64> = 170.0..245.0;
/// Less than this is not worth the blur of turning.
const STRAIGHT_DEGREES: f64 = 0.1;

/// A picture for the recogniser.
pub struct Cleaned {
    pub gray: Gray,
    pub dpi: f64,
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

/// One pixel where a pixel is 1/98 inch high, more where they are finer.
fn speck_sizes(page: &Raster) -> SpeckSizes {
    match page.dpi_x.min(page.dpi_y) {
        dpi if dpi < 150.0 => SpeckSizes { always: 1, alone: 3 },
        dpi if dpi < 250.0 => SpeckSizes { always: 2, alone: 8 },
        _ => SpeckSizes { always: 4, alone: 16 },
    }
}

/// Specks off a page of black and white; shadows and noise off the paper of a grey one.
pub fn despeckled(page: &Raster) -> Raster {
    let gray = if page.bilevel {
        specks::without_specks(&page.gray, speck_sizes(page))
    } else {
        whitened(&page.gray)
    };
    Raster { gray, ..*page }
}

/// Paper is judged in squares of this side: wider than a letter's stroke, narrower than a shadow.
const PAPER_SIDE: usize = 64;
/// Lifts paper with its noise to plain white; ink, far darker, hardly changes.
const LIFT: u32 = 112;

/// The page on even white paper. One threshold then fits all of it; Tesseract's own threshold in tiles was measured to
/// lose whole paragraphs to noise on empty tiles.
fn whitened(gray: &Gray) -> Gray {
    let (columns, rows) = (gray.width.div_ceil(PAPER_SIDE), gray.height.div_ceil(PAPER_SIDE));
    let mut papers: Vec<u8> = Vec::with_capacity(columns * rows);
    for row in 0..rows {
        for column in 0..columns {
            papers.push(paper_level(gray, column * PAPER_SIDE, row * PAPER_SIDE));
        }
    }
    let mut sorted = papers.clone();
    sorted.sort_unstable();
    let usual = sorted.get(sorted.len() / 2).copied().unwrap_or(255);
    let mut white = gray.clone();
    for y in 0..gray.height {
        for column in 0..columns {
            let paper = papers[y / PAPER_SIDE * columns + column];
            // A square that is dark all over is a bar or a picture, not paper in a shadow.
            let paper = u32::from(if paper < usual / 2 { usual } else { paper }).max(1);
            let start = y * gray.width + column * PAPER_SIDE;
            let end = (start + PAPER_SIDE).min((y + 1) * gray.width);
            for pixel in &mut white.pixels[start..end] {
                *pixel = (u32::from(*pixel) * 255 * LIFT / (paper * 100)).min(255) as u8;
            }
        }
    }
    white
}

/// The level that a fifth of a square's pixels exceed.
fn paper_level(gray: &Gray, left: usize, top: usize) -> u8 {
    let (right, bottom) = ((left + PAPER_SIDE).min(gray.width), (top + PAPER_SIDE).min(gray.height));
    let mut counts = [0usize; 256];
    for y in top..bottom {
        for &pixel in &gray.row(y)[left..right] {
            counts[pixel as usize] += 1;
        }
    }
    let enough = (right - left) * (bottom - top) / 5;
    let mut above = 0;
    for level in (0..=255u8).rev() {
        above += counts[level as usize];
        if above > enough {
            return level;
        }
    }
    0
}

/// Squares and straightens an upright, despeckled page.
pub fn clean(upright: &Raster) -> Cleaned {
    let own = |dpi: f64| {
        if NEAR_ENOUGH.contains(&dpi) {
            dpi
        } else {
            RECOGNITION_DPI
        }
    };
    let along = |pixels: usize, dpi: f64| ((pixels as f64 * own(dpi) / dpi).round() as usize).max(1);
    let (width, height) = (
        along(upright.gray.width, upright.dpi_x),
        along(upright.gray.height, upright.dpi_y),
    );
    let squared = upright.gray.resized(width, height);
    let angle = deskew::angle_degrees(&squared);
    let turn = (angle.abs() >= STRAIGHT_DEGREES).then(|| Turn::new(angle, width, height));
    let gray = turn
        .as_ref()
        .map(|turn| deskew::straightened(&squared, turn))
        .unwrap_or(squared);
    let review = upright.size_at(f64::from(REVIEW_DPI));
    Cleaned {
        gray,
        dpi: own(upright.dpi_y),
        turn,
        scale_x: review.0 as f64 / width as f64,
        scale_y: review.1 as f64 / height as f64,
        review,
    }
}

impl Cleaned {
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
        let cleaned = clean(&page);
        assert!(cleaned.turn.is_some());
        let review = review_image(&page);
        let found = specks::components(specks::runs(&cleaned.gray, 128)).boxes();
        assert!(found.len() > 1000);
        for bounds in found.iter().filter(|b| b.width > 10 && b.height > 8) {
            let back = cleaned.to_review(*bounds);
            let (x, y) = (back.x + back.width / 2, back.y + back.height / 2);
            assert!(review.at(x as usize, y as usize) < 100, "{back:?} holds no ink");
            assert!(back.width < bounds.width + 6 && back.height < bounds.height + 6);
        }
    }
}
