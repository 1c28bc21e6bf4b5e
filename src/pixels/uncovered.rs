//! Text that is drawn and not in a page's text layer: a name in a picture, a stamp, what was filled in as strokes.

use crate::components::{self, Run};
use crate::places::PixelBox;
use crate::raster::Gray;

/// Ink is darker than this on a page drawn by a program; grey labels are still text.
const INK_BELOW: u8 = 170;
/// So many letter-like parts side by side outside the layer are a word that it lacks.
const UNCOVERED_IN_A_ROW: usize = 5;

/// Whether something that looks like text stands outside the words.
pub fn has_text(words: impl IntoIterator<Item = PixelBox>, gray: &Gray) -> bool {
    let mut open = gray.clone();
    for b in words {
        let (left, right) = (
            (b.x as usize).saturating_sub(3),
            (b.right() as usize + 3).min(gray.width),
        );
        for y in (b.y as usize).saturating_sub(3)..(b.bottom() as usize + 3).min(gray.height) {
            open.pixels[y * gray.width + left.min(right)..y * gray.width + right].fill(255);
        }
    }
    let components = components::components(runs(&open));
    let is_letter = |b: &PixelBox, area: u32| {
        (8..=70).contains(&b.height) && (3..=90).contains(&b.width) && area >= 12 && !is_box(b, area)
    };
    let mut letters: Vec<PixelBox> = components
        .boxes()
        .into_iter()
        .zip(&components.areas)
        .filter(|(b, area)| is_letter(b, **area))
        .map(|(b, _)| b)
        .collect();
    letters.sort_by_key(|b| (b.x, b.y));
    longest_row(&letters) >= UNCOVERED_IN_A_ROW
}

/// The runs of ink, from the few rows that have any.
fn runs(open: &Gray) -> Vec<Run> {
    let mut found = Vec::new();
    for y in 0..open.height {
        let row = open.row(y);
        // A minimum over all is found many pixels at a time; the first dark one is not.
        if row.iter().fold(u8::MAX, |darkest, &pixel| darkest.min(pixel)) >= INK_BELOW {
            continue;
        }
        let one = Gray {
            width: open.width,
            height: 1,
            pixels: row.to_vec(),
        };
        found.extend(
            components::runs(&one, INK_BELOW)
                .into_iter()
                .map(|run| Run { y: y as u32, ..run }),
        );
    }
    found
}

/// A square frame with an empty or ticked middle is a check box, a full one a bullet; marks are read elsewhere.
fn is_box(b: &PixelBox, area: u32) -> bool {
    let square = b.width.abs_diff(b.height) * 5 <= b.width.max(b.height);
    square && (area * 10 >= b.width * b.height * 9 || (b.width >= 12 && area <= 6 * (b.width + b.height)))
}

/// The most letters that stand side by side, each near the one before it.
fn longest_row(letters: &[PixelBox]) -> usize {
    let mut lengths: Vec<usize> = Vec::with_capacity(letters.len());
    for (at, b) in letters.iter().enumerate() {
        let follows = |other: &PixelBox| {
            let gap = i64::from(b.x) - i64::from(other.right());
            let height = i64::from(b.height.max(other.height));
            let overlap = i64::from(b.bottom().min(other.bottom())) - i64::from(b.y.max(other.y));
            gap * 2 <= height * 3 && overlap * 2 > i64::from(b.height.min(other.height))
        };
        // Sorted by their left sides, those farther back than a few dozen are no neighbours.
        let before = (at.saturating_sub(64)..at).filter(|&other| follows(&letters[other]));
        lengths.push(1 + before.map(|other| lengths[other]).max().unwrap_or(0));
    }
    lengths.into_iter().max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: u32, y: u32) -> PixelBox {
        PixelBox::from([x, y, 10, 14])
    }

    #[test]
    fn letters_side_by_side_are_a_row_and_others_are_none() {
        let word: Vec<PixelBox> = (0..7).map(|at| square(20 + 12 * at, 50)).collect();
        assert_eq!(longest_row(&word), 7);
        let column: Vec<PixelBox> = (0..7).map(|at| square(20, 50 + 20 * at)).collect();
        assert_eq!(longest_row(&column), 1);
        let scattered: Vec<PixelBox> = (0..7).map(|at| square(20 + 90 * at, 50)).collect();
        assert_eq!(longest_row(&scattered), 1);
    }

    #[test]
    fn frames_and_bullets_are_no_letters() {
        assert!(is_box(&PixelBox::from([0, 0, 20, 20]), 76));
        assert!(is_box(&PixelBox::from([0, 0, 10, 10]), 100));
        assert!(!is_box(&PixelBox::from([0, 0, 9, 14]), 126));
    }
}
