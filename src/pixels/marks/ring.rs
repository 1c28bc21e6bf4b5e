//! Rings drawn around a word to choose it, found by the shape of their outline.

use super::ink::Ink;
use crate::components::{Components, Run, components};
use crate::places::PixelBox;

/// In pixels at 200 dpi: from around one letter to around a line of words.
const HEIGHT: std::ops::RangeInclusive<u32> = 26..=120;
const WIDTH: std::ops::RangeInclusive<u32> = 28..=800;
/// A ring leaves room for its word.
const INK_MOST: f64 = 0.42;
/// How far the outline may be from that of an ellipse in the same box, and how much of it must be so near. Of a frame with
/// straight sides half is.
const NEAR: std::ops::RangeInclusive<f64> = 0.8..=1.13;
const NEAR_LEAST: f64 = 0.82;
/// Most pages have none.
const RINGS_MAX: usize = 100;

pub fn find(ink: &Ink) -> Vec<PixelBox> {
    let parts = components(runs(ink));
    let boxes = parts.boxes();
    let mut large: Vec<u32> = (0..boxes.len() as u32)
        .filter(|label| {
            let (bounds, area) = (boxes[*label as usize], parts.areas[*label as usize]);
            let share = f64::from(area) / (f64::from(bounds.width) * f64::from(bounds.height));
            HEIGHT.contains(&bounds.height) && WIDTH.contains(&bounds.width) && share < INK_MOST
        })
        .collect();
    large.sort_unstable();
    let outlines = outlines(&parts, &boxes, &large);
    let rings = large
        .iter()
        .zip(outlines)
        .filter(|(label, outline)| is_ring(&boxes[**label as usize], outline));
    rings.map(|(label, _)| boxes[*label as usize]).take(RINGS_MAX).collect()
}

fn runs(ink: &Ink) -> Vec<Run> {
    let mut found = Vec::new();
    for y in 0..ink.height {
        let row = ink.row(y);
        let mut x = 0;
        while let Some(skip) = crate::skim::first(&row[x..], |dark| dark) {
            let from = x + skip;
            let length = row[from..].iter().position(|&dark| !dark).unwrap_or(row.len() - from);
            found.push(Run {
                y: y as u32,
                from: from as u32,
                to: (from + length) as u32,
            });
            x = from + length;
        }
    }
    found
}

/// The first and the last dark pixel of each row of each component.
fn outlines(parts: &Components, boxes: &[PixelBox], wanted: &[u32]) -> Vec<Vec<(u32, u32)>> {
    let mut outlines: Vec<Vec<(u32, u32)>> = wanted
        .iter()
        .map(|label| vec![(u32::MAX, 0); boxes[*label as usize].height as usize])
        .collect();
    for (run, label) in parts.runs.iter().zip(&parts.label_of) {
        if let Ok(at) = wanted.binary_search(label) {
            let row = &mut outlines[at][(run.y - boxes[*label as usize].y) as usize];
            *row = (row.0.min(run.from), row.1.max(run.to - 1));
        }
    }
    outlines
}

fn is_ring(bounds: &PixelBox, outline: &[(u32, u32)]) -> bool {
    let (a, b) = (f64::from(bounds.width) / 2.0, f64::from(bounds.height) / 2.0);
    let (middle_x, middle_y) = (f64::from(bounds.x) + a, b);
    let radius = |x: u32, row: usize| {
        let (dx, dy) = ((f64::from(x) + 0.5 - middle_x) / a, (row as f64 + 0.5 - middle_y) / b);
        dx.hypot(dy)
    };
    let ends = outline
        .iter()
        .enumerate()
        .flat_map(|(row, (from, to))| [radius(*from, row), radius(*to, row)]);
    let near = ends.filter(|radius| NEAR.contains(radius)).count();
    near as f64 >= NEAR_LEAST * 2.0 * outline.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(inside: impl Fn(f64, f64) -> bool) -> Vec<PixelBox> {
        let (width, height) = (240, 100);
        let dark = (0..width * height).map(|at| inside((at % width) as f64, (at / width) as f64));
        find(&Ink {
            width,
            height,
            dark: dark.collect(),
        })
    }

    #[test]
    fn an_ellipse_is_a_ring_and_a_frame_or_a_blot_is_none() {
        let radius = |x: f64, y: f64| ((x - 120.0) / 90.0).hypot((y - 50.0) / 24.0);
        let ring = drawn(|x, y| (0.92..=1.0).contains(&radius(x, y)));
        assert_eq!(ring.len(), 1);
        assert!(
            (175..=182).contains(&ring[0].width) && (46..=50).contains(&ring[0].height),
            "{ring:?}"
        );
        assert_eq!(drawn(|x, y| radius(x, y) < 1.0), []);
        let frame = |x: f64, y: f64| {
            (30.0..=210.0).contains(&x)
                && (20.0..=70.0).contains(&y)
                && !((33.0..207.0).contains(&x) && (23.0..67.0).contains(&y))
        };
        assert_eq!(drawn(frame), []);
    }
}
