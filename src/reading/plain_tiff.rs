//! TIFF pages that are no faxes: uncompressed, PackBits, LZW, Deflate or JPEG, by the `tiff` crate.
//!
//! What that crate doesn't know (palettes, FillOrder 2, strips that claim to be endless, two channels of grey) is put right
//! before or after it, on the way through, without a copy of the file.

use std::borrow::Cow;
use std::io::{self, Cursor, Read, Seek, SeekFrom};

use tiff::ColorType;
use tiff::decoder::{Decoder, DecodingResult, Limits as TiffLimits};

use crate::reading::document::{Limits, Refusal};
use crate::reading::tiff_directory as tag;
use crate::reading::tiff_directory::{Directory, Tiff};
use referloop_pixels::raster::Gray;

const BLACK_IS_ZERO: u64 = 1;
const PALETTE: u64 = 3;

/// The page of one directory.
pub fn page(bytes: &[u8], tiff: &Tiff, directory: &Directory, limits: &Limits) -> Result<Gray, Refusal> {
    let bytes = bits_in_order(bytes, tiff, directory);
    let palette = palette(tiff, directory);
    let mut bounds = TiffLimits::default();
    bounds.decoding_buffer_size = limits.megapixels_a_page as usize * 1_000_000 * 4;
    let reader = Patched {
        bytes: Cursor::new(&bytes),
        patches: patches(tiff, directory, palette.is_some()),
    };
    let mut decoder = Decoder::new(reader)
        .map_err(|_| Refusal::Unreadable)?
        .with_limits(bounds);
    let (width, height) = decoder.dimensions().map_err(|_| Refusal::Unreadable)?;
    let colour = decoder.colortype().map_err(|_| Refusal::Unreadable)?;
    let image = decoder.read_image().map_err(|_| Refusal::Unreadable)?;
    let (width, height) = (width as usize, height as usize);
    let (samples, colour) = match image {
        DecodingResult::U8(samples) => (samples, colour),
        // Of sixteen bits the upper eight are all that can be seen.
        DecodingResult::U16(samples) => (
            samples.into_iter().map(|sample| (sample >> 8) as u8).collect(),
            halved(colour),
        ),
        _ => return Err(Refusal::Unreadable),
    };
    let pixels: Vec<u8> = match (colour, palette) {
        (ColorType::Gray(bits @ (1 | 2 | 4 | 8)), Some(palette)) => unpacked(&samples, width, height, bits)
            .map(|index| palette.get(usize::from(index)).copied().unwrap_or(255))
            .collect(),
        (ColorType::Gray(bits @ (1 | 2 | 4 | 8)), None) => {
            let white = u16::from(u8::MAX >> (8 - bits));
            let lift = |sample: u8| (u16::from(sample) * 255 / white) as u8;
            unpacked(&samples, width, height, bits).map(lift).collect()
        }
        (
            ColorType::GrayA(8)
            | ColorType::Multiband {
                bit_depth: 8,
                num_samples: 2,
            },
            None,
        ) => samples.chunks_exact(2).map(|pixel| pixel[0]).collect(),
        (ColorType::RGB(8), None) => samples.chunks_exact(3).map(luma).collect(),
        // Luma stands first.
        (ColorType::YCbCr(8), None) => samples.chunks_exact(3).map(|pixel| pixel[0]).collect(),
        (ColorType::RGBA(8), None) => samples.chunks_exact(4).map(luma).collect(),
        (ColorType::CMYK(8), None) => samples.chunks_exact(4).map(luma_of_inks).collect(),
        _ => return Err(Refusal::Unreadable),
    };
    if pixels.len() != width * height {
        return Err(Refusal::Unreadable);
    }
    Ok(Gray { width, height, pixels })
}

fn halved(colour: ColorType) -> ColorType {
    match colour {
        ColorType::Gray(16) => ColorType::Gray(8),
        ColorType::GrayA(16) => ColorType::GrayA(8),
        ColorType::RGB(16) => ColorType::RGB(8),
        ColorType::RGBA(16) => ColorType::RGBA(8),
        ColorType::CMYK(16) => ColorType::CMYK(8),
        other => other,
    }
}

fn luma(pixel: &[u8]) -> u8 {
    let [red, green, blue] = [0, 1, 2].map(|channel| u32::from(pixel[channel]));
    ((299 * red + 587 * green + 114 * blue) / 1000) as u8
}

fn luma_of_inks(pixel: &[u8]) -> u8 {
    let paper = 255 - u32::from(pixel[3]);
    let colours = [0, 1, 2].map(|ink| ((255 - u32::from(pixel[ink])) * paper / 255) as u8);
    luma(&colours)
}

/// Samples of one, two, four or eight bits, rows padded to bytes.
fn unpacked(packed: &[u8], width: usize, height: usize, bits: u8) -> impl Iterator<Item = u8> {
    let bits = usize::from(bits);
    let stride = (width * bits).div_ceil(8);
    let white = u8::MAX >> (8 - bits);
    packed.chunks_exact(stride.max(1)).take(height).flat_map(move |row| {
        (0..width).map(move |x| {
            let at = x * bits;
            row[at / 8] >> (8 - bits - at % 8) & white
        })
    })
}

/// The luma of each entry of the page's palette, if it has one.
fn palette(tiff: &Tiff, directory: &Directory) -> Option<Vec<u8>> {
    if tiff.first(directory, tag::PHOTOMETRIC) != Some(PALETTE) {
        return None;
    }
    let map = tiff.numbers(directory, tag::COLOUR_MAP)?;
    let entries = map.len() / 3;
    let eight_bits = |value: u64| (value >> 8) as u8;
    let entry = |at: usize| luma(&[map[at], map[entries + at], map[2 * entries + at]].map(eight_bits));
    Some((0..entries).map(entry).collect())
}

/// FillOrder 2 turned round, for the crate doesn't look at it.
fn bits_in_order<'a>(bytes: &'a [u8], tiff: &Tiff, directory: &Directory) -> Cow<'a, [u8]> {
    let last_bit_first = tiff.first(directory, tag::FILL_ORDER) == Some(2);
    let places = tiff
        .numbers(directory, tag::STRIP_OFFSETS)
        .zip(tiff.numbers(directory, tag::STRIP_BYTES));
    let Some((offsets, lengths)) = places.filter(|_| last_bit_first) else {
        return Cow::Borrowed(bytes);
    };
    let mut turned = bytes.to_vec();
    let mut claimed = 0;
    for (&offset, &length) in offsets.iter().zip(&lengths) {
        let start = (offset as usize).min(turned.len());
        let end = start.saturating_add(length as usize).min(turned.len());
        claimed += end - start;
        if claimed > bytes.len() {
            break;
        }
        turned[start..end]
            .iter_mut()
            .for_each(|byte| *byte = byte.reverse_bits());
    }
    Cow::Owned(turned)
}

/// What the crate shall see in place of what stands there: this page's directory as the first, a strip no longer than the
/// page, and indices of a palette as if they were grey.
fn patches(tiff: &Tiff, directory: &Directory, has_palette: bool) -> Vec<(u64, Vec<u8>)> {
    let (at, size) = if tiff.is_wide() { (8, 8) } else { (4, 4) };
    let mut patches = vec![(at, tiff.written(directory.offset, size))];
    let mut set = |tag, value| {
        if let Some((at, bytes)) = directory.value_place(tag) {
            patches.push((at, tiff.written(value, bytes)));
        }
    };
    if let (Some(rows), Some(length)) = (
        tiff.first(directory, tag::ROWS_PER_STRIP),
        tiff.first(directory, tag::LENGTH),
    ) && rows > length
    {
        set(tag::ROWS_PER_STRIP, length);
    }
    if has_palette {
        set(tag::PHOTOMETRIC, BLACK_IS_ZERO);
    }
    patches
}

/// A file in which some bytes read otherwise.
struct Patched<'a> {
    bytes: Cursor<&'a [u8]>,
    patches: Vec<(u64, Vec<u8>)>,
}

impl Read for Patched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let start = self.bytes.position();
        let count = self.bytes.read(buffer)?;
        for (at, patch) in &self.patches {
            for (place, &byte) in (*at..).zip(patch) {
                if let Some(index) = place.checked_sub(start).filter(|&index| index < count as u64) {
                    buffer[index as usize] = byte;
                }
            }
        }
        Ok(count)
    }
}

impl Seek for Patched<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.bytes.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_of_all_widths_are_unpacked() {
        let unpack = |bits, bytes: &[u8], width| unpacked(bytes, width, 1, bits).collect::<Vec<u8>>();
        assert_eq!(unpack(1, &[0b1010_0000], 3), [1, 0, 1]);
        assert_eq!(unpack(2, &[0b1110_0100], 4), [3, 2, 1, 0]);
        assert_eq!(unpack(4, &[0x5f], 2), [5, 15]);
        assert_eq!(unpack(8, &[7, 9], 2), [7, 9]);
    }

    #[test]
    fn patches_show_wherever_reading_starts() {
        let mut reader = Patched {
            bytes: Cursor::new(b"abcdefgh"),
            patches: vec![(3, b"XY".to_vec())],
        };
        let mut whole = String::new();
        reader.read_to_string(&mut whole).unwrap();
        assert_eq!(whole, "abcXYfgh");
        reader.seek(SeekFrom::Start(4)).unwrap();
        let mut two = [0; 2];
        reader.read_exact(&mut two).unwrap();
        assert_eq!(&two, b"Yf");
    }
}
