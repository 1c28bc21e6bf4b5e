//! Connected components of ink, found from runs: for removing specks, and for finding marks.

use crate::domain::page::PixelBox;
use crate::reading::raster::Gray;

/// One horizontal run of ink.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    pub y: u32,
    pub from: u32,
    /// One past the last pixel.
    pub to: u32,
}

/// The runs of a picture, each with the number of the component that it belongs to.
pub struct Components {
    pub runs: Vec<Run>,
    pub label_of: Vec<u32>,
    pub areas: Vec<u32>,
}

impl Components {
    /// The box of each component.
    pub fn boxes(&self) -> Vec<PixelBox> {
        let empty = PixelBox {
            x: u32::MAX,
            y: u32::MAX,
            width: 0,
            height: 0,
        };
        let mut boxes = vec![empty; self.areas.len()];
        for (run, &label) in self.runs.iter().zip(&self.label_of) {
            let own = PixelBox {
                x: run.from,
                y: run.y,
                width: run.to - run.from,
                height: 1,
            };
            let known = &mut boxes[label as usize];
            *known = if known.width == 0 { own } else { known.hull(&own) };
        }
        boxes
    }
}

/// All runs of pixels darker than `below`.
pub fn runs(gray: &Gray, below: u8) -> Vec<Run> {
    let mut found = Vec::new();
    for y in 0..gray.height {
        let row = gray.row(y);
        let mut x = 0;
        while let Some(start) = row[x..].iter().position(|&p| p < below).map(|skip| x + skip) {
            let end = row[start..]
                .iter()
                .position(|&p| p >= below)
                .map_or(row.len(), |length| start + length);
            found.push(Run {
                y: y as u32,
                from: start as u32,
                to: end as u32,
            });
            x = end;
        }
    }
    found
}

/// Groups runs that touch, diagonals included.
pub fn components(runs: Vec<Run>) -> Components {
    let mut parent: Vec<u32> = (0..runs.len() as u32).collect();
    let (mut above, mut here) = (0, 0);
    while here < runs.len() {
        let y = runs[here].y;
        let end = here + runs[here..].iter().take_while(|run| run.y == y).count();
        let mut candidate = above;
        for current in here..end {
            while candidate < here && (runs[candidate].y + 1 < y || runs[candidate].to < runs[current].from) {
                candidate += 1;
            }
            let mut touching = candidate;
            while touching < here && runs[touching].from <= runs[current].to {
                join(&mut parent, touching as u32, current as u32);
                touching += 1;
            }
        }
        above = here;
        here = end;
    }
    number(runs, &mut parent)
}

fn root(parent: &mut [u32], mut of: u32) -> u32 {
    while parent[of as usize] != of {
        parent[of as usize] = parent[parent[of as usize] as usize];
        of = parent[of as usize];
    }
    of
}

fn join(parent: &mut [u32], a: u32, b: u32) {
    let (a, b) = (root(parent, a), root(parent, b));
    parent[a.max(b) as usize] = a.min(b);
}

fn number(runs: Vec<Run>, parent: &mut [u32]) -> Components {
    let mut number_of_root = vec![u32::MAX; runs.len()];
    let mut areas: Vec<u32> = Vec::new();
    let mut label_of = Vec::with_capacity(runs.len());
    for (index, run) in runs.iter().enumerate() {
        let root = root(parent, index as u32) as usize;
        if number_of_root[root] == u32::MAX {
            number_of_root[root] = areas.len() as u32;
            areas.push(0);
        }
        areas[number_of_root[root] as usize] += run.to - run.from;
        label_of.push(number_of_root[root]);
    }
    Components { runs, label_of, areas }
}

/// Ink darker than this counts as ink on a page of black and white.
const INK: u8 = 128;

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

/// The picture without specks.
#[must_use]
pub fn without_specks(gray: &Gray, sizes: SpeckSizes) -> Gray {
    let components = components(runs(gray, INK));
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
    without
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
    fn diagonals_touch() {
        let found = components(runs(&draw(&["#...", ".#..", "...#"]), INK));
        assert_eq!(found.areas, [2, 1]);
    }

    #[test]
    fn a_u_is_one_component() {
        let found = components(runs(&draw(&["#..#", "#..#", "####"]), INK));
        assert_eq!(found.areas, [8]);
    }

    #[test]
    fn specks_go_and_strokes_stay() {
        let page = draw(&["#....", "..##.", "..#.#"]);
        let clean = without_specks(&page, SpeckSizes { always: 1, alone: 1 });
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
        let clean = without_specks(&page, SpeckSizes { always: 1, alone: 6 });
        assert_eq!((clean.at(10, 8), clean.at(80, 8)), (0, 255));
    }
}
