//! Connected components of ink, found from runs: what letters, marks and specks are told apart by.

use crate::places::PixelBox;
use crate::raster::Gray;
use crate::skim;

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
        while let Some(start) = skim::first(&row[x..], |p| p < below).map(|skip| x + skip) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn areas(rows: &[&str]) -> Vec<u32> {
        let pixels = rows
            .iter()
            .flat_map(|row| row.bytes().map(|b| if b == b'#' { 0 } else { 255 }))
            .collect();
        let gray = Gray {
            width: rows[0].len(),
            height: rows.len(),
            pixels,
        };
        components(runs(&gray, 128)).areas
    }

    #[test]
    fn diagonals_touch() {
        assert_eq!(areas(&["#...", ".#..", "...#"]), [2, 1]);
    }

    #[test]
    fn a_u_is_one_component() {
        assert_eq!(areas(&["#..#", "#..#", "####"]), [8]);
    }
}
