//! Streaks down a page: dirt on a scanner's glass draws them through every line of text.

use crate::components::Run;
use crate::raster::Gray;

/// Dirt is a grain; a bar is wider.
const WIDTH_MAX: u32 = 4;
/// A streak is at least a twelfth of the page long: longer than a bracket or the frame of a field.
const LENGTH_PART: u32 = 12;
/// Threshold and noise break it up so far.
const GAP_MAX: u32 = 4;
/// Letters one below the other have more paper between them.
const INK_MIN_PERCENT: u32 = 70;

/// A column of ink, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Streak {
    x: u32,
    from: u32,
    /// One past its lowest pixel.
    to: u32,
}

#[derive(Clone, Copy)]
struct Open {
    from: u32,
    last: u32,
    inked: u32,
}

/// Streaks of a picture, from the runs of its rows, topmost first.
pub fn find(runs: &[Run], width: usize, height: usize) -> Vec<Streak> {
    let shortest = height as u32 / LENGTH_PART;
    let mut open: Vec<Option<Open>> = vec![None; width];
    let mut found = Vec::new();
    let mut close = |x: usize, column: Open| {
        let length = column.last + 1 - column.from;
        if length >= shortest.max(1) && column.inked * 100 >= length * INK_MIN_PERCENT {
            found.push(Streak {
                x: x as u32,
                from: column.from,
                to: column.last + 1,
            });
        }
    };
    for run in runs.iter().filter(|run| run.to - run.from <= WIDTH_MAX) {
        let columns = open
            .iter_mut()
            .enumerate()
            .take(run.to as usize)
            .skip(run.from as usize);
        for (x, slot) in columns {
            match slot {
                Some(column) if run.y <= column.last + 1 + GAP_MAX => {
                    column.last = run.y;
                    column.inked += 1;
                }
                _ => {
                    let begun = Open {
                        from: run.y,
                        last: run.y,
                        inked: 1,
                    };
                    if let Some(ended) = slot.replace(begun) {
                        close(x, ended);
                    }
                }
            }
        }
    }
    for (x, column) in open.into_iter().enumerate() {
        if let Some(column) = column {
            close(x, column);
        }
    }
    found
}

/// The picture without them. Only narrow runs go, so that letters which a streak crosses keep their strokes.
#[must_use]
pub fn erased(gray: &Gray, streaks: &[Streak], runs: &[Run]) -> Gray {
    let mut rest = gray.clone();
    let mut by_column: Vec<Vec<Streak>> = vec![Vec::new(); gray.width];
    for streak in streaks {
        by_column[streak.x as usize].push(*streak);
    }
    for run in runs.iter().filter(|run| run.to - run.from <= WIDTH_MAX) {
        let columns = &by_column[run.from as usize..run.to as usize];
        if columns.iter().flatten().any(|s| (s.from..s.to).contains(&run.y)) {
            let row = run.y as usize * gray.width;
            rest.pixels[row + run.from as usize..row + run.to as usize].fill(255);
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components;

    #[test]
    fn a_broken_streak_goes_and_what_it_crosses_stays() {
        let mut page = Gray::white(100, 400);
        for y in (0..400).filter(|y| y % 6 != 0) {
            page.pixels[y * 100 + 50] = 0;
        }
        let mut letters = Gray::white(100, 400);
        for picture in [&mut page, &mut letters] {
            // A bar of text that the streak crosses, and a stem as tall as a letter.
            picture.pixels[200 * 100 + 40..200 * 100 + 60].fill(0);
            for y in 100..125 {
                picture.pixels[y * 100 + 20..y * 100 + 23].fill(0);
            }
        }
        let runs = components::runs(&page, 128);
        let streaks = find(&runs, 100, 400);
        assert!(streaks.iter().all(|streak| streak.x == 50) && !streaks.is_empty());
        assert_eq!(erased(&page, &streaks, &runs), letters);
    }
}
