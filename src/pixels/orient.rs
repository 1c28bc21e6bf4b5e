//! Which way up a page is, and whether there is anything on it.
//!
//! Upright letters stand on a line: their lower sides agree better than their upper ones, since capitals and ascenders
//! are many and descenders few. Turned pages show the same on another side. The test takes a few milliseconds.

use std::borrow::Cow;

use crate::components;
use crate::deskew;
use crate::places::{PixelBox, Rotation};
use crate::raster::Raster;

/// Resolution at which letters are looked at.
const DPI: f64 = 200.0;

/// What the letters of a page tell.
pub struct Letters {
    width: u32,
    height: u32,
    boxes: Vec<PixelBox>,
    /// Letter-like parts and dark pixels outside the strip at the top in which the sender's machine prints its line.
    below_header: usize,
    ink_below_header: f64,
}

/// Finds the letters of a despeckled page, and its ink.
pub fn letters(page: &Raster) -> Letters {
    // Letters of a fine fax can be told as they are: resampling would cost more than the test.
    let is_near = |dpi: f64| (190.0..=210.0).contains(&dpi);
    let gray = if is_near(page.dpi_x) && is_near(page.dpi_y) {
        Cow::Borrowed(&page.gray)
    } else {
        let (width, height) = page.size_at(DPI);
        Cow::Owned(page.gray.resized(width, height))
    };
    let (width, height) = (gray.width, gray.height);
    let dark = (f64::from(gray.paper_level()) * INK_PART) as u8;
    let components = components::components(components::runs(&gray, dark));
    let boxes: Vec<PixelBox> = components
        .boxes()
        .into_iter()
        .zip(&components.areas)
        .filter(|(b, area)| (5..=60).contains(&b.width) && (5..=60).contains(&b.height) && **area >= 14)
        .map(|(b, _)| b)
        .collect();
    let header = (height as f64 * HEADER_PART) as u32;
    let margin = (width / 40) as u32;
    let inside = |b: &PixelBox| b.y > header && b.x > margin && b.right() + margin < width as u32;
    let all = components.boxes();
    // Dirt on the glass draws a thin line down the page, noise on the wire one across; neither is content.
    let is_streak = |b: &PixelBox| {
        (b.width <= 12 && b.height as usize * 4 > height) || (b.height <= 6 && b.width as usize * 15 > width)
    };
    let is_content = |b: &PixelBox, area: u32| area >= 30 && !is_streak(b);
    let ink: u32 = all
        .iter()
        .zip(&components.areas)
        .filter(|(b, area)| inside(b) && is_content(b, **area))
        .map(|(_, area)| *area)
        .sum();
    Letters {
        width: width as u32,
        height: height as u32,
        below_header: boxes.iter().filter(|b| inside(b)).count(),
        ink_below_header: f64::from(ink) / (width * height) as f64,
        boxes,
    }
}

/// A page may be askew by four degrees.
const STEPS: i32 = 16;

/// The line that the sending machine prints stands in the upper thirtieth.
const HEADER_PART: f64 = 0.035;
const BLANK_LETTERS_MAX: usize = 12;
const BLANK_INK_MAX: f64 = 0.000_5;

/// What is darker than this part of the paper is ink, so that a grey scan's shadow is none.
const INK_PART: f64 = 0.6;

impl Letters {
    pub fn is_blank(&self) -> bool {
        self.below_header <= BLANK_LETTERS_MAX && self.ink_below_header <= BLANK_INK_MAX
    }

    /// The rotations, the likeliest first: the direction of the lines decides, then which way up they are.
    pub fn likeliest(&self) -> [Rotation; 4] {
        let across = self.neighbours(|b| (b.right(), b.y + b.height / 2), |step| (step, 0));
        let down = self.neighbours(|b| (b.x + b.width / 2, b.bottom()), |step| (0, step));
        let sideways = down > across;
        let mut scored = Rotation::ALL.map(|rotation| {
            let along = sideways == matches!(rotation, Rotation::Quarter | Rotation::ThreeQuarters);
            (along, self.agreement(rotation), rotation)
        });
        scored.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)));
        scored.map(|(_, _, rotation)| rotation)
    }

    /// How many letters have another one close by in a direction: along a line letters nearly touch, lines don't.
    fn neighbours(&self, from: impl Fn(&PixelBox) -> (u32, u32), step: impl Fn(u32) -> (u32, u32)) -> usize {
        const CLOSE: u32 = 7;
        let mut occupied = vec![false; (self.width * self.height) as usize];
        for b in &self.boxes {
            for y in b.y..b.bottom() {
                let row = (y * self.width) as usize;
                occupied[row + b.x as usize..row + b.right() as usize].fill(true);
            }
        }
        let taken = |x: u32, y: u32| x < self.width && y < self.height && occupied[(y * self.width + x) as usize];
        let has_neighbour = |b: &&PixelBox| {
            let (x, y) = from(b);
            (0..CLOSE).map(&step).any(|(dx, dy)| taken(x + dx, y + dy))
        };
        self.boxes.iter().filter(has_neighbour).count()
    }

    /// How well the sides agree that would be the lower ones after turning by `rotation`.
    fn agreement(&self, rotation: Rotation) -> f64 {
        let points: Vec<(f32, f32)> = self
            .boxes
            .iter()
            .map(|b| {
                let (middle_x, middle_y) = ((b.x + b.width / 2) as f32, (b.y + b.height / 2) as f32);
                match rotation {
                    Rotation::Upright => (middle_x, b.bottom() as f32),
                    Rotation::Half => (middle_x, b.y as f32),
                    Rotation::Quarter => (middle_y, b.right() as f32),
                    Rotation::ThreeQuarters => (middle_y, b.x as f32),
                }
            })
            .collect();
        (-STEPS..=STEPS)
            .map(|step| gathering(&points, f64::from(step) * 0.25))
            .fold(0.0, f64::max)
    }
}

/// How closely points keep to lines, three rows taken together: round letters overshoot their line by a pixel, and
/// without this slack every eighth page was taken for upside down.
fn gathering(points: &[(f32, f32)], degrees: f64) -> f64 {
    let rows = deskew::counts_by_row(points, degrees);
    rows.windows(3)
        .map(|three| f64::from(three.iter().sum::<u32>()).powi(2))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Gray;

    /// Lines of blocks as tall as letters: low ones, high ones, and a few that hang.
    fn page() -> Raster {
        let mut gray = Gray::white(1700, 2200);
        for line in 0..30 {
            for letter in 0..60 {
                let (above, below) = match (letter * 7 + line) % 10 {
                    0..=4 => (14, 0),
                    5..=8 => (20, 0),
                    _ => (14, 6),
                };
                let (x, base) = (150 + letter * 22, 200 + line * 60);
                for y in base - above..base + below {
                    gray.pixels[y * 1700 + x..y * 1700 + x + 18].fill(0);
                }
            }
        }
        Raster {
            gray,
            dpi_x: 200.0,
            dpi_y: 200.0,
            bilevel: true,
        }
    }

    #[test]
    fn finds_the_way_up() {
        for delivered in Rotation::ALL {
            let turned = page().turned(delivered);
            let back = Rotation::try_from((360 - delivered.degrees()) % 360).unwrap();
            assert_eq!(letters(&turned).likeliest()[0], back);
        }
    }

    #[test]
    fn paper_is_blank_and_text_is_not() {
        let paper = Raster {
            gray: Gray::white(1700, 2200),
            dpi_x: 200.0,
            dpi_y: 200.0,
            bilevel: true,
        };
        assert!(letters(&paper).is_blank());
        assert!(!letters(&page()).is_blank());
    }
}
