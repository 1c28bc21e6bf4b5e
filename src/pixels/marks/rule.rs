//! Ruled lines, along and down a page that may lie askew.
//!
//! The page is walked along its own slope, so that a line askew is found as thin and as long as it is.

use super::ink::Ink;
use crate::places::{PixelBox, RuledLine};

/// A page of check pattern must not run away.
const RULED_LINES_MAX: usize = 2000;
/// Shorter is a dash or a letter.
const LENGTH_MIN: usize = 90;
/// A shaded field is a bar, not a line.
const THICKNESS_MAX: usize = 10;
/// A fax breaks thin lines: gaps of so many pixels are bridged.
const GAP_MAX: usize = 4;
/// Pieces shorter than this don't count: text is full of them.
const PIECE_MIN: usize = 28;
/// Every piece that counts has ink on one of so many pixels, so that white paper is passed in strides.
const STRIDE: usize = 8;

pub fn find(ink: &Ink, skew_degrees: f64) -> Vec<RuledLine> {
    let slope = skew_degrees.to_radians().tan();
    let turned = ink.mirrored();
    let across = Walk::new(ink.width, ink.height, &ink.dark, slope);
    // Where lines of text fall to the right, upright lines lean to the left.
    let down = Walk::new(ink.height, ink.width, &turned, -slope);
    let horizontal = across.strokes().into_iter().map(|stroke| across.line(&stroke));
    let vertical = down.strokes().into_iter().map(|stroke| mirrored(down.line(&stroke)));
    horizontal.chain(vertical).take(RULED_LINES_MAX).collect()
}

fn mirrored(line: RuledLine) -> RuledLine {
    let PixelBox { x, y, width, height } = line.bounds;
    RuledLine {
        bounds: PixelBox {
            x: y,
            y: x,
            width: height,
            height: width,
        },
        ..line
    }
}

/// A picture walked along rows that fall by a slope.
struct Walk<'a> {
    length: usize,
    rows: i64,
    dark: &'a [bool],
    /// How far a row has fallen at each place along it.
    fallen: Vec<i64>,
}

/// A straight stroke: its reach along, and the sloping rows that it takes.
struct Stroke {
    from: usize,
    to: usize,
    first: i64,
    last: i64,
    /// Reach of its pieces in the latest row, and in the row before: what touches either belongs to it.
    latest: (usize, usize),
    before: (usize, usize),
}

impl<'a> Walk<'a> {
    fn new(length: usize, rows: usize, dark: &'a [bool], slope: f64) -> Self {
        Self {
            length,
            rows: rows as i64,
            dark,
            fallen: (0..length).map(|along| (along as f64 * slope).round() as i64).collect(),
        }
    }

    fn is_dark(&self, along: usize, row: i64) -> bool {
        let at = row + self.fallen[along];
        (0..self.rows).contains(&at) && self.dark[at as usize * self.length + along]
    }

    fn strokes(&self) -> Vec<Stroke> {
        let fall = self.fallen.last().copied().unwrap_or(0);
        let mut open: Vec<Stroke> = Vec::new();
        let mut done: Vec<Stroke> = Vec::new();
        for row in -fall.max(0)..self.rows - fall.min(0) {
            for piece in self.pieces(row) {
                match open.iter_mut().find(|stroke| stroke.touches(piece, row)) {
                    Some(stroke) => stroke.add(piece, row),
                    None => open.push(Stroke {
                        from: piece.0,
                        to: piece.1,
                        first: row,
                        last: row,
                        latest: piece,
                        before: piece,
                    }),
                }
            }
            let (ended, still): (Vec<Stroke>, Vec<Stroke>) = open.into_iter().partition(|stroke| stroke.last < row);
            open = still;
            done.extend(ended.into_iter().filter(Stroke::is_line));
        }
        done.extend(open.into_iter().filter(Stroke::is_line));
        done
    }

    /// Runs of ink along a row with small gaps bridged.
    fn pieces(&self, row: i64) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        let mut past = 0;
        let mut along = 0;
        while along < self.length {
            if !self.is_dark(along, row) {
                along += STRIDE;
                continue;
            }
            let from = self.reach((past..along).rev(), along, row);
            let to = self.reach(along + 1..self.length, along, row) + 1;
            let inked = (from..to).filter(|&at| self.is_dark(at, row)).count();
            // Text has gaps too: a rule is nearly all ink.
            if to - from >= PIECE_MIN && inked * 10 >= (to - from) * 9 {
                found.push((from, to));
            }
            past = to;
            along = to + 1;
        }
        found
    }

    /// The last inked place that can be reached over small gaps.
    fn reach(&self, places: impl Iterator<Item = usize>, start: usize, row: i64) -> usize {
        let mut reached = start;
        for at in places {
            if self.is_dark(at, row) {
                reached = at;
            } else if at.abs_diff(reached) > GAP_MAX {
                break;
            }
        }
        reached
    }

    fn line(&self, stroke: &Stroke) -> RuledLine {
        let inside = |row: i64| row.clamp(0, self.rows - 1);
        let (start, end) = (self.fallen[stroke.from], self.fallen[stroke.to - 1]);
        let top = inside(stroke.first + start.min(end));
        let bottom = inside(stroke.last + start.max(end));
        RuledLine {
            bounds: PixelBox {
                x: stroke.from as u32,
                y: top as u32,
                width: (stroke.to - stroke.from) as u32,
                height: (bottom - top + 1) as u32,
            },
            thickness: (stroke.last - stroke.first + 1) as u32,
            falls: (end - start) as i32,
        }
    }
}

impl Stroke {
    fn touches(&self, piece: (usize, usize), row: i64) -> bool {
        let meets = |reach: (usize, usize)| reach.0 <= piece.1 + GAP_MAX && piece.0 <= reach.1 + GAP_MAX;
        match row - self.last {
            0 => meets(self.latest) || meets(self.before),
            1 => meets(self.latest),
            _ => false,
        }
    }

    fn add(&mut self, piece: (usize, usize), row: i64) {
        self.from = self.from.min(piece.0);
        self.to = self.to.max(piece.1);
        if self.last == row {
            self.latest = (self.latest.0.min(piece.0), self.latest.1.max(piece.1));
        } else {
            self.before = self.latest;
            self.latest = piece;
        }
        self.last = row;
    }

    fn is_line(&self) -> bool {
        // The slope is known to a twentieth of a degree: a long line may still drift by a pixel or two.
        let drift = (self.to - self.from) / 400;
        self.to - self.from >= LENGTH_MIN && self.last - self.first < (THICKNESS_MAX + drift) as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Gray;

    #[test]
    fn a_table_has_its_lines() {
        let mut gray = Gray::white(400, 300);
        for line in 0..6 {
            for at in 0..200 {
                gray.pixels[(40 + line * 30) * 400 + 40 + at] = 0;
                gray.pixels[(40 + at) * 400 + 40 + line * 30] = 0;
            }
        }
        assert_eq!(find(&Ink::of(&gray), 0.0).len(), 12);
    }

    #[test]
    fn a_ragged_edge_belongs_to_its_line() {
        let mut gray = Gray::white(900, 100);
        gray.pixels[50 * 900 + 50..50 * 900 + 850].fill(0);
        for from in [100, 300, 500] {
            gray.pixels[51 * 900 + from..51 * 900 + from + 100].fill(0);
        }
        assert_eq!(find(&Ink::of(&gray), 0.0).len(), 1);
    }

    /// Two thin rules across and one down, close together, on a page that falls by three degrees.
    #[test]
    fn lines_askew_are_thin_and_each_by_itself() {
        let slope = 3.0f64.to_radians().tan();
        let mut gray = Gray::white(900, 400);
        for along in 50..850 {
            for y in [100.0, 120.0] {
                let y = (y + along as f64 * slope) as usize;
                gray.pixels[y * 900 + along] = 0;
                gray.pixels[(y + 1) * 900 + along] = 0;
            }
        }
        for y in 20..380 {
            let x = (500.0 - y as f64 * slope) as usize;
            gray.pixels[y * 900 + x..y * 900 + x + 2].fill(0);
        }
        let lines = find(&Ink::of(&gray), 3.0);
        let (horizontal, vertical): (Vec<RuledLine>, Vec<RuledLine>) =
            lines.iter().partition(|line| line.is_horizontal());
        assert_eq!((horizontal.len(), vertical.len()), (2, 1), "{lines:?}");
        assert!(lines.iter().all(|line| line.thickness <= 4), "{lines:?}");
        assert!(
            horizontal
                .iter()
                .all(|line| (40..=43).contains(&line.falls) && line.bounds.width == 800)
        );
        assert!(
            (-20..=-18).contains(&vertical[0].falls) && vertical[0].bounds.height == 360,
            "{vertical:?}"
        );
        assert!(
            (horizontal[0].y_at(450) as i32 - 124).abs() <= 2,
            "{}",
            horizontal[0].y_at(450)
        );
        assert!(
            (vertical[0].x_at(200) as i32 - 489).abs() <= 2,
            "{}",
            vertical[0].x_at(200)
        );
    }
}
