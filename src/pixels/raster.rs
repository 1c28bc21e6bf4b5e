//! A grey picture and the few ways in which reading moves its pixels.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use crate::places::Rotation;

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

    /// The paper's level: the commonest one but for the dark ones.
    pub fn paper_level(&self) -> u8 {
        const LIGHT: u8 = 64;
        const SAMPLED: usize = 7;
        let mut counts = [0usize; 256];
        for &pixel in self.pixels.iter().step_by(SAMPLED) {
            counts[usize::from(pixel)] += 1;
        }
        let commonest = (LIGHT..=u8::MAX).max_by_key(|level| counts[usize::from(*level)]);
        commonest.unwrap_or(u8::MAX)
    }

    /// Whether nearly every pixel is black or white.
    pub fn is_bilevel(&self) -> bool {
        let between = self.pixels.iter().filter(|&&p| (16..240).contains(&p)).count();
        between * 1000 < self.pixels.len()
    }

    /// Each pixel black or white, whichever it is nearer to.
    pub fn make_bilevel(&mut self) {
        for pixel in &mut self.pixels {
            *pixel = if *pixel < 128 { 0 } else { 255 };
        }
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
        // Each axis by itself: a standard fax grows down the page and may shrink across it.
        match (width == self.width, height == self.height) {
            (true, true) => self.clone(),
            (true, false) | (false, true) => self.resampled(width, height),
            (false, false) => self.resampled(self.width, height).resampled(width, height),
        }
    }

    fn resampled(&self, width: usize, height: usize) -> Self {
        // Shrinking averages over a tent: sharper than a stretched cubic, and without its rings.
        let shrinks = width < self.width || height < self.height;
        let filter = if shrinks {
            FilterType::Bilinear
        } else {
            FilterType::CatmullRom
        };
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter));
        let mut resized = Image::new(width as u32, height as u32, PixelType::U8);
        let from = ImageRef::new(self.width as u32, self.height as u32, &self.pixels, PixelType::U8);
        let done = from.is_ok_and(|from| Resizer::new().resize(&from, &mut resized, &options).is_ok());
        if !done {
            return Self::white(width, height);
        }
        Self {
            width,
            height,
            pixels: resized.into_vec(),
        }
    }

    /// Resized by leaving out and doubling rows and columns: ten times faster, for what nobody reads closely.
    #[must_use]
    pub fn roughly_resized(&self, width: usize, height: usize) -> Self {
        if self.pixels.is_empty() {
            return Self::white(width, height);
        }
        let column = |x: usize| x * self.width / width;
        let columns: Vec<usize> = (0..width).map(column).collect();
        let mut pixels = Vec::with_capacity(width * height);
        for y in 0..height {
            let row = self.row(y * self.height / height);
            pixels.extend(columns.iter().map(|&x| row[x]));
        }
        Self { width, height, pixels }
    }

    /// Mixed with its neighbours, a quarter to each side: what a fax's stairs and a scanner's grain lose, letters keep.
    #[must_use]
    pub fn smoothed(&self) -> Self {
        let mut smooth = self.clone();
        let mut mixed = vec![0u16; self.width];
        for y in 0..self.height {
            let (above, below) = (self.row(y.saturating_sub(1)), self.row((y + 1).min(self.height - 1)));
            for (((mix, &upper), &own), &lower) in mixed.iter_mut().zip(above).zip(self.row(y)).zip(below) {
                *mix = u16::from(upper) + 2 * u16::from(own) + u16::from(lower);
            }
            let row = &mut smooth.pixels[y * self.width..(y + 1) * self.width];
            for (pixel, three) in row.iter_mut().skip(1).zip(mixed.windows(3)) {
                *pixel = ((three[0] + 2 * three[1] + three[2] + 8) / 16) as u8;
            }
        }
        smooth
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
    fn smoothing_spreads_a_dot_and_keeps_flat_colours() {
        let mut dot = Gray::white(5, 5);
        dot.pixels[12] = 55;
        let smooth = dot.smoothed();
        assert_eq!((smooth.at(2, 2), smooth.at(1, 2), smooth.at(1, 1)), (205, 230, 243));
        assert_eq!(Gray::white(4, 3).smoothed(), Gray::white(4, 3));
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
