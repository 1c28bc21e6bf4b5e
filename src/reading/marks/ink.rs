//! Dark or not, pixel by pixel, and how much of it in any rectangle.

use crate::reading::raster::Gray;

/// Thin pen strokes and printed frames are both darker than this part of the paper.
const DARK_PART: f64 = 0.7;

/// Dark or not, with counts that answer "how much ink in this rectangle" at once.
pub struct Ink {
    pub width: usize,
    pub height: usize,
    /// Row by row.
    pub dark: Vec<bool>,
    /// Ink above and left of each corner.
    sums: Vec<u32>,
}

impl Ink {
    pub fn of(gray: &Gray) -> Self {
        let below = (f64::from(gray.paper_level()) * DARK_PART) as u8;
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
        let stride = self.width + 1;
        let sum = |x: usize, y: usize| self.sums[y * stride + x];
        let ink = sum(right, bottom) + sum(left, top) - sum(left, bottom) - sum(right, top);
        ink as f32 / ((right - left) * (bottom - top)) as f32
    }

    /// Dark or not, with columns as rows. Block by block, since a walk down columns would miss the cache at each step.
    pub fn mirrored(&self) -> Vec<bool> {
        const BLOCK: usize = 32;
        let mut mirrored = vec![false; self.dark.len()];
        for top in (0..self.height).step_by(BLOCK) {
            for left in (0..self.width).step_by(BLOCK) {
                for y in top..(top + BLOCK).min(self.height) {
                    for x in left..(left + BLOCK).min(self.width) {
                        mirrored[x * self.height + y] = self.dark[y * self.width + x];
                    }
                }
            }
        }
        mirrored
    }
}
