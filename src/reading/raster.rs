//! A grey picture and the few ways in which reading moves its pixels.

use crate::domain::page::Rotation;

/// 8-bit grey, row by row, 0 is black.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gray {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<u8>,
}

/// A page as delivered: its pixels, and how many of them make an inch.
#[derive(Clone, Debug)]
pub struct Raster {
    pub gray: Gray,
    pub dpi_x: f64,
    pub dpi_y: f64,
    /// Only black and white: a fax or a scan in line art.
    pub bilevel: bool,
}

impl Gray {
    pub fn white(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            pixels: vec![255; width * height],
        }
    }

    pub fn row(&self, y: usize) -> &[u8] {
        &self.pixels[y * self.width..(y + 1) * self.width]
    }

    pub fn at(&self, x: usize, y: usize) -> u8 {
        self.pixels[y * self.width + x]
    }

    /// Whether nearly every pixel is black or white.
    pub fn is_bilevel(&self) -> bool {
        let between = self.pixels.iter().filter(|&&p| (16..240).contains(&p)).count();
        between * 1000 < self.pixels.len()
    }

    /// Turned clockwise by a quarter, a half or three quarters.
    #[must_use]
    pub fn turned(&self, rotation: Rotation) -> Self {
        match rotation {
            Rotation::Upright => self.clone(),
            Rotation::Half => {
                let mut pixels = self.pixels.clone();
                pixels.reverse();
                Self {
                    width: self.width,
                    height: self.height,
                    pixels,
                }
            }
            Rotation::Quarter => self.transposed(|x, y| (self.height - 1 - y, x)),
            Rotation::ThreeQuarters => self.transposed(|x, y| (y, self.width - 1 - x)),
        }
    }

    fn transposed(&self, place: impl Fn(usize, usize) -> (usize, usize)) -> Self {
        let (width, height) = (self.height, self.width);
        let mut pixels = vec![255; self.pixels.len()];
        for y in 0..self.height {
            for (x, &pixel) in self.row(y).iter().enumerate() {
                let (to_x, to_y) = place(x, y);
                pixels[to_y * width + to_x] = pixel;
            }
        }
        Self { width, height, pixels }
    }

    /// Columns become rows.
    #[must_use]
    pub fn mirrored_along_diagonal(&self) -> Self {
        self.transposed(|x, y| (y, x))
    }

    /// A part of the picture; what lies outside is left out.
    #[must_use]
    pub fn cropped(&self, x: usize, y: usize, width: usize, height: usize) -> Self {
        let (x, y) = (x.min(self.width), y.min(self.height));
        let (width, height) = (width.min(self.width - x), height.min(self.height - y));
        let mut pixels = Vec::with_capacity(width * height);
        for row in y..y + height {
            pixels.extend_from_slice(&self.row(row)[x..x + width]);
        }
        Self { width, height, pixels }
    }

    /// Scaled to a new size: cubic when growing, the mean over the covered pixels when shrinking.
    #[must_use]
    pub fn resized(&self, width: usize, height: usize) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        if self.width == 0 || self.height == 0 {
            return Self::white(width, height);
        }
        let mut picture = self.clone();
        if height != self.height {
            picture = picture.with_height(height);
        }
        if width != self.width {
            picture = picture.with_width(width);
        }
        picture
    }

    fn with_height(&self, height: usize) -> Self {
        let mut pixels = vec![0u8; self.width * height];
        let mut sums = vec![0f32; self.width];
        for (y, taps) in taps(self.height, height).iter().enumerate() {
            sums.fill(0.5);
            for &(from, weight) in taps {
                for (sum, &pixel) in sums.iter_mut().zip(self.row(from)) {
                    *sum += weight * f32::from(pixel);
                }
            }
            for (pixel, &sum) in pixels[y * self.width..(y + 1) * self.width].iter_mut().zip(&sums) {
                *pixel = sum.clamp(0.0, 255.0) as u8;
            }
        }
        Self {
            width: self.width,
            height,
            pixels,
        }
    }

    fn with_width(&self, width: usize) -> Self {
        let taps = taps(self.width, width);
        let mut pixels = Vec::with_capacity(width * self.height);
        for y in 0..self.height {
            let row = self.row(y);
            pixels.extend(taps.iter().map(|taps| {
                let sum: f32 = taps.iter().map(|&(from, weight)| weight * f32::from(row[from])).sum();
                (sum + 0.5).clamp(0.0, 255.0) as u8
            }));
        }
        Self {
            width,
            height: self.height,
            pixels,
        }
    }
}

/// For each pixel of a new axis: the old pixels that make it, with weights that add up to one.
fn taps(old: usize, new: usize) -> Vec<Vec<(usize, f32)>> {
    let ratio = old as f32 / new as f32;
    let stretch = ratio.max(1.0);
    // Shrinking averages over a tent one pixel wide: sharper than a stretched cubic, and without its rings.
    let radius = if ratio > 1.0 { stretch } else { 2.0 };
    (0..new)
        .map(|at| {
            let centre = (at as f32 + 0.5) * ratio - 0.5;
            let first = (centre - radius).ceil().max(0.0) as usize;
            let last = ((centre + radius).floor().max(0.0) as usize).min(old - 1);
            let weigh = |from: usize| {
                let distance = ((from as f32 - centre) / stretch).abs();
                if ratio > 1.0 {
                    (1.0 - distance).max(0.0)
                } else {
                    cubic(distance)
                }
            };
            let mut taps: Vec<(usize, f32)> = (first.min(last)..=last).map(|from| (from, weigh(from))).collect();
            let total: f32 = taps.iter().map(|tap| tap.1).sum();
            if total.abs() < 1e-6 {
                return vec![(first.min(last), 1.0)];
            }
            for tap in &mut taps {
                tap.1 /= total;
            }
            taps
        })
        .collect()
}

/// Catmull and Rom's cubic.
fn cubic(x: f32) -> f32 {
    if x < 1.0 {
        (1.5 * x - 2.5) * x * x + 1.0
    } else if x < 2.0 {
        ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0
    } else {
        0.0
    }
}

impl Raster {
    /// Turned clockwise; the two resolutions change places on a quarter turn.
    #[must_use]
    pub fn turned(&self, rotation: Rotation) -> Self {
        let sideways = matches!(rotation, Rotation::Quarter | Rotation::ThreeQuarters);
        let (dpi_x, dpi_y) = if sideways {
            (self.dpi_y, self.dpi_x)
        } else {
            (self.dpi_x, self.dpi_y)
        };
        Self {
            gray: self.gray.turned(rotation),
            dpi_x,
            dpi_y,
            bilevel: self.bilevel,
        }
    }

    /// Size in pixels at a square resolution.
    pub fn size_at(&self, dpi: f64) -> (usize, usize) {
        let along = |pixels: usize, own: f64| ((pixels as f64 * dpi / own).round() as usize).max(1);
        (along(self.gray.width, self.dpi_x), along(self.gray.height, self.dpi_y))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture() -> Gray {
        Gray {
            width: 3,
            height: 2,
            pixels: vec![1, 2, 3, 4, 5, 6],
        }
    }

    #[test]
    fn turns_clockwise() {
        assert_eq!(picture().turned(Rotation::Quarter).pixels, [4, 1, 5, 2, 6, 3]);
        assert_eq!(picture().turned(Rotation::Half).pixels, [6, 5, 4, 3, 2, 1]);
        assert_eq!(picture().turned(Rotation::ThreeQuarters).pixels, [3, 6, 2, 5, 1, 4]);
        let round = picture().turned(Rotation::Quarter).turned(Rotation::ThreeQuarters);
        assert_eq!(round, picture());
    }

    #[test]
    fn resizing_keeps_flat_colours_and_sizes() {
        let flat = Gray {
            width: 7,
            height: 5,
            pixels: vec![77; 35],
        };
        for (width, height) in [(14, 10), (3, 2), (7, 10), (1, 1), (100, 1)] {
            let resized = flat.resized(width, height);
            assert_eq!((resized.width, resized.height), (width, height));
            assert!(resized.pixels.iter().all(|&p| p == 77));
        }
    }

    #[test]
    fn a_standard_fax_squares_to_letter() {
        let fax = Raster {
            gray: Gray::white(1728, 1078),
            dpi_x: 204.0,
            dpi_y: 98.0,
            bilevel: true,
        };
        assert_eq!(fax.size_at(200.0), (1694, 2200));
    }

    #[test]
    fn cropping_stays_inside() {
        let part = picture().cropped(1, 1, 10, 10);
        assert_eq!((part.width, part.height, part.pixels), (2, 1, vec![5, 6]));
    }
}
