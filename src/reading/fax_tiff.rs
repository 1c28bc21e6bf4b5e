//! Fax TIFFs: Group 3 (one- and two-dimensional) and Group 4 as fax boards write them; other TIFFs in `plain_tiff`.
//!
//! `tiff` and `image` fail or lie on real fax files (Group 3, FillOrder 2, infinite strips), so fax strips are decoded
//! by `hayro-ccitt`.

use std::borrow::Cow;

use chrono::NaiveDateTime;
use hayro_ccitt::{DecodeSettings, Decoder, DecoderContext, EncodingMode};

use crate::domain::page_facts::FaxFacts;
use crate::reading::document::{Limits, PageContent, Refusal};
use crate::reading::plain_tiff;
use crate::reading::tiff_directory as tag;
use crate::reading::tiff_directory::{Directory, Tiff};
use referloop_pixels::raster::{Gray, Raster};

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

    /// What fails here fails for this page alone.
    pub fn page(&self, index: usize, limits: &Limits) -> Result<PageContent, Refusal> {
        let directory = self.directories.get(index).ok_or(Refusal::NoPages)?;
        let number = |tag| self.tiff.first(directory, tag);
        let width = number(tag::WIDTH).ok_or(Refusal::Unreadable)?;
        let length = number(tag::LENGTH).unwrap_or(0);
        let compression = number(tag::COMPRESSION).unwrap_or(1);
        let (gray, fax) = if [GROUP_3_BARE, GROUP_3, GROUP_4].contains(&compression) {
            let (gray, missing) = self.fax_page(directory, compression, width, length, limits)?;
            let facts = FaxFacts {
                lines_missing: missing as u32,
                ..self.facts(directory)
            };
            (gray, Some(facts))
        } else {
            limits.admit(width, length)?;
            (plain_tiff::page(self.bytes, &self.tiff, directory, limits)?, None)
        };
        let (dpi_x, dpi_y) = self.resolution(directory, width, gray.height as u64);
        let bilevel = gray.is_bilevel();
        let raster = Raster {
            gray,
            dpi_x,
            dpi_y,
            bilevel,
        };
        Ok(PageContent {
            fax,
            ..PageContent::picture(raster)
        })
    }

    /// The page, and how many of the promised lines were not there.
    fn fax_page(
        &self,
        directory: &Directory,
        compression: u64,
        width: u64,
        length: u64,
        limits: &Limits,
    ) -> Result<(Gray, usize), Refusal> {
        let number = |tag| self.tiff.first(directory, tag);
        let strips = self.strips(directory).ok_or(Refusal::Unreadable)?;
        // A board that writes while it receives may leave the length open: then the lines tell it.
        let open_ended = (length == 0 || length == u64::from(u32::MAX)) && strips.len() == 1;
        let length = if open_ended {
            limits.admit(width, 1)?;
            limits.lines_of(width)
        } else {
            limits.admit(width, length)?;
            length
        };
        let (columns, length) = (width as usize, length as usize);
        let rows_per_strip = number(tag::ROWS_PER_STRIP).unwrap_or(u64::MAX).clamp(1, length as u64) as usize;
        let encoding = match compression {
            GROUP_4 => EncodingMode::Group4,
            GROUP_3 if number(tag::T4_OPTIONS).unwrap_or(0) & 1 == 1 => EncodingMode::Group3_2D,
            _ => EncodingMode::Group3_1D,
        };
        let mut page = Lines {
            gray: Gray {
                width: columns,
                height: length,
                pixels: if open_ended {
                    Vec::new()
                } else {
                    vec![255; columns * length]
                },
            },
            next: 0,
            decoded: 0,
        };
        for (index, strip) in strips.into_iter().enumerate() {
            let first = index.saturating_mul(rows_per_strip);
            if first >= length {
                break;
            }
            page.next = first;
            let mut context = DecoderContext::new(DecodeSettings {
                columns: width as u32,
                rows: rows_per_strip.min(length - first) as u32,
                end_of_block: true,
                end_of_line: compression == GROUP_3,
                rows_are_byte_aligned: compression == GROUP_3_BARE,
                encoding,
                strict: false,
            });
            // Group 3 goes on at the next end of line after a damaged one. Group 4 can't: the rest of its strip is lost.
            let _ = hayro_ccitt::decode(&strip, &mut page, &mut context);
        }
        if page.decoded == 0 {
            return Err(Refusal::Unreadable);
        }
        if open_ended {
            page.gray.height = page.gray.pixels.len() / columns;
        }
        if number(tag::PHOTOMETRIC) == Some(1) {
            page.gray.pixels.iter_mut().for_each(|pixel| *pixel = 255 - *pixel);
        }
        let missing = page.gray.height.saturating_sub(page.decoded);
        Ok((page.gray, missing))
    }

    /// The strips' bytes, first bit first. Strips that claim the same bytes over and over end the list.
    fn strips(&self, directory: &Directory) -> Option<Vec<Cow<'a, [u8]>>> {
        let offsets = self.tiff.numbers(directory, tag::STRIP_OFFSETS)?;
        let lengths = self.tiff.numbers(directory, tag::STRIP_BYTES).unwrap_or_default();
        let last_bit_first = self.tiff.first(directory, tag::FILL_ORDER) == Some(2);
        let mut claimed = 0;
        let strip = |(index, offset): (usize, &u64)| {
            let strip = self
                .tiff
                .slice(*offset, lengths.get(index).copied().unwrap_or(u64::MAX));
            claimed += strip.len();
            (claimed <= self.bytes.len().saturating_mul(2)).then(|| {
                if last_bit_first {
                    Cow::Owned(strip.iter().map(|byte| byte.reverse_bits()).collect())
                } else {
                    Cow::Borrowed(strip)
                }
            })
        };
        Some(offsets.iter().enumerate().map_while(strip).collect())
    }

    /// Dots an inch. Faxes without the tags are told by their width, and standard from fine by their length.
    fn resolution(&self, directory: &Directory, width: u64, length: u64) -> (f64, f64) {
        let per_inch = match self.tiff.first(directory, tag::RESOLUTION_UNIT) {
            Some(3) => 2.54,
            _ => 1.0,
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

    fn facts(&self, directory: &Directory) -> FaxFacts {
        let number = |tag| {
            self.tiff
                .first(directory, tag)
                .map(|value| value.min(u64::from(u32::MAX)) as u32)
        };
        let text = |tag| self.tiff.text(directory, tag);
        FaxFacts {
            bad_lines: number(tag::BAD_LINES).unwrap_or(0),
            bad_lines_in_a_row: number(tag::BAD_LINES_IN_A_ROW).unwrap_or(0),
            regenerated: number(tag::CLEAN_DATA) == Some(1),
            lines_missing: 0,
            station_id: text(tag::DESCRIPTION).filter(|text| is_station_id(text)),
            received_at: text(tag::DATE_TIME).and_then(|text| tiff_time(&text)),
            seconds_on_the_line: number(tag::RECEIVE_SECONDS),
        }
    }
}

/// T.30 gives a station twenty characters; converters write sentences into the same tag.
fn is_station_id(text: &str) -> bool {
    text.len() <= 24 && text.chars().any(|c| c.is_ascii_alphanumeric())
}

fn tiff_time(text: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text, "%Y:%m:%d %H:%M:%S").ok()
}

fn guessed_resolution(width: u64, length: u64) -> (f64, f64) {
    match width {
        1728 | 2048 | 2432 if length * 10 < width * 9 => (204.0, 98.0),
        1728 | 2048 | 2432 => (204.0, if length > width * 2 { 391.0 } else { 196.0 }),
        2592 => (300.0, 300.0),
        3456 | 4096 | 4864 => (408.0, 391.0),
        _ => {
            // A page of letter width, as good a guess as any.
            let dpi = (width as f64 / 8.5).clamp(72.0, 600.0);
            (dpi, dpi)
        }
    }
}

/// Decoded lines, written where they belong.
struct Lines {
    gray: Gray,
    next: usize,
    decoded: usize,
}

impl Decoder for Lines {
    fn push_row(&mut self, changes: &[u32]) {
        if self.next >= self.gray.height {
            return;
        }
        let width = self.gray.width;
        let end = (self.next + 1) * width;
        if self.gray.pixels.len() < end {
            self.gray.pixels.resize(end, 255);
        }
        let row = &mut self.gray.pixels[end - width..end];
        for pair in changes.chunks(2) {
            let from = (pair[0] as usize).min(width);
            let to = pair.get(1).map_or(width, |&to| (to as usize).min(width));
            row[from..to.max(from)].fill(0);
        }
        self.next += 1;
        self.decoded += 1;
    }
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
    fn lines_out_of_place_are_dropped() {
        let mut lines = Lines {
            gray: Gray::white(4, 1),
            next: 0,
            decoded: 0,
        };
        lines.push_row(&[1, 3]);
        lines.push_row(&[0]);
        assert_eq!(lines.gray.pixels, [255, 0, 0, 255]);
    }

    #[test]
    fn converters_sentences_are_no_station_ids() {
        assert!(is_station_id("+1 503 555 0118"));
        assert!(!is_station_id("Created with a converter that likes to talk"));
        assert!(!is_station_id("--"));
    }
}
