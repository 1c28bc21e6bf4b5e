//! Check boxes and ruled lines on the review image.
//!
//! A check box is found by its four sides, so that one whose tick runs out of it is found as well.

use crate::domain::page::{CheckBox, PixelBox, RuledLine};
use crate::reading::raster::Gray;

pub struct Marks {
    pub check_boxes: Vec<CheckBox>,
    pub ruled_lines: Vec<RuledLine>,
}

/// Sides of a check box, in pixels at 200 dpi: 2 to 6 mm.
const SIDE_MIN: usize = 16;
const SIDE_MAX: usize = 48;
/// Most pages have fewer; a page of check pattern must not run away.
const CHECK_BOXES_MAX: usize = 400;
const RULED_LINES_MAX: usize = 2000;

pub fn find(gray: &Gray) -> Marks {
    let ink = Ink::of(gray);
    let ruled_lines = ruled_lines(&ink);
    Marks {
        check_boxes: check_boxes(&ink),
        ruled_lines,
    }
}

/// Dark or not, with counts that answer "how much ink in this rectangle" at once.
struct Ink {
    width: usize,
    height: usize,
    dark: Vec<bool>,
    /// Ink above and left of each corner.
    sums: Vec<u32>,
}

impl Ink {
    fn of(gray: &Gray) -> Self {
        let below = threshold(gray);
        let dark: Vec<bool> = gray.pixels.iter().map(|&p| p < below).collect();
        let stride = gray.width + 1;
        let mut sums = vec![0u32; stride * (gray.height + 1)];
        for y in 0..gray.height {
            let mut row = 0;
            for x in 0..gray.width {
                row += u32::from(dark[y * gray.width + x]);
                sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + row;
            }
        }
        Self {
            width: gray.width,
            height: gray.height,
            dark,
            sums,
        }
    }

    fn at(&self, x: usize, y: usize) -> bool {
        self.dark[y * self.width + x]
    }

    /// Share of ink in a rectangle, cut at the page's edge.
    fn share(&self, left: usize, top: usize, right: usize, bottom: usize) -> f32 {
        let (left, right) = (left.min(self.width), right.min(self.width));
        let (top, bottom) = (top.min(self.height), bottom.min(self.height));
        if left >= right || top >= bottom {
            return 0.0;
        }
        let stride = self.width + 1;
        let sum = |x: usize, y: usize| self.sums[y * stride + x];
        let ink = sum(right, bottom) + sum(left, top) - sum(left, bottom) - sum(right, top);
        ink as f32 / ((right - left) * (bottom - top)) as f32
    }
}

/// Thin pen strokes and printed frames are both darker than this share of the paper.
const DARK_PART: usize = 7;

fn threshold(gray: &Gray) -> u8 {
    let mut counts = [0usize; 256];
    for &pixel in &gray.pixels {
        counts[pixel as usize] += 1;
    }
    let paper = counts
        .iter()
        .enumerate()
        .skip(96)
        .max_by_key(|(_, count)| **count)
        .map_or(255, |(level, _)| level);
    (paper * DARK_PART / 10) as u8
}

fn check_boxes(ink: &Ink) -> Vec<CheckBox> {
    let mut found: Vec<CheckBox> = Vec::new();
    for y in 1..ink.height.saturating_sub(SIDE_MIN) {
        for (left, length) in upper_sides(ink, y) {
            if found.len() < CHECK_BOXES_MAX
                && let Some(bounds) = square_at(ink, left, y, length)
                && !found
                    .iter()
                    .rev()
                    .take(60)
                    .any(|known| overlaps(&known.bounds, &bounds))
            {
                let ink = inner_ink(ink, &bounds);
                found.push(CheckBox { bounds, ink });
            }
        }
    }
    found
}

/// A tick that leaves by a corner lengthens the upper side by its own width.
const TICK_WIDTH_MAX: usize = 8;

fn square_at(ink: &Ink, left: usize, top: usize, length: usize) -> Option<PixelBox> {
    let whole = square_below(ink, left, top, length);
    let longest_cut = TICK_WIDTH_MAX.min(length.saturating_sub(SIDE_MIN));
    whole.or_else(|| {
        (1..=longest_cut).find_map(|cut| {
            square_below(ink, left, top, length - cut).or_else(|| square_below(ink, left + cut, top, length - cut))
        })
    })
}

/// A fax breaks thin lines: a gap of so many pixels is bridged.
const BROKEN_MAX: usize = 2;

/// Runs of ink of a side's length, where the row above has less of it.
fn upper_sides(ink: &Ink, y: usize) -> Vec<(usize, usize)> {
    let mut sides = Vec::new();
    let mut x = 0;
    while x < ink.width {
        if !ink.at(x, y) {
            x += 1;
            continue;
        }
        let from = x;
        let mut to = x + 1;
        while x < ink.width && x <= to + BROKEN_MAX {
            if ink.at(x, y) {
                to = x + 1;
            }
            x += 1;
        }
        if (SIDE_MIN..=SIDE_MAX + TICK_WIDTH_MAX).contains(&(to - from)) {
            sides.push((from, to - from));
        }
    }
    sides
}

fn overlaps(a: &PixelBox, b: &PixelBox) -> bool {
    a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom()
}

/// Share of a side's length that must be inked, one pixel to either side allowed.
const SIDE_INK: f32 = 0.8;

/// The square whose upper side is this run, if its other sides are there, its corners sharp and its surroundings clear.
fn square_below(ink: &Ink, left: usize, top: usize, length: usize) -> Option<PixelBox> {
    if length > SIDE_MAX {
        return None;
    }
    let right = left + length - 1;
    let shortest = (length * 85 / 100).max(SIDE_MIN);
    let longest = (length * 115 / 100).min(SIDE_MAX);
    if top + shortest > ink.height || column_share(ink, left, top, top + shortest - 1) < SIDE_INK / 2.0 {
        return None;
    }
    // The lowest row that closes it: the frame's own thickness belongs to the box.
    for height in (shortest..=longest).rev() {
        let bottom = top + height - 1;
        if bottom + 1 >= ink.height {
            continue;
        }
        let sides = ink.share(left, bottom, right + 1, bottom + 1) >= SIDE_INK / 2.0
            && row_share(ink, left, right, bottom) >= SIDE_INK
            && column_share(ink, left, top, bottom) >= SIDE_INK
            && column_share(ink, right, top, bottom) >= SIDE_INK;
        if sides && has_sharp_corners(ink, left, top, right, bottom) && stands_free(ink, left, top, right, bottom) {
            let bounds = PixelBox {
                x: left as u32,
                y: top as u32,
                width: length as u32,
                height: height as u32,
            };
            return Some(bounds);
        }
    }
    None
}

fn row_share(ink: &Ink, left: usize, right: usize, y: usize) -> f32 {
    let inked = (left..=right).filter(|&x| (y.saturating_sub(1)..=(y + 1).min(ink.height - 1)).any(|y| ink.at(x, y)));
    inked.count() as f32 / (right - left + 1) as f32
}

fn column_share(ink: &Ink, x: usize, top: usize, bottom: usize) -> f32 {
    let inked = (top..=bottom).filter(|&y| (x.saturating_sub(1)..=(x + 1).min(ink.width - 1)).any(|x| ink.at(x, y)));
    inked.count() as f32 / (bottom - top + 1) as f32
}

/// A letter's bowl is round at its corners; a box has ink in the outermost pixels, though a fax may lose one of them.
fn has_sharp_corners(ink: &Ink, left: usize, top: usize, right: usize, bottom: usize) -> bool {
    let corner = |x: usize, y: usize| ink.share(x, y, x + 2, y + 2);
    let corners = [
        corner(left, top),
        corner(right - 1, top),
        corner(left, bottom - 1),
        corner(right - 1, bottom - 1),
    ];
    corners.iter().filter(|&&share| share >= 0.5).count() >= 3 && corners.iter().sum::<f32>() >= 2.5
}

/// Letters have neighbours and tables go on; a box has paper on at least three sides, and at most a tick on the fourth.
fn stands_free(ink: &Ink, left: usize, top: usize, right: usize, bottom: usize) -> bool {
    let gap = 2;
    let wide = ((right - left) / 6).max(3);
    let (before, after) = (left.saturating_sub(gap), right + 1 + gap);
    let (above, below) = (top.saturating_sub(gap), bottom + 1 + gap);
    let around = [
        ink.share(before.saturating_sub(wide), top, before, bottom + 1),
        ink.share(after, top, after + wide, bottom + 1),
        ink.share(left, above.saturating_sub(wide), right + 1, above),
        ink.share(left, below, right + 1, below + wide),
    ];
    let clear = around.iter().filter(|&&share| share <= 0.1).count();
    clear >= 3 && around.iter().all(|&share| share <= 0.4)
}

/// Ink in the inner 56 percent of the area, where the frame doesn't reach.
fn inner_ink(ink: &Ink, bounds: &PixelBox) -> f32 {
    let (inset_x, inset_y) = ((bounds.width as usize / 8).max(4), (bounds.height as usize / 8).max(4));
    let (left, top) = (bounds.x as usize + inset_x, bounds.y as usize + inset_y);
    let (right, bottom) = (bounds.right() as usize - inset_x, bounds.bottom() as usize - inset_y);
    ink.share(left, top, right, bottom)
}

/// Shorter is a dash or a letter.
const LINE_MIN: usize = 90;
const LINE_THICKNESS_MAX: usize = 10;
const GAP_MAX: usize = 4;

fn ruled_lines(ink: &Ink) -> Vec<RuledLine> {
    let across = strokes(ink.width, ink.height, |along, at| ink.at(along, at));
    let down = strokes(ink.height, ink.width, |along, at| ink.at(at, along));
    let horizontal = across.into_iter().map(|s| PixelBox {
        x: s.from as u32,
        y: s.first as u32,
        width: (s.to - s.from) as u32,
        height: (s.last - s.first + 1) as u32,
    });
    let vertical = down.into_iter().map(|s| PixelBox {
        x: s.first as u32,
        y: s.from as u32,
        width: (s.last - s.first + 1) as u32,
        height: (s.to - s.from) as u32,
    });
    horizontal
        .chain(vertical)
        .take(RULED_LINES_MAX)
        .map(|bounds| RuledLine { bounds })
        .collect()
}

/// A straight stroke: its reach along, and the rows (or columns) that it takes.
struct Stroke {
    from: usize,
    to: usize,
    first: usize,
    last: usize,
    /// Reach of its latest piece, which the next row must touch.
    piece: (usize, usize),
}

/// Pieces shorter than this don't count; a line askew by two degrees steps every thirty pixels.
const PIECE_MIN: usize = 28;

fn strokes(length: usize, rows: usize, dark: impl Fn(usize, usize) -> bool) -> Vec<Stroke> {
    let mut open: Vec<Stroke> = Vec::new();
    let mut done: Vec<Stroke> = Vec::new();
    for row in 0..rows {
        for (from, to) in pieces(length, |along| dark(along, row)) {
            let touching = open
                .iter_mut()
                .find(|s| s.piece.0 <= to + GAP_MAX && from <= s.piece.1 + GAP_MAX && s.last + 1 >= row);
            match touching {
                Some(stroke) => {
                    stroke.from = stroke.from.min(from);
                    stroke.to = stroke.to.max(to);
                    let same_row = stroke.last == row;
                    stroke.piece = if same_row {
                        (stroke.piece.0.min(from), stroke.piece.1.max(to))
                    } else {
                        (from, to)
                    };
                    stroke.last = row;
                }
                None => open.push(Stroke {
                    from,
                    to,
                    first: row,
                    last: row,
                    piece: (from, to),
                }),
            }
        }
        let (ended, still): (Vec<Stroke>, Vec<Stroke>) = open.into_iter().partition(|stroke| stroke.last < row);
        open = still;
        done.extend(ended.into_iter().filter(is_line));
    }
    done.extend(open.into_iter().filter(is_line));
    done
}

fn is_line(stroke: &Stroke) -> bool {
    let length = stroke.to - stroke.from;
    let thickness = stroke.last - stroke.first + 1;
    // A line askew is as high as it falls; a shaded field is a bar, not a line.
    length >= LINE_MIN && thickness <= LINE_THICKNESS_MAX + length / 28
}

fn pieces(length: usize, dark: impl Fn(usize) -> bool) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut along = 0;
    while along < length {
        if !dark(along) {
            along += 1;
            continue;
        }
        let from = along;
        let mut to = along + 1;
        let mut gap = 0;
        along += 1;
        while along < length && gap <= GAP_MAX {
            if dark(along) {
                to = along + 1;
                gap = 0;
            } else {
                gap += 1;
            }
            along += 1;
        }
        let inked = (from..to).filter(|&at| dark(at)).count();
        // Text has gaps too: a rule is nearly all ink.
        if to - from >= PIECE_MIN && inked * 10 >= (to - from) * 9 {
            found.push((from, to));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(gray: &mut Gray, x: usize, y: usize, side: usize, thick: usize) {
        for dy in 0..side {
            for dx in 0..side {
                let edge = dx < thick || dy < thick || dx >= side - thick || dy >= side - thick;
                if edge {
                    gray.pixels[(y + dy) * gray.width + x + dx] = 0;
                }
            }
        }
    }

    fn tick(gray: &mut Gray, x: usize, y: usize, side: usize) {
        for step in 0..side + 10 {
            for thick in 0..3 {
                // Runs out at the upper right corner.
                let (tx, ty) = (x + step, y + side - step.min(y + side));
                gray.pixels[ty * gray.width + tx + thick] = 0;
            }
        }
    }

    #[test]
    fn finds_empty_and_ticked_boxes() {
        let mut gray = Gray::white(400, 300);
        frame(&mut gray, 50, 50, 22, 2);
        frame(&mut gray, 50, 150, 22, 2);
        tick(&mut gray, 52, 150, 20);
        let found = check_boxes(&Ink::of(&gray));
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].ink < 0.02 && found[1].ink > 0.06, "{found:?}");
        assert_eq!(
            found[0].bounds,
            PixelBox {
                x: 50,
                y: 50,
                width: 22,
                height: 22
            }
        );
    }

    #[test]
    fn a_tables_cells_are_no_check_boxes() {
        let mut gray = Gray::white(400, 300);
        for line in 0..6 {
            for at in 0..200 {
                gray.pixels[(40 + line * 30) * 400 + 40 + at] = 0;
                gray.pixels[(40 + at) * 400 + 40 + line * 30] = 0;
            }
        }
        let ink = Ink::of(&gray);
        assert!(check_boxes(&ink).is_empty());
        assert_eq!(ruled_lines(&ink).len(), 12);
    }

    #[test]
    fn a_rule_askew_is_one_line() {
        let mut gray = Gray::white(900, 100);
        for x in 50..850 {
            let y = 30 + x * 3 / 100;
            gray.pixels[y * 900 + x] = 0;
            gray.pixels[(y + 1) * 900 + x] = 0;
        }
        let lines = ruled_lines(&Ink::of(&gray));
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].is_horizontal() && lines[0].bounds.width >= 790);
    }
}
