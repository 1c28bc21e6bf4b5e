//! Check boxes, found by their four sides, so that one whose tick runs out of it is found as well.

use super::ink::Ink;
use crate::places::{CheckBox, PixelBox};
use crate::skim;

/// Sides of a check box, in pixels at 200 dpi: 2 to 6 mm.
const SIDE_MIN: usize = 16;
const SIDE_MAX: usize = 48;
/// Most pages have fewer; a page of check pattern must not run away.
const CHECK_BOXES_MAX: usize = 400;

pub fn find(ink: &Ink) -> Vec<CheckBox> {
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
    let row = ink.row(y);
    let mut x = 0;
    while let Some(from) = skim::first(&row[x..], |dark| dark).map(|skip| x + skip) {
        x = from + 1;
        let mut to = x;
        while x < ink.width && x <= to + BROKEN_MAX {
            if row[x] {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Gray;

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
        let found = find(&Ink::of(&gray));
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
        assert!(find(&Ink::of(&gray)).is_empty());
    }
}
