//! The paper of a grey scan: how light it is, and lifting it to even white.

use crate::raster::Gray;

/// Paper is judged in squares of this side: wider than a letter's stroke, narrower than a shadow.
const PAPER_SIDE: usize = 64;
/// Lifts paper with its noise to plain white; ink, far darker, hardly changes.
const LIFT: u32 = 112;

/// The page on even white paper. One threshold then fits all of it; Tesseract's own threshold in tiles was measured to
/// lose whole paragraphs to noise on empty tiles.
#[must_use]
pub fn whitened(gray: &Gray) -> Gray {
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

/// How far ink stands out from paper, as a share of the way from white to black: between the levels of the lightest
/// half and of the darkest hundredth, which on a page of text is ink.
pub fn contrast(gray: &Gray) -> f32 {
    let mut counts = [0usize; 256];
    for &pixel in gray.pixels.iter().step_by(7) {
        counts[pixel as usize] += 1;
    }
    let all: usize = counts.iter().sum();
    let level_above = |share: usize| {
        let mut below = 0;
        let reached = |count: &usize| {
            below += count;
            below * 100 > all * share
        };
        counts.iter().position(reached).unwrap_or(255)
    };
    level_above(50).saturating_sub(level_above(1)) as f32 / 255.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Grey paper in a shadow that deepens to the right, with dark strokes.
    fn shadowed() -> Gray {
        let mut gray = Gray::white(640, 320);
        for y in 0..320 {
            for x in 0..640 {
                let paper = 230 - x / 8;
                gray.pixels[y * 640 + x] = if x % 20 < 2 { 40 } else { paper as u8 };
            }
        }
        gray
    }

    #[test]
    fn paper_in_a_shadow_turns_white_and_ink_stays() {
        let white = whitened(&shadowed());
        assert_eq!((white.at(310, 100), white.at(630, 100)), (255, 255));
        assert!(white.at(320, 100) < 90 && white.at(600, 100) < 90);
    }

    #[test]
    fn contrast_falls_with_faint_ink() {
        let faint = Gray {
            pixels: shadowed().pixels.iter().map(|p| 128 + p / 2).collect(),
            ..shadowed()
        };
        assert!(contrast(&shadowed()) > 0.5 && contrast(&faint) < 0.4);
    }
}
