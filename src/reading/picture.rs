//! PNG and JPEG, by the `image` crate within limits: upright as the camera meant it, on white where they are transparent.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader};

use crate::reading::density;
use crate::reading::detect::MediaType;
use crate::reading::document::{Limits, Refusal};
use referloop_pixels::raster::{Gray, Raster};

/// The one page of a picture file.
pub fn page(bytes: &[u8], media: MediaType, limits: &Limits) -> Result<Raster, Refusal> {
    let format = if media == MediaType::Png {
        ImageFormat::Png
    } else {
        ImageFormat::Jpeg
    };
    let reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut decoder = reader.into_decoder().map_err(|_| Refusal::Unreadable)?;
    let (width, height) = decoder.dimensions();
    limits.admit(u64::from(width), u64::from(height))?;
    let mut bounds = image::Limits::default();
    bounds.max_alloc = Some(u64::from(limits.megapixels_a_page) * 8_000_000);
    decoder.set_limits(bounds).map_err(|_| Refusal::PixelLimit)?;
    // A damaged note of the camera costs the turn, not the page.
    let orientation = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| Refusal::Unreadable)?;
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    let gray = gray(picture);
    let (dpi_x, dpi_y) = density::stated(bytes, media)
        .filter(|dpi| is_sheet(&gray, *dpi))
        .unwrap_or_else(|| guessed_dpi(&gray));
    let bilevel = gray.is_bilevel();
    Ok(Raster {
        gray,
        dpi_x,
        dpi_y,
        bilevel,
    })
}

/// What a picture shows through is paper.
fn gray(picture: DynamicImage) -> Gray {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let pixels = if picture.color().has_alpha() {
        let over_white = |p: &image::LumaA<u8>| {
            let alpha = u32::from(p.0[1]);
            ((u32::from(p.0[0]) * alpha + 255 * (255 - alpha)) / 255) as u8
        };
        picture.to_luma_alpha8().pixels().map(over_white).collect()
    } else {
        picture.into_luma8().into_raw()
    };
    Gray { width, height, pixels }
}

/// Cameras and drawing programs state 72 or 96 dots an inch, whatever the picture shows: then a page would be a poster.
fn is_sheet(gray: &Gray, (dpi_x, dpi_y): (f64, f64)) -> bool {
    let inches = [gray.width as f64 / dpi_x, gray.height as f64 / dpi_y];
    inches.iter().all(|length| (2.0..=18.0).contains(length))
}

/// Where nothing credible is stated: take the picture for a sheet of paper.
fn guessed_dpi(gray: &Gray) -> (f64, f64) {
    let (short, long) = (gray.width.min(gray.height) as f64, gray.width.max(gray.height) as f64);
    // The middle way between letter width and A4 height keeps both within two percent.
    let dpi = (short / 8.5).max(long / 11.69).clamp(72.0, 600.0);
    (dpi, dpi)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letter_and_a4_come_out_near_their_resolution() {
        assert!((guessed_dpi(&Gray::white(1700, 2200)).0 - 200.0).abs() < 1.0);
        assert!((guessed_dpi(&Gray::white(3508, 2480)).0 - 300.0).abs() < 9.0);
    }

    #[test]
    fn a_photo_is_no_poster() {
        let photo = Gray::white(3024, 4032);
        assert!(!is_sheet(&photo, (72.0, 72.0)));
        assert!(is_sheet(&photo, (300.0, 300.0)));
    }
}
