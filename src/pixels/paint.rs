//! White paint over what need not be read.

use crate::places::{PixelBox, REVIEW_DPI};
use crate::raster::Raster;

/// Strokes reach a little out of the box that is drawn around them.
const MARGIN: u32 = 2;

/// The page with white in place of boxes on its review image.
pub fn over(page: &Raster, boxes: impl Iterator<Item = PixelBox>) -> Raster {
    let mut gray = page.gray.clone();
    let (across, down) = (page.dpi_x / f64::from(REVIEW_DPI), page.dpi_y / f64::from(REVIEW_DPI));
    for b in boxes {
        let place = |value: u32, scale: f64, most: usize| ((f64::from(value) * scale).round() as usize).min(most);
        let left = place(b.x.saturating_sub(MARGIN), across, gray.width);
        let right = place(b.right() + MARGIN, across, gray.width);
        let top = place(b.y.saturating_sub(MARGIN), down, gray.height);
        let bottom = place(b.bottom() + MARGIN, down, gray.height);
        for y in top..bottom {
            let row = y * gray.width;
            gray.pixels[row + left..row + right].fill(255);
        }
    }
    Raster { gray, ..*page }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Gray;

    #[test]
    fn painting_follows_the_pixels_of_a_standard_fax() {
        let bounds = PixelBox::from([10, 10, 10, 5]);
        let page = Raster {
            gray: Gray {
                width: 102,
                height: 49,
                pixels: vec![0; 102 * 49],
            },
            dpi_x: 204.0,
            dpi_y: 98.0,
            bilevel: true,
        };
        let painted = over(&page, [bounds].into_iter()).gray;
        let white = painted.pixels.iter().filter(|pixel| **pixel > 200).count();
        assert_eq!((painted.at(9, 5), painted.at(20, 6), white), (255, 255, 14 * 4));
    }
}
