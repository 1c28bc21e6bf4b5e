//! The small angle by which a page was fed askew, and turning it back.

use crate::raster::Gray;

/// Steeper than this is no feeding error.
const STEEPEST_DEGREES: f64 = 4.0;
const COARSE_DEGREES: f64 = 0.25;
const FINE_DEGREES: f64 = 0.05;
/// Enough points for a sharp answer, few enough for a few milliseconds.
const POINTS_MAX: usize = 40_000;

/// Degrees by which lines of text fall to the right; 0 where nothing tells.
pub fn angle_degrees(gray: &Gray) -> f64 {
    let points = lower_edges(gray);
    if points.len() < 200 {
        return 0.0;
    }
    let steps = (STEEPEST_DEGREES / COARSE_DEGREES) as i32;
    let coarse = best(&points, (-steps..=steps).map(|step| f64::from(step) * COARSE_DEGREES));
    let steps = (COARSE_DEGREES / FINE_DEGREES) as i32;
    best(
        &points,
        (-steps..=steps).map(|step| coarse + f64::from(step) * FINE_DEGREES),
    )
}

fn best(points: &[(f32, f32)], angles: impl Iterator<Item = f64>) -> f64 {
    let scored = angles.map(|angle| (sharpness(points, angle), angle));
    // Of equal scores the one nearest to straight wins.
    scored
        .fold((0.0, 0.0), |best: (f64, f64), next| {
            let better = next.0 > best.0 * 1.000_1 || (next.0 > best.0 * 0.999_9 && next.1.abs() < best.1.abs());
            if better { next } else { best }
        })
        .1
}

/// How sharply points gather in rows that fall by an angle: the sum of the squared counts a row.
fn sharpness(points: &[(f32, f32)], degrees: f64) -> f64 {
    counts_by_row(points, degrees)
        .iter()
        .map(|&count| f64::from(count) * f64::from(count))
        .sum()
}

/// How many points lie in each row of a page whose rows fall by an angle.
pub fn counts_by_row(points: &[(f32, f32)], degrees: f64) -> Vec<u32> {
    let slope = degrees.to_radians().tan() as f32;
    let height = points.iter().fold(0f32, |most, point| most.max(point.1));
    let width = points.iter().fold(0f32, |most, point| most.max(point.0));
    let reach = (width * slope.abs()).ceil();
    let mut rows = vec![0u32; (height + 2.0 * reach) as usize + 2];
    for &(x, y) in points {
        rows[(y - x * slope + reach).max(0.0) as usize] += 1;
    }
    rows
}

fn lower_edges(gray: &Gray) -> Vec<(f32, f32)> {
    let mut points = Vec::new();
    for y in 0..gray.height.saturating_sub(1) {
        let (row, below) = (gray.row(y), gray.row(y + 1));
        for x in 0..gray.width {
            if row[x] < 128 && below[x] >= 128 {
                points.push((x as f32, y as f32));
            }
        }
    }
    let step = points.len().div_ceil(POINTS_MAX).max(1);
    points.into_iter().step_by(step).collect()
}

/// A turn about the middle of a picture, the same in both sizes.
#[derive(Clone, Copy, Debug)]
pub struct Turn {
    sin: f64,
    cos: f64,
    middle_x: f64,
    middle_y: f64,
}

impl Turn {
    pub fn new(degrees: f64, width: usize, height: usize) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        Self {
            sin,
            cos,
            middle_x: width as f64 / 2.0,
            middle_y: height as f64 / 2.0,
        }
    }

    /// From a place on the straightened picture to the same place on the askew one.
    pub fn back(&self, x: f64, y: f64) -> (f64, f64) {
        let (dx, dy) = (x - self.middle_x, y - self.middle_y);
        (
            self.middle_x + dx * self.cos - dy * self.sin,
            self.middle_y + dx * self.sin + dy * self.cos,
        )
    }
}

/// The picture turned straight, mixed from the four pixels around each place.
#[must_use]
pub fn straightened(gray: &Gray, turn: &Turn) -> Gray {
    const ONE: i64 = 1 << 16;
    let fixed = |value: f64| (value * ONE as f64).round() as i64;
    let (step_x, step_y) = (fixed(turn.cos), fixed(turn.sin));
    let mut straight = Gray::white(gray.width, gray.height);
    let (last_x, last_y) = (gray.width as i64 - 1, gray.height as i64 - 1);
    for y in 0..gray.height {
        let (start_x, start_y) = turn.back(0.5, y as f64 + 0.5);
        let (mut from_x, mut from_y) = (fixed(start_x - 0.5), fixed(start_y - 0.5));
        for pixel in &mut straight.pixels[y * gray.width..(y + 1) * gray.width] {
            let (x, y) = (from_x >> 16, from_y >> 16);
            if x >= 0 && y >= 0 && x < last_x && y < last_y {
                let (part_x, part_y) = ((from_x & 0xffff) >> 8, (from_y & 0xffff) >> 8);
                let at = y as usize * gray.width + x as usize;
                let p = |index: usize| i64::from(gray.pixels[index]);
                let upper = p(at) * (256 - part_x) + p(at + 1) * part_x;
                let lower = p(at + gray.width) * (256 - part_x) + p(at + gray.width + 1) * part_x;
                *pixel = ((upper * (256 - part_y) + lower * part_y + (1 << 15)) >> 16) as u8;
            }
            from_x += step_x;
            from_y += step_y;
        }
    }
    straight
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ruled(degrees: f64) -> Gray {
        let mut page = Gray::white(800, 1000);
        let slope = degrees.to_radians().tan();
        for line in 0..20 {
            for x in 50..750 {
                let y = 50.0 + f64::from(line) * 45.0 + x as f64 * slope;
                for thick in 0..3 {
                    page.pixels[(y as usize + thick) * 800 + x] = 0;
                }
            }
        }
        page
    }

    #[test]
    fn finds_the_angle_and_undoes_it() {
        for degrees in [-2.0, -0.6, 0.0, 0.35, 1.5] {
            let page = ruled(degrees);
            let found = angle_degrees(&page);
            assert!((found - degrees).abs() <= 0.1, "{degrees} was taken for {found}");
            let straight = straightened(&page, &Turn::new(found, page.width, page.height));
            assert!(angle_degrees(&straight).abs() <= 0.1);
        }
    }

    #[test]
    fn white_paper_is_straight() {
        assert!(angle_degrees(&Gray::white(100, 100)).abs() < f64::EPSILON);
    }
}
