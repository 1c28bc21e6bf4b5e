//! Fax TIFFs: Group 3 (one- and two-dimensional) and Group 4 as fax boards write them; other TIFFs by the `tiff` crate.
//!
//! `tiff` and `image` fail or lie on real fax files (Group 3, FillOrder 2, infinite strips), so fax strips are decoded
//! by `hayro-ccitt`.

use std::io::Cursor;

use hayro_ccitt::{DecodeSettings, Decoder, DecoderContext, EncodingMode};

use crate::reading::document::{Limits, Refusal};
use crate::reading::raster::{Gray, Raster};
use crate::reading::tiff_directory as tag;
use crate::reading::tiff_directory::{Directory, Tiff};

const GROUP_3_BARE: u64 = 2;
const GROUP_3: u64 = 3;
const GROUP_4: u64 = 4;

/// The pages of a TIFF, decoded one at a time.
pub struct TiffPages<'a> {
    bytes: &'a [u8],
    tiff: Tiff<'a>,
    pub directories: Vec<Directory>,
}

impl<'a> TiffPages<'a> {
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, Refusal> {
        let tiff = Tiff::new(bytes)?;
        let directories = tiff.directories(limits.pages)?;
        Ok(Self {
            bytes,
            tiff,
            directories,
        })
    }

    pub fn page(&self, index: usize, limits: &Limits) -> Result<Raster, Refusal> {
        let directory = &self.directories[index];
        let number = |tag| self.tiff.first(directory, tag);
        let width = number(tag::WIDTH).ok_or(Refusal::Unreadable)?;
        let length = number(tag::LENGTH).ok_or(Refusal::Unreadable)?;
        limits.admit(width, length)?;
        let compression = number(tag::COMPRESSION).unwrap_or(1);
        let gray = if [GROUP_3_BARE, GROUP_3, GROUP_4].contains(&compression) {
            self.fax_page(directory, compression, width as usize, length as usize)?
        } else {
            other_page(&self.with_first_directory(directory), limits)?
        };
        let (dpi_x, dpi_y) = self.resolution(directory, width, length);
        let bilevel = gray.is_bilevel();
        Ok(Raster {
            gray,
            dpi_x,
            dpi_y,
            bilevel,
        })
    }

    fn fax_page(&self, directory: &Directory, compression: u64, width: usize, length: usize) -> Result<Gray, Refusal> {
        let number = |tag| self.tiff.first(directory, tag);
        let offsets = self
            .tiff
            .numbers(directory, tag::STRIP_OFFSETS)
            .ok_or(Refusal::Unreadable)?;
        let lengths = self.tiff.numbers(directory, tag::STRIP_BYTES).unwrap_or_default();
        let rows_per_strip = number(tag::ROWS_PER_STRIP).unwrap_or(u64::MAX).clamp(1, length as u64) as usize;
        let encoding = match compression {
            GROUP_4 => EncodingMode::Group4,
            GROUP_3 if number(tag::T4_OPTIONS).unwrap_or(0) & 1 == 1 => EncodingMode::Group3_2D,
            _ => EncodingMode::Group3_1D,
        };
        let lsb_first = number(tag::FILL_ORDER) == Some(2);
        let mut page = Rows {
            gray: Gray::white(width, length),
            next: 0,
            decoded: 0,
        };
        for (index, &offset) in offsets.iter().enumerate() {
            let first = index.saturating_mul(rows_per_strip);
            if first >= length {
                break;
            }
            page.next = first;
            let strip = self.tiff.slice(offset, lengths.get(index).copied().unwrap_or(u64::MAX));
            let turned: Vec<u8>;
            let strip = if lsb_first {
                turned = strip.iter().map(|byte| byte.reverse_bits()).collect();
                &turned
            } else {
                strip
            };
            let mut context = DecoderContext::new(DecodeSettings {
                columns: width as u32,
                rows: rows_per_strip.min(length - first) as u32,
                end_of_block: true,
                end_of_line: compression == GROUP_3,
                rows_are_byte_aligned: compression == GROUP_3_BARE,
                encoding,
                strict: false,
            });
            // A bad line in the middle of a fax loses the rest of its strip, not the page.
            let _ = hayro_ccitt::decode(strip, &mut page, &mut context);
        }
        if page.decoded == 0 {
            return Err(Refusal::Unreadable);
        }
        if number(tag::PHOTOMETRIC) == Some(1) {
            page.gray.pixels.iter_mut().for_each(|pixel| *pixel = 255 - *pixel);
        }
        Ok(page.gray)
    }

    /// Dots an inch. Faxes without the tags are told by their width, and standard from fine by their length.
    fn resolution(&self, directory: &Directory, width: u64, length: u64) -> (f64, f64) {
        let per_inch = if self.tiff.first(directory, tag::RESOLUTION_UNIT) == Some(3) {
            2.54
        } else {
            1.0
        };
        let read = |tag| self.tiff.fraction(directory, tag).map(|value| value * per_inch);
        let credible = |dpi: &f64| (50.0..=2400.0).contains(dpi);
        match (
            read(tag::X_RESOLUTION).filter(credible),
            read(tag::Y_RESOLUTION).filter(credible),
        ) {
            (Some(x), Some(y)) => (x, y),
            (Some(x), None) => (x, x),
            (None, Some(y)) => (y, y),
            (None, None) => guessed_resolution(width, length),
        }
    }

    /// The file with this page's directory as its first, so that `tiff` reads it without walking the chain.
    fn with_first_directory(&self, directory: &Directory) -> Vec<u8> {
        let mut bytes = self.bytes.to_vec();
        let (at, size) = if self.tiff.is_wide() { (8, 8) } else { (4, 4) };
        let offset = directory.offset;
        let written = if self.tiff.is_big_endian() {
            offset.to_be_bytes()[8 - size..].to_vec()
        } else {
            offset.to_le_bytes()[..size].to_vec()
        };
        bytes[at..at + size].copy_from_slice(&written);
        bytes
    }
}

fn guessed_resolution(width: u64, length: u64) -> (f64, f64) {
    match width {
        1728 | 2048 | 2432 if length * 10 < width * 9 => (204.0, 98.0),
        1728 | 2048 | 2432 => (204.0, if length > width * 2 { 391.0 } else { 196.0 }),
        _ => {
            // A page of letter width, as good a guess as any.
            let dpi = (width as f64 / 8.5).clamp(72.0, 600.0);
            (dpi, dpi)
        }
    }
}

/// Decoded rows, written where they belong.
struct Rows {
    gray: Gray,
    next: usize,
    decoded: usize,
}

impl Decoder for Rows {
    fn push_row(&mut self, changes: &[u32]) {
        if self.next >= self.gray.height {
            return;
        }
        let width = self.gray.width;
        let row = &mut self.gray.pixels[self.next * width..(self.next + 1) * width];
        for pair in changes.chunks(2) {
            let from = (pair[0] as usize).min(width);
            let to = pair.get(1).map_or(width, |&to| (to as usize).min(width));
            row[from..to.max(from)].fill(0);
        }
        self.next += 1;
        self.decoded += 1;
    }
}

/// A page that is no fax: uncompressed, PackBits, LZW, Deflate or JPEG.
fn other_page(bytes: &[u8], limits: &Limits) -> Result<Gray, Refusal> {
    let mut bounds = tiff::decoder::Limits::default();
    bounds.decoding_buffer_size = limits.megapixels_a_page as usize * 1_000_000 * 4;
    let mut decoder = tiff::decoder::Decoder::new(Cursor::new(bytes))
        .map_err(|_| Refusal::Unreadable)?
        .with_limits(bounds);
    let (width, height) = decoder.dimensions().map_err(|_| Refusal::Unreadable)?;
    let colour = decoder.colortype().map_err(|_| Refusal::Unreadable)?;
    let image = decoder.read_image().map_err(|_| Refusal::Unreadable)?;
    let tiff::decoder::DecodingResult::U8(samples) = image else {
        return Err(Refusal::Unreadable);
    };
    let (width, height) = (width as usize, height as usize);
    let pixels = match colour {
        tiff::ColorType::Gray(8) => samples,
        tiff::ColorType::Gray(1) => unpacked(&samples, width, height),
        tiff::ColorType::GrayA(8) => samples.chunks_exact(2).map(|p| p[0]).collect(),
        tiff::ColorType::RGB(8) | tiff::ColorType::YCbCr(8) => samples.chunks_exact(3).map(luma).collect(),
        tiff::ColorType::RGBA(8) => samples.chunks_exact(4).map(luma).collect(),
        _ => return Err(Refusal::Unreadable),
    };
    if pixels.len() != width * height {
        return Err(Refusal::Unreadable);
    }
    Ok(Gray { width, height, pixels })
}

fn luma(pixel: &[u8]) -> u8 {
    let [red, green, blue] = [0, 1, 2].map(|channel| u32::from(pixel[channel]));
    ((299 * red + 587 * green + 114 * blue) / 1000) as u8
}

fn unpacked(packed: &[u8], width: usize, height: usize) -> Vec<u8> {
    let stride = width.div_ceil(8);
    let bit = |row: &[u8], x: usize| if row[x / 8] >> (7 - x % 8) & 1 == 1 { 255 } else { 0 };
    packed
        .chunks_exact(stride)
        .take(height)
        .flat_map(|row| (0..width).map(move |x| bit(row, x)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_what_boards_leave_out() {
        assert_eq!(guessed_resolution(1728, 1078), (204.0, 98.0));
        assert_eq!(guessed_resolution(1728, 2188), (204.0, 196.0));
        assert_eq!(guessed_resolution(1728, 4365), (204.0, 391.0));
        assert_eq!(guessed_resolution(2550, 3300), (300.0, 300.0));
    }

    #[test]
    fn rows_out_of_place_are_dropped() {
        let mut rows = Rows {
            gray: Gray::white(4, 1),
            next: 0,
            decoded: 0,
        };
        rows.push_row(&[1, 3]);
        rows.push_row(&[0]);
        assert_eq!(rows.gray.pixels, [255, 0, 0, 255]);
    }
}
