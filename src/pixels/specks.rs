//! Specks of a bad line or a dirty glass, told from dots by their size and by what stands near.

use crate::components::{Run, components};
use crate::places::PixelBox;
use crate::raster::Gray;

/// Ink darker than this counts as ink on a page of black and white.
pub const INK: u8 = 128;

/// What counts as a speck, in pixels of its area.
#[derive(Clone, Copy, Debug)]
pub struct SpeckSizes {
    /// Removed wherever it lies.
    pub always: u32,
    /// Removed where no larger ink is near: the dot of an i and a full stop have letters beside them.
    pub alone: u32,
}

/// Nearer than this, a small component belongs to a letter.
const NEAR_X: usize = 12;
const NEAR_Y: usize = 9;

/// The picture without specks, and how many there were. `runs` are the picture's.
pub fn without_specks(gray: &Gray, runs: Vec<Run>, sizes: SpeckSizes) -> (Gray, usize) {
    let components = components(runs);
    let area = |label: u32| components.areas[label as usize];
    let mut without = gray.clone();
    let erase = |picture: &mut Gray, run: &Run| {
        let start = run.y as usize * picture.width;
        picture.pixels[start + run.from as usize..start + run.to as usize].fill(255);
    };
    for (run, &label) in components.runs.iter().zip(&components.label_of) {
        if area(label) <= sizes.alone {
            erase(&mut without, run);
        }
    }
    // What is left is letters; small parts beside them come back.
    let boxes = components.boxes();
    let beside_letters: Vec<bool> = boxes
        .iter()
        .zip(&components.areas)
        .map(|(b, &area)| area > sizes.always && area <= sizes.alone && has_ink_near(&without, b))
        .collect();
    for (run, &label) in components.runs.iter().zip(&components.label_of) {
        if beside_letters[label as usize] {
            let start = run.y as usize * gray.width;
            let part = start + run.from as usize..start + run.to as usize;
            without.pixels[part.clone()].copy_from_slice(&gray.pixels[part]);
        }
    }
    let small = components.areas.iter().filter(|&&area| area <= sizes.alone).count();
    let kept = beside_letters.iter().filter(|&&kept| kept).count();
    (without, small - kept)
}

fn has_ink_near(letters: &Gray, b: &PixelBox) -> bool {
    let left = (b.x as usize).saturating_sub(NEAR_X);
    let right = (b.right() as usize + NEAR_X).min(letters.width);
    let top = (b.y as usize).saturating_sub(NEAR_Y);
    let bottom = (b.bottom() as usize + NEAR_Y).min(letters.height);
    (top..bottom).any(|y| letters.row(y)[left..right].iter().any(|&pixel| pixel < INK))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::runs;

    fn draw(rows: &[&str]) -> Gray {
        let pixels = rows
            .iter()
            .flat_map(|row| row.bytes().map(|b| if b == b'#' { 0 } else { 255 }))
            .collect();
        Gray {
            width: rows[0].len(),
            height: rows.len(),
            pixels,
        }
    }

    #[test]
    fn specks_go_and_strokes_stay() {
        let page = draw(&["#....", "..##.", "..#.#"]);
        let (clean, specks) = without_specks(&page, runs(&page, INK), SpeckSizes { always: 1, alone: 1 });
        assert_eq!(specks, 1);
        assert_eq!(clean, draw(&[".....", "..##.", "..#.#"]));
    }

    #[test]
    fn a_dot_stays_beside_its_letter_and_goes_alone() {
        let mut page = Gray::white(100, 30);
        for (x, y) in [(10, 8), (11, 8), (80, 8), (81, 8)] {
            page.pixels[y * 100 + x] = 0;
        }
        for y in 11..22 {
            page.pixels[y * 100 + 10] = 0;
        }
        let (clean, _) = without_specks(&page, runs(&page, INK), SpeckSizes { always: 1, alone: 6 });
        assert_eq!((clean.at(10, 8), clean.at(80, 8)), (0, 255));
    }
}
