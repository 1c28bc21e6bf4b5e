//! Rows of dots that lead the eye from a label to its value far to the right. A recogniser takes them for letters, and spoils
//! the label with them: "Patient ......" becomes "PaAtiOnt".

use crate::components;
use crate::places::PixelBox;
use crate::raster::{Gray, Raster};
use crate::specks::INK;

/// Inches. A dot is smaller in both ways; dots that ran together are wider.
const DOT_HEIGHT: f64 = 0.035;
const DOT_WIDTH: f64 = 0.12;
/// Inches of paper between two dots: one that a bad line took may be missing.
const GAP: f64 = 0.11;
/// Inches that two neighbours may stand apart in height: a page that leans two degrees, and a pixel.
const LEVEL: f64 = 0.012;
/// An ellipsis has three or four, a blank to be filled in a few more.
const DOTS_MIN: usize = 8;
/// Grey ink has a rim that is paler than [`INK`], in pixels.
const RIM: u32 = 2;

/// The page without its leaders, unless it has none.
#[must_use]
pub fn without_leaders(page: &Raster) -> Option<Gray> {
    let found = components::components(components::runs(&page.gray, INK));
    let leaders = find(found.boxes(), page.dpi_x, page.dpi_y);
    if leaders.is_empty() {
        return None;
    }
    let mut rest = page.gray.clone();
    let rim = if page.bilevel { 0 } else { RIM };
    for dot in leaders {
        let (left, right) = (dot.x.saturating_sub(rim), (dot.right() + rim).min(rest.width as u32));
        let (top, bottom) = (dot.y.saturating_sub(rim), (dot.bottom() + rim).min(rest.height as u32));
        for y in top..bottom {
            let row = y as usize * rest.width;
            rest.pixels[row + left as usize..row + right as usize].fill(255);
        }
    }
    Some(rest)
}

/// The dots among the boxes of ink that stand in a row of at least [`DOTS_MIN`]. A dithered page has half a million specks: each
/// looks only at the rows on its own level.
fn find(mut boxes: Vec<PixelBox>, dpi_x: f64, dpi_y: f64) -> Vec<PixelBox> {
    boxes.retain(|b| f64::from(b.height) <= DOT_HEIGHT * dpi_y && f64::from(b.width) <= DOT_WIDTH * dpi_x);
    boxes.sort_by_key(|b| (b.x, b.y));
    let level = (LEVEL * dpi_y).max(1.0) as usize;
    let gap = (GAP * dpi_x) as u32;
    let lowest = boxes.iter().map(middle).max().unwrap_or(0);
    // The dots of each row from left to right, and the row that last had a dot on each level.
    let mut rows: Vec<Vec<usize>> = Vec::new();
    let mut on_level: Vec<Option<usize>> = vec![None; lowest + level + 1];
    for (index, dot) in boxes.iter().enumerate() {
        let last = |row: usize| boxes[*rows[row].last().expect("a row begins with a dot")];
        let at = middle(dot);
        let near = on_level[at.saturating_sub(level)..=at + level]
            .iter()
            .flatten()
            .copied();
        let goes_on = near.filter(|&row| {
            let before = last(row);
            before.right() <= dot.x && before.right() + gap >= dot.x && middle(&before).abs_diff(at) <= level
        });
        let row = goes_on.max_by_key(|&row| last(row).x).unwrap_or(rows.len());
        if row == rows.len() {
            rows.push(Vec::new());
        }
        rows[row].push(index);
        on_level[at] = Some(row);
    }
    let leaders = rows.into_iter().filter(|row| row.len() >= DOTS_MIN);
    leaders.flatten().map(|index| boxes[index]).collect()
}

fn middle(b: &PixelBox) -> usize {
    (b.y + b.height / 2) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(bilevel: bool) -> Raster {
        Raster {
            gray: Gray::white(800, 100),
            dpi_x: 204.0,
            dpi_y: 196.0,
            bilevel,
        }
    }

    fn ink(page: &mut Raster, x: usize, y: usize, width: usize, height: usize) {
        for row in y..y + height {
            page.gray.pixels[row * 800 + x..row * 800 + x + width].fill(0);
        }
    }

    #[test]
    fn a_row_of_dots_goes_and_letters_with_an_ellipsis_stay() {
        let mut label = page(true);
        // Stems of letters, an ellipsis, and a value at the right.
        for x in [20, 30, 42, 700, 715] {
            ink(&mut label, x, 30, 4, 24);
        }
        for x in [60, 70, 80] {
            ink(&mut label, x, 50, 4, 4);
        }
        assert!(without_leaders(&label).is_none());
        let mut led = label.clone();
        for number in 0..50 {
            // One dot is missing, one has run together with the next, and the page leans.
            let width = if number == 20 { 16 } else { 4 };
            if number != 30 && number != 21 {
                ink(&mut led, 120 + number * 11, 50 + number / 12, width, 4);
            }
        }
        let rest = without_leaders(&led).expect("there is a leader");
        assert!(rest == label.gray);
    }

    #[test]
    fn pale_rims_of_grey_dots_go_with_them() {
        let mut grey = page(false);
        for number in 0..12 {
            ink(&mut grey, 100 + number * 11, 50, 4, 4);
            grey.gray.pixels[49 * 800 + 101 + number * 11] = 170;
        }
        let rest = without_leaders(&grey).expect("there is a leader");
        assert!(rest.pixels.iter().all(|&pixel| pixel == 255));
    }
}
