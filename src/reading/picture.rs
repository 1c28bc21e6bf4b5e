//! PNG and JPEG, by the `image` crate within limits.

use std::io::Cursor;

use image::{ImageFormat, ImageReader};

use crate::reading::detect::MediaType;
use crate::reading::document::{Limits, Refusal};
use crate::reading::raster::{Gray, Raster};

/// The one page of a picture file.
pub fn page(bytes: &[u8], media: MediaType, limits: &Limits) -> Result<Raster, Refusal> {
    let format = if media == MediaType::Png {
        ImageFormat::Png
    } else {
        ImageFormat::Jpeg
    };
    let reader = || ImageReader::with_format(Cursor::new(bytes), format);
    let (width, height) = reader().into_dimensions().map_err(|_| Refusal::Unreadable)?;
    limits.admit(u64::from(width), u64::from(height))?;
    let mut bounded = reader();
    let mut bounds = image::Limits::default();
    bounds.max_alloc = Some(u64::from(limits.megapixels_a_page) * 8_000_000);
    bounded.limits(bounds);
    let picture = bounded.decode().map_err(|_| Refusal::Unreadable)?;
    // What a picture shows through is paper.
    let gray = if picture.color().has_alpha() {
        let pixels = picture.to_luma_alpha8();
        let over_white = |p: &image::LumaA<u8>| {
            let alpha = u32::from(p.0[1]);
            ((u32::from(p.0[0]) * alpha + 255 * (255 - alpha)) / 255) as u8
        };
        pixels.pixels().map(over_white).collect()
    } else {
        picture.into_luma8().into_raw()
    };
    let gray = Gray {
        width: width as usize,
        height: height as usize,
        pixels: gray,
    };
    let dpi = guessed_dpi(width, height);
    let bilevel = gray.is_bilevel();
    Ok(Raster {
        gray,
        dpi_x: dpi,
        dpi_y: dpi,
        bilevel,
    })
}

/// `image` gives no resolution: take the picture for a sheet of paper.
fn guessed_dpi(width: u32, height: u32) -> f64 {
    let (short, long) = (f64::from(width.min(height)), f64::from(width.max(height)));
    // The middle way between letter width and A4 height keeps both within two percent.
    (short / 8.5).max(long / 11.69).clamp(72.0, 600.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letter_and_a4_come_out_near_their_resolution() {
        assert!((guessed_dpi(1700, 2200) - 200.0).abs() < 1.0);
        assert!((guessed_dpi(3508, 2480) - 300.0).abs() < 9.0);
    }
}
