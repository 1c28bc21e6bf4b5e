//! Dark or not, pixel by pixel, and how much of it in any rectangle.

use crate::raster::Gray;

/// Thin pen strokes and printed frames are both darker than this part of the paper.
const DARK_PART: f64 = 0.7;

/// Dark or not, row by row.
pub struct Ink {
    pub width: usize,
    pub height: usize,
    pub dark: Vec<bool>,
}

impl Ink {
    pub fn of(gray: &Gray) -> Self {
        let below = (f64::from(gray.paper_level()) * DARK_PART) as u8;
        Self {
            width: gray.width,
            height: gray.height,
            dark: gray.pixels.iter().map(|&p| p < below).collect(),
        }
    }

    pub fn row(&self, y: usize) -> &[bool] {
        &self.dark[y * self.width..(y + 1) * self.width]
    }

    pub fn at(&self, x: usize, y: usize) -> bool {
        self.dark[y * self.width + x]
    }

    /// Share of ink in a rectangle, cut at the page's edge.
    pub fn share(&self, left: usize, top: usize, right: usize, bottom: usize) -> f32 {
        let (left, right) = (left.min(self.width), right.min(self.width));
        let (top, bottom) = (top.min(self.height), bottom.min(self.height));
        if left >= right || top >= bottom {
            return 0.0;
        }
        let inked = |y: usize| self.row(y)[left..right].iter().filter(|&&dark| dark).count();
        let ink: usize = (top..bottom).map(inked).sum();
        ink as f32 / ((right - left) * (bottom - top)) as f32
    }

    /// Dark or not, with columns as rows. Block by block, since a walk down columns would miss the cache at each step.
    pub fn mirrored(&self) -> Vec<bool> {
        const BLOCK: usize = 32;
        let mut mirrored = vec![false; self.dark.len()];
        for top in (0..self.height).step_by(BLOCK) {
            for left in (0..self.width).step_by(BLOCK) {
                let bottom = (top + BLOCK).min(self.height);
                for x in left..(left + BLOCK).min(self.width) {
                    let column = &mut mirrored[x * self.height + top..x * self.height + bottom];
                    for (pixel, y) in column.iter_mut().zip(top..bottom) {
                        *pixel = self.dark[y * self.width + x];
                    }
                }
            }
        }
        mirrored
    }
}
