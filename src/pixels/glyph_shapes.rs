//! The shapes of drawn characters, and an alphabet to hold them against: does what stands there look like what the text
//! layer says? Takes microseconds a character where recognition takes milliseconds.
//!
//! Measured on 24,000 characters of born-digital pages in some thirty fonts: 98.5 % look like themselves, 0.5 % more like
//! another character (most of them ligatures, which are left out); of digits that lie, none passed.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::raster::Gray;

const COLUMNS: usize = 12;
const ROWS: usize = 16;
/// Larger than any letter at 200 dpi that isn't a poster's.
const SIDE_MAX: usize = 400;
/// Weaker than this, ink is invisible to people too.
const CONTRAST_MIN: i32 = 40;
/// The part of full ink from which a pixel belongs to the drawing.
const INK_FROM: f32 = 0.35;

/// A character's ink, stretched to one size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape([u8; COLUMNS * ROWS]);

impl Shape {
    /// What is drawn in a box (left, top, right, bottom); `None` where nothing can be seen. White on black is ink too.
    pub fn of(gray: &Gray, [left, top, right, bottom]: [f32; 4]) -> Option<Self> {
        let inside = |value: f32, end: usize| (value.max(0.0) as usize).min(end);
        let (x0, x1) = (inside(left.floor(), gray.width), inside(right.ceil(), gray.width));
        let (y0, y1) = (inside(top.floor(), gray.height), inside(bottom.ceil(), gray.height));
        if x1 <= x0 || y1 <= y0 || x1 - x0 > SIDE_MAX || y1 - y0 > SIDE_MAX {
            return None;
        }
        let paper = i32::from(paper_around(gray, x0, y0, x1, y1));
        let (mut darkest, mut lightest) = (u8::MAX, 0);
        for y in y0..y1 {
            for &pixel in &gray.row(y)[x0..x1] {
                darkest = darkest.min(pixel);
                lightest = lightest.max(pixel);
            }
        }
        let (darkest, lightest) = (i32::from(darkest), i32::from(lightest));
        let ink = if paper - darkest >= lightest - paper {
            darkest
        } else {
            lightest
        };
        if (paper - ink).abs() < CONTRAST_MIN {
            return None;
        }
        let share: [f32; 256] =
            std::array::from_fn(|level| ((paper - level as i32) as f32 / (paper - ink) as f32).clamp(0.0, 1.0));
        let has_ink = |x: usize, y: usize| share[usize::from(gray.at(x, y))] > INK_FROM;
        let (first, last) = (
            (y0..y1).find(|&y| (x0..x1).any(|x| has_ink(x, y)))?,
            (y0..y1).rfind(|&y| (x0..x1).any(|x| has_ink(x, y)))?,
        );
        let (left, right) = (
            (x0..x1).find(|&x| (first..=last).any(|y| has_ink(x, y)))?,
            (x0..x1).rfind(|&x| (first..=last).any(|y| has_ink(x, y)))?,
        );
        let below = last + 1;
        let rows = (first..below).map(|y| &gray.row(y)[left..=right]);
        Some(Self::stretched(rows, &share))
    }

    /// Rows of ink averaged over the cells of the common size: first along each row, then down the columns.
    fn stretched<'p>(rows: impl ExactSizeIterator<Item = &'p [u8]>, share: &[f32; 256]) -> Self {
        let height = rows.len();
        // Ink above each row's lower side, for each column of cells.
        let mut above = vec![[0f32; COLUMNS]; height + 1];
        let mut before = [0f32; SIDE_MAX + 1];
        for (y, row) in rows.enumerate() {
            for (x, &pixel) in row.iter().enumerate() {
                before[x + 1] = before[x] + share[usize::from(pixel)];
            }
            let up_to = |edge: usize| between(edge, row.len(), COLUMNS, |at| before[at]);
            let (done, rest) = above.split_at_mut(y + 1);
            for (cell, (sum, so_far)) in rest[0].iter_mut().zip(&done[y]).enumerate() {
                *sum = so_far + (up_to(cell + 1) - up_to(cell)) * COLUMNS as f32 / row.len() as f32;
            }
        }
        let mut shape = [0; COLUMNS * ROWS];
        for row in 0..ROWS {
            for cell in 0..COLUMNS {
                let up_to = |edge: usize| between(edge, height, ROWS, |at| above[at][cell]);
                let mean = (up_to(row + 1) - up_to(row)) * ROWS as f32 / height as f32;
                shape[row * COLUMNS + cell] = (mean * 255.0).clamp(0.0, 255.0) as u8;
            }
        }
        Self(shape)
    }

    /// Root mean square of the differences, of 255; or something above `at_most`, if it is above it.
    fn distance(&self, other: &Self, at_most: f32) -> f32 {
        let count = (COLUMNS * ROWS) as f32;
        let enough = (at_most * at_most * count).min(1e9) as i32;
        let mut squares = 0;
        // Most shapes are unlike in their first rows already.
        for (a, b) in self.0.chunks(4 * COLUMNS).zip(other.0.chunks(4 * COLUMNS)) {
            let square = |(&a, &b): (&u8, &u8)| {
                let apart = i32::from(a) - i32::from(b);
                apart * apart
            };
            squares += a.iter().zip(b).map(square).sum::<i32>();
            if squares > enough {
                break;
            }
        }
        (squares as f32 / count).sqrt()
    }

    fn mean(shapes: &[(usize, Self)]) -> Self {
        let mut sums = [0u32; COLUMNS * ROWS];
        for (_, shape) in shapes {
            for (sum, &cell) in sums.iter_mut().zip(&shape.0) {
                *sum += u32::from(cell);
            }
        }
        Self(sums.map(|sum| (sum / shapes.len().max(1) as u32) as u8))
    }
}

/// The level in the middle of the frame two pixels outside the box.
fn paper_around(gray: &Gray, x0: usize, y0: usize, x1: usize, y1: usize) -> u8 {
    let (left, right) = (x0.saturating_sub(2), (x1 + 2).min(gray.width));
    let (top, bottom) = (y0.saturating_sub(2), (y1 + 2).min(gray.height));
    let mut frame: Vec<u8> = gray.row(top)[left..right].to_vec();
    frame.extend_from_slice(&gray.row(bottom - 1)[left..right]);
    for y in top..bottom {
        frame.extend([gray.at(left, y), gray.at(right - 1, y)]);
    }
    let middle = frame.len() / 2;
    *frame.select_nth_unstable(middle).1
}

/// A running sum at the edge of a cell, which mostly lies inside a pixel.
fn between(edge: usize, pixels: usize, cells: usize, sum: impl Fn(usize) -> f32) -> f32 {
    let (whole, part) = (edge * pixels / cells, edge * pixels % cells);
    if part == 0 {
        return sum(whole);
    }
    let share = part as f32 / cells as f32;
    sum(whole) * (1.0 - share) + sum(whole + 1) * share
}

/// What a shape looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// The character that it is said to be.
    Own,
    /// Clearly another one.
    Other,
    /// No known character: an unusual font, or a line through it.
    Unknown,
}

/// Characters that look the same once they are stretched to one size.
const ALIKE: [&str; 12] = [
    "cC", "oO0", "sS", "vV", "wW", "xX", "zZ", "uU", "kK", "pP", "Il1i", "yY",
];
/// Nothing that differs so much from all known shapes of a character is that character.
const FAR: f32 = 115.0;
/// So near, a shape is the other character,
const NEAR: f32 = 71.0;
/// if its own is so many times as far.
const CLEARLY: f32 = 1.25;
/// Characters of one font and size differ by less: they are only placed at other parts of a pixel.
const SAME_GLYPH: f32 = 45.0;

/// Known shapes of the letters and digits.
#[derive(Debug, Default)]
pub struct KnownLetters {
    /// Each with the look that it stands for.
    shapes: Vec<(char, Shape)>,
}

static KNOWN_LETTERS: OnceLock<KnownLetters> = OnceLock::new();

impl KnownLetters {
    /// The alphabet of this process; without shapes, if none was drawn: then nothing looks like anything.
    pub fn shared() -> &'static Self {
        KNOWN_LETTERS.get_or_init(Self::default)
    }

    pub fn share(self) {
        // A second drawing is the same as the first.
        let _ = KNOWN_LETTERS.set(self);
    }

    pub fn learn(&mut self, glyph: char, shape: Shape) {
        self.shapes.push((look(glyph), shape));
    }

    fn likeness(&self, glyph: char, shape: &Shape) -> Likeness {
        let look = look(glyph);
        let (mut own, mut other) = (f32::MAX, f32::MAX);
        for (known, drawn) in &self.shapes {
            let nearest = if *known == look { &mut own } else { &mut other };
            *nearest = nearest.min(shape.distance(drawn, *nearest));
        }
        if own <= other {
            if own < FAR { Likeness::Own } else { Likeness::Unknown }
        } else if other < NEAR && own > other * CLEARLY {
            Likeness::Other
        } else {
            Likeness::Unknown
        }
    }
}

/// One character for all that look like it.
fn look(glyph: char) -> char {
    let group = ALIKE.iter().find(|group| group.contains(glyph));
    group.and_then(|group| group.chars().next()).unwrap_or(glyph)
}

/// One character of the layer with what is drawn in its place.
pub struct Drawn {
    pub glyph: char,
    /// Width and height in whole pixels: one font's glyph in one size has one.
    pub size: (u32, u32),
    pub shape: Shape,
}

/// A character in one size.
pub type Kind = (char, (u32, u32));

/// How one drawn character was judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    pub likeness: Likeness,
    /// It looks like the others of its kind, with which it was judged: then so do they. Else it was judged alone.
    pub is_usual: bool,
}

/// The likeness of each, in the order given. Equal characters of equal size are judged once, by their mean, and by
/// themselves only where they don't look like it.
pub fn likenesses(drawn: &[Drawn], letters: &KnownLetters) -> Vec<Judged> {
    let mut groups: HashMap<Kind, Vec<(usize, Shape)>> = HashMap::new();
    for (index, one) in drawn.iter().enumerate() {
        groups
            .entry((one.glyph, one.size))
            .or_default()
            .push((index, one.shape));
    }
    let unknown = Judged {
        likeness: Likeness::Unknown,
        is_usual: false,
    };
    let mut found = vec![unknown; drawn.len()];
    for ((glyph, _), members) in &groups {
        let mean = Shape::mean(members);
        let usual = letters.likeness(*glyph, &mean);
        for (index, shape) in members {
            let is_usual = shape.distance(&mean, SAME_GLYPH) <= SAME_GLYPH;
            let likeness = if is_usual {
                usual
            } else {
                letters.likeness(*glyph, shape)
            };
            found[*index] = Judged { likeness, is_usual };
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draw(rows: &[&str]) -> Gray {
        let pixels = rows
            .iter()
            .flat_map(|row| row.bytes().map(|b| if b == b'#' { 0 } else { 255 }));
        Gray {
            width: rows[0].len(),
            height: rows.len(),
            pixels: pixels.collect(),
        }
    }

    const L: [&str; 7] = [
        "........", "..#.....", "..#.....", "..#.....", "..###...", "........", "........",
    ];
    const T: [&str; 7] = [
        "........", "..###...", "...#....", "...#....", "...#....", "........", "........",
    ];
    const BOUNDS: [f32; 4] = [2.0, 1.0, 5.0, 5.0];

    #[test]
    fn a_shape_is_told_from_another_in_black_and_in_white() {
        let mut letters = KnownLetters::default();
        letters.learn('L', Shape::of(&draw(&L), BOUNDS).unwrap());
        letters.learn('T', Shape::of(&draw(&T), BOUNDS).unwrap());
        let mut negative = draw(&T);
        negative.pixels.iter_mut().for_each(|pixel| *pixel = 255 - *pixel);
        let shape = Shape::of(&negative, BOUNDS).unwrap();
        assert_eq!(letters.likeness('T', &shape), Likeness::Own);
        assert_eq!(letters.likeness('L', &shape), Likeness::Other);
    }

    #[test]
    fn nothing_is_drawn_on_plain_paper() {
        assert_eq!(Shape::of(&Gray::white(8, 8), BOUNDS), None);
        assert_eq!(Shape::of(&draw(&L), [40.0, 40.0, 50.0, 50.0]), None);
    }

    #[test]
    fn stretching_keeps_the_share_of_ink() {
        let share: [f32; 256] = std::array::from_fn(|level| 1.0 - level as f32 / 255.0);
        for (width, height) in [(3, 5), (12, 16), (40, 37), (1, 1)] {
            let gray = Gray {
                width,
                height,
                pixels: (0..width * height)
                    .map(|at| if at % 2 == 0 { 0 } else { 255 })
                    .collect(),
            };
            let shape = Shape::stretched((0..height).map(|y| gray.row(y)), &share);
            let mean = shape.0.iter().map(|&cell| f32::from(cell)).sum::<f32>() / (COLUMNS * ROWS) as f32;
            let ink = gray.pixels.iter().filter(|&&pixel| pixel < 128).count() as f32 / (width * height) as f32;
            assert!((mean / 255.0 - ink).abs() < 0.01, "{width}x{height}: {mean}");
        }
    }
}
